"""Secrets are kept as secrets."""

import re
from collections.abc import Iterator

from pydantic import SecretStr

from guyub.testing.declared_fields import fields, parts
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF010",
    "A password, token or key is a Secret.",
    why="Another field is shown, exported to files and kept in the clear.",
    fix="make it a guyub.sdk.Secret",
)

_NAMED_SO = re.compile(r"(^|_)(password|passwd|token|secret|api_?key|private_?key|kata_sandi)($|_)")


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model, name, info, place in fields(specimen):
        if _NAMED_SO.search(name) and str in parts(info.annotation) and SecretStr not in parts(info.annotation):
            yield RULE.broken(f"{model.__name__}.{name} is kept and shown as it is", place)
