"""A bad receipt is refused with a reason."""

from collections.abc import Iterator
from typing import Any

from guyub.sdk.config import Config
from guyub.sdk.errors import Invalid
from guyub.sdk.funding import FundingSource, Receipt
from guyub.testing.asking import Question
from guyub.testing.contexts import funding_context
from guyub.testing.rule import Finding, Rule
from guyub.testing.rules.behaviour.posting import faults
from guyub.testing.samples import Values, attempts, configurations, made, spoiled
from guyub.testing.specimen import Specimen

RULE = Rule(
    "BEH007",
    "A receipt that is filled in badly is refused by its model or by Invalid, in both languages, at a field of the form.",
    why="Whatever else post() raises is an error page to the treasurer, and what it lets through is in the books for good.",
    fix="check the receipt in post() and raise Invalid(code, what, remedy, field)",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for config in configurations(specimen.plugin.config)[:1]:
        for source in specimen.plugin.funding_sources:
            for model in source.receipts:
                for field, values in _bad(model):
                    wrong = _wrong(source, config, model, values)
                    if wrong:
                        sentence = (
                            f"{model.key} with {field}={values[field]!r:.40}: {wrong}"
                            if field
                            else f"{model.key}: {wrong}"
                        )
                        yield RULE.broken(sentence, specimen.member(type(source), "post"))


def _bad(model: type[Receipt]) -> Iterator[tuple[str, Values]]:
    for good in attempts(model):
        yield "", good
        yield from spoiled(model, good)


def _wrong(source: FundingSource[Any], config: Config, model: type[Receipt], values: Values) -> str:
    receipt = made(model, values)
    if receipt is None:
        return ""
    outcome = Question(type(source), "post", "", source.post, (funding_context(config), receipt)).ask()
    if isinstance(outcome.raised, Invalid):
        refusal = outcome.raised
        if not all((refusal.what.id, refusal.what.en, refusal.remedy.id, refusal.remedy.en)):
            return "the refusal does not say what and how to mend it in both languages"
        if refusal.field and refusal.field.partition(".")[0] not in model.model_fields:
            return f"the refusal names the field “{refusal.field}”, which the form does not have"
        return ""
    if outcome.raised is not None:
        return f"raises {type(outcome.raised).__name__}: {outcome.raised}"
    return next(faults(outcome.answer), "")
