"""The worlds of funds, to attack."""

from tests.funds.conftest import application, approved, funds, visitor

__all__ = ["application", "approved", "funds", "visitor"]
