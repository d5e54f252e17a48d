"""Rules of funding sources: which receipts they accept, and how a receipt is posted."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from guyub.sdk.categories import CATEGORIES
from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid
from guyub.sdk.funding import FundingSource, Posting, Receipt
from guyub.testing.calls import CallOutcome, PluginCall, of_sources
from guyub.testing.contexts import funding_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule
from guyub.testing.samples import SampleValues, attempts, configurations, made, spoiled


@rule(
    "BEH006",
    "post() gives money and goods worth more than nothing, in whole rupiah, with fund, day, memo and evidence;"
    " a fund is for categories of the registry.",
    why="The ledger refuses what does not balance, and a review holds money that no document proves.",
    fix="fix the posting, or raise Invalid for such a receipt",
)
def receipts_balance(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config):
        for of_source in of_sources(specimen.plugin, config):
            outcome = of_source.ask()
            # A posting that cannot be booked is refused where it is made.
            refused = [str(outcome.raised)] if isinstance(outcome.raised, TypeError) else []
            for wrong in _posting_faults(outcome.answer) if outcome.raised is None else refused:
                yield Violation(f"{of_source.case}: {wrong}", specimen.member(of_source.owner, of_source.method))


def _posting_faults(answer: Any) -> Iterator[str]:
    """Yields what is wrong with a posting, in words."""
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


@rule(
    "BEH007",
    "A receipt that is filled in badly is refused by its model or by Invalid, in both languages, at a field of the form.",
    why="Whatever else post() raises is an error page to the treasurer, and what it lets through is in the books for good.",
    fix="check the receipt in post() and raise Invalid(code, what, remedy, field)",
)
def bad_receipts(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config)[:1]:
        for source in specimen.plugin.funding_sources:
            for model in source.receipts:
                for wrong in _wrong_refusals(source, config, model):
                    yield Violation(f"{model.key}{wrong}", specimen.member(type(source), "post"))


def _wrong_refusals(source: FundingSource[Any], config: Config, model: type[Receipt]) -> Iterator[str]:
    for good in attempts(model):
        if wrong := _refusal_or_crash(source, config, model, good):
            yield f": {wrong}"
            continue
        before = _first_fault(source, config, model, good)
        for field, values in spoiled(model, good):
            wrong = _refusal_or_crash(source, config, model, values) or _first_fault(source, config, model, values)
            # What is wrong with the unspoiled receipt as well, BEH006 tells.
            if wrong and wrong != before:
                yield f" with {field}={values[field]!r:.40}: {wrong}"


def _post(source: FundingSource[Any], config: Config, model: type[Receipt], values: SampleValues) -> CallOutcome | None:
    receipt = made(model, values)
    if receipt is None:
        return None
    return PluginCall(type(source), "post", "", source.post, (funding_context(config), receipt)).ask()


def _first_fault(source: FundingSource[Any], config: Config, model: type[Receipt], values: SampleValues) -> str:
    outcome = _post(source, config, model, values)
    return next(_posting_faults(outcome.answer), "") if outcome is not None and outcome.raised is None else ""


def _refusal_or_crash(source: FundingSource[Any], config: Config, model: type[Receipt], values: SampleValues) -> str:
    outcome = _post(source, config, model, values)
    refusal = outcome.raised if outcome is not None else None
    if isinstance(refusal, Invalid):
        if not all((refusal.what.id, refusal.what.en, refusal.remedy.id, refusal.remedy.en)):
            return "the refusal does not say what and how to fix it in both languages"
        if refusal.field and refusal.field.partition(".")[0] not in model.model_fields:
            return f"the refusal names the field “{refusal.field}”, which the form does not have"
        return ""
    return f"raises {type(refusal).__name__}: {refusal}" if refusal is not None else ""


@rule(
    "BEH008",
    "Of the sample receipts at least one is accepted with the default configuration.",
    why="Otherwise nothing can be said of how it is booked; and a source that accepts nothing is of no use.",
    fix="give fields whose values cannot be guessed examples=[…], and check the defaults of the configuration",
)
def accepts_receipts(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config)[:1]:
        for source in specimen.plugin.funding_sources:
            for model in source.receipts:
                refused = "the model takes none of them"
                for values in attempts(model):
                    receipt = made(model, values)
                    if receipt is None:
                        continue
                    raised = (
                        PluginCall(type(source), "post", "", source.post, (funding_context(config), receipt))
                        .ask()
                        .raised
                    )
                    if not isinstance(raised, Invalid):
                        break
                    refused = raised.what.en
                else:
                    sentence = f"every sample of {model.key} is refused: {refused}"
                    yield Violation(sentence, specimen.member(type(source), "post"))
