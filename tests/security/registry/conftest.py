"""The worlds of the registry, to attack."""

from tests.registry.conftest import application, officer

__all__ = ["application", "officer"]
