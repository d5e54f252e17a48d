"""What every test makes alike is made once for a worker: the metadata of what is installed, templates of pages, statements.

A folder that a test puts on the path, and a template that a test writes, are read as ever: a template is known by its text.
A statement that was compiled for one database of the server fits the next. Passwords have a cheap hash, which nobody else has.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache
from importlib.metadata import Distribution, DistributionFinder, MetadataPathFinder, PackageMetadata, PathDistribution
from importlib.metadata import version as version_now
from typing import Any
from unittest.mock import patch

import jinja2
import pytest
import sqlalchemy
from argon2 import PasswordHasher
from fastapi.routing import APIRoute, _EffectiveRouteContext, _RouterIncludeContext
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.util import LRUCache

from guyub.access import sign_in
from guyub.db import unit_of_work
from guyub.plugins import discovery
from guyub.ui import render

_AT_THE_START = tuple(sys.path)
"""The folders of what is installed; nothing is installed or taken away while tests run."""


class _Installed(PathDistribution):
    """A distribution whose files are read once."""

    @cached_property
    def metadata(self) -> PackageMetadata:  # type: ignore[override]  # a property that is remembered
        return super().metadata

    @lru_cache  # noqa: B019  these live as long as the worker
    def read_text(self, filename: str) -> str | None:  # type: ignore[override]  # the same, remembered
        return super().read_text(filename)


@lru_cache
def _installed_in(folder: str) -> tuple[Distribution, ...]:
    return tuple(
        _Installed(item._path) if isinstance(item, PathDistribution) else item for item in _distributions_in(folder)
    )


def _distributions_in(folder: str) -> Iterator[Distribution]:
    return iter(MetadataPathFinder.find_distributions(DistributionFinder.Context(path=[folder])))


def _distributions() -> Iterator[Distribution]:
    for folder in sys.path:
        yield from _installed_in(folder) if folder in _AT_THE_START else _distributions_in(folder)


@lru_cache
def _version_at_the_start(name: str) -> str:
    return version_now(name)


def _version(name: str) -> str:
    return _version_at_the_start(name) if tuple(sys.path) == _AT_THE_START else version_now(name)


class _Compiled(BytecodeCache):
    """The code of each template, by its name and its text."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._code.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class _Environment(jinja2.Environment):
    def __init__(self, **options: object) -> None:
        super().__init__(**options, bytecode_cache=_COMPILED)  # type: ignore[arg-type]  # options of another library, each of its own type


class _Dialect(PGDialect_psycopg):
    """That of a database; compiled statements are kept by it, and all databases of the tests are on the same server."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


_STATEMENTS: LRUCache[Any, Any] = LRUCache(5000)


def _engine(url: str, **options: Any) -> Engine:
    engine = sqlalchemy.create_engine(url, execution_options={"compiled_cache": _STATEMENTS}, **options)
    engine.dialect.__class__ = _Dialect
    return engine


_ROUTES: dict[int, list[tuple[_RouterIncludeContext, _EffectiveRouteContext]]] = {}
_route_now = _EffectiveRouteContext.from_api_route


def _route(*, original_route: APIRoute, include_context: _RouterIncludeContext) -> _EffectiveRouteContext:
    """What FastAPI makes of a route for an application, which is the same for each application that includes it alike."""
    alone = replace(include_context, dependency_overrides_provider=None)
    made = _ROUTES.setdefault(id(original_route), [])
    for known, context in made:
        if known == alone:
            return context
    context = _route_now(original_route=original_route, include_context=alone)
    made.append((alone, context))
    return context


HASHER = sign_in._hasher
"""What hashes the passwords of an installation."""
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    with (
        patch.object(discovery, "distributions", _distributions),
        patch.object(discovery, "version", _version),
        patch.object(render, "Environment", _Environment),
        patch.object(unit_of_work, "create_engine", _engine),
        patch.object(_EffectiveRouteContext, "from_api_route", _route),
        patch.object(sign_in, "_hasher", _CHEAP),
    ):
        yield
