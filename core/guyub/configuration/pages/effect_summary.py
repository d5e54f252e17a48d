"""What a change of configuration does, as it is read: alike at several facilities, it stands there once."""

import json
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from guyub.configuration.change_preview import ConfigEffect
from guyub.configuration.merge import ValueOrigin
from guyub.configuration.pages.value_text import said
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of

_WHOLE = Text(id="Seluruh konfigurasi", en="The whole configuration")
_OWN = Text(id="nilai UPT masing-masing", en="each facility's own value")
_KEEP = Text(id="Tetap memakai nilainya sendiri.", en="Keep the value of their own.")
_LOSE = Text(
    id="Nilainya sendiri tidak berlaku lagi karena dikunci.", en="Their own value no longer holds, as it is locked."
)


@dataclass(frozen=True, slots=True)
class EffectSummary:
    """What becomes of one field: ``before`` and ``after`` in lines to read, each with where it comes from.

    ``places`` are the names of the facilities where the plugin runs, ``idle`` those of the others.
    """

    title: Text
    before: Sequence[Text]
    before_from: Text
    after: Sequence[Text]
    after_from: Text
    consequence: Text
    blocking: bool
    places: tuple[str, ...]
    idle: tuple[str, ...]


def as_read(plugin: Plugin, effects: Sequence[ConfigEffect]) -> list[EffectSummary]:
    """What stands against the change first."""
    alike: defaultdict[Hashable, list[ConfigEffect]] = defaultdict(list)
    for effect in effects:
        alike[_key(effect)].append(effect)
    return sorted((_change(plugin, some) for some in alike.values()), key=lambda item: not item.blocking)


def _key(effect: ConfigEffect) -> Hashable:
    values = json.dumps([effect.before.value, effect.after.value], sort_keys=True, default=str)
    layers = tuple((origin.layer, origin.locked) for origin in (effect.before.origin, effect.after.origin))
    # What is wrong is said in the words of each facility.
    own = effect.consequence.id if effect.kind in ("invalid", "locked") else effect.kind
    return (effect.field, effect.on, values, layers, own, effect.blocking)


def _change(plugin: Plugin, some: Sequence[ConfigEffect]) -> EffectSummary:
    first = some[0]
    field = next((field for field in fields_of(plugin.config) if field.name == first.field), None)
    consequence = first.consequence
    if len({effect.consequence.id for effect in some}) > 1:
        consequence = _KEEP if first.kind == "keeps_its_own" else _LOSE
    return EffectSummary(
        field.title if field is not None else _WHOLE,
        said(field, first.before.value),
        _from([effect.before.origin for effect in some]),
        said(field, first.after.value),
        _from([effect.after.origin for effect in some]),
        consequence,
        first.blocking,
        tuple(effect.name for effect in some if effect.active),
        tuple(effect.name for effect in some if not effect.active),
    )


def _from(origins: Sequence[ValueOrigin]) -> Text:
    return origins[0].sentence if len({origin.sentence.id for origin in origins}) == 1 else _OWN
