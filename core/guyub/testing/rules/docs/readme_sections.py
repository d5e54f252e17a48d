"""The README says what the plugin is, in both languages."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "DOC002",
    "README.md begins with the distribution's name, has a summary in Indonesian (**Ringkasan.**) and a section “## Settings”.",
    why="The first reader is a regional officer who decides whether to switch it on, the second an administrator.",
    fix="add the part that is missing; `guyub plugin new` shows the order",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    text, place = specimen.project.readme, SourcePlace(specimen.project.readme_file)
    if not text.strip():
        yield RULE.broken("there is no README", place)
        return
    if text.splitlines()[0].strip() != f"# {specimen.project.name}":
        yield RULE.broken(f"the first line is not “# {specimen.project.name}”", place)
    if "**Ringkasan.**" not in text:
        yield RULE.broken("the README has no summary in Indonesian", place)
    if specimen.plugin.config.model_fields and "\n## Settings" not in text:
        yield RULE.broken("the README has no section “## Settings”", place)
