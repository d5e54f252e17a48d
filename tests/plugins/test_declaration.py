"""All that the host refuses of a declaration is listed, each fault with the rule, the attribute and the thing."""

from pathlib import Path

import pytest

from guyub.plugins.declaration import RESERVED, faults
from guyub.plugins.page_checks import faults as faults_of_pages
from guyub.sdk import Answer, Config, NavEntry, Plugin, ProgramType, Router, Text, Visit, hookimpl

CORE = Path(__file__).parents[2] / "core/guyub"


def _page(visit: Visit) -> Answer: ...


def _two_arguments(visit: Visit, more: int) -> Answer: ...


class Specimen(Plugin):
    slug = "specimen"
    title = Text(id="Contoh", en="Specimen")
    summary = Text(id="Untuk uji.", en="For tests.")


def codes(plugin: Plugin) -> list[tuple[str, str]]:
    return [(fault.code, fault.attribute) for fault in faults(plugin, None)]


def test_a_plugin_that_can_be_loaded_has_no_fault():
    assert codes(Specimen()) == []


def test_every_fault_is_listed_and_not_only_the_first():
    class Broken(Specimen):
        api = 7
        config_version = 3
        nav = (NavEntry(Text(id="a", en="b"), "/x", "no.such", "no-icon"),)

        @hookimpl(tryfirst=True)
        def guyub_health(self, context):
            return []

    assert codes(Broken()) == [
        ("PKG012", "api"),
        ("HOOK003", "guyub_health"),
        ("HOOK005", "guyub_health"),
        ("CONF006", "config_version"),
        ("WEB013", "nav"),
        ("WEB003", "nav"),
    ]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/", "/a/{number}", "/a/{number}/b.csv"], []),
        (["/a b"], ["WEB015"]),
        (["/a//b"], ["WEB015"]),
        (["/a", "/a"], ["WEB015"]),
        (["/{number}", "/{code}"], ["WEB015"]),
    ],
)
def test_a_path_is_well_formed_and_the_first_of_its_shape(paths: list[str], expected: list[str]):
    routes = Router()
    for path in paths:
        routes.get(path, permission="registry.read")(_page)
    plugin = Specimen()
    plugin.routes = routes  # type: ignore[misc]  # what the test tries
    assert [fault.code for fault in faults_of_pages(plugin)] == expected


def test_a_handler_takes_the_visit_alone_and_the_fault_names_it():
    routes = Router()
    routes.get("/a", permission="registry.read")(_two_arguments)
    plugin = Specimen()
    plugin.routes = routes  # type: ignore[misc]  # what the test tries
    (fault,) = faults_of_pages(plugin)
    assert (fault.code, fault.thing) == ("WEB010", _two_arguments)


def test_no_plugin_may_have_the_name_of_a_room_of_the_core():
    rooms = {folder.name for folder in CORE.iterdir() if (folder / "__init__.py").exists()}
    assert rooms - RESERVED == set()


class Weekly(ProgramType[Config]):
    key = "mingguan"
    title = Text(id="Mingguan", en="Weekly")

    def schedule(self, config: Config) -> str:
        return "FREQ=WEEKLY;BYDAY=SA"


def test_a_schedule_finer_than_a_month_is_refused_in_words():
    class Broken(Specimen):
        program_types = (Weekly(),)

    [fault] = faults(Broken(), None)
    assert (fault.code, fault.attribute, fault.thing) == ("BEH016", "program_types", Weekly)
    assert "“FREQ=WEEKLY;BYDAY=SA” terjadi lebih dari sekali sebulan" in fault.text.id


def test_a_schedule_that_the_configuration_decides_is_judged_by_its_defaults():
    class Asks(Config):
        rule: str

    class Any(Weekly):
        def schedule(self, config: Config) -> str:
            return str(config.rule)  # type: ignore[attr-defined]

    class WithoutDefaults(Specimen):
        config = Asks
        program_types = (Any(),)

    assert [fault.code for fault in faults(WithoutDefaults(), None)] == ["CONF001"]
