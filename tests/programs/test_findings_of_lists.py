"""How a list differs from the registry and the claims: each kind is named for who proposes, approves and hands over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guyub.app import create_app
from guyub.demo import families, november
from guyub.programs import cycles, list_findings, proposal, selection
from guyub.programs.cycles import Cycle
from guyub.registry import member_acts, service
from guyub.registry.schemas import ChangeMember, MemberAct
from tests import worlds
from tests.damaged_rows import household_reads_otherwise
from tests.visits import text_of, visitors
from tests.worlds import APPROVED, RECEIVED, SURVEYED, World

DECEMBER = date(2024, 12, 1)
MONTH = "/f/rutan-pekalongan/cycles/2024-11"


@pytest.fixture
def proposed(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="proposed") as made:
        yield made


@pytest.fixture
def approved(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="approved") as made:
        yield made


@pytest.fixture
def closed(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="closed") as made:
        yield made


def cycle_of(world: World, period: date = november.PERIOD) -> Cycle:
    with world.pekalongan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", period)


def found(world: World) -> dict[str, list[str]]:
    """The findings of November's list by their kind, each with its name."""
    with world.pekalongan.work_of("kasubsi") as work:
        kinds = list_findings.of_list(
            work, world.plugins, cycle_of(world), judges=True, protector=world.pekalongan.opened.protector
        )
        return {kind.kind: [finding.sentence.id for finding in kind.findings] for kind in kinds}


def first_listed(world: World) -> Any:
    """The household, the member who receives and the name of the one at the top of the list."""
    with world.pekalongan.work_of("kasubsi") as work:
        return work.run(
            """SELECT e.household_id, m.id AS member_id, m.full_name FROM guyub.entitlement e
               JOIN guyub.member m ON m.household_id = e.household_id AND m.is_recipient
               WHERE e.cycle_id = :cycle AND e.state IN ('selected', 'approved') ORDER BY e.score DESC, e.id LIMIT 1""",
            cycle=cycle_of(world).id,
        ).one()


def page(world: World, login: str, path: str, at: datetime = datetime(2024, 11, 16, 2, tzinfo=UTC)) -> str:
    protector = world.pekalongan.opened.protector
    application = create_app(world.database, world.plugins, protector=protector, clock=lambda: at)
    with visitors(application, world.database) as come:
        answer = come(login).opens(path)
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


def moved_to_bendan(world: World) -> str:
    first = first_listed(world)
    with world.pekalongan.work_of("kasubsi") as work:
        household_reads_otherwise(work, first.household_id, village="Bendan", village_code="33.75.01.1001")
    return str(first.full_name)


def without_nik(world: World) -> str:
    first = first_listed(world)
    with world.pekalongan.work_of("kasubsi") as work:
        command = ChangeMember(full_name=first.full_name, nik="")
        service.update_member(work, world.pekalongan.opened.protector, first.member_id, command)
    return str(first.full_name)


def test_who_moved_to_another_village_is_named_with_it(proposed: World):
    name = moved_to_bendan(proposed)
    assert found(proposed)["area"] == [f"{name}: sekarang di Bendan"]
    assert f"{name} : sekarang di Bendan" in page(proposed, "karutan", f"{MONTH}/approval")


def test_a_recipient_without_a_nik_is_named(proposed: World):
    assert "no_nik" not in found(proposed)
    name = without_nik(proposed)
    assert found(proposed)["no_nik"] == [f"{name}: bantuan ganda tidak dapat diperiksa"]
    assert f"{name} : bantuan ganda tidak dapat diperiksa" in page(proposed, "karutan", f"{MONTH}/approval")


