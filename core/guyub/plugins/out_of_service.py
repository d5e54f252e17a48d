"""Which plugins are out of service for the whole installation: disabled by somebody, or with tables that do not fit."""

import shlex
from dataclasses import replace

from guyub.db.unit_of_work import Work
from guyub.plugins import plugin_tables
from guyub.plugins.global_disable import GlobalSwitch, globally_disabled
from guyub.plugins.installed import Installed
from guyub.plugins.plugin_tables import OutOfService
from guyub.plugins.status import QuarantineReason
from guyub.sdk.text import Text
from guyub.sdk.words import format_date


def out_of_service(work: Work, plugins: Installed) -> dict[str, OutOfService]:
    """Returns the plugins that do not run, by slug; three queries. A plugin that somebody disabled is not asked about its
    tables."""
    off = {slug: disabled for slug, disabled in globally_disabled(work).items() if slug in plugins.loaded_well()}
    return {slug: _disabled(slug, disabled) for slug, disabled in off.items()} | plugin_tables.unfit(work, plugins, off)


def not_loaded(slug: str, off: GlobalSwitch) -> QuarantineReason:
    """Returns the reason of one that was never imported, since it is disabled: once it is wanted again, a restart has to
    look at it."""
    fault = _disabled(slug, off)
    if off.exported_to:
        return fault
    remedy = Text(
        id="Jalankan: guyub plugin enable {slug}, lalu mulai ulang Guyub.",
        en="Run: guyub plugin enable {slug}, then restart Guyub.",
    )
    return replace(fault, remedy=remedy.format(slug=slug))


def _disabled(slug: str, off: GlobalSwitch) -> OutOfService:
    if off.exported_to:
        return _purged(slug, off)
    day = off.recorded_at.date()
    known = {
        "actor": off.actor,
        "day_id": format_date(day),
        "day_en": format_date(day, "en"),
        "why": f": {off.reason.rstrip('.')}" if off.reason else "",
    }
    return OutOfService(
        "host.disabled",
        Text(id="Dinonaktifkan oleh {actor} pada {day_id}{why}.", en="Disabled by {actor} on {day_en}{why}.").format(
            **known
        ),
        Text(id="Jalankan: guyub plugin enable {slug}", en="Run: guyub plugin enable {slug}").format(slug=slug),
        plainly=Text(id="Dinonaktifkan pada {day_id}{why}.", en="Disabled on {day_en}{why}.").format(**known),
    )


def _purged(slug: str, off: GlobalSwitch) -> OutOfService:
    """Refuses a plugin whose tables were purged.

    Enabled as it is, they would be made anew and empty: who wants its data has to say so first.
    """
    day = off.recorded_at.date()
    days = {"day_id": format_date(day), "day_en": format_date(day, "en")}
    reason = Text(
        id="Tabelnya diekspor lalu dihapus oleh {actor} pada {day_id}.",
        en="Its tables were exported and dropped by {actor} on {day_en}.",
    )
    remedy = Text(
        id="Untuk mengembalikan datanya, jalankan: guyub plugin restore {slug} --from {folder}. Untuk mulai dengan tabel "
        "kosong: guyub plugin enable {slug}, lalu guyub plugin upgrade {slug}.",
        en="To bring its data back, run: guyub plugin restore {slug} --from {folder}. To start with empty tables: guyub plugin "
        "enable {slug}, then guyub plugin upgrade {slug}.",
    )
    return OutOfService(
        "host.purged",
        reason.format(actor=off.actor, **days),
        remedy.format(slug=slug, folder=shlex.quote(off.exported_to)),
        plainly=Text(
            id="Datanya diekspor lalu dikosongkan pada {day_id}.", en="Its data was exported and taken out on {day_en}."
        ).format(**days),
    )
