"""Applying a plan: all of it or nothing, in one statement per kind, each place with an entry in its audit log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.configuration import bulk_write, plan_history
from guyub.configuration.bulk_write import ActivationAt, ValueAt
from guyub.configuration.issues import Issue
from guyub.configuration.plan import Plan
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.steps import Step
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.facilities.record_set import write_records
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.recorded_changes import note_change
from guyub.sdk.errors import Refusal
from guyub.sdk.facility import Facility


class PlanMoved(Refusal):
    """The plan is by now another than the one that was read."""

    def __init__(self) -> None:
        super().__init__(*ConfigurationRefusal.PLAN_MOVED.sentences())


class PlanBlocked(Refusal):
    """Issues block the plan; nothing of it was applied."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = issues
        first = issues[0]
        place = first.place or "–"
        super().__init__(*ConfigurationRefusal.BLOCKED.sentences(count=len(issues), place=place, first=first.sentence))


def wait_for_others(work: Work) -> None:
    """Waits for its turn: until the transaction ends nobody else applies a plan, by whatever door."""
    work.take_time()
    work.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended("guyub.provisioning", 0))))


def carry_out(work: Work, plugins: PluginRegistry, planned: Plan, digest: str | None, reason: str = "") -> Plan:
    """Writes what was planned in this transaction; a plan without a change is carried out already.

    ``digest`` is that of a plan which somebody has read. Raises ``PlanMoved`` when the plan is another by now, ``PlanBlocked``
    when an issue blocks it, and ``Refusal`` where a plugin objects to being activated or deactivated.
    """
    if planned.is_blocked:
        raise PlanBlocked([issue for issue in planned.issues if issue.is_blocking])
    if not planned.changes:
        return planned
    if digest is not None and digest != planned.digest:
        raise PlanMoved
    _write(work, plugins, planned)
    done = replace(planned, id=plan_history.note(work, planned, reason))
    audit.record_many(work, list(_entries(work, planned, reason)))
    return done


def _write(work: Work, plugins: PluginRegistry, planned: Plan) -> None:
    if planned.writes.facilities:
        note_change(work)  # one that moves inherits from another region
    write_records(work, planned.writes)
    activations = [_activation(step) for step in planned.steps if not step.target.field]
    bulk_write.activate_many(work, activations)
    bulk_write.set_many(work, [_value(step, plugins) for step in planned.steps if step.target.field])
    tell_plugins(work, plugins, activations)


def tell_plugins(work: Work, plugins: PluginRegistry, activations: Sequence[ActivationAt]) -> None:
    """Tells the plugins that listen that they were activated or deactivated. Raises ``Refusal`` where one fails or names a
    blocker."""
    heard = [item for item in activations if plugins.hooks.listens_to_activation(item.plugin, item.active)]
    kind = FacilityModel
    statement: Select[*tuple[Any, ...]] = (
        select(col(kind.id), col(kind.code), col(kind.name), col(kind.zone), col(RegionModel.code).label("region"))
        .join(RegionModel, col(RegionModel.id) == col(kind.region_id))
        .where(among(col(kind.code), sorted({item.facility for item in heard})))
    )
    places = {place.code: place for place in work.rows(Facility, statement)} if heard else {}
    for item in heard:
        plugins.hooks.tell_of_activation(work, item.plugin, places[item.facility], item.active, item.valid_from)


def _activation(step: Step) -> ActivationAt:
    target, after = step.target, step.after
    return ActivationAt(target.place, target.plugin, after.value, after.valid_from, after.reason)


def _value(step: Step, plugins: PluginRegistry) -> ValueAt:
    target, after = step.target, step.after
    return ValueAt(
        target.layer,
        target.place,
        target.plugin,
        target.field,
        after.value,
        after.locked,
        after.valid_from,
        after.reason,
        plugins.plugin(target.plugin).config_version,
    )


def _entries(work: Work, planned: Plan, reason: str) -> Iterator[AuditEntry]:
    """Yields an entry for each facility in its own chain, and one for all that lies above: in the installation's chain,
    or, where a person did it, in that of every facility below."""
    changed: dict[str, list[str]] = {}
    for change in planned.changes:
        what = f"{change.region}: {change.what}" if change.region and not change.facility else change.what
        below = [""]
        if not change.facility and not work.is_system:
            below = sorted({effect.facility for effect in planned.effects if effect.region == change.region})
        for code in [change.facility] if change.facility else below:
            changed.setdefault(code, []).append(what)
    known = select(col(FacilityModel.code), col(FacilityModel.id)).where(among(col(FacilityModel.code), changed))
    ids = {row.code: row.id for row in work.all(known)}
    action = "facilities.revert" if planned.reverts else "facilities.apply"
    of_a_plugin = _of_a_plugin(planned)
    for facility, whats in changed.items():
        # Names of officials are in the books already: the audit log says only what was touched.
        details: dict[str, Any] = {"plan": planned.digest, "changed": whats, "door": planned.door}
        details |= {"reason": reason} if reason else {}
        details |= {"reverts": planned.reverts} if planned.reverts else {}
        chain = ids.get(facility, audit.INSTALLATION)
        if of_a_plugin is None:
            yield AuditEntry(chain, action, facility or planned.door, details)
        else:
            yield AuditEntry(chain, of_a_plugin.action, of_a_plugin.subject, of_a_plugin.details | details)


@dataclass(frozen=True, slots=True)
class _PluginEntry:
    action: str
    subject: str
    details: dict[str, Any]


def _of_a_plugin(planned: Plan) -> _PluginEntry | None:
    """Returns what somebody did to one plugin from one day on, so that the audit log says which fields; None for all
    other plans."""
    slugs, days = {step.target.plugin for step in planned.steps}, {step.after.valid_from for step in planned.steps}
    if planned.door == "files" or planned.reverts or planned.records or len(slugs) != 1:
        return None
    slug = planned.steps[0].target.plugin
    switched = {step.after.value for step in planned.steps if not step.target.field}
    fields = sorted({step.target.field for step in planned.steps} - {""})
    details: dict[str, Any] = {"valid_from": min(days).isoformat()}
    if switched and (fields or len(switched) > 1):
        return None
    if switched:
        return _PluginEntry("host.activate" if True in switched else "host.deactivate", slug, details)
    first = planned.steps[0].target
    locked = sorted({step.target.field for step in planned.steps if step.after.locked})
    details |= {"fields": fields, "locked": locked, "at": first.place or first.layer}
    return _PluginEntry("host.configure", slug, details)
