"""Reports answer what their columns say."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from guyub.sdk.contexts import ReportContext
from guyub.sdk.errors import Refusal
from guyub.sdk.reports import Report, ReportColumn
from guyub.sdk.text import Text
from guyub.testing.contexts import A_DAY, A_FACILITY
from guyub.testing.crawl import crawl_of
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations
from guyub.testing.sandbox import Sandbox

RULE = ConformanceRule(
    "BEH013",
    "A report gives a list of mappings with a value for each of its columns, of the column's kind.",
    why="The core shows it, adds it up and writes it to files by these kinds; another answer is an error page.",
    fix="mend rows() or the columns; it was asked on the tables that the migrations make",
)

_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str, Text),
    "rupiah": (int,),
    "integer": (int,),
    "quantity": (Decimal, int),
    "date": (date,),
}
_KINDS = get_args(get_type_hints(ReportColumn)["kind"])


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for report in specimen.plugin.reports:
        for column in report.columns:
            if column.kind not in _KINDS:
                sentence = f"the column {column.key} of {report.key} is {column.kind!r}, none of {', '.join(_KINDS)}"
                yield RULE.broken(sentence, specimen.member(type(report), "columns"))
    configs = configurations(specimen.plugin.config)[:1]
    if not specimen.plugin.reports or not configs or specimen.trial.refused:
        return
    # Its pages have left rows behind, as people would have.
    crawl_of(specimen)
    specimen.trial.fill()
    for report in specimen.plugin.reports:
        ctx = ReportContext(configs[0], A_FACILITY, A_DAY.replace(month=1, day=1), A_DAY.replace(month=12, day=31))
        for wrong in dict.fromkeys(_wrong(specimen.trial, report, ctx)):
            yield RULE.broken(f"{report.key}: {wrong}", specimen.member(type(report), "rows"))


def _wrong(trial: Sandbox, report: Report[Any], ctx: ReportContext[Any]) -> Iterator[str]:
    trial.written.clear()
    try:
        with trial.calling(f"report {report.key}") as session:
            answer: Any = report.rows(ReportContext(ctx.config, ctx.facility, ctx.since, ctx.until, session))
    except Refusal:
        return
    except Exception as error:  # an author's code may raise anything
        said = str(error).partition("\n")[0]
        yield f"rows() raises {type(error).__name__}: {said}"
        return
    if trial.written:
        yield f"it runs {', '.join(dict.fromkeys(trial.written))}"
    if not isinstance(answer, list | tuple) or not all(isinstance(row, Mapping) for row in answer):
        yield f"rows() gives {answer!r:.60}, no list of mappings"
        return
    for row in answer:
        yield from (told for column in report.columns if (told := _cell(column, row)))


def _cell(column: ReportColumn, row: Mapping[str, Any]) -> str:
    if column.key not in row:
        return f"the rows have no {column.key}"
    value = row[column.key]
    if value is not None and (isinstance(value, bool) or not isinstance(value, _TYPES.get(column.kind, (object,)))):
        return f"{column.key} is {column.kind}, and the rows hold {type(value).__name__}"
    return ""
