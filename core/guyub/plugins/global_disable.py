"""Plugins that somebody disabled for the whole installation; nothing of theirs is imported to do so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access import audit
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.plugins.models import PluginSwitch
from guyub.plugins.recorded_changes import note_change


@dataclass(frozen=True, slots=True)
class GlobalSwitch:
    """Holds who disabled a plugin, when and why; ``exported_to`` is the folder of its tables where they were purged."""

    actor: str
    recorded_at: datetime
    reason: str
    exported_to: str = ""


def globally_disabled(work: Work) -> dict[str, GlobalSwitch]:
    """Returns the disabled plugins by slug, installed or not."""
    plugin = col(PluginSwitch.plugin)
    newest = select(PluginSwitch).ext(distinct_on(plugin)).order_by(plugin, col(PluginSwitch.seq).desc()).subquery()
    latest = aliased(PluginSwitch, newest)
    columns = (
        col(latest.plugin),
        col(latest.actor),
        col(latest.recorded_at),
        col(latest.reason),
        col(latest.exported_to),
    )
    disabled: Select[*tuple[Any, ...]] = select(*columns).where(col(latest.disabled))
    return {row.plugin: part_of(row, GlobalSwitch) for row in work.all(disabled)}


def switch(work: Work, slug: str, *, disabled: bool, reason: str) -> None:
    """Disables or enables a plugin everywhere; where it is active stays recorded as it is, and where its tables went
    is known until it is enabled.

    Raises ``Forbidden`` unless the actor configures the whole nation. Running processes notice at their next transaction.
    """
    off = globally_disabled(work).get(slug)
    _write(work, slug, disabled, reason, off.exported_to if off and disabled else "")
    audit.record(work, "host.disable" if disabled else "host.enable", slug, reason=reason)


def disable_to_purge(work: Work, slug: str, exported_to: str) -> None:
    """Disables a plugin everywhere as its tables are about to be dropped; ``exported_to``: the folder that has them."""
    _write(work, slug, True, "", exported_to)
    audit.record(work, "host.disable", slug, details={"exported_to": exported_to})


def note_tables(work: Work, slug: str, action: str, details: Mapping[str, object] | None = None) -> None:
    """Audits what was done to a plugin's tables, and has running processes look at them again; the switch stays."""
    off = globally_disabled(work).get(slug)
    _write(work, slug, off is not None, off.reason if off else action, off.exported_to if off else "")
    audit.record(work, action, slug, details=details)


def _write(work: Work, slug: str, disabled: bool, reason: str, exported_to: str) -> None:
    note_change(work)
    values = {"disabled": disabled, "actor": work.login, "reason": reason, "exported_to": exported_to}
    work.change(insert(PluginSwitch).values(plugin=slug, **values))
