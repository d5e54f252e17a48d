"""A plan as people read it: whatever becomes of several facilities alike stands there once, with their names."""

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from guyub.access.labels import permission_text
from guyub.configuration.change_text import called, field_of, named
from guyub.configuration.effects import SettingEffect
from guyub.configuration.merge import ValueOrigin
from guyub.configuration.pages.value_text import value_lines
from guyub.configuration.plan import Plan
from guyub.configuration.plan_summary import FOLLOWS, alike, consequence_groups, follows_letters, noted
from guyub.configuration.secret_values import masked
from guyub.configuration.steps import PlannedChange
from guyub.configuration.store import NATIONAL
from guyub.facilities.details import LABELS
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.sdk.words import period_name
from guyub.ui.model_fields import FormField


@dataclass(frozen=True, slots=True)
class PlanViewGroup:
    """Holds what becomes of one thing at ``places`` (their names). ``before`` and ``after`` are lines to read."""

    title: Text
    before: Sequence[Text]
    before_from: Text
    after: Sequence[Text]
    after_from: Text
    since: date | None
    consequence: Text
    places: tuple[str, ...]
    idle: tuple[str, ...] = ()
    """Where the plugin does not run, so that it counts only once it is activated."""


@dataclass(frozen=True, slots=True)
class PlanSentence:
    """A sentence about the plan, and the facilities that it is about; a blocking one stops it."""

    sentence: Text
    places: tuple[str, ...]
    is_blocking: bool


def groups(plan: Plan, plugins: PluginRegistry, names: Mapping[str, str]) -> list[PlanViewGroup]:
    """Returns what a plan does, group by group; ``names`` are those of facilities and regions by code."""
    switches = [change for change in plan.changes if change.what.startswith("plugin.")]
    records = [change for change in plan.changes if not change.what.startswith(("plugin.", "config."))]
    return [
        *(
            replace(group, consequence=_BEGINS if group.after == (_ON,) else _ENDS)
            for group in of_changes(switches, plugins, names)
        ),
        *(_group(part, plugins, names) for some in alike(plan.effects, _key) for part in _by_month(some)),
        *of_changes(records, plugins, names),
    ]


def of_changes(
    changes: Sequence[PlannedChange], plugins: PluginRegistry, names: Mapping[str, str]
) -> list[PlanViewGroup]:
    """Returns what was recorded, layer by layer; what became of it at the facilities is not kept."""
    follows = follows_letters(changes)

    def key(change: PlannedChange) -> Hashable:
        is_new = isinstance(change.new, Mapping) and change.old is None and not change.what.startswith("config.")
        values = "" if is_new else json.dumps([change.old, change.new], sort_keys=True, default=str)
        return named(change, plugins)[0].id, change.origin, "letters" if follows(change) else values, change.valid_from

    groups = []
    for some in alike(changes, key):
        first = some[0]
        title, field = named(first, plugins)
        before, after = _said(field, first.old, first), _said(field, first.new, first)
        if follows(first):
            before, after = (), (FOLLOWS,)
        if first.what.endswith(".locked") and first.old and not first.new:
            after = (_RELEASED,)
        places = tuple(dict.fromkeys(_place(change, names) for change in some))
        groups.append(PlanViewGroup(title, before, _NOWHERE, after, _NOWHERE, first.valid_from, _NOWHERE, places))
    return groups


def _place(change: PlannedChange, names: Mapping[str, str]) -> str:
    code = change.facility or change.region
    return names.get(code, code) if code else NATIONAL.id


def _said(field: FormField | None, value: Any, change: PlannedChange) -> Sequence[Text]:
    if change.what.startswith("plugin."):
        return (_ON if value else _OFF,)
    if change.what.endswith(".locked"):
        return (_LOCKED[bool(value)],)
    if value is None and change.what.startswith("config."):
        return (_INHERITED,)
    if not change.what.startswith("config."):
        return _said_of_record(change, value)
    return value_lines(field, masked(None, change.what, value))


def _said_of_record(change: PlannedChange, value: Any) -> Sequence[Text]:
    """Returns the lines of a record: one as a whole is only named; of one that was there before, the part that
    changed."""
    if value is None:
        return (_ABSENT,)
    if isinstance(value, Mapping):
        return (_RECORDED,)
    kind, _, part = change.what.partition(".")
    name = part.rpartition(".")[2]
    if change.what == "separation":
        return tuple(permission_text(permission) for permission in str(value).split("/"))
    if name == "permissions":
        shown = Text.join(", ", [permission_text(permission) for permission in value])
    else:
        shown = Text.same(", ".join(str(item) for item in value) if isinstance(value, list | tuple) else value)
    if not part:
        return (shown,)
    return (Text.join(": ", ((LABELS if kind == "facility" else _PARTS).get(name, name), shown)),)


