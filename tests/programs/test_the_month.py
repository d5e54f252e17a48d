"""The story of Pekalongan's November 2024 through the public services: from the scores to the month that follows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from guyub.cli.demonstration import families, november
from guyub.cli.demonstration.month import Income, Rutan
from guyub.db.work import Database
from guyub.funds import queries as funds_read
from guyub.funds import receipts
from guyub.programs import closing, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.registry import service as registry
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from tests import worlds

from .conftest import Books, twins

NINE = datetime(2024, 11, 16, 2, tzinfo=UTC)
WITNESS = Proof("Pengamanan Contoh Empat")
DECEMBER = date(2024, 12, 1)


def balances(rutan: Rutan) -> dict[str, tuple[int, int, int, int]]:
    """Free and reserved cash, stock and what households got, by fund."""
    with rutan.work_of("pengelola") as work:
        assert funds_read.check_ledger(work).problems == ()
        return {one.code: (one.free, one.reserved, one.stock, one.used) for one in funds_read.balances(work)}


def hand_over(rutan: Rutan, cycle: Cycle, *numbers: int, proof: Proof = WITNESS) -> None:
    with rutan.work_of("kasubsi") as work:
        ids = [one.id for one in programs.recipients(work, cycle) if one.number in numbers]
        distribution.hand_over(work, cycle, ids, NINE, proof)


# --- who receives ------------------------------------------------------------------------------------------------


def test_twelve_families_are_scored_and_the_reasons_of_each_add_up_to_its_score(scored: Cycle, books: Books):
    found = books.candidates()
    assert len(found) == 12
    for one in found:
        assert sum(Decimal(str(points)) for points in one.reasons.values()) == one.score > 0
        assert sum(points for _, points, _ in programs.points(scored, one.reasons)) == one.score
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_who_is_not_eligible_is_kept_with_the_name_of_the_reason(rutan: Rutan, planned: Cycle, books: Books):
    not_visited = families.KEBUMEN[2].registration
    with rutan.work_of("kasubsi") as work:
        registry.register_many(work, rutan.opened.protector, [not_visited], date(2024, 11, 9))
        assert selection.score(work, rutan.opened.host, planned) == 13
    (one,) = books.candidates("excluded")
    assert (one.name, one.state_reason) == (not_visited.recipient.full_name, "surveyed")
    otherwise = {rule["key"]: rule["otherwise"] for rule in planned.settings["rules"]}
    assert programs.why_excluded(planned, one.state_reason).id == otherwise["surveyed"]["id"]
    with rutan.work_of("kasubsi") as work, pytest.raises(Invalid) as refused:
        selection.choose(work, planned, one.id, True, "tetangga meminta")
    assert refused.value.code == "programs.not_a_candidate"


def test_five_of_nine_families_of_inmates_are_chosen_and_no_neighbour(chosen: Cycle, books: Books):
    found = books.candidates()
    of_inmates = [one for one in found if one.category == "inmate_family"]
    assert len(of_inmates) == 9
    assert [one for one in found if one.state == "selected"] == sorted(of_inmates, key=lambda one: -one.score)[:5]


def test_of_families_that_score_alike_the_same_ones_are_chosen_each_time(rutan: Rutan, planned: Cycle, books: Books):
    rutan.register(twins(6), date(2024, 11, 9))
    chosen = []
    for _ in range(2):
        with rutan.work_of("kasubsi") as work:
            selection.score(work, rutan.opened.host, planned)
            assert selection.select_top(work, planned) == 5
        chosen.append([one.household_id for one in books.candidates("selected")])
    alike = [one.household_id for one in books.candidates() if one.score == books.candidates("selected")[0].score]
    assert len(alike) == 7
    assert chosen[0] == chosen[1] == sorted(alike)[:5]


def test_a_family_served_at_kebumen_this_month_is_excluded_with_nothing_but_the_name_of_that_facility(
    rutan: Rutan, planned: Cycle, books: Books, database: Database
):
    served = _sulastri_listed_at_kebumen(rutan, database)
    with rutan.work_of("kasubsi") as work:
        selection.score(work, rutan.opened.host, planned)
        assert work.run("SELECT count(*) FROM guyub.entitlement WHERE cycle_id = :id", id=served.id).scalar_one() == 0
    (one,) = books.candidates("excluded")
    assert (one.name, one.state_reason) == ("Sulastri Contoh", "served_at:Rutan Kebumen")
    words = programs.why_excluded(planned, one.state_reason)
    assert words.id == "Sudah menerima bantuan bulan ini di Rutan Kebumen"


def test_a_family_that_kebumen_approved_in_the_meantime_is_not_approved_again(
    rutan: Rutan, proposed: Cycle, books: Books, database: Database
):
    _sulastri_listed_at_kebumen(rutan, database)
    with pytest.raises(Refusal) as refused:
        rutan.approve(proposed, date(2024, 11, 12))
    assert "Rutan Kebumen" in refused.value.what.id
    assert books.cycle().state == "proposed"
    assert {reserved for _, reserved, _, _ in balances(rutan).values()} == {0}


def _sulastri_listed_at_kebumen(rutan: Rutan, database: Database) -> Cycle:
    """Sulastri's family is registered at Kebumen too, and gets a package from a gift in goods there."""
    kebumen = Rutan(
        rutan.opened, worlds.KEBUMEN, "kasubsi.kebumen", "karutan.kebumen", "", "karutan.kebumen", "Karutan"
    )
    kebumen.register(families.PEKALONGAN[:1], date(2024, 11, 7))
    gift = goods_in_kind("PKS-1/KBM", beras=("5", 70_000), gula=("1", 17_000), minyak=("1", 20_000))
    with database.work(database.as_service("tests", worlds.KEBUMEN)) as work:
        receipts.receive(work, rutan.opened.host, gift.plugin, gift.source, gift.kind, gift.form, date(2024, 11, 7))
    cycle = kebumen.propose(
        november.PERIOD, ["CSR-PKS-1-KBM"], "Aula", date(2024, 11, 9), november.BEGINS, "inmate_family"
    )
    kebumen.approve(cycle, date(2024, 11, 8))
    return cycle


