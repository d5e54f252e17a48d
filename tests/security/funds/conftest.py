"""The worlds of funds, to attack."""

from tests.funds.conftest import application, approved, funds, rutan, visitor

__all__ = ["application", "approved", "funds", "rutan", "visitor"]
