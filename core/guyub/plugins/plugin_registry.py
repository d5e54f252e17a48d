"""The plugins of an application: an object that it owns. What is installed, what runs where, and the caller of hooks."""

from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint

from guyub.db.unit_of_work import Work
from guyub.plugins.answers import ConfigurationSource
from guyub.plugins.dispatch import CallFailure
from guyub.plugins.hook_caller import HookCaller
from guyub.plugins.running import RunningPlugins
from guyub.plugins.status import QuarantineReason
from guyub.sdk.events import Event


class PluginRegistry(RunningPlugins):
    """Loads what is installed, or the ``entries``; ``barred`` are not imported. ``hooks`` calls those that run."""

    def __init__(
        self,
        configuration: ConfigurationSource,
        entries: Sequence[EntryPoint] | None = None,
        barred: Mapping[str, QuarantineReason] | None = None,
    ) -> None:
        super().__init__(configuration, entries, barred)
        self.hooks = HookCaller(self)

    def refresh_before_delivery(self, work: Work) -> None:
        self.hooks.refresh_before_delivery(work)

    def deliver(self, work: Work, slug: str, event: Event) -> CallFailure | None:
        return self.hooks.deliver(work, slug, event)

    def _reconsider(self) -> None:
        super()._reconsider()
        self.hooks.forget()
