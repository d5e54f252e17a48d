"""Prepares the plugins at the start of a process: brings their tables up to date, and sets those aside that must not run."""

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.plugins import plugin_tables
from guyub.plugins.out_of_service import out_of_service
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.plugin_tables import SET_ASIDE, OutOfService
from guyub.sdk.errors import Refusal


def prepare(installation: Installation, database: Database, plugins: PluginRegistry, *, run_pending: bool) -> None:
    """Sets aside, once at every start, the plugins that must not run, each with its reason and remedy.

    With ``run_pending`` tables that are only behind are brought up to date first; a plugin whose migration fails stands
    aside with what was refused, and the others go on.
    """
    with database.work(database.as_service("plugins")) as work:
        stopped, seen = out_of_service(work, plugins), work.plugin_generation
    for slug in [slug for slug, entry in stopped.items() if entry.is_behind and run_pending]:
        try:
            plugin_tables.upgrade(installation, plugins, slug)
            del stopped[slug]
        except Refusal as refusal:
            stopped[slug] = OutOfService(SET_ASIDE, refusal.what, refusal.remedy)
    plugins.take_out_of_service(stopped, seen)
    with database.work(database.as_service("plugins")) as work:
        plugins.hooks.announce(work)
