# What one does with this checkout; `make help` lists it. ARGS="..." is handed to the command behind a target.
PYTHON ?=
PYTHONS := $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3)
BIN := .venv/bin
# Newer ones wait for the wheel of the embedded PostgreSQL.
IS_FIT := import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
HOSTS := pypi[.]org|pythonhosted[.]org|npmjs[.](org|com)|deb[.]debian[.]org|--(extra-)?index-url|--find-links|--trusted-host
MACHINE := (^|[^[:alnum:]_.}>/~-])/(work|root|farm|opt/[a-z-]+|home/[a-z]+)/

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-deep lint bench requirements

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## make .venv/ with everything in it; done once, again only when a requirement changed
	@for python in $(PYTHONS); do \
		"$$python" -c '$(IS_FIT)' 2>/dev/null && exec "$$python" requirements/install.py; \
	done; \
	echo "Guyub memerlukan Python 3.11 sampai 3.14 beserta modul venv (Debian/Ubuntu: paket python3-venv)." >&2; \
	echo "Guyub needs Python 3.11 to 3.14 with its venv module (Debian/Ubuntu: the package python3-venv)." >&2; \
	exit 1

demo: setup ## serve the region Jawa Tengah with what was entered so far; Ctrl-C ends it
	@exec env GUYUB_HOME="$${GUYUB_HOME:-$(CURDIR)/.guyub}" $(BIN)/guyub demo $(ARGS)

test: setup ## all tests, those of the plugins too
	@exec $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-deep: setup ## the cross-checks that take too long for every change; continuous integration runs them too
	@exec $(BIN)/python -m pytest -n 2 --dist worksteal -v -m deep $(ARGS)

lint: setup ## style, types, import boundaries, words, and no host or machine path in a file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.glossary
	@! git grep --untracked -nIE '$(HOSTS)|$(MACHINE)' -- . ':!Makefile' \
		|| { echo "These lines name a package host or a path of one machine." >&2; exit 1; }
	@! grep -n '"resolved"' package-lock.json

bench: setup ## measure the month beside the same SQL by hand
	@exec $(BIN)/python -m benchmarks $(ARGS)

requirements: ## pin main.in and dev.in with hashes (ARGS=--upgrade for newer versions)
	@test -x $(BIN)/pip-compile || $(MAKE) setup
	cd requirements && ../$(COMPILE) $(ARGS) -o main.txt main.in && ../$(COMPILE) $(ARGS) -o dev.txt dev.in
