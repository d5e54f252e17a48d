"""The defaults are a configuration."""

from collections.abc import Iterator

from pydantic import ValidationError

from guyub.sdk.errors import Refusal
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF004",
    "The default of every field passes the model's own checks, alone and together.",
    why="A facility that changes one setting would be told that another one, which it never touched, is wrong.",
    fix="choose defaults that the model accepts",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    model = specimen.plugin.config
    defaults = {
        name: info.get_default(call_default_factory=True, validated_data={})
        for name, info in model.model_fields.items()
        if not info.is_required()
    }
    try:
        model.model_validate(defaults)
    except ValidationError as error:
        for item in error.errors():
            if item["type"] != "missing" or len(item["loc"]) > 1:
                name = str(item["loc"][0]) if item["loc"] else ""
                yield RULE.broken(
                    f"the default of {name or model.__name__}: {item['msg']}", specimen.member(model, name)
                )
    except Refusal as refusal:
        yield RULE.broken(f"the defaults together: {refusal.what.en}", specimen.member(model))
