"""The preview of a campaign shows what each facility has to carry it out with, and warns of what is lacking."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event

from guyub.app import create_app
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.campaigns import service as campaigns
from guyub.programs.campaigns.assessment import CampaignRequest
from guyub.programs.campaigns.readiness import Accounts, Readiness, readiness
from guyub.registry import service
from guyub.registry.schemas import NewMember, RegisterHousehold
from tests import worlds
from tests.conftest import Acting
from tests.visits import NewVisitor, text_of, visitors
from tests.worlds import KEBUMEN, PEKALONGAN

DAY, TODAY = date(2024, 12, 24), date(2024, 12, 2)


@pytest.fixture
def asked(acting: Acting, plugins: PluginRegistry) -> Callable[..., dict[str, Readiness]]:
    """What the preview shows, by facility."""

    def ask(codes: tuple[str, ...] = (PEKALONGAN, KEBUMEN), quota: int = 4) -> dict[str, Readiness]:
        request = CampaignRequest("Bansos serentak", "bansos", "sembako", DAY, dict.fromkeys(codes, quota))
        with acting("kanwil") as work:
            region = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
            judged = campaigns.preview(work, plugins, region, request, TODAY)
            return {row.assessment.place.code: row for row in readiness(work, plugins, request, judged)}

    return ask


def warned(row: Readiness) -> list[str]:
    return [warning.en for warning in row.warnings]


def test_free_money_households_sources_and_officials_are_those_of_the_day(asked: Any, rutan: Rutan):
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    rutan.receive(november.INCOMES, date(2024, 11, 6))
    row = asked()[PEKALONGAN]
    assert (row.estimate, row.means.free) == (4 * 117_507, 750_000)
    assert (row.means.surveyed, row.means.households, row.means.sources) == (12, 12, 2)
    assert row.means.officials > 0
    assert warned(row) == []


def test_zeros_are_warned_of(asked: Any, database: Database):
    worlds.activate(database, "canteen_profit", KEBUMEN, active=False, since=date(2024, 12, 1))
    row = asked()[KEBUMEN]
    assert (row.means.free, row.means.surveyed, row.means.sources) == (0, 0, 0)
    assert warned(row)[:3] == ["no free money", "no household is surveyed", "no active funding source"]


def test_what_does_not_suffice_is_warned_of_with_the_difference(asked: Any, rutan: Rutan):
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    rutan.receive(november.INCOMES, date(2024, 11, 6))
    assert warned(asked(quota=20)[PEKALONGAN]) == [
        "free money is Rp1.600.140 short",
        "surveyed households and institutions take 12 of the quota, 8 too few",
    ]


def test_an_institution_takes_as_many_places_as_packages_without_a_survey(asked: Any, rutan: Rutan):
    orphanage = RegisterHousehold(
        category="institution",
        institution_name="Panti Asuhan Contoh",
        people_served=96,
        packages=10,
        recipient=NewMember(full_name="Hasan Contoh"),
    )
    with rutan.work_of("kasubsi") as work:
        service.register_household(work, rutan.opened.protector, orphanage, date(2024, 11, 8))
    rutan.receive(november.INCOMES, date(2024, 11, 6))
    row = asked(quota=12)[PEKALONGAN]
    assert (row.means.households, row.means.surveyed, row.means.places) == (1, 0, 10)
    assert "no household is surveyed" in warned(row)
    assert "surveyed households and institutions take 10 of the quota, 2 too few" in warned(row)
    assert not [words for words in warned(asked(quota=4)[PEKALONGAN]) if "surveyed" in words]


def test_a_month_that_is_not_due_is_opened_with_the_campaign_as_its_reason(
    asked: Any, database: Database, acting: Acting, plugins: PluginRegistry
):
    worlds.configure(database, "bansos", PEKALONGAN, date(2024, 1, 2), months=["01"])
    assert "not due; this campaign is the reason to open it" in warned(asked()[PEKALONGAN])
    request = CampaignRequest("Bansos serentak", "bansos", "sembako", DAY, {PEKALONGAN: 4, KEBUMEN: 4})
    with acting("kanwil") as work:
        region = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
        campaigns.issue(work, plugins, region, request, TODAY)
    with database.work(database.as_service("tests")) as work:
        rows = work.run(
            "SELECT f.code, c.due, c.opening_reason FROM guyub.cycle c JOIN guyub.facility f ON f.id = c.facility_id "
            "ORDER BY f.code DESC"
        ).all()
    assert [tuple(row) for row in rows] == [(PEKALONGAN, False, "Bansos serentak"), (KEBUMEN, True, "")]


def test_the_questions_are_as_many_for_every_facility_of_the_region(asked: Any, database: Database):
    with database.work(database.as_service("tests")) as work:
        codes = tuple(work.run("SELECT code FROM guyub.facility ORDER BY code").scalars())
    worlds.activate(database, "bansos", *codes, since=date(2024, 11, 1))
    asked()
    counts = []
    for some in ((PEKALONGAN, KEBUMEN), codes):
        seen: list[str] = []

        def note(*call: Any, seen: list[str] = seen) -> None:
            seen.append(call[2])

        event.listen(database.engine, "before_cursor_execute", note)
        assert len(asked(some)) == len(some)
        event.remove(database.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert len(codes) == 59
    assert counts[0] == counts[1]


@pytest.fixture
def visitor(database: Database, plugins: PluginRegistry, protector: Protector) -> Iterator[NewVisitor]:
    morning = datetime(2024, 12, 2, 2, tzinfo=UTC)
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: morning), database) as come:
        yield come


FIELDS = {
    "title": "Bansos serentak",
    "kind": "bansos/sembako",
    "on": "2024-12-24",
    "quota": "4",
    "facilities": [PEKALONGAN],
}


def test_the_page_shows_it_and_warns(visitor: NewVisitor):
    page = text_of(visitor("kanwil").fills("/region/jawa-tengah/campaigns/new", FIELDS))
    assert "1 UPT belum siap melaksanakannya" in page
    assert "tidak ada dana bebas" in page
    assert "Rp470.028" in page
    assert "Akun: 1 pengusul, 1 penyetuju" in page


def test_who_may_propose_and_who_may_approve_is_counted_and_zeros_are_warned_of(asked: Any, database: Database):
    with database.work(database.as_service("tests")) as work:
        [nobody] = work.run(
            "SELECT code FROM guyub.facility WHERE code NOT IN (:here, :there) ORDER BY code LIMIT 1",
            here=PEKALONGAN,
            there=KEBUMEN,
        ).scalars()
    worlds.activate(database, "bansos", nobody, since=date(2024, 11, 1))
    rows = asked((PEKALONGAN, nobody))
    here, there = rows[PEKALONGAN], rows[nobody]
    assert (here.accounts.proposers, here.accounts.approvers, here.accounts.people) == (1, 1, 2)
    assert (there.accounts.proposers, there.accounts.approvers, there.accounts.people) == (0, 0, 0)
    assert {"no account may propose", "no account may approve"} <= set(warned(there))
    assert not [warning for warning in warned(here) if "account" in warning]


def test_one_person_for_both_steps_is_warned_of(asked: Any):
    row = asked()[PEKALONGAN]
    alone = replace(row, accounts=Accounts(row.accounts.facility_id, 1, 1, 1))
    assert "the same person would have to propose and approve" in warned(alone)


def test_its_tables_come_as_files_and_its_form_comes_back_filled(visitor: NewVisitor):
    kanwil = visitor("kanwil")
    page = kanwil.fills("/region/jawa-tengah/campaigns/new", FIELDS | {"title": "Bansos & serentak"}).text
    links = {unescape(link) for link in re.findall(r'href="([^"]+export=[a-z]+)"', page)}
    assert {link.rsplit("export=")[1] for link in links} == {"csv", "xlsx", "json"}
    [as_json] = [link for link in links if link.endswith("json")]
    answer = kanwil.client.get(as_json)
    assert answer.status_code == 200, (as_json, answer.headers, answer.text)
    [row] = answer.json()
    assert (row["quota"], row["estimate"], row["proposers"], row["approvers"]) == (4, 470_028, 1, 1)
    assert all(kanwil.client.get(link).status_code == 200 for link in links)
    [form] = [unescape(link) for link in re.findall(r'href="([^"]+campaigns/new[^"]*)"', page) if "export" not in link]
    again = kanwil.opens(form).text
    assert 'value="Bansos &amp; serentak"' in again
    assert again.count(" checked") == 1


def test_an_address_that_asks_for_no_campaign_shows_the_form_with_what_is_wrong(visitor: NewVisitor):
    answer = visitor("kanwil").client.get("/region/jawa-tengah/campaigns/new?preview=yes&title=A&on=besok&quota=x")
    assert answer.status_code == 422


def test_the_api_answers_the_same(visitor: NewVisitor):
    kanwil, asks = visitor("kanwil"), "/api/v1/region/jawa-tengah/campaigns/preview"
    answer = kanwil.client.get(asks, params=FIELDS | {"facilities": [f"{PEKALONGAN}:6", "rutan-rembang"]})
    assert answer.status_code == 200, answer.text
    [ready], [left_out] = answer.json()["carry_out"], answer.json()["left_out"]
    assert (ready["facility"], ready["quota"], ready["estimate"]) == (PEKALONGAN, 6, 6 * 117_507)
    assert (ready["proposers"], ready["approvers"], ready["free_money"]) == (1, 1, 0)
    assert "no free money" in [warning["en"] for warning in ready["warnings"]]
    assert left_out["facility"] == "rutan-rembang"
    refused = kanwil.client.get(asks, params=FIELDS | {"on": "31/02/2024"})
    assert (refused.status_code, refused.json()["field"]) == (422, "on")
    assert visitor("kasubsi").client.get(asks, params=FIELDS).status_code in (403, 404)
