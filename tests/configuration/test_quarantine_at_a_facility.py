"""A plugin out of service where it is active: its own writes are refused, the books stay readable, the others go on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from guyub.configuration import bulk_write
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.bulk_write import ValueAt
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.funds import queries as books
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import proposal
from guyub.programs.cycles import Cycle, get, open_next
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from tests import worlds
from tests.configuration.conftest import SwitchOn
from tests.distributions import Shelf

APPROVAL = date(2024, 11, 12)

Open = Callable[[PluginRegistry], Rutan]


@pytest.fixture
def open_rutan(cluster: Any, installation: Installation, database: Database) -> Open:
    return lambda plugins: worlds.pekalongan(cluster, installation, database, plugins)


def proposed(rutan: Rutan) -> Cycle:
    """November, ready to be approved."""
    funds = rutan.receive(november.INCOMES, date(2024, 11, 6))
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    return rutan.propose(
        november.PERIOD, funds, november.PLACE, november.DISTRIBUTION, november.BEGINS, "inmate_family"
    )


def is_untouched(rutan: Rutan, cycle: Cycle) -> bool:
    """Still proposed, nothing reserved, and all of it readable."""
    with rutan.work_of(rutan.head) as work:
        reserved = work.run("SELECT count(*) FROM guyub.reservation").scalar_one()
        assert sum(fund.free for fund in books.balances(work)) == 750_000
        return get(work, cycle.plugin, cycle.period).state == "proposed" and reserved == 0


def without(slug: str) -> PluginRegistry:
    plugins = plugin_registry()
    plugins.set_aside(slug, Text(id="Rusak.", en="It is broken."), Text(id="Pasang ulang.", en="Install it again."))
    return plugins


CRASHES = """
    fails = []

    @hookimpl
    def {hook}(self, ctx, batch):
        if self.fails:
            raise OSError('Ibu Contoh')
        return []
"""


@pytest.mark.parametrize("hook", ["guyub_review_spending", "guyub_review_enrolment"])
def test_a_review_that_crashes_holds_the_approval_and_nothing_is_reserved(
    shelf: Shelf, open_rutan: Open, switch_on: SwitchOn, hook: str
):
    shelf.add("specimen", declares=CRASHES.format(hook=hook))
    plugins = shelf.plugins()
    switch_on(plugins, "specimen")
    rutan = open_rutan(plugins)
    cycle = proposed(rutan)
    shelf.module("guyub_specimen").plugin.fails.append(True)
    with pytest.raises(Refusal) as refused:
        rutan.approve(cycle, APPROVAL)
    assert refused.value.code == "programs.review_blocks"
    for part in ("specimen", hook, "OSError", "E-", "Staple-food aid November 2024"):
        assert part in refused.value.what.en
    assert "Pemeriksaan Bansos sembako November 2024 gagal" in refused.value.what.id
    assert "kepada administrator; setelah diperbaiki, setujui lagi." in refused.value.remedy.id
    assert "Perbaiki" not in refused.value.remedy.id
    assert "Ibu" not in refused.value.what.en
    assert is_untouched(rutan, cycle)


BLOCKS = """
    @hookimpl
    def guyub_review_enrolment(self, ctx, batch):
        from guyub.sdk import Finding
        said = Text(id="Lihat lagi.", en="Look again.")
        return [Finding("blocking", said, household_id=one.household_id) for one in batch.households[:1]]
