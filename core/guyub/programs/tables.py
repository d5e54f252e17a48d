"""The declared tables of programmes: months, candidates, the proposed list, the day, money and goods of a month."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from guyub.funds import urls
from guyub.funds.purchase_list import NeededItem
from guyub.programs.coverage import FundShare
from guyub.programs.cycle_facts import PlannedLine, points, why_excluded
from guyub.programs.cycle_funds import FundOfCycle, HeldForCycle
from guyub.programs.cycles import Cycle
from guyub.programs.labels import HOUSEHOLD_STATES, STATES
from guyub.programs.overview import MonthLine
from guyub.programs.queries import Candidate, Recipient
from guyub.programs.urls import cycle_url
from guyub.registry.labels import CATEGORIES
from guyub.sdk.page_tables import Code, Column, Filter, Sentence, Table, TableRows, Value
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Amount, Money, Text

PROPOSED_PAGE = 100
OUT_OF_REACH = Text(id="Nama tidak dalam jangkauan Anda", en="Name out of your reach")
_FUND, _VALUE = Text(id="Dana", en="Fund"), Text(id="Nilai", en="Value")
_QUANTITY = Text(id="Jumlah", en="Quantity")
_STATE = Text(id="Keadaan", en="State")
_NAME = Text(id="Nama penerima", en="Recipient's name")
_NO = Text(id="No.", en="No.")
_ACTION = Text(id="Tindakan", en="Action")
_REVIEW = Code("for_review_by_the_region", Text(id="Perlu ditinjau Kanwil", en="For review by the region"), "warning")
_PER_MEMBER = Text(id="{unit} per jiwa", en="{unit} per member")
_THIS_MONTH = Text(id="hanya bulan ini: {reason}", en="this month alone: {reason}")
_FROM_STOCK = Text(id="dari barang {stock}, dibelanjakan {spend}", en="from stock {stock}, to be spent {spend}")
_UNDONE = Text(id="Penyerahan dibatalkan", en="Hand-over undone")
_AGAINST_THE_ORDER = Text(id="Dimasukkan di luar urutan: {reason}", en="Put on against the order: {reason}")
_NO_CRITERION = Text(id="Tidak ada kriteria yang terpenuhi.", en="No criterion is met.")

CYCLE_STATES: Mapping[str, Code] = {
    "planned": Code("planned", STATES["planned"]),
    "proposed": Code("proposed", STATES["proposed"], "info"),
    "approved": Code("approved", STATES["approved"], "primary"),
    "distributing": Code("distribution", STATES["distributing"], "warning"),
    "closed": Code("closed", STATES["closed"], "success"),
    "cancelled": Code("cancelled", STATES["cancelled"], "danger"),
}


def category_of(row: Candidate) -> Text | str:
    return CATEGORIES.get(row.category, row.category)


def packages_in_words(count: int) -> Text:
    return Text(id="{count} paket", en="{count} packages", en_one="{count} package").format(count=count)


def _score(row: Candidate) -> Decimal:
    return round(row.score, 1)


_PACKAGES: Column[Candidate] = Column(
    "packages",
    Text(id="Paket", en="Packages"),
    lambda row: packages_in_words(row.packages) if row.packages > 1 else None,
)
_ADDRESS: Column[Candidate] = Column("address", Text(id="Alamat", en="Address"))


def candidates(cycle: Cycle) -> Table[Candidate]:
    return Table(
        name="candidates_by_score",
        caption=Text(id="Calon menurut skor", en="Candidates by score"),
        main=True,
        columns=(
            Column("no", _NO, kind="position"),
            Column(
                "household",
                Text(id="Keluarga", en="Household"),
                lambda row: row.name or OUT_OF_REACH,
                cell="candidate_name",
                sorts=True,
                names_row=True,
                below=(_ADDRESS,),
            ),
            Column("category", Text(id="Kategori", en="Category"), category_of, sorts=True),
            Column("members", Text(id="Jiwa", en="Members"), kind="number", sorts=True, below=(_PACKAGES,)),
            Column(
                "score",
                Text(id="Skor", en="Score"),
                lambda row: None if row.state == "excluded" else _score(row),
                cell="candidate_score",
                sorts=True,
            ),
            Column(
                "state",
                _STATE,
                lambda row: HOUSEHOLD_STATES[row.state],
                cell="candidate_state",
                below=(
                    Column(
                        "reason",
                        Text(id="Alasan", en="Reason"),
                        lambda row: why_excluded(cycle, row.state_reason) if row.state_reason else None,
                    ),
                ),
            ),
            Column("action", _ACTION, kind="action", cell="candidate_action"),
        ),
        filters=(
            Filter("state", _STATE, kind="hidden"),
            Filter("name", _NAME, kind="text"),
            Filter(
                "category",
                Text(id="Kategori", en="Category"),
                options=tuple(CATEGORIES.items()),
                any_option=Text(id="Semua kategori", en="All categories"),
            ),
        ),
    )


def proposed_list(cycle: Cycle) -> Table[Candidate]:
    def reasons(row: Candidate) -> Value:
        explained = [_criterion(label, got) for label, got, _ in points(cycle, row.reasons)]
        return Text.join(", ", explained) if explained else _NO_CRITERION

    return Table(
        name="the_proposed_list",
        caption=Text(id="Daftar yang diusulkan", en="The proposed list"),
        main=True,
        page_size=PROPOSED_PAGE,
        columns=(
            Column("no", _NO, kind="position"),
            Column(
                "household",
                Text(id="Keluarga", en="Household"),
                lambda row: row.name or OUT_OF_REACH,
                sorts=True,
                names_row=True,
                below=(_ADDRESS,),
            ),
            Column("category", Text(id="Kategori", en="Category"), category_of, sorts=True),
            Column("members", Text(id="Jiwa", en="Members"), kind="number", sorts=True, below=(_PACKAGES,)),
            Column("score", Text(id="Skor", en="Score"), _score, cell="proposed_score", sorts=True),
            Column(
                "reasons",
                Text(id="Alasan", en="Reasons"),
                reasons,
                cell="proposed_reasons",
                below=(
                    Column(
                        "against_the_order",
                        Text(id="Di luar urutan skor", en="Against the order of the scores"),
                        lambda row: row.state_reason or None,
                    ),
                ),
            ),
        ),
    )


def _criterion(label: Text, got: Decimal) -> Text:
    points_of_it = round(got, 1)
    return Text(
        id=f"{label.id} {format_quantity(points_of_it)}", en=f"{label.en} {format_quantity(points_of_it, 'en')}"
    )


def note_of(row: Recipient) -> Value:
    """Returns what became of a household that has not received, as its list may say in front of everybody: why a hand-over was
    undone stands on the household's timeline."""
    return _UNDONE if row.reversal else row.absence


