"""The form made from a plugin's configuration: shown with what is in effect, read back as the fields that somebody changed.

A locked field is never taken from what was sent. A secret is never shown: left empty it stays as it is, and on its way
through the preview it travels sealed.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData

from guyub.db.keys import Protector
from guyub.host.pages.config_view import ConfigView, plain
from guyub.host.secret_values import opened, sealed
from guyub.sdk.config import Config
from guyub.sdk.plugin import Plugin
from guyub.ui import forms
from guyub.ui.forms import Entry

_ABSENT = object()


def shown(plugin: Plugin, view: ConfigView) -> Entry[Config]:
    """What is in effect; a stored value that does not fit its field stands there as it is stored."""
    entry = forms.filled(plugin.config, view.values)
    tables = {field.name for field in entry.fields if field.columns}
    raw = {name: (str(value),) for name, value in view.unfit.items() if name not in tables}
    return replace(entry, typed={**entry.typed, **raw})


def read(plugin: Plugin, view: ConfigView, sent: FormData, protector: Protector) -> Entry[Config]:
    """What was sent, with the locked fields as they are in effect."""
    before = shown(plugin, view)
    pairs = [(name, value) for name, value in sent.multi_items() if _field_of(name) not in _not_sent(view)]
    for one in view.fields:
        name = one.field.name
        if one.locked and one.field.kind != "secret":
            pairs += [(key, text) for key, texts in before.typed.items() if _field_of(key) == name for text in texts]
            if name in before.rows:
                pairs.append((f"{name}._rows", str(before.rows[name])))
        elif one.field.kind == "secret" and (secret := _secret(plugin, one.locked, name, view, sent, protector)):
            pairs.append((name, secret))
    return forms.read(plugin.config, FormData(pairs))


def changes(entry: Entry[Config], view: ConfigView) -> dict[str, Any]:
    """Python values of the fields that differ from what is in effect; a locked one never does."""
    model = entry.model
    assert model is not None
    return {
        one.field.name: getattr(model, one.field.name)
        for one in view.fields
        if not one.locked and getattr(model, one.field.name) != view.values.get(one.field.name, _ABSENT)
    }


def carried(
    plugin: Plugin, entry: Entry[Config], changed: Mapping[str, Any], protector: Protector
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
