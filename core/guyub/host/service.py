"""Which plugins are out of service for the whole installation: switched off by somebody, or with tables that do not fit."""

from guyub.db.work import Work
from guyub.host import plugin_tables
from guyub.host.installed import Installed
from guyub.host.plugin_tables import OutOfService
from guyub.host.status import Fault
from guyub.host.switches import Switch, switched_off
from guyub.sdk.text import Text
from guyub.sdk.words import format_date


def out_of_service(work: Work, host: Installed) -> dict[str, OutOfService]:
    """By slug; three queries. A plugin that somebody switched off is not asked about its tables."""
    off = {slug: one for slug, one in switched_off(work).items() if slug in host.loaded_well()}
    return {slug: _disabled(slug, one) for slug, one in off.items()} | plugin_tables.unfit(work, host, off)


def not_loaded(slug: str, off: Switch) -> Fault:
    """For one that was never imported, since it is switched off: once it is wanted again, a restart has to look at it."""
    remedy = Text(
        id="Jalankan: guyub plugin enable {slug}, lalu mulai ulang Guyub.",
        en="Run: guyub plugin enable {slug}, then restart Guyub.",
    )
    return Fault("host.disabled", _disabled(slug, off).reason, remedy.format(slug=slug))


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
