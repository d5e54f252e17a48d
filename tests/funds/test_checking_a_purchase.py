"""A note is looked at before it is booked: what it buys, from which money, and prices that may be typed wrongly."""

from datetime import date
from decimal import Decimal

import pytest

from guyub.demo.month import DemoPurchase, Rutan
from guyub.funds import price_check, promises, purchase_check, queries
from guyub.funds.note_division import BookedItem
from guyub.funds.price_check import LastPrice
from guyub.funds.purchase_check import CheckedNote
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid
from tests.visits import NewVisitor, hidden_in, text_of

SHOPPING = "/f/rutan-pekalongan/funds/purchases/2024-11"
NOTE = {"supplier": "Toko Sumber Pangan (contoh)", "evidence": "Nota 0412", "on": "2024-11-14"}
ON = date(2024, 11, 14)
CSR_FUND = "CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)"


def stock(rutan: Rutan) -> int:
    with rutan.work_of("pengelola") as work:
        return sum(balance.stock for balance in queries.balances(work))


def checked(rutan: Rutan, cycle: Cycle, *bought: tuple[str, str, int], on: date = ON) -> CheckedNote:
    items = [BookedItem(item, Decimal(quantity), cost) for item, quantity, cost in bought]
    with rutan.work_of("pengelola") as work:
        return purchase_check.check(work, cycle.id, items, supplier="Toko", evidence="Nota 1", on=on)


def test_a_note_that_is_checked_books_nothing(rutan: Rutan, approved: Cycle):
    note = checked(rutan, approved, ("beras", "10", 150_000), ("gula", "5", 90_000))
    assert stock(rutan) == 0
    rice, sugar = note.items
    assert (rice.price, rice.planned, rice.left, rice.held) == (15_000, 15_673, 15, 391_825 - 156_730)
    assert [(payment.fund, payment.cost, payment.released) for payment in rice.payments] == [(CSR_FUND, 150_000, 6_730)]
    assert (sugar.left, sugar.held) == (0, 0)
    assert (note.cost, note.released) == (240_000, 6_730 + sugar.payments[0].released)


def test_what_the_books_refuse_is_refused_when_it_is_checked(rutan: Rutan, approved: Cycle):
    with pytest.raises(Invalid) as refused:
        checked(rutan, approved, ("beras", "10", 150_000), on=date(2024, 11, 1))
    assert refused.value.code == "funds.before_approval"


@pytest.mark.parametrize(
    ("quantity", "cost", "planned", "last", "sentences"),
    [
        ("45", 8_100, 18_132, None, 2),  # the price of one, or a digit too few
        ("45", 810_000, 18_132, None, 0),
        ("1", 14_000, 18_132, None, 0),
        ("1", 13_599, 18_132, None, 1),
        ("1", 22_665, 18_132, None, 1),
        ("10", 180_000, 18_132, 13_000, 1),  # near the plan, far from the last purchase
        ("10", 180_000, 18_132, 18_500, 0),
        ("10", 1, 18_132, 18_500, 2),
        ("2", 5_000, 0, None, 0),  # no plan to compare with
    ],
)
def test_a_price_a_quarter_away_from_plan_or_last_purchase_is_pointed_out(
    quantity: str, cost: int, planned: int, last: int | None, sentences: int
):
    before = LastPrice(None, ON, "Belanja", Decimal(last), Decimal(1)) if last else None
    found = price_check.differences("Gula pasir", "kg", Decimal(quantity), cost, planned, before)
    expected = sentences - 1 if (quantity, cost) == ("45", 8_100) else sentences
    assert len(found) == expected


def test_the_price_of_one_unit_in_the_place_of_all_is_asked_about():
    found = price_check.differences("Gula pasir", "kg", Decimal(45), 18_000, 18_132, None)
    assert [text.id for text in found] == [
        "Gula pasir: Rp400 per kg, 98% di bawah harga rencana Rp18.132.",
        "Gula pasir: Rp18.000 mungkin harga satu kg; isi harga seluruh 45 kg.",
    ]


def test_the_last_purchase_is_the_newest_that_was_booked(rutan: Rutan, approved: Cycle):
    rutan.shop(approved, [DemoPurchase(ON, "Toko A (contoh)", "N-1", (("beras", "5", 70_000),))])
    rutan.shop(approved, [DemoPurchase(ON, "Toko B (contoh)", "N-2", (("beras", "5", 75_000),))])
    rutan.shop(approved, [DemoPurchase(date(2024, 11, 13), "Toko C (contoh)", "N-3", (("beras", "5", 50_000),))])
    note = checked(rutan, approved, ("beras", "10", 100_000))
    assert (note.items[0].last_price, note.items[0].last and note.items[0].last.on) == (15_000, ON)
    assert [text.en for text in note.differences] == [
        "Beras: Rp10.000 per kg, 36% below the planned price of Rp15.673.",
        "Beras: Rp10.000 per kg, 33% below the price of the last purchase, Rp15.000 (14 November 2024).",
    ]


def test_the_page_shows_the_note_in_words_and_goes_back_with_what_was_typed(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle
):
    clerk = visitor("pengelola")
    page = text_of(clerk.fills(SHOPPING, NOTE | {"gula.quantity": "5", "gula.cost": "8.100"}))
    for said in (
        "Tanggal nota Kamis, 14 November 2024",
        "Gula pasir: Rp1.620 per kg, 91% di bawah harga rencana Rp18.132.",
        "Harga satuan Rp1.620 per kg",
        "Belanja terakhir belum pernah",
        "Rp8.100; Rp82.560 kembali bebas",
        "Masih perlu dibeli tidak ada",
    ):
        assert said in page, said
    assert stock(rutan) == 0
    back = clerk.sends_hidden(SHOPPING, "_change")
    assert back.status_code == 200
    assert 'name="gula.cost" value="8.100"' in back.text
    assert 'value="Nota 0412"' in back.text


def test_what_is_bought_after_the_look_is_what_was_looked_at(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    clerk = visitor("pengelola")
    clerk.opens(SHOPPING)
    clerk.page = clerk.sends(SHOPPING, hidden_in(clerk.page) | NOTE | {"beras.quantity": "10", "beras.cost": "150.000"})
    rutan.shop(approved, [DemoPurchase(ON, "Toko B (contoh)", "N-2", (("beras", "20", 300_000),))])
    assert clerk.sends_hidden(SHOPPING, "_confirmed").status_code == 409
    with rutan.work_of("pengelola") as work:
        assert [line.quantity for line in promises.to_buy(work, approved.id) if line.item == "beras"] == [5]
