"""The README says of a field what the field says."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from guyub.testing.declared_fields import fields
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "DOC006",
    "Where the README's table of fields has a column “Indonesia” or “default”, it has the title and the number (or yes, no) "
    "of the field.",
    why="Who reads it before switching the plugin on decides by it, and looks for the title on the page.",
    fix="write into the README what the field has",
)

_YES_OR_NO = {"yes": True, "ya": True, "no": False, "tidak": False}
ReadmeRow = Mapping[str, str]


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    several: dict[str, list[FieldInfo]] = {}
    for _model, name, info, _place in fields(specimen):
        several.setdefault(name, []).append(info)
    for line, row in _rows(specimen.project.readme):
        name = row[""].strip("`").rpartition(".")[2]
        wrongs = [_wrong(row, info) for info in several.get(name, ())]
        # A name may stand in two models; the row is of one of them.
        if wrongs and all(wrongs):
            yield RULE.broken(f"`{name}`: {wrongs[0]}", SourcePlace(specimen.project.readme_file, line))


def _rows(readme: str) -> Iterator[tuple[int, ReadmeRow]]:
    """Rows of tables by the words of their heads; the first cell under ""."""
    heads: list[str] = []
    for number, line in enumerate(readme.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.lstrip().startswith("|") else []
        if not cells:
            heads = []
        elif not heads:
            heads = ["", *(cell.lower() for cell in cells[1:])]
        elif len(cells) == len(heads) and cells[0].startswith("`"):
            yield number, dict(zip(heads, cells, strict=True))


def _wrong(row: ReadmeRow, info: FieldInfo) -> str:
    said = info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}
    title: Any = said.get("title")
    given = row.get("indonesia")
    if given and isinstance(title, Mapping) and given != title.get("id"):
        return f"the README calls it “{given}”, the form “{title.get('id')}”"
    default = row.get("default", "")
    if isinstance(info.default, bool):
        known = _YES_OR_NO.get(default.lower(), info.default)
        return "" if known == info.default else f"the README says {default}, it is {'yes' if info.default else 'no'}"
    number = re.fullmatch(r"(?:Rp)?([\d.]+)(?: \D+)?", default)
    if number and isinstance(info.default, int) and int(number[1].replace(".", "") or 0) != info.default:
        return f"the README says {default}, it is {info.default}"
    return ""
