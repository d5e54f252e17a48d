"""Lists follow life: who was archived, replaced or judged otherwise since is named where the list is used, with a way out."""

from datetime import date
from uuid import UUID

import pytest

from guyub.demo.month import Rutan
from guyub.programs import proposal, queries, selection
from guyub.programs.cycles import Cycle
from guyub.registry import inmates, member_acts, service
from guyub.registry.schemas import ChangeInmateStatus, MemberAct, NewMember, NewRecipient
from tests.damaged_rows import household_reads_otherwise, same_inmate
from tests.programs.pages.conftest import Books
from tests.visits import NewVisitor, hidden_in, text_of

MONTH = "/f/rutan-pekalongan/cycles/2024-11"
TODAY = date(2024, 11, 16)
CANDIDATES, PROPOSE, APPROVAL = f"{MONTH}/candidates", f"{MONTH}/propose", f"{MONTH}/approval"


def household_of(rutan: Rutan, entitlement: UUID) -> UUID:
    with rutan.work_of("kasubsi") as work:
        statement = "SELECT household_id FROM guyub.entitlement WHERE id = :id"
        household: UUID = work.run(statement, id=entitlement).scalar_one()
    return household


def archived(rutan: Rutan, household: UUID) -> None:
    with rutan.work_of("kasubsi") as work:
        service.archive(work, household, "Meninggal dunia")


def replaced(rutan: Rutan, household: UUID, name: str) -> None:
    """Somebody new of the household receives."""
    with rutan.work_of("kasubsi") as work:
        joining = MemberAct(occurred_on=TODAY, reason="Tinggal bersama")
        person = NewMember(full_name=name)
        member = member_acts.member_joined(work, rutan.opened.protector, household, person, joining, TODAY)
        linked = work.run("SELECT inmate_id FROM guyub.inmate_link WHERE household_id = :id", id=household).scalars()
        act = NewRecipient(occurred_on=TODAY, reason="Menggantikan", relationships=dict.fromkeys(linked, "mother"))
        member_acts.make_recipient(work, rutan.opened.protector, member, act, TODAY)


def test_who_is_archived_before_the_proposal_is_named_and_can_be_replaced_by_the_next(
    visitor: NewVisitor, rutan: Rutan, selected: Cycle, books: Books
) -> None:
    gone, *_ = books.candidates("selected")
    following = books.candidates("candidate")[0]
    archived(rutan, gone.household_id)
    kasubsi = visitor("kasubsi")
    told = kasubsi.reads(PROPOSE)
    assert f"{gone.name} : diarsipkan: Meninggal dunia" in told
    refused = kasubsi.sends(PROPOSE, hidden_in(kasubsi.page))
    assert refused.status_code == 409
    assert f"{gone.name}: diarsipkan: Meninggal dunia" in text_of(refused)

    page = f"{CANDIDATES}/{gone.id}"
    assert "diarsipkan: Meninggal dunia" in kasubsi.opens(f"{page}?because=gone").text.partition("<textarea")[2]
    reason = {"reason": "diarsipkan: Meninggal dunia", "take_next": "yes"}
    assert following.name in kasubsi.follows(kasubsi.sends(page, hidden_in(kasubsi.page) | reason))
    names = {row.id for row in books.candidates("selected")}
    assert gone.id not in names
    assert following.id in names
    kasubsi.opens(PROPOSE)
    assert kasubsi.sends(PROPOSE, hidden_in(kasubsi.page)).status_code == 303


def test_who_is_archived_after_the_proposal_is_a_finding_for_the_approver_and_a_line_at_the_desk(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
) -> None:
    gone = books.recipients()[0]
    archived(rutan, household_of(rutan, gone.id))
    karutan = visitor("karutan")
    assert f"{gone.name} : diarsipkan: Meninggal dunia" in karutan.reads(APPROVAL)
    assert karutan.sends(APPROVAL, hidden_in(karutan.page)).status_code == 303
    kasubsi = visitor("kasubsi")
    for page in (f"{MONTH}/distribution", f"{MONTH}/distribution/{gone.id}"):
        desk = kasubsi.reads(page)
        assert "tidak aktif lagi; tanyakan kepada petugas data keluarga" in desk
        assert "Meninggal dunia" not in desk


