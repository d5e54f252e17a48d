"""What the page of one fund says beside its balances: what it may be used for, and the receipts behind it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.funds.queries import REVERSED_ON


@dataclass(frozen=True, slots=True)
class Terms:
    """What a fund may be used for; an empty restriction means anything. As in ``guyub.sdk.FundTerms``."""

    programs: tuple[str, ...]
    categories: tuple[str, ...]
    areas: tuple[str, ...]
    usable_from: date | None
    usable_until: date | None


def terms(work: Work, code: str) -> Terms | None:
    """Returns the terms of the fund with that code at the facility; None where there is none yet."""
    row = work.run(
        """SELECT programs, categories, areas, usable_from, usable_until FROM guyub.fund
           WHERE facility_id = :facility AND code = :code""",
        facility=work.here.id,
        code=code,
    ).one_or_none()
    if row is None:
        return None
    return part_of(row, Terms, programs=tuple(row.programs), categories=tuple(row.categories), areas=tuple(row.areas))


@dataclass(frozen=True, slots=True)
class ReceivedEntry:
    """A receipt of a fund: ``money`` and the value of ``goods`` in rupiah, ``goods`` as (item, quantity, unit, rupiah).

    ``number`` is that of its journal within the year of ``on``; ``reversed_on`` the day on which it was taken back.
    """

    number: int
    on: date
    reversed_on: date | None
    memo: str
    evidence: str
    plugin: str
    kind: str
    sensitive: bool
    recorded_by: str
    money: int
    goods: tuple[tuple[str, Decimal, str, int], ...]

    @property
    def total(self) -> int:
        return self.money + sum(value for *_, value in self.goods)


def received(work: Work, fund_id: UUID) -> list[ReceivedEntry]:
    """Oldest first. One query."""
    rows = work.run(
        f"""SELECT j.number, j.booked_on AS "on", {REVERSED_ON} AS reversed_on, j.memo, j.evidence, r.plugin, r.kind, r.sensitive,
                  COALESCE(p.full_name, j.recorded_label) AS recorded_by,
                  COALESCE(sum(t.rupiah) FILTER (WHERE d.kind = 'cash'), 0)::bigint AS money,
                  COALESCE(jsonb_agg(jsonb_build_array(i.name, t.quantity::text, i.unit, t.rupiah) ORDER BY t.seq)
                           FILTER (WHERE d.kind = 'stock'), '[]') AS goods
           FROM guyub.fund_receipt r JOIN guyub.journal j ON j.id = r.journal_id
           LEFT JOIN guyub.person p ON p.id = j.recorded_by
           JOIN guyub.transfer t ON t.journal_id = j.id JOIN guyub.account d ON d.id = t.debit_account
           LEFT JOIN guyub.item i ON i.id = d.item_id
           WHERE r.fund_id = :fund GROUP BY r.id, j.id, p.full_name ORDER BY j.booked_on, j.number""",
        fund=fund_id,
    )
    return [ReceivedEntry(**{**row._mapping, "goods": _goods(row.goods)}) for row in rows]


def _goods(listed: list[list[Any]]) -> tuple[tuple[str, Decimal, str, int], ...]:
    return tuple((name, Decimal(quantity), unit, value) for name, quantity, unit, value in listed)


def same_paper(work: Work, evidence: str) -> list[tuple[date, str]]:
    """Receipts of the facility that rest on the same paper already: their days and words."""
    rows = work.run(
        """SELECT booked_on, memo FROM guyub.journal
           WHERE facility_id = :facility AND kind = 'receipt' AND evidence = :evidence AND evidence <> '' ORDER BY number""",
        facility=work.here.id,
        evidence=evidence,
    )
    return [(row.booked_on, row.memo) for row in rows]
