"""What was answered at one facility does not show at another."""

from collections.abc import Iterator
from typing import Any

from guyub.sdk.config import Config
from guyub.sdk.facility import Facility
from guyub.sdk.plugin import Plugin
from guyub.testing.calls import PluginCall, of_hooks, of_programs, of_sources
from guyub.testing.contexts import A_FACILITY, ANOTHER_FACILITY
from guyub.testing.plain_values import plain_value
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH011",
    "At a facility a plugin answers as if it had never been asked at another one.",
    why="One process serves all facilities: a remembered answer hands one facility's settings or data to the next.",
    fix="keep no cache and no module-level list or dict that calls fill; the core caches what is costly",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    configs = configurations(specimen.plugin.config)
    for here in configs[:1]:
        there = next((config for config in reversed(configs) if config != here), here)
        for other in dict.fromkeys([there, *configs[1:8]]):
            used = specimen.fresh()
            _answers(used, _alike(used, here), A_FACILITY)
            after = _answers(used, _alike(used, other), ANOTHER_FACILITY)
            alone = specimen.fresh()
            for (one, answer), (_, wanted) in zip(
                after, _answers(alone, _alike(alone, other), ANOTHER_FACILITY), strict=True
            ):
                if answer != wanted:
                    sentence = f"{one.owner.__name__}.{one.method} answers otherwise once another facility has asked"
                    yield RULE.broken(sentence, specimen.member(one.owner, one.method))


def _alike(plugin: Plugin, config: Config) -> Config:
    """The same values as a configuration of the newly imported plugin."""
    return plugin.config.model_validate(config.model_dump())


def _answers(plugin: Plugin, config: Config, facility: Facility) -> list[tuple[PluginCall, Any]]:
    questions = (of_programs, of_sources, of_hooks)
    return [(one, _answer(one)) for ask in questions for one in ask(plugin, config, facility)]


def _answer(one: PluginCall) -> Any:
    outcome = one.ask()
    return plain_value(outcome.answer) if outcome.raised is None else repr(outcome.raised)