def test_a_list_is_made_anew_before_another_recipient_is_approved(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
) -> None:
    before = books.recipients()[0]
    replaced(rutan, household_of(rutan, before.id), "Pengganti Contoh")
    karutan = visitor("karutan")
    assert f"diusulkan atas nama {before.name}, sekarang Pengganti Contoh" in karutan.reads(APPROVAL)
    refused = karutan.sends(APPROVAL, {"version": str(books.cycle().version)})
    assert refused.status_code == 409
    assert "Pengganti Contoh" in text_of(refused)
    with rutan.work_of("karutan") as work:
        proposal.return_proposal(work, books.cycle(), "penerima berganti", version=books.cycle().version)
    kasubsi = visitor("kasubsi")
    assert "penerima berganti" in kasubsi.reads(PROPOSE)
    assert kasubsi.sends(PROPOSE, hidden_in(kasubsi.page)).status_code == 303
    assert "Pengganti Contoh" in {row.name for row in books.recipients()}


def test_a_recipient_who_has_died_is_named_and_the_list_is_not_approved(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
) -> None:
    dead = books.recipients()[0]
    with rutan.work_of("kasubsi") as work:
        statement = "SELECT id FROM guyub.member WHERE household_id = :id AND is_recipient"
        member = work.run(statement, id=household_of(rutan, dead.id)).scalar_one()
    replaced_by_nobody = MemberAct(occurred_on=TODAY, reason="Sakit")
    with rutan.work_of("kasubsi") as work:
        member_acts.member_died(work, rutan.opened.protector, member, replaced_by_nobody, TODAY)
    karutan = visitor("karutan")
    assert f"{dead.name} : penerima meninggal dunia" in karutan.reads(APPROVAL)
    refused = karutan.sends(APPROVAL, {"version": str(books.cycle().version)})
    assert refused.status_code == 409
    assert dead.name in text_of(refused)


def test_a_candidate_without_a_recipient_is_passed_over_and_named(
    visitor: NewVisitor, rutan: Rutan, scored: Cycle, books: Books
) -> None:
    [best, *_] = books.candidates()
    with rutan.work_of("kasubsi") as work:
        statement = "SELECT id FROM guyub.member WHERE household_id = :id AND is_recipient"
        member = work.run(statement, id=household_of(rutan, best.id)).scalar_one()
    with rutan.work_of("kasubsi") as work:
        member_acts.member_left(
            work, rutan.opened.protector, member, MemberAct(occurred_on=TODAY, reason="Pindah"), TODAY
        )
    with rutan.work_of("kasubsi") as work:
        chosen = selection.select_top(work, scored)
        assert chosen == scored.quota
        first, *others = queries.candidates(work, scored, states=("selected",))
        assert best.id not in {first.id, *(other.id for other in others)}
        assert selection.take_next(work, scored, first.id, "Pindah rumah") != best.id
    page = visitor("kasubsi").opens(CANDIDATES)
    assert f"Dilewati karena belum ada penerima: 1 keluarga {best.name} : penerima pergi" in text_of(page)
    assert f'href="/f/rutan-pekalongan/households/{household_of(rutan, best.id)}"' in page.text


def test_the_programme_s_own_expressions_are_asked_anew(
    visitor: NewVisitor, rutan: Rutan, selected: Cycle, books: Books
) -> None:
    first = books.candidates("selected")[0]
    with rutan.work_of("kasubsi") as work:
        household_reads_otherwise(work, first.household_id, category="neighbour", elderly=3)
    told = visitor("kasubsi").reads(PROPOSE)
    assert f"{first.name} : Keluarga warga binaan → Masyarakat sekitar" in told
    assert "Jumlah jiwa berubah" in told
    assert "Skor berubah" in told or "Tidak lagi memenuhi syarat" in told


