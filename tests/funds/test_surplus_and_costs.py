"""A note brings more than a month needs, a bonus, bags and transport: each is shown, booked by name and taken back whole."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.funds import cancelled_purchases, incidental_costs, purchase_check, purchase_list, purchases, queries
from guyub.funds.incidental_costs import ExtraCost
from guyub.funds.note_division import BookedItem
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid
from guyub.sdk.quantities import QuantityAsWritten
from tests import worlds
from tests.visits import NewVisitor, hidden_in, text_of
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, World, gift

ON = date(2024, 11, 14)
SHOPPING = "/f/rutan-pekalongan/funds/purchases/2024-11"


@pytest.fixture
def month(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    """November paid by one fund of Rp750.000 that allows Rp20.000 of costs: 25 kg of rice, 5 kg of sugar, 5 litres of oil."""
    with worlds.a_world(cluster, "hibah") as made:
        rutan = made.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        codes = rutan.receive([gift("UANG", 750_000, incidental_costs=20_000)], RECEIVED)
        cycle = rutan.propose(november.PERIOD, codes, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
        rutan.approve(cycle, APPROVED)
        yield made, cycle


def items(*bought: tuple[str, str, int]) -> list[BookedItem]:
    return [BookedItem(item, Decimal(quantity), cost) for item, quantity, cost in bought]


def buys(
    rutan: Rutan,
    cycle: Cycle,
    *bought: tuple[str, str, int],
    costs: tuple[ExtraCost, ...] = (),
    with_surplus: bool = True,
    note: str = "Nota 1",
) -> None:
    with rutan.work_of("pengelola") as work:
        purchases.buy(
            work,
            cycle.id,
            items(*bought),
            supplier="Toko",
            evidence=note,
            on=ON,
            costs=costs,
            with_surplus=with_surplus,
        )


def fund(rutan: Rutan) -> tuple[int, int, int, int]:
    with rutan.work_of("pengelola") as work:
        assert queries.check_ledger(work).ok
        [one] = queries.balances(work)
        assert one.received == one.free + one.reserved + one.stock + one.used
        return one.free, one.reserved, one.stock, one.costs


def free_goods(rutan: Rutan) -> list[tuple[str, Decimal, int]]:
    with rutan.work_of("pengelola") as work:
        return [(row.item, row.free, row.cost) for row in queries.stock(work) if row.free]


def book_lines(rutan: Rutan) -> list[str]:
    with rutan.work_of("pengelola") as work:
        [one] = queries.balances(work)
        return [row.description for row in queries.cash_book(work, one.id) if row.bought]


def cancels(rutan: Rutan, cycle: Cycle) -> None:
    with rutan.work_of("pengelola") as work:
        note = cancelled_purchases.note_of(work, cycle.id, 2024, 1)
        cancelled_purchases.cancel(work, cycle.id, note, reason="salah", on=ON)


def test_a_full_sack_leaves_its_rest_in_the_free_stock_at_its_cost(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    free, reserved, *_ = fund(rutan)
    buys(rutan, cycle, ("gula", "8", 144_000))
    assert free_goods(rutan) == [("Gula pasir", 3, 54_000)]
    assert fund(rutan) == (free + 90_660 - 144_000, reserved - 90_660, 144_000, 0)
    assert book_lines(rutan) == ["Belanja di Toko: Gula pasir 5 kg, kelebihan Gula pasir 3 kg masuk stok"]


def test_surplus_never_enters_the_stock_silently(month: tuple[World, Cycle]):
    with pytest.raises(Invalid) as refused:
        buys(month[0].pekalongan, month[1], ("gula", "8", 144_000), with_surplus=False)
    assert refused.value.code == "funds.too_much_bought"


def test_surplus_is_paid_from_money_that_is_free(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    with pytest.raises(Invalid) as refused:
        buys(rutan, cycle, ("gula", "100", 1_800_000))
    assert (refused.value.code, refused.value.field) == ("funds.surplus_not_free", "gula.quantity")


def test_a_bonus_enters_the_stock_free_of_charge_and_is_no_price_to_compare_with(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    buys(rutan, cycle, ("minyak", "5", 105_000), ("kecap", "2", 0))
    assert free_goods(rutan) == [("Kecap", 2, 0)]
    with rutan.work_of("pengelola") as work:
        rows = [(row.item, row.quantity, row.cost, row.use) for row in purchase_list.bought(work, cycle.id)]
    assert rows == [("Minyak goreng", 5, 105_000, "stock_reserved"), ("Kecap", 2, 0, "stock")]


def test_a_bonus_of_goods_that_the_note_buys_is_free_as_well(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    buys(rutan, cycle, ("minyak", "5", 105_000), ("minyak", "1", 0))
    assert free_goods(rutan) == [("Minyak goreng", 1, 0)]
    assert fund(rutan)[2] == 105_000


def test_costs_are_spent_up_to_what_the_fund_allows_and_not_a_rupiah_more(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    free = fund(rutan)[0]
    buys(rutan, cycle, ("gula", "5", 90_660), costs=(ExtraCost("kantong plastik", 5_000),))
    buys(rutan, cycle, costs=(ExtraCost("ongkos angkut", 15_000),), note="Nota 2")
    with pytest.raises(Invalid) as refused:
        buys(rutan, cycle, costs=(ExtraCost("ongkos angkut", 1),), note="Nota 3")
    assert (refused.value.code, refused.value.field) == ("funds.costs_above_terms", "costs.0.rupiah")
    assert fund(rutan)[::3] == (free - 20_000, 20_000)
    assert book_lines(rutan) == [
        "Belanja di Toko: Gula pasir 5 kg, kantong plastik Rp5.000",
        "Belanja di Toko: ongkos angkut Rp15.000",
    ]
    with rutan.work_of("pengelola") as work:
        paid = [(cost.purpose, cost.rupiah) for cost in incidental_costs.of_cycle(work, cycle.id)]
    assert paid == [("kantong plastik", 5_000), ("ongkos angkut", 15_000)]


def test_funds_that_allow_no_costs_refuse_them_in_words(rutan: Rutan, approved: Cycle):
    with pytest.raises(Invalid) as refused:
        buys(rutan, approved, costs=(ExtraCost("ongkos angkut", 1_000),))
    assert refused.value.code == "funds.costs_not_allowed"
    assert "ongkos angkut Rp1.000: dana bulan ini tidak mengizinkan" in refused.value.what.id


@pytest.mark.parametrize(("purpose", "rupiah", "code"), [(" ", 10, "funds.no_purpose"), ("tali", 0, "funds.rupiah")])
def test_a_cost_says_what_it_is_for_and_how_much(month: tuple[World, Cycle], purpose: str, rupiah: int, code: str):
    with pytest.raises(Invalid) as refused:
        buys(month[0].pekalongan, month[1], costs=(ExtraCost(purpose, rupiah),))
    assert refused.value.code == code


def test_a_note_is_cancelled_with_its_surplus_and_costs(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    before = fund(rutan)
    buys(rutan, cycle, ("gula", "8", 144_000), ("kecap", "2", 0), costs=(ExtraCost("kantong plastik", 5_000),))
    cancels(rutan, cycle)
    assert fund(rutan) == before
    assert free_goods(rutan) == []
    with rutan.work_of("pengelola") as work:
        assert incidental_costs.of_cycle(work, cycle.id) == []


def test_a_check_shows_surplus_and_costs_and_books_nothing(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    before = fund(rutan)
    with rutan.work_of("pengelola") as work:
        note = purchase_check.check(
            work,
            cycle.id,
            items(("gula", "8", 144_000)),
            supplier="Toko",
            evidence="Nota 1",
            on=ON,
            costs=[ExtraCost("kantong plastik", 5_000)],
        )
    assert (note.cost, [goods.cost for goods in note.surplus], note.items[0].cost) == (149_000, [54_000], 90_000)
    assert fund(rutan) == before


def test_the_quantity_of_the_note_is_kept_beside_that_of_the_books(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    with rutan.work_of("pengelola") as work:
        bought = [BookedItem("gula", Decimal(5), 90_000, QuantityAsWritten(Decimal(5_000), "gram"))]
        purchases.buy(work, cycle.id, bought, supplier="Toko", evidence="Nota 1", on=ON)
        [row] = purchase_list.bought(work, cycle.id)
    assert row.as_written is not None
    assert row.as_written.id == "5.000 gram"
    assert book_lines(rutan) == ["Belanja di Toko: Gula pasir 5 kg (5.000 gram)"]


def test_the_page_asks_before_surplus_enters_the_stock(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    clerk = visitor("pengelola")
    note = {"supplier": "Toko", "evidence": "Nota 7", "on": "2024-11-14"}
    line = {"gula.quantity": "5.500 gram", "gula.cost": "99.000", "bonus": "kecap", "bonus.quantity": "2"}
    checked = clerk.fills(SHOPPING, note | line)
    shown = text_of(checked)
    assert "0,5 kg ke stok" in shown
    assert "5.500 gram" in shown
    assert "2 botol ke stok" in shown
    sent = {name: values[0] for name, values in hidden_in(checked).items()}
    refused = clerk.sends(SHOPPING, sent | {"_confirmed": "yes"})
    assert refused.status_code == 422
    assert "Centang “Masukkan kelebihannya ke stok”" in text_of(refused)
    clerk.page = refused
    answer = clerk.sends(SHOPPING, sent | {"_confirmed": "yes", "surplus": "on"})
    assert "Belanja Rp99.000 dicatat." in clerk.follows(answer)
    page = clerk.reads(SHOPPING)
    assert "Kelebihan, masuk stok" in page
    assert "5.500 gram" in page
    assert free_goods(rutan) == [("Gula pasir", Decimal("0.5"), 9_000), ("Kecap", 2, 0)]


def test_the_page_refuses_costs_at_their_line_and_keeps_what_was_typed(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle
):
    note = {"supplier": "Toko", "evidence": "Nota 7", "on": "2024-11-14", "gula.quantity": "5", "gula.cost": "90.000"}
    clerk = visitor("pengelola")
    answer = clerk.fills(SHOPPING, note | {"costs.0.purpose": "ongkos angkut", "costs.0.rupiah": "7.500"})
    assert answer.status_code == 422
    assert "ongkos angkut Rp7.500: dana bulan ini tidak mengizinkan" in text_of(answer)
    assert 'value="ongkos angkut"' in answer.text


def test_every_fault_of_a_note_is_named_at_once_at_the_line_that_was_typed(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle
):
    note = {"evidence": "Nota 7", "on": "2024-11-14", "gula.quantity": "banyak", "gula.cost": "90.000"}
    costs = {"costs.1.rupiah": "7.500", "costs.2.purpose": "kantong", "costs.2.rupiah": "dua"}
    answer = visitor("pengelola").fills(SHOPPING, note | costs | {"bonus": "zzz", "bonus.quantity": "1"})
    assert answer.status_code == 422
    wrong = set(re.findall(r'href="#f-([\w.-]+)"', answer.text)) or set(re.findall(r'href="#([\w.-]+)"', answer.text))
    for field in ("supplier", "gula.quantity", "costs.1.purpose", "costs.2.rupiah", "bonus"):
        assert any(each.endswith(field.replace(".", "-")) or each.endswith(field) for each in wrong), (field, wrong)


def test_surplus_that_nobody_pays_and_a_cost_that_no_fund_allows_are_named_at_once(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    with pytest.raises(Invalid) as refused:
        buys(rutan, cycle, ("gula", "60", 1_080_000), costs=(ExtraCost("ongkos", 900_000), ExtraCost("", 5, line=3)))
    assert [each.field for each in refused.value.all()] == ["gula.quantity", "costs.0.rupiah", "costs.3.purpose"]


def test_a_canteen_lets_a_part_of_its_month_be_spent_on_costs(cluster: Any):
    with worlds.a_world(cluster) as made:
        worlds.configure(made.database, "canteen_profit", PEKALONGAN, incidental_percent=5)
        rutan = made.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        codes = rutan.receive(november.INCOMES, RECEIVED)
        cycle = rutan.propose(november.PERIOD, codes, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
        rutan.approve(cycle, APPROVED)
        with rutan.work_of("pengelola") as work:
            allowed = [fund.allowed for fund in incidental_costs.funds_of(work, cycle.id)]
        assert allowed == [0, 17_500]


def test_more_than_twenty_times_what_is_needed_is_a_mistyped_figure(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    with pytest.raises(Invalid) as refused:
        buys(rutan, cycle, ("gula", "100.5", 100_000))
    assert (refused.value.code, refused.value.field) == ("funds.surplus_too_large", "gula.quantity")
    buys(rutan, cycle, ("gula", "100", 100_000))
    assert free_goods(rutan) == [("Gula pasir", 95, 95_000)]


def test_a_look_before_booking_says_how_many_times_what_is_needed_a_note_brings(month: tuple[World, Cycle]):
    rutan, cycle = month[0].pekalongan, month[1]
    with rutan.work_of("pengelola") as work:
        for quantity, said in (("12", ["Gula pasir: 12 kg, 2,4 kali yang masih perlu dibeli (5 kg)."]), ("9", [])):
            bought = items(("gula", quantity, int(quantity) * 18_000))
            note = purchase_check.check(work, cycle.id, bought, supplier="Toko", evidence="Nota 1", on=ON)
            assert [text.id for text in note.differences] == said