def test_who_received_at_another_facility_is_named_with_that_facility_and_nothing_else(proposed: World):
    """Kebumen approves a family of the list of Pekalongan first."""
    first = first_listed(proposed)
    twin = next(home for home in families.PEKALONGAN if home.registration.recipient.full_name == first.full_name)
    village = families.KEBUMEN[0].registration
    where = {part: getattr(village, part) for part in ("village", "village_code", "district", "city")}
    kebumen = proposed.kebumen
    worlds.activate(proposed.database, "bansos", worlds.KEBUMEN)
    worlds.activate(proposed.database, "csr_funding", worlds.KEBUMEN)
    kebumen.register([replace(twin, registration=twin.registration.model_copy(update=where))], SURVEYED)
    funds = kebumen.receive([november.INCOMES[0]], RECEIVED)
    there = kebumen.propose(november.PERIOD, funds, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
    kebumen.approve(there, APPROVED)
    assert found(proposed)["served"] == [
        f"{first.full_name}: sudah menerima bantuan bulan ini di Rutan Kelas IIB Kebumen"
    ]


def test_the_approver_reads_who_received_last_month_and_how_many_of_them_receive_again(closed: World):
    rutan = closed.pekalongan
    with rutan.work_of("kasubsi") as work:
        opened = cycles.open_next(work, rutan.opened.plugins, cycle_of(closed))
        selection.score(work, rutan.opened.plugins, opened)
        received = work.run(
            """SELECT n.id FROM guyub.entitlement n JOIN guyub.entitlement e ON e.household_id = n.household_id
               WHERE n.cycle_id = :now AND e.cycle_id = :before AND e.state = 'received'
                 AND n.state IN ('candidate', 'selected') ORDER BY n.id LIMIT 2""",
            now=opened.id,
            before=cycle_of(closed).id,
        ).scalars()
        for entitlement in received:
            selection.choose(work, opened, entitlement, True, "masih memerlukan")
    rutan.receive([november.SECOND_GIFT], date(2024, 12, 2))
    with rutan.work_of("kasubsi") as work:
        december = cycles.get(work, "bansos", DECEMBER)
        cycles.plan_distribution(work, december, date(2024, 12, 14), None, "Aula Rutan")
        proposal.propose(work, rutan.opened.plugins, december, date(2024, 12, 3))
    decided = datetime(2024, 12, 3, 2, tzinfo=UTC)
    told = page(closed, "karutan", "/f/rutan-pekalongan/cycles/2024-12/approval", decided)
    assert "Penerima bulan lalu November 2024: 5 penerima; 2 di antaranya ada pada daftar ini." in told
    assert "Tidak lagi pada daftar (3)" in told


@pytest.mark.parametrize(("change", "kind"), [(moved_to_bendan, "area"), (without_nik, "no_nik")])
def test_the_desk_names_all_kinds_that_matter_there_and_no_score(approved: World, change: Any, kind: str):
    name = change(approved)
    sentence = found(approved)[kind][0].replace(": ", " : ", 1)
    told = page(approved, "kasubsi", f"{MONTH}/distribution")
    assert sentence in told
    with approved.pekalongan.work_of("kasubsi") as work:
        household_reads_otherwise(work, first_listed(approved).household_id, elderly=4)
    told = page(approved, "kasubsi", f"{MONTH}/distribution")
    assert f"{name} : " in told
    assert "Jumlah jiwa berubah" in told
    assert "Skor berubah" not in told


@pytest.fixture
def planned(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="planned") as made:
        yield made


def more_children(world: World) -> list[str]:
    """Everybody on the list has another number of small children; the names by the id of the entitlement."""
    with world.pekalongan.work_of("kasubsi") as work:
        listed = work.run(
            """SELECT e.household_id, m.full_name FROM guyub.entitlement e
               JOIN guyub.member m ON m.household_id = e.household_id AND m.is_recipient
               WHERE e.cycle_id = :cycle AND e.state = 'selected' ORDER BY e.score DESC, e.id""",
            cycle=cycle_of(world).id,
        ).all()
        for household, _ in listed:
            household_reads_otherwise(work, household, children_under_5=9)
    return [name for _, name in listed]


def test_other_scores_are_one_line_after_all_others_and_the_selection_can_stay(planned: World):
    names, moved = more_children(planned), moved_to_bendan(planned)
    kinds = list(found(planned))
    assert kinds.index("area") < kinds.index("score") == len(kinds) - 1
    said = page(planned, "kasubsi", f"{MONTH}/candidates")
    changed = found(planned)["score"]
    assert f"Skor berubah: {len(changed)} keluarga Perubahan terbesar: {changed[0].partition(': ')[2]}." in said
    assert f"Keluarkan {moved}" in said.partition("Skor berubah")[0]
    assert "Keluarkan" not in said.partition("Skor berubah")[2].partition("Nilai ulang, pilihan tetap")[0]
    with planned.pekalongan.work_of("kasubsi") as work:
        cycle = cycle_of(planned)
        another = work.run(
            "SELECT id FROM guyub.entitlement WHERE cycle_id = :cycle AND state = 'candidate' LIMIT 1", cycle=cycle.id
        ).scalar_one()
        selection.choose(work, cycle, another, True, "rumah baru saja terbakar")
    with planned.pekalongan.work_of("kasubsi") as work:
        again = selection.score_again(work, planned.plugins, cycle_of(planned))
    assert (again.kept, again.lost) == (len(names) + 1, 0)
    assert "score" not in found(planned)
    with planned.pekalongan.work_of("kasubsi") as work:
        reasons = work.run(
            """SELECT state_reason FROM guyub.entitlement
               WHERE cycle_id = :cycle AND state = 'selected' AND state_reason <> ''""",
            cycle=cycle_of(planned).id,
        ).scalars()
        assert list(reasons) == ["rumah baru saja terbakar"]


def test_a_death_before_the_hand_over_that_is_entered_later_is_named_on_the_list(closed: World):
    with closed.pekalongan.work_of("kasubsi") as work:
        receiving = work.run(
            """SELECT m.id, m.full_name FROM guyub.entitlement e JOIN guyub.member m ON m.household_id = e.household_id
               AND m.is_recipient WHERE e.cycle_id = :cycle AND e.state = 'received' ORDER BY e.id LIMIT 1""",
            cycle=cycle_of(closed).id,
        ).one()
        died = MemberAct(occurred_on=date(2024, 11, 15), reason="Sakit, kabar menyusul")
        member_acts.member_died(work, closed.pekalongan.opened.protector, receiving.id, died, date(2024, 11, 30))
    shown = page(closed, "kasubsi", f"{MONTH}/distribution", datetime(2024, 11, 30, 2, tzinfo=UTC))
    assert "Tercatat menerima sesudah meninggal dunia: 1 keluarga" in shown
    assert f"{receiving.full_name} : meninggal dunia 15 November 2024, tercatat menerima sendiri 16 November" in shown


def test_a_death_on_the_day_of_the_hand_over_is_no_finding(closed: World):
    with closed.pekalongan.work_of("kasubsi") as work:
        member = work.run(
            """SELECT m.id FROM guyub.entitlement e JOIN guyub.member m ON m.household_id = e.household_id
               AND m.is_recipient WHERE e.cycle_id = :cycle AND e.state = 'received' ORDER BY e.id LIMIT 1""",
            cycle=cycle_of(closed).id,
        ).scalar_one()
        died = MemberAct(occurred_on=date(2024, 11, 16), reason="Sakit mendadak")
        member_acts.member_died(work, closed.pekalongan.opened.protector, member, died, date(2024, 11, 30))
        assert "after_death" not in {finding.kind for finding in list_findings.differences(work, cycle_of(closed))}
