"""Whether the facility of a work is changed here: one that its file decides can only be read on the web, as one that is
closed."""

import json
from datetime import date

from guyub.db.facility_errors import BY_WEB, refusal_of
from guyub.db.work import Work
from guyub.facilities import queries
from guyub.facilities.queries import Facility
from guyub.sdk.errors import Refusal


def require_web(work: Work) -> Facility:
    """The facility, for who may configure it. Raises ``Forbidden``, and ``Refusal`` where files decide."""
    work.require("facilities.configure")
    here = queries.facility(work)
    if here.managed_by == "files":
        raise refusal_by_files("by_files", here.name)
    return here


def require_open(here: Facility, on: date) -> None:
    """Raises ``Refusal`` from the day after its last day on."""
    if here.closed_on is not None and here.closed_on < on:
        raise refusal_closed(here.name, here.closed_on, here.successor)


def refusal_closed(name: str, closed_on: date, successor: str) -> Refusal:
    """``successor`` is a name or "". The same words as the database's own refusal."""
    detail = {"facility": name, "on": closed_on.isoformat(), "successor": successor}
    return refusal_of("GU015", "", json.dumps(detail))


def refusal_by_files(which: str, name: str) -> Refusal:
    """``which``: by_files (a facility), region_by_files (to open one there) or values_by_files (of a region).

    The same words as the database's own refusal.
    """
    code, said, remedy = BY_WEB[which]
    return Refusal(code, said.format(name=name), remedy)
