"""A good receipt is accepted."""

from collections.abc import Iterator

from guyub.sdk.errors import Invalid
from guyub.testing.calls import PluginCall
from guyub.testing.contexts import funding_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import attempts, configurations, made

RULE = ConformanceRule(
    "BEH008",
    "Of the sample receipts at least one is accepted with the default configuration.",
    why="Otherwise nothing can be said of how it is booked; and a source that accepts nothing is of no use.",
    fix="give fields whose values cannot be guessed examples=[…], and check the defaults of the configuration",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
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
                    yield RULE.broken(sentence, specimen.member(type(source), "post"))
