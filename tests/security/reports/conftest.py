"""The worlds of reports, to attack."""

from tests.reports.conftest import (
    application_on,
    approved,
    closed,
    installation,
    month,
    proposed,
    statements,
    visitor_on,
)

__all__ = ["application_on", "approved", "closed", "installation", "month", "proposed", "statements", "visitor_on"]
