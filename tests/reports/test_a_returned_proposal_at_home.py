"""A proposal that came back is the first thing that its proposer reads, with its reason."""

from datetime import date

from guyub.demo.month import Rutan
from guyub.funds import money_requests
from guyub.programs import cycles, proposal, queries, replacements, withdrawal
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.reports.conftest import AsOf

HOME = "/f/rutan-pekalongan/"
REASON = "Sulastri sudah pindah"


def test_the_home_says_who_returned_it_and_why_until_it_is_proposed_again(
    visitor_on: AsOf, rutan: Rutan, proposed: Cycle
) -> None:
    kasubsi = visitor_on(date(2024, 11, 14))("kasubsi")
    assert REASON not in kasubsi.reads(HOME)
    with rutan.work_of("karutan") as work:
        proposal.return_proposal(work, proposed, REASON, version=proposed.version)
    assert f"usulan dikembalikan oleh Karutan Contoh Dua: {REASON}" in kasubsi.reads(HOME)
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, proposed)
    assert REASON not in kasubsi.reads(HOME)


def test_the_home_says_who_withdrew_the_approval_and_why(visitor_on: AsOf, rutan: Rutan, proposed: Cycle) -> None:
    rutan.approve(proposed, date(2024, 11, 12))
    with rutan.work_of("karutan") as work:
        approved = cycles.get(work, "bansos", proposed.period)
        withdrawal.withdraw(work, approved, date(2024, 11, 13), REASON, version=approved.version)
    assert f"persetujuan ditarik oleh Karutan Contoh Dua: {REASON}" in visitor_on(date(2024, 11, 14))("kasubsi").reads(
        HOME
    )


def test_the_home_says_that_a_reserve_waits_to_be_confirmed(visitor_on: AsOf, rutan: Rutan, proposed: Cycle) -> None:
    rutan.approve(proposed, date(2024, 11, 12))
    with rutan.work_of("kasubsi") as work:
        approved = cycles.get(work, "bansos", proposed.period)
        replacements.propose(work, approved, queries.recipients(work, approved)[0].id, REASON)
    assert "1 penggantian penerima menunggu pengesahan" in visitor_on(date(2024, 11, 14))("karutan").reads(HOME)


def test_the_home_says_that_a_proposal_waits_for_the_second_approver(
    visitor_on: AsOf, rutan: Rutan, proposed: Cycle
) -> None:
    worlds.employ(rutan.opened.database, "plh", "head", worlds.PEKALONGAN)
    worlds.configure(rutan.opened.database, "bansos", worlds.PEKALONGAN, second_approval_for_sensitive=True)
    rutan.approve(proposed, date(2024, 11, 12))
    home = visitor_on(date(2024, 11, 14))("plh").reads(HOME)
    assert "disetujui Karutan Contoh Dua, menunggu penyetuju kedua" in home
    assert "Persetujuan kedua" in home
    assert "Anda penyetuju pertama" in visitor_on(date(2024, 11, 14))("karutan").reads(HOME)


def test_the_home_of_who_may_add_money_names_a_request_that_waits(
    visitor_on: AsOf, rutan: Rutan, proposed: Cycle
) -> None:
    rutan.approve(proposed, date(2024, 11, 12))
    with rutan.work_of("pengelola") as work:
        money_requests.ask(work, proposed.id, {"gula": 2_500}, supplier="Toko", evidence="Nota 7")
    on = visitor_on(date(2024, 11, 14))
    assert "meminta tambahan dana Rp2.500 untuk Gula pasir" in on("karutan").reads(HOME)
    assert "meminta tambahan dana" not in on("pengelola").reads(HOME)