def sentences(plan: Plan, names: Mapping[str, str]) -> list[PlanSentence]:
    """Returns those that block the plan first, then its consequences."""

    def called(codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(names.get(code, code) for code in codes)

    notes = [
        PlanSentence(group.sentence, called(group.places), group.first.is_blocking) for group in noted(plan.issues)
    ]
    notes += [
        PlanSentence(consequence_group.sentence, called(consequence_group.facilities), False)
        for consequence_group in consequence_groups(plan.consequences)
    ]
    return sorted(notes, key=lambda item: not item.is_blocking)


def _by_month(alike_effects: Sequence[SettingEffect]) -> Iterator[Sequence[SettingEffect]]:
    """Yields the effects of one month together; where the plugin does not run stands beside them, and alone where there
    are several."""
    by_month = alike((effect for effect in alike_effects if effect.active), lambda effect: effect.month)
    idle = [effect for effect in alike_effects if not effect.active]
    if len(by_month) == 1:
        yield [*by_month[0], *idle]
        return
    yield from by_month
    if idle:
        yield idle


def _key(effect: SettingEffect) -> Hashable:
    values = json.dumps([effect.before.value, effect.after.value], sort_keys=True, default=str)
    origins = tuple(
        (effective_value.origin.layer, effective_value.origin.locked)
        for effective_value in (effect.before, effect.after)
    )
    return (effect.plugin, effect.field, effect.on, values, origins, effect.kind)


def _group(effects: Sequence[SettingEffect], plugins: PluginRegistry, names: Mapping[str, str]) -> PlanViewGroup:
    first = effects[0]
    field = field_of(plugins, first.plugin, first.field)
    return PlanViewGroup(
        called(f"config.{first.plugin}.{first.field}", plugins),
        value_lines(field, first.before.value),
        _from([effect.before.origin for effect in effects]),
        value_lines(field, first.after.value),
        _from([effect.after.origin for effect in effects]),
        first.on,
        consequence(first),
        tuple(names.get(effect.facility, effect.facility) for effect in effects if effect.active),
        tuple(names.get(effect.facility, effect.facility) for effect in effects if not effect.active),
    )


def consequence(effect: SettingEffect) -> Text:
    """Returns what becomes of the value and of a lock on it, and from which month it counts for a programme."""
    parts = [_CONSEQUENCES[effect.kind]]
    lock = _BECOMES_LOCKED.get((effect.before.origin.locked, effect.after.origin.locked))
    parts += [lock] if lock is not None else []
    if (month := effect.month) is not None:
        parts.append(_COUNTS.format(id_month=period_name(month), en_month=period_name(month, "en")))
    return Text(id=" ".join(part.id for part in parts), en=" ".join(part.en for part in parts))


def _from(origins: Sequence[ValueOrigin]) -> Text:
    """Returns where the values come from, of several facilities in general words."""
    if len({origin.sentence.id for origin in origins}) == 1:
        return origins[0].sentence
    return _OWN_LOCKED if origins[0].locked else _OWN


_PARTS = {
    "name": Text(id="nama", en="name"),
    "title": Text(id="sebutan", en="title"),
    "nip": Text.same("NIP"),
    "acting": Text.same("Plt./Plh."),
    "valid_until": Text(id="sampai", en="until"),
    "office_name": Text(id="nama kantor", en="name of the office"),
    "letter_code": Text(id="kode surat", en="code of letters"),
    "letter_template": Text(id="pola nomor surat", en="pattern of letter numbers"),
    "letterhead": Text(id="kepala surat", en="letterhead"),
    "capital": Text(id="kedudukan kantor", en="seat of the office"),
    "provinces": Text(id="provinsi", en="provinces"),
    "permissions": Text(id="wewenang", en="permissions"),
    "titles": Text(id="sebutan", en="titles"),
    "scope": Text(id="jangkauan", en="scope"),
    "label": Text(id="nama", en="name"),
    "detail": Text(id="isi", en="words"),
}
_ABSENT, _RECORDED = Text(id="belum ada", en="not there yet"), Text(id="dicatat", en="recorded")
_NOWHERE = Text(id="", en="")
_LOCKED = {True: Text(id="dikunci", en="locked"), False: Text(id="tidak dikunci", en="not locked")}
_RELEASED = Text(id="kunci dilepas", en="lock taken off")
_INHERITED = Text(id="nilai warisan", en="the inherited value")
_ON, _OFF = Text(id="aktif", en="active"), Text(id="tidak aktif", en="not active")
_BEGINS = Text(id="Petugas dapat memakainya mulai hari itu.", en="The staff can use it from that day on.")
_ENDS = Text(
    id="Tidak ada lagi yang dapat dicatat dengannya mulai hari itu; data dan bukunya tetap dapat dibaca.",
    en="Nothing more can be recorded with it from that day on; its data and books stay readable.",
)
_OWN = Text(id="nilai UPT masing-masing", en="each facility's own value")
_OWN_LOCKED = Text(
    id="nilai UPT masing-masing, dikunci oleh kantor wilayah",
    en="each facility's own value, locked by the regional office",
)
_COUNTS = Text(id="Terhitung mulai bulan {id_month}.", en="It counts from the month of {en_month} on.")
_CONSEQUENCES = {
    "changes": Text(id="Berubah.", en="Changes."),
    "same": Text(id="Nilainya tetap sama.", en="The value stays the same."),
    "keeps_its_own": Text(id="Tetap memakai nilainya sendiri.", en="Keeps the value of its own."),
    "loses_its_own": Text(id="Nilainya sendiri tidak berlaku lagi.", en="Its own value no longer holds."),
}
_BECOMES_LOCKED = {
    (False, True): Text(id="Dikunci.", en="Locked."),
    (True, False): Text(id="Kunci dilepas.", en="The lock is taken off."),
    (True, True): Text(id="Tetap dikunci.", en="Stays locked."),
}
"""By whether it was locked before, and is afterwards."""