RECIPIENTS: Table[Recipient] = Table(
    name="distribution_list",
    caption=Text(id="Daftar penyaluran", en="Distribution list"),
    main=True,
    page_size=100,
    columns=(
        Column("no", _NO, lambda row: row.number, kind="number"),
        Column("name", Text(id="Nama", en="Name"), sorts=True),
        Column("address", Text(id="Alamat", en="Address"), sorts=True),
        Column(
            "packages",
            Text(id="Paket", en="Packages"),
            lambda row: row.packages,
            kind="number",
        ),
        Column("state", _STATE, lambda row: HOUSEHOLD_STATES.get(row.state, row.state)),
        Column(
            "handed_over", Text(id="Diserahkan", en="Handed over"), lambda row: row.handed_at, kind="moment", sorts=True
        ),
        Column("note", Text(id="Keterangan", en="Note"), note_of),
    ),
    filters=(
        Filter("state", _STATE, kind="hidden"),
        Filter("name", Text(id="Nama atau nomor urut", en="Name or number on the list"), kind="text"),
    ),
)

MONTHS: Table[MonthLine] = Table(
    name="the_months_of_this_programme",
    caption=Text(id="Bulan-bulan program ini", en="The months of this programme"),
    main=True,
    columns=(
        Column(
            "month",
            Text(id="Bulan", en="Month"),
            lambda row: row.period,
            kind="period",
            link=lambda row, base: cycle_url(base.rsplit("/", 1)[-1], row.code),
        ),
        Column("state", Text(id="Tahap", en="State"), lambda row: CYCLE_STATES[row.state]),
        Column("distribution", Text(id="Penyaluran", en="Distribution"), lambda row: row.distribution_on, kind="date"),
        Column(
            "recipients", Text(id="Penerima", en="Recipients"), lambda row: row.listed, kind="number", cell="served"
        ),
        Column("served", Text(id="Menerima", en="Received"), lambda row: row.received, kind="number", on_page=False),
        Column(
            "value_handed_over",
            Text(id="Nilai diserahkan", en="Value handed over"),
            lambda row: row.value or None,
            kind="money",
        ),
    ),
    filters=(Filter("state", Text(id="Tahap", en="State"), lambda row: CYCLE_STATES[row.state]),),
)


