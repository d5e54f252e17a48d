"""A plugin's configuration at a facility as JSON: read with its origins and changed, by the rules of the form and the files."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from guyub import http
from guyub.access import required_reason
from guyub.configuration import change_preview, changes
from guyub.configuration.change_preview import ConfigChangeRequest, ConfigEffect
from guyub.configuration.merge import ValueOrigin, merged
from guyub.configuration.pages.common import (
    require_changes,
)
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.configuration.secret_values import MASK, secret_fields
from guyub.configuration.store import stored_at
from guyub.facilities import queries as facilities
from guyub.facilities.editable import require_open, require_web
from guyub.http import Clock, FacilityWork
from guyub.http.problems import OF_WRITING
from guyub.plugins.dependencies import Plugins, PluginSlug
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

    ``locked``: which of them only the regional office may change from then on.
    """

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any]
    locked: list[str] = []
    valid_from: date
    reason: str


class EffectOut(BaseModel):
    """What becomes of one field on a day; ``blocking`` stands against the change. ``field`` is "" for the whole."""

    facility: str
    field: str
    old: Any
    old_origin: OriginOut
    new: Any
    origin: OriginOut
    on: date
    kind: change_preview.ConfigEffectKind
    consequence: Text
    blocking: bool


class EffectsOut(BaseModel):
    """``saved`` is false for a preview."""

    saved: bool
    effects: list[EffectOut]


@api.get("")
def configuration(work: FacilityWork, host: Plugins, clock: Clock, slug: PluginSlug) -> ConfigurationOut:
    """Every field as it holds at this facility today, with where it comes from."""
    work.require("facilities.configure")
    today = clock.today(work)
    plugin = host.plugin(slug)
    state = merged(plugin, stored_at(work, work.here.id, today).of(slug), today)
    problem = None
    try:
        host.resolve(work, slug, work.here.id, today)
    except Refusal as refusal:
        problem = refusal.what
    here = facilities.facility(work)
    shown = {name: change_preview.shown(plugin, state, name) for name in plugin.config.model_fields}
    return ConfigurationOut(
        facility=work.here.code,
        plugin=slug,
        on=today,
        managed_by=here.managed_by,
        fields={name: FieldOut(value=one.value, origin=_origin(one.origin)) for name, one in shown.items()},
        problem=problem,
    )


@api.patch("", responses=OF_WRITING)
def configure(
    request: Request,
    work: FacilityWork,
    host: Plugins,
    clock: Clock,
    slug: PluginSlug,
    asked: ChangeIn,
    preview: Annotated[bool, Query(description="Only say what the change would do.")] = False,
) -> EffectsOut:
    """Changes the fields that are named, all of them or none; 409 where the facility is managed by files, or closed."""
    protector = http.state(request).protector
    work.require("facilities.configure")
    plugin = host.plugin(slug)
    require_open(require_web(work), max(clock.today(work), asked.valid_from))
    change = _change(plugin, asked, work.here.code)
    act = changes.preview if preview else changes.apply
    effects = act(work, plugin, change, protector)
    return EffectsOut(saved=not preview, effects=[_effect(effect) for effect in effects])


def _change(plugin: Plugin, asked: ChangeIn, facility: str) -> ConfigChangeRequest:
    """Raises ``Invalid`` for a request that changes nothing, gives no reason, or sends back the mask of a secret."""
    require_changes(asked.values)
    reason = required_reason.require_reason(ConfigurationRefusal.REASON, asked.reason)
    for name in sorted(secret_fields(plugin.config) & asked.values.keys()):
        if asked.values[name] == MASK:
            raise Invalid("host.masked_secret", _MASKED.format(field=name), _LEAVE_OUT, name)
    return ConfigChangeRequest(
        plugin.slug,
        asked.values,
        asked.valid_from,
        reason,
        facility=facility,
        locked=frozenset(asked.locked),
        written=True,
    )


def _effect(effect: ConfigEffect) -> EffectOut:
    return EffectOut(
        facility=effect.facility,
        field=effect.field,
        old=effect.before.value,
        old_origin=_origin(effect.before.origin),
        new=effect.after.value,
        origin=_origin(effect.after.origin),
        on=effect.on,
        kind=effect.kind,
        consequence=effect.consequence,
        blocking=effect.blocking,
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
