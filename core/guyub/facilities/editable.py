"""Refuses changes of a facility that are not made here: one that its file decides can only be read on the web, as one that is
closed."""

from datetime import date

from guyub.db.unit_of_work import Work
from guyub.facilities import queries
from guyub.facilities.queries import FacilityProfile
from guyub.facilities.refusals import FacilitiesRefusal, closed


def require_web(work: Work) -> FacilityProfile:
    """Returns the facility to those who may configure it. Raises ``Forbidden``, and ``Refusal`` where files decide."""
    work.require("facilities.configure")
    here = queries.facility(work)
    if here.managed_by == "files":
        raise FacilitiesRefusal.MANAGED_BY_FILES.refusal(name=here.name)
    return here


def require_open(here: FacilityProfile, on: date) -> None:
    """Raises ``Refusal`` from the day after its last day on."""
    if here.closed_on is not None and here.closed_on < on:
        raise closed(here.name, here.closed_on, here.successor)
