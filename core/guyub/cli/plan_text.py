"""A plan as the command line prints it: one page for many facilities, Indonesian with English beside or below."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from guyub.cli.difference_text import differing, shown
from guyub.cli.output import beside
from guyub.configuration.change_text import field_of
from guyub.configuration.effects import SettingEffect
from guyub.configuration.plan import Plan
from guyub.configuration.plan_summary import (
    FOLLOWS,
    ChangeGroup,
    ConsequenceGroup,
    EffectGroup,
    becoming,
    consequence_groups,
    groups,
    noted,
)
from guyub.configuration.steps import PlannedChange
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.ui.model_fields import FormField

_MOST = 4
_SHORT = 30
_EVERY = 10_000
_FINDINGS = 20


def as_json(planned: Plan) -> dict[str, Any]:
    """Returns the plan as JSON; ``digest`` and ``changes`` are what other programs rely on."""
    return {
        "digest": planned.digest,
        "changes": [change.as_json() for change in planned.changes],
        "groups": [group.as_json() for group in groups(planned.changes, planned.effects)],
        "effective": [effect.as_json() for effect in planned.effects],
        "consequences": [consequence.as_json() for consequence in planned.consequences],
        "findings": [finding.as_json() for finding in planned.issues],
    }


def page(planned: Plan, plugins: PluginRegistry, *, everything: bool) -> str:
    """Facilities of one line are named up to four, or all of them; ``plugins`` knows what columns are called."""
    most = _EVERY if everything else _MOST
    return "\n".join(_lines(planned, plugins, most))


def count(number: int, singular: str, many: str) -> str:
    """Returns number and noun: 1 file, 2 files; Indonesian has one form for both."""
    return f"{number} {singular if number == 1 else many}"


def _lines(planned: Plan, plugins: PluginRegistry, most: int) -> Iterator[str]:
    changes, places = len(planned.changes), len({change.facility for change in planned.changes if change.facility})
    if changes:
        english = f"{count(changes, 'change', 'changes')} at {count(places, 'facility', 'facilities')}"
        yield f"{changes} perubahan di {places} UPT | {english}"
    else:
        yield "Tidak ada perubahan. | Nothing would change."
    for group in groups(planned.changes, planned.effects):
        yield from _head(group, plugins)
        yield from (f"      {line}" for line in _where(group, most))
    if outcome := becoming(planned.effects):
        yield "\nNilai yang berlaku | values in effect"
        for becomes in outcome:
            yield from _becomes(becomes, plugins, most)
    if planned.consequences:
        yield "\nAkibat | consequences"
        for consequence_group in consequence_groups(planned.consequences):
            yield from _consequence(consequence_group, most)
    if planned.issues:
        yield "\nPerlu diperhatikan | worth attention"
        yield from _findings(planned, most)


def _head(group: ChangeGroup, plugins: PluginRegistry) -> Iterator[str]:
    change = group.change
    values = _of_group(group, plugins)
    place = ""
    if not group.facilities:
        place = f" (wilayah | region {change.region})" if change.region else " (nasional | national)"
    day = f", {beside(_from(change.valid_from))}" if change.valid_from else ""
    yield from _said(f"  {change.what}: ", values, f"{day}{place}")


def _from(day: date) -> Text:
    return Text(id="mulai {day}", en="from {day}").format(day=day)


def _said(before: str, values: Text, after: str) -> Iterator[str]:
    """Returns a value as text: short ones in both languages on one line, long ones below one another."""
    if len(values.id) <= _SHORT:
        yield f"{before}{beside(values)}{after}"
    else:
        yield f"{before}{values.id}{after}"
        if values.en != values.id:
            yield f"    {values.en}"


def _of_group(group: ChangeGroup, plugins: PluginRegistry) -> Text:
    change = group.change
    if group.follows_letters:
        return FOLLOWS
    if group.are_new_records:
        return _NEW
    if change.old is None and change.new is not None:
        return shown(change.new, _field(change.what, plugins))
    return differing(change.old, change.new, _field(change.what, plugins), nothing=_nothing(change))


def _nothing(change: PlannedChange) -> Text:
    return _INHERITED if change.what.startswith("config.") else _EMPTY


def _field(what: str, plugins: PluginRegistry) -> FormField | None:
    kind, _, rest = what.partition(".")
    slug, _, name = rest.partition(".")
    return field_of(plugins, slug, name) if kind == "config" and not what.endswith(".locked") else None


def _where(group: ChangeGroup, most: int) -> Iterator[str]:
    if group.facilities:
        yield _at(group.facilities, most)
    if group.follow:
        yield f"berlaku di | in effect at {_at(group.follow, most)}"
    if group.keep:
        yield f"tetap memakai nilainya sendiri | keep their own: {_at(group.keep, most)}"


def _at(codes: tuple[str, ...], most: int) -> str:
    """Returns number and names of facilities: 1 UPT | facility: rutan-kudus."""
    return f"{len(codes)} UPT | {'facility' if len(codes) == 1 else 'facilities'}: {_named(codes, most)}"


def _named(codes: tuple[str, ...], most: int) -> str:
    more = len(codes) - most
    return ", ".join(codes[:most]) + (f" dan {more} lainnya | and {more} more" if more > 0 else "")


def _becomes(group: EffectGroup, plugins: PluginRegistry, most: int) -> Iterator[str]:
    effect = group.effect
    field = field_of(plugins, effect.plugin, effect.field)
    values = differing(effect.before.value, effect.after.value, field, nothing=_NO_VALUE)
    yield from _said(f"  {effect.plugin}.{effect.field}: ", values, f", {beside(_from(effect.counts_from))}")
    before, after = _origin(effect, new=False), _origin(effect, new=True)
    if before == after:
        yield f"      tetap | stays: {beside(after)}"
    else:
        yield f"      dari | from: {beside(before)}"
        yield f"      menjadi | to: {beside(after)}"
    yield f"      {_at(group.facilities, most)}"


def _origin(effect: SettingEffect, *, new: bool) -> Text:
    """Returns where a value comes from; for several facilities in general, where it is their own."""
    origin = (effect.after if new else effect.before).origin
    parts = [_OWN if origin.layer == "facility" else origin.place]
    if origin.since:
        parts.append(Text(id="sejak {day}", en="since {day}").format(day=origin.since))
    if origin.locked:
        parts.append(_LOCKED)
    return Text.join(" · ", parts)


def _consequence(group: ConsequenceGroup, most: int) -> Iterator[str]:
    yield f"  • {group.sentence.id}\n    {group.sentence.en}"
    yield f"      {_at(group.facilities, most)}"


def _findings(planned: Plan, most: int) -> Iterator[str]:
    """Returns the findings of a plan: what blocks it comes first and whole; of the rest the first ones.

    What is the same at many is said once.
    """
    issues = noted(planned.issues)
    against = [group for group in issues if group.first.is_blocking]
    notes = [group for group in issues if not group.first.is_blocking]
    shown = notes if most == _EVERY else notes[:_FINDINGS]
    for group in (*against, *shown):
        place = f"{group.places[0]}: " if len(group.places) == 1 else ""
        yield f"  {'✗' if group.first.is_blocking else '•'} {place}{group.sentence.id}\n    {group.sentence.en}"
        if len(group.places) > 1:
            yield f"      {len(group.places)} × {_named(group.places, most)}"
    if len(shown) < len(notes):
        more = len(notes) - len(shown)
        yield f"  … {more} lainnya (--all) | {more} more (--all)"


_NEW = Text(id="baru", en="new")
_INHERITED = Text(id="warisan", en="inherited")
_EMPTY = Text(id="kosong", en="empty")
_NO_VALUE = Text(id="tanpa nilai", en="no value")
_LOCKED = Text(id="dikunci", en="locked")
_OWN = Text(id="UPT sendiri", en="the facility itself")
