"""Reads of the books: balances, the cash book, stock, what a cycle spent, and whether everything adds up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Text,
    case,
    cast,
    column,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.db.typed_reads import among, part_of
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund, FundReceipt, ItemModel, Journal, Lot, Transfer, WrittenQuantity
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity

WRITTEN_OFF = ("spoiled", "expired", "lost", "returned")
"""The kinds of accounts that goods leave for without reaching a household."""


@dataclass(frozen=True, slots=True)
class FundBalance:
    """``free`` and ``reserved`` in cash, ``stock`` the cost of goods on hand (reserved or not), all rupiah.

    ``written_off`` is the cost of goods that spoiled, expired, were lost or returned, ``found`` the value of found ones;
    ``costs`` are what of ``used`` was paid beside goods and money for households.
    """

    id: UUID
    code: str
    name: str
    plugin: str
    source: str
    sensitive: bool
    received: int
    free: int
    reserved: int
    stock: int
    used: int
    written_off: int = 0
    found: int = 0
    costs: int = 0


def _in_accounts(*kinds: str) -> ColumnElement[int]:
    """Returns the rupiah of a fund in its accounts of these kinds."""
    rupiah = func.sum(col(AccountModel.rupiah)).filter(col(AccountModel.kind).in_(kinds))
    return cast(func.coalesce(rupiah, 0), BigInteger)


def _balances(work: Work) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Fund.id),
            col(Fund.code),
            col(Fund.name),
            col(Fund.plugin),
            col(Fund.source),
            col(Fund.sensitive),
            (-_in_accounts("receipts")).label("received"),
            _in_accounts("cash").label("free"),
            _in_accounts("cash_reserved").label("reserved"),
            _in_accounts("stock", "stock_reserved").label("stock"),
            _in_accounts("distributed", "payments", "expenses").label("used"),
            _in_accounts("expenses").label("costs"),
            _in_accounts(*WRITTEN_OFF).label("written_off"),
            (-_in_accounts("found")).label("found"),
        )
        .outerjoin(AccountModel, col(AccountModel.fund_id) == col(Fund.id))
        .where(col(Fund.facility_id) == work.here.id)
        .group_by(col(Fund.id))
        .order_by(col(Fund.opened_at), col(Fund.id))
    )


def balances(work: Work) -> list[FundBalance]:
    return work.rows(FundBalance, _balances(work))


def fund(work: Work, code: str) -> FundBalance:
    row = work.first(FundBalance, _balances(work).where(col(Fund.code) == code))
    if row is None:
        raise FundsRefusal.UNKNOWN.not_found(code=code)
    return row


@dataclass(frozen=True, slots=True)
class CashRow:
    """One line of the cash book: ``receipt`` or ``payment`` in rupiah, ``balance`` after it (reserved money included).

    ``on`` is the day of the line; ``late_for`` the day of the act where that is an earlier one; ``holder_id`` the cycle that it
    served; ``bought`` the lines of a purchase: "item", "quantity", "unit", "rupiah", "use" and "written" of each.
    """

    on: date
    voucher: str
    memo: str
    evidence: str
    receipt: int
    payment: int
    balance: int
    late_for: date | None = None
    holder_id: UUID | None = None
    bought: Sequence[Mapping[str, Any]] | None = None

    @property
    def description(self) -> str:
        """Returns what the line is for, with the goods that were bought, as a book has it."""
        goods = ", ".join(_line_in_words(line) for line in self.bought or ())
        return f"{self.memo}: {goods}" if goods else self.memo


BOUGHT = ("stock_reserved", "stock", "expenses")
"""The accounts that a note fills: goods of a cycle, surplus goods, costs."""


def _line_in_words(line: Mapping[str, Any]) -> str:
    if line["use"] == "expenses":
        return f"{line['item']} {format_rupiah(line['rupiah'])}"
    written = " + ".join(f"{format_quantity(Decimal(w['quantity']))} {w['unit']}" for w in line["written"] or ())
    quantity = f"{format_quantity(Decimal(line['quantity']))} {line['unit']}"
    goods = f"{line['item']} {quantity}"
    if line["use"] == "stock":
        return f"kelebihan {goods} masuk stok"
    return f"{goods} ({written})" if written else goods


_SERIES = {"receipt": "BKM", "purchase": "BKK", "hand_over": "BPB"}


def cash_book(work: Work, fund_id: UUID) -> list[CashRow]:
    """Returns the cash book (BKU) of one fund. Reservations move no cash, so they do not appear.

    A payment that was undone was not made: what undoes it stands on the payment's day, while its month is open.

    Vouchers are numbered in the order of the book, without gaps for each kind and year: money in (BKM), purchases (BKK), money
    handed over to households (BPB), corrections (BKR). A closed month takes no entry, so its numbers stay as they are.
    """
    return cash_books(work, [fund_id])[fund_id]


def cash_books(work: Work, fund_ids: Sequence[UUID]) -> dict[UUID, list[CashRow]]:
    """Returns the cash book of each of these funds. One query, for any number of them."""
    books: dict[UUID, list[CashRow]] = {fund_id: [] for fund_id in fund_ids}
    if books:
        statement, fund_id = _cash_book(list(books))
        for row in work.all(statement.add_columns(fund_id)):
            books[row.fund_id].append(part_of(row, CashRow))
    return books


def every_cash_row(work: Work, fund_id: UUID) -> Iterator[CashRow]:
    """Returns those of one fund one after the other, while the database still reads."""
    statement, _ = _cash_book([fund_id])
    return work.each(CashRow, statement)


def _cash_book(fund_ids: Sequence[UUID]) -> tuple[Select[*tuple[Any, ...]], ColumnElement[UUID]]:
    """Returns the lines of these funds, and which fund each is of."""
    line = _cash_lines(fund_ids).subquery("line").c
    place = (col(Journal.booked_on), line.seq)
    late_for = case((col(Journal.occurred_on) < col(Journal.booked_on), col(Journal.occurred_on)))
    lines: Select[*tuple[Any, ...]] = (
        select(
            col(Journal.booked_on).label("on"),
            late_for.label("late_for"),
            _voucher(line.fund_id, place).label("voucher"),
            col(Journal.memo),
            col(Journal.evidence),
            cast(func.greatest(line.rupiah, 0), BigInteger).label("receipt"),
            cast(func.greatest(-line.rupiah, 0), BigInteger).label("payment"),
            cast(func.sum(line.rupiah).over(partition_by=line.fund_id, order_by=place), BigInteger).label("balance"),
            col(Journal.holder_id),
            _bought(line).label("bought"),
        )
        .join(Journal, col(Journal.id) == line.journal_id)
        .order_by(line.fund_id, *place)
    )
    return lines, line.fund_id


def _bought(line: Any) -> ColumnElement[Any]:
    """Returns the goods that a purchase brought into a fund."""
    into, item = aliased(AccountModel, name="goods"), aliased(ItemModel, name="bought_item")
    brought = (
        select(
            func.coalesce(col(item.name), col(Transfer.purpose)).label("name"),
            func.coalesce(col(item.unit), "").label("unit"),
            func.sum(col(Transfer.quantity)).label("quantity"),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("rupiah"),
            col(into.kind).label("use"),
            _written(line.journal_id, col(item.id)).label("written"),
            func.min(col(Transfer.seq)).label("place"),
        )
        .join(into, col(into.id) == col(Transfer.debit_account))
        .outerjoin(item, col(item.id) == col(into.item_id))
        .where(
            col(Transfer.journal_id) == line.journal_id,
            col(Transfer.fund_id) == line.fund_id,
            col(into.kind).in_(BOUGHT),
        )
        .group_by(col(item.id), col(into.kind), col(Transfer.purpose))
        .correlate(line.fund_id.table)
        .subquery("brought")
    )
    goods = func.jsonb_build_object(
        *("item", brought.c.name, "quantity", cast(brought.c.quantity, Text), "unit", brought.c.unit),
        *("rupiah", brought.c.rupiah, "use", brought.c.use, "written", brought.c.written),
    )
    listed = select(func.jsonb_agg(aggregate_order_by(goods, brought.c.place))).scalar_subquery()
    return case((col(Journal.kind) == "purchase", listed))


def written_quantities() -> ScalarSelect[Any]:
    """Returns the quantities of an item as the note has them, for a statement over ``Journal`` and ``ItemModel``."""
    return _written(col(Journal.id), col(ItemModel.id))


def _written(journal_id: Any, item_id: Any) -> ScalarSelect[Any]:
    quantity = func.jsonb_build_object(
        "quantity", cast(col(WrittenQuantity.quantity), Text), "unit", col(WrittenQuantity.unit)
    )
    lines = func.jsonb_agg(aggregate_order_by(quantity, col(WrittenQuantity.line)))
    same = (col(WrittenQuantity.journal_id) == journal_id, col(WrittenQuantity.item_id) == item_id)
    return select(lines).where(*same).correlate_except(WrittenQuantity).scalar_subquery()


def _cash_lines(fund_ids: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """Returns what each journal brought into the cash of these funds or took out of it."""
    into, out_of = aliased(AccountModel), aliased(AccountModel)

    def in_cash(account: type[AccountModel]) -> ColumnElement[int]:
        return case((col(account.kind).in_(("cash", "cash_reserved")), col(Transfer.rupiah)), else_=0)

    rupiah = func.sum(in_cash(into) - in_cash(out_of))
    return (
        select(
            col(Transfer.fund_id),
            col(Transfer.journal_id),
            func.min(col(Transfer.seq)).label("seq"),
            rupiah.label("rupiah"),
        )
        .join(into, col(into.id) == col(Transfer.debit_account))
        .join(out_of, col(out_of.id) == col(Transfer.credit_account))
        .where(among(col(Transfer.fund_id), fund_ids))
        .group_by(col(Transfer.fund_id), col(Transfer.journal_id))
        .having(rupiah != 0)
    )


def _voucher(fund: Any, place: Sequence[SQLColumnExpression[Any]]) -> ColumnElement[str]:
    """Returns a number like ``BKM-001/2024``: the series of its kind, its place among them in the year, the year."""
    series, year = case(_SERIES, value=col(Journal.kind), else_="BKR"), extract("year", col(Journal.booked_on))
    number = cast(func.row_number().over(partition_by=(fund, series, year), order_by=place), Text)
    in_full = func.lpad(number, func.greatest(func.length(number), 3), "0")
    return func.concat(series, "-", in_full, "/", year)


@dataclass(frozen=True, slots=True)
class StockRow:
    """One lot; ``code`` is its fund's."""

    code: str
    fund: str
    item: str
    unit: str
    received_on: date
    free: Decimal
    reserved: Decimal
    distributed: Decimal
    written_off: Decimal
    cost: int


