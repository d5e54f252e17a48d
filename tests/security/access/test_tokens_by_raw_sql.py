"""What a token may, attacked by raw SQL."""

from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from tests.access.test_tokens import HERE, by_web, made
from tests.conftest import KEBUMEN, PEKALONGAN, Acting
from tests.worlds import attacker, superuser

__all__ = ["by_web"]
"""The world of that module, to attack."""


def test_a_token_writes_nothing_even_with_raw_sql(acting: Acting, database: Database, installation: Any):
    secret = made(acting)
    with attacker(installation, database) as raw:
        raw.connection.execute("SELECT guyub.enter_token(%s, 'api.read', %s)", (secret, PEKALONGAN))
        writes = "INSERT INTO guyub.item (facility_id, code, name, unit) SELECT id, 'x', 'X', 'kg' FROM guyub.facility"
        assert raw.tries(writes) == "25006"
        assert raw.tries("SELECT guyub.audit((guyub.scope())[1], 'x', 'x', '', '{}')") == "25006"
        assert raw.tries("SELECT set_config('transaction_read_only', 'off', true)") == "25001"
        assert raw.tries("SELECT guyub.make_token('x', '{calendar}', NULL, NULL, sha256('x'), 30)") == "25006"
        raw.leave()
        raw.enter("kasubsi.kebumen", KEBUMEN)
        assert raw.sees("SELECT id FROM guyub.api_token") == []
        assert raw.tries("SELECT token_hash FROM guyub.api_token") == "42501"
        assert raw.tries("UPDATE guyub.api_token SET revoked_at = now()") == "42501"
        assert raw.tries("INSERT INTO guyub.api_token (name) VALUES ('x')") == "42501"


# --- a token that configures --------------------------------------------------------------------------------------

VALUE = (
    "INSERT INTO guyub.config_value (layer, {place}, plugin, field, value, locked, valid_from, actor) "
    "SELECT '{layer}', id, 'bansos', 'quota', '7', {locked}, '2027-01-01', '' FROM guyub.{layer} WHERE code = '{code}'"
)


def value_at(layer: str, code: str, locked: bool = False) -> str:
    return VALUE.format(place=f"{layer}_id", layer=layer, code=code, locked=locked)


@pytest.mark.usefixtures("by_web")
def test_a_token_that_configures_writes_configuration_and_nothing_else_even_with_raw_sql(
    acting: Acting, database: Database, installation: Any
):
    secret = made(acting, "kanwil", ("configuration.write",))
    with superuser(installation) as root:
        tables = root.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind = 'r'"
        )
        known = [row[0] for row in tables]
    configured = {"config_value", "plugin_activation", "applied_plan", "applied_change", "configuration_epoch"}
    with attacker(installation, database) as raw:
        raw.connection.execute("SELECT guyub.enter_token(%s, 'configuration.write', %s)", (secret, PEKALONGAN))
        assert raw.tries(value_at("facility", PEKALONGAN)) == "1 rows"
        assert raw.tries(value_at("facility", KEBUMEN)) == "42501"
        item = "INSERT INTO guyub.item (facility_id, code, name, unit) SELECT id, 'x', 'X', 'kg' FROM guyub.facility"
        assert raw.tries(item) == "42501"
        for table in known:
            if table not in configured and not table.startswith("audit"):
                assert raw.tries(f"DELETE FROM guyub.{table}") in ("0 rows", "42501"), table
        mine = "SELECT guyub.make_token('x', '{calendar}', (guyub.scope())[1], NULL, sha256('x'), 30)"
        assert raw.tries(mine) == "42501"
        here = raw.value("SELECT (guyub.scope())[1]::text")
        assert raw.tries(f"SELECT guyub.set_managed_by('{here}', 'files')") in ("1 rows", "42501")
        assert raw.sees("SELECT DISTINCT managed_by FROM guyub.facility") == [("web",)]
        assert raw.value("SELECT guyub.permitted('programs.approve', (guyub.scope())[1])") is False
        for personal in ("household", "member", "inmate", "survey", "entitlement"):
            assert raw.sees(f"SELECT 1 FROM guyub.{personal}") == []


@pytest.mark.usefixtures("by_web")
def test_a_token_for_one_facility_neither_locks_nor_sets_values_of_the_region(
    acting: Acting, database: Database, installation: Any
):
    for place, region, lock in ((HERE, "GU004", "GU004"), ("region/jawa-tengah", "1 rows", "1 rows")):
        secret = made(acting, "kanwil", ("configuration.write",), place)
        with attacker(installation, database) as raw:
            raw.connection.execute("SELECT guyub.enter_token(%s, 'configuration.write')", (secret,))
            assert raw.tries(value_at("facility", PEKALONGAN, locked=True)) == lock
            assert raw.tries(value_at("region", "jawa-tengah")) in (region, "42501" if region == "GU004" else region)
            nation = "INSERT INTO guyub.config_value (layer, plugin, field, value, valid_from, actor) "
            assert raw.tries(f"{nation} VALUES ('national', 'bansos', 'quota', '7', '2027-01-01', '')") == "42501"


def test_a_token_configures_only_where_its_person_may(acting: Acting, database: Database, installation: Any):
    secret = made(acting, "kasubsi", ("configuration.write",))
    with attacker(installation, database) as raw:
        raw.connection.execute("SELECT guyub.enter_token(%s, 'configuration.write', %s)", (secret, PEKALONGAN))
        assert raw.tries(value_at("facility", PEKALONGAN)) == "GU004"