def test_an_inmate_who_is_released_is_named_and_the_points_follow(
    visitor: NewVisitor, rutan: Rutan, selected: Cycle, books: Books
) -> None:
    first = books.candidates("selected")[0]
    with rutan.work_of("kasubsi") as work:
        linked = "SELECT inmate_id FROM guyub.inmate_link WHERE household_id = :id"
        inmate = work.run(linked, id=first.household_id).scalar_one()
        act = ChangeInmateStatus(occurred_on=date(2024, 11, 10), reason="Bebas murni", status="released")
        inmates.change_status(work, inmate, act, TODAY)
    told = visitor("kasubsi").reads(PROPOSE)
    assert "Bebas sejak 10 November 2024" in told
    assert f"{first.name} : skor" in told


def test_the_approver_sees_who_was_put_on_and_who_was_taken_off_with_the_reasons(
    visitor: NewVisitor, rutan: Rutan, selected: Cycle, books: Books
) -> None:
    top, other = books.candidates("selected")[0], books.candidates("candidate")[0]
    with rutan.work_of("kasubsi") as work:
        selection.choose(work, selected, top.id, False, "sudah dibantu desa")
        selection.choose(work, selected, other.id, True, "rumahnya terbakar")
        proposal.propose(work, rutan.opened.plugins, selected)
    told = visitor("karutan").reads(APPROVAL)
    assert f"Dikeluarkan: {top.name}" in told
    assert "sudah dibantu desa" in told
    assert f"Dimasukkan: {other.name}" in told


def test_several_recipients_of_one_inmate_are_pointed_out(
    visitor: NewVisitor, rutan: Rutan, selected: Cycle, books: Books
) -> None:
    first, second, *_ = books.candidates("selected")
    with rutan.work_of("kasubsi") as work:
        same_inmate(work, first.household_id, second.household_id)
    told = visitor("kasubsi").reads(PROPOSE)
    assert "Beberapa penerima dari satu warga binaan: 2 keluarga" in told


def test_several_recipients_at_one_address_are_pointed_out_and_the_street_is_not_shown(
    visitor: NewVisitor, rutan: Rutan, selected: Cycle, books: Books
) -> None:
    first, second, *_ = books.candidates("selected")
    for household, street in ((first, "Jalan Contoh No. 9"), (second, "jalan contoh no 9")):
        with rutan.work_of("kasubsi") as work:
            cipher = rutan.opened.protector.encrypt(street)
            where = {"street_cipher": cipher, "rt": "001", "rw": "002", "village": "Krapyak"}
            household_reads_otherwise(work, household.household_id, **where)
    told = visitor("kasubsi").reads(PROPOSE)
    assert "Beberapa penerima pada satu alamat: 2 keluarga" in told
    assert f"{first.name} : satu alamat dengan {second.name}" in told
    assert "No. 9" not in told


def test_an_older_list_is_not_proposed_unseen(visitor: NewVisitor, rutan: Rutan, selected: Cycle, books: Books) -> None:
    kasubsi = visitor("kasubsi")
    kasubsi.opens(PROPOSE)
    last, other = books.candidates("selected")[-1], books.candidates("candidate")[0]
    with rutan.work_of("kasubsi") as work:
        selection.choose(work, selected, last.id, False, "sudah dibantu desa")
        selection.choose(work, selected, other.id, True, "mendesak")
    refused = kasubsi.sends(PROPOSE, hidden_in(kasubsi.page))
    assert refused.status_code == 409
    assert f"{other.name} dimasukkan ke daftar. Alasan: mendesak" in text_of(refused)
    assert kasubsi.sends(PROPOSE, hidden_in(kasubsi.page)).status_code == 303