def _quantity_of(row: PlannedLine) -> Value:
    if not row.unit:
        return None
    return Amount(row.quantity, _PER_MEMBER.format(unit=row.unit) if row.per_member else row.unit)


PACKAGE: Table[PlannedLine] = Table(
    name="what_one_household_gets",
    caption=Text(id="Isi bantuan untuk satu keluarga", en="What one household gets"),
    total_label=Text(id="Nilai per keluarga", en="Value per household"),
    columns=(
        Column(
            "contents",
            Text(id="Isi", en="Contents"),
            lambda row: row.item,
            below=(
                Column(
                    "this_month_alone",
                    Text(id="Hanya bulan ini", en="This month alone"),
                    lambda row: _THIS_MONTH.format(reason=row.reason) if row.reason else None,
                ),
            ),
        ),
        Column("quantity", _QUANTITY, _quantity_of, kind="amount"),
        Column("value", _VALUE, kind="money"),
    ),
)


def package(lines: Sequence[PlannedLine]) -> TableRows[PlannedLine]:
    return PACKAGE.of(lines, totals={"value": sum(line.value for line in lines)})


def _from_stock(row: FundShare) -> Value:
    return Sentence(_FROM_STOCK, stock=Money(row.from_stock), spend=Money(row.to_spend)) if row.from_stock else None


_SHARES: Table[FundShare] = Table(
    name="funds_that_pay",
    caption=Text(id="Dana yang dipakai", en="Funds that pay"),
    columns=(
        Column(
            "fund",
            _FUND,
            lambda row: row.fund,
            below=(
                Column("parts", Text(id="Rincian", en="Parts"), _from_stock, in_files=False),
                Column(
                    "from_goods_at_hand",
                    Text(id="Dari barang di gudang", en="From goods on hand"),
                    lambda row: row.from_stock,
                    kind="money",
                    on_page=False,
                ),
                Column(
                    "to_spend",
                    Text(id="Uang yang dipakai", en="Money to spend"),
                    lambda row: row.to_spend,
                    kind="money",
                    on_page=False,
                ),
            ),
        ),
        Column("amount", Text(id="Jumlah", en="Amount"), lambda row: row.total, kind="money"),
    ),
)


def shares(fund_shares: Sequence[FundShare]) -> TableRows[FundShare]:
    return _SHARES.of(fund_shares, totals={"amount": sum(share.total for share in fund_shares)})


