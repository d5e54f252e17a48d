"""The audit log as an office reads it: who did what, when, where and with which money, the newest first. One query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from guyub.db.unit_of_work import Work
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


_ENTRIES = """
    SELECT a.id, a.at, COALESCE(p.full_name, a.actor_label) AS actor, a.actor_label AS login, a.action, a.subject,
           COALESCE(NULLIF(a.reason, ''), a.details ->> 'reason', '') AS reason, a.details, f.code AS facility,
           f.name AS facility_name, COALESCE(u.plugin, '') AS fund_plugin, COALESCE(u.sensitive, false) AS confidential
    FROM guyub.audit_entry a
    JOIN guyub.facility f ON f.id = a.facility_id
    LEFT JOIN guyub.person p ON p.id = a.actor
    LEFT JOIN guyub.fund u ON a.action LIKE 'funds.%' AND u.facility_id = a.facility_id AND u.code = a.subject
    WHERE (f.id = :facility OR f.region_id = :region)
      AND (:code = '' OR f.code = :code)
      AND (CAST(:rooms AS text[]) IS NULL OR split_part(a.action, '.', 1) = ANY (:rooms))
      AND (:who = '' OR strpos(lower(a.actor_label || ' ' || COALESCE(p.full_name, '')), lower(:who)) > 0)
      AND (CAST(:since AS date) IS NULL OR a.at >= CAST(:since AS timestamp) AT TIME ZONE :zone)
      AND (CAST(:until AS date) IS NULL OR a.at < (CAST(:until AS date) + 1)::timestamp AT TIME ZONE :zone)
"""


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
    behind = ">" if asked.oldest_first else "<"
    return work.rows(
        AuditLogEntry,
        f"""{_ENTRIES} AND (CAST(:before AS uuid) IS NULL
                            OR a.nth {behind} (SELECT b.nth FROM guyub.audit_entry b WHERE b.id = :before))
            {_order(asked)} LIMIT :most""",
        before=asked.before,
        most=rows + 1,
        **_values(asked, facility_id, region_id),
    )


def every_entry(
    work: Work, asked: AuditLogFilter, *, facility_id: UUID | None = None, region_id: UUID | None = None
) -> Iterator[AuditLogEntry]:
    """Yields all of them, one after the other, for who may read the audit log."""
    return work.each(AuditLogEntry, f"{_ENTRIES} {_order(asked)}", **_values(asked, facility_id, region_id))


def _order(asked: AuditLogFilter) -> str:
    return f"ORDER BY a.nth {'ASC' if asked.oldest_first else 'DESC'}"


def _values(asked: AuditLogFilter, facility_id: UUID | None, region_id: UUID | None) -> dict[str, object]:
    return {
        "facility": facility_id,
        "region": region_id,
        "code": asked.facility,
        "rooms": _rooms(asked.kind),
        "who": asked.who.strip()[:LONGEST],
        "since": asked.since,
        "until": asked.until,
        "zone": asked.zone,
    }


@dataclass(frozen=True, slots=True)
class AuditedAct:
    """What one person did at one moment, at one facility or at many: the entries of it, the newest first."""

    entries: tuple[AuditLogEntry, ...]

    @property
    def first(self) -> AuditLogEntry:
        return self.entries[0]


def audited_acts(found: Sequence[AuditLogEntry], most: int) -> tuple[list[AuditedAct], UUID | None]:
    """At most so many, of entries as they come; with the last entry that they hold where there are more behind it.

    An operation over many facilities is recorded in the audit log of each: here it is one deed again.
    """
    runs: list[list[AuditLogEntry]] = []
    for audit_log_entry in found:
        if runs and _is_the_same(runs[-1][-1], audit_log_entry):
            runs[-1].append(audit_log_entry)
        elif len(runs) == most:
            return [AuditedAct(tuple(run)) for run in runs], runs[-1][-1].id
        else:
            runs.append([audit_log_entry])
    behind = found[-1].id if len(found) > LONGEST_READ else None
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
_OF_ONE_HOUSEHOLD = ("programs.choose", "programs.undo", "programs.absent", "programs.hand_over")


def names_a_household(entry: AuditLogEntry) -> bool:
    """Returns whether its reason or subject, in staff's own words, may speak of a person: for readers of households alone."""
    return entry.action.startswith(_OF_HOUSEHOLDS) or entry.action in _OF_ONE_HOUSEHOLD
