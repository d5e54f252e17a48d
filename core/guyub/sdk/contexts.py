"""Contexts: what a plugin knows when it is called. It has its configuration, the facility, the day and the database, but no
clock."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from guyub.sdk.config import Config
from guyub.sdk.facility import Facility
from guyub.sdk.session import NO_DATABASE, PluginSession

C = TypeVar("C", bound=Config)


@dataclass(frozen=True, slots=True)
class HookContext(Generic[C]):
    """Holds what a hook knows. ``config`` is the plugin's own, resolved for ``facility`` on the day ``on`` (a date in the
    facility's zone)."""

    config: C
    facility: Facility
    on: date
    session: PluginSession = NO_DATABASE


@dataclass(frozen=True, slots=True)
class RegionContext:
    """Holds what an office over many facilities looks at: all facilities where the plugin is active.

    Configurations may differ from one to the next, so none is given here.
    """

    facilities: tuple[Facility, ...]
    on: date
    session: PluginSession = NO_DATABASE


@dataclass(frozen=True, slots=True)
class ReportContext(Generic[C]):
    """Holds what a report is asked: ``since`` and ``until`` are the first and the last day that it covers."""

    config: C
    facility: Facility
    since: date
    until: date
    session: PluginSession = NO_DATABASE
