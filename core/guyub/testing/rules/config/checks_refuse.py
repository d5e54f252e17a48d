"""Checks of a model refuse, and do not crash."""

from collections.abc import Iterator

from pydantic import ValidationError

from guyub.sdk.errors import Refusal
from guyub.testing.calls import PluginCall
from guyub.testing.declared_fields import receipts
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import at_the_edges

RULE = ConformanceRule(
    "CONF013",
    "A validator of a configuration or receipt raises ValueError, AssertionError or a refusal for what it does not take.",
    why="Anything else is a crash: the plugin stands still at the facility that stored such a value.",
    fix="raise ValueError, or guyub.sdk.Invalid with the field and a remedy; expect every value that the field's type allows",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model in (specimen.plugin.config, *receipts(specimen)):
        for name, values in at_the_edges(model):
            raised = PluginCall(model, "model_validate", name, model.model_validate, (values,)).ask().raised
            if raised is not None and not isinstance(raised, ValidationError | Refusal):
                sentence = f"{model.__name__} with {name} = {values[name]!r} raises {type(raised).__name__}: {raised}"
                yield RULE.broken(sentence, specimen.member(model, name))
                break
