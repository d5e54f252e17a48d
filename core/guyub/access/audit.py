"""The audit log: one chained entry per operation, written by the database from the verified scope."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

import sqlalchemy
from sqlalchemy import Uuid, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from guyub.access.models import AuditEntryModel
from guyub.db.bulk import as_jsonb, recordset
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.sdk.text import Text

INSTALLATION = UUID(int=0)
"""The chain of what concerns no single facility; only the system's own door writes to it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """The entry that ``record_many`` adds to one chain."""

    chain: UUID
    action: str
    subject: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """``checked`` entries were read; ``problems`` name each broken link, the first of every chain first."""

    ok: bool
    checked: int
    problems: tuple[str, ...]


def record(
    work: Work,
    action: str,
    subject: str,
    *,
    reason: str = "",
    details: Mapping[str, object] | None = None,
    chain: UUID | None = None,
) -> None:
    """Adds one entry for this operation; call it last, since it locks the chain's head until the commit.

    Actor and time are the database's own, not arguments. ``details`` hold no personal value, only masked ones. ``chain``
    is the facility's id; without it the facility of this work, or the installation for the system. Raises
    ``Forbidden`` for a chain outside the scope.
    """
    if chain is None:
        chain = INSTALLATION if work.is_system and work.facility is None else work.here.id
    work.scalar(select(func.guyub.audit(chain, action, subject, reason, as_jsonb(dict(details or {})))))


def record_export(work: Work, page: str, *, table: str, caption: Text, shape: str, rows: int) -> None:
    """Records who took which table of which page as a file, and how many rows of it; none of their values."""
    called = {"id": caption.id, "en": caption.en}
    record(work, "access.export", page, details={"table": table, "caption": called, "format": shape, "rows": rows})


def record_many(work: Work, entries: Sequence[AuditEntry]) -> None:
    """Adds one entry to each of many chains, for an operation over many facilities; one statement.

    Call it last, as ``record``: it locks the chains' heads in the order of their ids.
    """
    types = {"chain": Uuid, "action": sqlalchemy.Text, "subject": sqlalchemy.Text, "details": JSONB}
    entry_rows = recordset([asdict(entry) for entry in entries], types)
    entry = select(*entry_rows.c).order_by(entry_rows.c.chain).subquery("entry").c
    work.scalar(select(func.count(func.guyub.audit(entry.chain, entry.action, entry.subject, "", entry.details))))


def verify(work: Work) -> AuditCheck:
    """Computes every hash in scope again and follows the links; a ``problem`` names facility, place and kind."""
    checked = work.scalar(select(func.count()).select_from(AuditEntryModel)) or 0
    problem = func.guyub.audit_problems().table_valued(column("chain", Uuid), column("seq"), column("problem"))
    chain = func.coalesce(col(FacilityModel.code), "installation").label("chain")
    broken = select(chain, problem.c.seq, problem.c.problem).select_from(problem)
    broken = broken.outerjoin(FacilityModel, col(FacilityModel.id) == problem.c.chain)
    broken_links = work.all(broken.order_by(chain, problem.c.seq))
    return AuditCheck(
        not broken_links, checked, tuple(f"{row.chain} #{row.seq}: {row.problem}" for row in broken_links)
    )
