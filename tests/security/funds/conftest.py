"""The worlds of funds, to attack."""

from tests.funds.conftest import application, approved, funds, steps, visitor

__all__ = ["application", "approved", "funds", "steps", "visitor"]
