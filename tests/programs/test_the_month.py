"""November 2024 at Rutan Kelas IIA Pekalongan, as its people live through it, and what may go wrong on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guyub.access import audit
from guyub.demo import families, november
from guyub.demo.month import DemoPurchase, Rutan, moment
from guyub.funds import added_money, promises, purchases
from guyub.funds import queries as books
from guyub.funds.note_division import BookedItem
from guyub.programs import closing, coverage, cycle_facts, cycles, days, distribution, proposal, queries, selection
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.registry import service as registry
from guyub.registry.schemas import NewMember, RegisterHousehold
from guyub.sdk.errors import Invalid, Refusal
from tests import worlds
from tests.programs.conftest import Until
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, World, gift

NOVEMBER, DECEMBER = november.PERIOD, date(2024, 12, 1)
DAY = november.DISTRIBUTION
AT = moment(DAY, november.BEGINS)
PROOF = Proof("Saksi Contoh")
FIVE = ["Sulastri Contoh", "Murni Contoh", "Kasmuri Contoh", "Nur Aini Contoh", "Rohmah Contoh"]


@pytest.fixture(scope="module")
def closed(cluster: Any) -> Iterator[World]:
    """The month as it ended. Tests that use it only read."""
    with worlds.a_world(cluster, until="closed") as made:
        yield made


@pytest.fixture
def rutan(world: World) -> Rutan:
    return world.pekalongan


@pytest.fixture
def baskets(cluster: Any) -> Iterator[Rutan]:
    """Nine families of inmates, the sample programme "paket" (rice, 5 kg at Rp15.500) and a source of any terms."""
    with worlds.a_world(cluster, "hibah", "paket", fill=register_nine) as made:
        yield made.pekalongan


def register_nine(world: World) -> None:
    world.pekalongan.register(families.PEKALONGAN[:9], SURVEYED)


def cycle_of(rutan: Rutan, plugin: str = "bansos", period: date = NOVEMBER) -> Cycle:
    with rutan.work_of(rutan.services) as work:
        return cycles.get(work, plugin, period)


# --- who ---------------------------------------------------------------------------------------------------------


def test_twelve_households_are_judged_and_five_households_of_inmates_are_selected(closed: World):
    cycle = cycle_of(closed.pekalongan)
    with closed.pekalongan.work_of("kasubsi") as work:
        judged = queries.candidates(work, cycle)
        listed = queries.recipients(work, cycle)
    assert len(judged) == 12
    assert [item.name for item in judged[:5]] == FIVE
    assert [item.name for item in listed] == FIVE
    assert {item.category for item in listed} == {"inmate_family"}
    # A neighbour who scored more than some of them was not asked for.
    assert max(item.score for item in judged if item.category == "neighbour") > Decimal("57")


def test_every_score_is_the_sum_of_its_reasons(closed: World):
    cycle = cycle_of(closed.pekalongan)
    with closed.pekalongan.work_of("kasubsi") as work:
        for candidate in queries.candidates(work, cycle):
            reasons = cycle_facts.points(cycle, candidate.reasons)
            assert sum(points for _, points, _ in reasons) == candidate.score
            assert all(0 < points <= most for _, points, most in reasons)
        first = queries.candidates(work, cycle)[0]
    said = {label.id: points for label, points, _ in cycle_facts.points(cycle, first.reasons)}
    assert said["Pencari nafkah ditahan"] == 15
    assert said["Lama menunggu sejak paket terakhir"] == 10


def test_the_list_says_who_lives_where_and_belongs_to_whom_with_the_number_masked(closed: World):
    with closed.pekalongan.work_of("kasubsi") as work:
        first = queries.recipients(work, cycle_of(closed.pekalongan))[0]
    assert (first.number, first.name, first.relationship, first.inmate) == (
        1,
        "Sulastri Contoh",
        "wife",
        "Wahyu Contoh",
    )
    assert first.nik_masked == "3375••••••••9901"
    assert first.address == "RT 003/RW 005, Klego, Pekalongan Timur"


def test_who_is_left_out_is_listed_with_the_reason(rutan: Rutan):
    served, unserved, unvisited = families.PEKALONGAN[:3]
    former = unserved.registration.model_copy(update={"category": "former_inmate", "inmate": None})
    rutan.register([served, replace(unserved, registration=former)], SURVEYED)
    with rutan.work_of("kasubsi") as work:
        registry.register_many(work, rutan.opened.protector, [unvisited.registration], SURVEYED)
        cycle = cycles.open_cycle(work, rutan.opened.plugins, "bansos", NOVEMBER)
        assert selection.score(work, rutan.opened.plugins, cycle) == 3
        reasons = {
            cycle_facts.why_excluded(cycle, candidate.state_reason).id
            for candidate in queries.candidates(work, cycle, states=["excluded"])
        }
    assert reasons == {"Kategori penerima ini tidak dilayani program.", "Rumahnya belum disurvei."}


def test_going_against_the_score_needs_a_reason_and_keeps_it(until: Until):
    rutan, cycle = until("planned")
    with rutan.work_of("kasubsi") as work:
        by_name = {candidate.name: candidate for candidate in queries.candidates(work, cycle)}
    with pytest.raises(Invalid), rutan.work_of("kasubsi") as work:
        selection.choose(work, cycle, by_name["Rohmah Contoh"].id, False, "  ")
    with rutan.work_of("kasubsi") as work:
        selection.choose(work, cycle, by_name["Rohmah Contoh"].id, False, "Sudah pindah")
        selection.choose(work, cycle, by_name["Wartini Contoh"].id, True, "Kunjungan 10 November")
        selected = {
            candidate.name: candidate.state_reason for candidate in queries.candidates(work, cycle, states=["selected"])
        }
    assert "Rohmah Contoh" not in selected
    assert selected["Wartini Contoh"] == "Kunjungan 10 November"


@pytest.mark.parametrize("selected", [0, 6])
def test_a_proposal_keeps_to_the_quota(until: Until, selected: int):
    rutan, cycle = until("planned")
    with rutan.work_of("kasubsi") as work:
        for candidate in queries.candidates(work, cycle, states=["candidate", "selected"])[: selected or None]:
            selection.choose(work, cycle, candidate.id, selected > 0, "contoh")
        with pytest.raises(Invalid) as refused:
            proposal.propose(work, rutan.opened.plugins, cycle)
    assert refused.value.code == "programs.quota"


# --- the money ---------------------------------------------------------------------------------------------------


def test_one_proposes_and_another_approves(closed: World):
    cycle = cycle_of(closed.pekalongan)
    assert (cycle.proposed_by, cycle.approved_by) == ("Kasubsi Contoh Satu", "Karutan Contoh Dua")
    assert (cycle.opened_by, cycle.closed_by) == ("Kasubsi Contoh Satu", "Kasubsi Contoh Satu")


def test_what_was_spent_from_each_fund_adds_up_to_the_value_of_the_packages(closed: World):
    cycle = cycle_of(closed.pekalongan)
    with closed.pekalongan.work_of("kasubsi") as work:
        spent = {fund.plugin: fund.amount for fund in books.spending(work, cycle.id)}
        figures = cycle_facts.figures(work, cycle)
        goods = {
            goods_value.item: (goods_value.quantity, goods_value.cost)
            for goods_value in cycle_facts.goods_given(work, cycle)
        }
        listed = queries.recipients(work, cycle)
    assert spent == {"csr_funding": 387_500, "canteen_profit": 195_050}
    assert figures.value == 582_550 == sum(item.value for item in listed)
    assert (figures.listed, figures.received, figures.absent) == (5, 5, 0)
    assert goods == {"Beras": (25, 387_500), "Gula pasir": (5, 90_000), "Minyak goreng": (5, 105_050)}


def test_each_package_leads_back_to_the_lots_and_funds_that_paid_for_it(closed: World):
    with closed.pekalongan.work_of("kasubsi") as work:
        traced = work.run(
            """SELECT s.full_name, i.code, l.quantity, f.plugin, o.received_on, j.evidence
               FROM guyub.handover h JOIN guyub.recipient_snapshot s USING (entitlement_id)
               JOIN guyub.handover_line l ON l.handover_id = h.id JOIN guyub.transfer t ON t.id = l.transfer_id
               JOIN guyub.lot o ON o.id = t.lot_id JOIN guyub.item i ON i.id = o.item_id JOIN guyub.fund f ON f.id = t.fund_id
               JOIN guyub.journal j ON j.id = o.journal_id WHERE s.number = 1 ORDER BY i.code"""
        ).all()
    bought = (date(2024, 11, 14), "Nota 0412")
    assert [tuple(row) for row in traced] == [
        ("Sulastri Contoh", "beras", 5, "csr_funding", *bought),
        ("Sulastri Contoh", "gula", 1, "canteen_profit", *bought),
        ("Sulastri Contoh", "minyak", 1, "canteen_profit", *bought),
    ]


def test_what_was_cheaper_than_planned_is_free_in_its_fund_again(closed: World):
    with closed.pekalongan.work_of("pengelola") as work:
        funds = {fund.plugin: fund for fund in books.balances(work)}
    csr, canteen = funds["csr_funding"], funds["canteen_profit"]
    assert (csr.received, csr.free, csr.reserved, csr.stock, csr.used) == (400_000, 12_500, 0, 0, 387_500)
    assert (canteen.received, canteen.free, canteen.reserved, canteen.stock, canteen.used) == (
        350_000,
        154_950,
        0,
        0,
        195_050,
    )
    assert canteen.sensitive
    assert not csr.sensitive


def test_the_cash_book_of_a_fund_tells_receipt_and_purchase_with_their_documents(closed: World):
    with closed.pekalongan.work_of("pengelola") as work:
        (fund,) = [balance for balance in books.balances(work) if balance.plugin == "csr_funding"]
        rows = books.cash_book(work, fund.id)
    assert [(row.on.day, row.evidence, row.receipt, row.payment, row.balance) for row in rows] == [
        (5, "BAST-07/2024", 400_000, 0, 400_000),
        (14, "Nota 0412", 0, 387_500, 12_500),
    ]


def test_books_and_audit_log_hold(closed: World):
    with closed.pekalongan.work_of("kasubsi") as work:
        assert books.check_ledger(work).ok
        checked = audit.verify(work)
        actions = [step.action for step in reversed(cycle_facts.history(work, cycle_of(closed.pekalongan)))]
    assert checked.ok
    assert checked.checked > 15
    assert actions == [
        "programs.open",
        "programs.score",
        "programs.select",
        "programs.propose",
        "programs.approve",
        "programs.start",
        *["programs.hand_over"] * 5,
        "programs.close",
    ]


def test_too_little_money_is_reported_item_by_item_and_nothing_is_reserved(rutan: Rutan):
    rutan.register(families.PEKALONGAN, SURVEYED)
    funds = rutan.receive(november.INCOMES[1:], RECEIVED)
    cycle = rutan.propose(NOVEMBER, funds, november.PLACE, DAY, november.BEGINS, "inmate_family")
    with pytest.raises(Refusal) as refused:
        rutan.approve(cycle, APPROVED)
    # Rp350.000: rice for four (Rp15.673 a kg), sugar for two (Rp18.132); oil (Rp21.010) for nobody.
    assert refused.value.what.id == (
        "Dana yang dipilih kurang Rp237.811: Beras 5 kg (Rp78.365); Gula pasir 3 kg (Rp54.396); "
        "Minyak goreng 5 liter (Rp105.050). Tidak ada yang dicadangkan."
    )
    with rutan.work_of("pengelola") as work:
        assert cycles.get(work, "bansos", NOVEMBER).state == "proposed"
        assert [fund.reserved for fund in books.balances(work)] == [0]
        assert work.run("SELECT count(*) FROM guyub.reservation").scalar_one() == 0


def test_a_dearer_purchase_is_refused_with_the_amount_until_the_head_adds_to_it(until: Until):
    rutan, cycle = until("approved")
    dearer = [DemoPurchase(date(2024, 11, 14), "Toko Sumber Pangan (contoh)", "Nota 0412", (("beras", "25", 400_000),))]
    with pytest.raises(Refusal) as refused:
        rutan.shop(cycle, dearer)
    assert "Beras (CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)) Rp8.175" in refused.value.what.id
    with pytest.raises(Refusal), rutan.work_of("pengelola") as work:
        added_money.top_up(work, cycle.id, "beras", 8_175, reason="Harga naik", on=DAY)
    with rutan.work_of("karutan") as work:
        added_money.top_up(work, cycle.id, "beras", 8_175, reason="Harga naik", on=DAY)
    rutan.shop(cycle, dearer)
    with rutan.work_of("pengelola") as work:
        csr = books.balances(work)[0]
        assert (csr.free, csr.reserved, csr.stock) == (0, 0, 400_000)


def test_no_more_is_bought_than_was_approved_and_nothing_without_a_note(until: Until):
    rutan, cycle = until("approved")
    with rutan.work_of("pengelola") as work:
        for bought, note, code in (
            ([BookedItem("beras", Decimal(26), 1)], "Nota 1", "funds.too_much_bought"),
            (
                [BookedItem("beras", Decimal(13), 1), BookedItem("beras", Decimal(13), 1)],
                "Nota 1",
                "funds.too_much_bought",
            ),
            ([BookedItem("beras", Decimal(0), 1)], "Nota 1", "funds.too_much_bought"),
            (
                [BookedItem("beras", Decimal(-1), 1), BookedItem("beras", Decimal(5), 1)],
                "Nota 1",
                "funds.too_much_bought",
            ),
            ([BookedItem("telur", Decimal(1), 1)], "Nota 1", "funds.too_much_bought"),
            ([BookedItem("beras", Decimal(1), 1)], "  ", "funds.no_evidence"),
        ):
            with pytest.raises(Invalid) as refused:
                purchases.buy(work, cycle.id, bought, supplier="Toko (contoh)", evidence=note, on=DAY)
            assert refused.value.code == code


@pytest.mark.parametrize("split", [["7.125", "17.875"], ["0.001", "24.999"], ["8.333", "8.333", "8.334"]])
def test_buying_in_parts_at_the_planned_price_needs_no_more_money(until: Until, split: list[str]):
    rutan, cycle = until("approved")
    for number, part in enumerate(split):
        cost = int(Decimal(part) * 15_673)
        rutan.shop(cycle, [DemoPurchase(DAY, "Toko (contoh)", f"Nota {number}", (("beras", part, cost),))])
    with rutan.work_of("pengelola") as work:
        assert [line.item for line in promises.to_buy(work, cycle.id)] == ["gula", "minyak"]
        assert books.check_ledger(work).ok


# --- goods, funds and their terms --------------------------------------------------------------------------------


def value_of(rutan: Rutan, cycle: Cycle) -> list[int]:
    with rutan.work_of(rutan.services) as work:
        return [recipient.value for recipient in queries.recipients(work, cycle)]


def spent(rutan: Rutan, cycle: Cycle) -> dict[str, int]:
    with rutan.work_of(rutan.services) as work:
        return {fund.code: fund.amount for fund in books.spending(work, cycle.id)}


def test_goods_in_store_go_first_and_the_oldest_before_the_others(baskets: Rutan):
    baskets.receive([gift("LAMA", goods=[("beras", "12", 180_000)])], RECEIVED)
    baskets.receive([gift("LAMA", goods=[("beras", "20", 320_000)], received_on="2024-11-09")], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["LAMA"])
    worlds.served(baskets, cycle)
    # 12 kg at Rp15.000, then 13 of 20 kg at Rp16.000: two families, one of both, and two.
    assert value_of(baskets, cycle) == [75_000, 75_000, 2 * 15_000 + 3 * 16_000, 80_000, 80_000]
    with baskets.work_of("pengelola") as work:
        assert [(row.free, row.reserved, row.cost) for row in books.stock(work)] == [(0, 0, 0), (7, 0, 112_000)]


def test_costs_that_do_not_divide_add_up_to_the_rupiah(baskets: Rutan):
    baskets.receive([gift("GANJIL", goods=[("beras", "25", 100_001)])], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["GANJIL"])
    worlds.served(baskets, cycle)
    assert sum(value_of(baskets, cycle)) == 100_001
    assert set(value_of(baskets, cycle)) <= {20_000, 20_001}


def test_what_is_in_store_goes_before_money_whatever_fund_it_is_of(baskets: Rutan):
    baskets.receive([gift("UANG", 1_000_000), gift("BARANG", goods=[("beras", "10", 150_000)])], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["UANG", "BARANG"])
    with baskets.work_of("pengelola") as work:
        assert [(line.fund, line.quantity) for line in promises.to_buy(work, cycle.id)] == [("Hibah UANG", 15)]
        funds = {fund.code: fund for fund in books.balances(work)}
    assert funds["UANG"].reserved == 15 * 15_500


@pytest.mark.parametrize("order", [["A", "B"], ["B", "A"]])
def test_funds_pay_in_the_order_that_was_selected(baskets: Rutan, order: list[str]):
    baskets.receive([gift("A", 200_000), gift("B", 400_000)], RECEIVED)
    cycle = worlds.approved(baskets, "paket", order)
    baskets.shop(cycle, [DemoPurchase(DAY, "Toko (contoh)", "Nota 1", (("beras", "25", 25 * 15_500),))])
    worlds.served(baskets, cycle)
    # A package costs Rp77.500: A holds enough for two.
    assert spent(baskets, cycle) == ({"A": 155_000, "B": 232_500} if order == ["A", "B"] else {"B": 387_500})


@pytest.mark.parametrize(
    "terms",
    [
        {"programs": ["bansos"]},
        {"categories": ["institution"]},
        {"areas": ["33.75.99.9999"]},
        {"usable_from": "2024-11-13"},  # the day after the approval
    ],
)
def test_a_fund_pays_only_for_what_it_was_given_for(baskets: Rutan, terms: dict[str, Any]):
    baskets.receive([gift("TERIKAT", 5_000_000, **terms)], RECEIVED)
    cycle = worlds.proposed(baskets, "paket", ["TERIKAT"])
    with pytest.raises(Refusal) as refused, baskets.work_of("karutan") as work:
        proposal.approve(work, baskets.opened.plugins, cycle, APPROVED, version=cycle.version)
    assert refused.value.code == "funds.shortfall"
    assert "Rp387.500" in refused.value.what.id


def test_a_shortfall_names_the_fund_that_does_not_pay_on_that_day(baskets: Rutan):
    baskets.receive([gift("TERIKAT", 5_000_000, usable_from="2024-11-13")], RECEIVED)
    cycle = worlds.proposed(baskets, "paket", ["TERIKAT"])
    with pytest.raises(Refusal) as refused, baskets.work_of("karutan") as work:
        proposal.approve(work, baskets.opened.plugins, cycle, APPROVED, version=cycle.version)
    assert (
        "Hibah TERIKAT baru dapat dipakai mulai 13 November 2024, jadi tidak pada 12 November 2024"
        in refused.value.what.id
    )


@pytest.mark.parametrize(
    ("terms", "code", "day"),
    [
        ({"usable_from": "2024-11-17"}, "funds.before_terms", "17 November 2024"),
        ({"usable_until": "2024-11-15"}, "funds.after_terms", "15 November 2024"),
    ],
)
def test_a_month_is_not_planned_for_a_day_on_which_its_fund_does_not_pay(
    baskets: Rutan, terms: dict[str, Any], code: str, day: str
):
    """The 16th; the day and the fund that come second are refused, whichever that is."""
    baskets.receive([gift("TERIKAT", 5_000_000, **terms), gift("UMUM", 5_000_000)], RECEIVED)
    with pytest.raises(Refusal) as refused:
        worlds.proposed(baskets, "paket", ["TERIKAT"])
    assert refused.value.code == code
    assert "Hibah TERIKAT" in refused.value.what.id
    assert day in refused.value.remedy.id


@pytest.mark.parametrize("terms", [{"usable_from": "2024-11-17"}, {"usable_until": "2024-11-15"}])
def test_a_fund_that_is_not_needed_need_not_pay_on_the_day(baskets: Rutan, terms: dict[str, Any]):
    """It is named as a warning; the promises, the hand-over and the plan are compared with the funds that pay."""
    baskets.receive([gift("TERIKAT", 5_000_000, **terms), gift("UMUM", 50_000_000)], RECEIVED)
    cycle = worlds.proposed(baskets, "paket", ["TERIKAT", "UMUM"])
    with baskets.work_of("karutan") as work:
        pays = coverage.coverage_of(work, cycle, APPROVED)
        assert [fund.name for fund in pays.unusable] == ["Hibah TERIKAT"]
        assert [share.fund for share in pays.shares] == ["Hibah UMUM"]
        proposal.approve(work, baskets.opened.plugins, cycle, APPROVED, version=cycle.version)
    with baskets.work_of("kasubsi") as work:
        approved = cycles.get(work, "paket", november.PERIOD)
        cycles.plan_distribution(work, approved, date(2024, 11, 18), time(9), "Aula")
        possible = days.of_hand_over(work, approved, date(2024, 12, 1))
        assert (possible.first, possible.last) == (APPROVED, date(2024, 12, 1))


def test_an_approved_month_is_not_moved_to_a_day_on_which_a_fund_that_pays_does_not(baskets: Rutan):
    terms = {"usable_until": "2024-11-17"}
    baskets.receive([gift("TERIKAT", 50_000_000, **terms), gift("UMUM", 50_000_000)], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["TERIKAT", "UMUM"])
    with baskets.work_of("kasubsi") as work:
        cycles.plan_distribution(work, cycle, date(2024, 11, 17), time(9), "Aula")
    with pytest.raises(Refusal) as refused, baskets.work_of("kasubsi") as work:
        cycles.plan_distribution(work, cycle, date(2024, 11, 18), time(9), "Aula")
    assert refused.value.code == "funds.after_terms"


@pytest.mark.parametrize(
    "terms",
    [
        {"programs": ["paket", "bansos"]},
        {"categories": ["inmate_family", "neighbour"]},
        {"usable_from": "2024-11-12"},
        {"usable_until": "2024-11-16"},
    ],
)
def test_a_fund_pays_for_what_it_was_given_for(baskets: Rutan, terms: dict[str, Any]):
    baskets.receive([gift("TERIKAT", 5_000_000, **terms)], RECEIVED)
    assert worlds.approved(baskets, "paket", ["TERIKAT"]).state == "approved"


def test_a_fund_for_one_village_serves_its_households_and_another_fund_the_rest(baskets: Rutan):
    klego = "33.75.02.1008"
    worlds.configure(baskets.opened.database, "paket", PEKALONGAN, quota=12)
    baskets.receive([gift("KLEGO", 5_000_000, areas=[klego]), gift("UMUM", 5_000_000)], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["KLEGO", "UMUM"])
    baskets.shop(cycle, [DemoPurchase(DAY, "Toko (contoh)", "Nota 1", (("beras", "45", 45 * 15_500),))])
    worlds.served(baskets, cycle)
    assert spent(baskets, cycle) == {"KLEGO": 2 * 77_500, "UMUM": 7 * 77_500}
    with baskets.work_of("kasubsi") as work:
        payers = work.run(
            """SELECT DISTINCT f.code, e.area = :klego FROM guyub.handover h JOIN guyub.entitlement e ON e.id = h.entitlement_id
               JOIN guyub.handover_line l ON l.handover_id = h.id JOIN guyub.transfer t ON t.id = l.transfer_id
               JOIN guyub.fund f ON f.id = t.fund_id ORDER BY 1""",
            klego=klego,
        ).all()
    assert [tuple(row) for row in payers] == [("KLEGO", True), ("UMUM", False)]


def basket(quantity: str, **more: Any) -> dict[str, Any]:
    return {"code": "beras", "name": "Beras", "unit": "kg", "quantity": quantity, "price": 15_500, **more}


def test_a_quantity_for_each_member_stops_at_its_cap(baskets: Rutan):
    package = [basket("1.5", per_member=True, at_most="4")]
    worlds.configure(baskets.opened.database, "paket", PEKALONGAN, quota=12, package=package)
    baskets.receive([gift("UMUM", 5_000_000)], RECEIVED)
    cycle = worlds.proposed(baskets, "paket", ["UMUM"])
    with baskets.work_of("kasubsi") as work:
        shares = work.run(
            """SELECT DISTINCT e.members, l.quantity FROM guyub.entitlement e
               JOIN guyub.entitlement_line l ON l.entitlement_id = e.id ORDER BY 1"""
        ).all()
        needed = sum(need.each * need.households for need in coverage.needs(work, cycle, []))
    assert dict(shares) == {members: min(Decimal("1.5") * members, Decimal(4)) for members, _ in shares}
    assert len(shares) > 3
    with baskets.work_of("karutan") as work:
        proposal.approve(work, baskets.opened.plugins, cycle, APPROVED, version=cycle.version)
    with baskets.work_of("pengelola") as work:
        assert sum(line.quantity for line in promises.to_buy(work, cycle.id)) == needed


def test_an_institution_of_three_thousand_people_receives_by_their_number(baskets: Rutan):
    orphanage = RegisterHousehold(
        category="institution",
        institution_name="Panti Asuhan Contoh",
        people_served=3000,
        recipient=NewMember(full_name="Hasan Contoh", nik="3375010708609906"),
    )
    with baskets.work_of("kasubsi") as work:
        registry.register_household(work, baskets.opened.protector, orphanage, SURVEYED)
    package = [basket("0.5", per_member=True)]
    worlds.configure(baskets.opened.database, "paket", PEKALONGAN, quota=12, package=package)
    baskets.receive([gift("UMUM", 50_000_000)], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["UMUM"])
    with baskets.work_of("kasubsi") as work:
        (listed,) = [row for row in queries.recipients(work, cycle) if "Panti" in row.name]
        members, quantity = work.run(
            """SELECT e.members, l.quantity FROM guyub.entitlement e JOIN guyub.entitlement_line l ON l.entitlement_id = e.id
               WHERE e.category = 'institution'"""
        ).one()
        differences = work.run(
            "SELECT kind FROM guyub.list_differences(:cycle, :listed)", cycle=cycle.id, listed=listed.id
        ).all()
    assert listed.name == "Panti Asuhan Contoh · Hasan Contoh"
    assert differences == []
    assert (members, quantity) == (3000, Decimal(1500))


def test_one_item_on_two_lines_of_a_package_is_given_and_counted_whole(baskets: Rutan):
    worlds.configure(
        baskets.opened.database, "paket", PEKALONGAN, package=[basket("2"), basket("0.5", per_member=True)]
    )
    baskets.receive([gift("BARANG", goods=[("beras", "100", 1_500_000)])], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["BARANG"])
    worlds.served(baskets, cycle)
    with baskets.work_of("kasubsi") as work:
        (given,) = cycle_facts.goods_given(work, cycle)
        closing.close(work, cycle, DAY)
        members = work.run("SELECT sum(members) FROM guyub.entitlement WHERE state = 'received'").scalar_one()
    assert given.quantity == 5 * 2 + Decimal("0.5") * members


def test_what_costs_nothing_is_promised_bought_and_handed_over_too(baskets: Rutan):
    worlds.configure(baskets.opened.database, "paket", PEKALONGAN, package=[basket("1", price=0)])
    baskets.receive([gift("UMUM", 1_000)], RECEIVED)
    cycle = worlds.approved(baskets, "paket", ["UMUM"])
    baskets.shop(cycle, [DemoPurchase(DAY, "Toko (contoh)", "Nota 1", (("beras", "5", 0),))])
    worlds.served(baskets, cycle)
    assert value_of(baskets, cycle) == [0] * 5


# --- the day -----------------------------------------------------------------------------------------------------


def everyone(rutan: Rutan, cycle: Cycle) -> list[UUID]:
    with rutan.work_of("kasubsi") as work:
        return [recipient.id for recipient in queries.recipients(work, cycle)]


def test_the_list_on_the_day_says_when_by_whom_and_how_it_was_signed(closed: World):
    cycle = cycle_of(closed.pekalongan)
    with closed.pekalongan.work_of("kasubsi") as work:
        listed = queries.recipients(work, cycle)
    moments = [item.handed_at.astimezone(AT.tzinfo).strftime("%d-%m %H:%M") for item in listed if item.handed_at]
    assert moments == ["16-11 09:00", "16-11 09:02", "16-11 09:04", "16-11 09:06", "16-11 09:08"]
    assert {(item.given_by, item.witness) for item in listed} == {("Kasubsi Contoh Satu", "Pengamanan Contoh Empat")}


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (Proof("Saksi Contoh", proxy_name="Wakil Contoh"), "programs.proxy"),
        (Proof("Saksi Contoh", proxy_letter="SK-1"), "programs.proxy"),
        (Proof("  "), "programs.witness"),
    ],
)
def test_a_proxy_brings_a_letter_and_a_hand_over_is_witnessed(until: Until, proof: Proof, code: str):
    rutan, cycle = until("distributing")
    first = everyone(rutan, cycle)[:1]
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, cycle, first, AT, proof)
    assert refused.value.code == code


def test_who_hands_over_is_not_their_own_witness(until: Until):
    rutan, cycle = until("distributing")
    first = everyone(rutan, cycle)[:1]
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, cycle, first, AT, Proof("Kasubsi Contoh Satu", work.person_id))
    assert refused.value.code == "programs.witness"


def test_a_proxy_with_a_letter_receives_for_the_household(until: Until):
    rutan, cycle = until("distributing")
    proof = Proof("Saksi Contoh", mark="thumbprint", proxy_name="Wakil Contoh", proxy_letter="Surat kuasa 15-11-2024")
    with rutan.work_of("kasubsi") as work:
        one = queries.recipients(work, cycle)[0]
        distribution.hand_over(work, cycle, [one.id], AT, proof)
        now = queries.recipient(work, cycle, one.id)
    assert (now.state, now.proxy_name, now.proof) == ("received", "Wakil Contoh", "thumbprint")


def test_nothing_is_handed_over_before_its_goods_are_there(until: Until):
    rutan, cycle = until("approved")
    with rutan.work_of("kasubsi") as work:
        distribution.start(work, cycle)
    waiting = everyone(rutan, cycle)
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, cycle, waiting, AT, PROOF)
    assert refused.value.code == "programs.goods_missing"
    assert "Beras, Gula pasir, Minyak goreng" in refused.value.what.id
    with rutan.work_of("kasubsi") as work:
        assert cycle_facts.counts(work, cycle)["approved"] == 5


def test_nothing_is_handed_over_before_the_distribution_begins(until: Until):
    rutan, cycle = until("bought")
    waiting = everyone(rutan, cycle)
    with pytest.raises(Refusal), rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, cycle, waiting, AT, PROOF)


def test_a_month_closes_when_everybody_is_accounted_for_and_what_was_left_goes_home(until: Until):
    rutan, cycle = until("distributing")
    one, *others = everyone(rutan, cycle)
    with rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, cycle, others, AT, PROOF)
    with pytest.raises(Refusal) as refused:
        rutan.close(cycle, DAY, "")
    assert refused.value.code == "programs.still_open"
    with rutan.work_of("kasubsi") as work:
        assert distribution.mark_absent(work, cycle, [one], "Sakit, tidak ada wakil") == 1
    rutan.close(cycle, DAY, "Satu keluarga tidak hadir.")
    with rutan.work_of("pengelola") as work:
        left = {row.item: (row.free, row.reserved, row.distributed) for row in books.stock(work)}
        figures = cycle_facts.figures(work, cycle)
        assert {fund.reserved for fund in books.balances(work)} == {0}
        assert books.check_ledger(work).ok
    assert left == {"Beras": (5, 0, 20), "Gula pasir": (1, 0, 4), "Minyak goreng": (1, 0, 4)}
    assert (figures.received, figures.absent, figures.value) == (4, 1, 466_040)


def test_who_was_marked_absent_may_still_come_before_the_closing(until: Until):
    rutan, cycle = until("distributing")
    one = everyone(rutan, cycle)[0]
    with rutan.work_of("kasubsi") as work:
        distribution.mark_absent(work, cycle, [one], "Belum datang")
        distribution.hand_over(work, cycle, [one], AT, PROOF)
        assert queries.recipient(work, cycle, one).state == "received"


@pytest.mark.parametrize("step", ["planned", "proposed", "approved", "bought"])
def test_a_month_that_is_cancelled_returns_all_that_it_held(until: Until, step: str):
    rutan, _ = until(step)
    with rutan.work_of("karutan") as work:
        cycle = cycles.get(work, "bansos", NOVEMBER)
        closing.cancel(work, cycle, november.DISTRIBUTION, "Banjir", version=cycle.version)
    with rutan.work_of("pengelola") as work:
        assert cycles.get(work, "bansos", NOVEMBER).state == "cancelled"
        assert {fund.reserved for fund in books.balances(work)} == {0}
        assert {row.reserved for row in books.stock(work)} <= {0}
        assert books.check_ledger(work).ok


def test_a_returned_proposal_is_fixed_and_proposed_again(until: Until):
    rutan, cycle = until("proposed")
    with rutan.work_of("karutan") as work:
        proposal.return_proposal(work, cycle, "Rohmah sudah pindah", version=cycle.version)
    with rutan.work_of("kasubsi") as work:
        by_name = {candidate.name: candidate for candidate in queries.candidates(work, cycle)}
        selection.choose(work, cycle, by_name["Rohmah Contoh"].id, False, "Sudah pindah")
        selection.choose(work, cycle, by_name["Wartini Contoh"].id, True, "Urutan berikutnya")
        proposal.propose(work, rutan.opened.plugins, cycles.get(work, "bansos", NOVEMBER))
    rutan.approve(cycle, APPROVED)
    with rutan.work_of("kasubsi") as work:
        assert [recipient.name for recipient in queries.recipients(work, cycle)] == [*FIVE[:4], "Wartini Contoh"]


# --- the next month ----------------------------------------------------------------------------------------------


def test_the_next_month_opens_from_the_last_one_with_the_funds_that_still_hold_something(until: Until):
    rutan, _ = until("closed")
    with rutan.work_of("kasubsi") as work:
        december = cycles.open_next(work, rutan.opened.plugins, cycles.get(work, "bansos", NOVEMBER))
        assert (december.period, december.state, december.place) == (DECEMBER, "planned", november.PLACE)
        assert december.starts_at == november.BEGINS
        assert len(coverage.funds_of(work, december)) == 2
        assert cycle_facts.package(work, december)[0].item.id == "Beras"


def served_lately(until: Until, cool_down: int) -> dict[str, str]:
    rutan, _ = until("closed")
    worlds.configure(rutan.opened.database, "bansos", PEKALONGAN, cool_down_months=cool_down)
    with rutan.work_of("kasubsi") as work:
        december = cycles.open_next(work, rutan.opened.plugins, cycles.get(work, "bansos", NOVEMBER))
        selection.score(work, rutan.opened.plugins, december)
        selection.select_top(work, december)
        return {candidate.name: candidate.state for candidate in queries.candidates(work, december)}


def test_those_who_were_served_wait_while_others_have_their_turn(until: Until):
    states = served_lately(until, 3)
    assert {name for name, state in states.items() if state == "excluded"} == set(FIVE)
    assert [name for name, state in states.items() if state == "selected"] == [
        "Kusnadi Contoh",
        "Sri Contoh",
        "Wartini Contoh",
        "Darsono Contoh",
        "Lestari Contoh",
    ]


def test_without_rotation_they_lose_their_points_for_waiting(until: Until):
    states = served_lately(until, 0)
    assert "excluded" not in states.values()
    assert list(states)[:5] != FIVE
