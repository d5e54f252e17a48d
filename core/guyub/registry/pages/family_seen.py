"""What the forms of a family's acts show of it: its people, its inmates and its last visit, which their reader has read."""

from collections.abc import Sequence
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.registry import labels, service
from guyub.registry.household_detail import HouseholdDetail, InmateLinkDetail, Person
from guyub.registry.pages.household import on_the_list
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.language import readers_language
from guyub.ui.seen import Difference, Moved, Seen, demand_shown, in_words

_TITLES = {
    "members": Text(id="Anggota", en="Members"),
    "gone": Text(id="Tidak lagi di keluarga ini", en="No longer in this household"),
    "inmates": Text(id="Warga binaan", en="Inmates"),
    "visit": Text(id="Survei terakhir", en="Last survey"),
}


def held(work: Work, household_id: UUID) -> HouseholdDetail:
    """Returns a household that can be changed, kept to this transaction: what a form showed of it is compared with what holds."""
    service.hold_household(work, household_id)
    return on_the_list(work, household_id)


def seen_of_family(household: HouseholdDetail) -> Seen:
    """Returns what a form of an act shows of a household."""
    lang = readers_language()
    shown = {
        "members": "; ".join(_person(person, lang) for person in household.members),
        "gone": "; ".join(person.full_name for person in household.gone),
        "inmates": "; ".join(_link(link, lang) for link in household.links),
    }
    return Seen(household.revision, shown)


def seen_of_visits(household: HouseholdDetail, questionnaire_version: int) -> Seen:
    """Returns what the form of a survey shows: the version that asks, and the visit that stood."""
    standing = next((visit.surveyed_on for visit in household.visits if visit.stands), None)
    return Seen(questionnaire_version, {"visit": format_date(standing)} if standing else {})


def moved_since(seen: Seen, holds: Seen) -> Sequence[Difference] | None:
    """Returns what is not as a form had shown it; None where nothing moved."""
    now = holds.shown
    try:
        demand_shown(seen, now)
    except Moved:
        return in_words(seen, now, _TITLES)
    return None


def _person(person: Person, lang: str) -> str:
    return f"{person.full_name} ({_RECEIVES.in_(lang)})" if person.is_recipient else person.full_name


_RECEIVES = Text(id="penerima", en="recipient")


def _link(link: InmateLinkDetail, lang: str) -> str:
    status = labels.INMATE_STATUSES.get(link.status, Text.same(link.status))
    return f"{link.full_name}: {status.in_(lang)}"
