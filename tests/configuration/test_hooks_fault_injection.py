"""Every hook, broken in every way: the transaction holds, and the failure means what the hook's policy says."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from guyub.configuration.bulk_write import ActivationAt, activate_many
from guyub.db.unit_of_work import Database, Work
from guyub.plugins.dispatch import CallFailure
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk import HOOKS, EnrolmentBatch, Event, Refusal, SpendingBatch
from guyub.sdk.session import TransactionGuarded
from tests.config_changes import set_active
from tests.configuration.conftest import PEKALONGAN
from tests.distributions import shelf_in

TODAY = date(2024, 11, 12)
HOUSEHOLD = UUID(int=7)
EVENT = Event(UUID(int=9), "cycle.closed", "bansos/2024-11", TODAY, datetime(2024, 11, 12, tzinfo=UTC), {})
SPENDING = SpendingBatch("bansos", TODAY, ())
ENROLMENT = EnrolmentBatch("bansos", TODAY, ())

SPECIMEN = '''
import sys
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from guyub.sdk import AttentionAt, AttentionItem, Blocker, Card, Finding, HealthCheck, Panel, Plugin, Text, hookimpl

FAULT = ""
KEPT = []
SAID = Text(id="Contoh", en="Specimen")

class Odd(BaseException):
    pass

class Base(DeclarativeBase):
    pass

class Row(Base):
    __tablename__ = "no_such_table"
    id: Mapped[int] = mapped_column(primary_key=True)

def behave(ctx, answer):
    """Writes first, then does what FAULT asks for; without one it answers well."""
    session = ctx.session
    session.execute(text("INSERT INTO held VALUES ('plugin')"))
    KEPT.append(session)
    if FAULT == "raise": raise ValueError("Ibu Contoh, NIK 3375019900000001")
    if FAULT == "refuse": raise Odd("odd")
    if FAULT == "exit": sys.exit(0)
    if FAULT == "type": return 5
    if FAULT == "none instead": return None if answer is not None else []
    if FAULT == "items": return [object()] if answer is not None else [1]
    if FAULT == "lazy": return (one for one in answer or ())
    if FAULT == "text": return "abc"
    if FAULT == "commit": session.commit()
    if FAULT == "rollback": session.rollback()
    if FAULT == "close": session.close()
    if FAULT == "commit as SQL": session.execute(text("SELECT 1; -- all of it\\n  COMMIT"))
    if FAULT == "role": session.execute(text("SET LOCAL ROLE postgres"))
    if FAULT == "SQL": session.execute(text("SELECT * FROM no_such_table"))
    if FAULT == "SQL swallowed":
        try:
            session.execute(text("SELECT 1/0"))
        except Exception:
            pass
    if FAULT == "SQL at the end": session.add(Row(id=1))
    return answer

class Specimen(Plugin):
    slug = "specimen"
    title = Text(id="Spesimen", en="The specimen")
    summary = Text(id="Contoh untuk uji.", en="A specimen for tests.")

    @hookimpl
    def guyub_review_enrolment(self, ctx, batch): return behave(ctx, [Finding("warning", SAID)])
    @hookimpl
    def guyub_review_spending(self, ctx, batch): return behave(ctx, [Finding("warning", SAID)])
    @hookimpl
    def guyub_facility_activated(self, ctx): return behave(ctx, None)
    @hookimpl
    def guyub_facility_deactivating(self, ctx): return behave(ctx, [])
    @hookimpl
    def guyub_on_event(self, ctx, event): return behave(ctx, None)
    @hookimpl
    def guyub_dashboard_cards(self, ctx): return behave(ctx, [Card(SAID)])
    @hookimpl
    def guyub_household_panels(self, ctx, household): return behave(ctx, [Panel(SAID, ())])
    @hookimpl
    def guyub_attention_items(self, ctx): return behave(ctx, [AttentionItem(SAID)])
    @hookimpl
    def guyub_region_attention(self, ctx):
        return behave(ctx, [AttentionAt(ctx.facilities[0].id, AttentionItem(SAID))])
    @hookimpl
    def guyub_health(self, ctx): return behave(ctx, [HealthCheck(SAID, True)])

plugin = Specimen()
'''

FAULTS = (
    "raise",
    "refuse",
    "exit",
    "type",
    "none instead",
    "items",
    "lazy",
    "text",
    "commit",
    "rollback",
    "close",
    "commit as SQL",
    "role",
    "SQL",
    "SQL swallowed",
    "SQL at the end",
)


def activated_again(plugins: PluginRegistry, work: Work) -> None:
    """Activates what has ended before, without a hook that is asked about its end."""
    activate_many(work, [ActivationAt(PEKALONGAN, "specimen", False, TODAY, "uji")])
    set_active(work, plugins, "specimen", work.here.id, True, TODAY, "uji")


CALLS: dict[str, Callable[[PluginRegistry, Work], Any]] = {
    "guyub_review_enrolment": lambda plugins, work: plugins.hooks.review_enrolment(work, ENROLMENT, TODAY),
    "guyub_review_spending": lambda plugins, work: plugins.hooks.review_spending(work, SPENDING, TODAY),
    "guyub_facility_activated": lambda plugins, work: activated_again(plugins, work),
    "guyub_facility_deactivating": lambda plugins, work: set_active(
        work, plugins, "specimen", work.here.id, False, TODAY, "uji"
    ),
    "guyub_on_event": lambda plugins, work: plugins.deliver(work, "specimen", EVENT),
    "guyub_dashboard_cards": lambda plugins, work: plugins.hooks.dashboard_cards(work, TODAY),
    "guyub_household_panels": lambda plugins, work: plugins.hooks.household_panels(work, HOUSEHOLD, TODAY),
    "guyub_attention_items": lambda plugins, work: plugins.hooks.attention_items(work, TODAY),
    "guyub_region_attention": lambda plugins, work: [
        shown
        for _, shown in plugins.hooks.region_attention(
            work, {slug: [work.here] for slug in plugins.active(work, work.here.id, TODAY)}, TODAY, PEKALONGAN
        )
    ],
    "guyub_health": lambda plugins, work: plugins.hooks.health(work, TODAY),
}


class World:
    """A host with the specimen active at Rutan Pekalongan. What happens in its transactions never stays."""

    def __init__(self, plugins: PluginRegistry, database: Database, specimen: Any) -> None:
        self.plugins = plugins
        self.database = database
        self.specimen = specimen

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A transaction in which the core has written something already."""
        with self.committing() as work:
            work.run("INSERT INTO held VALUES ('core')")
            yield work
            work.session.rollback()

    @contextmanager
    def committing(self) -> Iterator[Work]:
        with self.database.work(self.database.as_service("tests", PEKALONGAN)) as work:
            work.run("CREATE TEMPORARY TABLE held (who text) ON COMMIT DROP")
            yield work

    def holds(self, work: Work) -> list[str]:
        return list(work.run("SELECT who FROM held ORDER BY who").scalars())


