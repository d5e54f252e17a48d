"""Plugins that somebody switched off for the whole installation; nothing of theirs is imported to do so."""

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

    Raises ``Forbidden`` unless the actor configures the whole nation. A running server notices at its next start.
    """
    note_change(work)
    work.run(
        "INSERT INTO guyub.plugin_switch (plugin, disabled, actor, reason) VALUES (:plugin, :disabled, :actor, :reason)",
        plugin=slug, disabled=disabled, actor=work.login, reason=reason,
    )  # fmt: skip
    audit.record(work, "host.disable" if disabled else "host.enable", slug, reason=reason)
