"""A receipt becomes a posting that balances."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from guyub.sdk.categories import CATEGORIES
from guyub.sdk.funding import Posting
from guyub.testing.calls import of_sources
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH006",
    "post() gives money and goods worth more than nothing, in whole rupiah, with fund, day, memo and evidence;"
    " a fund is for categories of the registry.",
    why="The ledger refuses what does not balance, and a review holds money that no paper proves.",
    fix="mend the posting, or raise Invalid for such a receipt",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config):
        for of_source in of_sources(specimen.plugin, config):
            outcome = of_source.ask()
            # A posting that cannot be booked is refused where it is made.
            refused = [str(outcome.raised)] if isinstance(outcome.raised, TypeError) else []
            for wrong in faults(outcome.answer) if outcome.raised is None else refused:
                yield RULE.broken(f"{of_source.case}: {wrong}", specimen.member(of_source.owner, of_source.method))


def faults(answer: Any) -> Iterator[str]:
    """What is wrong with a posting, in words."""
    if not isinstance(answer, Posting):
        yield f"gives {answer!r}, no Posting"
        return
    posted: Any = answer
    amounts = [posted.money, *(line.value for line in posted.goods)]
    if any(type(amount) is not int or amount < 0 for amount in amounts):
        yield f"the amounts are {', '.join(map(repr, amounts))}, not whole rupiah"
    elif not sum(amounts):
        yield "money and goods together are worth nothing"
    if any(type(line.quantity) is not Decimal or line.quantity <= 0 or line.value == 0 for line in posted.goods):
        yield "goods have no quantity or no value"
    if unknown := sorted(set(posted.fund.categories) - set(CATEGORIES)):
        yield f"the fund is for {', '.join(map(repr, unknown))}, which the registry does not have"
    if type(posted.received_on) is not date:
        yield f"received_on is {posted.received_on!r}"
    empty = [name for name in ("memo", "evidence") if not getattr(posted, name).strip()]
    empty += [f"fund.{name}" for name in ("code", "name") if not getattr(posted.fund, name).strip()]
    if empty:
        yield f"the posting has no {' and no '.join(empty)}"
