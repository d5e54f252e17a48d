"""Answers what plugins asks of this room, kept by facility, epoch of the configuration and local date: a later day
needs no write.

The epoch grows with every row of configuration or activation, so that entries of an earlier one are never asked for again.
"""

from datetime import date
from typing import Any
from uuid import UUID

from guyub.configuration.activations import active_at
from guyub.configuration.resolution import Resolved, resolved_from
from guyub.configuration.store import StoredAt, stored_at
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.plugins.recorded_changes import has_changed
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin

_MOST = 4096


class ConfigurationCache:
    """The ``ConfigurationSource`` of the plugins keeps what it has read: the first question about values at a facility
    on a day costs one query, for all its plugins, and so does the first about what is active there; the next ones
    none."""

    def __init__(self, protector: Protector | None = None) -> None:
        self.protector = protector
        self._active: dict[tuple[UUID, int, date], tuple[str, ...]] = {}
        self._stored: dict[tuple[UUID, int, date], StoredAt] = {}
        self._outcomes: dict[tuple[str, UUID, int, date], Resolved | Refusal] = {}

    def active(self, work: Work, facility_id: UUID, on: date) -> tuple[str, ...]:
        """Returns the slugs active at the facility on that day, installed or not, in alphabetical order."""
        if has_changed(work):
            return active_at(work, facility_id, on)
        key = (facility_id, work.epoch, on)
        if key not in self._active:
            _keep(self._active, key, active_at(work, facility_id, on))
        return self._active[key]

    def resolve(self, work: Work, plugin: Plugin, facility_id: UUID, on: date) -> Resolved:
        """Raises ``Refusal`` as ``configuration.resolve``; what was refused is kept as well."""
        if has_changed(work):
            return resolved_from(stored_at(work, facility_id, on), plugin, on, self.protector)
        outcome = self._outcomes.get((plugin.slug, facility_id, work.epoch, on))
        if outcome is None:
            outcome = self._outcome(work, plugin, facility_id, on)
            _keep(self._outcomes, (plugin.slug, facility_id, work.epoch, on), outcome)
        if isinstance(outcome, Refusal):
            raise Refusal(outcome.code, outcome.what, outcome.remedy)
        return outcome

    def _outcome(self, work: Work, plugin: Plugin, facility_id: UUID, on: date) -> Resolved | Refusal:
        key = (facility_id, work.epoch, on)
        stored = self._stored.get(key)
        if stored is None:
            stored = stored_at(work, facility_id, on)
            _keep(self._stored, key, stored)
        try:
            return resolved_from(stored, plugin, on, self.protector)
        except Refusal as refusal:
            return refusal


def _keep(cache: dict[Any, Any], key: Any, value: Any) -> None:
    if len(cache) >= _MOST:
        cache.clear()
    cache[key] = value
