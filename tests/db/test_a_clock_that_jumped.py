"""The computer's clock was two days ahead for an hour: what is recorded afterwards is the newest all the same."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guyub.configuration import activations, config_templates, value_history
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database, Work
from guyub.documents import storage
from guyub.documents.storage import MadeDocument
from guyub.facilities import history
from guyub.jobs import outbox
from guyub.jobs.delivery import deliver_due
from guyub.plugins import global_disable
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.registry import household_detail, surveys
from guyub.registry.schemas import RecordSurvey
from guyub.reports import audit_log
from guyub.reports.audit_log import AuditLogFilter
from tests import places, worlds
from tests.worlds import PEKALONGAN, SURVEYED, activate, configure, superuser

Acting = Callable[..., AbstractContextManager[Work]]
DAY = date(2024, 12, 2)


@contextmanager
def clock_ahead(installation: Installation) -> Iterator[None]:
    """Every id and moment that is made meanwhile is of the day after tomorrow."""
    in_every_table = """SELECT c.oid::regclass::text, a.attname, a.atttypid = 'uuid'::regtype
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r'
          AND (pg_get_expr(d.adbin, c.oid) = 'uuidv7()'
               OR a.attname = ANY ('{recorded_at,made_at,at,applied_at,sent_at,due_at,opened_at,created_at}'))"""
    with superuser(installation) as root:
        columns = root.execute(in_every_table).fetchall()
        ids = [(table, column) for table, column, is_id in columns if is_id]
        begun = root.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        for table, column in ids:
            root.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT uuidv7(interval '2 days')".encode())
        yield
        root.execute("SET session_replication_role = replica")
        for table in {table for table, *_ in columns}:
            moments = ", ".join(
                f"{name} = {name} + interval '2 days'" for of, name, is_id in columns if of == table and not is_id
            )
            if moments:
                root.execute(f"UPDATE {table} SET {moments} WHERE xmin::text::bigint > %s".encode(), begun)
        for table, column in ids:
            root.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT uuidv7()".encode())


@pytest.fixture
def ahead(installation: Installation) -> Callable[[], AbstractContextManager[None]]:
    return lambda: clock_ahead(installation)


def test_the_quota_set_afterwards_is_the_one_in_effect(database: Database, plugins: PluginRegistry, ahead: Any):
    with ahead():
        configure(database, "bansos", PEKALONGAN, since=DAY, quota=7)
    configure(database, "bansos", PEKALONGAN, since=DAY, quota=9)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert plugins.resolve(work, "bansos", work.here.id, DAY).config.quota == 9  # type: ignore[attr-defined]  # the plugin's own configuration
        recorded = value_history.history(work, "bansos", facility=PEKALONGAN, field="quota")
    assert [(entry.value, entry.overruled) for entry in recorded[:2]] == [(9, False), (7, True)]


def test_a_lock_that_was_taken_off_afterwards_holds_no_more(database: Database, plugins: PluginRegistry, ahead: Any):
    for locked in (True, False):
        with ahead() if locked else nullcontext():
            worlds.configure_region(database, "bansos", "jawa-tengah", locked=locked, quota=4)
    configure(database, "bansos", PEKALONGAN, since=DAY, quota=9)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert plugins.resolve(work, "bansos", work.here.id, DAY).config.quota == 9  # type: ignore[attr-defined]  # the plugin's own configuration


def test_a_plugin_activated_afterwards_runs(database: Database, plugins: PluginRegistry, ahead: Any):
    with ahead():
        activate(database, "bansos", PEKALONGAN, active=False, since=DAY)
    activate(database, "bansos", PEKALONGAN, since=DAY)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert activations.at_facility(work, DAY)["bansos"].active
        plugins.require_active(work, "bansos", DAY)


def test_a_plugin_activated_afterwards_is_on(database: Database, ahead: Any):
    with ahead(), database.work(database.as_service("tests")) as work:
        global_disable.switch(work, "bansos", disabled=True, reason="uji")
    with database.work(database.as_service("tests")) as work:
        assert "bansos" in global_disable.globally_disabled(work)
        global_disable.switch(work, "bansos", disabled=False, reason="uji")
    with database.work(database.as_service("tests")) as work:
        assert global_disable.globally_disabled(work) == {}


def test_the_later_version_of_a_template_is_the_template(database: Database, ahead: Any):
    for quota in (7, 9):
        with ahead() if quota == 7 else nullcontext(), database.work(database.as_service("tests")) as work:
            config_templates.keep(work, None, "Rutan kecil", "", {"bansos": {"quota": quota}})
    with database.work(database.as_service("tests")) as work:
        region = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
        (found,) = config_templates.templates(work, region)
    assert found.values == {"bansos": {"quota": 9}}


def test_the_name_corrected_afterwards_is_the_name(database: Database, ahead: Any):
    for name in ("Rutan Contoh Keliru", "Rutan Contoh Benar"):
        with ahead() if "Keliru" in name else nullcontext():
            places.change_facility(database, PEKALONGAN, name=name)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert history.names(work)[0].name == "Rutan Contoh Benar"


def test_the_document_made_afterwards_is_the_newest_and_the_audit_log_ends_with_it(
    cluster: Any, installation: Installation, database: Database, plugins: PluginRegistry, acting: Acting, ahead: Any
):
    rutan = worlds.pekalongan(cluster, installation, database, plugins)
    cycle = worlds.november_until(rutan, "planned")
    for content in (b"keliru", b"benar"):
        with ahead() if content == b"keliru" else nullcontext(), acting("kasubsi") as work:
            file = MadeDocument("recipient_list", "Daftar", "daftar.pdf", "application/pdf", content, personal=False)
            (kept,) = storage.store(work, cycle.id, "2024-11", [file])
    with acting("kasubsi") as work:
        assert storage.newest(work, cycle.id) == [kept]
        assert storage.of_cycle(work, cycle.id)[0] == kept
    with acting("karutan") as work:
        found = audit_log.entries(work, AuditLogFilter("Asia/Jakarta"), facility_id=work.here.id)
    assert [entry.details.get("daftar.pdf") for entry in found[:2]] == [kept.sha256, found[1].details["daftar.pdf"]]
    assert found[0].at < found[1].at


def test_the_newest_visit_stands_and_of_one_day_the_visit_recorded_last(
    cluster: Any, installation: Installation, database: Database, plugins: PluginRegistry, acting: Acting, ahead: Any
):
    rutan = worlds.pekalongan(cluster, installation, database, plugins)
    worlds.november_until(rutan, "planned")
    with acting("kasubsi") as work:
        household = work.run("SELECT min(id::text)::uuid FROM guyub.household").scalar_one()
        answers = household_detail.detail(work, household).visits[0].by_key
    for income, on in ((700_000, SURVEYED), (900_000, SURVEYED), (500_000, date(1999, 1, 1))):
        with ahead() if income == 700_000 else nullcontext(), acting("kasubsi") as work:
            visit = {**answers, "monthly_income": income}
            surveys.record_survey(work, RecordSurvey(household_id=household, answers=visit, surveyed_on=on))
    with acting("kasubsi") as work:
        visits = household_detail.detail(work, household).visits
        income = work.run(
            "SELECT monthly_income FROM guyub.household_facts WHERE household_id = :id", id=household
        ).scalar_one()
    assert income == 900_000
    assert [(visit.by_key["monthly_income"], visit.stands) for visit in visits[:2]] == [
        (900_000, True),
        (700_000, False),
    ]
    assert visits[-1].surveyed_on == date(1999, 1, 1)


def test_an_event_of_that_hour_does_not_wait_for_the_clock(database: Database, ahead: Any):
    class Receiver:
        def refresh_before_delivery(self, work: Work) -> None: ...

        def ready(self) -> dict[str, Any]:
            return {"bansos": None}

        def deliver(self, work: Work, slug: str, event: Any) -> None:
            told.append(event.kind)

    told: list[str] = []
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        outbox.note_listeners(work, {"bansos"}, frozenset())
    with ahead(), database.work(database.as_service("tests", PEKALONGAN)) as work:
        outbox.emit(work, "fund.received", "X", DAY)
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert work.run("SELECT count(*) FROM guyub.delivery WHERE due_at > now()").scalar_one() == 1
        outbox.emit(work, "cycle.opened", "X", DAY)
    deliver_due(database, Receiver(), datetime.now(UTC))
    assert told == ["fund.received", "cycle.opened"]
