"""One order of the regional office becomes a month at many facilities; what it sets is held there by the database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database, Work
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.funds import items
from guyub.funds.items import Item
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_facts, cycles, proposal, selection
from guyub.programs.campaigns import queries as campaign_queries
from guyub.programs.campaigns import service as campaigns
from guyub.programs.campaigns.assessment import CampaignAssessment, CampaignRequest, digest
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from tests import places
from tests.conftest import KEBUMEN, PEKALONGAN, Acting
from tests.worlds import SURVEYED, activate, configure, pekalongan

TODAY = date(2024, 12, 2)
CHRISTMAS_EVE = date(2024, 12, 24)
DECEMBER = date(2024, 12, 1)
THREE = {PEKALONGAN: 12, KEBUMEN: 8, "rutan-blora": 5}
SERENTAK = CampaignRequest(
    "Bansos serentak 24 Desember", "bansos", "sembako", CHRISTMAS_EVE, THREE, 250_000, "akselerasi-13"
)


def the_region(work: Work) -> UUID:
    found: UUID = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
    return found


def outcomes(judged: list[CampaignAssessment]) -> dict[str, str]:
    return {item.place.code: item.outcome for item in judged}


@pytest.fixture
def rutan(cluster: Any, installation: Installation, database: Database, plugins: PluginRegistry) -> Rutan:
    return pekalongan(cluster, installation, database, plugins)


@pytest.fixture
def issue(acting: Acting, plugins: PluginRegistry) -> Callable[..., campaigns.IssuedCampaign]:
    def act(campaign: CampaignRequest = SERENTAK, seen: str = "") -> campaigns.IssuedCampaign:
        with acting("kanwil") as work:
            return campaigns.issue(work, plugins, the_region(work), campaign, TODAY, seen)

    return act


@pytest.fixture
def preview(acting: Acting, plugins: PluginRegistry) -> Callable[..., list[CampaignAssessment]]:
    def act(campaign: CampaignRequest = SERENTAK) -> list[CampaignAssessment]:
        with acting("kanwil") as work:
            return campaigns.preview(work, plugins, the_region(work), campaign, TODAY)

    return act


def months(database: Database) -> int:
    with database.work(database.as_service("tests")) as work:
        found: int = work.run("SELECT count(*) FROM guyub.cycle").scalar_one()
        return found


def test_the_preview_says_what_happens_where_and_changes_nothing(preview: Any, database: Database):
    seen = preview()
    assert outcomes(seen) == {PEKALONGAN: "open", KEBUMEN: "open", "rutan-blora": "left_out"}
    assert "tidak aktif" in next(item.why.id for item in seen if item.place.code == "rutan-blora")
    assert months(database) == 0


def test_a_campaign_opens_the_month_with_its_quota_and_day_and_the_facilitys_own_package(
    issue: Any, acting: Acting, database: Database
):
    issued = issue()
    assert issued.done == 2
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", DECEMBER)
        package = cycle_facts.package(work, cycle)
        behind = campaign_queries.behind(work, cycle.id)
    assert (cycle.quota, cycle.distribution_on, cycle.state) == (12, CHRISTMAS_EVE, "planned")
    assert cycle.opened_by == "Kanwil Contoh Tujuh"
    assert package
    assert behind is not None
    assert (behind.title, behind.quota, behind.ceiling) == (SERENTAK.title, 12, 250_000)
    assert behind.ordered_by == "Kanwil Contoh Tujuh"


def test_a_month_that_was_ordered_equals_one_that_the_facility_opened(
    issue: Any, acting: Acting, plugins: PluginRegistry
):
    issue(replace(SERENTAK, quotas={PEKALONGAN: 12}))
    columns = "SELECT settings, exclusion_group FROM guyub.cycle WHERE facility_id = :here AND period = :period"
    lines = """SELECT i.code, l.line, l.quantity, l.price, l.per_member, l.at_most FROM guyub.package_line l
               JOIN guyub.cycle c ON c.id = l.cycle_id JOIN guyub.item i ON i.id = l.item_id
               WHERE c.facility_id = :here AND c.period = :period ORDER BY l.line"""
    with acting("kasubsi") as work:
        cycles.open_cycle(work, plugins, "bansos", date(2025, 1, 1))
        ordered, own = (
            (
                work.run(columns, here=work.here.id, period=month).one(),
                work.run(lines, here=work.here.id, period=month).all(),
            )
            for month in (DECEMBER, date(2025, 1, 1))
        )
    assert ordered == own


def test_the_same_campaign_twice_creates_nothing(issue: Any, database: Database):
    first = issue()
    count = months(database)
    again = issue()
    assert again.campaign_id == first.campaign_id
    assert outcomes(again.judged) == {PEKALONGAN: "ordered", KEBUMEN: "ordered", "rutan-blora": "left_out"}
    assert months(database) == count == 2


@pytest.mark.parametrize(("unit", "outcome"), [("sak", "left_out"), ("gram", "left_out"), (" KG ", "open")])
def test_a_facility_that_counts_its_goods_in_another_unit_is_left_out_with_the_reason(
    preview: Any, issue: Any, acting: Acting, database: Database, unit: str, outcome: str
):
    rice = {"code": "beras", "name": "Beras", "unit": unit, "quantity": 5, "price": 15_000}
    configure(database, "bansos", PEKALONGAN, DECEMBER, package=[rice])
    with acting("pengelola", PEKALONGAN) as work:
        items.ensure(work, [Item(None, "beras", "Beras", "kg")])
    seen = preview()
    assert outcomes(seen)[PEKALONGAN] == outcome
    if outcome == "left_out":
        assert "“kg”" in next(item.why.id for item in seen if item.place.code == PEKALONGAN)
    assert outcomes(issue().judged)[PEKALONGAN] == outcome


def test_a_campaign_of_the_same_title_with_another_ceiling_is_refused(issue: Any):
    issue()
    with pytest.raises(Invalid, match="exists for that month"):
        issue(replace(SERENTAK, ceiling=100_000))


def test_the_same_campaign_with_one_facility_more_reaches_that_one(issue: Any, database: Database):
    issue(replace(SERENTAK, quotas={PEKALONGAN: 12}))
    assert outcomes(issue(replace(SERENTAK, quotas={PEKALONGAN: 12, KEBUMEN: 8})).judged) == {
        PEKALONGAN: "ordered",
        KEBUMEN: "open",
    }
    assert months(database) == 2


def test_a_planned_month_is_taken_over_with_quota_and_day(issue: Any, acting: Acting, plugins: PluginRegistry):
    with acting("kasubsi") as work:
        own = cycles.open_cycle(work, plugins, "bansos", DECEMBER, distribution_on=date(2024, 12, 14), place="Aula")
    issued = issue()
    assert outcomes(issued.judged)[PEKALONGAN] == "adopt"
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", DECEMBER)
    assert cycle.id == own.id
    assert (cycle.quota, cycle.distribution_on, cycle.place) == (12, CHRISTMAS_EVE, "Aula")


def test_a_month_beyond_planning_is_listed_with_its_state(issue: Any, preview: Any, rutan: Rutan):
    funds = _december_proposed(rutan)
    assert funds
    seen = next(item for item in preview() if item.place.code == PEKALONGAN)
    assert seen.outcome == "left_out"
    assert "Usulan" in seen.why.id
    assert outcomes(issue().judged)[PEKALONGAN] == "left_out"


def test_a_package_above_the_ceiling_is_listed_with_both_amounts(preview: Any):
    seen = next(item for item in preview(replace(SERENTAK, ceiling=50_000)) if item.place.code == PEKALONGAN)
    assert seen.outcome == "left_out"
    assert "Rp50.000" in seen.why.id


def test_a_closed_facility_is_listed_with_its_last_day(preview: Any, database: Database):
    places.close_facility(database, "rutan-blora", date(2024, 12, 1))
    seen = next(item for item in preview() if item.place.code == "rutan-blora")
    assert "ditutup" in seen.why.id


def test_a_month_of_another_campaign_is_not_taken_from_it(issue: Any, preview: Any):
    issue()
    other = next(item for item in preview(replace(SERENTAK, title="Perintah lain")) if item.place.code == PEKALONGAN)
    assert other.outcome == "left_out"
    assert SERENTAK.title in other.why.id


def test_a_campaign_that_can_be_carried_out_nowhere_leaves_nothing_behind(issue: Any, acting: Acting):
    with pytest.raises(Invalid, match="carried out nowhere"):
        issue(replace(SERENTAK, quotas={"rutan-blora": 5}))
    with acting("kanwil") as work:
        assert campaign_queries.all_of(work, the_region(work)) == []


def test_a_campaign_on_a_preview_that_has_become_untrue_changes_nothing(
    issue: Any, preview: Any, acting: Acting, plugins: PluginRegistry, database: Database
):
    seen = digest(preview())
    with acting("kasubsi") as work:
        cycles.open_cycle(work, plugins, "bansos", DECEMBER)
    with pytest.raises(Refusal, match="moved since your preview"):
        issue(seen=seen)
    assert months(database) == 1
    issue(seen=digest(preview()))


def test_a_campaign_costs_as_many_questions_for_two_facilities_as_for_eighteen(
    acting: Acting, plugins: PluginRegistry, database: Database
):
    def asked(quotas: dict[str, int], title: str) -> int:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        with acting("kanwil") as work:
            region = the_region(work)
            event.listen(database.engine, "before_cursor_execute", note)
            campaigns.issue(work, plugins, region, replace(SERENTAK, title=title, quotas=quotas), TODAY)
            event.remove(database.engine, "before_cursor_execute", note)
        return len(seen)

    few = asked({PEKALONGAN: 3, "rutan-blora": 3}, "Perintah kecil")
    with database.work(database.as_service("tests")) as work:
        codes = list(work.run("SELECT code FROM guyub.facility WHERE code <> :code", code=PEKALONGAN).scalars())
    activate(database, "bansos", PEKALONGAN, *codes)
    assert asked(dict.fromkeys(codes, 4), "Perintah besar") == few


def test_every_facility_finds_the_campaign_in_its_own_audit_log(issue: Any, acting: Acting):
    issue()
    for login in ("kasubsi", "kasubsi.kebumen"):
        with acting(login) as work:
            entry = work.run(
                "SELECT actor_label, details FROM guyub.audit_entry WHERE chain = :here AND action = 'programs.campaign'",
                here=work.here.id,
            ).one()
        assert entry.actor_label == "kanwil"
        assert entry.details["order"] == SERENTAK.title


def test_who_works_at_a_facility_launches_no_campaign(acting: Acting, plugins: PluginRegistry):
    with acting("kasubsi") as work, pytest.raises(Forbidden):
        campaigns.issue(work, plugins, the_region(work), SERENTAK, TODAY)


# --- from there on -----------------------------------------------------------------------------------------------


def _december_proposed(rutan: Rutan, *, ordered: bool = False) -> list[str]:
    rutan.register(families.PEKALONGAN, SURVEYED)
    funds = rutan.receive(november.INCOMES, date(2024, 11, 6))
    with rutan.work_of(rutan.services) as work:
        if ordered:
            cycle = cycles.get(work, "bansos", DECEMBER)
            cycles.choose_funds(work, cycle, funds)
        else:
            cycle = cycles.open_cycle(work, rutan.opened.plugins, "bansos", DECEMBER, fund_codes=funds)
        selection.score(work, rutan.opened.plugins, cycle)
        selection.select_top(work, cycle, category="inmate_family")
        proposal.propose(work, rutan.opened.plugins, cycles.get(work, "bansos", DECEMBER))
    return list(funds)


def test_the_staff_go_on_as_with_any_other_month(issue: Any, rutan: Rutan, acting: Acting):
    issued = issue()
    _december_proposed(rutan, ordered=True)
    with acting("kanwil") as work:
        seen = campaign_queries.get(work, the_region(work), issued.campaign_id)
        places = campaign_queries.facilities_of(work, issued.campaign_id)
    assert (seen.facilities, seen.quota, seen.proposed, seen.listed) == (2, 20, 1, 9)
    assert {place.code: place.state for place in places} == {PEKALONGAN: "proposed", KEBUMEN: "planned"}


def test_a_campaign_is_cancelled_while_nobody_has_proposed_and_a_better_one_takes_its_months(
    issue: Any, acting: Acting, plugins: PluginRegistry
):
    with acting("kasubsi") as work:
        own = cycles.open_cycle(work, plugins, "bansos", DECEMBER).quota
    issued = issue()
    with acting("kanwil") as work:
        assert campaigns.cancel(work, issued.campaign_id, "Harinya salah") == 2
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", DECEMBER)
        assert (cycle.state, cycle.quota, campaign_queries.behind(work, cycle.id)) == ("planned", own, None)
    better = issue(replace(SERENTAK, ceiling=300_000))
    assert better.campaign_id != issued.campaign_id
    assert outcomes(better.judged) == {PEKALONGAN: "adopt", KEBUMEN: "adopt", "rutan-blora": "left_out"}


def test_a_campaign_that_is_under_way_is_not_cancelled(issue: Any, acting: Acting, rutan: Rutan):
    issued = issue()
    _december_proposed(rutan, ordered=True)
    with pytest.raises(Refusal, match="proposed its recipients"), acting("kanwil") as work:
        campaigns.cancel(work, issued.campaign_id, "Terlambat")
    with acting("kasubsi") as work:
        assert campaign_queries.behind(work, cycles.get(work, "bansos", DECEMBER).id) is not None


def test_a_campaign_is_cancelled_once(issue: Any, acting: Acting):
    issued = issue()
    with acting("kanwil") as work:
        campaigns.cancel(work, issued.campaign_id, "Harinya salah")
    with acting("kanwil") as work, pytest.raises(Refusal, match="cancelled already"):
        campaigns.cancel(work, issued.campaign_id, "Harinya salah")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"distribution_on": date(2024, 12, 1)}, "is over"),
        ({"theme": "zzz"}, "not in force"),
        ({"theme": "akselerasi-15", "distribution_on": date(2025, 6, 14)}, "not in force"),
        ({"ceiling": 99999999999999999999}, "ceiling is Rp1 to"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused_before_it_is_written(
    issue: Any, preview: Any, wrong: dict[str, Any], said: str
):
    for ask in (preview, issue):
        with pytest.raises(Invalid, match=said):
            ask(replace(SERENTAK, **wrong))


def test_what_can_be_done_nowhere_says_why_at_once(issue: Any):
    with pytest.raises(Invalid) as refused:
        issue(replace(SERENTAK, quotas={"rutan-blora": 5}))
    assert "Blora: Program ini tidak aktif di UPT ini" in refused.value.remedy.id


def test_cancelling_needs_a_reason(issue: Any, acting: Acting):
    issued = issue()
    with acting("kanwil") as work, pytest.raises(Invalid, match="reason is missing"):
        campaigns.cancel(work, issued.campaign_id, "  ")
