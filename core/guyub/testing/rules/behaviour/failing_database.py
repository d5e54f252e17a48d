"""A failing database is not hidden."""

from collections.abc import Iterator

from guyub.testing.asking import BrokenSession, of_hooks
from guyub.testing.rule import Finding, Rule
from guyub.testing.samples import configurations
from guyub.testing.specimen import Specimen

RULE = Rule(
    "BEH010",
    "A hook whose statement fails fails with it.",
    why="A review that swallows the error says that all is well: the host can only hold money when it hears of the crash.",
    fix="take away the try … except around the statement; the host knows what a crash of this hook means",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for config in configurations(specimen.plugin.config)[:1]:
        session = BrokenSession()
        for one in of_hooks(specimen.plugin, config, session=session):
            session.was_asked = False
            if one.ask().raised is None and session.was_asked:
                sentence = f"{one.method}, {one.case}: its statement failed, and it answered as if nothing were"
                yield RULE.broken(sentence, specimen.member(one.owner, one.method))
