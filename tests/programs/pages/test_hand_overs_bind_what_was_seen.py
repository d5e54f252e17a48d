"""One household at the desk: what its form showed is what is handed over, noted or taken back."""

import pytest

from guyub.demo.month import Rutan
from guyub.programs import distribution, queries
from guyub.programs.cycles import Cycle
from guyub.programs.queries import Recipient
from guyub.registry import service as registry
from tests.visits import NewVisitor, hidden_in, text_of

MONTH = "/f/rutan-pekalongan/cycles/2024-11"
PROOF = {"witness": "another", "witness_name": "Saksi Contoh", "mark": "signature"}


def waiting(rutan: Rutan, begun: Cycle) -> Recipient:
    with rutan.work_of("kasubsi") as work:
        return queries.recipients(work, begun, states=("approved",))[0]


def state(rutan: Rutan, begun: Cycle, who: Recipient) -> str:
    with rutan.work_of("kasubsi") as work:
        return queries.recipient(work, begun, who.id).state


def archived(rutan: Rutan, who: Recipient) -> None:
    with rutan.work_of("kasubsi") as work:
        of_list = "SELECT household_id FROM guyub.entitlement WHERE id = :id"
        household = work.run(of_list, id=who.id).scalar_one()
        registry.archive(work, household, "bertengkar dengan tetangga")


@pytest.mark.parametrize("act", ["", "/absent"])
def test_what_became_known_since_is_shown_before_anything_is_recorded(
    visitor: NewVisitor, rutan: Rutan, begun: Cycle, act: str
):
    who = waiting(rutan, begun)
    desk = f"{MONTH}/distribution/{who.id}"
    kasubsi = visitor("kasubsi")
    kasubsi.opens(desk)
    form = hidden_in(kasubsi.page) | PROOF | {"absence": "sedang sakit"}
    archived(rutan, who)
    answer = kasubsi.sends(f"{desk}{act}", form)
    assert answer.status_code == 409
    assert "Yang diketahui tentang keluarga ini: – → tidak aktif lagi" in text_of(answer)
    assert "bertengkar" not in answer.text
    assert "Saksi Contoh" in answer.text
    assert "sedang sakit" in answer.text
    assert state(rutan, begun, who) == "approved"
    assert kasubsi.sends(f"{desk}{act}", form | kasubsi.shown_by(f"{desk}{act}")).status_code == 303


@pytest.mark.parametrize("act", ["", "/absent"])
def test_a_form_that_says_nothing_of_what_it_showed_records_nothing(
    visitor: NewVisitor, rutan: Rutan, begun: Cycle, act: str
):
    who = waiting(rutan, begun)
    desk = f"{MONTH}/distribution/{who.id}"
    kasubsi = visitor("kasubsi")
    kasubsi.opens(desk)
    answer = kasubsi.sends(f"{desk}{act}", PROOF | {"absence": "sakit", "version": ""})
    assert answer.status_code == 409
    assert state(rutan, begun, who) == "approved"


def test_whoever_was_noted_absent_meanwhile_is_looked_at_again(visitor: NewVisitor, rutan: Rutan, begun: Cycle):
    who = waiting(rutan, begun)
    desk = f"{MONTH}/distribution/{who.id}"
    kasubsi = visitor("kasubsi")
    kasubsi.opens(desk)
    form = hidden_in(kasubsi.page) | PROOF
    with rutan.work_of("kasubsi") as work:
        distribution.mark_absent(work, begun, [who.id], "pindah")
    answer = kasubsi.sends(desk, form)
    assert answer.status_code == 409
    assert "Keadaan: Belum menerima → Tidak hadir" in text_of(answer)
    kasubsi.follows(kasubsi.sends(desk, form | kasubsi.shown_by(desk)))
    assert state(rutan, begun, who) == "received"


def test_a_hand_over_that_was_made_anew_is_not_taken_back_unseen(visitor: NewVisitor, rutan: Rutan, begun: Cycle):
    who = waiting(rutan, begun)
    desk = f"{MONTH}/distribution/{who.id}"
    kasubsi = visitor("kasubsi")
    kasubsi.opens(desk)
    kasubsi.follows(kasubsi.sends(desk, PROOF))
    kasubsi.opens(f"{desk}/undo")
    form = hidden_in(kasubsi.page) | {"reason": "salah orang"}
    kasubsi.follows(kasubsi.sends(f"{desk}/undo", form | {"reason": "salah hari"}))
    kasubsi.opens(desk)
    kasubsi.follows(kasubsi.sends(desk, PROOF | {"on": "2024-11-16", "at": "09.05"}))
    kasubsi.opens(f"{desk}/undo")
    answer = kasubsi.sends(f"{desk}/undo", form)
    assert answer.status_code == 409
    assert "salah orang" in answer.text
    assert state(rutan, begun, who) == "received"


def test_the_desk_says_where_to_ask_and_not_why_a_household_was_archived(
    visitor: NewVisitor, rutan: Rutan, begun: Cycle
):
    """Row P11."""
    who = waiting(rutan, begun)
    archived(rutan, who)
    for page in (f"{MONTH}/distribution/{who.id}", f"{MONTH}/distribution"):
        shown = visitor("kasubsi").reads(page)
        assert "bertengkar" not in shown
        assert "tidak aktif lagi" in shown


def test_the_desk_leads_to_the_reserves(visitor: NewVisitor, rutan: Rutan, begun: Cycle):
    who = waiting(rutan, begun)
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{MONTH}/distribution/{who.id}")
    assert f'href="{MONTH}/replacements?number={who.number}"' in kasubsi.page.text
    kasubsi.opens(f"{MONTH}/distribution")
    assert f'href="{MONTH}/replacements"' in kasubsi.page.text
