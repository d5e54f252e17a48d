"""Holds what a form showed its reader: the version of what it edits or decides upon, and what its controls held.

A decision binds what was seen. Every such form says in one hidden field (``field.seen``) what it was made of; whoever takes it
compares that with what stands, under a lock, and the database does so again. Where it has moved on, the answer is the form with
what changed and with all that was typed: a control that its reader had left alone shows what holds now. A form that comes without
the field is answered in the same way: nobody knows what its sender saw.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from starlette.datastructures import FormData

from guyub.sdk.text import Period, Text

SEEN = "version"
"""The name of the hidden field."""
NEVER = -1
"""The version that no record ever has: of a form that says none, or something that is none."""

Shown = Mapping[str, str]
"""What the controls of a form hold, by their names; empty ones may be missing. What begins with "_" is no control."""


@dataclass(frozen=True, slots=True)
class Seen:
    """``version`` is ``NEVER`` where a form says none: it is old, and what its sender saw is not known."""

    version: int
    shown: Shown = field(default_factory=dict)

    def __str__(self) -> str:
        """Returns what the hidden field holds."""
        held = {name: value for name, value in self.shown.items() if value}
        return f"{self.version} {json.dumps(held)}" if held else f"{self.version}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Holds what is not as it was read. ``by`` and ``at`` say who changed it and when, where that is known."""

    what: Text
    before: Text
    after: Text
    by: str = ""
    at: datetime | None = None


def seen_in(form: FormData | Mapping[str, object]) -> Seen:
    """Returns what a form that was sent had shown."""
    sent = form.get(SEEN)
    if sent is None:
        return Seen(NEVER)
    number, _, held = str(sent).strip().partition(" ")
    return Seen(as_version(number), _shown(held))


def as_version(text: str) -> int:
    """Returns a version as it was sent; ``NEVER`` for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NEVER


def moved(seen: Seen, now: Shown) -> Sequence[str]:
    """Returns the names of the controls that would not hold now what they showed; none where it is not known what that was."""
    if seen.version == NEVER:
        return []
    names = dict.fromkeys(name for name in (*now, *seen.shown) if not name.startswith("_"))
    return [name for name in names if seen.shown.get(name, "") != now.get(name, "")]


class Moved(Exception):
    """What the form of an act had shown does not hold any more, or nobody knows what it had shown."""


def demand_shown(seen: Seen, now: Shown) -> None:
    """Raises ``Moved`` unless the form showed what holds ``now``, which is read under the lock of what the act changes."""
    if seen.version == NEVER or moved(seen, now):
        raise Moved


def in_words(seen: Seen, now: Shown, titles: Mapping[str, Text], months: Collection[str] = ()) -> list[Difference]:
    """Returns what is not as the form had shown it; each with its title. ``months`` are the controls that hold a month."""

    def words(shown: Shown, name: str) -> Text:
        held = shown.get(name) or "–"
        return _month(held) if name in months else Text.same(held)

    return [
        Difference(titles[name], words(seen.shown, name), words(now, name))
        for name in moved(seen, now)
        if name in titles
    ]


def _month(held: str) -> Text:
    """Returns a month by its name; what is none is shown as it came."""
    try:
        return Text.same(Period(date.fromisoformat(f"{held}-01")))
    except ValueError:
        return Text.same(held)


def typed_anew(seen: Seen, typed: Mapping[str, object], now: Shown) -> dict[str, object]:
    """Returns what the form shows next: what its reader typed, and what holds now where they had left it as it was shown."""
    names = dict.fromkeys([*now, *typed])
    return {name: now.get(name, "") if _is_left(seen, typed, name) else typed.get(name, "") for name in names}


def _is_left(seen: Seen, typed: Mapping[str, object], name: str) -> bool:
    value = typed.get(name, "")
    text = value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
    return text == seen.shown.get(name, "").replace("\r\n", "\n").strip()


def _shown(held: str) -> Shown:
    try:
        shown = json.loads(held) if held else {}
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in shown.items()} if isinstance(shown, dict) else {}