def goods_in_kind(agreement: str, **lines: tuple[str, int]) -> Income:
    named = {"beras": ("Beras", "kg"), "gula": ("Gula pasir", "kg"), "minyak": ("Minyak goreng", "liter")}
    form: dict[str, Any] = {
        "donor": "PT Pangan (contoh)",
        "agreement_number": agreement,
        "received_on": "2024-11-07",
        "evidence_number": f"BAST {agreement}",
        "lines": [
            {"code": code, "name": named[code][0], "unit": named[code][1], "quantity": quantity, "value": value}
            for code, (quantity, value) in lines.items()
        ],
    }
    return Income("csr_funding", "csr", "csr_goods", form)


# --- proposal and approval ---------------------------------------------------------------------------------------


def test_the_kasubsi_proposes_and_cannot_approve(rutan: Rutan, proposed: Cycle, books: Books):
    assert proposed.proposed_by == "Kasubsi Contoh Satu"
    with rutan.work_of("kasubsi") as work, pytest.raises(Forbidden):
        proposal.approve(work, rutan.opened.host, proposed, date(2024, 11, 12))
    assert books.cycle().state == "proposed"
    assert {reserved for _, reserved, _, _ in balances(rutan).values()} == {0}


def test_the_karutan_approves_which_reserves_the_money_and_freezes_the_list(
    rutan: Rutan, approved: Cycle, funds: list[str]
):
    assert (approved.state, approved.approved_by) == ("approved", "Karutan Contoh Dua")
    assert balances(rutan) == {funds[0]: (8_175, 391_825, 0, 0), funds[1]: (154_290, 195_710, 0, 0)}
    with rutan.work_of("kasubsi") as work:
        one = programs.recipients(work, approved)[0]
    steps = (
        lambda work: selection.score(work, rutan.opened.host, approved),
        lambda work: selection.select_top(work, approved, 3),
        lambda work: selection.choose(work, approved, one.id, False, "tidak jadi"),
        lambda work: cycles.choose_funds(work, approved, funds[:1]),
    )
    for step in steps:
        with rutan.work_of("kasubsi") as work, pytest.raises(Refusal) as refused:
            step(work)
        assert refused.value.code == "programs.state"


# --- distribution ------------------------------------------------------------------------------------------------


