"""A proposal that came back is the first thing that its proposer reads, with its reason."""

from datetime import date

from guyub.demo.month import Rutan
from guyub.programs import proposal
from guyub.programs.cycles import Cycle
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
