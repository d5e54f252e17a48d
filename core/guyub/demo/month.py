"""One month of a rutan from its households to the closed cycle, step by step through the public services.

Each step is done by the person whose work it is, in a transaction of their own, exactly as the pages do it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from guyub.access import sign_in
from guyub.access.models import PersonModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import SessionCredential, Work
from guyub.demo.families import DemoHousehold
from guyub.funds import book_closing, purchases, receipts
from guyub.funds.models import Fund
from guyub.funds.note_division import BookedItem
from guyub.operations.context import AppContext
from guyub.programs import closing, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.registry import service as registry
from guyub.registry import surveys
from guyub.registry.schemas import RecordSurvey

PROGRAM = "bansos"


@dataclass(frozen=True, slots=True)
class DemoReceipt:
    """A receipt as its form is filled in: which plugin's source understands it, and the fields."""

    plugin: str
    source: str
    kind: str
    form: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DemoPurchase:
    """One visit to a shop: what was bought (item, quantity, rupiah), the shop and its note."""

    on: date
    supplier: str
    note: str
    bought: Sequence[tuple[str, str, int]]


@dataclass(slots=True)
class Rutan:
    """A facility with the people who run its month, by login."""

    opened: AppContext
    code: str
    services: str
    head: str
    management: str
    witness: str
    witness_name: str
    _tokens: dict[str, str] = field(default_factory=dict)

    def work_of(self, login: str) -> AbstractContextManager[Work]:
        if login not in self._tokens:
            self._tokens[login] = sign_in.session_for(self.opened.database, login, "demo")
        return self.opened.database.work(SessionCredential(self._tokens[login], self.code))

    def register(self, households: Sequence[DemoHousehold], surveyed_on: date) -> None:
        """Registers the households as candidates, each visited at home."""
        with self.work_of(self.services) as work:
            ids = registry.register_many(
                work, self.opened.protector, [household.registration for household in households], surveyed_on
            )
            surveys.record_surveys(
                work,
                [
                    RecordSurvey(household_id=household_id, answers=household.answers, surveyed_on=surveyed_on)
                    for household_id, household in zip(ids, households, strict=True)
                ],
            )

    def receive(self, incomes: Sequence[DemoReceipt], on: date) -> list[str]:
        """Books what came in and answers the codes of the funds, in order."""
        with self.work_of(self.management) as work:
            ids = [
                receipts.receive(work, self.opened.plugins, income.plugin, income.source, income.kind, income.form, on)
                for income in incomes
            ]
            codes = dict(work.all(select(col(Fund.id), col(Fund.code)).where(among(col(Fund.id), ids))))
            return [codes[fund_id] for fund_id in ids]

    def propose(self, period: date, fund_codes: Sequence[str], place: str, on: date, at: time, category: str) -> Cycle:
        """Opens the cycle, scores all households, selects the neediest of one category and proposes them."""
        with self.work_of(self.services) as work:
            cycle = cycles.open_cycle(
                work,
                self.opened.plugins,
                PROGRAM,
                period,
                fund_codes=fund_codes,
                distribution_on=on,
                starts_at=at,
                place=place,
            )
            selection.score(work, self.opened.plugins, cycle)
            selection.select_top(work, cycle, category=category)
            proposal.propose(work, self.opened.plugins, cycle, period)
            return cycles.get(work, PROGRAM, period)

    def approve(self, cycle: Cycle, on: date) -> None:
        with self.work_of(self.head) as work:
            proposed = cycles.get(work, PROGRAM, cycle.period)
            proposal.approve(work, self.opened.plugins, proposed, on, version=proposed.version)

    def shop(self, cycle: Cycle, visits: Sequence[DemoPurchase]) -> None:
        with self.work_of(self.management) as work:
            for visit in visits:
                bought = [BookedItem(item, Decimal(quantity), cost) for item, quantity, cost in visit.bought]
                purchases.buy(work, cycle.id, bought, supplier=visit.supplier, evidence=visit.note, on=visit.on)

    def hand_over(
        self,
        cycle: Cycle,
        begins: datetime,
        thumbprints: frozenset[int] = frozenset(),
        not_yet: frozenset[int] = frozenset(),
    ) -> None:
        """Hands over to one household after the other, two minutes each; ``thumbprints`` and ``not_yet`` are places on
        the list.
        """
        with self.work_of(self.services) as work:
            distribution.start(work, cycles.get(work, PROGRAM, cycle.period))
        with self.work_of(self.services) as work:
            listed = [recipient for recipient in programs.recipients(work, cycle) if recipient.number not in not_yet]
            witness_id = work.scalar(select(col(PersonModel.id)).where(col(PersonModel.login) == self.witness))
        for place, recipient in enumerate(listed):
            proof = Proof(
                self.witness_name, witness_id, mark="thumbprint" if recipient.number in thumbprints else "signature"
            )
            with self.work_of(self.services) as work:
                now = cycles.get(work, PROGRAM, cycle.period)
                distribution.hand_over(work, now, [recipient.id], begins + timedelta(minutes=2 * place), proof)

    def close(self, cycle: Cycle, on: date, note: str) -> Cycle:
        with self.work_of(self.services) as work:
            closing.close(work, cycles.get(work, PROGRAM, cycle.period), on, note)
            return cycles.get(work, PROGRAM, cycle.period)

    def close_books(self, on: date) -> None:
        """Counts the money of every book and closes its months that are over on that day, in their order; all is in cash."""
        with self.work_of(self.management) as work:
            while books := book_closing.waiting(work, on):
                for book in books:
                    counted = book_closing.book_of_month(work, book.fund_id, book.month).balance
                    book_closing.close(work, book.code, book.month, on, cash_in_hand=counted, bank=0)

    def open_next(self, cycle: Cycle, distribution_on: date) -> Cycle:
        with self.work_of(self.services) as work:
            return cycles.open_next(work, self.opened.plugins, cycle, distribution_on=distribution_on)


def moment(on: date, at: time, zone: str = "Asia/Jakarta") -> datetime:
    return datetime.combine(on, at, ZoneInfo(zone))
