"""The form made from a plugin's configuration: shown with what is in effect, read back as the fields that somebody changed.

The form says what it showed, and its preview says it again: whatever the reader left alone is taken from what holds now, so that
nobody undoes what somebody else changed meanwhile. A value for a locked field is refused. A secret is never shown: left empty it
stays as it is, and on its way through the preview it travels sealed.
"""

import json
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any, Optional

from pydantic import BaseModel, SecretStr, create_model
from starlette.datastructures import FormData

from guyub.configuration.pages.config_view import ConfigView, FieldView, plain
from guyub.configuration.refusals import locked_field
from guyub.configuration.secret_values import opened, sealed, secret_fields
from guyub.configuration.validation import read_form
from guyub.db.keys import Protector
from guyub.sdk.config import Config
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.forms import FieldEntry

LOCK = "_lock"
"""The boxes beside the fields: which of them are locked here."""

_ABSENT = object()
SHOWN = "_shown"
"""What the form and its preview send beside the controls: what these held when the form was shown."""


def shown(plugin: Plugin, view: ConfigView, *, partly: bool = False) -> FieldEntry[Any]:
    """Returns what is in effect; a stored value that does not fit its field stands there as it is stored.

    ``partly``: a region may leave to its facilities what has no default.
    """
    entry: FieldEntry[Any] = forms.filled(partial(plugin.config) if partly else plugin.config, view.values)
    tables = {field.name for field in entry.fields if field.columns}
    raw = {name: (str(value),) for name, value in view.unfit.items() if name not in tables}
    return replace(entry, typed={**entry.typed, **raw})


@cache
def partial(model: type[Config]) -> type[BaseModel]:
    """Returns the same fields, none of them needed; how they go together is asked of every facility by the preview."""
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if info.is_required():
            info = copy(info)
            info.default = None
            fields[name] = (Optional[info.annotation], info)  # noqa: UP045 - an annotation that is only known here
        else:
            fields[name] = (info.annotation, info)
    made: type[BaseModel] = create_model(model.__name__, **fields)
    return made


@cache
def alone(model: type[BaseModel], name: str) -> type[BaseModel]:
    """Returns a model of this one field; what it means together with the others is asked of every facility that it
    reaches."""
    info = model.model_fields[name]
    made: type[BaseModel] = create_model("One", **{name: (info.annotation, info)})  # type: ignore[call-overload]  # a field whose name is only known here
    return made


def as_shown(plugin: Plugin, view: ConfigView, *, partly: bool = False) -> str:
    """Returns what the controls of each field hold, and which locks are ticked, for the hidden field of the form."""
    held = [(key, text) for key, texts in shown(plugin, view, partly=partly).typed.items() for text in texts]
    plain = {field.field.name: field for field in view.fields if field.field.kind != "secret"}
    controls = {name: [] if field.locked else _filled(_of_field(held, name)) for name, field in plain.items()}
    return json.dumps({"controls": controls, "locks": [name for name, field in plain.items() if field.own_lock]})


def _shown_before(sent: FormData) -> Mapping[str, Any]:
    """Returns what the form showed; nothing where no form was shown: then all that is sent counts."""
    try:
        before: Mapping[str, Any] = json.loads(str(sent.get(SHOWN, "{}")))
    except ValueError:
        return {}
    return before


def touched(view: ConfigView, sent: FormData) -> frozenset[str]:
    """Returns the fields whose controls the reader changed since the form was shown."""
    controls = _shown_before(sent).get("controls", {})
    return frozenset(field.field.name for field in view.fields if _is_touched(field, sent, controls))


def locks(view: ConfigView, sent: FormData | Mapping[str, str]) -> frozenset[str]:
    """Returns the fields that are to be locked here: as ticked; where the reader left the box alone, as it holds
    now."""
    held = frozenset(field.field.name for field in view.fields if field.own_lock)
    if not isinstance(sent, FormData):
        return held
    ticked = frozenset(str(name) for name in sent.getlist(LOCK))
    if SHOWN not in sent:
        return ticked
    switched = ticked ^ frozenset(_shown_before(sent).get("locks", ()))
    return (ticked & switched) | (held - switched)


def read(
    plugin: Plugin, view: ConfigView, sent: FormData, protector: Protector, place: Text, *, partly: bool = False
) -> FieldEntry[Any]:
    """Returns what was sent of the fields that were changed, the others as they are in effect; ``place`` is named where
    something is wrong."""
    before = shown(plugin, view, partly=partly)
    held = [(key, text) for key, texts in before.typed.items() for text in texts]
    pairs = [(forms.ONE_MORE, str(sent[forms.ONE_MORE]))] if forms.ONE_MORE in sent else []
    taken = touched(view, sent)
    for field in view.fields:
        name = field.field.name
        if field.field.kind == "secret":
            secret = _secret(plugin, field.locked, name, view, sent, protector)
            pairs += [(name, secret)] if secret else []
        elif name in taken and not field.locked:
            pairs += _of_field(_texts(sent), name)
        else:
            pairs += [*_of_field(held, name), *_rows(name, before, {} if field.locked else sent)]
    model = partial(plugin.config) if partly else plugin.config
    return read_form(plugin, model, FormData([*pairs]), place)