def stock(work: Work, fund_id: UUID | None = None) -> list[StockRow]:
    """Goods by lot, oldest first, of one fund or of all; ``cost`` is what remains of the lot in rupiah."""
    return work.rows(StockRow, _stock(work, fund_id))


def every_lot(work: Work, fund_id: UUID | None = None, *, on_hand: bool | None = None) -> Iterator[StockRow]:
    """Returns the same one after the other, while the database still reads; ``on_hand`` leaves those that are used up, or
    the others."""
    statement = _stock(work, fund_id)
    if on_hand is not None:
        here = or_(_quantity("stock") > 0, _quantity("stock_reserved") > 0)
        statement = statement.having(here if on_hand else ~here)
    return work.each(StockRow, statement)


def _quantity(*kinds: str) -> ColumnElement[Decimal]:
    return func.coalesce(func.sum(col(AccountModel.quantity)).filter(col(AccountModel.kind).in_(kinds)), 0)


def _stock(work: Work, fund_id: UUID | None) -> Select[*tuple[Any, ...]]:
    cost = func.sum(col(AccountModel.rupiah)).filter(col(AccountModel.kind).in_(("stock", "stock_reserved")))
    names = (col(Fund.code), col(Fund.name), col(ItemModel.name), col(ItemModel.unit))
    code, fund, item, unit = names
    statement: Select[*tuple[Any, ...]] = (
        select(
            code,
            fund.label("fund"),
            item.label("item"),
            unit,
            col(Lot.received_on),
            _quantity("stock").label("free"),
            _quantity("stock_reserved").label("reserved"),
            _quantity("distributed").label("distributed"),
            _quantity(*WRITTEN_OFF).label("written_off"),
            cast(func.coalesce(cost, 0), BigInteger).label("cost"),
        )
        .select_from(Lot)
        .join(Fund, col(Fund.id) == col(Lot.fund_id))
        .join(ItemModel, col(ItemModel.id) == col(Lot.item_id))
        .outerjoin(AccountModel, col(AccountModel.lot_id) == col(Lot.id))
        .where(col(Lot.facility_id) == work.here.id)
        .group_by(col(Lot.id), *names)
        .order_by(col(Lot.received_on), col(Lot.id))
    )
    return statement if fund_id is None else statement.where(col(Lot.fund_id) == fund_id)


