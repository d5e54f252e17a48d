"""A bad receipt is refused with a reason."""

from collections.abc import Iterator
from typing import Any

from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid
from guyub.sdk.funding import FundingSource, Receipt
from guyub.testing.calls import CallOutcome, PluginCall
from guyub.testing.contexts import funding_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.rules.behaviour.posting import faults
from guyub.testing.samples import SampleValues, attempts, configurations, made, spoiled

RULE = ConformanceRule(
    "BEH007",
    "A receipt that is filled in badly is refused by its model or by Invalid, in both languages, at a field of the form.",
    why="Whatever else post() raises is an error page to the treasurer, and what it lets through is in the books for good.",
    fix="check the receipt in post() and raise Invalid(code, what, remedy, field)",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config)[:1]:
        for source in specimen.plugin.funding_sources:
            for model in source.receipts:
                for wrong in _wrongs(source, config, model):
                    yield RULE.broken(f"{model.key}{wrong}", specimen.member(type(source), "post"))


def _wrongs(source: FundingSource[Any], config: Config, model: type[Receipt]) -> Iterator[str]:
    for good in attempts(model):
        if told := _refusal_or_crash(source, config, model, good):
            yield f": {told}"
            continue
        before = _posting(source, config, model, good)
        for field, values in spoiled(model, good):
            told = _refusal_or_crash(source, config, model, values) or _posting(source, config, model, values)
            # What is wrong with the unspoiled receipt as well, BEH006 tells.
            if told and told != before:
                yield f" with {field}={values[field]!r:.40}: {told}"


def _ask(source: FundingSource[Any], config: Config, model: type[Receipt], values: SampleValues) -> CallOutcome | None:
    receipt = made(model, values)
    if receipt is None:
        return None
    return PluginCall(type(source), "post", "", source.post, (funding_context(config), receipt)).ask()


def _posting(source: FundingSource[Any], config: Config, model: type[Receipt], values: SampleValues) -> str:
    outcome = _ask(source, config, model, values)
    return next(faults(outcome.answer), "") if outcome is not None and outcome.raised is None else ""


def _refusal_or_crash(source: FundingSource[Any], config: Config, model: type[Receipt], values: SampleValues) -> str:
    outcome = _ask(source, config, model, values)
    refusal = outcome.raised if outcome is not None else None
    if isinstance(refusal, Invalid):
        if not all((refusal.what.id, refusal.what.en, refusal.remedy.id, refusal.remedy.en)):
            return "the refusal does not say what and how to mend it in both languages"
        if refusal.field and refusal.field.partition(".")[0] not in model.model_fields:
            return f"the refusal names the field “{refusal.field}”, which the form does not have"
        return ""
    return f"raises {type(refusal).__name__}: {refusal}" if refusal is not None else ""
