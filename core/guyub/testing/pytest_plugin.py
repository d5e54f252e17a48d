"""Fixtures for the tests of a plugin; pytest finds them wherever guyub is installed.

Whatever is costly is imported by the fixture that needs it, so that other tests do not pay for it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from guyub.sdk.facility import Facility
    from guyub.testing.households import Households


class Conformance(Protocol):
    """The type of the fixture ``conformance``."""

    def __call__(self, slug_or_path: str | Path | None = None) -> None:
        """Fails with every finding on a line of its own. Without an argument: the distribution that the test lies in."""
        ...


@pytest.fixture
def conformance(request: pytest.FixtureRequest) -> Conformance:
    """Returns a function: ``conformance()`` checks the plugin against every rule, as ``guyub plugin check`` does."""
    from guyub.testing.conformance import check

    def conforms(slug_or_path: str | Path | None = None) -> None:
        which = slug_or_path or _distribution_around(request.path)
        lines = [finding.line(Path.cwd()) for finding in check(which)]
        if lines:
            pytest.fail("\n".join(["This plugin breaks rules of conformance:", *lines]), pytrace=False)

    return conforms


@pytest.fixture
def a_facility() -> "Facility":
    """Returns a detention centre in the zone of Jakarta, for contexts without a database."""
    from guyub.testing.contexts import A_FACILITY

    return A_FACILITY


@pytest.fixture
def another_facility() -> "Facility":
    """Returns a prison in another region and zone: what is asked there must not depend on the first."""
    from guyub.testing.contexts import ANOTHER_FACILITY

    return ANOTHER_FACILITY


@pytest.fixture(scope="session")
def households() -> "Iterator[Households]":
    """Returns PostgreSQL with facts of households: ``households.judge(kind, config, [{"members": 4}])`` says who meets which rule
    and scores how many points. Started once, when a test first asks."""
    from guyub.testing.households import running

    with running() as started:
        yield started


def pytest_sessionfinish() -> None:
    """Stops the server of the rules, if one was started: a worker of pytest-xdist ends without saying goodbye."""
    sandbox = sys.modules.get("guyub.testing.sandbox")
    if sandbox is not None:
        sandbox.put_away()


def _distribution_around(path: Path) -> Path:
    for folder in path.parents:
        if (folder / "pyproject.toml").is_file():
            return folder
    raise LookupError(f"no pyproject.toml lies around {path}")
