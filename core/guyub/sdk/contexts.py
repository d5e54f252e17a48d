"""What a plugin knows when it is called: its configuration, the facility, the day, and the database. No clock of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from guyub.sdk.config import Config
from guyub.sdk.facility import Facility
from guyub.sdk.session import NO_DATABASE, PluginSession

C = TypeVar("C", bound=Config)


@dataclass(frozen=True, slots=True)
class HookContext(Generic[C]):
    """``config`` is the plugin's own, resolved for ``facility`` on the day ``on`` (a date in the facility's zone)."""

    config: C
    facility: Facility
    on: date
    session: PluginSession = NO_DATABASE


@dataclass(frozen=True, slots=True)
class RegionContext:
    """What an office over many facilities looks at: those where the plugin is switched on, all of them at once.

    Configurations may differ from one to the next, so none is given here.
    """

    facilities: tuple[Facility, ...]
    on: date
    session: PluginSession = NO_DATABASE


@dataclass(frozen=True, slots=True)
class ReportContext(Generic[C]):
    """A report's question: ``since`` and ``until`` are the first and the last day that it covers."""

    config: C
    facility: Facility
    since: date
    until: date
    session: PluginSession = NO_DATABASE
