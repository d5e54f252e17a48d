"""A plugin is gone or fails: the rest works, what it kept stays readable, and money waits."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, time, timedelta
from typing import Any

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.demo import families, november
from guyub.demo.month import Rutan, moment
from guyub.funds import queries as books
from guyub.funds import receipts
from guyub.operations.context import AppContext
from guyub.programs import closing, cycle_facts, cycles, proposal, queries, selection
from guyub.programs.documents import bundle as document_bundle
from guyub.sdk.errors import Invalid, NotFound, Refusal
from guyub.ui.months import following
from tests import sample_plugins, worlds
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, World, gift

DECEMBER = date(2024, 12, 1)
IN_DECEMBER = date(2024, 12, 3)
"""When December's money is there."""


def without(rutan: Rutan, *slugs: str) -> Rutan:
    """The same facility after the plugins were uninstalled and Guyub was started again."""
    here = rutan.opened
    plugins = plugin_registry(sample_plugins.entries(without=slugs))
    opened = AppContext(here.home, here.keys, here.installation, here.database, plugins, here.protector)
    return Rutan(opened, rutan.code, rutan.services, rutan.head, rutan.management, rutan.witness, rutan.witness_name)


@pytest.fixture(scope="module")
def closed(cluster: Any) -> Iterator[World]:
    """November is closed, December is proposed, January is planned. Tests that use it commit nothing."""
    with worlds.a_world(cluster, until="closed") as made:
        rutan = made.pekalongan
        rutan.receive([november.SECOND_GIFT], RECEIVED)
        with rutan.work_of("kasubsi") as work:
            december = cycles.open_next(
                work, made.plugins, cycles.get(work, "bansos", november.PERIOD), distribution_on=date(2024, 12, 14)
            )
            selection.score(work, made.plugins, december)
            selection.select_top(work, december)
            proposal.propose(work, made.plugins, december)
            cycles.open_next(work, made.plugins, december)
        yield made


@pytest.mark.parametrize("slug", ["bansos", "csr_funding", "canteen_profit"])
def test_the_system_starts_and_says_what_is_missing_and_how_to_get_it_back(closed: World, slug: str):
    plugins = without(closed.pekalongan, slug).opened.plugins
    assert slug not in {status.slug for status in plugins.statuses()}
    assert {status.state for status in plugins.statuses()} == {"ready"}
    status = plugins.status(slug)
    assert status.state == "missing"
    assert status.reason is not None
    assert status.remedy is not None
    assert f"guyub-{slug.replace('_', '-')}" in status.remedy.id


@pytest.mark.parametrize("slug", ["bansos", "csr_funding", "canteen_profit"])
def test_what_happened_stays_readable(closed: World, slug: str):
    rutan = without(closed.pekalongan, slug)
    with rutan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        assert cycle.title.id == "Bantuan sosial sembako"
        assert len(queries.recipients(work, cycle)) == 5
        candidates = queries.candidates(work, cycle)
        assert all(
            sum(p for _, p, _ in cycle_facts.points(cycle, candidate.reasons)) == candidate.score
            for candidate in candidates
        )
        assert cycle_facts.figures(work, cycle).value == 582_550
        assert [fund.amount for fund in books.spending(work, cycle.id)] == [387_500, 195_050]
        for fund in books.balances(work):
            assert books.cash_book(work, fund.id)
        assert books.stock(work)
        assert books.check_ledger(work).ok


def test_documents_of_the_past_are_made_without_the_programme(cluster: Any):
    with worlds.a_world(cluster) as made:
        cycle = worlds.november_until(made.pekalongan, "closed")
        rutan = without(made.pekalongan, "bansos", "csr_funding")
        with rutan.work_of("kasubsi") as work:
            closed = cycles.get(work, "bansos", cycle.period)
            kept = document_bundle.produce_all(
                work, closed, november.DISTRIBUTION, moment(november.DISTRIBUTION, time(12))
            )
        assert {"activity_report", "handover_record", "recap"} <= {item.kind for item in kept}


def test_a_programme_that_is_gone_opens_scores_and_approves_nothing(closed: World):
    rutan = without(closed.pekalongan, "bansos")
    with rutan.work_of("kasubsi") as work:
        december = cycles.get(work, "bansos", DECEMBER)
        january = cycles.get(work, "bansos", following(DECEMBER))
    for step in (
        lambda work: cycles.open_cycle(work, rutan.opened.plugins, "bansos", date(2025, 3, 1)),
        lambda work: cycles.open_next(work, rutan.opened.plugins, january),
        lambda work: selection.score(work, rutan.opened.plugins, january),
    ):
        with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
            step(work)
        assert "bansos" in refused.value.what.id
    with pytest.raises(Refusal) as refused, rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, december, IN_DECEMBER, version=december.version)
    assert refused.value.code == "programs.review_blocks"


def test_a_source_that_is_gone_receives_nothing_and_its_money_waits(closed: World):
    rutan = without(closed.pekalongan, "csr_funding")
    with pytest.raises(Refusal) as refused:
        rutan.receive([november.SECOND_GIFT], RECEIVED)
    assert "csr_funding" in refused.value.what.id
    with rutan.work_of("kasubsi") as work:
        december = cycles.get(work, "bansos", DECEMBER)
    with pytest.raises(Refusal) as refused, rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, december, IN_DECEMBER, version=december.version)
    assert "csr_funding" in refused.value.what.id


def test_an_approved_month_is_finished_though_its_programme_is_gone(cluster: Any):
    """The families were promised; what is needed for it stands in the cycle itself."""
    with worlds.a_world(cluster) as made:
        cycle = worlds.november_until(made.pekalongan, "bought")
        rutan = without(made.pekalongan, "bansos", "csr_funding", "canteen_profit")
        worlds.served(rutan, cycle)
        rutan.close(cycle, november.DISTRIBUTION, "")
        with rutan.work_of("kasubsi") as work:
            assert cycle_facts.figures(work, cycle).received == 5


