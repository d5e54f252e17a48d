"""Where the stored configuration of a plugin is no longer one, so that the plugin is stopped at those facilities."""

from datetime import date

from guyub.configuration.resolution import resolved_from
from guyub.configuration.store import StoredAt, places_below
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text


def config_faults(work: Work, plugin: Plugin, on: date, protector: Protector) -> list[Text]:
    """A sentence for each facility in scope where the plugin runs on that day and cannot: the field, and how to fix it.

    Two queries, however many facilities.
    """
    faults = [
        fault_at(place.code, StoredAt(place.name, {plugin.slug: place.layers.on(on)}), plugin, on, protector)
        for place in places_below(work, plugin.slug, on)
        if place.active
    ]
    return [fault for fault in faults if fault is not None]


def fault_at(code: str, stored: StoredAt, plugin: Plugin, on: date, protector: Protector) -> Text | None:
    """The same for one facility (its code) from what was read before. No query."""
    try:
        resolved_from(stored, plugin, on, protector)
    except Refusal as refusal:
        return _AT.format(facility=code, what=refusal.what, remedy=refusal.remedy)
    return None


_AT = Text(id="{facility}: {what} {remedy}", en="{facility}: {what} {remedy}")
