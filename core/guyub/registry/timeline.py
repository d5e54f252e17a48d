"""The timeline of a household: what happened, newest first. Rooms above register what they know of it.

Each source reads its newest entries with one query, so that a page costs as many statements as there are sources.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, exists, func, null, or_, select
from sqlmodel import col

from guyub.access.models import AuditEntryModel, PersonModel
from guyub.db.bulk import table_of
from guyub.db.unit_of_work import Work
from guyub.registry.inmates import LINK_ENDED
from guyub.registry.labels import EVENTS, INMATE_STATUSES
from guyub.registry.models import (
    Household,
    HouseholdEvent,
    Inmate,
    InmateEvent,
    InmateLink,
    Member,
    PackageNumber,
    Survey,
)
from guyub.registry.service import subject
from guyub.sdk.text import Text

PAGE = 20
ALL = 100_000
"""More entries than any household has: for a file."""
_NOTHING = Text(id="", en="")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """``day`` is that of the act, ``at`` the moment of its recording. ``link`` goes on from the facility's address; ``undo``
    from the household's, empty where nothing is to be undone."""

    day: date
    at: datetime
    sentence: Text
    actor: str = ""
    reason: Text = _NOTHING
    link: str = ""
    undo: str = ""


TimelineSource = Callable[[Work, UUID, int], Sequence[TimelineEntry]]
"""Returns the newest entries of a household, so many at most, with one query."""
LastReceived = Callable[[Any], ScalarSelect[Any]]
"""Returns the column of the day on which a household last received, of a column with its id."""

_SOURCES: list[TimelineSource] = []
_LAST_RECEIVED: list[LastReceived] = []


def register(source: TimelineSource, last_received: LastReceived) -> None:
    """Adds what a room above knows: its entries, and when households last received."""
    _SOURCES.append(source)
    _LAST_RECEIVED.append(last_received)


def last_received(household_id: Any) -> Any:
    """Returns the column of the last day on which something was received; NULL for never."""
    return _LAST_RECEIVED[0](household_id) if _LAST_RECEIVED else null()


@dataclass(frozen=True, slots=True)
class TimelinePage:
    entries: list[TimelineEntry]
    has_more: bool


def page(work: Work, household_id: UUID, number: int, size: int = PAGE) -> TimelinePage:
    """Returns one page of the timeline, by the day of the act; the first is 1."""
    wanted = number * size + 1
    sources: Sequence[TimelineSource] = (
        _acts,
        _statuses,
        _ended_links,
        _package_numbers,
        _surveys,
        _changes,
        _registration,
        *_SOURCES,
    )
    entries = [entry for source in sources for entry in source(work, household_id, wanted)]
    entries.sort(key=lambda entry: (entry.day, entry.at), reverse=True)
    return TimelinePage(entries[(number - 1) * size : number * size], len(entries) > number * size)


