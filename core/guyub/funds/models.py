"""The tables of funds, goods, reservations and the ledger."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, Date, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, Xid8, made_by_database, primary_key, references


class ItemModel(TableModel, table=True):
    """A kind of goods of a facility and the unit in which it is counted."""

    __tablename__ = "item"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)


class CatalogueItem(TableModel, table=True):
    """Goods that an office declares for its facilities; without a region for all."""

    __tablename__ = "catalogue_item"

    id: UUID = primary_key()
    region_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)


class CatalogueUnit(TableModel, table=True):
    """What one unit of goods holds of their own (``base``), as an office declares it; without a factor it is taken back."""

    __tablename__ = "catalogue_unit"

    seq: int = made_by_database(BigInteger, primary_key=True)
    region_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    code: str = Field(sa_type=Text)
    base: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    factor: Decimal | None = Field(default=None, sa_type=Numeric(14, 6))


class ItemUnit(TableModel, table=True):
    """What one unit of goods holds of their own, as a facility declares it."""

    __tablename__ = "item_unit"
    __table_args__ = (references("item", facility_id="facility_id", item_id="id"),)

    seq: int = made_by_database(BigInteger, primary_key=True)
    facility_id: UUID = Field(sa_type=Uuid)
    item_id: UUID = Field(sa_type=Uuid)
    unit: str = Field(sa_type=Text)
    factor: Decimal | None = Field(default=None, sa_type=Numeric(14, 6))


class Measure(TableModel, table=True):
    """What one unit holds of another, everywhere and for all goods."""

    __tablename__ = "measure"

    base: str = Field(sa_type=Text, primary_key=True)
    unit: str = Field(sa_type=Text, primary_key=True)
    factor: Decimal = Field(sa_type=Numeric(14, 6))


class WrittenQuantity(TableModel, table=True):
    """A quantity as the paper has it, in a declared unit, beside what was booked of it."""

    __tablename__ = "written_quantity"
    __table_args__ = (
        references("item", facility_id="facility_id", item_id="id"),
        references("journal", facility_id="facility_id", journal_id="id"),
    )

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    journal_id: UUID = Field(sa_type=Uuid, primary_key=True)
    item_id: UUID = Field(sa_type=Uuid, primary_key=True)
    line: int = Field(sa_type=Integer, primary_key=True)
    quantity: Decimal = Field(sa_type=Numeric(14, 3))
    unit: str = Field(sa_type=Text)
    factor: Decimal = Field(sa_type=Numeric(14, 6))


class GoodsArrival(TableModel, table=True):
    """Holds what of a line of a receipt arrived and was damaged, in the unit of the goods, and what it says of the promise."""

    __tablename__ = "goods_arrival"
    __table_args__ = (
        references("item", facility_id="facility_id", item_id="id", unit="unit"),
        references("journal", facility_id="facility_id", journal_id="id"),
    )

    seq: int = made_by_database(BigInteger, primary_key=True)
    facility_id: UUID = Field(sa_type=Uuid)
    journal_id: UUID = Field(sa_type=Uuid)
    item_id: UUID = Field(sa_type=Uuid)
    line: int = Field(sa_type=Integer)
    unit: str = Field(sa_type=Text)
    promised: Decimal | None = Field(default=None, sa_type=Numeric(14, 3))
    promised_on: date | None = Field(default=None, sa_type=Date)
    arrived: Decimal = Field(sa_type=Numeric(14, 3))
    damaged: Decimal = made_by_database(Numeric(14, 3))
    reason: str = made_by_database(Text)


class Fund(TableModel, table=True):
    """Money and goods of one source, and what they may be used for."""

    __tablename__ = "fund"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    code: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    plugin: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    programs: list[str] = made_by_database(ARRAY(Text))
    categories: list[str] = made_by_database(ARRAY(Text))
    areas: list[str] = made_by_database(ARRAY(Text))
    usable_from: date | None = Field(default=None, sa_type=Date)
    usable_until: date | None = Field(default=None, sa_type=Date)
    sensitive: bool = made_by_database(Boolean)
    incidental_costs: int = made_by_database(BigInteger)
    opened_at: datetime = made_by_database(MOMENT)
    book_from: date | None = Field(default=None, sa_type=Date)
    book_until: date | None = Field(default=None, sa_type=Date)
    books_closed_until: date | None = Field(default=None, sa_type=Date)


class BookClosing(TableModel, table=True):
    """The closing of the book of a fund for one month: what the book says, what was counted, who signs."""

    __tablename__ = "book_closing"
    __table_args__ = (references("fund", facility_id="facility_id", fund_id="id"),)

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    fund_id: UUID = Field(sa_type=Uuid)
    month: date = Field(sa_type=Date)
    closed_on: date = Field(sa_type=Date)
    opening: int = Field(sa_type=BigInteger)
    received: int = Field(sa_type=BigInteger)
    paid: int = Field(sa_type=BigInteger)
    balance: int = Field(sa_type=BigInteger)
    lines: int = Field(sa_type=Integer)
    cash_in_hand: int = Field(sa_type=BigInteger)
    bank: int = Field(sa_type=BigInteger)
    explanation: str = made_by_database(Text)
    signatories: dict[str, Any] = Field(sa_type=JSONB)
    closed_at: datetime = Field(sa_type=MOMENT)
    closed_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    closed_label: str = Field(sa_type=Text)
    xid: str = made_by_database(Xid8)


class MoneyRequestModel(TableModel, table=True):
    """Holds a request for more money for an item that turned out dearer, and what was decided."""

    __tablename__ = "money_request"
    __table_args__ = (references("item", facility_id="facility_id", item_id="id"),)

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    holder_id: UUID = Field(sa_type=Uuid)
    holder_code: str = Field(sa_type=Text)
    item_id: UUID = Field(sa_type=Uuid)
    amount: int = Field(sa_type=BigInteger)
    supplier: str = made_by_database(Text)
    evidence: str = made_by_database(Text)
    asked_at: datetime = Field(sa_type=MOMENT)
    asked_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    asked_label: str = Field(sa_type=Text)
    decision: str | None = Field(default=None, sa_type=Text)
    reason: str = made_by_database(Text)
    granted: int | None = Field(default=None, sa_type=BigInteger)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    decided_label: str = made_by_database(Text)
    note: dict[str, str] = made_by_database(JSONB)


class FirstMoneyApproval(TableModel, table=True):
    """The first of two approvals of a request for more money."""

    __tablename__ = "first_money_approval"
    __table_args__ = (references("money_request", facility_id="facility_id", request_id="id"),)

    request_id: UUID = Field(sa_type=Uuid, primary_key=True)
    facility_id: UUID = Field(sa_type=Uuid)
    approved_by: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    approved_at: datetime = Field(sa_type=MOMENT)


class JournalKind(TableModel, table=True):
    """Holds what happens in the books, and the permissions that allow it (any one of them)."""

    __tablename__ = "journal_kind"

    kind: str = Field(sa_type=Text, primary_key=True)
    done_by: list[str] = Field(sa_type=ARRAY(Text))


class Journal(TableModel, table=True):
    """One operation in the books of a facility; its transfers name it."""

    __tablename__ = "journal"
    __table_args__ = (references("journal", facility_id="facility_id", repeats="id"),)

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    kind: str = Field(sa_type=Text, foreign_key="guyub.journal_kind.kind")
    occurred_on: date = Field(sa_type=Date)
    booked_on: date = Field(sa_type=Date)
    number: int = Field(sa_type=Integer)
    memo: str = Field(sa_type=Text)
    evidence: str = made_by_database(Text)
    holder_id: UUID | None = Field(default=None, sa_type=Uuid)
    repeats: UUID | None = Field(default=None, sa_type=Uuid)
    recorded_at: datetime = Field(sa_type=MOMENT)
    recorded_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    recorded_label: str = Field(sa_type=Text)
    xid: str = made_by_database(Xid8)
    began_at: datetime = made_by_database(MOMENT)


class FundReceipt(TableModel, table=True):
    """Holds what a funding source recorded: the form as it was understood."""

    __tablename__ = "fund_receipt"
    __table_args__ = (
        references("fund", facility_id="facility_id", fund_id="id"),
        references("journal", facility_id="facility_id", journal_id="id"),
    )

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    fund_id: UUID = Field(sa_type=Uuid)
    journal_id: UUID = Field(sa_type=Uuid)
    plugin: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    form: dict[str, Any] = Field(sa_type=JSONB)
    sensitive: bool = made_by_database(Boolean)
    occasion: str = made_by_database(Text)
    xid: str = made_by_database(Xid8)


class Lot(TableModel, table=True):
    """Goods that came in together."""

    __tablename__ = "lot"
    __table_args__ = (
        references("fund", facility_id="facility_id", fund_id="id"),
        references("item", facility_id="facility_id", item_id="id"),
        references("item", facility_id="facility_id", item_id="id", unit="unit"),
        references("journal", facility_id="facility_id", journal_id="id"),
    )

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    fund_id: UUID = Field(sa_type=Uuid)
    item_id: UUID = Field(sa_type=Uuid)
    unit: str = Field(sa_type=Text)
    received_on: date = Field(sa_type=Date)
    journal_id: UUID = Field(sa_type=Uuid)
    xid: str = made_by_database(Xid8)


class StockTake(TableModel, table=True):
    """Holds who counted goods, or wrote them off, and who stood beside; without a fund those of all funds are meant."""

    __tablename__ = "stock_take"
    __table_args__ = (
        references("journal", facility_id="facility_id", journal_id="id"),
        references("fund", facility_id="facility_id", fund_id="id"),
    )

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    journal_id: UUID = Field(sa_type=Uuid, primary_key=True)
    fund_id: UUID | None = Field(default=None, sa_type=Uuid)
    is_count: bool = Field(sa_type=Boolean)
    counted_by: str = Field(sa_type=Text)
    counted_by_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    witness: str = Field(sa_type=Text)
    witness_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    note: str = made_by_database(Text)
    xid: str = made_by_database(Xid8)


class StockCount(TableModel, table=True):
    """Holds what the books had of an item on the day of a count, and what was there."""

    __tablename__ = "stock_count"
    __table_args__ = (
        references("stock_take", facility_id="facility_id", journal_id="journal_id"),
        references("item", facility_id="facility_id", item_id="id", unit="unit"),
    )

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    journal_id: UUID = Field(sa_type=Uuid, primary_key=True)
    item_id: UUID = Field(sa_type=Uuid, primary_key=True)
    unit: str = Field(sa_type=Text)
    book: Decimal = Field(sa_type=Numeric(14, 3))
    counted: Decimal = Field(sa_type=Numeric(14, 3))
    recounted: Decimal | None = Field(default=None, sa_type=Numeric(14, 3))


class StockDifference(TableModel, table=True):
    """Holds why a quantity of an item left the stock by a stock take, or came into it."""

    __tablename__ = "stock_difference"
    __table_args__ = (
        references("stock_take", facility_id="facility_id", journal_id="journal_id"),
        references("item", facility_id="facility_id", item_id="id", unit="unit"),
    )

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    journal_id: UUID = Field(sa_type=Uuid, primary_key=True)
    item_id: UUID = Field(sa_type=Uuid, primary_key=True)
    unit: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text, primary_key=True, foreign_key="guyub.account_kind.kind")
    quantity: Decimal = Field(sa_type=Numeric(14, 3))
    remark: str = made_by_database(Text)


class Reservation(TableModel, table=True):
    """A promise of value to one cycle: goods in stock, money for goods, or money to be paid out."""

    __tablename__ = "reservation"
    __table_args__ = (
        references("fund", facility_id="facility_id", fund_id="id"),
        references("item", facility_id="facility_id", item_id="id"),
        references("item", facility_id="facility_id", item_id="id", unit="unit"),
        references("journal", facility_id="facility_id", journal_id="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    holder_id: UUID = Field(sa_type=Uuid)
    holder_code: str = made_by_database(Text)
    journal_id: UUID = Field(sa_type=Uuid)
    program: str = Field(sa_type=Text)
    period: date = Field(sa_type=Date)
    fund_id: UUID = Field(sa_type=Uuid)
    item_id: UUID | None = Field(default=None, sa_type=Uuid)
    category: str = Field(sa_type=Text)
    area: str = made_by_database(Text)
    quantity: Decimal = Field(sa_type=Numeric(14, 3))
    unit: str | None = Field(default=None, sa_type=Text)
    price: int = Field(sa_type=BigInteger)
    from_stock: bool = Field(sa_type=Boolean)
    made_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    made_at: datetime = made_by_database(MOMENT)
    xid: str = made_by_database(Xid8)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)


class AccountKind(TableModel, table=True):
    """A kind of account; ``outside`` ones stand for the world outside the facility."""

    __tablename__ = "account_kind"

    kind: str = Field(sa_type=Text, primary_key=True)
    goods: bool = Field(sa_type=Boolean)
    outside: bool = Field(sa_type=Boolean)


class TransferRule(TableModel, table=True):
    """Between which kinds of accounts a kind of journal moves value."""

    __tablename__ = "transfer_rule"

    journal_kind: str = Field(sa_type=Text, primary_key=True, foreign_key="guyub.journal_kind.kind")
    credit_kind: str = Field(sa_type=Text, primary_key=True, foreign_key="guyub.account_kind.kind")
    debit_kind: str = Field(sa_type=Text, primary_key=True, foreign_key="guyub.account_kind.kind")


class AccountModel(TableModel, table=True):
    """A balance of a fund, in rupiah and in goods."""

    __tablename__ = "account"
    __table_args__ = (
        references("fund", facility_id="facility_id", fund_id="id"),
        references("item", facility_id="facility_id", item_id="id"),
        references("lot", facility_id="facility_id", lot_id="id", fund_id="fund_id", item_id="item_id"),
        references("reservation", facility_id="facility_id", reservation_id="id", fund_id="fund_id"),
        references("reservation", facility_id="facility_id", reservation_id="id", fund_id="fund_id", item_id="item_id"),
    )

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    fund_id: UUID = Field(sa_type=Uuid)
    kind: str = Field(sa_type=Text, foreign_key="guyub.account_kind.kind")
    item_id: UUID | None = Field(default=None, sa_type=Uuid)
    lot_id: UUID | None = Field(default=None, sa_type=Uuid)
    reservation_id: UUID | None = Field(default=None, sa_type=Uuid)
    rupiah: int = made_by_database(BigInteger)
    quantity: Decimal = made_by_database(Numeric(14, 3))


class Transfer(TableModel, table=True):
    """One movement from the credit account to the debit account, with both balances after it."""

    __tablename__ = "transfer"
    __table_args__ = (
        references("account", facility_id="facility_id", credit_account="id"),
        references("account", facility_id="facility_id", debit_account="id"),
        references("fund", facility_id="facility_id", fund_id="id"),
        references("journal", facility_id="facility_id", journal_id="id"),
        references("lot", facility_id="facility_id", lot_id="id"),
        references("transfer", facility_id="facility_id", reverses="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    journal_id: UUID = Field(sa_type=Uuid)
    fund_id: UUID = Field(sa_type=Uuid)
    lot_id: UUID | None = Field(default=None, sa_type=Uuid)
    credit_account: UUID = Field(sa_type=Uuid)
    debit_account: UUID = Field(sa_type=Uuid)
    rupiah: int = Field(sa_type=BigInteger)
    quantity: Decimal = made_by_database(Numeric(14, 3))
    credit_rupiah_after: int = Field(sa_type=BigInteger)
    credit_quantity_after: Decimal = Field(sa_type=Numeric(14, 3))
    debit_rupiah_after: int = Field(sa_type=BigInteger)
    debit_quantity_after: Decimal = Field(sa_type=Numeric(14, 3))
    reverses: UUID | None = Field(default=None, sa_type=Uuid)
    purpose: str = made_by_database(Text)
    xid: str = made_by_database(Xid8)
