"""A change of configuration as a door asks for it: what it would do, and doing it."""

from collections.abc import Collection, Mapping
from datetime import date
from importlib.metadata import EntryPoint
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.configuration.assembly import plugin_registry
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.plan import Plan
from guyub.configuration.planning import change_one, plan_requests
from guyub.db.keys import Protector
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry


def request(
    plugin: str,
    values: Mapping[str, Any],
    valid_from: date,
    reason: str = "Surat edaran",
    *,
    facility: str = "",
    region: str = "",
    locked: Collection[str] = (),
) -> ChangeRequest:
    """At a facility, for a region or for the nation; what is not ``locked`` is not locked any more."""
    return ChangeRequest(
        plugin,
        valid_from,
        facilities=(facility,) if facility else (),
        region=region,
        values=values,
        locked=frozenset(locked),
        unlocked=frozenset(values) - frozenset(locked),
        reason=reason,
    )


def preview(work: Work, plugins: PluginRegistry, asked: ChangeRequest) -> Plan:
    return plan_requests(work, plugins, [asked])


def apply(work: Work, plugins: PluginRegistry, asked: ChangeRequest) -> Plan:
    return change_one(work, plugins, asked)


def host_with(plugin: str, where: str, protector: Protector) -> PluginRegistry:
    """A registry of this plugin alone; ``where`` is "module:name"."""
    return plugin_registry([EntryPoint(plugin, where, "guyub")], protector)


def set_active(
    work: Work, plugins: PluginRegistry, slug: str, facility_id: UUID, active: bool, valid_from: date, reason: str
) -> Plan:
    """Switches a plugin on or off at a facility from a day on; the earlier state stays on record. Raises as ``change_one``."""
    code = work.scalar(select(col(FacilityModel.code)).where(col(FacilityModel.id) == facility_id))
    assert code is not None
    return change_one(work, plugins, ChangeRequest(slug, valid_from, (code,), active=active, reason=reason))
