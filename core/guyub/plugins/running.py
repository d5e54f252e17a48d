"""Which plugins run at a facility on a day, of those that are installed and in service, and what they may see there."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import EntryPoint
from uuid import UUID

from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.plugins.answers import ConfigurationSource, ResolvedConfig
from guyub.plugins.installed import Installed
from guyub.plugins.out_of_service import out_of_service
from guyub.plugins.plugin_tables import OutOfService
from guyub.plugins.recorded_changes import has_changed
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.status import QuarantineReason
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text


class RunningPlugins(Installed):
    """Offers the plugins that run; ``configuration`` answers where they are active and how they are configured."""

    def __init__(
        self,
        configuration: ConfigurationSource,
        entries: Sequence[EntryPoint] | None = None,
        barred: Mapping[str, QuarantineReason] | None = None,
    ) -> None:
        super().__init__(entries, barred)
        self._configuration = configuration
        self._seen = 0

    @property
    def protector(self) -> Protector | None:
        """Returns what opens plugins' secrets; None where the registry was made without keys."""
        return self._configuration.protector

    def notice(self, work: Work) -> None:
        """Heeds at once what somebody disabled, enabled or upgraded, since this process looked: no restart is needed.

        How often that happened came with the scope, so that it costs no query until it does.
        """
        if work.plugin_generation == self._seen or has_changed(work):
            return
        with self._lock:
            if work.plugin_generation != self._seen:
                self.take_out_of_service(out_of_service(work, self), work.plugin_generation)

    def take_out_of_service(self, out_of_service: Mapping[str, OutOfService], seen: int) -> None:
        """Takes plugins that must not run out of service, with the number of switches that they follow from."""
        self.apply_disabled(out_of_service)
        self._seen = seen

    def active(self, work: Work, facility_id: UUID, on: date) -> tuple[str, ...]:
        """Returns the slugs active at the facility on that day, installed or not, in alphabetical order."""
        slugs = self._configuration.active(work, facility_id, on)
        self.notice(work)
        return slugs

    def require_active(self, work: Work, slug: str, on: date) -> Plugin:
        """Returns the plugin, when it runs at the facility of this work. Raises ``NotFound`` when it is not activated
        there."""
        if slug not in self.active(work, work.here.id, on):
            raise _inactive(self.ready().get(slug)).not_found(slug=slug, place=work.here.name)
        return self.plugin(slug)

    def resolve(self, work: Work, slug: str, facility_id: UUID, on: date) -> ResolvedConfig:
        """Returns the plugin's configuration at a facility on a day; raises ``Refusal`` when a stored value is not valid."""
        self.notice(work)
        return self._configuration.resolve(work, self.plugin(slug), facility_id, on)

    def permissions(self, work: Work, on: date) -> frozenset[str]:
        """Returns what the person may do here, with the permissions of the active plugins that come with those of the core."""
        active = self.active(work, work.here.id, on)
        return work.permissions | {
            permission.key
            for slug, plugin in self.ready().items()
            if slug in active
            for permission in plugin.permissions
            if work.may(permission.granted_with)
        }

    def titles(self) -> dict[str, Text]:
        """Returns what each plugin that is ready calls itself, by its slug."""
        return {slug: plugin.title for slug, plugin in self.ready().items()}


def _inactive(plugin: Plugin | None) -> PluginsRefusal:
    if plugin is not None and plugin.program_types:
        return PluginsRefusal.PROGRAM_INACTIVE
    if plugin is not None and plugin.funding_sources:
        return PluginsRefusal.SOURCE_INACTIVE
    return PluginsRefusal.INACTIVE
