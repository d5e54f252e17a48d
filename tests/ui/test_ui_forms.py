"""Forms made from models: what a browser sends back is what was filled in, and every mistake stands beside its field."""

from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from pydantic import BaseModel
from starlette.datastructures import FormData

from guyub.sdk.config import PackageItem, field
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.language import speak
from guyub.ui.model_fields import fields_of
from guyub.ui.render import Pages
from guyub_bansos.config import BansosConfig
from guyub_canteen_profit.config import CanteenConfig
from guyub_canteen_profit.receipts import MonthlyStatement
from guyub_csr_funding.config import CsrConfig
from guyub_csr_funding.receipts import CsrCash, CsrGoods, GoodsLine

from .conftest import APage

DAY = date(2024, 11, 16)
RICE = GoodsLine(code="beras", name="Beras", unit="kg", quantity=Decimal("1500"), value=18_750_000)
OIL = GoodsLine(code="minyak", name="Minyak goreng", unit="liter", quantity=Decimal("2.125"), value=45_000)
GIFT = {
    "donor": 'PT Contoh "Maju" & Anak (contoh)',
    "donor_identity": "NIB 9900",
    "agreement_number": "12/CSR/2024",
    "agreement_date": date(2024, 11, 1),
    "received_on": DAY,
    "evidence_number": "TRF-01",
    "purpose": "Sembako",
    "categories": ("inmate_family", "neighbour"),
    "programs": ("bansos", "beasiswa"),
    "usable_until": date(2024, 12, 31),
    "is_vendor": True,
    "declaration_number": "BK-1",
}
FILLED = [
    CsrCash(**GIFT, amount=1_500_000),
    CsrGoods(**GIFT, lines=(RICE, OIL)),
    CsrGoods(donor="Contoh", received_on=DAY, evidence_number="1", lines=(RICE,)),
    MonthlyStatement(
        month=DAY,
        canteen_sales=12_000_000,
        canteen_costs=10_500_000,
        canteen_share=750_000,
        food_supply_margin=0,
        basis_number="KOP-3",
        received_on=DAY,
        voucher_number="BKK-7",
    ),
    BansosConfig(),
    BansosConfig(
        quota=12_000,
        weight_income=0,
        package=(
            PackageItem(
                code="beras",
                name="Beras",
                unit="kg",
                quantity=Decimal("1.5"),
                price=15_673,
                per_member=True,
                at_most=Decimal("7.5"),
            ),
        ),
    ),
    CanteenConfig(),
    CanteenConfig(share_percent=50, ceiling=2_000_000, basis_required=False),
    CsrConfig(),
    CsrConfig(default_categories=("institution",), vendors_allowed=False),
]


