"""A plan to be read: what is the same at many facilities is one line with their number."""

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from guyub.configuration.consequences import Consequence
from guyub.configuration.effects import SettingEffect
from guyub.configuration.issues import Issue
from guyub.configuration.steps import PlannedChange
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes that differ in nothing but the facility. ``facilities`` are codes; none for the nation or a region.

    ``follow`` are the facilities where the value in effect changes, ``keep`` those that keep their own. New records of one
    kind are together as well, though each is one of its own: then ``change`` is the first of them. So are letterheads that
    follow those above them, line by line as those change: ``follows_letters``.
    """

    change: PlannedChange
    facilities: tuple[str, ...]
    follow: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    follows_letters: bool = False

    @property
    def are_new_records(self) -> bool:
        """Returns whether there is more than one, so that the first speaks for itself only."""
        return _is_record(self.change) and len(self.facilities) > 1

    def as_json(self) -> dict[str, Any]:
        plain = self.change.as_json()
        del plain["facility"]
        if self.are_new_records:
            plain["new"] = None  # as many as there are facilities: they stand among the changes
        if self.follows_letters:
            plain["old"] = plain["new"] = None
        return plain | {
            "count": len(self.facilities),
            "facilities": list(self.facilities),
            "follow": list(self.follow),
            "keep": list(self.keep),
            "follows_letters": self.follows_letters,
        }


@dataclass(frozen=True, slots=True)
class EffectGroup:
    """Facilities at which one value in effect becomes another in the same way."""

    effect: SettingEffect
    facilities: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        plain = self.effect.as_json()
        del plain["facility"], plain["region"]
        return plain | {"count": len(self.facilities), "facilities": list(self.facilities)}


@dataclass(frozen=True, slots=True)
class ConsequenceGroup:
    """Consequences of one kind; ``amount`` is their sum in rupiah, ``sentence`` names no facility."""

    first: Consequence
    facilities: tuple[str, ...]
    amount: int
    sentence: Text


def alike(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Returns those together that have the same key, in the order in which each first comes."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def groups(changes: Sequence[PlannedChange], effects: Sequence[SettingEffect]) -> list[ChangeGroup]:
    """Returns the groups in the order of the changes."""
    following = follows_letters(changes)

    def key(change: PlannedChange) -> str:
        data = change.as_json()
        if _is_record(change):
            data["new"] = None if change.facility else data["region"]
        if following(change):
            data["old"] = data["new"] = ""
        del data["facility"]
        return json.dumps(data, sort_keys=True)

    groups = []
    for first, *others in alike(changes, key):
        codes = tuple(change.facility for change in (first, *others) if change.facility)
        follow, keep = _below(first, effects) if not codes else ((), ())
        groups.append(ChangeGroup(first, codes, follow, keep, following(first)))
    return groups


def follows_letters(changes: Sequence[PlannedChange]) -> Callable[[PlannedChange], bool]:
    """Tells of each of these changes whether it is a facility's letterhead that becomes what those above it become."""
    above = [change for change in changes if change.what == "letters.letterhead"]

    def follows(change: PlannedChange) -> bool:
        if change.what != "facility.letterhead":
            return False
        lines = list(change.old or ())
        for item in above:
            if item.region in ("", change.region):
                lines = _replaced(lines, list(item.old or ()), list(item.new or ()))
        return lines == list(change.new or ())

    return follows


def _replaced(lines: list[str], old: list[str], new: list[str]) -> list[str]:
    """Returns the lines with ``new`` in place of ``old``, where it stands among them."""
    starts = (at for at in range(len(lines) - len(old) + 1) if lines[at : at + len(old)] == old)
    at = next(starts, None)
    return lines if at is None else [*lines[:at], *new, *lines[at + len(old) :]]


def _is_record(change: PlannedChange) -> bool:
    return isinstance(change.new, dict) and not change.what.startswith("config.")


def _below(change: PlannedChange, effects: Sequence[SettingEffect]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns which facilities follow a value of the nation or of a region, and which keep another."""
    slug, _, name = change.what.removeprefix("config.").removesuffix(".locked").partition(".")
    mine = [
        effect
        for effect in effects
        if (effect.plugin, effect.field, effect.on) == (slug, name, change.valid_from)
        and (not change.region or effect.region == change.region)
        and effect.active
    ]
    follow = sorted({effect.facility for effect in mine if effect.kind in ("changes", "loses_its_own")})
    keep = sorted({effect.facility for effect in mine if effect.kind == "keeps_its_own"})
    return tuple(follow), tuple(keep)


def becoming(effects: Sequence[SettingEffect]) -> list[EffectGroup]:
    """Returns what changes in effect where the plugin runs."""

    def key(effect: SettingEffect) -> str:
        data = effect.as_json()
        del data["facility"], data["region"], data["valid_from"]  # what counts is the day on which it counts
        # The origin of a facility's own value names the facility.
        for origin in ("old_origin", "new_origin"):
            if data[origin]["layer"] == "facility":
                data[origin]["place"] = ""
        return json.dumps(data, sort_keys=True)

    alike_effects = alike((effect for effect in effects if effect.active and effect.is_change), key)
    return [EffectGroup(some[0], tuple(dict.fromkeys(effect.facility for effect in some))) for some in alike_effects]


def consequence_groups(consequences: Sequence[Consequence]) -> list[ConsequenceGroup]:
    """Returns one group for what differs in nothing but the facility and the amount."""
    together = alike(consequences, lambda item: (item.kind, item.plugin, item.text_of_many.id))
    return [_group_of(some) for some in together]


def _group_of(together: Sequence[Consequence]) -> ConsequenceGroup:
    first, amount = together[0], sum(consequence.amount for consequence in together)
    sentence = first.text if len(together) == 1 else first.text_of_many.format(amount=format_rupiah(amount))
    return ConsequenceGroup(
        first, tuple(dict.fromkeys(consequence.facility for consequence in together)), amount, sentence
    )


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """A finding, and the places (codes) that it is about."""

    first: Issue
    places: tuple[str, ...]

    @property
    def sentence(self) -> Text:
        """Returns the sentence; it names none of the places."""
        return self.first.sentence_without_name


def noted(findings: Sequence[Issue]) -> list[IssueGroup]:
    """Returns one group for issues that are alike at several places, in the order of the issues."""
    return [
        IssueGroup(
            alike_findings[0], tuple(dict.fromkeys(finding.place for finding in alike_findings if finding.place))
        )
        for alike_findings in alike(findings, lambda finding: (finding.sentence_without_name.id, finding.is_blocking))
    ]


FOLLOWS = Text(id="mengikuti kepala surat di atasnya", en="follows the letterhead above it")
"""What is said of letterheads for which ``follows_letters`` holds."""
