"""States why an office above reads about the people of one facility: limited in time, and shown to that facility.

The database keeps the promise (``repeatable/35_purposes.sql``): it stores a purpose once, opens reading alone, and closes it on
the minute. What is here gives it words, and records every page that was opened meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import BigInteger, Cast, ColumnElement, Select, case, cast, func, select
from sqlmodel import col

from guyub.access import audit
from guyub.access.models import AuditEntryModel, PersonModel, PurposeEnd, PurposeGrant
from guyub.access.refusals import AccessRefusal
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import LENT, Purpose, Work
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.sdk.unseen import seen_length
from guyub.ui.render import PurposeNotice

KINDS: Mapping[str, Text] = {
    "complaint": Text(id="Menindaklanjuti pengaduan", en="Following up a complaint"),
    "inspection": Text(id="Pemeriksaan di lapangan", en="An inspection on site"),
    "correction": Text(id="Memeriksa dugaan data ganda atau keliru", en="Checking records that may be double or wrong"),
    "audit": Text(id="Pertanggungjawaban keuangan atau audit", en="Accounting for money, or an audit"),
    "assistance": Text(
        id="Membantu petugas UPT atas permintaannya", en="Helping the facility's staff at their request"
    ),
}

MINUTES: Mapping[int, Text] = {
    15: Text(id="15 menit", en="15 minutes"),
    60: Text(id="1 jam", en="1 hour"),
    120: Text(id="2 jam", en="2 hours"),
    240: Text(id="4 jam", en="4 hours"),
    480: Text(id="8 jam", en="8 hours"),
}
SHORTEST, LONGEST = 20, 500
"""Letters of the reader's own words, as the table has it."""

_PAGES: Mapping[str, Text] = {
    "households": Text(id="Daftar keluarga", en="List of households"),
    "households/{household_id}": Text(id="Data satu keluarga", en="One household"),
    "candidates": Text(id="Calon penerima", en="Candidates"),
    "candidates/{candidate}": Text(id="Penilaian satu keluarga", en="How one household was scored"),
    "approval": Text(id="Usulan yang menunggu persetujuan", en="A proposal waiting for approval"),
    "distribution": Text(id="Daftar penyaluran", en="Distribution list"),
    "distribution/{household}": Text(id="Penyerahan kepada satu keluarga", en="The hand-over to one household"),
    "purpose/views": Text(id="Siapa yang melihat", en="Who looked"),
}

_BY_PROGRAM = Text(id="Data UPT ini lewat program lain (API)", en="Data of this facility for another program (API)")
_ANOTHER = Text(id="Halaman lain UPT ini", en="Another page of this facility")

_SHOWN_IDS = 200
"""Households that an entry names; of a longer list it keeps how many there were."""


def state(work: Work, kind: str, explanation: str, minutes: str) -> None:
    """Opens the people of this facility for reading, for as many minutes as were selected. The database audits it.

    Raises ``Invalid`` (field ``kind``, ``explanation`` or ``minutes``), ``Forbidden``, and ``Refusal`` for who reads here anyway
    or has a purpose that still holds.
    """
    work.require("access.purpose")
    if work.purpose is not None or work.permissions >= LENT:
        raise AccessRefusal.PURPOSE_HOLDS.refusal()
    for problem in problems_of(kind, explanation, minutes):
        raise problem
    work.scalar(select(func.guyub.state_purpose(work.here.id, kind, explanation.strip(), int(minutes))))


def problems_of(kind: str, explanation: str, minutes: str) -> list[Invalid]:
    """Returns everything that is wrong with what was typed."""
    problems = []
    if kind not in KINDS:
        problems.append(AccessRefusal.NO_PURPOSE.invalid("kind"))
    if seen_length(explanation) < SHORTEST or len(explanation.strip()) > LONGEST:
        problems.append(
            AccessRefusal.PURPOSE_WORDS.invalid(
                "explanation", length=len(explanation.strip()), shortest=SHORTEST, longest=LONGEST
            )
        )
    if minutes not in {str(minute) for minute in MINUTES}:
        problems.append(AccessRefusal.PURPOSE_TIME.invalid("minutes"))
    return problems


def end(work: Work) -> bool:
    """Closes the purpose that is open to this person here; returns False when there was none."""
    return bool(work.scalar(select(func.guyub.end_purpose(work.here.id))))


def notice_of(purpose: Purpose) -> PurposeNotice:
    return PurposeNotice(KINDS[purpose.kind], purpose.explanation, purpose.until, purpose.minutes_left)


