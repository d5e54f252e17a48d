"""Where plugins stand still because a stored value is no longer valid: what the lists of administrators show beside them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from guyub.configuration.activations import FacilityActivations
from guyub.configuration.health import fault_at
from guyub.configuration.store import StoredAt, StoredValue, rows_at, stored_at
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text


def here(
    work: Work, plugins: PluginRegistry, slugs: Collection[str], on: date, protector: Protector
) -> Mapping[str, tuple[Text, ...]]:
    """By slug, of those that run at the facility of this work; one query for all of them."""
    stored, ready = stored_at(work, work.here.id, on), plugins.ready()
    looked = {slug: fault_at(work.here.code, stored, ready[slug], on, protector) for slug in slugs if slug in ready}
    return {slug: (fault,) for slug, fault in looked.items() if fault is not None}


def in_region(
    work: Work,
    plugins: PluginRegistry,
    region_id: UUID,
    places: Sequence[FacilityActivations],
    on: date,
    protector: Protector,
) -> Mapping[str, tuple[Text, ...]]:
    """By slug, a sentence for each facility of the region where it is stopped; one query, however many there are."""
    at = {place: _by_plugin(rows) for place, rows in rows_at(work, region=region_id).items()}
    found: defaultdict[str, tuple[Text, ...]] = defaultdict(tuple)
    ready = plugins.ready()
    for place in places:
        for slug in sorted(ready.keys() & place.plugins):
            layers = tuple(at.get(key, {}).get(slug, []) for key in (None, region_id, place.id))
            stored = StoredAt(place.name, {slug: layers})
            fault = fault_at(place.code, stored, ready[slug], on, protector)
            if fault is not None:
                found[slug] += (fault,)
    return found


def _by_plugin(rows: Sequence[StoredValue]) -> Mapping[str, list[StoredValue]]:
    found: defaultdict[str, list[StoredValue]] = defaultdict(list)
    for row in rows:
        found[row.plugin].append(row)
    return found
