"""The worlds of the programmes, to attack."""

from tests.programs.conftest import attackers, world

__all__ = ["attackers", "world"]
