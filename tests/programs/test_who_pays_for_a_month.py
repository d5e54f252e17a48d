"""Which fund pays for what: shortfalls, goods in kind before money, the order of the funds, and what a fund is not for."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from guyub.cli.demonstration import november
from guyub.cli.demonstration.month import Income, Rutan, Shopping
from guyub.funds import purchases
from guyub.funds import queries as books_of
from guyub.funds.purchases import Bought, TooDear
from guyub.programs import cycles, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Forbidden, Invalid, Refusal

from .conftest import Books

APPROVAL = date(2024, 11, 12)
RICE = ("beras", "Beras", "kg")


def free_and_reserved(rutan: Rutan) -> dict[str, tuple[int, int]]:
    with rutan.work_of("pengelola") as work:
        assert books_of.check_ledger(work).problems == ()
        return {one.code: (one.free, one.reserved) for one in books_of.balances(work)}


def reservations(rutan: Rutan) -> int:
    with rutan.work_of("pengelola") as work:
        count: int = work.run("SELECT count(*) FROM guyub.reservation").scalar_one()
        return count


def money(amount: int, agreement: str = "PKS-1/CSR", **terms: Any) -> Income:
    """A gift of a company in money, received on 1 November 2024."""
    form = {
        "donor": "PT Batik Sejahtera (contoh)", "agreement_number": agreement, "received_on": "2024-11-01",
        "evidence_number": f"BAST {agreement}", "amount": amount, **terms,
    }  # fmt: skip
    return Income("csr_funding", "csr", "csr_cash", form)


def rice(quantity: str, value: int, received_on: str) -> Income:
    line = dict(zip(("code", "name", "unit"), RICE, strict=True)) | {"quantity": quantity, "value": value}
    form = {**money(1).form, "received_on": received_on, "evidence_number": f"BAST {received_on}", "lines": [line]}
    form.pop("amount")
    return Income("csr_funding", "csr", "csr_goods", form)


def propose(rutan: Rutan, codes: list[str], category: str = "inmate_family") -> Cycle:
    return rutan.propose(november.PERIOD, codes, "Aula Rutan", november.DISTRIBUTION, november.BEGINS, category)


# --- not enough ----------------------------------------------------------------------------------------------------


def test_what_the_funds_lack_is_named_item_by_item_and_nothing_is_reserved(rutan: Rutan, books: Books):
    cycle = propose(rutan, rutan.receive([money(400_000)], APPROVAL))
    with rutan.work_of("karutan") as work:
        missing = [(one.label, one.quantity, one.rupiah) for one in proposal.coverage(work, cycle).by_item]
    assert missing == [("Gula pasir", 5, 90_660), ("Minyak goreng", 5, 105_050)]
    with pytest.raises(Refusal) as refused:
        rutan.approve(cycle, APPROVAL)
    assert refused.value.code == "funds.shortfall"
    assert refused.value.what.id == (
        "Dana yang dipilih kurang Rp195.710: Gula pasir 5 kg (Rp90.660); Minyak goreng 5 liter (Rp105.050). "
        "Tidak ada yang dicadangkan."
    )
    assert (books.cycle().state, reservations(rutan)) == ("proposed", 0)
    assert free_and_reserved(rutan) == {"CSR-PKS-1-CSR": (400_000, 0)}


def test_what_lacks_can_be_added_and_then_it_is_approved(rutan: Rutan, books: Books):
    cycle = propose(rutan, rutan.receive([money(400_000)], APPROVAL))
    rutan.receive([money(187_535, evidence_number="BAST kedua")], APPROVAL)
    rutan.approve(cycle, APPROVAL)
    assert free_and_reserved(rutan) == {"CSR-PKS-1-CSR": (0, 587_535)}


# --- cheaper and dearer --------------------------------------------------------------------------------------------


def buy_rice(rutan: Rutan, cycle: Cycle, cost: int) -> None:
    rutan.shop(cycle, [Shopping(date(2024, 11, 14), "Toko Contoh", "Nota 1", [("beras", "25", cost)])])


def test_a_cheaper_purchase_releases_the_rest(rutan: Rutan, approved: Cycle, funds: list[str]):
    assert free_and_reserved(rutan)[funds[0]] == (8_175, 391_825)
    buy_rice(rutan, approved, 387_500)
    assert free_and_reserved(rutan)[funds[0]] == (12_500, 0)


def test_a_dearer_purchase_names_the_amount_and_passes_after_the_head_adds_it(
    rutan: Rutan, approved: Cycle, funds: list[str]
):
    with pytest.raises(TooDear) as refused:
        buy_rice(rutan, approved, 400_000)
    assert "Beras (CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)) Rp8.175." in refused.value.what.id
    assert refused.value.needed() == {"beras": 8_175}
    assert free_and_reserved(rutan)[funds[0]] == (8_175, 391_825)

    def add(login: str, amount: int, reason: str) -> None:
        with rutan.work_of(login) as work:
            purchases.top_up(work, approved.id, "beras", amount, reason=reason, on=date(2024, 11, 14))

    with pytest.raises(Forbidden):
        add("pengelola", 8_175, "harga naik")
    with pytest.raises(Invalid):
        add("karutan", 8_175, "  ")
    with pytest.raises(Refusal):
        add("karutan", 8_176, "harga naik")
    assert free_and_reserved(rutan)[funds[0]] == (8_175, 391_825)
    add("karutan", 8_175, "harga naik")
    buy_rice(rutan, approved, 400_000)
    assert free_and_reserved(rutan)[funds[0]] == (0, 0)


def test_more_than_what_was_promised_is_not_bought(rutan: Rutan, approved: Cycle, funds: list[str]):
    with rutan.work_of("pengelola") as work, pytest.raises(Invalid) as refused:
        purchases.buy(
            work, approved.id, [Bought("beras", Decimal("25.5"), 390_000)], supplier="Toko", evidence="1", on=APPROVAL
        )
    assert (refused.value.code, refused.value.field) == ("funds.too_much_bought", "beras.quantity")
    assert free_and_reserved(rutan)[funds[0]] == (8_175, 391_825)


# --- goods before money, fund after fund -----------------------------------------------------------------------------


def test_goods_in_kind_are_served_from_stock_first_and_the_oldest_lot_first(rutan: Rutan):
    newer, older = rice("10", 160_000, "2024-11-05"), rice("10", 140_000, "2024-11-02")
    (code, *_) = rutan.receive([newer, older, money(300_000)], APPROVAL)
    cycle = propose(rutan, [code])
    rutan.approve(cycle, APPROVAL)
    assert free_and_reserved(rutan)[code] == (25_925, 274_075)
    with rutan.work_of("pengelola") as work:
        assert {one.item: one.quantity for one in purchases.to_buy(work, cycle.id)} == {
            "beras": 5, "gula": 5, "minyak": 5,
        }  # fmt: skip
    goods = [("beras", "5", 78_000), ("gula", "5", 90_000), ("minyak", "5", 105_000)]
    rutan.shop(cycle, [Shopping(date(2024, 11, 14), "Toko Contoh", "Nota 1", goods)])
    rutan.hand_over(cycle, datetime(2024, 11, 16, 2, tzinfo=UTC))
    with rutan.work_of("kasubsi") as work:
        of_rice = work.run(
            """SELECT s.number, l.quantity, l.rupiah FROM guyub.handover h
               JOIN guyub.recipient_snapshot s ON s.entitlement_id = h.entitlement_id
               JOIN guyub.handover_line l ON l.handover_id = h.id JOIN guyub.item i ON i.id = l.item_id
               WHERE i.code = 'beras' ORDER BY s.number"""
        ).all()
        assert programs.figures(work, cycle).value == 140_000 + 160_000 + 78_000 + 90_000 + 105_000
    assert [tuple(one) for one in of_rice] == [
        (1, 5, 70_000), (2, 5, 70_000), (3, 5, 80_000), (4, 5, 80_000), (5, 5, 78_000),
    ]  # fmt: skip
    assert free_and_reserved(rutan)[code] == (27_000, 0)


@pytest.mark.parametrize(
    ("order", "paid"), [((0, 1), (391_825, 195_710)), ((1, 0), (237_811, 349_724))], ids=["csr first", "canteen first"]
)
def test_two_funds_pay_in_their_order(rutan: Rutan, funds: list[str], order: tuple[int, int], paid: tuple[int, int]):
    cycle = propose(rutan, [funds[place] for place in order])
    rutan.approve(cycle, APPROVAL)
    assert tuple(free_and_reserved(rutan)[code][1] for code in funds) == paid


# --- what a fund is not for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "terms",
    [
        {"categories": ["neighbour"]},
        {"programs": ["beasiswa"]},
        {"received_on": "2024-10-20", "usable_until": "2024-10-31"},
    ],
    ids=["for neighbours", "for another programme", "until October"],
)
def test_a_fund_does_not_pay_for_what_its_donor_excluded(rutan: Rutan, terms: dict[str, Any]):
    cycle = propose(rutan, rutan.receive([money(1_000_000, **terms)], APPROVAL))
    with pytest.raises(Refusal) as refused:
        rutan.approve(cycle, APPROVAL)
    assert refused.value.code == "funds.shortfall"
    assert "kurang Rp587.535" in refused.value.what.id
    assert free_and_reserved(rutan) == {"CSR-PKS-1-CSR": (1_000_000, 0)}


def test_a_fund_for_neighbours_pays_for_them_and_another_for_the_families_of_inmates(rutan: Rutan):
    codes = rutan.receive(
        [money(1_000_000, "PKS-1/RT", categories=["neighbour"]), money(1_000_000, "PKS-2/UMUM")], APPROVAL
    )
    cycle = propose(rutan, codes)
    with rutan.work_of("kasubsi") as work:
        proposal.return_proposal(work, cycle, "satu tetangga ditambahkan")
        cycle = cycles.get(work, "bansos", november.PERIOD)
        selection.select_top(work, cycle, 4, "inmate_family")
        (neighbour, *_) = [one for one in programs.candidates(work, cycle) if one.category == "neighbour"]
        selection.choose(work, cycle, neighbour.id, True, "rumahnya menempel pada tembok rutan")
        proposal.propose(work, cycle)
    rutan.approve(cycle, APPROVAL)
    assert free_and_reserved(rutan) == {codes[0]: (882_493, 117_507), codes[1]: (529_972, 470_028)}
