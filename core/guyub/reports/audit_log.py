"""The audit log as an office reads it: who did what, when, where and with which money, the newest first. One query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TIMESTAMP, ColumnElement, Select, and_, cast, false, func, literal, select
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access.models import AuditEntryModel, PersonModel
from guyub.db.models import FacilityModel
from guyub.db.name_search import contains
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds.models import Fund
from guyub.sdk.text import Text

PAGE = 100
"""How many entries a page holds."""
LONGEST_READ = 3_000
"""How many entries are read for a page of deeds: one campaign of the largest region is one for each of its facilities."""
_AT_ONCE = timedelta(seconds=10)
LONGEST = 120
"""How many letters of a name are looked for."""

KINDS: Mapping[str, tuple[Text, tuple[str, ...]]] = {
    "programs": (Text(id="Program dan penyaluran", en="Programmes and distribution"), ("programs",)),
    "funds": (Text(id="Dana dan belanja", en="Funds and purchases"), ("funds",)),
    "registry": (Text(id="Data keluarga", en="Households"), ("registry",)),
    "settings": (Text(id="Konfigurasi dan UPT", en="Configuration and facilities"), ("host", "events", "facilities")),
    "papers": (Text(id="Dokumen dan laporan", en="Documents and reports"), ("documents", "reports")),
    "access": (Text(id="Akses dan peran", en="Access and roles"), ("access",)),
}
"""What a reader can ask for: its name, and the rooms that record it."""


@dataclass(frozen=True, slots=True)
class AuditLogFilter:
    """``facility`` is a code; ``who`` part of a name or login; the days are whole, in ``zone``; ``before`` an entry's id."""

    zone: str
    facility: str = ""
    kind: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None
    before: UUID | None = None
    oldest_first: bool = False
    """Then ``before`` is the entry behind which the others are read."""


@dataclass(frozen=True, slots=True)
class AuditLogEntry:
    """``rupiah`` is 0 where no money is meant. ``fund_plugin`` is the plugin of the fund that the entry names, or "";
    ``confidential`` where the code of that fund is not to be shown."""

    id: UUID
    at: datetime
    actor: str
    login: str
    action: str
    subject: str
    reason: str
    details: Mapping[str, Any]
    facility: str
    facility_name: str
    fund_plugin: str
    confidential: bool

    @property
    def rupiah(self) -> int:
        details: object = self.details  # whatever a damaged row holds
        rupiah = details.get("rupiah") if isinstance(details, Mapping) else None
        return rupiah if isinstance(rupiah, int) else 0


