"""A failing database is not hidden."""

from collections.abc import Iterator

from guyub.testing.calls import BrokenSession, of_hooks
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH010",
    "A hook whose statement fails fails with it.",
    why="A review that swallows the error says that all is well: the host can only hold money when it hears of the crash.",
    fix="take away the try … except around the statement; the host knows what a crash of this hook means",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config)[:1]:
        session = BrokenSession()
        for of_hook in of_hooks(specimen.plugin, config, session=session):
            session.was_asked = False
            if of_hook.ask().raised is None and session.was_asked:
                sentence = f"{of_hook.method}, {of_hook.case}: its statement failed, and it answered as if nothing were"
                yield RULE.broken(sentence, specimen.member(of_hook.owner, of_hook.method))
