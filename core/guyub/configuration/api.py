"""A plugin's configuration at a facility or for a region as JSON: read with its origins, planned and changed by the engine of
every door."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from guyub.access import required_reason
from guyub.configuration.apply import PlanBlocked
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.effects import SettingEffect, SettingEffectKind
from guyub.configuration.issues import Issue, Severity
from guyub.configuration.merge import ValueOrigin, merged, shown
from guyub.configuration.pages import scope
from guyub.configuration.pages.common import require_changes
from guyub.configuration.pages.plan_view import consequence
from guyub.configuration.pages.scope import ConfigScope
from guyub.configuration.plan import Plan
from guyub.configuration.planning import apply_requests, plan_requests
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import MASK, secret_fields
from guyub.http import Clock, FacilityWork, RegionWork
from guyub.http.problems import OF_WRITING
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

api = APIRouter()
_AT_FACILITY, _OF_REGION = "/f/{facility}/plugins/{slug}/configuration", "/region/{region}/plugins/{slug}/configuration"
_Preview = Annotated[bool, Query(description="Only say what the change would do.")]


class OriginOut(BaseModel):
    """Describes where a value comes from; ``layer`` is "default", "national", "region" or "facility". Where ``locked``, ``actor``
    locked it for all below from ``since`` on; at a facility its regional office did, and only that releases it."""

    layer: str
    place: Text
    since: date | None
    actor: str
    reason: str
    locked: bool


class FieldOut(BaseModel):
    """``value`` is JSON, a secret masked; null where nothing is set and the plugin has no default."""

    value: Any
    origin: OriginOut


class ConfigurationOut(BaseModel):
    """Holds what is in effect on a day: at a ``facility``, or for those below a ``region`` that set nothing themselves.

    ``problem`` says why the plugin cannot use it; null where it can.
    """

    facility: str
    region: str
    plugin: str
    on: date
    managed_by: str
    fields: dict[str, FieldOut]
    problem: Text | None


class ChangeIn(BaseModel):
    """Values by field from a day on; null takes the place's own value back, so that it inherits again.

    ``locked``: which of them only the regional office may change from then on (those of a region no facility below); what is
    not named there is not locked any more. ``active`` switches the plugin on or off at a facility, null leaves it as it is.
    ``plan`` is the number of a plan that was read: the change is refused where it would by now do something else.
    """

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any] = {}
    locked: list[str] = []
    active: bool | None = None
    valid_from: date
    reason: str
    plan: str | None = None


class EffectOut(BaseModel):
    """Holds what becomes of one field from a day on. ``counts_from`` is the first day on which the plugin runs while it
    holds, ``month`` (2026-12) the first month of a programme for which it counts, where there is one."""

    facility: str
    field: str
    old: Any
    old_origin: OriginOut
    new: Any
    origin: OriginOut
    on: date
    counts_from: date
    month: str | None
    active: bool
    kind: SettingEffectKind
    consequence: Text


class IssueOut(BaseModel):
    """Holds what blocks a plan ("blocks") or is worth knowing; ``offered`` is a day to take instead."""

    place: str
    field: str
    severity: Severity
    code: str
    text: Text
    offered: date | None


class ChangedOut(BaseModel):
    """One thing that is recorded, with what it takes the place of."""

    what: str
    old: Any
    new: Any
    valid_from: date | None


class PlanOut(BaseModel):
    """``saved`` is false for a preview; ``plan`` is its number, ``id`` that under which it stands in the history."""

    saved: bool
    plan: str
    id: str
    changes: list[ChangedOut]
    effects: list[EffectOut]
    issues: list[IssueOut]
    consequences: list[dict[str, Any]]


@api.get(_AT_FACILITY)
def configuration(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: PluginSlug
) -> ConfigurationOut:
    """Returns every field as it holds at this facility today, with where it comes from."""
    work.require("facilities.configure")
    return _read(request, plugins, scope.at_facility(work), slug, clock.today(work))


@api.get(_OF_REGION)
def configuration_of_region(
    request: Request, work: RegionWork, plugins: Plugins, clock: Clock, slug: PluginSlug
) -> ConfigurationOut:
    """Returns every field as this region gives it today to the facilities that set nothing themselves, with where it
    comes from."""
    return _read(request, plugins, scope.of_region(work), slug, clock.today(work))


@api.patch(_AT_FACILITY, responses=OF_WRITING)
def configure(
    work: FacilityWork, plugins: Plugins, clock: Clock, slug: PluginSlug, asked: ChangeIn, preview: _Preview = False
) -> PlanOut:
    """Changes what is named, all of it or nothing; 409 where the facility is managed by files, or closed, or where the plan
    that was read is another by now."""
    work.require("facilities.configure")
    return _configured(plugins, scope.at_facility(work), slug, asked, clock.today(work), preview=preview)


@api.patch(_OF_REGION, responses=OF_WRITING)
def configure_region(
    work: RegionWork, plugins: Plugins, clock: Clock, slug: PluginSlug, asked: ChangeIn, preview: _Preview = False
) -> PlanOut:
    """Changes what the region gives to all its facilities, all of it or nothing; 409 where its values are managed by files, or
    where the plan that was read is another by now."""
    return _configured(plugins, scope.of_region(work), slug, asked, clock.today(work), preview=preview)


def _read(request: Request, plugins: PluginRegistry, place: ConfigScope, slug: str, today: date) -> ConfigurationOut:
    plugin = plugins.plugin(slug)
    state, refusal = merged(plugin, place.layers(slug, today), today), place.view(request, plugin, today).refusal
    values = {name: shown(plugin, state, name) for name in plugin.config.model_fields}
    return ConfigurationOut(
        facility=place.facility,
        region=place.region,
        plugin=slug,
        on=today,
        managed_by=place.managed_by,
        fields={name: FieldOut(value=value.value, origin=_origin(value.origin)) for name, value in values.items()},
        problem=refusal.what if refusal is not None else None,
    )


def _configured(
    plugins: PluginRegistry, place: ConfigScope, slug: str, asked: ChangeIn, today: date, *, preview: bool
) -> PlanOut:
    place.require_open_for_change(max(today, asked.valid_from))
    plugin = plugins.plugin(slug) if asked.active is not False else plugins.ready().get(slug)
    change = _change(plugin, slug, asked, place)
    if preview:
        return _plan(plugins, plan_requests(place.work, plugins, [change], today), saved=False)
    try:
        return _plan(plugins, apply_requests(place.work, plugins, [change], asked.plan, today), saved=True)
    except PlanBlocked as blocked:
        raise blocked.issues[0].refusal from blocked


def _change(plugin: Plugin | None, slug: str, asked: ChangeIn, place: ConfigScope) -> ChangeRequest:
    """Raises ``Invalid`` for a request that changes nothing, gives no reason, or sends back the mask of a secret."""
    if asked.active is None:
        require_changes(asked.values)
    reason = required_reason.require_reason(ConfigurationRefusal.REASON, asked.reason)
    for name in sorted(secret_fields(plugin.config) & asked.values.keys()) if plugin is not None else ():
        if asked.values[name] == MASK:
            raise ConfigurationRefusal.MASKED_SECRET.invalid(name, field=name)
    change = place.change(slug, asked.values, asked.valid_from, reason, frozenset(asked.locked))
    return replace(change, active=asked.active, written=True)


def _plan(plugins: PluginRegistry, plan: Plan, *, saved: bool) -> PlanOut:
    return PlanOut(
        saved=saved,
        plan=plan.digest,
        id=plan.id,
        changes=[
            ChangedOut(what=change.what, old=change.old, new=change.new, valid_from=change.valid_from)
            for change in plan.changes
        ],
        effects=[_effect(effect) for effect in plan.effects],
        issues=[_issue(issue) for issue in plan.issues],
        consequences=[consequence.as_json() for consequence in plan.consequences],
    )


def _effect(effect: SettingEffect) -> EffectOut:
    month = effect.month
    return EffectOut(
        facility=effect.facility,
        field=effect.field,
        old=effect.before.value,
        old_origin=_origin(effect.before.origin),
        new=effect.after.value,
        origin=_origin(effect.after.origin),
        on=effect.on,
        counts_from=effect.counts_from,
        month=month.strftime("%Y-%m") if month is not None else None,
        active=effect.active,
        kind=effect.kind,
        consequence=consequence(effect),
    )


def _issue(issue: Issue) -> IssueOut:
    return IssueOut(
        place=issue.place,
        field=issue.field,
        severity=issue.severity,
        code=issue.refusal.code,
        text=issue.sentence,
        offered=issue.offered,
    )


def _origin(origin: ValueOrigin) -> OriginOut:
    return OriginOut(
        layer=origin.layer,
        place=origin.place,
        since=origin.since,
        actor=origin.actor,
        reason=origin.reason,
        locked=origin.locked,
    )
