"""A plugin's configuration at a facility as JSON: read with its origins, planned and changed by the engine of every door."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from guyub.access import required_reason
from guyub.configuration.apply import PlanBlocked
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.effective import shown
from guyub.configuration.effects import SettingEffect, SettingEffectKind
from guyub.configuration.issues import Issue, Severity
from guyub.configuration.merge import ValueOrigin, merged
from guyub.configuration.pages.common import require_changes
from guyub.configuration.pages.plan_view import consequence
from guyub.configuration.plan import Plan
from guyub.configuration.planning import apply_requests, plan_requests
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import MASK, secret_fields
from guyub.configuration.store import stored_at
from guyub.facilities import queries as facilities
from guyub.facilities.editable import require_open, require_web
from guyub.http import Clock, FacilityWork
from guyub.http.problems import OF_WRITING
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

api = APIRouter(prefix="/f/{facility}/plugins/{slug}/configuration")


class OriginOut(BaseModel):
    """Where a value comes from; ``layer`` is "default", "national", "region" or "facility". Where ``locked``, ``actor``
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
    """What is in effect on a day. ``problem`` says why the plugin cannot use it; null where it can."""

    facility: str
    plugin: str
    on: date
    managed_by: str
    fields: dict[str, FieldOut]
    problem: Text | None


class ChangeIn(BaseModel):
    """Values by field from a day on; null takes the facility's own value back, so that it inherits again.

    ``locked``: which of them only the regional office may change from then on; what is not named there is not locked any more.
    ``active`` switches the plugin on or off, null leaves it as it is. ``plan`` is the number of a plan that was read: the
    change is refused where it would by now do something else.
    """

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any] = {}
    locked: list[str] = []
    active: bool | None = None
    valid_from: date
    reason: str
    plan: str | None = None


class EffectOut(BaseModel):
    """What becomes of one field from a day on. ``counts_from`` is the first day on which the plugin runs while it holds,
    ``month`` (2026-12) the first month of a programme for which it counts, where there is one."""

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
    """What stands against it ("blocks") or is worth knowing; ``offered`` is a day to take instead."""

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


@api.get("")
def configuration(work: FacilityWork, plugins: Plugins, clock: Clock, slug: PluginSlug) -> ConfigurationOut:
    """Every field as it holds at this facility today, with where it comes from."""
    work.require("facilities.configure")
    today = clock.today(work)
    plugin = plugins.plugin(slug)
    state = merged(plugin, stored_at(work, work.here.id, today).of(slug), today)
    problem = None
    try:
        plugins.resolve(work, slug, work.here.id, today)
    except Refusal as refusal:
        problem = refusal.what
    here = facilities.facility(work)
    values = {name: shown(plugin, state, name) for name in plugin.config.model_fields}
    return ConfigurationOut(
        facility=work.here.code,
        plugin=slug,
        on=today,
        managed_by=here.managed_by,
        fields={name: FieldOut(value=value.value, origin=_origin(value.origin)) for name, value in values.items()},
        problem=problem,
    )


@api.patch("", responses=OF_WRITING)
def configure(
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    slug: PluginSlug,
    asked: ChangeIn,
    preview: Annotated[bool, Query(description="Only say what the change would do.")] = False,
) -> PlanOut:
    """Changes what is named, all of it or nothing; 409 where the facility is managed by files, or closed, or where the plan
    that was read is another by now."""
    work.require("facilities.configure")
    today = clock.today(work)
    require_open(require_web(work), max(today, asked.valid_from))
    plugin = plugins.plugin(slug) if asked.active is not False else plugins.ready().get(slug)
    change = _change(plugin, slug, asked, work.here.code)
    if preview:
        return _plan(plugins, plan_requests(work, plugins, [change], today), saved=False)
    try:
        return _plan(plugins, apply_requests(work, plugins, [change], asked.plan, today), saved=True)
    except PlanBlocked as blocked:
        raise blocked.issues[0].refusal from blocked


def _change(plugin: Plugin | None, slug: str, asked: ChangeIn, facility: str) -> ChangeRequest:
    """Raises ``Invalid`` for a request that changes nothing, gives no reason, or sends back the mask of a secret."""
    if asked.active is None:
        require_changes(asked.values)
    reason = required_reason.require_reason(ConfigurationRefusal.REASON, asked.reason)
    for name in sorted(secret_fields(plugin.config) & asked.values.keys()) if plugin is not None else ():
        if asked.values[name] == MASK:
            raise Invalid("host.masked_secret", _MASKED.format(field=name), _LEAVE_OUT, name)
    return ChangeRequest(
        slug,
        asked.valid_from,
        (facility,),
        values=asked.values,
        locked=frozenset(asked.locked),
        unlocked=frozenset(asked.values) - frozenset(asked.locked),
        active=asked.active,
        reason=reason,
        written=True,
    )


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


_MASKED = Text(
    id="“{field}” adalah rahasia; yang dikirim hanya samarannya, bukan nilainya.",
    en="“{field}” is a secret; what was sent is only its mask, not its value.",
)
_LEAVE_OUT = Text(
    id="Hapus isian itu dari permintaan bila tidak diganti, atau kirim nilainya yang baru.",
    en="Leave the field out of the request to keep it, or send its new value.",
)
