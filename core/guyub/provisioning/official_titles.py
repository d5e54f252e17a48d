"""The titles of officials where a facility changes its type: a post has the title of the type on its first day, and documents of
later days find the one of their own (``guyub.facilities.queries``)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from guyub.facilities.record_set import FacilityTypeHeld, type_on
from guyub.facilities.records import FacilityRecord, OfficialRecord
from guyub.provisioning.current import CurrentState
from guyub.provisioning.desired import DesiredState


def with_titles_of_their_day(declared: DesiredState, world: CurrentState, today: date) -> DesiredState:
    """The same, but for the usual titles of officials who began before their facility was what it is."""
    officials = {
        key: _titled(official, declared, _types(declared.facilities[official.facility], world, today))
        for key, official in declared.officials.items()
    }
    return replace(declared, officials=officials)


def _titled(official: OfficialRecord, declared: DesiredState, types: Sequence[FacilityTypeHeld]) -> OfficialRecord:
    titles = declared.roles[official.role_code].titles

    def usual(facility_type: str) -> str:
        return titles.get(facility_type, titles["default"])["id"]

    now = declared.facilities[official.facility].facility_type
    then = type_on(types, official.valid_from)
    return replace(official, title=usual(then)) if then != now and official.title == usual(now) else official


def _types(place: FacilityRecord, world: CurrentState, today: date) -> Sequence[FacilityTypeHeld]:
    """As the plan leaves them."""
    known, types = world.facilities.get(place.code), world.types.get(place.code, ())
    if known is None or known.facility_type == place.facility_type:
        return types or (FacilityTypeHeld(date.min, place.facility_type),)
    told = place.name_from if place.name_from != known.name_from else None
    since = told or today
    return (*(type_ for type_ in types if type_.since < since), FacilityTypeHeld(since, place.facility_type))