def record_view(work: Work, page: str, households: Sequence[UUID] | None) -> None:
    """Adds one entry to the facility's chain for a page that was opened while a purpose holds; ``page`` is its address with
    no id of a person in it, ``households`` those that it shows, None where it does not say."""
    if work.purpose is None:
        return
    details: dict[str, object] = {"purpose": work.purpose.id, "kind": work.purpose.kind}
    if households is not None:
        details["households"] = len(households)
        if len(households) <= _SHOWN_IDS:
            details["ids"] = [str(household) for household in households]
    audit.record(work, "access.purpose_view", page, reason=work.purpose.explanation, details=details)


@dataclass(frozen=True, slots=True)
class StatedPurpose:
    """A purpose as the facility sees it; ``ended`` at will, or None. ``views`` counts pages, ``households`` those on them."""

    id: UUID
    person: str
    kind: Text
    explanation: str
    opened: datetime
    until: datetime
    ended: datetime | None
    views: int
    households: int


@dataclass(frozen=True, slots=True)
class PurposeView:
    at: datetime
    person: str
    page: str
    households: int | None
    kind: str

    @property
    def purpose(self) -> Text:
        return KINDS.get(self.kind, Text(id="–", en="–"))

    @property
    def title(self) -> Text:
        """Returns the name of the page, never its address: that is for machines."""
        other = _BY_PROGRAM if self.page.startswith("/api/") else _ANOTHER
        return next((title for end, title in _PAGES.items() if self.page.endswith(end)), other)


def stated(work: Work, limit: int | None = None, start: int = 0) -> list[StatedPurpose]:
    """Returns the purposes of this facility, the newest first, after ``start`` of them; one query."""
    grant, details = PurposeGrant, col(AuditEntryModel.details)
    households = func.sum(_households(details)).filter(func.guyub.is_count(details["households"]))
    viewed = (
        select(
            details["purpose"].astext.label("purpose"),
            func.count().label("views"),
            cast(households, BigInteger).label("households"),
        )
        .where(*_is_view(work))
        .group_by("purpose")
        .subquery("viewed")
    )
    purposes: Select[*tuple[Any, ...]] = (
        select(
            col(grant.id),
            func.coalesce(col(PersonModel.full_name), "–").label("person"),
            col(grant.kind),
            col(grant.explanation),
            col(grant.opened_at).label("opened"),
            col(grant.expires_at).label("until"),
            col(PurposeEnd.ended_at).label("ended"),
            func.coalesce(viewed.c.views, 0).label("views"),
            func.coalesce(viewed.c.households, 0).label("households"),
        )
        .select_from(grant)
        .outerjoin(PurposeEnd, col(PurposeEnd.grant_id) == col(grant.id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(grant.person_id))
        .outerjoin(viewed, viewed.c.purpose == cast(col(grant.id), sqlalchemy.Text))
        .where(col(grant.facility_id) == work.here.id)
        .order_by(col(grant.seq).desc())
        .limit(limit)
        .offset(start)
    )
    return [part_of(row, StatedPurpose, kind=KINDS[row.kind]) for row in work.all(purposes)]


def _households(details: Any) -> Cast[int]:
    return cast(details["households"].astext, BigInteger)


def _is_view(work: Work) -> tuple[ColumnElement[bool], ...]:
    return col(AuditEntryModel.facility_id) == work.here.id, col(AuditEntryModel.action) == "access.purpose_view"


def _views(work: Work) -> Select[*tuple[Any, ...]]:
    entry, details = AuditEntryModel, col(AuditEntryModel.details)
    is_counted = func.guyub.is_count(details["households"])
    return (
        select(
            col(entry.at),
            func.coalesce(col(PersonModel.full_name), col(entry.actor_label)).label("person"),
            col(entry.subject).label("page"),
            case((is_counted, _households(details))).label("households"),
            func.coalesce(details["kind"].astext, "").label("kind"),
        )
        .select_from(entry)
        .outerjoin(PersonModel, col(PersonModel.id) == col(entry.actor))
        .where(*_is_view(work))
        .order_by(col(entry.seq).desc())
    )


def views(work: Work, limit: int, start: int = 0) -> list[PurposeView]:
    """Returns the pages about people that were opened for a purpose, the newest first, after ``start`` of them; one query."""
    return work.rows(PurposeView, _views(work).limit(limit).offset(start))


def every_view(work: Work) -> Iterator[PurposeView]:
    return work.each(PurposeView, _views(work))
