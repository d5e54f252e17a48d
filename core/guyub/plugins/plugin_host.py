"""The host: an object that the application owns. It knows what is installed, what runs where, and calls it safely."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import EntryPoint
from typing import Any, Never
from uuid import UUID

from guyub.access import audit
from guyub.configuration import resolution
from guyub.configuration.bulk_write import ActivationAt
from guyub.configuration.cache import ConfigurationCache
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.jobs import outbox
from guyub.plugins import dispatch, hook_results
from guyub.plugins.dispatch import CallFailure, Prepared
from guyub.plugins.hook_results import Attributed
from guyub.plugins.installed import Installed
from guyub.plugins.out_of_service import out_of_service
from guyub.plugins.plugin_session import SESSION
from guyub.plugins.plugin_tables import OutOfService
from guyub.plugins.recorded_changes import has_changed, note_change
from guyub.plugins.status import QuarantineReason, as_read_by
from guyub.sdk.contexts import HookContext, RegionContext
from guyub.sdk.errors import Forbidden, NotFound, Refusal
from guyub.sdk.events import Event
from guyub.sdk.facility import Facility
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.panels import AttentionItem, Card, HealthCheck, Panel
from guyub.sdk.plugin import Plugin
from guyub.sdk.reviews import EnrolmentBatch, Finding, SpendingBatch
from guyub.sdk.text import Text
from guyub.sdk.words import period_name

_MOST = 4096
_ON_EVENT = "guyub_on_event"


class PluginHost(Installed):
    """``PluginHost()`` takes what is installed; tests give their own entry points. ``protector`` opens plugins' secrets."""

    def __init__(
        self,
        entries: Sequence[EntryPoint] | None = None,
        protector: Protector | None = None,
        barred: Mapping[str, QuarantineReason] | None = None,
    ) -> None:
        super().__init__(entries, barred)
        self._seen = 0
        self._announced: frozenset[str] | None = None
        self._active: dict[tuple[UUID, int, date], tuple[str, ...]] = {}
        self._prepared: dict[tuple[str, UUID, int, date], tuple[Prepared, ...]] = {}
        self._configuration = ConfigurationCache(protector)

    @property
    def protector(self) -> Protector | None:
        """What opens plugins' secrets; None where the host was made without keys."""
        return self._configuration.protector

    def announce(self, work: Work) -> None:
        """Tells the database which plugins listen to events; at every start, after some were set aside."""
        listening = frozenset(slug for slug, _ in self._implementations(_ON_EVENT))
        outbox.note_listeners(work, listening, set(self.ready()) - listening)
        self._announced = listening

    def refresh_before_delivery(self, work: Work) -> None:
        """Before a round of deliveries: heeds what was switched, and announces who listens where that changed."""
        self.notice(work)
        if self._announced is not None and self._announced != {slug for slug, _ in self._implementations(_ON_EVENT)}:
            self.announce(work)

    def notice(self, work: Work) -> None:
        """Heeds at once what somebody switched off or on, or upgraded, since this process looked: no restart is needed.

        How often that happened came with the scope, so that it costs no query until it does.
        """
        if work.switches == self._seen or has_changed(work):
            return
        with self._lock:
            if work.switches != self._seen:
                self.take_out_of_service(out_of_service(work, self), work.switches)

    def take_out_of_service(self, found: Mapping[str, OutOfService], seen: int) -> None:
        """Those that must not run, and the number of switches that they follow from."""
        self.apply_disabled(found)
        self._seen = seen

    def _reconsider(self) -> None:
        super()._reconsider()
        self._prepared.clear()

    # --- what runs where -----------------------------------------------------------------------------------------

    def active(self, work: Work, facility_id: UUID, on: date) -> tuple[str, ...]:
        """Slugs switched on at the facility on that day, installed or not, in alphabetical order."""
        key = (facility_id, work.epoch, on)
        known = None if has_changed(work) else self._active.get(key)
        if known is not None:
            return known
        rows = work.run(
            """SELECT plugin FROM (
                   SELECT DISTINCT ON (a.plugin) a.plugin, a.active FROM guyub.plugin_activation a
                   WHERE a.facility_id = :facility AND a.valid_from <= :on
                   ORDER BY a.plugin, a.valid_from DESC, a.seq DESC) latest
               WHERE active ORDER BY plugin""",
            facility=facility_id,
            on=on,
        )
        slugs = tuple(rows.scalars())
        self.notice(work)
        if not has_changed(work):
            _remember(self._active, key, slugs)
        return slugs

    def require_active(self, work: Work, slug: str, on: date) -> Plugin:
        """The plugin, when it runs at the facility of this work. Raises ``NotFound`` when it is not switched on there."""
        if slug not in self.active(work, work.here.id, on):
            raise NotFound(
                "host.inactive",
                _inactive(self.ready().get(slug)).format(slug=slug, place=work.here.name),
                Text(
                    id="Minta kantor wilayah mengaktifkannya bila memang diperlukan.",
                    en="Ask the regional office to activate it if it is needed.",
                ),
            )
        return self.plugin(slug)

    def resolve(self, work: Work, slug: str, facility_id: UUID, on: date) -> resolution.Resolved:
        """The plugin's configuration at a facility on a day; raises ``Refusal`` when a stored value is not valid."""
        self.notice(work)
        return self._configuration.resolve(work, self.plugin(slug), facility_id, on)

    def permissions(self, work: Work, on: date) -> frozenset[str]:
        """What the person may do here, with the permissions of the active plugins that come with those of the core."""
        active = self.active(work, work.here.id, on)
        return work.permissions | {
            permission.key
            for slug, plugin in self.ready().items()
            if slug in active
            for permission in plugin.permissions
            if work.may(permission.granted_with)
        }

    def set_active(self, work: Work, slug: str, facility_id: UUID, active: bool, valid_from: date, reason: str) -> None:
        """Switches a plugin on or off at a facility from a day on; the earlier state stays on record.

        Raises ``Refusal`` when the plugin is not ready, refuses, fails, or names a blocker: then nothing is changed.
        """
        work.require("facilities.configure")
        if active and self.plugin(slug).availability == "regional" and not (work.is_system or work.regions):
            raise _regional_only(self.plugin(slug))
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
        self._tell(work, slug, self._facilities(work, "f.id = :place", facility_id), active, valid_from)
        audit.record(
            work,
            "host.activate" if active else "host.deactivate",
            slug,
            reason=reason,
            details={"valid_from": valid_from.isoformat()},
            chain=facility_id,
        )

    def activated_many(self, work: Work, activations: Sequence[ActivationAt]) -> None:
        """Tells the plugins that listen of activations that were recorded at many facilities. Raises as ``set_active``."""
        hooks = {True: "guyub_facility_activated", False: "guyub_facility_deactivating"}
        listening = {active: dict(self._implementations(hook)) for active, hook in hooks.items()}
        told = [activation for activation in activations if activation.plugin in listening[activation.active]]
        if not told:
            return
        codes = sorted({activation.facility for activation in told})
        places = {place.code: place for place in self._facilities(work, "f.code = ANY (:place)", codes)}
        for activation in told:
            self._tell(work, activation.plugin, [places[activation.facility]], activation.active, activation.valid_from)

    def _tell(self, work: Work, slug: str, places: Sequence[Facility], active: bool, on: date) -> None:
        hook = "guyub_facility_activated" if active else "guyub_facility_deactivating"
        function = dict(self._implementations(hook)).get(slug)
        if function is None:
            return
        for place in places:
            prepared = (self._prepare(work, slug, function, place, on),)
            hook_results.require_success(
                dispatch.ask(hook, HOOKS[hook], prepared, work.session, place.code, installed=self.installed),
                self.plugin(slug),
            )

    # --- hooks ---------------------------------------------------------------------------------------------------

    def review_enrolment(self, work: Work, batch: EnrolmentBatch, on: date) -> list[Finding]:
        """What the plugins active here find in a list; a crash is a blocking finding."""
        return self._review(work, "guyub_review_enrolment", batch, on, {batch.program})

    def review_spending(self, work: Work, batch: SpendingBatch, on: date) -> list[Finding]:
        """What the plugins active here find in a planned spending; a crash is a blocking finding."""
        concerned = {batch.program, *(planned.plugin for planned in batch.spending)}
        return self._review(work, "guyub_review_spending", batch, on, concerned)

    def dashboard_cards(self, work: Work, on: date) -> list[Attributed[Card]]:
        return hook_results.shown(
            self._ask(work, "guyub_dashboard_cards", on), self.titles(), hook_results.card_in_place
        )

    def household_panels(self, work: Work, household: UUID, on: date) -> list[Attributed[Panel]]:
        """For the page of a household; the caller asks first whether it may be read."""
        found = self._ask(work, "guyub_household_panels", on, household)
        return hook_results.shown(found, self.titles(), hook_results.panel_in_place)

    def attention_items(self, work: Work, on: date) -> list[Attributed[AttentionItem]]:
        """What somebody should do soon; a plugin that is switched on here and does not run is one of them."""
        found = self._ask(work, "guyub_attention_items", on)
        stopped = [
            Attributed(slug, hook_results.out_of_service(self.title(slug), why))
            for slug, why in self._stopped(work, on)
        ]
        return stopped + hook_results.shown(found, self.titles(), hook_results.item_in_place)

    def region_attention(
        self, work: Work, active: Mapping[str, Sequence[Facility]], on: date, place: str
    ) -> list[tuple[UUID | None, Attributed[AttentionItem]]]:
        """What plugins say of many facilities at once, by the id of the facility: each is asked once. ``active``: where each
        plugin is switched on; ``place`` names the office in the log."""
        hook = "guyub_region_attention"
        prepared = [
            (slug, function, RegionContext(tuple(active[slug]), on, SESSION))
            for slug, function in self._implementations(hook)
            if active.get(slug)
        ]
        found = dispatch.ask(hook, HOOKS[hook], prepared, work.session, place, installed=self.installed)
        return hook_results.shown_at(found, self.titles())

    def health(self, work: Work, on: date) -> list[Attributed[HealthCheck]]:
        return hook_results.shown(self._ask(work, "guyub_health", on), self.titles(), hook_results.check_in_place)

    def listens(self, hook: str) -> bool:
        """Whether any ready plugin implements the hook: what it would be given need not be collected otherwise."""
        return bool(self._implementations(hook))

    def deliver(self, work: Work, slug: str, event: Event) -> CallFailure | None:
        """Tells a plugin of an event at the facility of this work. None when it took it, or listens no more."""
        self.notice(work)
        if slug not in self.ready():
            # Taken out of service since the delivery was claimed: it waits.
            stopped = self.not_ready(slug)
            return CallFailure(slug, _ON_EVENT, dispatch.code_of(slug, _ON_EVENT, stopped), stopped)
        function = dict(self._implementations(_ON_EVENT)).get(slug)
        if function is None:
            return None
        prepared = (self._prepare(work, slug, function, work.here, event.on),)
        ((_, answer),) = dispatch.ask(
            _ON_EVENT, HOOKS[_ON_EVENT], prepared, work.session, work.here.code, event, installed=self.installed
        )
        return answer if isinstance(answer, CallFailure) else None

    def _review(
        self, work: Work, hook: str, batch: EnrolmentBatch | SpendingBatch, on: date, concerned: set[str]
    ) -> list[Finding]:
        """A plugin that cannot be asked is named: it blocks where its own programme or money is concerned."""
        case = Text(id="{title} {month_id}", en="{title} {month_en}").format(
            title=self.title(batch.program),
            month_id=period_name(batch.period),
            month_en=period_name(batch.period, "en"),
        )
        found = hook_results.findings(self._ask(work, hook, on, batch), case)
        return found + [
            hook_results.not_asked(slug, why, blocking=slug in concerned) for slug, why in self._stopped(work, on)
        ]

    def _ask(self, work: Work, hook: str, on: date, *arguments: object) -> list[tuple[str, Any]]:
        prepared = self.prepared(work, hook, on)
        return dispatch.ask(
            hook, HOOKS[hook], prepared, work.session, work.here.code, *arguments, installed=self.installed
        )

    def prepared(self, work: Work, hook: str, on: date) -> tuple[Prepared, ...]:
        """The implementations that run at the facility of this work on that day, each with its context, in order.

        Kept by facility, epoch of the configuration and day, so that asking again costs no query.
        """
        key = (hook, work.here.id, work.epoch, on)
        known = None if has_changed(work) else self._prepared.get(key)
        if known is not None:
            return known
        active = self.active(work, work.here.id, on)
        made = tuple(
            self._prepare(work, slug, function, work.here, on)
            for slug, function in self._implementations(hook)
            if slug in active
        )
        if not has_changed(work):
            _remember(self._prepared, key, made)
        return made

    def _prepare(self, work: Work, slug: str, function: Any, place: Facility, on: date) -> Prepared:
        try:
            config = self.resolve(work, slug, place.id, on).config
        except Refusal as refusal:
            return (slug, _Refusing(refusal), None)
        return (slug, function, HookContext(config, place, on, SESSION))

    def _implementations(self, hook: str) -> list[tuple[str, Any]]:
        found = getattr(self._manager.hook, hook).get_hookimpls()
        return sorted((item.plugin_name, item.function) for item in found)

    def _stopped(self, work: Work, on: date) -> list[tuple[str, Refusal]]:
        ready = self.ready()
        return [
            (slug, as_read_by(work, self.not_ready(slug)))
            for slug in self.active(work, work.here.id, on)
            if slug not in ready
        ]

    def titles(self) -> dict[str, Text]:
        """What each plugin that is ready calls itself, by its slug."""
        return {slug: plugin.title for slug, plugin in self.ready().items()}

    @staticmethod
    def _facilities(work: Work, where: str, place: object) -> list[Facility]:
        rows = work.run(
            "SELECT f.id, f.code, f.name, f.zone, r.code AS region FROM guyub.facility f "
            f"JOIN guyub.region r ON r.id = f.region_id WHERE {where}",
            place=place,
        )
        return [Facility(*row) for row in rows]


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


def _inactive(plugin: Plugin | None) -> Text:
    if plugin is not None and plugin.program_types:
        return Text(id="Program “{slug}” tidak berjalan di {place}.", en="Programme “{slug}” does not run at {place}.")
    if plugin is not None and plugin.funding_sources:
        return Text(
            id="Sumber dana “{slug}” tidak berjalan di {place}.", en="Funding source “{slug}” does not run at {place}."
        )
    return Text(id="Plugin “{slug}” tidak berjalan di {place}.", en="The plugin “{slug}” does not run at {place}.")


def _regional_only(plugin: Plugin) -> Forbidden:
    return Forbidden(
        "host.regional_only",
        Text(
            id="{title} hanya dapat diaktifkan oleh kantor wilayah.",
            en="{title} is activated by a regional office only.",
        ).format(title=plugin.title),
        Text(id="Minta kantor wilayah mengaktifkannya.", en="Ask the regional office to activate it."),
    )
