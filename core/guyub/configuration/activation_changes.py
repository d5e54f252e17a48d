"""Switching a plugin on or off at a facility, and telling the plugin."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from guyub.access import audit
from guyub.configuration.bulk_write import ActivationAt
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.recorded_changes import note_change
from guyub.sdk.errors import Forbidden
from guyub.sdk.facility import Facility
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text


def set_active(
    work: Work, host: PluginRegistry, slug: str, facility_id: UUID, active: bool, valid_from: date, reason: str
) -> None:
    """Switches a plugin on or off at a facility from a day on; the earlier state stays on record.

    Raises ``Refusal`` when the plugin is not ready, refuses, fails, or names a blocker: then nothing is changed.
    """
    work.require("facilities.configure")
    if active and host.plugin(slug).availability == "regional" and not (work.is_system or work.regions):
        raise _regional_only(host.plugin(slug))
    note_change(work)
    work.run(
        "INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor, reason) "
        "VALUES (:facility, :plugin, :active, :valid_from, :actor, :reason)",
        facility=facility_id,
        plugin=slug,
        active=active,
        valid_from=valid_from,
        actor=work.login,
        reason=reason,
    )
    if host.hooks.listens_to_activation(slug, active):
        for place in _facilities(work, "f.id = :place", facility_id):
            host.hooks.tell_of_activation(work, slug, place, active, valid_from)
    audit.record(
        work,
        "host.activate" if active else "host.deactivate",
        slug,
        reason=reason,
        details={"valid_from": valid_from.isoformat()},
        chain=facility_id,
    )


def tell_plugins(work: Work, host: PluginRegistry, activations: Sequence[ActivationAt]) -> None:
    """Tells the plugins that listen of activations that were recorded at many facilities. Raises as ``set_active``."""
    heard = [one for one in activations if host.hooks.listens_to_activation(one.plugin, one.active)]
    if not heard:
        return
    codes = sorted({activation.facility for activation in heard})
    places = {place.code: place for place in _facilities(work, "f.code = ANY (:place)", codes)}
    for activation in heard:
        place = places[activation.facility]
        host.hooks.tell_of_activation(work, activation.plugin, place, activation.active, activation.valid_from)


def _facilities(work: Work, where: str, place: object) -> list[Facility]:
    rows = work.run(
        "SELECT f.id, f.code, f.name, f.zone, r.code AS region FROM guyub.facility f "
        f"JOIN guyub.region r ON r.id = f.region_id WHERE {where}",
        place=place,
    )
    return [Facility(*row) for row in rows]


def _regional_only(plugin: Plugin) -> Forbidden:
    return Forbidden(
        "host.regional_only",
        Text(
            id="{title} hanya dapat diaktifkan oleh kantor wilayah.",
            en="{title} is activated by a regional office only.",
        ).format(title=plugin.title),
        Text(id="Minta kantor wilayah mengaktifkannya.", en="Ask the regional office to activate it."),
    )
