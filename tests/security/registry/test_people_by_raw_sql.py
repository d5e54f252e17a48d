"""People and visits, attacked by raw SQL."""

import pytest

from guyub.registry import service
from guyub.registry.duplicates import AlreadyRegistered
from tests import worlds
from tests.registry.test_secrets import FIRST, world
from tests.worlds import SURVEYED, World

__all__ = ["world"]
"""The worlds of that module, to attack."""


def test_the_same_number_twice_at_one_facility_is_refused_by_name_and_by_the_database(world: World):
    rutan = world.pekalongan
    with pytest.raises(AlreadyRegistered) as refused, rutan.work_of("kasubsi") as work:
        service.register_household(work, rutan.opened.protector, FIRST, SURVEYED)
    assert "Sulastri Contoh" in refused.value.what.id
    assert FIRST.recipient.nik not in refused.value.what.id
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        for column in ("nik_index, nik_cipher", "is_recipient"):
            assert (
                attacker.tries(
                    f"INSERT INTO guyub.member (facility_id, household_id, full_name, {column}) "
                    f"SELECT facility_id, household_id, 'Lain Contoh', {column} FROM guyub.member"
                )
                == "23505"
            )
        assert attacker.tries("UPDATE guyub.member SET nik_index = sha256('x')") == "23505"


@pytest.mark.parametrize("table", ["household", "member", "inmate", "inmate_link"])
def test_a_person_does_not_change_house_or_facility_by_raw_sql(world: World, table: str):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        assert attacker.tries(f"UPDATE guyub.{table} SET facility_id = facility_id") == "42501"
        assert attacker.tries(f"UPDATE guyub.{table} SET id = id") == "42501"
        assert attacker.tries(f"DELETE FROM guyub.{table}") == "42501"


def test_a_survey_of_another_facility_is_not_set_aside_from_here(world: World):
    """The trigger that keeps one current survey runs before keys and policies are asked, with its owner's rights."""
    with world.kebumen.work_of("kasubsi.kebumen") as work:
        theirs = work.run("SELECT household_id FROM guyub.survey").scalar_one()
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        known = "SELECT id, facility_id, %(theirs)s, questionnaire_id, answers, surveyed_on FROM guyub.survey LIMIT 1"
        columns = "id, facility_id, household_id, questionnaire_id, answers, surveyed_on"
        outcome = attacker.tries(
            f"INSERT INTO guyub.survey ({columns}) {known} ON CONFLICT DO NOTHING", {"theirs": theirs}
        )
        assert outcome == "0 rows"
        attacker.connection.commit()
    with world.kebumen.work_of("kasubsi.kebumen") as work:
        assert work.run("SELECT superseded FROM guyub.survey").scalars().all() == [False]


def test_who_visited_is_not_what_the_statement_says(world: World):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        copied = "facility_id, household_id, questionnaire_id, answers, surveyed_on"
        assert (
            attacker.tries(
                f"""INSERT INTO guyub.survey ({copied}, surveyed_by)
                SELECT {copied}, (SELECT id FROM guyub.person WHERE login = 'karutan') FROM guyub.survey LIMIT 1"""
            )
            == "1 rows"
        )
        assert attacker.sees("SELECT DISTINCT surveyed_by = guyub.actor() FROM guyub.survey") == [(True,)]
        # Whoever leaves their scope half-way leaves no survey by nobody behind.
        nobody = f"""INSERT INTO guyub.survey ({copied})
                     SELECT facility_id, household_id, questionnaire_id,
                            CASE WHEN row_number() OVER () = 2 THEN jsonb_build_object('x', set_config('guyub.scope', '', true))
                                 ELSE answers END, surveyed_on FROM guyub.survey WHERE NOT superseded"""
        assert attacker.tries(nobody) in {"GU001", "42501"}
