"""The worlds of reports, to attack."""

from tests.conftest import approved, closed, proposed
from tests.reports.conftest import application_on, statements, steps_of_month, visitor_on

__all__ = ["application_on", "approved", "closed", "proposed", "statements", "steps_of_month", "visitor_on"]
