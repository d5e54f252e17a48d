"""An identity that is filled in after the approval is claimed too, and when somebody was last served is asked per programme."""

from datetime import date

from guyub.registry import member_acts
from guyub.registry.schemas import MemberAct, NewMember
from tests.security.conftest import World

NIK = "3375014708909955"


def claims(world: World) -> int:
    with world.superuser() as root:
        row = root.execute("SELECT count(*) FROM guyub.claim WHERE released_at IS NULL").fetchone()
    assert row is not None
    return int(row[0])


def test_a_number_that_is_filled_in_after_the_approval_is_claimed(own_proposed: World) -> None:
    world = own_proposed
    world.rutan.approve(world.cycle, date(2024, 11, 12))
    before = claims(world)
    assert before > 0
    with world.rutan.work_of("kasubsi") as work:
        listed = "SELECT household_id FROM guyub.entitlement WHERE cycle_id = :cycle AND state = 'approved' LIMIT 1"
        household = work.run(listed, cycle=world.cycle.id).scalar_one()
        joining, on = MemberAct(occurred_on=date(2024, 11, 13), reason="Tinggal bersama"), date(2024, 11, 14)
        person = NewMember(full_name="Anggota Contoh", nik=NIK)
        member_acts.member_joined(work, world.rutan.opened.protector, household, person, joining, on)
    assert claims(world) == before + 1


def test_who_received_from_one_programme_was_not_served_by_another(closed: World) -> None:
    with closed.attacker() as officer:
        officer.enter("kasubsi", "rutan-pekalongan")
        asked = "SELECT count(*) FROM guyub.household_facts WHERE last_served IS NOT NULL"
        group = officer.value("SELECT exclusion_group FROM guyub.cycle")
        served = officer.value(asked)
        assert served > 0
        officer.tries("SELECT set_config('guyub.asks_for', %(group)s, true)", {"group": group})
        assert officer.value(asked) == served
        officer.tries("SELECT set_config('guyub.asks_for', 'another_programme', true)")
        assert officer.value(asked) == 0
