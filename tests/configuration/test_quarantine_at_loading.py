"""Every way in which a distribution can be broken, with real ones: it is quarantined with a remedy, the others run."""

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.plugins.status import PluginStatus
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from tests.distributions import Shelf

BUILT_IN = {"bansos", "canteen_profit", "csr_funding"}


PROGRAM = """from guyub.sdk import ProgramType
class Aid(ProgramType):
    key = 'aid'
    title = Text(id='Bantuan', en='Aid')
    benefit = {benefit}
program_types = (Aid(),)"""


def quarantine(shelf: Shelf, slug: str = "specimen") -> PluginStatus:
    """The status of the one that is broken, after looking at what all of them have in common."""
    plugins = shelf.plugins()
    states = {status.slug: status.state for status in plugins.statuses()}
    assert {one for one, state in states.items() if state == "ready"} == BUILT_IN
    status = plugins.status(slug)
    assert status.state == "quarantined"
    assert status.code
    assert status.reason
    assert status.remedy
    for text in (status.reason, status.remedy):
        assert text.id
        assert text.en
        assert text.id != text.en
        assert "{" not in text.id + text.en
    with pytest.raises(Refusal) as refused:
        plugins.plugin(slug)
    assert refused.value.remedy == status.remedy
    return status


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise ValueError('no such file')", "ValueError: no such file"),
        ("def broken(:", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("raise SystemExit", "SystemExit"),
        ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd: odd"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("plugin = undefined", "NameError"),
        ("other = 1", "AttributeError"),
        ("import guyub_specimen.inner", "ModuleNotFoundError"),
        ("from guyub.sdk import NoSuchName", "ImportError"),
        ("def f(): f()\nf()", "RecursionError"),
    ],
)
def test_whatever_happens_while_a_plugin_is_imported_happens_to_it_alone(shelf: Shelf, source: str, said: str):
    shelf.add("specimen", source)
    status = quarantine(shelf)
    assert status.code == "host.import"
    assert said in status.reason.en
    assert "pip install --force-reinstall guyub-specimen" in status.remedy.en