def _acts(work: Work, household_id: UUID, most: int) -> list[TimelineEntry]:
    event, reversal = HouseholdEvent, table_of(HouseholdEvent).alias("reversal").c
    statement = (
        select(
            col(event.id),
            col(event.kind),
            col(event.occurred_on),
            col(event.recorded_at),
            col(event.reason),
            col(event.household_id),
            col(event.to_household_id),
            col(Member.full_name),
            func.coalesce(col(PersonModel.full_name), "").label("actor"),
            exists().where(reversal.reverses == col(event.id)).label("undone"),
        )
        .join(Member, col(Member.id) == col(event.member_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(event.recorded_by))
        .where(
            col(event.facility_id) == work.here.id,
            or_(col(event.household_id) == household_id, col(event.to_household_id) == household_id),
        )
        .order_by(col(event.occurred_on).desc(), col(event.recorded_at).desc())
        .limit(most)
    )
    return [_act(row, household_id) for row in work.all(statement)]


def _act(row: Any, household_id: UUID) -> TimelineEntry:
    came = row.to_household_id == household_id
    other = row.household_id if came else row.to_household_id
    what = Text(id="Pindah dari keluarga lain", en="Came from another household") if came else EVENTS[row.kind]
    may_undo = row.kind not in ("reversed", "recipient") and not row.undone
    return TimelineEntry(
        row.occurred_on,
        row.recorded_at,
        _undone_or_not(Text.join(": ", (row.full_name, what)), row.undone),
        row.actor,
        Text.same(row.reason),
        f"/households/{other}" if other else "",
        f"/undo/acts/{row.id}" if may_undo else "",
    )


def _package_numbers(work: Work, household_id: UUID, most: int) -> list[TimelineEntry]:
    number = PackageNumber
    statement = (
        select(
            col(number.occurred_on),
            col(number.recorded_at),
            col(number.reason),
            col(number.before),
            col(number.packages),
            func.coalesce(col(PersonModel.full_name), "").label("actor"),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(number.recorded_by))
        .where(col(number.facility_id) == work.here.id, col(number.household_id) == household_id)
        .order_by(col(number.occurred_on).desc(), col(number.seq).desc())
        .limit(most)
    )
    changed = Text(id="Jumlah paket {before} → {now}", en="Packages {before} → {now}")
    return [
        TimelineEntry(
            row.occurred_on,
            row.recorded_at,
            changed.format(before=row.before, now=row.packages),
            row.actor,
            Text.same(row.reason),
        )
        for row in work.all(statement)
    ]


def _undone_or_not(sentence: Text, is_undone: bool) -> Text:
    return (
        Text(id="{sentence} (dibatalkan)", en="{sentence} (undone)").format(sentence=sentence)
        if is_undone
        else sentence
    )


def _statuses(work: Work, household_id: UUID, most: int) -> list[TimelineEntry]:
    event, reversal = InmateEvent, table_of(InmateEvent).alias("reversal").c
    statement = (
        select(
            col(event.id),
            col(event.status),
            col(event.destination),
            col(event.reverses),
            col(event.occurred_on),
            col(event.recorded_at),
            col(event.reason),
            col(Inmate.full_name),
            func.coalesce(col(PersonModel.full_name), "").label("actor"),
            exists().where(reversal.reverses == col(event.id)).label("undone"),
        )
        .join(Inmate, col(Inmate.id) == col(event.inmate_id))
        .join(InmateLink, col(InmateLink.inmate_id) == col(event.inmate_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(event.recorded_by))
        .where(col(event.facility_id) == work.here.id, col(InmateLink.household_id) == household_id)
        .order_by(col(event.occurred_on).desc(), col(event.recorded_at).desc())
        .limit(most)
    )
    return [_status(row) for row in work.all(statement)]


def _status(row: Any) -> TimelineEntry:
    status: Text = INMATE_STATUSES.get(row.status, Text.same(row.status))
    parts = [status, *([row.destination] if row.destination else [])]
    if row.reverses:
        parts.append(EVENTS["reversed"])
    sentence = Text(id="Warga binaan {name}: {status}", en="Inmate {name}: {status}").format(
        name=row.full_name, status=Text.join(", ", parts)
    )
    return TimelineEntry(
        row.occurred_on,
        row.recorded_at,
        _undone_or_not(sentence, row.undone),
        row.actor,
        Text.same(row.reason),
        undo="" if row.reverses or row.undone else f"/undo/statuses/{row.id}",
    )


def _ended_links(work: Work, household_id: UUID, most: int) -> list[TimelineEntry]:
    """Returns the links to inmates that have ended; the audit log has the moment of each."""
    entry = AuditEntryModel
    recorded = select(func.max(col(entry.at))).where(
        col(entry.chain) == work.here.id,
        col(entry.subject) == subject(household_id),
        col(entry.action) == LINK_ENDED,
    )
    ended = (
        select(
            col(InmateLink.ended_on),
            col(InmateLink.end_reason),
            col(Inmate.full_name),
            func.coalesce(col(PersonModel.full_name), "").label("actor"),
            func.coalesce(recorded.scalar_subquery(), func.now()).label("at"),
        )
        .join(Inmate, col(Inmate.id) == col(InmateLink.inmate_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(InmateLink.ended_by))
        .where(
            col(InmateLink.facility_id) == work.here.id,
            col(InmateLink.household_id) == household_id,
            col(InmateLink.ended_on).is_not(None),
        )
        .order_by(col(InmateLink.ended_on).desc(), col(InmateLink.id).desc())
        .limit(most)
    )
    sentence = Text(id="Tautan dengan warga binaan {name} berakhir", en="The link to the inmate {name} ended")
    return [
        TimelineEntry(row.ended_on, row.at, sentence.format(name=row.full_name), row.actor, Text.same(row.end_reason))
        for row in work.all(ended)
    ]


def _surveys(work: Work, household_id: UUID, most: int) -> list[TimelineEntry]:
    visits = (
        select(
            col(Survey.surveyed_on),
            col(Survey.recorded_at),
            func.coalesce(col(PersonModel.full_name), "").label("actor"),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(Survey.surveyed_by))
        .where(col(Survey.facility_id) == work.here.id, col(Survey.household_id) == household_id)
        .order_by(col(Survey.surveyed_on).desc(), col(Survey.recorded_at).desc())
        .limit(most)
    )
    visited = Text(id="Rumahnya dikunjungi dan disurvei", en="The home was visited and surveyed")
    return [TimelineEntry(row.surveyed_on, row.recorded_at, visited, row.actor) for row in work.all(visits)]


_REGISTERED = Text(id="Terdaftar", en="Registered")
_CHANGES: Mapping[str, Text] = {
    "registry.update": Text(id="Data keluarga diubah", en="The household's record was changed"),
    "registry.add_member": Text(id="Anggota ditambahkan", en="A member was added"),
    "registry.update_member": Text(id="Data anggota diubah", en="A member's record was changed"),
    "registry.add_inmate": Text(id="Warga binaan ditautkan", en="An inmate was linked"),
    "registry.update_inmate": Text(id="Data warga binaan diubah", en="The inmate's record was changed"),
    "registry.archive": Text(id="Diarsipkan", en="Archived"),
    "registry.restore": Text(id="Dikembalikan ke daftar", en="Put back on the list"),
}
"""What of the audit log is shown here; acts, visits and the registration have rows of their own."""


def _changes(work: Work, household_id: UUID, most: int) -> list[TimelineEntry]:
    entry = AuditEntryModel
    statement = (
        select(
            func.date(func.timezone(work.here.zone, col(entry.at))).label("day"),
            col(entry.at),
            col(entry.action),
            func.coalesce(col(PersonModel.full_name), col(entry.actor_label)).label("actor"),
            col(entry.reason),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(entry.actor))
        .where(
            col(entry.chain) == work.here.id,
            col(entry.subject) == subject(household_id),
            col(entry.action).in_(list(_CHANGES)),
        )
        .order_by(col(entry.seq).desc())
        .limit(most)
    )
    return [
        TimelineEntry(row.day, row.at, _CHANGES[row.action], row.actor, Text.same(row.reason))
        for row in work.all(statement)
    ]


def _registration(work: Work, household_id: UUID, most: int) -> list[TimelineEntry]:
    """Returns the beginning of a household, on the day on which it was registered; of one alone the audit log knows by whom."""
    entry = AuditEntryModel
    alone = and_(
        col(entry.chain) == col(Household.facility_id),
        col(entry.subject) == subject(household_id),
        col(entry.action) == "registry.register",
    )
    statement = (
        select(
            col(Household.registered_on),
            col(Household.created_at),
            func.coalesce(col(PersonModel.full_name), col(entry.actor_label), "").label("actor"),
        )
        .select_from(Household)
        .outerjoin(entry, alone)
        .outerjoin(PersonModel, col(PersonModel.id) == col(entry.actor))
        .where(col(Household.facility_id) == work.here.id, col(Household.id) == household_id)
    )
    return [TimelineEntry(row.registered_on, row.created_at, _REGISTERED, row.actor) for row in work.all(statement)]
