"""The worlds of reports, to attack."""

from tests.reports.conftest import application_on, statements, steps_of_month, visitor_on

__all__ = ["application_on", "statements", "steps_of_month", "visitor_on"]