def funds_of_month(
    funds: Sequence[FundOfCycle], would_pay: Mapping[UUID, int] | None, links: bool
) -> TableRows[FundOfCycle]:
    """Returns what each fund would pay while a month is planned, and what it holds and gave afterwards (``would_pay`` None)."""
    table: Table[FundOfCycle] = Table(
        name="funds_of_this_month",
        caption=Text(id="Dana bulan ini", en="Funds of this month"),
        columns=(
            Column(
                "fund",
                _FUND,
                lambda row: row.name,
                link=lambda row, base: urls.fund_url(base.rsplit("/", 1)[-1], row.code) if links else "",
                below=(
                    Column(
                        "review",
                        Text(id="Peninjauan", en="Review"),
                        lambda row: _REVIEW if row.sensitive else None,
                    ),
                ),
            ),
            Column(
                "would_pay",
                Text(id="Dipakai", en="Would pay"),
                lambda row: (would_pay or {}).get(row.id, 0),
                kind="money",
            ),
            Column("available", Text(id="Tersedia", en="Available"), lambda row: row.free + row.stock, kind="money"),
            Column("reserved", Text(id="Dicadangkan", en="Reserved"), lambda row: row.held, kind="money"),
            Column("handed_over", Text(id="Diserahkan", en="Handed over"), lambda row: row.handed_over, kind="money"),
        ),
    )
    return table.of(funds, without=("would_pay", "available") if would_pay is None else ("reserved", "handed_over"))


SHOPPING: Table[NeededItem] = Table(
    name="shopping_list",
    caption=Text(id="Daftar belanja", en="Shopping list"),
    columns=(
        Column("item", Text(id="Barang", en="Item"), lambda row: row.name),
        Column("quantity", _QUANTITY, lambda row: Amount(row.quantity, row.unit), kind="amount"),
        Column("from_the_fund", Text(id="Dari dana", en="From the fund"), lambda row: "; ".join(row.funds)),
        Column("money_reserved", Text(id="Dana dicadangkan", en="Money reserved"), lambda row: row.held, kind="money"),
    ),
)

HANDED_OVER: Table[FundOfCycle] = Table(
    name="what_was_handed_over_by_fund",
    caption=Text(id="Yang diserahkan, menurut dana", en="What was handed over, by fund"),
    columns=(
        Column("fund", _FUND, lambda row: row.name),
        Column("value", _VALUE, lambda row: row.handed_over, kind="money"),
    ),
)


def handed_over_by_fund(funds: Sequence[FundOfCycle]) -> TableRows[FundOfCycle]:
    return HANDED_OVER.of(funds, totals={"value": sum(fund.handed_over for fund in funds)})


HELD: Table[HeldForCycle] = Table(
    name="what_goes_back_to_its_source",
    caption=Text(id="Yang kembali ke sumbernya", en="What goes back to its source"),
    columns=(
        Column("fund", _FUND),
        Column("left_over", Text(id="Sisa", en="Left over"), lambda row: row.item or Text(id="Uang", en="Money")),
        Column(
            "quantity",
            _QUANTITY,
            lambda row: Amount(row.quantity, row.unit) if row.item else None,
            kind="amount",
        ),
        Column("value", _VALUE, lambda row: row.rupiah, kind="money"),
    ),
)


HOUSEHOLDS_BY_STATE: Table[tuple[str, int]] = Table(
    name="households_by_state",
    caption=Text(id="Keluarga menurut keadaan", en="Households by state"),
    columns=(
        Column("item", Text(id="Uraian", en="Item"), lambda row: HOUSEHOLD_STATES[row[0]]),
        Column("amount", Text(id="Jumlah", en="Amount"), lambda row: row[1], kind="number"),
    ),
)

POINTS: Table[tuple[Text, Decimal, int]] = Table(
    name="points_by_criterion",
    caption=Text(id="Poin menurut kriteria", en="Points by criterion"),
    columns=(
        Column("item", Text(id="Uraian", en="Item"), lambda row: row[0]),
        Column("amount", Text(id="Jumlah", en="Amount"), lambda row: row[1], kind="quantity", cell="points"),
    ),
)
