"""Changing the configuration of a plugin: checked at every facility that it reaches, recorded, audited; all of it or nothing."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import uuid4

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.configuration import applied_plans
from guyub.configuration.bulk_write import ValueAt, set_many
from guyub.configuration.change_preview import ConfigChangeRequest, ConfigEffect, effects_at
from guyub.configuration.config_steps import Step, own_rows, steps_of
from guyub.configuration.secret_values import sealed, secret_fields
from guyub.configuration.store import NATIONAL, FacilityLayers, places_below
from guyub.configuration.validation import AT, MEND, problems
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.validation_messages import unknown


def preview(work: Work, plugin: Plugin, change: ConfigChangeRequest, protector: Protector) -> list[ConfigEffect]:
    """What ``apply`` would do, a refusal that holds whatever else is configured included. Nothing is written; two queries,
    however many facilities."""
    return _checked(work, plugin, change.as_stored(), protector)[1]


def apply(
    work: Work, plugin: Plugin, change: ConfigChangeRequest, protector: Protector, *, seen: str | None = None
) -> list[ConfigEffect]:
    """Records the change and returns what it does, as ``preview``. ``seen`` is the digest of the effects that were read.

    Raises ``Invalid`` (with the field) for an unknown field, for a value that would make a configuration invalid, at any
    facility and on any later day, and for a field that a layer above has locked; ``Refusal`` where the facility is managed
    by files, and where the change does by now something else than was seen; ``Forbidden`` and ``NotFound`` outside the
    actor's reach.
    """
    change = change.as_stored()
    # Two changes that are valid each by itself wait for one another, and for files that are being applied.
    work.run("SELECT pg_advisory_xact_lock(hashtextextended('guyub.provisioning', 0))")
    places, effects = _checked(work, plugin, change, protector)
    for effect in effects:
        if effect.blocking:
            raise Invalid("host.config_value", effect.consequence, MEND, effect.field)
    if seen is not None and seen != digest(effects):
        raise ConfigMoved
    own = own_rows(places[0], change.layer, change.region) if places else ()
    values = sealed(protector, plugin.config, change.values)
    steps = steps_of(values, change.locked, change.valid_from, plugin.config_version, own)
    if steps:
        _record(work, plugin, change, steps)
        _audit(work, plugin, change, places)
    return effects


def _record(work: Work, plugin: Plugin, change: ConfigChangeRequest, steps: Sequence[Step]) -> None:
    """The rows, and what takes them back; secrets stand in no history."""
    set_many(
        work,
        [
            ValueAt(
                change.layer,
                change.facility or change.region,
                plugin.slug,
                step.field,
                step.value,
                step.locked,
                step.valid_from,
                change.reason,
                step.config_version,
            )
            for step in steps
        ],
    )
    secrets = secret_fields(plugin.config)
    rows = [_noted(plugin, change, step) for step in steps if step.field not in secrets]
    if rows:
        applied_plans.note(work, _digest_of(rows), "web", change.reason, rows)


def _noted(plugin: Plugin, change: ConfigChangeRequest, step: Step) -> dict[str, Any]:
    before = step.before
    what = f"config.{plugin.slug}.{step.field}"
    return {
        "origin": change.layer,
        "region": change.region,
        "facility": change.facility,
        "what": f"{what}.locked" if step.changes_the_lock_alone else what,
        "plugin": plugin.slug,
        "field": step.field,
        "old": before.value if before is not None else None,
        "new": step.value,
        "was_locked": before.locked if before is not None else False,
        "locked": step.locked,
        "valid_from": step.valid_from.isoformat(),
    }


def _digest_of(rows: Sequence[dict[str, Any]]) -> str:
    """Of this change alone: the same one may be made again once another came between."""
    return sha256(json.dumps([uuid4().hex, *rows], sort_keys=True, default=str).encode()).hexdigest()


def digest(effects: Sequence[ConfigEffect]) -> str:
    """Names exactly this: what holds at every facility concerned, and what becomes of it."""
    canonical = json.dumps([asdict(effect) for effect in effects], sort_keys=True, default=str)
    return sha256(canonical.encode()).hexdigest()


class ConfigMoved(Refusal):
    """The change does by now something else than its preview showed."""

    def __init__(self) -> None:
        super().__init__("host.preview_moved", _MOVED, _READ_AGAIN)


def _checked(
    work: Work, plugin: Plugin, change: ConfigChangeRequest, protector: Protector
) -> tuple[list[FacilityLayers], list[ConfigEffect]]:
    work.require("facilities.configure")
    places = places_below(work, change.plugin, change.valid_from, region=change.region, facility=change.facility)
    _check_place(work, change, places)
    _check_values(plugin, change, places)
    return places, effects_at(places, plugin, change, work.login, protector)


def _check_values(plugin: Plugin, change: ConfigChangeRequest, places: Sequence[FacilityLayers]) -> None:
    """What is wrong whatever holds elsewhere: the rest shows at the facilities."""
    for name in change.values:
        if name not in plugin.config.model_fields:
            raise Invalid("host.config_field", unknown(name, plugin.config.model_fields), MEND, name)
    for name in sorted(change.locked):
        if change.values.get(name) is None:
            raise Invalid("host.config_lock", _NO_LOCK.format(field=name), _LOCK_REMEDY, name)
        if change.layer == "facility" and not places[0].decides:
            raise Forbidden("host.lock_is_regional", _NOT_YOURS.format(field=name), _ASK_ABOVE)
    given = {name: value for name, value in change.values.items() if value is not None}
    for problem in problems(plugin.config, given, written=change.written):
        if problem.field in given and not problem.of_the_whole and not problem.only_missing:
            what = AT.format(place=_place(change, places), plugin=plugin.title, sentence=problem.sentence)
            raise Invalid("host.config_value", what, MEND, problem.field)


def _check_place(work: Work, change: ConfigChangeRequest, places: Sequence[FacilityLayers]) -> None:
    if not places and (change.facility or change.region):
        code = change.facility or change.region
        raise NotFound(
            "host.no_place_here",
            Text(
                id="Tidak ada UPT dalam jangkauan Anda pada “{code}”.",
                en="There is no facility within your reach at “{code}”.",
            ).format(code=code),
            Text(id="Periksa kodenya pada daftar UPT Anda.", en="Check the code against the list of your facilities."),
        )
    if change.region and not places[0].decides:
        raise Forbidden("host.region_not_yours", _NOT_YOUR_REGION.format(office=places[0].region_name), _ASK_THEM)
    if change.region and places[0].region_managed_by == "files" and not work.is_system:
        raise FacilitiesRefusal.REGION_VALUES_MANAGED_BY_FILES.refusal(name=places[0].region_name.id)
    if change.facility and places[0].managed_by == "files" and not work.is_system:
        raise FacilitiesRefusal.MANAGED_BY_FILES.refusal(name=places[0].name)


def _place(change: ConfigChangeRequest, places: Sequence[FacilityLayers]) -> Text:
    if change.layer == "facility":
        return Text(id=places[0].name, en=places[0].name)
    return NATIONAL if change.layer == "national" else places[0].region_name


def _audit(work: Work, plugin: Plugin, change: ConfigChangeRequest, places: Sequence[FacilityLayers]) -> None:
    """In the trail of the facility, or of the installation; a person above facilities writes into each one below."""
    details = {
        "fields": sorted(change.values),
        "locked": sorted(change.locked),
        "valid_from": change.valid_from.isoformat(),
        "at": change.facility or change.region or "national",
        "reason": change.reason,
    }
    chains = [place.id for place in places] if change.facility or not work.is_system else [audit.INSTALLATION]
    audit.record_many(work, [AuditEntry(chain, "host.configure", plugin.slug, details) for chain in chains])


_MOVED = Text(
    id="Keadaan sudah berubah sejak akibatnya ditampilkan: nilai, kunci, atau UPT yang terkena tidak lagi sama. Belum ada yang"
    " disimpan.",
    en="Things have changed since the effect was shown: the values, locks or facilities concerned are no longer the same."
    " Nothing is saved.",
)
_READ_AGAIN = Text(
    id="Baca akibatnya yang baru di bawah ini, lalu simpan sekali lagi.",
    en="Read the new effect below, then save once more.",
)
_NO_LOCK = Text(
    id="“{field}” hanya dapat dikunci bersama nilainya.", en="“{field}” can only be locked together with a value."
)
_NOT_YOURS = Text(
    id="“{field}” hanya dapat dikunci oleh pusat atau kantor wilayah.",
    en="“{field}” can only be locked by the nation or a regional office.",
)
_NOT_YOUR_REGION = Text(
    id="Nilai untuk seluruh UPT hanya ditetapkan oleh {office}.",
    en="Values for all facilities are set by {office} only.",
)
_ASK_THEM = Text(id="Minta administrator kantor wilayah menetapkannya.", en="Ask its administrator to set them.")
_ASK_ABOVE = Text(
    id="Simpan nilainya tanpa kunci, atau minta kantor wilayah menguncinya.",
    en="Save the value without a lock, or ask the regional office to lock it.",
)
_LOCK_REMEDY = Text(id="Isi nilainya, atau lepaskan kuncinya.", en="Give it a value, or take the lock off.")
