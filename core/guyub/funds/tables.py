"""The declared tables of the funds: balances, books, receipts, goods, purchases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guyub.funds import urls
from guyub.funds.book_closing import ClosedBook
from guyub.funds.fund_page import ReceivedEntry
from guyub.funds.items import Item
from guyub.funds.labels import REASONS
from guyub.funds.purchase_list import FundForItem, NeededItem, PurchasedItem
from guyub.funds.queries import CashRow, FundBalance, StockRow
from guyub.funds.stock_card import CardRow
from guyub.funds.stock_take_records import BookedTake, ItemCount, ItemDifference
from guyub.sdk.page_tables import Code, Column, Sentence, Table, TableRows, Value
from guyub.sdk.text import Amount, Money, Text

SENSITIVE = Code(
    "for_review_by_the_regional_office",
    Text(id="Perlu ditinjau Kanwil", en="For review by the regional office"),
    "warning",
    "eye",
)
_EVIDENCE = Text(id="Bukti: {evidence}", en="Document: {evidence}")
_LATE = Text(id="Susulan untuk {day}", en="Late for {day}")
_NO_EVIDENCE = Text(id="tanpa bukti", en="without document")
_GOODS = Text(id="{item} {quantity} {unit} ({value})", en="{item} {quantity} {unit} ({value})")
_BOUGHT = Text(id="{item} {quantity} {unit}", en="{item} {quantity} {unit}")
_BOUGHT_AS_WRITTEN = Text(id="{item} {quantity} {unit} ({written})", en="{item} {quantity} {unit} ({written})")
_SURPLUS = Text(
    id="Kelebihan {item} {quantity} {unit}, masuk stok", en="Surplus {item} {quantity} {unit}, into the stock"
)
_COST = Text(id="{item} {value}", en="{item} {value}")
_AMOUNT = Text(id="{amount}", en="{amount}")
_UNIT_PRICE = Text(id="{price}/{unit}", en="{price}/{unit}")
_FUND, _ITEM = Text(id="Dana", en="Fund"), Text(id="Barang", en="Item")
_DATE, _QUANTITY = Text(id="Tanggal", en="Date"), Text(id="Jumlah", en="Quantity")
_REVIEW = Text(id="Peninjauan", en="Review")
_RESERVED = Text(id="Dicadangkan", en="Reserved")


def facility_of(base: str) -> str:
    """Returns the code of the facility whose addresses begin with ``base``."""
    return base.rsplit("/", 1)[-1]


def _evidence(row: CashRow) -> Value:
    return Sentence(_EVIDENCE, evidence=row.evidence) if row.evidence else None


def _bought(row: CashRow) -> Value:
    return tuple(_bought_line(line) for line in row.bought or ())


def _bought_line(line: Mapping[str, Any]) -> Sentence:
    if line["use"] == "expenses":
        return Sentence(_COST, item=line["item"], value=Money(line["rupiah"]))
    quantity, unit = Decimal(line["quantity"]), line["unit"]
    if line["use"] == "stock":
        return Sentence(_SURPLUS, item=line["item"], quantity=quantity, unit=unit)
    if line["written"]:
        written = [Amount(Decimal(part["quantity"]), part["unit"]) for part in line["written"]]
        as_written = Text.join(" + ", (_AMOUNT.format(amount=amount) for amount in written))
        return Sentence(_BOUGHT_AS_WRITTEN, item=line["item"], quantity=quantity, unit=unit, written=as_written)
    return Sentence(_BOUGHT, item=line["item"], quantity=quantity, unit=unit)


_USES = {
    "stock": Text(id="Kelebihan, masuk stok", en="Surplus, into the stock"),
    "expenses": Text(id="Biaya, bukan barang", en="Cost, no goods"),
}


def _use(row: PurchasedItem) -> Value:
    return _USES.get(row.use)


def _written(row: PurchasedItem) -> Value:
    return row.as_written if row.use == "stock_reserved" else None


def _late(row: CashRow) -> Value:
    return Sentence(_LATE, day=row.late_for) if row.late_for else None


def funds(source_titles: Mapping[str, Text]) -> Table[FundBalance]:
    """Returns the table of the funds of a facility; ``source_titles`` by the code of the fund."""
    return Table(
        name="funds_of_this_facility",
        caption=Text(id="Dana di UPT ini", en="Funds of this facility"),
        main=True,
        columns=(
            Column(
                "fund",
                _FUND,
                lambda row: row.name,
                link=lambda row, base: urls.fund_url(facility_of(base), row.code),
                below=(
                    Column("source", Text(id="Sumber", en="Source"), lambda row: source_titles[row.code]),
                    Column("review", _REVIEW, lambda row: SENSITIVE if row.sensitive else None),
                ),
            ),
            Column("received", Text(id="Diterima", en="Received"), kind="money"),
            Column("free", Text(id="Bebas", en="Free"), kind="money"),
            Column("reserved", _RESERVED, kind="money"),
            Column("goods", Text(id="Barang", en="Goods"), lambda row: row.stock, kind="money"),
            Column("used", Text(id="Terpakai", en="Used"), kind="money"),
            # The page of the fund shows them; here they would make the table wider than a screen.
            Column("written_off", Text(id="Susut", en="Written off"), kind="money", on_page=False),
            Column("found", Text(id="Ditemukan", en="Found"), kind="money", on_page=False),
        ),
    )


_CLOSED_BY = Text(id="Ditutup {day} oleh {who}", en="Closed on {day} by {who}")


def _closed(row: ClosedBook) -> Value:
    return Sentence(_CLOSED_BY, day=row.closed_on, who=row.closed_by)


CASH_BOOK: Table[CashRow] = Table(
    name="cash_book_of_fund",
    caption=Text(id="Buku kas umum", en="Cash book"),
    main=True,
    columns=(
        Column("date", _DATE, lambda row: row.on, kind="date", narrow=True),
        Column("voucher", Text(id="No. bukti", en="Voucher"), narrow=True, names_row=True),
        Column(
            "description",
            Text(id="Uraian", en="Description"),
            lambda row: row.memo,
            below=(
                Column("goods", Text(id="Barang", en="Goods"), _bought),
                Column("evidence", Text(id="Bukti", en="Document"), on_page=False),
                Column("evidence_said", Text(id="Bukti", en="Document"), _evidence, in_files=False),
                Column("late_for", Text(id="Susulan untuk", en="Late for"), on_page=False, kind="date"),
                Column("late_for_said", Text(id="Susulan", en="Late"), _late, in_files=False),
            ),
        ),
        Column("receipt", Text(id="Penerimaan", en="Receipt"), lambda row: row.receipt or None, kind="money"),
        Column("payment", Text(id="Pengeluaran", en="Payment"), lambda row: row.payment or None, kind="money"),
        Column("balance", Text(id="Saldo", en="Balance"), kind="money"),
    ),
)


CLOSED_BOOKS: Table[ClosedBook] = Table(
    name="closed_books",
    caption=Text(id="Bulan yang sudah ditutup", en="Months that are closed"),
    columns=(
        Column(
            "month",
            Text(id="Bulan", en="Month"),
            kind="period",
            names_row=True,
            below=(
                Column("closed_on", Text(id="Ditutup", en="Closed"), on_page=False, kind="date"),
                Column("closed_by", Text(id="Oleh", en="By"), on_page=False),
                Column("closed_said", Text(id="Penutupan", en="Closing"), _closed, in_files=False),
                Column(
                    "explanation",
                    Text(id="Penjelasan selisih", en="Explanation of a difference"),
                    lambda row: row.explanation or None,
                ),
            ),
        ),
        Column("received", Text(id="Penerimaan", en="Received"), kind="money"),
        Column("paid", Text(id="Pengeluaran", en="Paid"), kind="money"),
        Column("balance", Text(id="Saldo", en="Balance"), kind="money"),
        Column("cash_in_hand", Text(id="Tunai", en="Cash in hand"), kind="money"),
        Column("bank", Text(id="Bank", en="Bank"), kind="money"),
    ),
)


def receipts(title_of: Callable[[ReceivedEntry], Text]) -> Table[ReceivedEntry]:
    """Returns the table of the receipts of a fund; ``title_of`` says what a kind of receipt is called."""

    def goods(item: str, quantity: Decimal, unit: str, value: int) -> Sentence:
        return Sentence(_GOODS, item=item, quantity=quantity, unit=unit, value=Money(value))

    def received_goods(row: ReceivedEntry) -> Value:
        return tuple(goods(*line) for line in row.goods)

    return Table(
        name="receipts",
        caption=Text(id="Penerimaan", en="Receipts"),
        columns=(
            Column("date", _DATE, lambda row: row.on, kind="date", narrow=True),
            Column(
                "receipt",
                Text(id="Penerimaan", en="Receipt"),
                title_of,
                names_row=True,
                below=(
                    Column("description", Text(id="Uraian", en="Description"), lambda row: row.memo),
                    Column("goods", Text(id="Barang", en="Goods"), received_goods),
                    Column("review", _REVIEW, lambda row: SENSITIVE if row.sensitive else None),
                ),
            ),
            Column("paper", Text(id="Bukti", en="Document"), lambda row: row.evidence or _NO_EVIDENCE),
            Column("recorded_by", Text(id="Dicatat oleh", en="Recorded by")),
            Column("value", Text(id="Nilai", en="Value"), lambda row: row.total, kind="money"),
            Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="receipt_action"),
        ),
    )


LOTS: Table[StockRow] = Table(
    name="goods_by_lot",
    caption=Text(id="Barang per penerimaan", en="Goods by lot"),
    columns=(
        Column("item", _ITEM),
        Column("received", Text(id="Diterima", en="Received"), lambda row: row.received_on, kind="date"),
        Column("fund", _FUND, link=lambda row, base: urls.fund_url(facility_of(base), row.code)),
        Column("free", Text(id="Bebas", en="Free"), lambda row: Amount(row.free, row.unit), kind="amount"),
        Column("reserved", _RESERVED, lambda row: Amount(row.reserved, row.unit), kind="amount"),
        Column(
            "handed_over",
            Text(id="Tersalurkan", en="Handed over"),
            lambda row: Amount(row.distributed, row.unit),
            kind="amount",
        ),
        Column(
            "written_off",
            Text(id="Susut", en="Written off"),
            lambda row: Amount(row.written_off, row.unit),
            kind="amount",
        ),
        Column("value_left", Text(id="Nilai tersisa", en="Value left"), lambda row: row.cost, kind="money"),
    ),
)

_DONE = Code("reversed", Text(id="Dibatalkan", en="Taken back"), "warning", "arrow-back")
_KINDS = {
    True: Text(id="Stok opname", en="Count"),
    False: Text(id="Barang keluar", en="Written off"),
}

STOCK_TAKES: Table[BookedTake] = Table(
    name="stock_takes",
    caption=Text(id="Catatan stok", en="Stock takes"),
    main=True,
    columns=(
        Column("date", _DATE, lambda row: row.on, kind="date", narrow=True),
        Column(
            "take",
            Text(id="Catatan", en="Stock take"),
            lambda row: _KINDS[row.is_count],
            link=lambda row, base: urls.stock_take_url(facility_of(base), row.booked_on, row.number),
            names_row=True,
            below=(
                Column("number", Text(id="Nomor", en="Number"), lambda row: f"{row.number}/{row.booked_on.year}"),
                Column("fund", _FUND, lambda row: row.fund or Text(id="semua dana", en="all funds")),
                Column("state", Text(id="Keadaan", en="State"), lambda row: _DONE if row.reversed_on else None),
            ),
        ),
        Column("counted_by", Text(id="Dihitung oleh", en="Counted by")),
        Column("witness", Text(id="Saksi", en="Witness")),
        Column("written_off", Text(id="Susut", en="Written off"), lambda row: row.lost, kind="money"),
        Column("found", Text(id="Ditemukan", en="Found"), kind="money"),
    ),
)

COUNTS: Table[ItemCount] = Table(
    name="counted_items",
    caption=Text(id="Hitungan", en="Count"),
    columns=(
        Column("item", _ITEM, link=lambda row, base: urls.stock_card_url(facility_of(base), row.code), names_row=True),
        Column(
            "book", Text(id="Menurut buku", en="In the books"), lambda row: Amount(row.book, row.unit), kind="amount"
        ),
        Column("counted", Text(id="Dihitung", en="Counted"), lambda row: Amount(row.counted, row.unit), kind="amount"),
        Column(
            "recounted",
            Text(id="Dihitung ulang", en="Counted again"),
            lambda row: None if row.recounted is None else Amount(row.recounted, row.unit),
            kind="amount",
        ),
        Column(
            "difference",
            Text(id="Selisih", en="Difference"),
            lambda row: Amount(row.difference, row.unit),
            kind="amount",
        ),
    ),
)

DIFFERENCES: Table[ItemDifference] = Table(
    name="explained_differences",
    caption=Text(id="Penjelasan selisih", en="Explained differences"),
    columns=(
        Column("item", _ITEM, names_row=True),
        Column("reason", Text(id="Sebab", en="Reason"), lambda row: REASONS[row.reason]),
        Column("quantity", _QUANTITY, lambda row: Amount(row.quantity, row.unit), kind="amount"),
        Column("fund", _FUND),
        Column("value", Text(id="Nilai", en="Value"), lambda row: row.rupiah, kind="money"),
        Column("remark", Text(id="Keterangan", en="Remark"), lambda row: row.remark or None),
    ),
)


def stock_card(unit: str) -> Table[CardRow]:
    """Returns the table of the stock card of an item that is counted in ``unit``."""
    return Table(
        name="stock_card",
        caption=Text(id="Kartu stok", en="Stock card"),
        main=True,
        columns=(
            Column("date", _DATE, lambda row: row.on, kind="date", narrow=True),
            Column(
                "description",
                Text(id="Uraian", en="Description"),
                lambda row: row.memo,
                names_row=True,
                below=(
                    Column("reason", Text(id="Sebab", en="Reason"), lambda row: REASONS.get(row.reason)),
                    Column("fund", _FUND),
                ),
            ),
            Column(
                "came",
                Text(id="Masuk", en="Came"),
                lambda row: Amount(row.came, unit) if row.came else None,
                kind="amount",
            ),
            Column(
                "left",
                Text(id="Keluar", en="Left"),
                lambda row: Amount(row.left, unit) if row.left else None,
                kind="amount",
            ),
            Column("balance", Text(id="Sisa", en="Balance"), lambda row: Amount(row.balance, unit), kind="amount"),
        ),
    )


SHOPPING: Table[NeededItem] = Table(
    name="shopping_list",
    caption=Text(id="Daftar belanja", en="Shopping list"),
    columns=(
        Column("item", _ITEM, lambda row: row.name),
        Column("quantity", _QUANTITY, lambda row: Amount(row.quantity, row.unit), kind="amount"),
        Column(
            "planned_price",
            Text(id="Harga rencana", en="Planned price"),
            lambda row: Sentence(_UNIT_PRICE, price=Money(row.price), unit=row.unit),
            kind="number",
        ),
        Column("reserved", _RESERVED, lambda row: row.held, kind="money"),
        Column("funds", Text(id="Dana", en="Funds"), lambda row: "; ".join(row.funds)),
        Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="top_up"),
    ),
)

CATALOGUE: Table[Item] = Table(
    name="catalogue_of_goods",
    caption=Text(id="Katalog barang", en="Catalogue of goods"),
    main=True,
    columns=(
        Column("goods", _ITEM, lambda row: row.name, names_row=True),
        Column("code", Text(id="Kode", en="Code")),
        Column("unit", Text(id="Satuan", en="Unit")),
        Column("other_units", Text(id="Satuan lain", en="Other units"), lambda row: row.other_units),
    ),
)

NOTES: Table[PurchasedItem] = Table(
    name="notes",
    caption=Text(id="Nota belanja", en="Notes"),
    columns=(
        Column("item", _ITEM, below=(Column("use", Text(id="Penggunaan", en="Use"), _use),)),
        Column("date", _DATE, lambda row: row.on, kind="date"),
        Column(
            "shop_and_note", Text(id="Toko dan nota", en="Shop and note"), lambda row: f"{row.memo}, {row.evidence}"
        ),
        Column(
            "quantity",
            _QUANTITY,
            lambda row: Amount(row.quantity, row.unit) if row.unit else None,
            kind="amount",
            below=(Column("written", Text(id="Pada nota", en="On the note"), _written),),
        ),
        Column("cost", Text(id="Harga", en="Cost"), kind="money"),
        Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="note_action"),
    ),
)


@dataclass(frozen=True, slots=True)
class Payer:
    """A fund that pays for an item, with the unit of the item."""

    paying: FundForItem
    unit: str


PAYERS: Table[Payer] = Table(
    name="funds_that_pay",
    caption=Text(id="Dana yang membayar", en="Funds that pay"),
    fixed=True,
    columns=(
        Column("fund", _FUND, lambda row: row.paying.fund),
        Column(
            "share",
            Text(id="Bagian", en="Share"),
            lambda row: Amount(row.paying.quantity, row.unit),
            kind="amount",
        ),
        Column("reserved", _RESERVED, lambda row: row.paying.held, kind="money"),
        Column("still_free", Text(id="Masih bebas", en="Still free"), lambda row: row.paying.free, kind="money"),
    ),
)


def notes(bought: list[PurchasedItem]) -> TableRows[PurchasedItem]:
    return NOTES.of(bought, totals={"cost": sum(item.cost for item in bought if item.reversed_on is None)})
