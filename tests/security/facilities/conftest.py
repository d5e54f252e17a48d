"""The worlds of facilities, to attack."""

from tests.facilities.conftest import visitor

__all__ = ["visitor"]