@pytest.fixture(scope="module")
def installed_world(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    copy = cluster.copy()
    database = copy.database()
    with (
        pytest.MonkeyPatch.context() as patch,
        shelf_in(tmp_path_factory.mktemp("shelf"), patch) as shelf,
    ):
        shelf.add("specimen", SPECIMEN)
        plugins = shelf.plugins()
        specimen: Any = shelf.module("guyub_specimen")
        made = World(plugins, database, specimen)
        with made.committing() as work:
            set_active(work, plugins, "specimen", work.here.id, True, date(2024, 1, 1), "uji")
        yield made
    database.close()
    cluster.drop(copy)


@pytest.fixture
def world(installed_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(installed_world.specimen, "FAULT", "")
    monkeypatch.setattr(installed_world.specimen, "behave", installed_world.specimen.behave)
    return installed_world


def transaction(work: Work) -> str:
    found: str = work.run("SELECT pg_current_xact_id()::text").scalar_one()
    return found


def test_every_hook_is_called_here():
    assert CALLS.keys() == HOOKS.keys()


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_does_well_keeps_what_it_wrote_only_where_it_may_write(world: World, hook: str):
    with world.work() as work:
        CALLS[hook](world.plugins, work)
        assert world.holds(work) == (["core", "plugin"] if HOOKS[hook].writes else ["core"])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_fails_leaves_the_transaction_as_it_was(
    world: World, hook: str, fault: str, caplog: pytest.LogCaptureFixture
):
    world.specimen.FAULT = fault
    if fault in ("SQL swallowed", "SQL at the end") and not HOOKS[hook].writes:
        return  # Nothing of it is kept, so there is nothing to fail.
    answer: Any = None
    refused: Refusal | None = None
    with world.work() as work:
        before = transaction(work)
        try:
            answer = CALLS[hook](world.plugins, work)
        except Refusal as refusal:
            refused = refusal
        # Neither committed nor rolled back, usable, and without what the plugin wrote.
        assert transaction(work) == before
        assert world.holds(work) == ["core"]
    check = {
        "block": blocks,
        "refuse": refuses,
        "retry": is_retried,
        "placeholder": shows_a_placeholder,
        "failed_check": fails_the_check,
    }[HOOKS[hook].on_failure]
    code = check(hook, answer, refused)
    logged = [record for record in caplog.records if record.name == "guyub.plugins" and record.levelno == logging.ERROR]
    assert len(logged) == 1
    for part in ("specimen", hook, PEKALONGAN, code):
        assert part in logged[0].getMessage()
    assert (logged[0].plugin, logged[0].hook, logged[0].facility) == ("specimen", hook, PEKALONGAN)  # type: ignore[attr-defined]  # extras of a log record


def blocks(hook: str, answer: Any, refused: Refusal | None) -> str:
    assert refused is None
    (finding,) = answer
    assert finding.level == "blocking"
    return named(hook, finding.text.en)


def refuses(hook: str, answer: Any, refused: Refusal | None) -> str:
    assert refused is not None
    assert refused.code == "host.activation_failed"
    return named(hook, refused.what.en)


def is_retried(hook: str, answer: Any, refused: Refusal | None) -> str:
    assert isinstance(answer, CallFailure)
    return named(hook, answer.text.en)


ITEMS = ("guyub_attention_items", "guyub_region_attention")


def shows_a_placeholder(hook: str, answer: Any, refused: Refusal | None) -> str:
    (shown,) = answer
    assert shown.slug == "specimen"
    assert shown.code
    item = shown.item
    text = item.text.en if hook in ITEMS else item.title.en + item.lines[0].value.en
    assert "The specimen" in text
    return named(hook, text)


def fails_the_check(hook: str, answer: Any, refused: Refusal | None) -> str:
    (shown,) = answer
    assert shown.item.ok is False
    return named(hook, shown.item.remedy.en)


def named(hook: str, said: str) -> str:
    """The code, after the sentence was seen to name plugin and hook, and no person."""
    assert "specimen" in said
    assert hook in said
    assert "NIK" not in said
    return "E-" + said.split("E-")[1][:6]


@pytest.mark.parametrize(
    "hook", [hook for hook, policy in HOOKS.items() if policy.on_failure not in ("refuse", "retry")]
)
def test_a_failed_hook_does_not_keep_the_others_from_being_asked(
    world: World, hook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with shelf_in(tmp_path, monkeypatch) as shelf:
        shelf.add("zebra", SPECIMEN.replace('slug = "specimen"', 'slug = "zebra"'))
        plugins = shelf.plugins()
        world.specimen.FAULT = "SQL"
        with world.work() as work:
            set_active(work, plugins, "zebra", work.here.id, True, date(2024, 1, 1), "uji")
            work.run("DELETE FROM held WHERE who = 'plugin'")
            answers = CALLS[hook](plugins, work)
            assert len(answers) == 2
            # The batch stands or falls together: what the other one wrote went with it.
            assert world.holds(work) == ["core"]


def test_the_session_that_a_plugin_keeps_is_of_no_use_after_its_call(world: World):
    with world.work() as work:
        world.plugins.hooks.health(work, TODAY)
        with pytest.raises(TransactionGuarded, match="ended with the call"):
            world.specimen.KEPT[0].scalar("SELECT 1")


def test_the_same_error_has_the_same_code_on_every_page(world: World):
    world.specimen.FAULT = "raise"
    codes = set()
    for _ in range(2):
        with world.work() as work:
            codes.add(world.plugins.hooks.dashboard_cards(work, TODAY)[0].code)
    assert len(codes) == 1


def test_an_interrupt_is_not_a_plugins_failure(world: World):
    world.specimen.behave = lambda ctx, answer: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt), world.work() as work:
        world.plugins.hooks.health(work, TODAY)


def test_an_interrupt_raised_in_a_thread_of_the_server_is_a_failure_like_any_other(world: World):
    world.specimen.behave = lambda ctx, answer: (_ for _ in ()).throw(KeyboardInterrupt)

    def ask() -> str:
        with world.work() as work:
            return repr(world.plugins.hooks.health(work, TODAY))

    with ThreadPoolExecutor(1) as pool:
        assert "specimen, guyub_health: KeyboardInterrupt" in pool.submit(ask).result()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refused_deactivation_is_not_recorded(world: World, fault: str):
    world.specimen.FAULT = fault
    with pytest.raises(Refusal), world.committing() as work:
        set_active(work, world.plugins, "specimen", work.here.id, False, TODAY, "uji")
    with world.work() as work:
        assert "specimen" in world.plugins.active(work, work.here.id, TODAY)


def test_a_blocker_keeps_the_plugin_on_and_says_what_to_do_first(world: World):
    source = world.specimen
    blocker = source.Blocker(
        source.Text(id="Masih ada kas.", en="There is cash left."), source.Text(id="Setor.", en="Pay it in.")
    )
    source.behave = lambda ctx, answer: [blocker]
    with pytest.raises(Refusal) as refused, world.work() as work:
        set_active(work, world.plugins, "specimen", work.here.id, False, TODAY, "uji")
    assert (refused.value.code, refused.value.what.en, refused.value.remedy.en) == (
        "host.blocked",
        "There is cash left.",
        "Pay it in.",
    )


def test_a_plugin_that_asks_nothing_of_the_database_costs_no_statement(world: World):
    world.specimen.behave = lambda ctx, answer: answer
    with world.work() as work:
        world.plugins.hooks.review_spending(work, SPENDING, TODAY)
    with world.work() as work:
        sent: list[str] = []
        event.listen(work.session.connection(), "before_cursor_execute", lambda *given: sent.append(given[2]))
        world.plugins.hooks.review_spending(work, SPENDING, TODAY)
        assert sent == []


def savepoints_of(work: Work, call: Callable[[], object]) -> list[str]:
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    event.listen(work.session.connection(), "before_cursor_execute", note)
    call()
    event.remove(work.session.connection(), "before_cursor_execute", note)
    return [item for item in sent if item.startswith("SAVEPOINT")]


SEVERAL = ("alpha", "beta", "gamma")


@pytest.mark.parametrize(
    "hook", [hook for hook, policy in HOOKS.items() if policy.on_failure not in ("refuse", "retry")]
)
def test_a_batch_costs_one_savepoint_however_many_plugins_use_the_database(
    world: World, hook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world.specimen.behave = lambda ctx, answer: answer
    with shelf_in(tmp_path, monkeypatch) as shelf:
        for slug in SEVERAL:
            source = SPECIMEN.replace('slug = "specimen"', f'slug = "{slug}"')
            shelf.add(
                slug, source if HOOKS[hook].writes else source.replace("INSERT INTO held VALUES ('plugin')", "SELECT 1")
            )
        plugins = shelf.plugins()
        with world.work() as work:
            for slug in SEVERAL:
                set_active(work, plugins, slug, work.here.id, True, date(2024, 1, 1), "uji")
            work.run("DELETE FROM held WHERE who = 'plugin'")
            found: list[Any] = []
            assert len(savepoints_of(work, lambda: found.extend(CALLS[hook](plugins, work)))) == 1
            assert len(found) == len(SEVERAL) + 1
            assert world.holds(work) == (["core", *("plugin" for _ in SEVERAL)] if HOOKS[hook].writes else ["core"])


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "SQL swallowed"])
def test_of_a_batch_the_one_that_fails_is_named_and_none_of_their_writes_stays(
    world: World, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world.specimen.behave = lambda ctx, answer: answer
    with shelf_in(tmp_path, monkeypatch) as shelf:
        for slug in SEVERAL:
            shelf.add(slug, SPECIMEN.replace('slug = "specimen"', f'slug = "{slug}"'))
        plugins = shelf.plugins()
        with world.work() as work:
            for slug in SEVERAL:
                set_active(work, plugins, slug, work.here.id, True, date(2024, 1, 1), "uji")
            work.run("DELETE FROM held WHERE who = 'plugin'")
            monkeypatch.setattr(shelf.module("guyub_beta"), "FAULT", fault)
            findings = plugins.hooks.review_spending(work, SPENDING, TODAY)
            (blocking,) = [finding.text.en for finding in findings if finding.level == "blocking"]
            assert "beta, guyub_review_spending" in blocking
            assert [finding.level for finding in findings].count("warning") == len(SEVERAL)
            assert world.holds(work) == ["core"]


def test_what_a_reading_hook_wrote_is_not_seen_by_the_next(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world.specimen.behave = lambda ctx, answer: answer
    with shelf_in(tmp_path, monkeypatch) as shelf:
        shelf.add("alpha", SPECIMEN.replace('slug = "specimen"', 'slug = "alpha"'))
        shelf.add(
            "beta",
            declares="""
            @hookimpl
            def guyub_dashboard_cards(self, ctx):
                from guyub.sdk import Card
                from sqlalchemy import text
                held = str(ctx.session.scalar(text("SELECT string_agg(who, ' ') FROM held")))
                return [Card(Text(id=held, en=held))]
            """,
        )
        plugins = shelf.plugins()
        with world.work() as work:
            for slug in ("alpha", "beta"):
                set_active(work, plugins, slug, work.here.id, True, date(2024, 1, 1), "uji")
            work.run("DELETE FROM held WHERE who = 'plugin'")
            assert [
                dashboard_card.item.title.en
                for dashboard_card in plugins.hooks.dashboard_cards(work, TODAY)
                if dashboard_card.slug == "beta"
            ] == ["core"]
