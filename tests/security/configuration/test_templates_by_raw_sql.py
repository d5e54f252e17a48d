"""A template of configuration is made and read by those who configure its region; nobody changes one."""

import pytest

from guyub.configuration import config_templates
from guyub.sdk.errors import Refusal
from tests import places
from tests.worlds import PEKALONGAN, attacker, employ, employ_local_admin

INTO = """INSERT INTO guyub.config_template (region_id, name, plugin_values)
          SELECT {region}, 'X', jsonb_build_object('bansos', jsonb_build_object('quota', 4))"""


def test_a_template_is_kept_to_those_who_configure_the_region(database, installation):
    places.add_regions(database)
    employ_local_admin(database)
    employ(database, "kanwil.contoh", "region_admin", region="contoh")
    own = "(SELECT id FROM guyub.region WHERE code = 'jawa-tengah')"
    other = "(SELECT id FROM guyub.region WHERE code = 'contoh')"
    with attacker(installation, database) as intruder:
        intruder.enter("kanwil")
        assert intruder.tries(INTO.format(region=own)) == "1 rows"
        assert intruder.tries(INTO.format(region=other)) in ("GU004", "42501")
        assert intruder.tries(INTO.format(region="NULL::uuid")) in ("GU004", "42501")
        assert intruder.tries("UPDATE guyub.config_template SET note = 'x'") == "42501"
        assert intruder.tries("DELETE FROM guyub.config_template") == "42501"
        intruder.enter("admin.lokal", PEKALONGAN)
        assert intruder.tries(INTO.format(region=own)) in ("GU004", "42501")
        intruder.enter_service()
        assert intruder.tries(INTO.format(region=own)) == "1 rows"
        intruder.connection.commit()
        intruder.enter("kanwil.contoh")
        assert intruder.sees("SELECT name FROM guyub.config_template") == []


def test_a_name_is_one_whatever_its_capitals_until_its_template_is_retired(database, acting):
    region = "(SELECT id FROM guyub.region WHERE code = 'jawa-tengah')"
    again = INTO.format(region=region).replace("'X'", "'RUTAN KECIL'")
    with acting("kanwil") as work:
        home = work.run(f"SELECT {region}").scalar_one()
        config_templates.keep(work, home, "Rutan kecil", "", {"bansos": {"quota": 4}})
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        work.run(again)
    assert refused.value.code == "configuration.template_of_that_name"
    with acting("kanwil") as work:
        (kept,) = config_templates.templates(work, home)
        config_templates.retire(work, home, kept)
    with database.work(database.as_service("tests")) as work:
        work.run(again)