"""


@pytest.mark.parametrize(
    ("declares", "said", "remedy"),
    [
        (BLOCKS, "Look again.", "Fix this, then propose again."),
        (
            CRASHES.format(hook="guyub_review_enrolment"),
            "OSError",
            "to your administrator; once it is fixed, propose again.",
        ),
    ],
)
def test_the_proposer_hears_what_a_review_of_the_list_blocks_before_the_approver_does(
    shelf: Shelf, open_rutan: Open, switch_on: SwitchOn, declares: str, said: str, remedy: str
):
    shelf.add("specimen", declares=declares)
    plugins = shelf.plugins()
    if "fails" in declares:
        shelf.module("guyub_specimen").plugin.fails.append(True)
    switch_on(plugins, "specimen")
    rutan = open_rutan(plugins)
    with pytest.raises(Refusal) as refused:
        proposed(rutan)
    assert refused.value.code == "programs.review_blocks"
    assert said in refused.value.what.en
    assert remedy in refused.value.remedy.en
    with rutan.work_of(rutan.head) as work:
        for table in ("entitlement_line", "recipient_snapshot"):
            assert work.run(f"SELECT count(*) FROM guyub.{table}").scalar_one() == 0


def test_a_programme_whose_plugin_is_quarantined_is_not_proposed_either(open_rutan: Open):
    rutan = open_rutan(plugin_registry())
    funds = rutan.receive(november.INCOMES, date(2024, 11, 6))
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    cycle = worlds.planned(rutan, funds)
    with pytest.raises(Refusal) as refused, rutan.work_of(rutan.services) as work:
        proposal.propose(work, without("bansos"), cycle)
    assert "bansos could not review: It is broken." in refused.value.what.en


def test_what_was_approved_is_handed_over_and_closed_while_the_plugins_are_quarantined(open_rutan: Open):
    """The families were promised, and what is needed for it stands in the cycle itself."""
    rutan = open_rutan(plugin_registry())
    cycle = proposed(rutan)
    rutan.approve(cycle, APPROVAL)
    rutan.shop(cycle, november.SHOPPING)
    plugins = without("bansos")
    plugins.set_aside(
        "csr_funding", Text(id="Rusak.", en="It is broken."), Text(id="Pasang ulang.", en="Install it again.")
    )
    stopped = open_rutan(plugins)
    worlds.served(stopped, cycle)
    stopped.close(cycle, november.DISTRIBUTION, "")
    with stopped.work_of(stopped.head) as work:
        assert get(work, cycle.plugin, cycle.period).state == "closed"
    with pytest.raises(Refusal), stopped.work_of(stopped.services) as work:
        open_next(work, plugins, get(work, cycle.plugin, cycle.period))


def test_an_enrolment_review_is_given_the_list_and_may_point_at_a_household(
    shelf: Shelf, open_rutan: Open, switch_on: SwitchOn
):
    shelf.add(
        "specimen",
        declares="""
        @hookimpl
        def guyub_review_enrolment(self, ctx, batch):
            from guyub.sdk import Finding
            assert (batch.program, len(batch.households)) == ("bansos", 5)
            said = Text(id="Lihat lagi.", en="Look again.")
            return [Finding("warning", said, household_id=one.household_id) for one in batch.households[:1]]
        """,
    )
    plugins = shelf.plugins()
    switch_on(plugins, "specimen")
    rutan = open_rutan(plugins)
    cycle = proposed(rutan)
    rutan.approve(cycle, APPROVAL)
    with rutan.work_of(rutan.head) as work:
        kept = work.run("SELECT action, details -> 'warnings' FROM guyub.audit_entry WHERE details ? 'warnings'")
        told = dict(kept.all())
    assert "Look again." in told["programs.propose"]
    assert "Look again." in told["programs.approve"]


def test_money_of_a_quarantined_source_is_neither_received_nor_spent(open_rutan: Open):
    cycle = proposed(open_rutan(plugin_registry()))
    rutan = open_rutan(without("csr_funding"))
    with pytest.raises(Refusal) as refused:
        rutan.receive([november.SECOND_GIFT], APPROVAL)
    assert (refused.value.code, refused.value.remedy.en) == ("host.plugin_not_ready", "Install it again.")
    with pytest.raises(Refusal) as refused:
        rutan.approve(cycle, APPROVAL)
    assert "csr_funding could not review: It is broken." in refused.value.what.en
    assert is_untouched(rutan, cycle)
    open_rutan(plugin_registry()).approve(cycle, APPROVAL)


def test_a_programme_whose_plugin_is_quarantined_is_not_approved(open_rutan: Open):
    cycle = proposed(open_rutan(plugin_registry()))
    rutan = open_rutan(without("bansos"))
    with pytest.raises(Refusal):
        rutan.approve(cycle, APPROVAL)
    assert is_untouched(rutan, cycle)


def test_a_quarantined_plugin_that_is_not_concerned_is_named_and_holds_nothing_up(
    shelf: Shelf, open_rutan: Open, switch_on: SwitchOn, acting: Any
):
    shelf.add("specimen")
    plugins = shelf.plugins()
    switch_on(plugins, "specimen")
    plugins.set_aside(
        "specimen", Text(id="Rusak.", en="It is broken."), Text(id="Pasang ulang.", en="Install it again.")
    )
    rutan = open_rutan(plugins)
    cycle = proposed(rutan)
    rutan.approve(cycle, APPROVAL)
    with rutan.work_of(rutan.head) as work:
        warnings = work.run("SELECT details -> 'warnings' FROM guyub.audit_entry WHERE action = 'programs.approve'")
        assert warnings.scalar_one().count("Plugin specimen could not review: It is broken.") == 1
        (item,) = plugins.hooks.attention_items(work, APPROVAL)
        assert item.item.text.en == (
            "Specimen specimen does not run: It is broken. Tell your administrator. Its books stay readable."
        )
    with acting("kanwil", worlds.PEKALONGAN) as work:
        (item,) = plugins.hooks.attention_items(work, APPROVAL)
        assert item.item.text.en == "Specimen specimen does not run: It is broken. Install it again."


def store(database: Database, value: object) -> None:
    """As an earlier version of the plugin, or somebody at the database, may have left it."""
    with database.work(database.as_service("tests")) as work:
        place, plugin, name = worlds.PEKALONGAN, "csr_funding", "agreement_required"
        bulk_write.set_many(work, [ValueAt("facility", place, plugin, name, value, False, date(2024, 1, 2), "", 1)])


def test_a_stored_value_that_is_not_valid_stops_the_plugin_at_that_facility_alone(
    open_rutan: Open, database: Database, acting: Any
):
    plugins = plugin_registry()
    rutan = open_rutan(plugins)
    cycle = proposed(rutan)
    store(database, "perhaps")
    with pytest.raises(Refusal) as refused:
        rutan.receive([november.SECOND_GIFT], APPROVAL)
    assert refused.value.code == "host.config_invalid"
    for part in ("agreement_required", "Rutan Kelas IIA Pekalongan"):
        assert part in refused.value.what.en
    with pytest.raises(Refusal) as refused:
        rutan.approve(cycle, APPROVAL)
    assert "csr_funding, guyub_review_spending" in refused.value.what.en
    assert is_untouched(rutan, cycle)
    with acting("kasubsi.kebumen") as work:
        assert plugins.resolve(work, "csr_funding", work.here.id, APPROVAL).config
    store(database, True)
    rutan.approve(cycle, APPROVAL)
