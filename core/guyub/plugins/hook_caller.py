"""Calls the hooks of the plugins that run: each with its configuration, in its policy, a crash named and never passed on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Never
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.jobs import outbox
from guyub.plugins import dispatch, hook_results
from guyub.plugins.dispatch import CallFailure, Prepared
from guyub.plugins.hook_results import Attributed
from guyub.plugins.plugin_session import SESSION
from guyub.plugins.recorded_changes import has_changed
from guyub.plugins.running import RunningPlugins
from guyub.plugins.status import as_read_by
from guyub.sdk.contexts import HookContext, RegionContext
from guyub.sdk.errors import Refusal
from guyub.sdk.events import Event
from guyub.sdk.facility import Facility
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.panels import AttentionItem, Card, HealthCheck, Panel
from guyub.sdk.reviews import EnrolmentBatch, Finding, SpendingBatch
from guyub.sdk.text import Period, Text

_MOST = 4096
_ON_EVENT = "guyub_on_event"
_ACTIVATION = {True: "guyub_facility_activated", False: "guyub_facility_deactivating"}


class HookCaller:
    """Calls hooks; what is asked at a facility on a day is prepared once, until its configuration or the plugins in
    service change."""

    def __init__(self, plugins: RunningPlugins) -> None:
        self._plugins = plugins
        self._announced: frozenset[str] | None = None
        self._prepared: dict[tuple[str, UUID, int, date], tuple[Prepared, ...]] = {}

    def forget(self) -> None:
        """Forgets what was prepared, after plugins went out of service or came back."""
        self._prepared.clear()

    def announce(self, work: Work) -> None:
        """Tells the database which plugins listen to events; at every start, after some were set aside."""
        listening = frozenset(slug for slug, _ in self._plugins.implementations(_ON_EVENT))
        outbox.note_listeners(work, listening, set(self._plugins.ready()) - listening)
        self._announced = listening

    def refresh_before_delivery(self, work: Work) -> None:
        """Heeds before a round of deliveries what was switched, and announces who listens where that changed."""
        self._plugins.notice(work)
        if self._announced is not None and self._announced != {
            slug for slug, _ in self._plugins.implementations(_ON_EVENT)
        }:
            self.announce(work)

    def listens_to_activation(self, slug: str, active: bool) -> bool:
        """Returns whether a ready plugin listens to its activations."""
        return slug in dict(self._plugins.implementations(_ACTIVATION[active]))

    def tell_of_activation(self, work: Work, slug: str, place: Facility, active: bool, on: date) -> None:
        """Tells a plugin that listens that it was activated or deactivated. Raises ``Refusal`` where it fails or objects."""
        hook = _ACTIVATION[active]
        function = dict(self._plugins.implementations(hook)).get(slug)
        if function is None:
            return
        prepared = (self._prepare(work, slug, function, place, on),)
        hook_results.require_success(
            dispatch.ask(hook, HOOKS[hook], prepared, work.session, place.code, installed=self._plugins.installed),
            self._plugins.plugin(slug),
        )

    def review_enrolment(self, work: Work, batch: EnrolmentBatch, on: date) -> list[Finding]:
        """Returns what the plugins active here find in a list; a crash is a blocking finding."""
        return self._review(work, "guyub_review_enrolment", batch, on, {batch.program})

    def review_spending(self, work: Work, batch: SpendingBatch, on: date) -> list[Finding]:
        """Returns what the plugins active here find in a planned spending; a crash is a blocking finding."""
        concerned = {batch.program, *(planned.plugin for planned in batch.spending)}
        return self._review(work, "guyub_review_spending", batch, on, concerned)

    def dashboard_cards(self, work: Work, on: date) -> list[Attributed[Card]]:
        return hook_results.shown(
            self._ask(work, "guyub_dashboard_cards", on), self._plugins.titles(), hook_results.card_in_place
        )

    def household_panels(self, work: Work, household: UUID, on: date) -> list[Attributed[Panel]]:
        """Returns the panels for the page of a household; the caller asks first whether it may be read."""
        answers = self._ask(work, "guyub_household_panels", on, household)
        return hook_results.shown(answers, self._plugins.titles(), hook_results.panel_in_place)

    def attention_items(self, work: Work, on: date) -> list[Attributed[AttentionItem]]:
        """Returns what somebody should do soon; a plugin that is active here and does not run is one of them."""
        answers = self._ask(work, "guyub_attention_items", on)
        stopped = [
            Attributed(slug, hook_results.out_of_service(self._plugins.title(slug), why))
            for slug, why in self._stopped(work, on)
        ]
        return stopped + hook_results.shown(answers, self._plugins.titles(), hook_results.item_in_place)

    def region_attention(
        self, work: Work, active: Mapping[str, Sequence[Facility]], on: date, place: str
    ) -> list[tuple[UUID | None, Attributed[AttentionItem]]]:
        """Returns what plugins say of many facilities at once, by the id of the facility: each is asked once.
        ``active``: where each plugin is active; ``place`` names the office in the log."""
        hook = "guyub_region_attention"
        prepared = [
            (slug, function, RegionContext(tuple(active[slug]), on, SESSION))
            for slug, function in self._plugins.implementations(hook)
            if active.get(slug)
        ]
        answers = dispatch.ask(hook, HOOKS[hook], prepared, work.session, place, installed=self._plugins.installed)
        return hook_results.shown_at(answers, self._plugins.titles())

    def health(self, work: Work, on: date) -> list[Attributed[HealthCheck]]:
        return hook_results.shown(
            self._ask(work, "guyub_health", on), self._plugins.titles(), hook_results.check_in_place
        )

    def listens(self, hook: str) -> bool:
        """Returns whether any ready plugin implements the hook: what it would be given need not be collected otherwise."""
        return bool(self._plugins.implementations(hook))

    def deliver(self, work: Work, slug: str, event: Event) -> CallFailure | None:
        """Tells a plugin of an event at the facility of this work. None when it took it, or listens no more."""
        self._plugins.notice(work)
        if slug not in self._plugins.ready():
            # Taken out of service since the delivery was claimed: it waits.
            stopped = self._plugins.not_ready(slug)
            return CallFailure(slug, _ON_EVENT, dispatch.code_of(slug, _ON_EVENT, stopped), stopped)
        function = dict(self._plugins.implementations(_ON_EVENT)).get(slug)
        if function is None:
            return None
        prepared = (self._prepare(work, slug, function, work.here, event.on),)
        ((_, answer),) = dispatch.ask(
            _ON_EVENT,
            HOOKS[_ON_EVENT],
            prepared,
            work.session,
            work.here.code,
            event,
            installed=self._plugins.installed,
        )
        return answer if isinstance(answer, CallFailure) else None

    def _review(
        self, work: Work, hook: str, batch: EnrolmentBatch | SpendingBatch, on: date, concerned: set[str]
    ) -> list[Finding]:
        """Asks a review and names a plugin that cannot be asked, which blocks where its own programme or money is concerned."""
        case = Text(id="{title} {month}", en="{title} {month}").format(
            title=self._plugins.title(batch.program),
            month=Period(batch.period),
        )
        findings = hook_results.findings(self._ask(work, hook, on, batch), case)
        return findings + [
            hook_results.not_asked(slug, why, blocking=slug in concerned) for slug, why in self._stopped(work, on)
        ]

    def _ask(self, work: Work, hook: str, on: date, *arguments: object) -> list[tuple[str, Any]]:
        prepared = self.prepared(work, hook, on)
        return dispatch.ask(
            hook, HOOKS[hook], prepared, work.session, work.here.code, *arguments, installed=self._plugins.installed
        )

    def prepared(self, work: Work, hook: str, on: date) -> tuple[Prepared, ...]:
        """Returns the implementations that run at the facility of this work on that day, each with its context, in order.

        Kept by facility, epoch of the configuration and day, so that asking again costs no query.
        """
        key = (hook, work.here.id, work.epoch, on)
        known = None if has_changed(work) else self._prepared.get(key)
        if known is not None:
            return known
        active = self._plugins.active(work, work.here.id, on)
        made = tuple(
            self._prepare(work, slug, function, work.here, on)
            for slug, function in self._plugins.implementations(hook)
            if slug in active
        )
        if not has_changed(work):
            _remember(self._prepared, key, made)
        return made

    def _prepare(self, work: Work, slug: str, function: Any, place: Facility, on: date) -> Prepared:
        try:
            config = self._plugins.resolve(work, slug, place.id, on).config
        except Refusal as refusal:
            return (slug, _Refusing(refusal), None)
        return (slug, function, HookContext(config, place, on, SESSION))

    def _stopped(self, work: Work, on: date) -> list[tuple[str, Refusal]]:
        ready = self._plugins.ready()
        return [
            (slug, as_read_by(work, self._plugins.not_ready(slug)))
            for slug in self._plugins.active(work, work.here.id, on)
            if slug not in ready
        ]


class _Refusing:
    """Stands in for an implementation that has no valid configuration: its call fails with that reason."""

    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    def __call__(self, *_: object) -> Never:
        raise Refusal(self._refusal.code, self._refusal.what, self._refusal.remedy)


def _remember(cache: dict[Any, Any], key: Any, value: Any) -> None:
    # Entries of earlier epochs and days are never asked for again.
    if len(cache) > _MOST:
        cache.clear()
    cache[key] = value
