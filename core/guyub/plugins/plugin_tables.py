"""The tables of the plugins that are installed: whether they are what the code expects, and bringing them there."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import literal, select, union_all

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Work
from guyub.plugins import table_migrations
from guyub.plugins.installed import Installed
from guyub.plugins.refusals import ASK_AUTHOR, INSTALL_NEWER
from guyub.plugins.status import QuarantineReason
from guyub.plugins.table_catalogue import versions_table
from guyub.sdk.text import Text

log = logging.getLogger("guyub.plugins")


@dataclass(frozen=True, slots=True)
class OutOfService(QuarantineReason):
    """Describes why a plugin that loads well must not run, and what to do. ``is_behind``: an upgrade of its tables mends it."""

    is_behind: bool = False


SET_ASIDE = "host.set_aside"


def with_tables(plugins: Installed) -> dict[str, Path]:
    """Returns the folder of migrations of each plugin that loaded well and has tables."""
    folders: dict[str, Path] = {}
    for slug, plugin in plugins.loaded_well().items():
        package = plugins.package(slug)
        if plugin.tables is not None and package is not None:
            folders[slug] = package / "migrations"
    return folders


def upgrade(installation: Installation, plugins: Installed, slug: str) -> None:
    """Brings a plugin's tables to its last revision; nothing happens for one without tables.

    Raises ``Refusal`` when the plugin is not ready, and when its migrations fail or make what a plugin may not have.
    """
    plugins.plugin(slug)
    scripts = with_tables(plugins).get(slug)
    if scripts is not None:
        table_migrations.upgrade(installation, slug, scripts)


def unfit(work: Work, plugins: Installed, but_not: Iterable[str] = ()) -> dict[str, OutOfService]:
    """Returns by slug the plugins whose tables are not what their code expects; two queries, however many plugins."""
    left_out = set(but_not)
    unfit_plugins: dict[str, OutOfService] = {}
    expected: dict[str, frozenset[str]] = {}
    known: dict[str, frozenset[str]] = {}
    for slug, scripts in with_tables(plugins).items():
        if slug in left_out:
            continue
        try:
            expected[slug], known[slug] = table_migrations.heads(scripts), table_migrations.known(scripts)
        except Exception as error:  # scripts are other people's code as well
            log.exception("the migrations of plugin %s cannot be read", slug)
            unfit_plugins[slug] = OutOfService(SET_ASIDE, _UNREADABLE.format(error=type(error).__name__), ASK_AUTHOR)
    there = _revisions(work, expected) if expected else {}
    for slug, wanted in expected.items():
        have = there.get(slug, frozenset())
        if have == wanted:
            continue
        if have <= known[slug]:
            reason = _BEHIND.format(there=_revision_names(have), wanted=_revision_names(wanted))
            unfit_plugins[slug] = OutOfService(SET_ASIDE, reason, _UPGRADE.format(slug=slug), is_behind=True)
        else:
            unfit_plugins[slug] = OutOfService(SET_ASIDE, _AHEAD.format(there=_revision_names(have)), INSTALL_NEWER)
    return unfit_plugins


def _revisions(work: Work, slugs: Iterable[str]) -> dict[str, frozenset[str]]:
    # Text: PostgreSQL's catalogue has no models.
    schemas = work.run(
        """SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relname = 'schema_version' AND n.nspname = ANY (:slugs) AND has_schema_privilege(n.oid, 'USAGE')
             AND has_table_privilege(c.oid, 'SELECT')""",
        slugs=list(slugs),
    ).scalars()
    selects = [select(literal(slug).label("slug"), versions_table(slug).c.version_num) for slug in schemas]
    there: dict[str, set[str]] = {}
    for slug, revision in work.all(union_all(*selects)) if selects else ():
        there.setdefault(slug, set()).add(revision)
    return {slug: frozenset(names) for slug, names in there.items()}


def _revision_names(revisions: frozenset[str]) -> Text:
    listed = ", ".join(sorted(revisions))
    return Text(id=listed or "kosong", en=listed or "none")


_BEHIND = Text(
    id="Tabelnya berada pada versi {there}, sedangkan plugin memerlukan {wanted}.",
    en="Its tables are at version {there}; the plugin needs {wanted}.",
)
_AHEAD = Text(
    id="Tabelnya berada pada versi {there}, yang tidak dikenal oleh plugin yang terpasang.",
    en="Its tables are at version {there}, which the installed plugin does not know.",
)
_UPGRADE = Text(id="Jalankan: guyub plugin upgrade {slug}", en="Run: guyub plugin upgrade {slug}")
_UNREADABLE = Text(id="Migrasinya tidak dapat dibaca: {error}.", en="Its migrations cannot be read: {error}.")
