"""The worlds of the registry, to attack."""

from tests.registry.conftest import application, visitor

__all__ = ["application", "visitor"]
