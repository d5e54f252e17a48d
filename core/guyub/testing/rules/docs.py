"""Rules of the documentation that comes with the plugin."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from guyub.sdk.text import Text
from guyub.testing.declared_fields import extra_of, fields, models
from guyub.testing.finding import SourcePlace
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule

_ROW = re.compile(r"^\|\s*`([\w.]+)`\s*\|", re.MULTILINE)
_YES_OR_NO = {"yes": True, "ya": True, "no": False, "tidak": False}
ReadmeRow = Mapping[str, str]


@rule(
    "DOC001",
    "README.md names every field of the configuration and of the receipts in a table, as | `name` |, and none that is not there.",
    why="It is what an administrator reads before switching a plugin on.",
    fix="add or take out the row of the table",
)
def settings_explained(specimen: PluginUnderTest) -> Iterator[Violation]:
    named = {match.rpartition(".")[2] for match in _ROW.findall(specimen.project.readme)}
    known = {name for model in models(specimen) for name in model.model_fields}
    for name in sorted(known - named):
        yield Violation(f"the README does not explain `{name}`", SourcePlace(specimen.project.readme_file))
    for number, line in enumerate(specimen.project.readme.splitlines(), 1):
        for name in _ROW.findall(line):
            if name.rpartition(".")[2] not in known:
                yield Violation(
                    f"the README explains `{name}`, which is no field",
                    SourcePlace(specimen.project.readme_file, number),
                )


@rule(
    "DOC002",
    "README.md begins with the distribution's name, has a summary in Indonesian (**Ringkasan.**) and a section “## Settings”.",
    why="The first reader is a regional officer who decides whether to switch it on, the second an administrator.",
    fix="add the part that is missing; `guyub plugin new` shows the order",
)
def readme_sections(specimen: PluginUnderTest) -> Iterator[Violation]:
    text, place = specimen.project.readme, SourcePlace(specimen.project.readme_file)
    if not text.strip():
        yield Violation("there is no README", place)
        return
    if text.splitlines()[0].strip() != f"# {specimen.project.name}":
        yield Violation(f"the first line is not “# {specimen.project.name}”", place)
    if "**Ringkasan.**" not in text:
        yield Violation("the README has no summary in Indonesian", place)
    if specimen.plugin.config.model_fields and "\n## Settings" not in text:
        yield Violation("the README has no section “## Settings”", place)


@rule(
    "DOC003",
    "The plugin has a title (up to 60 signs) and a summary (a sentence), in Indonesian and English.",
    why="They stand in the list of plugins, in the menu and in documents.",
    fix="write title = Text(id=…, en=…) and summary = Text(id=…, en=…)",
)
def said_in_both(specimen: PluginUnderTest) -> Iterator[Violation]:
    for name, longest in (("title", 60), ("summary", 300)):
        text = getattr(specimen.plugin, name, None)
        if not isinstance(text, Text) or not text.id.strip() or not text.en.strip():
            yield Violation(f"the {name} is not there in both languages", specimen.attribute(name))
        elif max(len(text.id), len(text.en)) > longest:
            yield Violation(f"the {name} is longer than {longest} signs", specimen.attribute(name))


@rule(
    "DOC004",
    "A plugin that declares personal_data has a section “## Personal data” in its README.",
    why="Who switches it on answers for what it keeps.",
    fix="add the section: what is kept, why, and for how long",
)
def personal_data_explained(specimen: PluginUnderTest) -> Iterator[Violation]:
    if specimen.plugin.personal_data and "\n## Personal data" not in specimen.project.readme:
        yield Violation("the README does not say what is kept about people", SourcePlace(specimen.project.readme_file))


@rule(
    "DOC005",
    "README.md names every permission that the plugin adds.",
    why="Whoever gives roles must know what a permission allows.",
    fix="name the key in the README, and say what it allows",
)
def permissions_explained(specimen: PluginUnderTest) -> Iterator[Violation]:
    for permission in specimen.plugin.permissions:
        if permission.key not in specimen.project.readme:
            yield Violation(f"the README does not name “{permission.key}”", SourcePlace(specimen.project.readme_file))


@rule(
    "DOC006",
    "Where the README's table of fields has a column “Indonesia” or “default”, it has the title and the number (or yes, no) "
    "of the field.",
    why="Who reads it before switching the plugin on decides by it, and looks for the title on the page.",
    fix="write into the README what the field has",
)
def readme_up_to_date(specimen: PluginUnderTest) -> Iterator[Violation]:
    several: dict[str, list[FieldInfo]] = {}
    for _model, name, info, _place in fields(specimen):
        several.setdefault(name, []).append(info)
    for line, row in _rows(specimen.project.readme):
        name = row[""].strip("`").rpartition(".")[2]
        wrongs = [_differs(row, info) for info in several.get(name, ())]
        # A name may stand in two models; the row is of one of them.
        if wrongs and all(wrongs):
            yield Violation(f"`{name}`: {wrongs[0]}", SourcePlace(specimen.project.readme_file, line))


def _rows(readme: str) -> Iterator[tuple[int, ReadmeRow]]:
    """Yields the rows of tables by the words of their heads; the first cell under ""."""
    heads: list[str] = []
    for number, line in enumerate(readme.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.lstrip().startswith("|") else []
        if not cells:
            heads = []
        elif not heads:
            heads = ["", *(cell.lower() for cell in cells[1:])]
        elif len(cells) == len(heads) and cells[0].startswith("`"):
            yield number, dict(zip(heads, cells, strict=True))


def _differs(row: ReadmeRow, info: FieldInfo) -> str:
    extra = extra_of(info)
    title: Any = extra.get("title")
    title_in_readme = row.get("indonesia")
    if title_in_readme and isinstance(title, Mapping) and title_in_readme != title.get("id"):
        return f"the README calls it “{title_in_readme}”, the form “{title.get('id')}”"
    default = row.get("default", "")
    if isinstance(info.default, bool):
        known = _YES_OR_NO.get(default.lower(), info.default)
        return "" if known == info.default else f"the README says {default}, it is {'yes' if info.default else 'no'}"
    number = re.fullmatch(r"(?:Rp)?([\d.]+)(?: \D+)?", default)
    if number and isinstance(info.default, int) and int(number[1].replace(".", "") or 0) != info.default:
        return f"the README says {default}, it is {info.default}"
    return ""
