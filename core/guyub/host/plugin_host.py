"""The host: an object that the application owns. It knows what is installed, what runs where, and calls it safely."""

from collections.abc import Sequence
from datetime import date
from importlib.metadata import EntryPoint
from typing import Any, Protocol, TypeVar
from uuid import UUID

from guyub.access import audit
from guyub.db.keys import Protector
from guyub.db.work import Work
from guyub.host import configuration, dispatch
from guyub.host.config_cache import ConfigurationCache
from guyub.host.config_rows import has_changed, note_change
from guyub.host.loading import PluginStatus, installed, load_all, new_manager
from guyub.sdk.contexts import HookContext
from guyub.sdk.errors import NotFound, Refusal
from guyub.sdk.funding import FundingSource
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import ProgramType
from guyub.sdk.reviews import Finding, SpendingBatch
from guyub.sdk.text import Text


class PluginHost:
    """``PluginHost()`` takes what is installed; tests give their own entry points. ``protector`` opens plugins' secrets."""

    def __init__(self, entries: Sequence[EntryPoint] | None = None, protector: Protector | None = None) -> None:
        self._manager = new_manager()
        self._loaded = load_all(installed() if entries is None else entries, self._manager)
        self._active: dict[tuple[UUID, int, date], tuple[str, ...]] = {}
        self._configuration = ConfigurationCache(protector)

    # --- what is installed ---------------------------------------------------------------------------------------

    def statuses(self) -> list[PluginStatus]:
        return [one.status for one in self._loaded.values()]

    def status(self, slug: str) -> PluginStatus:
        """The status of an installed plugin, or "missing" with the remedy."""
        if slug in self._loaded:
            return self._loaded[slug].status
        distribution = f"guyub-{slug.replace('_', '-')}"
        return PluginStatus(
            slug,
            distribution,
            "",
            "missing",
            Text(id="Plugin “{slug}” tidak terpasang.", en="Plugin “{slug}” is not installed.").format(slug=slug),
            Text(
                id="Pasang kembali (pip install {distribution}), lalu mulai ulang Guyub. Pembukuannya tetap dapat dibaca.",
                en="Install it again (pip install {distribution}), then restart Guyub. Its books stay readable.",
            ).format(distribution=distribution),
        )

    def plugin(self, slug: str) -> Plugin:
        """Raises ``Refusal`` with the reason and the remedy when the plugin is not ready."""
        loaded = self._loaded.get(slug)
        if loaded is None or loaded.plugin is None:
            status = self.status(slug)
            assert status.reason is not None
            assert status.remedy is not None
            raise Refusal("host.plugin_not_ready", status.reason, status.remedy)
        return loaded.plugin

    def program_type(self, slug: str, key: str) -> ProgramType[Any]:
        return _named(self.plugin(slug).program_types, key, slug)

    def funding_source(self, slug: str, key: str) -> FundingSource[Any]:
        return _named(self.plugin(slug).funding_sources, key, slug)

    # --- what runs where -----------------------------------------------------------------------------------------

    def active(self, work: Work, facility_id: UUID, on: date) -> tuple[str, ...]:
        """Slugs switched on at the facility on that day, installed or not, in alphabetical order."""
        key = (facility_id, work.epoch, on)
        if key not in self._active or has_changed(work):
            rows = work.run(
                """SELECT plugin FROM (
                       SELECT DISTINCT ON (a.plugin) a.plugin, a.active FROM guyub.plugin_activation a
                       WHERE a.facility_id = :facility AND a.valid_from <= :on
                       ORDER BY a.plugin, a.valid_from DESC, a.id DESC) latest
                   WHERE active ORDER BY plugin""",
                facility=facility_id, on=on,
            )  # fmt: skip
            slugs = tuple(rows.scalars())
            if has_changed(work):
                return slugs
            self._remember(self._active, key, slugs)
        return self._active[key]

    def require_active(self, work: Work, slug: str, on: date) -> Plugin:
        """The plugin, when it runs at the facility of this work. Raises ``NotFound`` when it is not switched on there."""
        if slug not in self.active(work, work.here.id, on):
            raise NotFound(
                "host.inactive",
                Text(
                    id="Program “{slug}” tidak berjalan di {place}.", en="Programme “{slug}” does not run at {place}."
                ).format(slug=slug, place=work.here.name),
                Text(
                    id="Minta kantor wilayah mengaktifkannya bila memang diperlukan.",
                    en="Ask the regional office to activate it if it is needed.",
                ),
            )
        return self.plugin(slug)

    def resolve(self, work: Work, slug: str, facility_id: UUID, on: date) -> configuration.Resolved:
        """The plugin's configuration at a facility on a day; raises ``Refusal`` when a stored value is not valid."""
        return self._configuration.resolve(work, self.plugin(slug), facility_id, on)

    def set_active(self, work: Work, slug: str, facility_id: UUID, active: bool, valid_from: date, reason: str) -> None:
        """Switches a plugin on or off at a facility from a day on; the earlier state stays on record."""
        work.require("facilities.configure")
        if active:
            self.plugin(slug)
        note_change(work)
        work.run(
            "INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor, reason) "
            "VALUES (:facility, :plugin, :active, :valid_from, :actor, :reason)",
            facility=facility_id, plugin=slug, active=active, valid_from=valid_from, actor=work.login, reason=reason,
        )  # fmt: skip
        audit.record(
            work,
            "host.activate" if active else "host.deactivate",
            slug,
            reason=reason,
            details={"valid_from": valid_from.isoformat()},
            chain=facility_id,
        )

    # --- hooks ---------------------------------------------------------------------------------------------------

    def review_spending(self, work: Work, batch: SpendingBatch, on: date) -> list[Finding]:
        """What the plugins active here find in a planned spending; a crash is a blocking finding."""
        facility = work.here
        callers = [
            (slug, caller, HookContext(self.resolve(work, slug, facility.id, on).config, facility, on))
            for slug, caller in dispatch.implementations(self._manager, "guyub_review_spending")
            if slug in self.active(work, facility.id, on)
        ]
        return dispatch.review(work.session, "guyub_review_spending", callers, batch)

    @staticmethod
    def _remember(cache: dict[Any, Any], key: Any, value: Any) -> None:
        # Entries of earlier epochs and days are never asked for again.
        if len(cache) > 4096:
            cache.clear()
        cache[key] = value


class _Keyed(Protocol):
    key: str


K = TypeVar("K", bound=_Keyed)


def _named(offered: Sequence[K], key: str, slug: str) -> K:
    for one in offered:
        if one.key == key:
            return one
    raise NotFound(
        "host.unknown_key",
        Text(id="Plugin “{slug}” tidak memiliki “{key}”.", en="Plugin “{slug}” has no “{key}”.").format(
            slug=slug, key=key
        ),
        Text(id="Periksa versi plugin yang terpasang.", en="Check which version of the plugin is installed."),
    )
