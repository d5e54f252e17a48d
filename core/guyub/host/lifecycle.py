"""Plugins out of service for the whole installation: switched off by somebody, or with tables that do not fit."""

from guyub.db.installation import Installation
from guyub.db.work import Database, Work
from guyub.host import plugin_tables
from guyub.host.plugin_host import PluginHost
from guyub.host.plugin_tables import OutOfService
from guyub.host.switches import Switch, switched_off
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.sdk.words import format_date


def prepare(installation: Installation, database: Database, host: PluginHost, *, run_pending: bool) -> None:
    """To be called once at every start: sets aside the plugins that must not run, each with its reason and remedy.

    With ``run_pending`` tables that are only behind are brought up to date first; a plugin whose migration fails stands
    aside with what was refused, and the others go on.
    """
    with database.work(database.as_service("plugins")) as work:
        found = out_of_service(work, host)
    for slug in [slug for slug, one in found.items() if one.is_behind and run_pending]:
        try:
            plugin_tables.upgrade(installation, host, slug)
            del found[slug]
        except Refusal as refusal:
            found[slug] = OutOfService(refusal.what, refusal.remedy)
    for slug, one in found.items():
        host.set_aside(slug, one.reason, one.remedy)
    with database.work(database.as_service("plugins")) as work:
        host.announce(work)


def out_of_service(work: Work, host: PluginHost) -> dict[str, OutOfService]:
    """By slug; three queries. A plugin that somebody switched off is not asked about its tables."""
    off = {slug: one for slug, one in switched_off(work).items() if slug in host.ready()}
    return {slug: _disabled(slug, one) for slug, one in off.items()} | plugin_tables.unfit(work, host, off)


def _disabled(slug: str, off: Switch) -> OutOfService:
    day = off.recorded_at.date()
    reason = Text(
        id="Dinonaktifkan oleh {actor} pada {day_id}{why}.", en="Disabled by {actor} on {day_en}{why}."
    ).format(
        actor=off.actor,
        day_id=format_date(day),
        day_en=format_date(day, "en"),
        why=f": {off.reason.rstrip('.')}" if off.reason else "",
    )
    return OutOfService(
        reason, Text(id="Jalankan: guyub plugin enable {slug}", en="Run: guyub plugin enable {slug}").format(slug=slug)
    )
