"""Hooks answer with what their specification says."""

from collections.abc import Iterator, Sequence
from typing import Any

from guyub.sdk.errors import Refusal
from guyub.sdk.hookspecs import HOOKS
from guyub.testing.calls import DatabaseGone, of_hooks
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations
from guyub.testing.side_effects import OutsideRefused

RULE = ConformanceRule(
    "BEH009",
    "A hook answers every case that happens, an empty batch and an unknown event included, with the right kind of thing.",
    why="Anything else is treated as a crash: an approval is held, an event is parked, a placeholder stands on the page.",
    fix="return a list of what the reference names (or None), and leave what does not concern the plugin alone",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config):
        for of_hook in of_hooks(specimen.plugin, config):
            place = specimen.member(of_hook.owner, of_hook.method)
            outcome = of_hook.ask()
            if isinstance(outcome.raised, DatabaseGone | Refusal | OutsideRefused):
                continue
            if outcome.raised is not None:
                wrong = f"it raises {type(outcome.raised).__name__}: {outcome.raised}"
            else:
                wrong = kind_wrong(HOOKS[of_hook.method].item, outcome.answer)
            if wrong:
                yield RULE.broken(f"{of_hook.method}, {of_hook.case}: {wrong}", place)


def kind_wrong(item: type | None, answer: Any) -> str:
    if item is None:
        return "" if answer is None else f"it answers {answer!r}, not None"
    if (
        isinstance(answer, str)
        or not isinstance(answer, Sequence)
        or not all(isinstance(entry, item) for entry in answer)
    ):
        return f"it answers {answer!r}, no list of {item.__name__}"
    return ""
