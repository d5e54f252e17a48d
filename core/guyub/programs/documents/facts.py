"""All that the documents of a cycle say, read once: a fixed number of queries for any number of households."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.facilities.queries import FacilityProfile, OfficialOnDay, ThemeOnDay
from guyub.funds import queries as books
from guyub.funds.queries import CashRow, FundBalance, Spending
from guyub.programs import cycle_facts, cycle_funds
from guyub.programs import queries as programs
from guyub.programs.cycle_facts import Figures, GoodsGiven
from guyub.programs.cycles import Cycle
from guyub.programs.proposal import funds_of
from guyub.programs.queries import Recipient


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of a household's package as planned; ``unit`` is empty for money, whose amount is the price."""

    item: str
    unit: str
    quantity: Decimal
    price: int

    @property
    def value(self) -> int:
        return round(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class Purchase:
    on: date
    memo: str
    evidence: str
    cost: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What was reserved and not needed: goods with their unit, money with an empty one. ``cost`` in rupiah."""

    item: str
    unit: str
    quantity: Decimal
    cost: int


@dataclass(frozen=True, slots=True)
class Facts:
    """``decided_on`` is the day of the approval in the books, ``surveyed`` the first and last day of the home visits."""

    cycle: Cycle
    on: date
    facility: FacilityProfile
    officials: Mapping[str, OfficialOnDay]
    theme: ThemeOnDay | None
    recipients: Sequence[Recipient]
    packages: Mapping[UUID, tuple[DocumentLine, ...]]
    judged: int
    figures: Figures
    goods: Sequence[GoodsGiven]
    spending: Sequence[Spending]
    funds: Sequence[FundBalance]
    cash_books: Mapping[UUID, Sequence[CashRow]]
    purchases: Sequence[Purchase]
    returned: Sequence[Returned]
    kept: Sequence[Returned]
    """What is still reserved for the month, which closing it returns: by item, money last."""
    decided_on: date | None
    surveyed: tuple[date, date] | None

    @property
    def received(self) -> list[Recipient]:
        return [recipient for recipient in self.recipients if recipient.state == "received"]

    @property
    def absent(self) -> list[Recipient]:
        return [recipient for recipient in self.recipients if recipient.state == "absent"]

    @property
    def is_over(self) -> bool:
        """Whether the month is closed or cancelled, so that what is left of it has gone back."""
        return self.cycle.state in ("closed", "cancelled")

    @property
    def gives_money(self) -> bool:
        return self.cycle.gives_money

    def planned(self, recipient: Recipient) -> int:
        """The planned value of one household's package, in rupiah."""
        return sum(line.value for line in self.packages[recipient.id])

    @property
    def planned_value(self) -> int:
        return sum(self.planned(recipient) for recipient in self.recipients)


def gather(work: Work, cycle: Cycle, on: date) -> Facts:
    """``on`` is the day of the documents: its name and letterhead head them, its officials sign, its programme is quoted."""
    fund_ids = set(funds_of(work, cycle))
    funds = [fund for fund in books.balances(work) if fund.id in fund_ids]
    return Facts(
        cycle=cycle,
        on=on,
        facility=facilities.facility(work, on),
        officials=facilities.officials(work, on),
        theme=facilities.theme(work, on),
        recipients=programs.recipients(work, cycle),
        packages=_packages(work, cycle),
        judged=sum(cycle_facts.counts(work, cycle).values()),
        figures=cycle_facts.figures(work, cycle),
        goods=cycle_facts.goods_given(work, cycle),
        spending=books.spending(work, cycle.id),
        funds=funds,
        cash_books={fund.id: books.cash_book(work, fund.id) for fund in funds},
        purchases=_purchases(work, cycle),
        returned=_returned(work, cycle),
        kept=_kept(work, cycle),
        decided_on=_decided_on(work, cycle),
        surveyed=_surveyed(work, cycle, on),
    )


def _packages(work: Work, cycle: Cycle) -> dict[UUID, tuple[DocumentLine, ...]]:
    rows = work.run(
        """SELECT e.id, array_agg(jsonb_build_object('item', COALESCE(i.name, p.label ->> 'id'), 'unit', COALESCE(i.unit, ''),
                                                     'quantity', l.quantity::text, 'price', l.price) ORDER BY l.line)
           FROM guyub.entitlement e JOIN guyub.entitlement_line l ON l.entitlement_id = e.id
           JOIN guyub.package_line p ON p.cycle_id = e.cycle_id AND p.line = l.line
           LEFT JOIN guyub.item i ON i.id = l.item_id WHERE e.cycle_id = :cycle GROUP BY e.id""",
        cycle=cycle.id,
    )
    return {
        entitlement: tuple(
            DocumentLine(line["item"], line["unit"], Decimal(line["quantity"]), line["price"]) for line in lines
        )
        for entitlement, lines in rows
    }


def _purchases(work: Work, cycle: Cycle) -> list[Purchase]:
    return work.rows(
        Purchase,
        """SELECT j.booked_on AS on, j.memo, j.evidence, sum(t.rupiah)::bigint AS cost
           FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id JOIN guyub.account d ON d.id = t.debit_account
           WHERE j.holder_id = :cycle AND j.kind = 'purchase' AND d.kind = 'stock_reserved'
           GROUP BY j.id ORDER BY j.booked_on, j.number""",
        cycle=cycle.id,
    )


def _returned(work: Work, cycle: Cycle) -> list[Returned]:
    return work.rows(
        Returned,
        """SELECT COALESCE(i.name, '') AS item, COALESCE(i.unit, '') AS unit, sum(t.quantity) AS quantity,
                  sum(t.rupiah)::bigint AS cost
           FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id JOIN guyub.account c ON c.id = t.credit_account
           JOIN guyub.account d ON d.id = t.debit_account LEFT JOIN guyub.item i ON i.id = d.item_id
           WHERE j.holder_id = :cycle
             AND (c.kind, d.kind) IN (('cash_reserved', 'cash'), ('stock_reserved', 'stock'))
           GROUP BY i.id, i.name, i.unit ORDER BY i.name NULLS LAST""",
        cycle=cycle.id,
    )


def _kept(work: Work, cycle: Cycle) -> list[Returned]:
    found: dict[tuple[str, str], Returned] = {}
    for held in cycle_funds.held(work, cycle):
        before = found.get((held.item, held.unit), Returned(held.item, held.unit, Decimal(0), 0))
        found[held.item, held.unit] = replace(
            before, quantity=before.quantity + held.quantity, cost=before.cost + held.rupiah
        )
    return sorted(found.values(), key=lambda kept: (not kept.unit, kept.item))


def _decided_on(work: Work, cycle: Cycle) -> date | None:
    day: date | None = work.run(
        "SELECT min(booked_on) FROM guyub.journal WHERE holder_id = :cycle AND kind = 'reservation'", cycle=cycle.id
    ).scalar_one()
    return day


def _surveyed(work: Work, cycle: Cycle, on: date) -> tuple[date, date] | None:
    row: Any = work.run(
        """SELECT min(visit.on) AS first, max(visit.on) AS last
           FROM guyub.entitlement e JOIN guyub.recipient_snapshot r ON r.entitlement_id = e.id
           CROSS JOIN LATERAL (SELECT max(s.surveyed_on) AS on FROM guyub.survey s
                               WHERE s.household_id = e.household_id AND s.surveyed_on <= :on) visit
           WHERE e.cycle_id = :cycle""",
        cycle=cycle.id,
        on=on,
    ).one()
    return (row.first, row.last) if row.first else None