def _entries(asked: AuditLogFilter, facility_id: UUID | None, region_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """Selects what an ``AuditLogEntry`` holds, of one facility or of a region, in the order that is asked for."""
    entry, place, person, fund = AuditEntryModel, FacilityModel, PersonModel, Fund
    at, action, nth = col(entry.at), col(entry.action), col(entry.nth)
    reason = func.coalesce(func.nullif(col(entry.reason), ""), col(entry.details)["reason"].astext, "")
    names_fund = and_(
        action.like("funds.%"), col(fund.facility_id) == col(entry.facility_id), col(fund.code) == col(entry.subject)
    )
    statement = (
        select(
            col(entry.id),
            at,
            func.coalesce(col(person.full_name), col(entry.actor_label)).label("actor"),
            col(entry.actor_label).label("login"),
            action,
            col(entry.subject),
            reason.label("reason"),
            col(entry.details),
            col(place.code).label("facility"),
            col(place.name).label("facility_name"),
            func.coalesce(col(fund.plugin), "").label("fund_plugin"),
            func.coalesce(col(fund.sensitive), false()).label("confidential"),
        )
        .join(place, col(place.id) == col(entry.facility_id))
        .outerjoin(person, col(person.id) == col(entry.actor))
        .outerjoin(fund, names_fund)
        .where(col(place.region_id) == region_id if facility_id is None else col(place.id) == facility_id)
        .order_by(nth if asked.oldest_first else nth.desc())
    )
    return statement.where(*_wanted(asked))


def _wanted(asked: AuditLogFilter) -> Iterator[ColumnElement[bool]]:
    entry, name = AuditEntryModel, func.coalesce(col(PersonModel.full_name), "")
    if asked.facility:
        yield col(FacilityModel.code) == asked.facility
    if (rooms := _rooms(asked.kind)) is not None:
        yield among(func.split_part(col(entry.action), ".", 1, type_=SqlText), rooms)
    if who := asked.who.strip()[:LONGEST]:
        yield contains(func.concat(col(entry.actor_label), " ", name), who)
    if asked.since is not None:
        yield col(entry.at) >= func.timezone(asked.zone, cast(literal(asked.since), TIMESTAMP))
    if asked.until is not None:
        yield col(entry.at) < func.timezone(asked.zone, cast(literal(asked.until) + 1, TIMESTAMP))


def entries(
    work: Work,
    asked: AuditLogFilter,
    *,
    rows: int = PAGE,
    facility_id: UUID | None = None,
    region_id: UUID | None = None,
) -> list[AuditLogEntry]:
    """Returns those of one facility, or of a region; at most ``rows`` and one more, which tells that there are others.

    Raises ``Forbidden`` without the right to read the audit log.
    """
    work.require("audit.read")
    statement = _entries(asked, facility_id, region_id).limit(rows + 1)
    if asked.before is not None:
        other, nth = aliased(AuditEntryModel), col(AuditEntryModel.nth)
        last = select(col(other.nth)).where(col(other.id) == asked.before).scalar_subquery()
        statement = statement.where(nth > last if asked.oldest_first else nth < last)
    return work.rows(AuditLogEntry, statement)


def every_entry(
    work: Work, asked: AuditLogFilter, *, facility_id: UUID | None = None, region_id: UUID | None = None
) -> Iterator[AuditLogEntry]:
    """Yields all of them, one after the other, for who may read the audit log."""
    return work.each(AuditLogEntry, _entries(asked, facility_id, region_id))


@dataclass(frozen=True, slots=True)
class AuditedAct:
    """Holds what one person did at one moment, at one facility or at many: the entries of it, the newest first."""

    entries: tuple[AuditLogEntry, ...]

    @property
    def first(self) -> AuditLogEntry:
        return self.entries[0]


def audited_acts(entries_read: Sequence[AuditLogEntry], most: int) -> tuple[list[AuditedAct], UUID | None]:
    """Returns at most so many acts, of entries as they come; with the last entry that they hold where there are more behind it.

    An operation over many facilities is recorded in the audit log of each: here it is one deed again.
    """
    runs: list[list[AuditLogEntry]] = []
    for audit_log_entry in entries_read:
        if runs and _is_the_same(runs[-1][-1], audit_log_entry):
            runs[-1].append(audit_log_entry)
        elif len(runs) == most:
            return [AuditedAct(tuple(run)) for run in runs], runs[-1][-1].id
        else:
            runs.append([audit_log_entry])
    behind = entries_read[-1].id if len(entries_read) > LONGEST_READ else None
    return [AuditedAct(tuple(run)) for run in runs], behind


def _is_the_same(earlier: AuditLogEntry, later: AuditLogEntry) -> bool:
    return (
        (earlier.login, earlier.action, earlier.subject, earlier.reason, earlier.details)
        == (later.login, later.action, later.subject, later.reason, later.details)
        and earlier.facility != later.facility
        and abs(earlier.at - later.at) < _AT_ONCE
    )


def _rooms(kind: str) -> list[str] | None:
    return list(KINDS[kind][1]) if kind in KINDS else None


_OF_HOUSEHOLDS = ("registry.", "access.purpose")
_OF_ONE_HOUSEHOLD = (
    "programs.choose",
    "programs.set_packages",
    "programs.undo",
    "programs.absent",
    "programs.hand_over",
)


def names_a_household(entry: AuditLogEntry) -> bool:
    """Returns whether its reason or subject, in staff's own words, may speak of a person: for readers of households alone."""
    return entry.action.startswith(_OF_HOUSEHOLDS) or entry.action in _OF_ONE_HOUSEHOLD
