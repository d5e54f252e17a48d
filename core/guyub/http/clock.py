"""The moment and the day of a request, by the application's clock, in the zone of the facility."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from guyub.db.unit_of_work import Work
from guyub.http.app_state import state


@dataclass(frozen=True, slots=True)
class RequestClock:
    """Tells the time where the work is; the zone is known once the work is entered, so each question names the work."""

    clock: Callable[[], datetime]

    def now(self, work: Work | None) -> datetime:
        """Returns the moment in the zone of the work's facility (WIB where there is none)."""
        zone = work.facility.zone if work and work.facility else "Asia/Jakarta"
        return self.clock().astimezone(ZoneInfo(zone))

    def today(self, work: Work) -> date:
        return self.now(work).date()


async def clock_of(request: Request) -> RequestClock:
    """Returns the clock; it is asynchronous, as it waits for nothing and so costs no thread."""
    return RequestClock(state(request).clock)


Clock = Annotated[RequestClock, Depends(clock_of)]
"""The clock of the request, in the signature of a handler."""


def now(request: Request, work: Work | None) -> datetime:
    """Returns the moment of the application's clock, in the zone of the work's facility (WIB where there is none)."""
    return RequestClock(state(request).clock).now(work)


def today(request: Request, work: Work) -> date:
    return now(request, work).date()
