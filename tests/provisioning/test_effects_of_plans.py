"""Where a value comes to count, and from which day: also where the plugin starts after the value began."""

from datetime import date

from guyub.configuration.plan_summary import becoming, groups
from guyub.provisioning import plan

STARTS = {"rutan-kebumen": date(2024, 11, 1), "rutan-kudus": date(2025, 1, 1), "rutan-pekalongan": date(2024, 11, 1)}


def test_a_value_of_the_region_that_began_before_a_facility_runs_the_plugin_counts_there_from_its_first_day(
    files, database, plugins
):
    files.change("region", "ceiling = 250_000", "ceiling = 260_000")
    with database.work(database.as_service("tests")) as work:
        found = plan(work, plugins, files.load())
    first = {effect.facility: (effect.on, effect.counts_from) for effect in found.effects if effect.active}
    assert {code: first[code] for code in STARTS} == {code: (date(2024, 11, 1), day) for code, day in STARTS.items()}
    (group,) = groups(found.changes, found.effects)
    assert set(STARTS) <= set(group.follow)
    assert {item.effect.counts_from for item in becoming(found.effects)} >= set(STARTS.values())
    kudus = next(effect.as_json() for effect in found.effects if effect.facility == "rutan-kudus")
    assert (kudus["active"], kudus["old"], kudus["new"], kudus["counts_from"]) == (True, 250_000, 260_000, "2025-01-01")


def test_a_value_that_is_over_before_the_plugin_starts_counts_nowhere(files, database, plugins):
    files.change("region", "from = 2024-11-01", "from = 2024-10-01")
    files.change("region", "ceiling = 250_000", "ceiling = 240_000")
    files.add(
        "region",
        '[[plugins.bansos.later]]\nfrom = 2024-11-01\nlocked = ["ceiling"]\n'
        "[plugins.bansos.later.config]\nceiling = 250_000\n",
    )
    with database.work(database.as_service("tests")) as work:
        found = plan(work, plugins, files.load())
    assert found.effects
    assert not any(effect.active for effect in found.effects)