def refuse_locked(plugin: Plugin, view: ConfigView, sent: FormData, protector: Protector, place: Text) -> None:
    """Raises ``Invalid`` for a field that a lock keeps from the reader and that was sent with another value than it has."""
    taken = touched(view, sent)
    for field in view.fields:
        name = field.field.name
        if field.locked and name in taken and _sent_value(plugin, name, sent, protector) != _held(view, name):
            assert field.origin.since is not None
            raise locked_field(
                field=name,
                title=field.field.title,
                place=place,
                locked_at=field.origin.kept_by,
                locked_by=field.origin.actor,
                since=field.origin.since,
            )


def changes(entry: FieldEntry[Any], view: ConfigView, locks: frozenset[str] | None = None) -> dict[str, Any]:
    """Returns Python values of the fields that differ from what is in effect; a locked one never does.

    ``locks`` are the fields to be locked here; one that becomes locked or free is a change as well. None: not asked.
    """
    model = entry.model
    assert model is not None
    changed = {}
    for field in view.fields:
        name = field.field.name
        value, held = getattr(model, name), view.values.get(name, _ABSENT)
        left_open = value is None and held is _ABSENT
        relocked = locks is not None and (name in locks) != field.own_lock
        if not field.locked and (relocked or (value != held and not left_open)):
            changed[name] = value
    return changed


def carried(
    plugin: Plugin, entry: FieldEntry[Any], changed: Mapping[str, Any], sent: FormData, protector: Protector
) -> list[tuple[str, str]]:
    """Returns what the preview hands on to the next request, as hidden fields: the form as it was sent, a secret
    sealed."""
    secrets = {field.name for field in entry.fields if field.kind == "secret"}
    kept = {field.name for field in entry.fields if field.name not in secrets} | {SHOWN, LOCK}
    hidden = [(key, text) for key, text in _texts(sent) if key.partition(".")[0] in kept]
    sealed_secrets = sealed(
        protector, plugin.config, {name: value for name, value in changed.items() if name in secrets}
    )
    return [*hidden, *((name, json.dumps(value)) for name, value in sealed_secrets.items())]


def _is_touched(view: FieldView, sent: FormData, before: Mapping[str, Any]) -> bool:
    name = view.field.name
    controls = _of_field(_texts(sent), name)
    if view.field.kind == "secret":
        return any(text.strip() for _, text in controls)
    if name in before:
        return bool(_filled(controls) != before[name])
    return not view.locked or bool(controls)


def _filled(controls: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Returns the same for what a form shows and for what a browser sends of it untouched."""
    held = [[key, text.replace("\r\n", "\n").strip()] for key, text in controls if not key.endswith("._rows")]
    return sorted(pair for pair in held if pair[1])


def _texts(sent: FormData) -> list[tuple[str, str]]:
    return [(key, value) for key, value in sent.multi_items() if isinstance(value, str)]


def _of_field(controls: Iterable[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    return [(key, text) for key, text in controls if key.partition(".")[0] == name]


def _rows(name: str, before: FieldEntry[Any], sent: FormData | Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns the number of rows of a table that was left alone: all it had, and those that the reader had asked
    for."""
    if name not in before.rows:
        return []
    asked = str(sent.get(f"{name}._rows", ""))
    return [(f"{name}._rows", str(max(before.rows[name], int(asked) if asked.isdecimal() else 0)))]


def _sent_value(plugin: Plugin, name: str, sent: FormData, protector: Protector) -> object:
    """Returns the value as the model has it; something that equals nothing where it cannot be read."""
    if name in secret_fields(plugin.config):
        return _unsealed(plugin, name, str(sent.get(name, "")), protector)
    read_alone = forms.read(alone(plugin.config, name), FormData([*_of_field(_texts(sent), name)]))
    return getattr(read_alone.model, name) if read_alone.model is not None else object()


def _held(view: ConfigView, name: str) -> object:
    value = view.values.get(name)
    return plain(value) if isinstance(value, SecretStr) else value


def _secret(plugin: Plugin, locked: bool, name: str, view: ConfigView, sent: FormData, protector: Protector) -> str:
    typed = sent.get(name)
    if locked or not isinstance(typed, str) or not typed.strip():
        known = view.values.get(name)
        return plain(known) if known is not None else ""
    return _unsealed(plugin, name, typed, protector)


def _unsealed(plugin: Plugin, name: str, text: str, protector: Protector) -> str:
    """Returns what the preview sealed, or what somebody typed."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    secret = opened(protector, plugin.config, {name: parsed})[name]
    return secret if secret is not parsed and isinstance(secret, str) else text
