"""The worlds of funds, to attack."""

from tests.funds.conftest import application, approved, funds, steps_of_month, visitor

__all__ = ["application", "approved", "funds", "steps_of_month", "visitor"]
