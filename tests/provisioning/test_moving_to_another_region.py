"""A facility that files move to another region, or open in one: what becomes of its configuration is told before."""

from datetime import date

import pytest

from guyub.configuration.plan import Plan
from guyub.provisioning import apply, plan

MOVED, EVE = date(2024, 12, 1), date(2024, 11, 30)
KANWIL = """name = "Contoh"
office_name = "Kanwil Contoh"
capital = "Contoh"
letter_code = "W.99"
letterhead = ["KANTOR WILAYAH CONTOH"]
[plugins.bansos]
from = 2024-11-01
locked = ["ceiling"]
[plugins.bansos.config]
ceiling = 300_000
quota = 12
"""


@pytest.fixture
def moving(files):
    """Pekalongan comes under another office from 1 December on."""
    there = files.root / "contoh"
    there.mkdir()
    (there / "region.toml").write_text(KANWIL, encoding="utf-8")
    old = files.path("rutan-pekalongan")
    text = old.read_text(encoding="utf-8")
    (there / old.name).write_text(f"name_from = {MOVED}\n{text}", encoding="utf-8")
    old.unlink()
    return files


def effective(planned: Plan, facility: str) -> dict[str, tuple[object, str, object, str, date]]:
    """By field of the food packages: value and layer before and after, and the day."""
    return {
        effect.field: (
            effect.before.value,
            effect.before.origin.layer,
            effect.after.value,
            effect.after.origin.layer,
            effect.on,
        )
        for effect in planned.effects
        if (effect.facility, effect.plugin) == (facility, "bansos")
    }


def test_the_plan_of_a_move_tells_every_value_in_effect_that_another_region_changes(moving, database, plugins):
    with database.work(database.as_service("tests")) as work:
        planned = plan(work, plugins, moving.load())
    found = effective(planned, "rutan-pekalongan")
    assert found["ceiling"] == (250_000, "region", 300_000, "region", MOVED)
    assert {effect.field: effect.kind for effect in planned.effects if effect.plugin == "bansos"} == {
        "ceiling": "changes",
        "quota": "keeps_its_own",
    }


def test_after_the_move_the_days_before_it_are_as_they_were(moving, database, plugins):
    with database.work(database.as_service("tests")) as work:
        done = apply(work, plugins, moving.load())
        assert plan(work, plugins, moving.load()).changes == ()
    assert done.changes
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        ceilings = [plugins.resolve(work, "bansos", work.here.id, day).config.ceiling for day in (EVE, MOVED)]
    assert ceilings == [250_000, 300_000]


def test_a_facility_that_is_opened_reads_what_its_region_gives_it(files, database, plugins):
    text = files.path("rutan-kudus").read_text(encoding="utf-8").replace("Kudus", "Contoh")
    files.path("rutan-contoh").write_text(text.replace("33.19", "33.99"), encoding="utf-8")
    with database.work(database.as_service("tests")) as work:
        found = effective(plan(work, plugins, files.load()), "rutan-contoh")
    assert found["ceiling"] == (400_000, "default", 250_000, "region", date(2025, 1, 1))
    assert found["quota"][2:4] == (8, "facility")