# --- reviews -----------------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(cluster: Any, request: pytest.FixtureRequest) -> Iterator[Rutan]:
    with worlds.a_world(cluster, "hibah", "paket", request.param, fill=begin) as made:
        yield made.pekalongan


def begin(world: World) -> None:
    world.pekalongan.register(families.PEKALONGAN[:5], SURVEYED)
    world.pekalongan.receive([gift("UANG", 5_000_000)], RECEIVED)


def nothing_is_reserved(rutan: Rutan) -> bool:
    with rutan.work_of("pengelola") as work:
        reservations = work.run("SELECT count(*) FROM guyub.reservation").scalar_one()
        return reservations == 0 and [fund.reserved for fund in books.balances(work)] == [0]


@pytest.mark.parametrize("reviewed", ["rusak"], indirect=True)
def test_a_review_that_crashes_blocks_the_approval_and_leaves_nothing_reserved(reviewed: Rutan):
    cycle = worlds.proposed(reviewed, "paket", ["UANG"])
    with pytest.raises(Refusal) as refused, reviewed.work_of("karutan") as work:
        proposal.approve(work, reviewed.opened.plugins, cycle, APPROVED, version=cycle.version)
    assert refused.value.code == "programs.review_blocks"
    assert "rusak" in refused.value.what.id.lower()
    assert nothing_is_reserved(reviewed)
    with reviewed.work_of("kasubsi") as work:
        assert cycles.get(work, "paket", november.PERIOD).state == "proposed"
    worlds.activate(reviewed.opened.database, "rusak", PEKALONGAN, active=False, since=date(2024, 1, 2))
    with reviewed.work_of("karutan") as work:
        proposal.approve(work, reviewed.opened.plugins, cycle, APPROVED, version=cycle.version)


@pytest.mark.parametrize("reviewed", ["ketat"], indirect=True)
def test_a_finding_blocks_or_is_reported_and_kept(reviewed: Rutan):
    worlds.configure(
        reviewed.opened.database,
        "paket",
        PEKALONGAN,
        package=[{"code": "beras", "name": "Beras", "unit": "kg", "quantity": "10", "price": 15_500}],
    )
    cycle = worlds.proposed(reviewed, "paket", ["UANG"])
    with pytest.raises(Refusal) as refused, reviewed.work_of("karutan") as work:
        proposal.approve(work, reviewed.opened.plugins, cycle, APPROVED, version=cycle.version)
    assert "Terlalu besar: Hibah UANG." in refused.value.what.id
    assert nothing_is_reserved(reviewed)
    with reviewed.work_of("karutan") as work:
        closing.cancel(work, cycle, APPROVED, "Terlalu besar", version=cycle.version)
    worlds.configure(reviewed.opened.database, "paket", PEKALONGAN, quota=3, since=DECEMBER)
    smaller = worlds.proposed(reviewed, "paket", ["UANG"], DECEMBER)
    with reviewed.work_of("karutan") as work:
        (finding,) = proposal.approve(work, reviewed.opened.plugins, smaller, APPROVED, version=smaller.version)
        assert (finding.level, finding.text.id) == ("warning", "Periksa harga pasar.")
        kept = work.run("SELECT details FROM guyub.audit_entry WHERE action = 'programs.approve'").scalar_one()
    assert kept["warnings"] == ["Periksa harga pasar."]


@pytest.mark.parametrize("reviewed", ["ketat"], indirect=True)
@pytest.mark.parametrize(("since", "is_asked"), [(APPROVED, True), (APPROVED + timedelta(days=1), False)])
def test_a_review_is_asked_as_of_the_day_of_the_decision(reviewed: Rutan, since: date, is_asked: bool):
    """The plugin that reviews runs from the middle of the month on."""
    package = [{"code": "beras", "name": "Beras", "unit": "kg", "quantity": "10", "price": 15_500}]
    worlds.configure(reviewed.opened.database, "paket", PEKALONGAN, package=package)
    worlds.activate(reviewed.opened.database, "ketat", PEKALONGAN, active=False, since=date(2024, 1, 2))
    worlds.activate(reviewed.opened.database, "ketat", PEKALONGAN, since=since)
    cycle = worlds.proposed(reviewed, "paket", ["UANG"])
    with pytest.raises(Refusal) if is_asked else nullcontext(), reviewed.work_of("karutan") as work:
        assert proposal.approve(work, reviewed.opened.plugins, cycle, APPROVED, version=cycle.version) == ()
    assert nothing_is_reserved(reviewed) is is_asked


def test_a_programme_that_does_not_run_here_is_not_there(world: World):
    blora = "rutan-blora"
    worlds.employ(world.database, "kasubsi.blora", "detainee_services", blora)
    rutan = Rutan(world.pekalongan.opened, blora, "kasubsi.blora", "", "", "", "")
    with pytest.raises(NotFound), rutan.work_of("kasubsi.blora") as work:
        cycles.open_cycle(work, world.plugins, "bansos", november.PERIOD)
    with pytest.raises(NotFound), world.kebumen.work_of("pengelola.kebumen") as work:
        receipts.receive(work, world.plugins, "csr_funding", "csr", "csr_cash", november.INCOMES[0].form, RECEIVED)


def test_nothing_begins_on_a_day_before_the_programme_does(world: World):
    with (
        pytest.raises(Invalid, match="The first month that can be opened is November 2024") as refused,
        world.pekalongan.work_of("kasubsi") as work,
    ):
        cycles.open_cycle(work, world.plugins, "bansos", date(2023, 1, 1))
    assert refused.value.field == "month"
