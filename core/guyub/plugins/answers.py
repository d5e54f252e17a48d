"""Holds what plugins asks of the room above: which plugins run at a facility on a day, and with which configuration."""

from datetime import date
from typing import Protocol
from uuid import UUID

from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.sdk.config import Config
from guyub.sdk.plugin import Plugin


class ResolvedConfig(Protocol):
    """The validated, frozen model that applies."""

    @property
    def config(self) -> Config: ...


class ConfigurationSource(Protocol):
    """Answers what is recorded; whoever makes a registry of plugins hands it over."""

    @property
    def protector(self) -> Protector | None:
        """Returns what opens plugins' secrets; None where the source was made without keys."""

    def active(self, work: Work, facility_id: UUID, on: date) -> tuple[str, ...]:
        """Returns the slugs active at the facility on that day, installed or not, in alphabetical order."""

    def resolve(self, work: Work, plugin: Plugin, facility_id: UUID, on: date) -> ResolvedConfig:
        """Returns the plugin's configuration at a facility on a day; raises ``Refusal`` when a stored value is not valid."""
