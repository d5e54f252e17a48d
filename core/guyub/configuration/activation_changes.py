"""Telling the plugins that they were activated or deactivated."""

from collections.abc import Sequence

from guyub.configuration.bulk_write import ActivationAt
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.facility import Facility


def tell_plugins(work: Work, plugins: PluginRegistry, activations: Sequence[ActivationAt]) -> None:
    """Tells the plugins that listen of activations that were recorded, of however many facilities. Raises ``Refusal`` where
    one fails or names a blocker."""
    heard = [
        activation
        for activation in activations
        if plugins.hooks.listens_to_activation(activation.plugin, activation.active)
    ]
    if not heard:
        return
    codes = sorted({activation.facility for activation in heard})
    places = {place.code: place for place in _facilities(work, codes)}
    for activation in heard:
        place = places[activation.facility]
        plugins.hooks.tell_of_activation(work, activation.plugin, place, activation.active, activation.valid_from)


def _facilities(work: Work, codes: Sequence[str]) -> list[Facility]:
    rows = work.run(
        "SELECT f.id, f.code, f.name, f.zone, r.code AS region FROM guyub.facility f "
        "JOIN guyub.region r ON r.id = f.region_id WHERE f.code = ANY (:codes)",
        codes=codes,
    )
    return [Facility(*row) for row in rows]