def test_every_package_leads_back_to_funds_and_lots_and_the_sums_are_those_of_the_ledger(rutan: Rutan, begun: Cycle):
    hand_over(rutan, begun, 1, 2, 3, 4, 5)
    with rutan.work_of("pengelola") as work:
        lines = work.run(
            """SELECT h.entitlement_id AS family, f.name AS fund, i.code AS item, j.evidence AS note, l.quantity, l.rupiah
               FROM guyub.handover h JOIN guyub.handover_line l ON l.handover_id = h.id
               JOIN guyub.transfer t ON t.id = l.transfer_id JOIN guyub.fund f ON f.id = t.fund_id
               JOIN guyub.lot o ON o.id = t.lot_id AND o.fund_id = f.id JOIN guyub.item i ON i.id = o.item_id
               JOIN guyub.journal j ON j.id = o.journal_id"""
        ).all()
        spent = {one.fund: one.amount for one in funds_read.spending(work, begun.id)}
    assert len(lines) == 15
    assert {(one.item, one.fund.split()[0], one.note) for one in lines} == {
        ("beras", "CSR", "Nota 0412"), ("gula", "Keuntungan", "Nota 0412"), ("minyak", "Keuntungan", "Nota 0412"),
    }  # fmt: skip
    assert {fund: sum(one.rupiah for one in lines if one.fund == fund) for fund in spent} == spent
    with rutan.work_of("kasubsi") as work:
        listed = programs.recipients(work, begun)
        assert programs.figures(work, begun).value == sum(one.value for one in listed) == 582_550
    assert {one.id: one.value for one in listed} == {
        one.id: sum(line.rupiah for line in lines if line.family == one.id) for one in listed
    }
    assert sum(used for *_, used in balances(rutan).values()) == 582_550


def test_a_proxy_needs_a_letter(rutan: Rutan, begun: Cycle, books: Books):
    for proof, field in (
        (Proof("Saksi Contoh", proxy_name="Slamet Contoh"), "proxy_letter"),
        (Proof("Saksi Contoh", proxy_letter="SK-1"), "proxy_name"),
    ):
        with pytest.raises(Invalid) as refused:
            hand_over(rutan, begun, 1, proof=proof)
        assert (refused.value.code, refused.value.field) == ("programs.proxy", field)
    assert books.recipients()[0].state == "approved"
    hand_over(rutan, begun, 1, proof=Proof("Saksi Contoh", proxy_name="Slamet Contoh", proxy_letter="Surat 16-11-2024"))
    first = books.recipients()[0]
    assert (first.state, first.proxy_name) == ("received", "Slamet Contoh")


def test_a_package_is_handed_over_once(rutan: Rutan, begun: Cycle):
    hand_over(rutan, begun, 1)
    before = balances(rutan)
    with pytest.raises(Refusal) as refused:
        hand_over(rutan, begun, 1, 2)
    assert refused.value.code == distribution.ALREADY
    assert balances(rutan) == before


def test_an_undone_hand_over_returns_the_goods_and_can_be_made_again(rutan: Rutan, begun: Cycle, books: Books):
    before = balances(rutan)
    hand_over(rutan, begun, 1, 2)
    after = balances(rutan)
    first = books.recipients()[0]
    with rutan.work_of("kasubsi") as work, pytest.raises(Invalid):
        distribution.undo(work, begun, first.id, " ", date(2024, 11, 16))
    for number in (0, 1):
        with rutan.work_of("kasubsi") as work:
            distribution.undo(work, begun, books.recipients()[number].id, "salah orang", date(2024, 11, 16))
    assert balances(rutan) == before != after
    assert (books.recipients()[0].state, books.recipients()[0].value) == ("approved", 0)
    hand_over(rutan, begun, 1, 2)
    assert balances(rutan) == after
    assert books.recipients()[0].value == first.value


# --- the end -----------------------------------------------------------------------------------------------------


def test_the_package_of_an_absent_family_returns_to_its_lots_and_funds_at_the_close(
    rutan: Rutan, begun: Cycle, funds: list[str], books: Books
):
    hand_over(rutan, begun, 1, 2, 3, 4)
    with rutan.work_of("kasubsi") as work, pytest.raises(Refusal) as refused:
        closing.close(work, begun, november.DISTRIBUTION)
    assert refused.value.code == "programs.still_open"
    with rutan.work_of("kasubsi") as work:
        assert distribution.mark_absent(work, begun, [books.recipients()[4].id], "sakit") == 1
        closing.close(work, begun, november.DISTRIBUTION)
    with rutan.work_of("pengelola") as work:
        left = {(one.item, one.code): (one.free, one.reserved, one.distributed) for one in funds_read.stock(work)}
    assert left == {
        ("Beras", funds[0]): (5, 0, 20), ("Gula pasir", funds[1]): (1, 0, 4), ("Minyak goreng", funds[1]): (1, 0, 4),
    }  # fmt: skip
    assert balances(rutan) == {
        funds[0]: (12_500, 0, 77_500, 310_000), funds[1]: (154_950, 0, 39_010, 156_040),
    }  # fmt: skip
    assert (books.recipients()[4].state, books.recipients()[4].state_reason) == ("absent", "sakit")