@pytest.mark.parametrize(("page", "values"), [("day", {"place": "Lapangan Contoh"}), ("funds", {})])
def test_day_and_funds_of_an_older_form_are_shown_again_with_what_was_typed(
    visitor: NewVisitor,
    rutan: Rutan,
    funds: list[str],
    selected: Cycle,
    books: Books,
    page: str,
    values: dict[str, str],
) -> None:
    first, second = visitor("kasubsi"), visitor("kasubsi")
    typed = {"on": "2024-11-16", "at": "09.00", "place": "Aula Rutan"} | values if page == "day" else {}
    orders = [{f"fund.{code}": str(n) for n, code in enumerate(order, 1)} for order in (funds, funds[::-1])]
    first.opens(f"{MONTH}/{page}")
    second.opens(f"{MONTH}/{page}")
    moved = {"on": "2024-11-23", "at": "10.00", "place": "Aula Rutan"} if page == "day" else orders[1]
    assert second.sends(f"{MONTH}/{page}", hidden_in(second.page) | moved).status_code == 303
    refused = first.sends(f"{MONTH}/{page}", hidden_in(first.page) | (typed or orders[0] | {f"fund.{funds[1]}": ""}))
    assert refused.status_code == 409
    assert "Kasubsi Contoh Satu" in text_of(refused)
    if page == "day":
        assert "Hari: 2024-11-16 → 2024-11-23" in text_of(refused)
        assert 'value="2024-11-23"' in refused.text
        assert 'value="Lapangan Contoh"' in refused.text
    assert (books.funds_of() == funds[::-1]) == (page == "funds")


@pytest.fixture
def desk(visitor: NewVisitor, begun: Cycle) -> str:
    """The form for many at once, of a month that is being handed over."""
    return f"{MONTH}/distribution/many"


def test_many_of_whom_one_was_served_meanwhile_stay_ticked_and_typed(
    visitor: NewVisitor, desk: str, books: Books
) -> None:
    first, second = visitor("kasubsi"), visitor("kasubsi")
    ids = [str(recipient.id) for recipient in books.recipients()[:3]]
    proof = {"whom": "ticked", "mark": "thumbprint", "witness": books.witness}
    first.opens(desk)
    second.opens(desk)
    second.follows(second.sends(desk, hidden_in(second.page) | proof | {"household": ids[:1]}))
    refused = first.sends(desk, hidden_in(first.page) | proof | {"household": ids})
    assert refused.status_code == 409
    assert f"{books.recipients()[0].name}: menunggu → sudah menerima (Kasubsi Contoh Satu" in text_of(refused)
    assert [f'value="{id_}" checked' in refused.text for id_ in ids] == [False, True, True]
    assert 'value="thumbprint" checked' in refused.text or 'value="thumbprint" selected' in refused.text
    first.follows(first.sends(desk, hidden_in(first.page) | proof | {"household": ids[1:]}))
    assert [row.state for row in books.recipients()][:3] == ["received"] * 3


@pytest.mark.parametrize("page", ["many", "absent"])
def test_all_who_wait_are_those_who_waited_when_the_form_was_read(
    visitor: NewVisitor, desk: str, books: Books, page: str
) -> None:
    first, second = visitor("kasubsi"), visitor("kasubsi")
    path = desk.replace("many", page)
    proof = {"whom": "all", "mark": "signature", "witness": books.witness, "reason": "Tidak datang"}
    first.opens(path)
    second.opens(desk)
    one = {"whom": "ticked", "household": [str(books.recipients()[0].id)]}
    second.follows(second.sends(desk, hidden_in(second.page) | proof | one))
    refused = first.sends(path, hidden_in(first.page) | proof)
    assert refused.status_code == 409
    assert "berubah sejak Anda membacanya" in text_of(refused)
    assert [row.state for row in books.recipients()].count("approved") == 4
    first.follows(first.sends(path, hidden_in(first.page) | proof))
    assert [row.state for row in books.recipients()].count("approved") == 0
