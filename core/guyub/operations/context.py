"""Opens the installation that a command works on: keys, server, schema, plugins; closed again when the block ends."""

import getpass
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import guyub.operations.consequences
import guyub.operations.database_refusals
import guyub.operations.household_history  # noqa: F401  rooms answer: refusals of the database, timelines of households
from guyub.configuration.assembly import plugin_registry
from guyub.db import embedded
from guyub.db.home import Home, find_home
from guyub.db.installation import Installation, installation_at
from guyub.db.installing import make, upgrade
from guyub.db.keeper import keeping
from guyub.db.keys import Keys, Protector, load_keys
from guyub.db.schema_state import schema_state
from guyub.db.time_limits import JOBS, Limits
from guyub.db.unit_of_work import Database
from guyub.db.upgrade_turn import only_one
from guyub.plugins import probe_results, startup
from guyub.plugins.global_disable import globally_disabled
from guyub.plugins.out_of_service import not_loaded
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.status import QuarantineReason
from guyub.registry.questionnaire import ensure_questionnaire
from guyub.sdk.text import Text

DATABASE = "guyub"
CAPITAL = "Asia/Jakarta"
"""Whose date is meant where the whole country is looked at."""
TRUSTED = "trusted_plugins.json"
"""In the home: which plugins were once imported without harm, and how their files lay there."""
Progress = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class AppContext:
    """An installation ready for work."""

    home: Home
    keys: Keys
    installation: Installation
    database: Database
    plugins: PluginRegistry
    protector: Protector


@dataclass(frozen=True, slots=True)
class DatabaseContext:
    """Home, keys and database as they are, whatever the state of the schema."""

    home: Home
    keys: Keys
    installation: Installation
    is_embedded: bool


@contextmanager
def open_app(
    home: Home | None = None, *, say: Progress = lambda _: None, settings: Sequence[str] = (), limits: Limits = JOBS
) -> Iterator[AppContext]:
    """Gives the installation of ``GUYUB_HOME`` and ``GUYUB_DATABASE_URL``, or the embedded one of ``home``.

    An embedded database is made and brought up to date on the way, the tables of plugins too; an external one is only asked.
    ``limits`` are those of a command; where pages are served, others wait and they are shorter.
    Raises ``Refusal``.
    """
    with connect(home, say=say, settings=settings, limits=limits) as (context, database):
        protector = context.keys.protector()
        plugins = plugin_registry(protector=protector, barred=blocked_plugins(context, database, say))
        startup.prepare(context.installation, database, plugins, run_pending=context.is_embedded)
        yield AppContext(context.home, context.keys, context.installation, database, plugins, protector)


def blocked_plugins(
    context: DatabaseContext, database: Database, say: Progress = lambda _: None, wanted: str = ""
) -> dict[str, QuarantineReason]:
    """Returns the plugins that must not be imported in this process, each with its reason; ``wanted`` is tried though
    deactivated."""
    with database.work(database.as_service("plugins")) as work:
        off = {slug: not_loaded(slug, disabled) for slug, disabled in globally_disabled(work).items() if slug != wanted}
    return probe_results.blocked_plugins(context.home.path / TRUSTED, say, off=off)


@contextmanager
def connect(
    home: Home | None = None, *, say: Progress = lambda _: None, settings: Sequence[str] = (), limits: Limits = JOBS
) -> Iterator[tuple[DatabaseContext, Database]]:
    """Gives the same without plugins: nothing of theirs is imported, whatever state they are in. Raises ``Refusal``."""
    with reach_database(home, say=say, settings=settings) as context:
        state = schema_state(context.installation)
        if state.refusal is not None:
            if not (context.is_embedded and state.upgrade_helps):
                raise state.refusal
            say(Text(id="Menyiapkan skema …", en="Making the schema …"))
            bring_up_to_date(context.installation, say)
        context.installation.restore_time_limits()
        database = context.installation.database(limits)
        try:
            yield context, database
        finally:
            database.close()


@contextmanager
def reach_database(
    home: Home | None = None, *, say: Progress = lambda _: None, settings: Sequence[str] = ()
) -> Iterator[DatabaseContext]:
    """Gives the database that ``opened`` would open, for commands about its schema. Raises ``Refusal``."""
    place = home or find_home()
    place.prepare()
    if place.moved_from is not None:
        say(
            Text(
                id="Data disimpan di {path}, karena {wanted} tertutup bagi akun server.",
                en="Data is kept in {path}, as {wanted} is closed to the server's account.",
            ).format(path=place.path, wanted=place.moved_from)
        )
    keys = load_keys(place)
    url = "" if home else os.environ.get("GUYUB_DATABASE_URL", "").strip()
    if url:
        yield DatabaseContext(place, keys, installation_at(url, keys), False)
        return
    with ExitStack() as stack:
        server = stack.enter_context(embedded.running(place, keys.admin_password, say, settings))
        keeper = stack.enter_context(keeping(place, server, settings))
        url = server.url(DATABASE, embedded.ADMIN, keys.admin_password)
        yield DatabaseContext(place, keys, replace(installation_at(url, keys), keeper=keeper), True)


def bring_up_to_date(installation: Installation, say: Progress = lambda _: None) -> None:
    """Makes or upgrades roles, database, schema and what the schema needs to know from the start; of two who do it at
    once the second waits.
    """
    with only_one(installation, say):
        make(installation)
        upgrade(installation)
        database = installation.database(JOBS)
        try:
            with database.work(database.as_service("upgrade")) as work:
                ensure_questionnaire(work)
        finally:
            database.close()


def whoami() -> str:
    """Returns how the audit log names the command line: ``cli: budi@server``."""
    return f"cli: {getpass.getuser()}@{socket.gethostname()}"