def test_a_cancelled_month_returns_all_its_money_and_goods(rutan: Rutan, approved: Cycle, funds: list[str]):
    rutan.shop(approved, november.SHOPPING)
    with rutan.work_of("karutan") as work, pytest.raises(Invalid):
        closing.cancel(work, approved, date(2024, 11, 15), "")
    with rutan.work_of("karutan") as work:
        closing.cancel(work, approved, date(2024, 11, 15), "banjir")
        assert cycles.get(work, "bansos", november.PERIOD).state == "cancelled"
    assert balances(rutan) == {funds[0]: (12_500, 0, 387_500, 0), funds[1]: (154_950, 0, 195_050, 0)}
    with rutan.work_of("pengelola") as work:
        assert [(one.free, one.reserved) for one in funds_read.stock(work)] == [(25, 0), (5, 0), (5, 0)]


def test_a_month_whose_distribution_has_begun_is_not_cancelled(rutan: Rutan, begun: Cycle):
    with rutan.work_of("karutan") as work, pytest.raises(Refusal) as refused:
        closing.cancel(work, begun, date(2024, 11, 16), "banjir")
    assert refused.value.code == "programs.state"


def test_the_next_month_opens_from_the_last_and_those_served_rank_lower(rutan: Rutan, closed: Cycle, books: Books):
    november_scores = {one.household_id: (one.score, one.state) for one in books.candidates()}
    following = rutan.open_next(closed, date(2024, 12, 14))
    assert (following.period, following.place, following.starts_at) == (DECEMBER, "Aula Rutan", november.BEGINS)
    assert (following.state, following.distribution_on) == ("planned", date(2024, 12, 14))
    with rutan.work_of("kasubsi") as work:
        selection.score(work, rutan.opened.host, following)
        found = programs.candidates(work, following)
    for one in found:
        score, state = november_scores[one.household_id]
        assert (one.score < score) == (state == "received")
        assert (one.reasons["waiting"] < 1) == (state == "received")


def test_of_two_families_that_live_alike_the_one_not_served_last_month_comes_first(rutan: Rutan, closed: Cycle):
    rutan.register(twins(1), date(2024, 11, 20))
    following = rutan.open_next(closed, date(2024, 12, 14))
    with rutan.work_of("kasubsi") as work:
        selection.score(work, rutan.opened.host, following)
        ranked = [one.name for one in programs.candidates(work, following)]
    assert ranked.index("Kembar Contoh 41") < ranked.index("Sulastri Contoh")


def test_only_funds_that_still_hold_something_go_along_to_the_next_month(rutan: Rutan):
    exact = Income("csr_funding", "csr", "csr_cash", {**november.INCOMES[0].form, "amount": 391_825})
    codes = rutan.receive([exact, november.INCOMES[1]], date(2024, 11, 6))
    cycle = rutan.propose(november.PERIOD, codes, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
    rutan.approve(cycle, date(2024, 11, 12))
    visit = november.SHOPPING[0]
    rutan.shop(
        cycle, [type(visit)(visit.on, visit.supplier, visit.note, [("beras", "25", 391_825), *visit.bought[1:]])]
    )
    rutan.hand_over(cycle, NINE)
    closed = rutan.close(cycle, november.DISTRIBUTION, "")
    rutan.open_next(closed, date(2024, 12, 14))
    with rutan.work_of("kasubsi") as work:
        assert cycles.funds_that_last(work, cycles.get(work, "bansos", DECEMBER)) == codes[1:]


@pytest.fixture(autouse=True)
def _no_problem_in_the_books(rutan: Rutan) -> Any:
    """Whatever a sentence tells, the ledger adds up at its end."""
    yield
    balances(rutan)
