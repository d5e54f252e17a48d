"""Describes where the stored configuration of a plugin is no longer one, so that the plugin is stopped at those facilities."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from guyub.configuration.resolution import resolved_from
from guyub.configuration.settings import Target
from guyub.configuration.state import configuration_state
from guyub.configuration.store import StoredAt, stored_at
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

Faults = Mapping[str, tuple[Text, ...]]
"""By slug, a sentence for each facility where it is stopped: the field, and how to fix it."""


def config_faults(work: Work, plugins: PluginRegistry, on: date, protector: Protector, region: str = "") -> Faults:
    """Returns the faults of the facilities in scope, or of a region (its code), where a plugin runs on that day and
    cannot. The queries of one ``configuration_state``, however many facilities and plugins."""
    state = configuration_state(work, plugins)
    sentences: defaultdict[str, tuple[Text, ...]] = defaultdict(tuple)
    for unit in state.units.values():
        for slug, plugin in plugins.ready().items() if region in ("", unit.region) else ():
            if unit.runs(state.timelines.get(Target("facility", unit.code, slug, ""), ()), on):
                stored = StoredAt(unit.name, {slug: state.layers(unit, slug).on(on)})
                sentences[slug] += _fault_at(unit.code, stored, plugin, on, protector)
    return {slug: faults for slug, faults in sentences.items() if faults}


def faults_here(work: Work, plugins: PluginRegistry, slugs: Collection[str], on: date, protector: Protector) -> Faults:
    """Returns the faults of the plugins that run at the facility of this work; one query for all of them."""
    stored, ready = stored_at(work, work.here.id, on), plugins.ready()
    return {slug: _fault_at(work.here.code, stored, ready[slug], on, protector) for slug in slugs if slug in ready}


def _fault_at(code: str, stored: StoredAt, plugin: Plugin, on: date, protector: Protector) -> tuple[Text, ...]:
    try:
        resolved_from(stored, plugin, on, protector)
    except Refusal as refusal:
        return (
            Text(id="{at}: {what} {fix}", en="{at}: {what} {fix}").format(
                at=code, what=refusal.what, fix=refusal.remedy
            ),
        )
    return ()