def test_an_interrupt_is_the_operators_own_and_stops_the_start(shelf: Shelf):
    shelf.add("specimen", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        shelf.plugins()


@pytest.mark.parametrize("entry", ["guyub_nowhere:plugin", "guyub_specimen:", "guyub_specimen:nothing", "1+1"])
def test_an_entry_point_that_leads_nowhere(shelf: Shelf, entry: str):
    shelf.add("specimen", entry=entry)
    assert quarantine(shelf).code in ("host.import", "host.declaration")


@pytest.mark.parametrize("api", ["2", "0", "'1'", "None"])
def test_another_api_level_names_both_levels(shelf: Shelf, api: str):
    shelf.add("specimen", declares=f"api = {api}")
    status = quarantine(shelf)
    assert status.code == "host.api"
    assert status.reason.en == f"Made for API level {api}; accepted is 1."


def test_the_reason_is_one_line_however_long_the_error(shelf: Shelf):
    shelf.add("specimen", "raise ValueError('one\\ntwo ' + 'x' * 5000)")
    reason = quarantine(shelf).reason.en
    assert "one two" in reason
    assert "\n" not in reason
    assert len(reason) < 400


def test_a_module_that_is_not_there_is_called_a_module_and_no_distribution(shelf: Shelf):
    shelf.add("specimen", "import nope_nope")
    status = quarantine(shelf)
    assert status.code == "host.dependency"
    assert "module “nope_nope”" in status.reason.en
    assert "pip install --force-reinstall guyub-specimen" in status.remedy.en
    assert "nope_nope" not in status.remedy.en


@pytest.mark.parametrize(
    ("declares", "said"),
    [
        (
            "@hookimpl\ndef guyub_review_spendings(self, ctx, batch): return []",
            "Perhaps guyub_review_spending is meant",
        ),
        ("@hookimpl\ndef guyub_quite_else(self, ctx): return []", "no hook “guyub_quite_else”"),
        ("def guyub_review_spending(self, ctx, batch): return []", "not marked @hookimpl"),
        (
            "@hookimpl\ndef guyub_review_spending(self, ctx, list): return []",
            "some of (ctx, batch), without defaults, not",
        ),
        ("@hookimpl\ndef guyub_health(self, ctx=None): return []", "without defaults, not (ctx=None)"),
        ("@hookimpl\ndef guyub_health(self, *, ctx): return []", "without defaults, not (*, ctx)"),
        ("@hookimpl\nasync def guyub_health(self, ctx): return []", "no async"),
        ("@hookimpl\ndef guyub_health(self, ctx): yield 1", "no yield"),
        ("@hookimpl(tryfirst=True)\ndef guyub_health(self, ctx): return []", "takes no options"),
        ("@hookimpl(optionalhook=True)\ndef guyub_health(self, ctx): return []", "takes no options"),
        ("@hookimpl(specname='guyub_health')\ndef guyub_attention_items(self, ctx): return []", "takes no options"),
        ("@hookimpl(wrapper=True)\ndef guyub_health(self, ctx): return (yield)", "takes no options"),
        ("@hookimpl\ndef healthy(self, ctx): return []", "no hook “healthy”"),
    ],
)
def test_a_hook_that_could_not_be_called_as_meant(shelf: Shelf, declares: str, said: str):
    shelf.add("specimen", declares=declares)
    status = quarantine(shelf)
    assert status.code == "host.hook"
    assert said in status.reason.en
    assert "guyub plugin check specimen" in status.remedy.en


@pytest.mark.parametrize("requirement", ["guyub-nowhere", "guyub>=99", "guyub-nowhere>=2,<3"])
def test_a_missing_distribution_is_reported_before_anything_is_imported(shelf: Shelf, requirement: str):
    shelf.add("specimen", "raise ValueError('imported')", requires=[requirement])
    status = quarantine(shelf)
    assert status.code == "host.dependency"
    assert requirement.split(">")[0] in status.remedy.en
    assert "pip install" in status.remedy.en


@pytest.mark.parametrize(
    "requirement", ["guyub>=0.1,<0.2", "nowhere ; extra == 'dev'", "nowhere ; python_version < '3'"]
)
def test_requirements_that_are_met_or_not_meant_do_no_harm(shelf: Shelf, requirement: str):
    shelf.add("specimen", requires=[requirement])
    assert shelf.plugins().status("specimen").state == "ready"


def test_a_module_that_no_metadata_announced_is_reported_as_a_missing_dependency(shelf: Shelf):
    shelf.add("specimen", "import nowhere_at_all.inner")
    status = quarantine(shelf)
    assert status.code == "host.dependency"
    assert "nowhere_at_all" in status.reason.en


def test_required_plugins_are_followed_from_one_to_the_next(shelf: Shelf):
    shelf.add("first", declares="requires = ('second',)")
    shelf.add("second", declares="requires = ('specimen',)")
    shelf.add("specimen", "raise ValueError")
    shelf.add("sibling", declares="requires = ('bansos',)")
    plugins = shelf.plugins()
    states = {status.slug: status.code for status in plugins.statuses() if status.state != "ready"}
    assert states == {"first": "host.requires", "second": "host.requires", "specimen": "host.import"}
    assert "second" in plugins.status("first").reason.en


@pytest.mark.parametrize("circle", [{"first": "second", "second": "first"}, {"first": "first"}])
def test_plugins_that_wait_for_themselves_never_run_and_others_do(shelf: Shelf, circle: dict[str, str]):
    for slug, required in circle.items():
        shelf.add(slug, declares=f"requires = ('{required}',)")
    plugins = shelf.plugins()
    for slug, required in circle.items():
        status = plugins.status(slug)
        assert (status.state, status.code) == ("quarantined", "host.requires")
        assert status.reason is not None
        assert required in status.reason.en
    assert plugins.status("bansos").state == "ready"


def test_a_slug_that_two_distributions_claim_is_refused_to_both_and_neither_is_imported(shelf: Shelf):
    shelf.add("specimen", "raise ValueError('imported')", distribution="guyub-one")
    shelf.add("specimen", "raise ValueError('imported')", distribution="guyub-two")
    status = quarantine(shelf)
    assert status.code == "host.duplicate"
    assert "guyub-one" in status.reason.en
    assert "guyub-two" in status.reason.en


def test_the_same_distribution_twice_on_the_path_is_one(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    shelf.add("specimen")
    monkeypatch.syspath_prepend(str(shelf.folder / ".." / shelf.folder.name))
    assert shelf.plugins().status("specimen").state == "ready"


@pytest.mark.parametrize("declared", ["[guyub]\nspecimen\n", "[guyub]\n= x:y\nspecimen\n"])
def test_an_unreadable_list_of_entry_points_hides_no_other_plugin(shelf: Shelf, declared: str):
    shelf.add("specimen", entry_points=declared)
    status = quarantine(shelf, "guyub-specimen")
    assert status.code == "host.metadata"


def test_metadata_without_a_name_is_no_obstacle(shelf: Shelf):
    shelf.add("specimen")
    (next(shelf.folder.glob("*.dist-info")) / "METADATA").unlink()
    assert shelf.plugins().status("specimen").distribution == "?"


@pytest.mark.parametrize(
    ("declares", "said"),
    [
        ("slug = 'other'", "Slug “other” differs"),
        ("title = 'Contoh'", "“title”"),
        ("summary = None", "“summary”"),
        ("availability = 'closed'", "“availability” is 'closed'; it may be open, regional"),
        ("requires = ['bansos']", "“requires”"),
        ("config = dict", "“config”"),
        ("config_version = 2", "no config_migrations from 1"),
        ("config_version = 0", "“config_version”"),
        ("config_migrations = {1: dict}", "config_migrations from 1, but config_version is 1"),
        ("program_types = (object(),)", "“program_types”"),
        ("funding_sources = [1]", "“funding_sources”"),
        ("from guyub.sdk import Report\nreports = (Report(),)", "reports"),
        (PROGRAM.format(benefit="'voucher'"), "“program_types.aid.benefit” is 'voucher'; it may be goods, money"),
        (PROGRAM.format(benefit="['goods']"), "“program_types.aid.benefit” is ['goods']"),
        (PROGRAM.format(benefit="None"), "“program_types.aid.benefit” is None"),
        (
            "from guyub.sdk import Permission\npermissions = (Permission('bansos.write', Text(id='a', en='b')),)",
            "“bansos.write” must begin with “specimen.”",
        ),
        (
            "from guyub.sdk import Permission\npermissions = (Permission('specimen.x', Text(id='a', en='b'), 'no.such'),)",
            "unknown permission: “no.such”",
        ),
        (
            "from guyub.sdk import Router\nroutes = Router()\n@routes.get('/x', permission='specimen.x')\n"
            "def page(visit): ...",
            "unknown permission: “specimen.x”",
        ),
        (
            "from guyub.sdk import Router\nroutes = Router()\n@routes.get('x', permission='registry.read')\n"
            "def page(visit): ...",
            "must begin with “/”",
        ),
        (
            "from guyub.sdk import Router\nroutes = Router()\n@routes.get('/x', permission='registry.read')\n"
            "async def page(visit): ...",
            "without async",
        ),
        (
            "from guyub.sdk import Router\nroutes = Router()\n@routes.get('/x', permission='registry.read')\n"
            "def page(visit, more): ...",
            "must take the visit alone, not (visit, more)",
        ),
        (
            "from guyub.sdk import Permission\npermissions = (Permission('specimen.x', Text(id='', en='')),)",
            "“specimen.x” has no title",
        ),
        (
            "from guyub.sdk import NavEntry\nnav = (NavEntry(Text(id='a', en='b'), '/x', 'registry.read', 'no-icon'),)",
            "no-icon",
        ),
        ("commands = object()", "“commands”"),
        ("personal_data = ('NIK',)", "“personal_data”"),
        ("from sqlalchemy import MetaData\ntables = MetaData(schema='specimen')", "no folder migrations"),
        (
            "from sqlalchemy import Column, Integer, MetaData, Table\ntables = MetaData(schema='guyub')\n"
            "Table('fund', tables, Column('id', Integer))",
            "outside schema “specimen”",
        ),
        (
            "from guyub.sdk import Config\nclass Plain(Config):\n    amount: int = 1\nconfig = Plain",
            "Plain.amount has no title",
        ),
    ],
)
def test_a_declaration_that_would_break_later_is_reported_at_once(shelf: Shelf, declares: str, said: str):
    shelf.add("specimen", declares=declares)
    status = quarantine(shelf)
    assert status.code == "host.declaration"
    assert said in status.reason.en


@pytest.mark.parametrize("slug", ["guyub", "web", "pg_catalog", "Specimen", "s", "x" * 41, "über"])
def test_a_slug_that_is_no_plugins_to_take(shelf: Shelf, slug: str):
    shelf.add(slug, distribution="guyub-specimen")
    assert quarantine(shelf, slug).code == "host.declaration"


def test_what_is_no_plugin_at_all(shelf: Shelf):
    shelf.add("specimen", "plugin = object()")
    assert "is no guyub.sdk.Plugin" in quarantine(shelf).reason.en


def test_an_attribute_that_raises_when_it_is_read_quarantines_its_plugin(shelf: Shelf):
    shelf.add("specimen", declares="@property\ndef requires(self): raise OSError('disk')")
    assert "OSError: disk" in quarantine(shelf).reason.en


def test_a_page_without_a_permission_is_a_warning_and_the_plugin_runs(shelf: Shelf):
    shelf.add(
        "specimen",
        declares="from guyub.sdk import Router\nroutes = Router()\n@routes.post('/x')\ndef page(visit): ...",
    )
    status = shelf.plugins().status("specimen")
    assert status.state == "ready"
    assert [warning.en for warning in status.warnings] == ["The page POST /x is not mounted: it names no permission."]


def test_a_plugin_that_is_active_and_not_installed_is_missing_with_a_remedy():
    status = plugin_registry([]).status("bansos")
    assert (status.state, status.code) == ("missing", "host.missing")
    assert "pip install guyub-bansos" in status.remedy.en


def test_setting_one_aside_takes_those_that_require_it_along(shelf: Shelf):
    shelf.add("specimen", declares="requires = ('bansos',)")
    plugins = shelf.plugins()
    plugins.set_aside("bansos", Text(id="Dinonaktifkan.", en="Disabled."), Text(id="Aktifkan.", en="Enable it."))
    assert {status.slug for status in plugins.statuses() if status.state == "ready"} == {
        "canteen_profit",
        "csr_funding",
    }
    assert plugins.status("specimen").code == "host.requires"
