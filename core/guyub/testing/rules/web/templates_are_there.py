"""Pages have their templates."""

from collections.abc import Iterator

from guyub.testing.pages import templates
from guyub.testing.reading import calls, constant
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "WEB011",
    "Every template that a handler names lies in templates/ and is Jinja that parses.",
    why="Otherwise the page is an error page, and only for who opens it.",
    fix="mend the name or the template; names are those below templates/, without the slug",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    folder = specimen.package / "templates"
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.endswith("visit.page") or name == "Page":
                template = constant(node.args[0]) if node.args else None
                if template and not (folder / template).is_file():
                    yield RULE.broken(f"there is no templates/{template}", source.at(node))
    for one in templates(specimen):
        if one.mistake:
            yield RULE.broken(f"it is no Jinja: {one.mistake[0]}", one.at(one.mistake[1]))
