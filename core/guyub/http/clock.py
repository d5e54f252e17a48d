"""The moment and the day of a request, by the application's clock, in the zone of the facility."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import Request

from guyub.db.unit_of_work import Work
from guyub.http.app_state import state


def now(request: Request, work: Work | None) -> datetime:
    """The moment of the application's clock, in the zone of the work's facility (WIB where there is none)."""
    zone = work.facility.zone if work and work.facility else "Asia/Jakarta"
    return state(request).clock().astimezone(ZoneInfo(zone))


def today(request: Request, work: Work) -> date:
    return now(request, work).date()
