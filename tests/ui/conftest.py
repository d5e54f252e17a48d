"""A page of a reader at Pekalongan, without a database behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import FormData

from guyub.db.unit_of_work import CodeName
from guyub.plugins.hook_results import Attributed
from guyub.sdk import Card, Config, Line, Pager, Panel, Secret, field
from guyub.sdk.errors import Refusal
from guyub.sdk.facility import Facility
from guyub.sdk.page_tables import Code, Column, Table, Tone
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.render import Flash, NavItem, PageContext, Pages
from guyub_csr_funding.receipts import CsrGoods

HERE = "/f/rutan-pekalongan"
RUTAN = Facility(UUID(int=1), "rutan-pekalongan", "Rutan Kelas IIA Pekalongan", "Asia/Jakarta", "jawa-tengah")
MENU = (
    NavItem(Text(id="Bulan ini", en="This month"), f"{HERE}/", "home", exact=True),
    NavItem(Text(id="Keluarga", en="Households"), f"{HERE}/households", "users"),
)

APage = Callable[..., PageContext]


@pytest.fixture
def a_page() -> APage:
    """``a_page("en", path=...)``: what a page knows on the day of the distribution."""

    def make(lang: str = "id", **given: object) -> PageContext:
        known: dict[str, object] = {
            "path": f"{HERE}/households/new",
            "here": f"{HERE}/households/new?from=list",
            "csrf_token": "tanda-contoh",
            "now": datetime(2024, 11, 16, 9, tzinfo=ZoneInfo("Asia/Jakarta")),
            "reader": "Kasubsi Contoh Satu",
            "login": "kasubsi",
            "facility": RUTAN,
            "facilities": (CodeName("rutan-pekalongan", RUTAN.name), CodeName("rutan-demak", "Rutan Kelas IIB Demak")),
            "permissions": frozenset({"registry.read"}),
            "navigation": MENU,
            "flash": Flash("success", Text(id="Keluarga terdaftar.", en="The household is registered.")),
            "banner": Text(id="Peragaan: data contoh.", en="Demonstration: sample data."),
        }
        return PageContext(lang=lang, **{**known, **given})  # type: ignore[arg-type]  # its fields by name

    return make


@dataclass(frozen=True)
class Row:
    name: str
    state: Text
    kind: Tone
    score: Decimal


CANDIDATES: Table[Row] = Table(
    name="candidates",
    caption=Text(id="Calon penerima", en="Candidates"),
    main=True,
    columns=(
        Column("name", Text(id="Nama", en="Name"), link=lambda row, base: f"{base}/"),
        Column("state", Text(id="Keadaan", en="State"), lambda row: Code("state", row.state, row.kind, "check")),
        Column("score", Text(id="Skor", en="Score"), kind="quantity"),
        Column("action", Text(id="Tindakan", en="Actions"), kind="action", cell="open"),
    ),
)
BOOK: Table[Row] = Table(
    name="cash_book",
    caption=Text(id="Buku kas umum", en="Cash book"),
    wide=True,
    shows_caption=True,
    columns=(
        Column("date", Text(id="Tanggal", en="Date"), lambda row: date(2024, 11, 16), kind="weekday"),
        Column("voucher", Text(id="Bukti", en="Voucher"), lambda row: row.name),
        Column("memo", Text(id="Uraian", en="Memo"), lambda row: (row.name, row.state)),
        Column("receipts", Text(id="Penerimaan", en="Receipts"), lambda row: 1_500_000, kind="money"),
        Column("payments", Text(id="Pengeluaran", en="Payments"), lambda row: 1_500_000, kind="money"),
        Column("balance", Text(id="Saldo", en="Balance"), lambda row: 1_500_000, kind="money"),
    ),
)
SOURCES: Table[tuple[Text, int]] = Table(
    name="money_by_source",
    caption=Text(id="Dana menurut sumber", en="Money by source"),
    columns=(
        Column("source", Text(id="Sumber", en="Source"), lambda row: row[0]),
        Column("money", Text(id="Uang", en="Money"), lambda row: row[1], kind="money"),
    ),
)


class Gateway(Config):
    token: Secret = field(Text(id="Token", en="Token"), help=Text(id="Dari penyedia.", en="From the provider."))


_LINE = Line(Text(id="Terkumpul", en="Collected"), "Rp150.000")
_INFAK = Text(id="Infak", en="Staff infak")
ADDED = {
    "cards": [
        Attributed("infak", Card(_INFAK, "Rp150.000", (_LINE,), "/collections", "good")),
        Attributed(
            "other", Card(Text(id="Plugin lain", en="Another plugin"), lines=(_LINE,), tone="danger"), "E-1A2B3C"
        ),
    ],
    "panels": [Attributed("infak", Panel(_INFAK, (_LINE,))), Attributed("other", Panel(_INFAK, (_LINE,)), "E-1A2B3C")],
}
"""What plugins add to pages; an item with a code stands in the place of one that failed."""


EveryComponent = Callable[..., str]


@pytest.fixture
def every_component(a_page: APage) -> EveryComponent:
    """``every_component("en", theme="dark")``: one page with each component on it."""
    pages = Pages({"sample": Path(__file__).parent})
    rows = [
        Row("Ibu Contoh Satu", Text(id="Terpilih", en="Selected"), "success", Decimal("72.5")),
        Row("Bapak Contoh Dua", Text(id="Cadangan", en="Reserve"), "warning", Decimal(55)),
        Row("Ibu Contoh Tiga", Text(id="Tidak memenuhi syarat", en="Not eligible"), "neutral", Decimal(0)),
    ]
    missing = Text(id="Belum diisi. Isi kolom ini.", en="This is missing. Fill it in.")
    general = Text(id="Usulan ini sudah terkirim.", en="This proposal was sent already.")
    refusal = Refusal("x", Text(id="Dana tidak cukup.", en="There is not enough."), Text(id="Tambah.", en="Add some."))
    entry = forms.read(CsrGoods, FormData({"donor": "PT Contoh", "lines._rows": "2", "lines.1.quantity": "x"}))

    def render(lang: str = "id", **given: object) -> str:
        return pages.render(
            "sample/every_component.html",
            a_page(lang, **given),
            candidates=CANDIDATES.of(rows * 7, totals={"score": Decimal(127)}),
            book=BOOK.of(rows),
            sources=SOURCES.of([(Text(id="CSR", en="CSR"), 586_000), (Text(id="Kantin", en="Canteen"), 201_500)]),
            refusal=refusal,
            entry=entry,
            problems={"": general, "name": missing, "way": missing},
            added=ADDED,
            secret=forms.blank(Gateway),
            pager=Pager(21, 40, 1320, "/before", "/after"),
        )

    return render
