"""The form made from a plugin's configuration: shown with what is in effect, read back as the fields that somebody changed.

A locked field is never taken from what was sent. A secret is never shown: left empty it stays as it is, and on its way
through the preview it travels sealed.
"""

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any, Optional

from pydantic import BaseModel, create_model
from starlette.datastructures import FormData

from guyub.db.keys import Protector
from guyub.host.config_checks import said_at
from guyub.host.pages.config_view import ConfigView, plain
from guyub.host.secret_values import opened, sealed
from guyub.sdk.config import Config
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.forms import Entry

_ABSENT = object()


def shown(plugin: Plugin, view: ConfigView, *, partly: bool = False) -> Entry[Any]:
    """What is in effect; a stored value that does not fit its field stands there as it is stored.

    ``partly``: a region may leave to its facilities what has no default.
    """
    entry: Entry[Any] = forms.filled(partial(plugin.config) if partly else plugin.config, view.values)
    tables = {field.name for field in entry.fields if field.columns}
    raw = {name: (str(value),) for name, value in view.unfit.items() if name not in tables}
    return replace(entry, typed={**entry.typed, **raw})


@cache
def partial(model: type[Config]) -> type[BaseModel]:
    """The same fields, none of them needed; how they go together is asked of every facility by the preview."""
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


def read(
    plugin: Plugin, view: ConfigView, sent: FormData, protector: Protector, place: Text, *, partly: bool = False
) -> Entry[Any]:
    """What was sent, with the locked fields as they are in effect; ``place`` is named where something is wrong."""
    before = shown(plugin, view, partly=partly)
    pairs = [(name, value) for name, value in sent.multi_items() if _field_of(name) not in _not_sent(view)]
    for one in view.fields:
        name = one.field.name
        if one.locked and one.field.kind != "secret":
            pairs += [(key, text) for key, texts in before.typed.items() if _field_of(key) == name for text in texts]
            if name in before.rows:
                pairs.append((f"{name}._rows", str(before.rows[name])))
        elif one.field.kind == "secret" and (secret := _secret(plugin, one.locked, name, view, sent, protector)):
            pairs.append((name, secret))
    model = partial(plugin.config) if partly else plugin.config
    return forms.read(model, FormData(pairs), said_at(place, plugin))


def changes(entry: Entry[Any], view: ConfigView, locks: frozenset[str] | None = None) -> dict[str, Any]:
    """Python values of the fields that differ from what is in effect; a locked one never does.

    ``locks`` are the fields to be locked here; one that becomes locked or free is a change as well. None: not asked.
    """
    model = entry.model
    assert model is not None
    found = {}
    for one in view.fields:
        name = one.field.name
        value, held = getattr(model, name), view.values.get(name, _ABSENT)
        left_open = value is None and held is _ABSENT
        relocked = locks is not None and (name in locks) != one.own_lock
        if not one.locked and (relocked or (value != held and not left_open)):
            found[name] = value
    return found


def carried(
    plugin: Plugin, entry: Entry[Any], changed: Mapping[str, Any], protector: Protector
) -> list[tuple[str, str]]:
    """What the preview hands on to the next request, as hidden fields: a changed secret sealed, one that stays not at all."""
    secrets = {field.name for field in entry.fields if field.kind == "secret"}
    own = {field.name for field in entry.fields} - secrets
    hidden = [(name, text) for name, texts in entry.typed.items() if _field_of(name) in own for text in texts]
    hidden += [(f"{name}._rows", str(count)) for name, count in entry.rows.items()]
    for name, value in sealed(protector, plugin.config, {k: v for k, v in changed.items() if k in secrets}).items():
        hidden.append((name, json.dumps(value)))
    return list(dict.fromkeys(hidden))


def _not_sent(view: ConfigView) -> set[str]:
    return {one.field.name for one in view.fields if one.locked or one.field.kind == "secret"}


def _secret(
    plugin: Plugin, locked: bool, name: str, view: ConfigView, sent: FormData, protector: Protector
) -> str:  # fmt: skip
    given = sent.get(name)
    if locked or not isinstance(given, str) or not given.strip():
        known = view.values.get(name)
        return plain(known) if known is not None else ""
    return _unsealed(plugin, name, given, protector)


def _unsealed(plugin: Plugin, name: str, given: str, protector: Protector) -> str:
    """What the preview sealed, or what somebody typed."""
    try:
        parsed = json.loads(given)
    except ValueError:
        return given
    found = opened(protector, plugin.config, {name: parsed})[name]
    return found if found is not parsed and isinstance(found, str) else given


def _field_of(control: str) -> str:
    return control.partition(".")[0]
