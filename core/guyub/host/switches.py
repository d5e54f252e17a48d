"""Plugins that somebody switched off for the whole installation; nothing of theirs is imported to do so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guyub.access import audit
from guyub.db.work import Work
from guyub.host.config_rows import note_change


@dataclass(frozen=True, slots=True)
class Switch:
    """Who switched a plugin off, when and why."""

    actor: str
    recorded_at: datetime
    reason: str


def switched_off(work: Work) -> dict[str, Switch]:
    """By slug, installed or not."""
    rows = work.run(
        """SELECT plugin, actor, recorded_at, reason FROM (
               SELECT DISTINCT ON (s.plugin) s.* FROM guyub.plugin_switch s ORDER BY s.plugin, s.id DESC) latest
           WHERE disabled"""
    )
    return {row.plugin: Switch(row.actor, row.recorded_at, row.reason) for row in rows}


def switch(work: Work, slug: str, *, disabled: bool, reason: str) -> None:
    """Switches a plugin off or on again everywhere; where it is active stays recorded as it is.

    Raises ``Forbidden`` unless the actor configures the whole nation. Running processes notice at their next transaction.
    """
    _write(work, slug, disabled, reason)
    audit.record(work, "host.disable" if disabled else "host.enable", slug, reason=reason)


def note_tables(work: Work, slug: str, action: str, details: Mapping[str, object] | None = None) -> None:
    """Audits what was done to a plugin's tables, and has running processes look at them again; the switch stays."""
    off = switched_off(work).get(slug)
    _write(work, slug, off is not None, off.reason if off else action)
    audit.record(work, action, slug, details=details)


def _write(work: Work, slug: str, disabled: bool, reason: str) -> None:
    note_change(work)
    work.run(
        "INSERT INTO guyub.plugin_switch (plugin, disabled, actor, reason) VALUES (:plugin, :disabled, :actor, :reason)",
        plugin=slug, disabled=disabled, actor=work.login, reason=reason,
    )  # fmt: skip
