"""Goods are counted in one unit at a facility: another one is refused at its field, by every door and by the database."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import catalogue, items, queries, receipts
from guyub.funds.catalogue import Keeper
from guyub.funds.models import WrittenQuantity
from guyub.programs import cycles
from guyub.sdk.errors import Invalid
from guyub.sdk.funding import GoodsReceived, Receipt
from guyub.sdk.quantities import SAME_UNITS, DeclaredUnit, factor_of, is_unit, same_unit, tidy_unit, unit_key
from guyub.sdk.unseen import is_blank
from guyub.ui.typed_values import quantity_at
from tests import worlds
from tests.visits import NewVisitor, hidden_in, text_of
from tests.worlds import PEKALONGAN

NOVEMBER = date(2024, 11, 6)
ADDRESS = "/f/rutan-pekalongan/funds/receive/csr_funding/csr/csr_goods"
OTHERS = ["sak", "karung", "k g", "liter", "kg/sak", "kgi"]
SAME = [
    "kg",
    "Kg",
    " KG ",
    "kg.",
    ".kg",
    "ｋｇ",
    "㎏",
    "k\u200bg",
    "k\x01g",
    "kg\n",
    "Kgs",
    "KILO",
    "kilogram",
    "Kilograms.",
]
UNTIDY = [
    "",
    " ",
    ".",
    "\u200b",
    "\x01",
    "\u3164",
    "kg\n",
    "k\ng",
    " KG. ",
    "kg.",
    " kg",
    "k  g",
    "k\u00a0g",
    "kg\u200b",
    "x" * 21,
]


def goods(*units: str, code: str = "beras") -> dict[str, Any]:
    return {
        "donor": "PT Contoh",
        "donor_identity": "9120001234567",
        "agreement_number": f"PKS-{'-'.join(units)}",
        "agreement_date": "2024-10-01",
        "received_on": "2024-11-06",
        "evidence_number": "BAST-1",
        "lines": [
            {"code": code, "name": "Beras", "unit": unit, "quantity": "80", "value": 1_200_000} for unit in units
        ],
    }


def received(rutan: Rutan, form: dict[str, Any]) -> str:
    """The fund, or the code of the refusal and its field."""
    try:
        with rutan.work_of("pengelola") as work:
            fund = receipts.receive(work, rutan.opened.plugins, "csr_funding", "csr", "csr_goods", form, NOVEMBER)
            return str(fund)
    except Invalid as refusal:
        return f"{refusal.code} {refusal.field}"


@pytest.fixture
def here(rutan: Rutan) -> Rutan:
    """A facility that counts its rice in kg."""
    received(rutan, goods("kg"))
    return rutan


def stock(rutan: Rutan) -> list[tuple[str, str, Decimal]]:
    with rutan.work_of("pengelola") as work:
        return [(row.item, row.unit, row.free) for row in queries.stock(work)]


def test_a_receipt_in_another_unit_is_refused_at_its_field_and_books_nothing(here: Rutan):
    for unit in OTHERS:
        assert received(here, goods(unit)) == "funds.unit_differs lines.0.unit", unit
    assert stock(here) == [("Beras", "kg", Decimal(80))]


def test_case_spaces_invisible_signs_and_synonyms_make_no_other_unit(here: Rutan):
    for number, unit in enumerate(SAME):
        form = goods("x") | {"agreement_number": f"PKS-{number}", "evidence_number": f"BAST-B{number}"}
        form["lines"][0]["unit"] = unit
        assert "funds" not in received(here, form), unit
    assert stock(here) == [("Beras", "kg", Decimal(80))] * (1 + len(SAME))


def test_one_receipt_names_new_goods_in_one_unit_only(rutan: Rutan):
    assert received(rutan, goods("kg", "sak")) == "funds.unit_differs lines.1.unit"
    assert stock(rutan) == []


def test_the_first_unit_is_kept_without_the_spaces_around_it(rutan: Rutan):
    received(rutan, goods(" kg "))
    assert stock(rutan) == [("Beras", "kg", Decimal(80))]


def test_the_other_unit_is_refused_where_the_form_is_looked_at_once_more(here: Rutan, visitor: NewVisitor):
    sent = {name: value for name, value in goods("sak").items() if name != "lines"}
    # The first row stays empty: the mistake is shown in the row of the form.
    row = {"code": "beras", "name": "Beras", "unit": "sak", "quantity": "80", "value": "1.200.000"}
    answer = visitor("pengelola").fills(
        ADDRESS, sent | {f"lines.1.{name}": value for name, value in row.items()} | {"lines._rows": "3"}
    )
    assert answer.status_code == 422
    assert "Satuan, baris 2: Beras dicatat di UPT ini dalam satuan “kg”, bukan “sak”" in text_of(answer)


def test_a_plugin_that_writes_a_code_in_capitals_means_the_same_goods(here: Rutan):
    posting = receipts.as_counted_here
    with here.work_of("pengelola") as work:
        [same] = posting(work, Receipt(), [GoodsReceived(" Beras ", "Beras", "KG", Decimal(1), 1)])
        assert (same.code, same.unit) == ("beras", "kg")
        for code, name, unit, refusal in (
            ("BERAS", "Beras", "sak", "unit_differs"),
            ("beras 5", "Beras", "kg", "item_known"),
            ("BRS", "Brs", "kg", "item_unknown"),
            ("beras5", "", "kg", "item_unknown"),
            ("gula", "Gula", ".", "no_unit"),
            ("gula", "Gula", "\u200b\u3164", "no_unit"),
            ("gula", "Gula", "karung lima puluh kilogram", "unit_differs"),
        ):
            with pytest.raises(Invalid, match=refusal):
                posting(work, Receipt(), [GoodsReceived(code, name, unit, Decimal(1), 1)])


def test_every_fault_of_one_receipt_is_named_at_once_each_at_its_field(here: Rutan):
    lines = [
        GoodsReceived("beras", "Beras", "sak", Decimal(1), 1),
        GoodsReceived("gula", "Gula", "kg", Decimal(1), 1),
        GoodsReceived("beras", "Beras", "karung", Decimal(1), 1),
        GoodsReceived("beras2", "  BERAS ", "kg", Decimal(1), 1),
    ]
    form = goods("x") | {
        "lines": [
            {"code": line.code, "name": line.name, "unit": line.unit, "quantity": "1", "value": 1} for line in lines
        ]
    }
    with pytest.raises(Invalid) as refused, here.work_of("pengelola") as work:
        receipts.receive(work, here.opened.plugins, "csr_funding", "csr", "csr_goods", form, NOVEMBER)
    assert [(each.code, each.field) for each in refused.value.all()] == [
        ("funds.unit_differs", "lines.0.unit"),
        ("funds.unit_differs", "lines.2.unit"),
        ("funds.item_unknown", "lines.3.code"),
    ]
    assert "“kg”" in refused.value.others[0].what.id


@pytest.mark.parametrize("unit", ["kg", "sak"])
def test_goods_under_a_code_of_ones_own_are_refused(here: Rutan, unit: str):
    assert received(here, goods(unit, code="beras-premium")) == "funds.item_unknown lines.0.code"
    assert stock(here) == [("Beras", "kg", Decimal(80))]


def test_a_code_that_is_not_in_the_catalogue_is_refused_with_the_nearest_goods(rutan: Rutan):
    form = goods("kg", "kg")
    form["lines"][1]["code"] = "beras2"
    with pytest.raises(Invalid) as refused, rutan.work_of("pengelola") as work:
        receipts.receive(work, rutan.opened.plugins, "csr_funding", "csr", "csr_goods", form, NOVEMBER)
    assert (refused.value.code, refused.value.field) == ("funds.item_unknown", "lines.1.code")
    assert "Beras (beras)" in refused.value.remedy.id
    assert stock(rutan) == []


def filled(**row: str) -> dict[str, str]:
    sent = {name: value for name, value in goods("kg").items() if name != "lines"}
    return sent | {f"lines.0.{name}": value for name, value in row.items()} | {"lines._rows": "1"}


def test_the_form_offers_the_goods_and_keeps_what_is_not_among_them(here: Rutan, visitor: NewVisitor):
    pengelola = visitor("pengelola")
    assert '<option value="beras">Beras: kg, 1 ton' in pengelola.opens(ADDRESS).text
    answer = pengelola.fills(ADDRESS, filled(code="BRS", unit="kg", quantity="80", value="1.200.000"))
    assert answer.status_code == 422
    assert "Barang, baris 1: “BRS” tidak ada dalam katalog barang." in text_of(answer)
    assert '<option value="BRS" selected>' in answer.text


@pytest.mark.parametrize(
    ("typed", "unit", "booked"),
    [("500", "gram", "0.5"), ("500 gr", "", "0.5"), ("2,5", "kuintal", "250"), ("80kg", "", "80")],
)
def test_a_quantity_in_a_measure_is_converted(here: Rutan, visitor: NewVisitor, typed: str, unit: str, booked: str):
    sent = filled(code="beras", unit=unit, quantity=typed, value="1.200.000") | {
        "evidence_number": "BAST-2",
        "_confirmed": "yes",
    }
    assert visitor("pengelola").fills(ADDRESS, sent).status_code == 303
    assert stock(here)[-1] == ("Beras", "kg", Decimal(booked))


@pytest.fixture
def sacks(here: Rutan) -> Rutan:
    """A facility that declares a sack of rice as 25 kg."""
    with here.work_of("pengelola") as work:
        catalogue.declare_unit(work, Keeper(), "beras", "sak", Decimal(25))
    return here


def test_eighty_sacks_are_shown_and_booked_as_two_thousand_kilograms(sacks: Rutan, visitor: NewVisitor):
    pengelola = visitor("pengelola")
    sent = filled(code="beras", quantity="80 sak", value="30.000.000") | {"evidence_number": "BAST-2"}
    assert "Beras 80 sak = 2.000 kg, Rp30.000.000" in text_of(pengelola.fills(ADDRESS, sent))
    assert pengelola.fills(ADDRESS, sent | {"_confirmed": "yes"}).status_code == 303
    assert stock(sacks) == [("Beras", "kg", Decimal(80)), ("Beras", "kg", Decimal(2000))]
    with sacks.work_of("pengelola") as work:
        kept = work.all(select(col(WrittenQuantity.quantity), col(WrittenQuantity.unit), col(WrittenQuantity.factor)))
    assert [tuple(row) for row in kept] == [(Decimal(80), "sak", Decimal(25))]


def test_an_unknown_unit_is_refused_with_those_that_are_declared(sacks: Rutan):
    with pytest.raises(Invalid) as refused, sacks.work_of("pengelola") as work:
        receipts.receive(work, sacks.opened.plugins, "csr_funding", "csr", "csr_goods", goods("karung"), NOVEMBER)
    assert (refused.value.code, refused.value.field) == ("funds.unit_differs", "lines.0.unit")
    assert "kg, 1 ton = 1.000 kg, 1 kuintal = 100 kg, 1 sak = 25 kg" in refused.value.remedy.in_("id")


def test_a_quantity_finer_than_the_books_is_refused(here: Rutan):
    form = goods("gram")
    form["lines"][0]["quantity"] = "0.5"
    assert received(here, form) == "funds.too_fine lines.0.quantity"


def test_a_quantity_larger_than_the_books_hold_is_refused(sacks: Rutan):
    form = goods("sak")
    form["lines"][0]["quantity"] = "99999999999"
    assert received(sacks, form) == "funds.too_much lines.0.quantity"


def test_the_sack_of_a_facility_stands_before_that_of_its_region_and_can_be_taken_back(here: Rutan, database: Database):
    def held() -> Decimal | None:
        with here.work_of("pengelola") as work:
            beras = items.catalogue(work)["beras"]
            return factor_of("sak", beras.unit, beras.units)

    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        region = work.scalar(select(col(FacilityModel.region_id)).where(col(FacilityModel.id) == work.here.id))
        office = Keeper(office=True, region_id=region)
        catalogue.declare_unit(work, office, "beras", "sak", Decimal(50))
    assert held() == 50
    with here.work_of("pengelola") as work:
        catalogue.declare_unit(work, Keeper(), "beras", "sak", Decimal(25))
    assert held() == 25
    with here.work_of("pengelola") as work:
        catalogue.declare_unit(work, Keeper(), "beras", "sak", None)
    assert held() == 50


def test_goods_of_the_region_are_picked_by_its_facilities_in_its_unit(rutan: Rutan, visitor: NewVisitor):
    kanwil = visitor("kanwil")
    answer = kanwil.fills("/region/jawa-tengah/goods", {"name": "Susu bubuk", "unit": "kg"})
    assert answer.status_code == 303
    answer = kanwil.fills("/region/jawa-tengah/goods", {"code": "susu-bubuk", "other": "dus", "holds": "12,5"})
    assert answer.status_code == 303
    assert received(rutan, goods("dus", code="susu-bubuk")).count("-") == 4
    assert stock(rutan) == [("Susu bubuk", "kg", Decimal(1000))]
    assert kanwil.fills("/region/jawa-tengah/goods", {"name": "SUSU  bubuk", "unit": "dus"}).status_code == 422


def test_a_facility_adds_goods_and_declares_their_units(rutan: Rutan, visitor: NewVisitor):
    pengelola, base = visitor("pengelola"), "/f/rutan-pekalongan/funds/goods"
    assert pengelola.fills(base, {"name": "Sarung", "unit": "buah"}).status_code == 303
    for sent in (
        {"code": "sarung", "other": "", "holds": "20"},
        {"code": "sarung", "other": "bh", "holds": "20"},
        {"code": "sarung", "other": "lusin", "holds": "20"},
        {"code": "srung", "other": "bal", "holds": "20"},
        {"code": "sarung", "other": "bal", "holds": "0"},
        {"code": "sarung", "other": "bal", "holds": ""},
    ):
        assert pengelola.fills(base, sent).status_code == 422, sent
    answer = pengelola.fills(base, {"code": "sarung", "other": "koli", "holds": "10 buah"})
    assert "1 koli = 10 buah" in pengelola.follows(answer)
    assert pengelola.fills(base, {"code": "sarung", "other": "bal", "holds": "10 karung"}).status_code == 422
    answer = pengelola.fills(base, {"code": "sarung", "other": "bal", "holds": "100"})
    assert "1 bal = 100 buah" in pengelola.follows(answer)
    assert visitor("kasubsi").fills(base, {"name": "Peci", "unit": "buah"}).status_code == 403


def test_a_unit_is_declared_from_what_was_read_and_what_was_typed_stays(visitor: NewVisitor):
    pengelola, base = visitor("pengelola"), "/f/rutan-pekalongan/funds/goods"
    old = hidden_in(pengelola.opens(base))["version"]
    assert pengelola.fills(base, {"code": "garam", "other": "dus", "holds": "10"}).status_code == 303
    sent = {"code": "garam", "other": "dus", "holds": "12"}
    answer = pengelola.sends(base, sent | {"version": old})
    assert answer.status_code == 409
    assert "dus = 10" in text_of(answer)
    assert 'value="12"' in answer.text
    assert pengelola.sends(base, sent | {"version": ""}).status_code == 409
    assert pengelola.sends(base, {"code": "gula", "other": "dus", "holds": "12", "version": old}).status_code == 303


# --- packages ----------------------------------------------------------------------------------------------------


def package(unit: str) -> list[dict[str, Any]]:
    return [
        {"code": "gula", "name": "Gula", "unit": "kg", "quantity": 1, "price": 18_000},
        {"code": "beras", "name": "Beras", "unit": unit, "quantity": 5, "price": 15_000},
    ]


@pytest.mark.parametrize("unit", ["sak", "gram"])
def test_a_package_in_another_unit_opens_no_month_and_the_refusal_names_its_field(
    rutan: Rutan, database: Database, unit: str
):
    """Where the package was configured before the goods came, in another unit."""
    here = rutan
    worlds.configure(database, "bansos", "rutan-pekalongan", november.PERIOD, package=package(unit))
    received(here, goods("kg"))
    with pytest.raises(Invalid) as refused, here.work_of("kasubsi") as work:
        cycles.open_cycle(work, here.opened.plugins, "bansos", november.PERIOD)
    assert (refused.value.code, refused.value.field) == ("funds.unit_differs", "package.1.unit")
    assert "per kg pada isi paket" in refused.value.remedy.id
    with here.work_of("kasubsi") as work:
        assert cycles.all_of(work) == []


def test_a_facility_does_not_save_a_package_in_another_unit_than_that_of_its_goods(here: Rutan, database: Database):
    for unit in ("sak", "gram", "\u200b"):
        with pytest.raises(Invalid) as refused:
            worlds.configure(database, "bansos", "rutan-pekalongan", november.PERIOD, package=package(unit))
        assert (refused.value.code, refused.value.field) == ("funds.unit_differs", "package.1.unit")


@pytest.mark.parametrize("unit", ["Kg", " KG ", "kilogram"])
def test_a_package_in_the_same_unit_otherwise_written_has_that_of_the_item(here: Rutan, database: Database, unit: str):
    worlds.configure(database, "bansos", "rutan-pekalongan", november.PERIOD, package=package(unit))
    with here.work_of("kasubsi") as work:
        cycles.open_cycle(work, here.opened.plugins, "bansos", november.PERIOD)
        assert work.run("SELECT unit FROM guyub.package_line ORDER BY line").scalars().all() == ["kg", "kg"]


def test_every_row_that_has_an_item_and_a_unit_has_that_of_the_item(database: Database):
    with database.work(database.as_service("tests")) as work:
        held = (
            work.run(
                """SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND pg_get_constraintdef(oid) =
               'FOREIGN KEY (facility_id, item_id, unit) REFERENCES guyub.item(facility_id, id, unit)'"""
            )
            .scalars()
            .all()
        )
        filled = work.run(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'guyub.take_unit_of_item'::regproc"
        )
        checked = (
            work.run("""SELECT c.conrelid::regclass::text FROM pg_constraint c WHERE c.conname = 'tidy_unit'""")
            .scalars()
            .all()
        )
        units = (
            work.run(
                """SELECT table_name FROM information_schema.columns WHERE table_schema = 'guyub' AND column_name = 'unit'
               AND table_name IN (SELECT relname FROM pg_class WHERE relkind = 'r')"""
            )
            .scalars()
            .all()
        )
        assert sorted(f"guyub.{table}" for table in units) == sorted([*held, *checked])
        assert sorted(held) == sorted(filled.scalars())
        of_goods = [
            "guyub.goods_arrival",
            "guyub.lot",
            "guyub.package_line",
            "guyub.reservation",
            "guyub.stock_count",
            "guyub.stock_difference",
        ]
        assert sorted(held) == of_goods


def test_people_and_the_database_compare_units_alike(database: Database):
    written = [*OTHERS, *SAME, *UNTIDY, *SAME_UNITS, "STRASSE", "straße", "İ", "K\u200b  g.", "m²", "e\u200d\u0301"]
    with database.work(database.as_service("tests")) as work:
        for unit in written:
            row = work.run(
                "SELECT guyub.unit_key(:unit) AS key, guyub.tidy_unit(:unit) AS tidy, guyub.is_unit(:unit) AS fit",
                unit=unit,
            ).one()
            assert tuple(row) == (unit_key(unit), tidy_unit(unit), is_unit(unit)), ascii(unit)
        source: str = work.run("SELECT pg_get_functiondef('guyub.unit_key'::regproc)").scalar_one()
    for case in re.findall(r"WHEN (.+?) THEN '(\w+)'", source):
        assert {SAME_UNITS[synonym] for synonym in re.findall(r"'(\w+)'", case[0])} == {case[1]}


def test_people_and_the_database_overlook_the_same_signs(database: Database):
    with database.work(database.as_service("tests")) as work:
        unseen = work.run(
            """SELECT n, guyub.is_blank(chr(n)) AS blank FROM generate_series(1, 1114111) n
               WHERE n NOT BETWEEN 55296 AND 57343 AND (guyub.without_unseen(chr(n)) = '' OR guyub.is_blank(chr(n)))"""
        ).all()
    in_python = {n for n in range(1, 0x110000) if not 0xD800 <= n <= 0xDFFF and is_blank(chr(n))}
    assert {row.n for row in unseen} == in_python
    controls = {n for n in range(1, 0x110000) if unicodedata.category(chr(n)) in ("Cc", "Cf", "Zs", "Zl", "Zp")}
    assert controls <= in_python


@pytest.mark.parametrize("unit", SAME)
def test_a_unit_is_another_way_to_write_one(unit: str):
    assert same_unit(unit, "kg")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3 sak", "75"),
        ("2,5 SAK.", "62.5"),
        ("500 gram", "0.5"),
        ("500gr", "0.5"),
        ("7 kg", "7"),
        ("7", "7"),
        ("1.500 g", "1.5"),
    ],
)
def test_a_note_is_read_in_any_declared_unit(typed: str, read: str):
    units = [DeclaredUnit("sak", Decimal(25)), DeclaredUnit("gram", Decimal("0.001"))]
    assert quantity_at(typed, "beras.quantity", "kg", units) == Decimal(read)
    with pytest.raises(Invalid):
        quantity_at("3 karung", "beras.quantity", "kg", units)
