"""A month with the tutorial's plugins at one facility of a region: run in an environment that has them installed.

The file is no test of the suite by itself: ``test_tutorial.py`` runs it where the wheels are, and nothing of the checkout.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from guyub.app import create_app
from guyub.db.installation import Installation
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import families
from guyub.demo.month import Rutan, moment
from guyub.jobs.delivery import deliver_due
from guyub.plugins import plugin_tables
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import closing, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.distribution import Proof
from guyub.provisioning import apply, load, packaged_folder
from guyub.registry import questionnaire
from guyub.sdk.errors import NotFound
from tests import tutorial, worlds
from tests.visits import NewVisitor, Visitor, text_of, visitors

NOVEMBER = date(2024, 11, 1)
NOON = datetime(2024, 11, 16, 5, tzinfo=UTC)
HERE, THERE = worlds.PEKALONGAN, worlds.KEBUMEN
COLLECTIONS = f"/f/{HERE}/p/infak/collections"
REPORT = "plugins/infak/reports/collections?since=2024-11-01&until=2024-11-30"
LIST = {"received_on": "2024-11-05", "contributors": "24", "amount": "Rp600.000", "list_number": "DI-11/2024"}


@pytest.fixture
def rutan(
    cluster: Any, installation: Installation, database: Database, plugins: PluginRegistry, tmp_path: Path
) -> Rutan:
    """Rutan Pekalongan with its families, and in its file what the page says; the other facilities as they were."""
    plugin_tables.upgrade(installation, plugins, "infak")
    folder = tmp_path / "facilities"
    shutil.copytree(packaged_folder(), folder)
    with (folder / "jawa-tengah" / f"{HERE}.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + tutorial.facility_file())
    with database.work(database.as_service("tests")) as work:
        questionnaire.ensure_questionnaire(work)
        apply(work, plugins, load(folder, plugins))
        plugins.hooks.announce(work)
    made = worlds.pekalongan(cluster, installation, database, plugins)
    made.register(families.PEKALONGAN, date(2024, 11, 8))
    return made


@pytest.fixture
def application(database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    return create_app(database, plugins, protector=protector, clock=lambda: NOON)


@pytest.fixture
def visitor(application: FastAPI, database: Database) -> Iterator[NewVisitor]:
    with visitors(application, database) as come:
        yield come


def test_a_collection_becomes_envelopes_at_one_facility_and_nothing_shows_at_another(
    rutan: Rutan, visitor: NewVisitor, plugins: PluginRegistry
):
    remind_on = date(2024, 11, 25)
    assert "Infak pegawai November 2024 belum dicatat." in reminders(rutan, plugins, remind_on)

    treasurer = visitor("pengelola")
    assert "Infak pegawai" in text_with_menu(treasurer, f"/f/{HERE}/")
    assert "Belum ada infak" in treasurer.reads(COLLECTIONS)
    empty = text_of(treasurer.fills(f"{COLLECTIONS}/new", LIST | {"list_number": "", "amount": ""}))
    assert "Nomor daftar: Belum diisi." in empty
    assert "Jumlah uang: Belum diisi." in empty
    refused = treasurer.fills(f"{COLLECTIONS}/new", LIST | {"contributors": "1"})
    assert refused.status_code == 422
    assert "Rata-rata Rp600.000 per orang melebihi batas Rp500.000." in text_of(refused)
    listed = treasurer.follows(treasurer.fills(f"{COLLECTIONS}/new", LIST))
    assert "Rp600.000" in listed
    assert "INFAK-2024-11" in listed
    assert reminders(rutan, plugins, remind_on) == []
    assert "DI-11/2024" in treasurer.reads(f"/f/{HERE}/{REPORT}")
    assert visitor("kasubsi").opens(f"{COLLECTIONS}/new").status_code == 403

    no_collection_is_booked_without_its_row(treasurer, rutan, plugins)

    cycle = school_money(rutan, plugins)
    assert (cycle.state, balance(rutan)) == ("closed", 600_000 - 2 * 150_000)

    nothing_shows_at_kebumen(rutan, visitor, plugins)


def no_collection_is_booked_without_its_row(treasurer: Visitor, rutan: Rutan, plugins: PluginRegistry) -> None:
    """The core's form leads to the plugin's page, and what is taken back in the books leaves the list."""
    form = treasurer.opens(f"/f/{HERE}/funds/receive/infak/infak/collection")
    assert (form.status_code, form.headers["location"]) == (303, f"{COLLECTIONS}/new")
    wrong = LIST | {"list_number": "DI-99/2024"}
    assert "DI-99/2024" in treasurer.follows(treasurer.fills(f"{COLLECTIONS}/new", wrong))
    taken_back = treasurer.fills(
        f"/f/{HERE}/funds/fund/INFAK-2024-11/receipts/2024/2/reverse", {"reason": "Salah daftar"}
    )
    assert taken_back.status_code == 303, text_of(taken_back)
    treasurer.fills(f"{COLLECTIONS}/new", wrong)
    deliver_due(rutan.opened.database, plugins, datetime.now(UTC))
    listed = treasurer.reads(COLLECTIONS)
    assert (listed.count("DI-11/2024"), listed.count("DI-99/2024")) == (1, 1), "only what was recorded anew"
    treasurer.fills(f"/f/{HERE}/funds/fund/INFAK-2024-11/receipts/2024/3/reverse", {"reason": "Salah daftar"})
    deliver_due(rutan.opened.database, plugins, datetime.now(UTC))
    assert "DI-99/2024" not in treasurer.reads(COLLECTIONS)


def school_money(rutan: Rutan, plugins: PluginRegistry) -> cycles.Cycle:
    """A cycle from its candidates to its close, each step by the person whose work it is."""
    day = date(2024, 11, 16)
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.open_cycle(
            work,
            plugins,
            "uang_sekolah",
            NOVEMBER,
            fund_codes=["INFAK-2024-11"],
            reason="tahun ajaran yang mundur",
            distribution_on=day,
            starts_at=time(9),
            place="Aula",
        )
        assert selection.score(work, plugins, cycle) == len(families.PEKALONGAN)
        assert selection.select_top(work, cycle) == 2
        proposal.propose(work, plugins, cycle)
    with rutan.work_of(rutan.head) as work:
        proposed = cycles.get(work, "uang_sekolah", NOVEMBER)
        proposal.approve(work, plugins, proposed, date(2024, 11, 12), version=proposed.version)
    with rutan.work_of(rutan.services) as work:
        distribution.start(work, cycles.get(work, "uang_sekolah", NOVEMBER))
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "uang_sekolah", NOVEMBER)
        witness = work.run("SELECT id FROM guyub.person WHERE login = :login", login=rutan.witness).scalar_one()
        listed = [recipient.id for recipient in programs.recipients(work, cycle)]
        assert len(listed) == 2
        given = distribution.hand_over(work, cycle, listed, moment(day, time(9)), Proof(rutan.witness_name, witness))
        assert given == 2
    with rutan.work_of(rutan.services) as work:
        closing.close(work, cycle, day)
        return cycles.get(work, "uang_sekolah", NOVEMBER)


def nothing_shows_at_kebumen(rutan: Rutan, visitor: NewVisitor, plugins: PluginRegistry) -> None:
    officer = visitor("kasubsi.kebumen")
    home = text_with_menu(officer, f"/f/{THERE}/")
    assert "Infak pegawai" not in home
    assert "Uang sekolah" not in home
    for path in ("collections", "collections/new", ""):
        assert officer.opens(f"/f/{THERE}/p/infak/{path}").status_code == 404
    assert officer.opens(f"/f/{THERE}/p/uang_sekolah/").status_code == 404
    assert officer.opens(f"/f/{THERE}/{REPORT}").status_code == 404
    assert officer.opens(COLLECTIONS).status_code == 404
    there = Rutan(rutan.opened, THERE, "kasubsi.kebumen", "karutan.kebumen", "", "", "")
    with there.work_of(there.services) as work:
        assert set(plugins.active(work, work.here.id, NOON.date())).isdisjoint(tutorial.PLUGINS)
        assert work.run("SELECT count(*) FROM infak.collection").scalar_one() == 0
        assert work.run("SELECT count(*) FROM guyub.fund WHERE code LIKE 'INFAK%'").scalar_one() == 0
        with pytest.raises(NotFound):
            cycles.open_cycle(work, plugins, "uang_sekolah", NOVEMBER, fund_codes=[])


def reminders(rutan: Rutan, plugins: PluginRegistry, on: date) -> list[str]:
    with rutan.work_of(rutan.services) as work:
        return [shown.item.text.id for shown in plugins.hooks.attention_items(work, on)]


def balance(rutan: Rutan) -> int:
    with rutan.work_of(rutan.management) as work:
        left: int = work.run(
            """SELECT sum(a.rupiah) FROM guyub.account a JOIN guyub.fund f ON f.id = a.fund_id
               WHERE f.code = 'INFAK-2024-11' AND a.kind = 'cash'"""
        ).scalar_one()
    return left


def text_with_menu(person: Any, path: str) -> str:
    answer = person.opens(path)
    assert answer.status_code == 200, text_of(answer)
    return str(answer.text)