@dataclass(frozen=True, slots=True)
class Spending:
    """Holds what one fund paid for a cycle, in rupiah at cost: goods and money that reached households."""

    fund: str
    code: str
    plugin: str
    source: str
    amount: int


def spending(work: Work, holder_id: UUID) -> list[Spending]:
    into, out_of = aliased(AccountModel), aliased(AccountModel)
    handed_over = ("distributed", "payments")
    amount = func.sum(case((col(Transfer.reverses).is_(None), col(Transfer.rupiah)), else_=-col(Transfer.rupiah)))
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Fund.name).label("fund"),
            col(Fund.code),
            col(Fund.plugin),
            col(Fund.source),
            cast(amount, BigInteger).label("amount"),
        )
        .select_from(Transfer)
        .join(Journal, col(Journal.id) == col(Transfer.journal_id))
        .join(Fund, col(Fund.id) == col(Transfer.fund_id))
        .join(into, col(into.id) == col(Transfer.debit_account))
        .join(out_of, col(out_of.id) == col(Transfer.credit_account))
        .where(
            col(Journal.holder_id) == holder_id,
            or_(col(into.kind).in_(handed_over), col(out_of.kind).in_(handed_over)),
        )
        .group_by(col(Fund.id))
        .order_by(col(Fund.opened_at), col(Fund.id))
    )
    return work.rows(Spending, statement)


