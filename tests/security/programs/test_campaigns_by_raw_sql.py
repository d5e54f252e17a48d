"""What an order binds, attacked by raw SQL."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import families
from guyub.demo.month import Rutan
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_facts, cycles, selection
from guyub.programs.campaigns import service as campaigns
from guyub.sdk.errors import Refusal
from tests.conftest import KEBUMEN, PEKALONGAN, Acting
from tests.programs.test_campaigns import DECEMBER, SERENTAK, _december_proposed, issue, rutan
from tests.worlds import SURVEYED, attacker, superuser

__all__ = ["issue", "rutan"]
"""The worlds of that module, to attack."""


def test_a_list_beyond_the_quota_of_a_campaign_is_not_proposed(issue: Any, rutan: Rutan):
    issue(replace(SERENTAK, quotas={PEKALONGAN: 2}))
    rutan.register(families.PEKALONGAN, SURVEYED)
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "bansos", DECEMBER)
        selection.score(work, rutan.opened.plugins, cycle)
        work.session.execute(text("UPDATE guyub.entitlement SET state = 'selected' WHERE state = 'candidate'"))
    with pytest.raises(Refusal), rutan.work_of(rutan.services) as work:
        work.run("UPDATE guyub.cycle SET state = 'proposed' WHERE id = :cycle", cycle=cycle.id)


def test_what_a_campaign_binds_cannot_be_written_away(
    issue: Any, installation: Any, database: Database, acting: Acting
):
    issued = issue()
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", DECEMBER)
    values = {"cycle": cycle.id, "campaign": issued.campaign_id}
    with attacker(installation, database) as raw:
        for who, where in (("kasubsi", PEKALONGAN), ("karutan", PEKALONGAN), ("kanwil", None)):
            raw.enter(who, where)
            # A dearer package, line by line.
            dearer = """INSERT INTO guyub.package_line (facility_id, cycle_id, line, quantity, price, label)
                        SELECT facility_id, id, 99, 1, 900000, '{"id": "Uang", "en": "Money"}' FROM guyub.cycle
                        WHERE id = %(cycle)s"""
            assert raw.tries(dearer, values) == "GU016"
            assert raw.tries("UPDATE guyub.cycle SET quota = 99 WHERE id = %(cycle)s", values) == "GU016"
            assert raw.tries("UPDATE guyub.cycle SET campaign_id = NULL WHERE id = %(cycle)s", values) in (
                "GU004",
                "GU016",
            )
            assert raw.tries("UPDATE guyub.campaign SET ceiling = 900000 WHERE id = %(campaign)s", values) == "42501"
            assert raw.tries("UPDATE guyub.campaign_facility SET quota = 99", values) == "42501"
            assert raw.tries("DELETE FROM guyub.campaign_facility", values) == "42501"
            assert raw.tries("DELETE FROM guyub.campaign", values) == "42501"


def test_nobody_but_the_office_binds_a_month_and_only_by_a_campaign(
    issue: Any, installation: Any, database: Database, acting: Acting, plugins: PluginRegistry
):
    issued = issue(replace(SERENTAK, quotas={KEBUMEN: 8}))
    with acting("kasubsi") as work:
        cycle = cycles.open_cycle(work, plugins, "bansos", DECEMBER)
        values = {"cycle": cycle.id, "campaign": issued.campaign_id, "here": work.here.id}
    opens = """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings, campaign_id)
               SELECT facility_id, program_id, '2025-02-01', 5, 'x', settings, %(campaign)s
               FROM guyub.cycle WHERE id = %(cycle)s"""
    with attacker(installation, database) as raw:
        raw.enter("kasubsi", PEKALONGAN)
        assert raw.tries("UPDATE guyub.cycle SET campaign_id = %(campaign)s WHERE id = %(cycle)s", values) == "GU004"
        assert raw.tries(opens, values) == "GU004"
        named = "INSERT INTO guyub.campaign_facility VALUES (%(campaign)s, %(here)s, 5, 5, true)"
        assert raw.tries(named, values) == "GU004"
        orders = """INSERT INTO guyub.campaign (region_id, title, plugin, program_type, period, distribution_on)
                    SELECT region_id, 'Palsu', 'bansos', 'sembako', '2024-12-01', '2024-12-24' FROM guyub.facility
                    WHERE id = %(here)s"""
        assert raw.tries(orders, values) in ("42501", "GU004")
        raw.enter("kanwil")
        # Not without the facility being named by the order, and not for another month.
        assert raw.tries("UPDATE guyub.cycle SET campaign_id = %(campaign)s WHERE id = %(cycle)s", values) == "GU016"
        assert raw.tries(opens, values) == "GU016"
        # The office opens no month outside an order.
        assert raw.tries(opens.replace(", %(campaign)s", ", NULL"), values) == "GU004"


def test_an_ordered_package_that_grows_with_the_household_is_held_at_the_proposal(
    issue: Any, rutan: Rutan, installation: Any, database: Database
):
    """One line per head is within the ceiling for one person, and above it for a family."""
    issue(replace(SERENTAK, quotas={PEKALONGAN: 12}))
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "bansos", DECEMBER)
        each = sum(line.value for line in cycle_facts.package(work, cycle))
        work.run(
            """INSERT INTO guyub.package_line (facility_id, cycle_id, line, quantity, price, per_member, label)
               VALUES (:here, :cycle, 90, 1, :price, true, jsonb_build_object('id', 'Uang', 'en', 'Money'))""",
            here=work.here.id,
            cycle=cycle.id,
            price=250_000 - each,
        )
    with pytest.raises(Refusal, match="dearer"):
        _december_proposed(rutan, ordered=True)


ORDERED = """INSERT INTO guyub.campaign_facility (campaign_id, facility_id, quota, own_quota, adopted)
             SELECT g.id, f.id, 5, 5, false FROM guyub.campaign g, guyub.facility f WHERE f.code = %(code)s"""
LEAVES = "UPDATE guyub.cycle SET campaign_id = NULL WHERE campaign_id IS NOT NULL"
CANCELLED = "UPDATE guyub.campaign SET cancelled_at = now(), cancel_reason = 'keliru'"


def refusal_by_sql(attacker_: Any, sql: str, **values: Any) -> str:
    """The words of the database's refusal; "" where it let it pass."""
    try:
        with attacker_.connection.transaction():
            attacker_.connection.execute(sql.encode(), values)
    except psycopg.Error as error:
        return error.diag.message_primary or ""
    return ""


