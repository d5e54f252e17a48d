"""Deeds of the audit log as their readers may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.audit_log import AuditedAct, names_a_household
from guyub.reports.audit_log_text import about, entry_text
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of


@dataclass(frozen=True, slots=True)
class AuditLogLine:
    """A deed in words; ``places`` are its facilities by code and name.

    ``reason`` and ``about`` are empty where they may speak of a family that is not the reader's.
    """

    at: datetime
    actor: str
    login: str
    places: tuple[tuple[str, str], ...]
    sentence: Text
    about: Text
    rupiah: int
    reason: str


@dataclass(frozen=True, slots=True)
class AuditLogWriter:
    """Turns deeds into lines: ``titles`` of plugins by slug, ``fields`` of their configuration by slug and name."""

    titles: Mapping[str, Text]
    fields: Mapping[tuple[str, str], Text]
    sees_households: bool

    def line(self, deed: AuditedAct) -> AuditLogLine:
        entry = deed.first
        reason = entry.reason if self.sees_households or not names_a_household(entry) else ""
        places = tuple(sorted((each.facility, each.facility_name) for each in deed.entries))
        what, concerned = entry_text(entry, self.titles, self.fields), about(entry, self.titles)
        return AuditLogLine(entry.at, entry.actor, entry.login, places, what, concerned, entry.rupiah, reason)


def writer_for(work: Work, plugins: PluginRegistry) -> AuditLogWriter:
    fields = {
        (slug, field.name): field.title
        for slug, plugin in plugins.ready().items()
        for field in fields_of(plugin.config)
    }
    return AuditLogWriter(plugins.titles(), fields, work.may("registry.read"))
