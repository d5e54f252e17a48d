"""Hooks answer on real tables."""

from collections.abc import Iterator
from typing import Any

from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.panels import AttentionAt, AttentionItem, Card, Panel
from guyub.sdk.reviews import EnrolmentBatch, SpendingBatch
from guyub.sdk.reviews import Finding as Reviewed
from guyub.testing.calls import BrokenSession, CallOutcome, PluginCall, of_hooks
from guyub.testing.crawl import crawl_of
from guyub.testing.pages import leads_somewhere
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.rules.behaviour.hook_answers import kind_wrong
from guyub.testing.samples import configurations
from guyub.testing.side_effects import OutsideRefused

RULE = ConformanceRule(
    "BEH014",
    "A hook answers with the right kind of thing on its own tables, empty and with rows; what it answers leads to pages, "
    "households and funds that are there.",
    why="What comes after its first statement runs for the first time at a facility otherwise.",
    fix="mend what follows the statement; it was asked on the tables that the migrations make",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    told: dict[RuleFinding, None] = {}
    for config in configurations(specimen.plugin.config):
        for number, one in enumerate(of_hooks(specimen.plugin, config)):
            for wrong in _wrongs(specimen, config, number):
                sentence = f"{one.method}, {one.case}: {wrong}"
                told[RULE.broken(sentence, specimen.member(one.owner, one.method))] = None
    yield from told


def _wrongs(specimen: PluginUnderTest, config: Config, number: int) -> Iterator[str]:
    broken = BrokenSession()
    one = list(of_hooks(specimen.plugin, config, session=broken))[number]
    without = one.ask()
    if not broken.was_asked:
        # Whatever else is wrong with it, BEH009 tells.
        if without.raised is None and not kind_wrong(HOOKS[one.method].item, without.answer):
            yield from _lost(specimen, one, without.answer)
    elif not specimen.trial.refused:
        for filled in (False, True):
            yield from _at_work(specimen, one, _asked(specimen, config, number, filled=filled))


def _asked(specimen: PluginUnderTest, config: Config, number: int, *, filled: bool) -> CallOutcome:
    # Its pages leave rows behind, as people would.
    crawl_of(specimen)
    specimen.trial.fill()
    try:
        with specimen.trial.calling("hook") as session:
            if not filled:
                specimen.trial.empty()
            given: Any = session
            return list(of_hooks(specimen.plugin, config, session=given))[number].ask()
    except Exception as error:  # what a hook did to its session comes out at the end
        return CallOutcome(raised=error)


def _at_work(specimen: PluginUnderTest, one: PluginCall, outcome: CallOutcome) -> Iterator[str]:
    if outcome.raised is not None:
        if not isinstance(outcome.raised, Refusal | OutsideRefused):
            said = str(outcome.raised).partition("\n")[0]
            yield f"raises {type(outcome.raised).__name__}: {said}"
    elif wrong := kind_wrong(HOOKS[one.method].item, outcome.answer):
        yield wrong
    else:
        yield from _lost(specimen, one, outcome.answer)


def _lost(specimen: PluginUnderTest, one: PluginCall, answer: Any) -> Iterator[str]:
    for item in answer or ():
        inner = item.item if isinstance(item, AttentionAt) else item
        path = inner.path if isinstance(inner, AttentionItem | Card | Panel) else ""
        if path and not leads_somewhere(specimen.plugin, path):
            yield f"leads to {path}, where no page is"
        if isinstance(inner, Reviewed) and (about := _not_in(inner, one.arguments[-1])):
            yield f"is about {about}, which is not in the batch"


def _not_in(found: Reviewed, batch: Any) -> str:
    funds = (
        {planned_spending.fund_code for planned_spending in batch.spending}
        if isinstance(batch, SpendingBatch)
        else set()
    )
    households = (
        {household.household_id for household in batch.households} if isinstance(batch, EnrolmentBatch) else set()
    )
    if found.fund_code and found.fund_code not in funds:
        return f"the fund {found.fund_code}"
    return f"the household {found.household_id}" if found.household_id and found.household_id not in households else ""
