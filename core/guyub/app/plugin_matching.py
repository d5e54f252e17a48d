"""Finds the page of a plugin that an address names: in the order of declaration; a value is one segment of the path."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from starlette.exceptions import HTTPException

from guyub.sdk.web import Method, Route, Router

_VALUE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def find(router: Router | None, method: Method, path: str) -> tuple[Route, Mapping[str, str]]:
    """Returns the first route that fits, with the values of its address. A route without permission is not there.

    Raises ``HTTPException``: 404 for an unknown address, 405 for a known one that is opened in another way.
    """
    fitting = list(_fitting(router.routes if router is not None else (), path))
    for route, values in fitting:
        if route.method == method:
            return route, values
    raise HTTPException(405 if fitting else 404)


def _fitting(routes: Sequence[Route], path: str) -> list[tuple[Route, Mapping[str, str]]]:
    matches = [(route, _pattern(route.path).fullmatch(path)) for route in routes if route.permission]
    return [(route, match.groupdict()) for route, match in matches if match is not None]


@cache
def _pattern(path: str) -> re.Pattern[str]:
    parts = _VALUE.split(path)
    # Between the literal parts stand the names of values.
    return re.compile("".join(f"(?P<{part}>[^/]+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))