def reversed_on() -> ScalarSelect[date]:
    """Returns the day on which a receipt was taken back, NULL while it stands, for a statement over ``Journal``. Receipts are
    reversed as a whole."""
    original, back, reversal = aliased(Transfer), aliased(Transfer), aliased(Journal)
    statement: Select[*tuple[Any, ...]] = (
        select(func.min(col(reversal.occurred_on)))
        .select_from(original)
        .join(back, col(back.reverses) == col(original.id))
        .join(reversal, col(reversal.id) == col(back.journal_id))
        .where(col(original.journal_id) == col(Journal.id))
    )
    return statement.correlate(Journal).scalar_subquery()


@dataclass(frozen=True, slots=True)
class FundWithEvidence:
    """A fund with the documents behind its receipts that stand; an empty string where a receipt has none."""

    id: UUID
    code: str
    name: str
    plugin: str
    sensitive: bool
    evidence: Sequence[str]


def with_evidence(work: Work, fund_ids: Sequence[UUID]) -> list[FundWithEvidence]:
    """Returns these funds of the facility in the order in which they were opened. One query."""
    papers = func.array_agg(aggregate_order_by(col(Journal.evidence), col(Journal.number)))
    receipts = (
        select(papers)
        .select_from(FundReceipt)
        .join(Journal, col(Journal.id) == col(FundReceipt.journal_id))
        .where(col(FundReceipt.fund_id) == col(Fund.id), reversed_on().is_(None))
        .correlate(Fund)
        .scalar_subquery()
    )
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Fund.id),
            col(Fund.code),
            col(Fund.name),
            col(Fund.plugin),
            col(Fund.sensitive),
            func.coalesce(receipts, array([], type_=Text)).label("evidence"),
        )
        .where(col(Fund.facility_id) == work.here.id, among(col(Fund.id), fund_ids))
        .order_by(col(Fund.opened_at), col(Fund.id))
    )
    return work.rows(FundWithEvidence, statement)


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """``checked`` rows were read; ``problems`` are sentences for a technician, empty when all is well."""

    ok: bool
    checked: int
    problems: tuple[str, ...]


def check_ledger(work: Work) -> LedgerCheck:
    """Adds every transfer in scope up again, compares with the balances, and looks for what was slipped in later."""
    transfers, accounts = (
        select(func.count()).select_from(model).scalar_subquery() for model in (Transfer, AccountModel)
    )
    checked = work.scalar(select(transfers + accounts)) or 0
    problems = func.guyub.ledger_problems().table_valued(column("id"), column("problem"))
    problem_rows = work.all(select(problems.c.id, problems.c.problem))
    return LedgerCheck(not problem_rows, checked, tuple(f"{row.id}: {row.problem}" for row in problem_rows))