class Controls(HTMLParser):
    """What a browser would send of a form, as long as no button is pressed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._select = self._area = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and (given["type"] not in ("checkbox", "radio") or "checked" in given):
            self.sent.append((given["name"], given["value"]))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.sent.append((self._select, given["value"]))
        elif tag == "textarea":
            self._area = given["name"]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent.append((self._area, data))
            self._area = ""


@pytest.fixture
def shown(tmp_path: Path, a_page: APage):
    """``shown(entry, "en")``: the markup of the form."""

    def render(entry: forms.FieldEntry, lang: str = "id") -> str:
        (tmp_path / "form.html").write_text("{{ field.model(entry) }}")
        return Pages({"room": tmp_path}).render("room/form.html", a_page(lang), entry=entry)

    return render


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("model", FILLED, ids=lambda model: type(model).__name__)
def test_what_stands_in_a_form_comes_back_as_the_same_model(shown, model: BaseModel, lang: str):
    entry = forms.filled(type(model), {name: getattr(model, name) for name in type(model).model_fields})
    back = forms.read(type(model), FormData(Controls(shown(entry, lang)).sent))
    assert back.problems == {}
    assert back.model == model


@pytest.mark.parametrize("lang", ["id", "en"])
@given(
    quantity=st.decimals("0.001", 10**10, places=3),
    price=st.integers(0, 9 * 10**15),
    quota=st.integers(1, 20_000),
    share=st.integers(0, 100),
)
def test_numbers_come_back_as_the_page_shows_them_in_its_language(lang, quantity, price, quota, share):
    speak(lang)
    try:
        line = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": quantity, "price": price}
        shown_line = forms.filled(PackageItem, line)
        assert forms.read(PackageItem, FormData(_typed(shown_line))).model == PackageItem(**line)
        config = forms.filled(CanteenConfig, {**CanteenConfig().model_dump(), "share_percent": share})
        for words in (_typed(config), _typed(config) | {"share_percent": f"{share}%"}):
            assert forms.read(CanteenConfig, FormData(words)).model.share_percent == share
        bansos = _typed(forms.filled(BansosConfig, {**BansosConfig().model_dump(), "quota": quota}))
        assert forms.read(BansosConfig, FormData(bansos)).typed["quota"] == (bansos["quota"],)
    finally:
        speak("id")


def _typed(entry: forms.FieldEntry) -> dict[str, str]:
    return {name: text for name, texts in entry.typed.items() for text in texts}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_days_and_months_stand_in_words_beside_their_fields(shown, lang: str):
    markup = shown(forms.filled(MonthlyStatement, {"month": DAY, "received_on": DAY}), lang)
    day = {"id": "Sabtu, 16 November 2024", "en": "Saturday, 16 November 2024"}[lang]
    assert f'for="f-received_on" data-words="f-received_on">{day}</output>' in markup
    assert 'data-words="f-month">November 2024</output>' in markup
    assert 'data-words="f-received_on"></output>' in shown(forms.blank(MonthlyStatement), lang)


MODELS = list(dict.fromkeys(type(model) for model in FILLED))


@pytest.mark.parametrize("model", [*MODELS, CsrConfig, CanteenConfig], ids=lambda model: model.__name__)
def test_every_text_of_every_plugin_has_a_length(model: type[BaseModel]):
    texts = [field for top in fields_of(model) for field in (top, *top.columns) if field.kind in ("text", "textarea")]
    assert [field.name for field in texts if not (field.max_length or 201) <= 200 and field.name != "code"] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_of_every_plugin_is_shown_with_title_and_help_in_both_languages(shown, model: type[BaseModel]):
    for lang in ("id", "en"):
        markup = shown(forms.blank(model), lang)
        for form_field in fields_of(model):
            assert escape(form_field.title.in_(lang)) in markup
            assert escape(form_field.help.in_(lang)) in markup


CASH = {"donor": "PT Contoh", "received_on": "2024-11-16", "evidence_number": "TRF-1", "amount": "1500000"}


def read_cash(**typed: str) -> forms.FieldEntry[CsrCash]:
    return forms.read(CsrCash, FormData({**CASH, **typed}))


@pytest.mark.parametrize("typed", ["Rp1.500.000", "1.500.000", "Rp. 1.500.000,-", "1500000", "1500 ribu"])
def test_rupiah_are_understood_as_people_write_them(typed: str):
    model = read_cash(amount=typed).model
    assert model is not None
    assert model.amount == 1_500_000


@pytest.mark.parametrize("typed", ["16/11/2024", "2024-11-16", "16 November 2024"])
def test_days_are_understood_as_people_write_them(typed: str):
    model = read_cash(received_on=typed).model
    assert model is not None
    assert model.received_on == DAY


@pytest.mark.parametrize("typed", ["2024-11", "November 2024", "16/11/2024"])
def test_a_month_is_kept_as_its_first_day(typed: str):
    sent = {"month": typed, "received_on": "2024-11-16", "voucher_number": "1"}
    model = forms.read(MonthlyStatement, FormData(sent)).model
    assert model is not None
    assert model.month == date(2024, 11, 1)
    assert model.canteen_sales == 0


def test_what_is_missing_is_said_beside_its_field_in_both_languages():
    entry = read_cash(donor="", amount="")
    assert entry.model is None
    assert set(entry.problems) == {"donor", "amount"}
    assert entry.problems["donor"] == Text(id="Belum diisi. Isi kolom ini.", en="This is missing. Fill it in.")
    assert entry.summary["amount"].id == "Jumlah uang: Belum diisi. Isi kolom ini."


def test_what_was_typed_wrongly_is_shown_again_as_it_was(shown):
    entry = read_cash(amount="banyak", received_on="kemarin")
    assert entry.problems["amount"].en.startswith("This amount of rupiah is not understood.")
    assert entry.problems["received_on"].id.startswith("Tanggal ini tidak dikenali.")
    markup = shown(entry)
    assert 'value="banyak"' in markup
    assert 'id="f-amount-error"' in markup
    assert 'aria-describedby="f-amount-hint f-amount-error" aria-invalid="true"' in markup


def test_a_limit_of_the_model_is_said_in_words():
    assert read_cash(amount="0").problems["amount"].id == "Angka ini di luar batas. Isi lebih dari 0."
    assert read_cash(donor="x" * 121).problems["donor"].en == "This is too long. 120 characters at most."


def test_errors_stand_in_the_order_of_the_page():
    entry = read_cash(amount="x", received_on="x", donor="")
    assert list(entry.problems) == ["donor", "received_on", "amount"]


def goods(*rows: dict[str, str], more: dict[str, str] | None = None, shown: int = 3) -> forms.FieldEntry[CsrGoods]:
    sent = {name: value for name, value in CASH.items() if name != "amount"} | {"lines._rows": str(shown)}
    for row, cells in enumerate(rows):
        sent |= {f"lines.{row}.{name}": value for name, value in cells.items()}
    return forms.read(CsrGoods, FormData(sent | (more or {})))


RICE_TYPED = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": "1.500", "value": "18.750.000"}


def test_empty_rows_are_left_out():
    entry = goods({}, RICE_TYPED, {"code": "", "name": " "})
    assert entry.model is not None
    assert entry.model.lines == (RICE,)


def test_an_error_in_a_line_points_to_the_row_that_the_reader_sees():
    entry = goods({}, RICE_TYPED | {"quantity": "-1", "code": ""})
    assert set(entry.problems) == {"lines.1.quantity", "lines.1.code"}
    assert entry.summary["lines.1.code"].en.startswith("Goods, row 2: ")


def test_a_unit_that_is_typed_behind_a_quantity_fills_the_field_of_the_unit():
    entry = goods(RICE_TYPED | {"quantity": "80 sak", "unit": ""}, RICE_TYPED | {"quantity": "80 sak", "unit": "kg"})
    assert (entry.text("lines.0.quantity"), entry.text("lines.0.unit")) == ("80", "sak")
    assert set(entry.problems) == {"lines.1.quantity"}


def test_no_line_at_all_is_an_error_of_the_table():
    assert set(goods({}, {}).problems) == {"lines"}


def test_one_more_row_keeps_what_was_typed_and_complains_of_nothing():
    entry = goods(RICE_TYPED, more={forms.ONE_MORE: "lines", "donor": ""})
    assert entry.asks_for_row
    assert entry.rows == {"lines": 4}
    assert entry.problems == {}
    assert entry.text("lines.0.quantity") == "1.500"


def test_the_rows_end_where_the_model_ends():
    assert goods(more={forms.ONE_MORE: "lines"}, shown=50).rows == {"lines": 50}
    assert goods(shown=999).rows == {"lines": 50}


def test_a_row_that_the_form_does_not_have_is_not_read():
    assert set(goods(more={f"lines.70.{name}": value for name, value in RICE_TYPED.items()}).problems) == {"lines"}


def test_a_refusal_of_the_plugin_stands_beside_the_field_that_it_names():
    refusal = Invalid("x", Text(id="Sudah ada.", en="It exists."), Text(id="Ganti.", en="Change it."), "donor")
    entry = read_cash().refused(refusal)
    assert entry.model is None
    assert entry.problems == {"donor": Text(id="Sudah ada. Ganti.", en="It exists. Change it.")}


@pytest.mark.parametrize(("named", "shown_at"), [("lines.0.price", ""), ("amount.x", "amount"), ("elsewhere", "")])
def test_a_refusal_that_names_an_unknown_field_is_said_at_the_nearest_place(named: str, shown_at: str):
    refusal = Invalid("x", Text(id="Salah.", en="Wrong."), Text(id="Ganti.", en="Change."), named)
    assert set(read_cash().refused(refusal).problems) == {shown_at}


def typed_for(config: BansosConfig) -> dict[str, str]:
    entry = forms.filled(type(config), {name: getattr(config, name) for name in type(config).model_fields})
    typed = {name: value[0] for name, value in entry.typed.items() if value}
    return typed | {f"{name}._rows": str(rows) for name, rows in entry.rows.items()}


def test_a_rule_between_fields_of_a_configuration_is_said_beside_the_field_that_it_names():
    sent = typed_for(BansosConfig()) | {"ceiling": "100.000"}
    entry = forms.read(BansosConfig, FormData(sent))
    assert set(entry.problems) == {"package"}
    assert "Rp100.000" in entry.problems["package"].id


def test_emptying_a_field_is_no_way_to_ask_for_its_default():
    entry = forms.read(BansosConfig, FormData(typed_for(BansosConfig()) | {"quota": ""}))
    assert set(entry.problems) == {"quota"}


def test_an_unchecked_box_says_no_even_where_the_default_is_yes():
    sent = typed_for(BansosConfig())
    del sent["survey_required"]
    entry = forms.read(BansosConfig, FormData(sent))
    assert entry.model is not None
    assert entry.model.survey_required is False


def test_an_unknown_choice_is_refused():
    entry = forms.read(CsrCash, FormData({**CASH, "categories": "everyone"}))
    assert set(entry.problems) == {"categories"}


def test_a_field_that_explains_nothing_cannot_become_a_form():
    class Silent(BaseModel):
        amount: int

    with pytest.raises(TypeError, match=r"Silent\.amount has no title"):
        forms.blank(Silent)


def test_a_field_that_no_form_can_show_is_named():
    class Odd(BaseModel):
        table: dict[str, int] = field(Text(id="Tabel", en="Table"), help=Text(id="-", en="-"))

    with pytest.raises(TypeError, match=r"Odd\.table"):
        forms.blank(Odd)