def test_a_campaign_is_not_stretched_undone_twice_or_left_by_raw_sql(
    issue: Callable[..., campaigns.IssuedCampaign], installation: Installation, database: Database
):
    issue()
    with database.work(database.as_service("tests")) as work:
        work.run("INSERT INTO guyub.region (code, name, office_name) VALUES ('contoh', 'Contoh', 'Kanwil Contoh')")
        work.run(
            "UPDATE guyub.facility SET region_id = (SELECT id FROM guyub.region WHERE code = 'contoh') WHERE code = 'rutan-demak'"
        )
        work.run("UPDATE guyub.facility SET closed_on = '2024-12-10' WHERE code = 'rutan-kudus'")
    with attacker(installation, database) as raw:
        raw.enter("kanwil")
        assert refusal_by_sql(raw, ORDERED, code="rutan-demak") != ""
        assert refusal_by_sql(raw, ORDERED, code="rutan-kudus") == "campaign_to_closed"
        assert refusal_by_sql(raw, LEAVES) == "campaign_holds"
        raw.enter("kasubsi", PEKALONGAN)
        assert refusal_by_sql(raw, LEAVES) == "a month comes under an order by the regional office"
        raw.enter("kanwil")
        assert refusal_by_sql(raw, CANCELLED) == ""
        assert refusal_by_sql(raw, CANCELLED) == "an order is cancelled once and otherwise never changed"
        assert refusal_by_sql(raw, ORDERED, code="rutan-salatiga") == "campaign_cancelled"


def test_a_month_comes_under_a_campaign_only_as_planned_and_below_its_ceiling(
    issue: Callable[..., campaigns.IssuedCampaign], installation: Installation, database: Database
):
    issue()
    with superuser(installation) as root:
        root.execute("SET session_replication_role = replica")
        root.execute(
            "UPDATE guyub.cycle SET campaign_id = NULL, state = 'proposed' WHERE facility_id = (%s)",
            [_id(root, KEBUMEN)],
        )
        root.execute("UPDATE guyub.cycle SET campaign_id = NULL WHERE facility_id = (%s)", [_id(root, PEKALONGAN)])
        root.execute("UPDATE guyub.campaign SET ceiling = 1000")
        root.commit()
    joins = """UPDATE guyub.cycle SET campaign_id = (SELECT id FROM guyub.campaign)
               WHERE facility_id = (SELECT id FROM guyub.facility WHERE code = %(code)s)"""
    with attacker(installation, database) as raw:
        raw.enter("kanwil")
        assert refusal_by_sql(raw, joins, code=KEBUMEN) == "campaign_too_late"
        assert refusal_by_sql(raw, joins, code=PEKALONGAN) == "campaign_ceiling"


def _id(root: Any, code: str) -> UUID:
    found: UUID = root.execute("SELECT id FROM guyub.facility WHERE code = %s", [code]).fetchone()[0]
    return found
