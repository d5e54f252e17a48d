"""Rules of all answers: the same for the same question, without effects, alike at every facility."""

import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from guyub.sdk.config import Config
from guyub.sdk.contexts import ReportContext
from guyub.sdk.errors import Refusal
from guyub.sdk.facility import Facility
from guyub.sdk.plugin import Plugin
from guyub.sdk.reports import Report, ReportColumn
from guyub.sdk.text import Text
from guyub.testing.calls import PluginCall, of_hooks, of_programs, of_sources
from guyub.testing.contexts import A_DAY, A_FACILITY, ANOTHER_FACILITY
from guyub.testing.crawl import crawl_of
from guyub.testing.finding import SourcePlace
from guyub.testing.plain_values import plain_value
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule
from guyub.testing.samples import configurations
from guyub.testing.sandbox import Sandbox
from guyub.testing.side_effects import MAY_CALL_OUTSIDE, watched

_CELL_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str, Text),
    "rupiah": (int,),
    "integer": (int,),
    "quantity": (Decimal, int),
    "date": (date,),
}
_COLUMN_KINDS = get_args(get_type_hints(ReportColumn)["kind"])


@rule(
    "BEH001",
    "Programme types and sources answer the same question in the same way, however often it is asked.",
    why="A list is scored again before it is approved, and a receipt is shown before it is booked: both must agree.",
    fix="make the answer from the context alone: no random numbers, no counters, no sets whose order changes",
)
def answers_repeat(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config)[:8]:
        for of_program in (*of_programs(specimen.plugin, config), *of_sources(specimen.plugin, config)):
            if plain_value(of_program.ask().answer) != plain_value(of_program.ask().answer):
                yield Violation(
                    f"{of_program.owner.__name__}.{of_program.method} answers twice and differs",
                    specimen.member(of_program.owner, of_program.method),
                )


@rule(
    "BEH002",
    "Programme types, sources, hooks and pages write no file, open no connection and start no program; guyub_on_event and "
    "guyub_health may.",
    why="They are asked for previews and explanations too, inside transactions that may be undone.",
    fix="do it in guyub_on_event, which comes after the commit",
)
def no_effects(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config)[:1]:
        for ask in (of_programs, of_sources, of_hooks):
            for call in ask(specimen.plugin, config):
                if call.method in MAY_CALL_OUTSIDE:
                    continue
                with watched(specimen.package) as deeds:
                    call.ask()
                for deed in deeds:
                    yield Violation(f"{call.owner.__name__}.{call.method} {deed.what}", deed.place)
    for deed in crawl_of(specimen).deeds:
        yield Violation(f"a page {deed.what}", deed.place)


@rule(
    "BEH011",
    "At a facility a plugin answers as if it had never been asked at another one.",
    why="One process serves all facilities: a remembered answer hands one facility's settings or data to the next.",
    fix="keep no cache and no module-level list or dict that calls fill; the core caches what is costly",
)
def one_facility(specimen: PluginUnderTest) -> Iterator[Violation]:
    configs = configurations(specimen.plugin.config)
    for here in configs[:1]:
        there = next((config for config in reversed(configs) if config != here), here)
        for other in dict.fromkeys([there, *configs[1:8]]):
            used = specimen.fresh()
            _all_answers(used, _alike(used, here), A_FACILITY)
            after = _all_answers(used, _alike(used, other), ANOTHER_FACILITY)
            alone = specimen.fresh()
            for (call, answer), (_, wanted) in zip(
                after, _all_answers(alone, _alike(alone, other), ANOTHER_FACILITY), strict=True
            ):
                if answer != wanted:
                    sentence = f"{call.owner.__name__}.{call.method} answers otherwise once another facility has asked"
                    yield Violation(sentence, specimen.member(call.owner, call.method))


def _alike(plugin: Plugin, config: Config) -> Config:
    """Returns the same values as a configuration of the newly imported plugin."""
    return plugin.config.model_validate(config.model_dump())


def _all_answers(plugin: Plugin, config: Config, facility: Facility) -> list[tuple[PluginCall, Any]]:
    questions = (of_programs, of_sources, of_hooks)
    return [(call, _answer(call)) for ask in questions for call in ask(plugin, config, facility)]


def _answer(call: PluginCall) -> Any:
    outcome = call.ask()
    return plain_value(outcome.answer) if outcome.raised is None else repr(outcome.raised)


@rule(
    "BEH012",
    "No list, dict or set of the plugin's modules changes while it is called.",
    why="It is memory that all facilities share, that every process has a copy of, and that a restart loses.",
    fix="make such a value inside the function, or keep it in a table",
)
def modules_untouched(specimen: PluginUnderTest) -> Iterator[Violation]:
    before = _containers(specimen)
    for config in configurations(specimen.plugin.config)[:2]:
        for ask in (of_programs, of_sources, of_hooks):
            for call in ask(specimen.plugin, config):
                call.ask()
    for (module, name), kept in _containers(specimen).items():
        if kept != before.get((module, name), kept):
            yield Violation(f"{module}.{name} is another after the calls", _place_of_name(specimen, module, name))


def _containers(specimen: PluginUnderTest) -> dict[tuple[str, str], Any]:
    modules = [
        module
        for name, module in sys.modules.items()
        if name == specimen.module or name.startswith(f"{specimen.module}.")
    ]
    return {
        (module.__name__, name): deepcopy(value)
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("__") and type(value) in (list, dict, set)
    }


def _place_of_name(specimen: PluginUnderTest, module: str, name: str) -> SourcePlace:
    for source in specimen.sources:
        if source.module == module:
            for node in source.tree.body:
                targets = getattr(node, "targets", [getattr(node, "target", None)])
                if any(getattr(target, "id", "") == name for target in targets):
                    return source.at(node)
    return specimen.start


@rule(
    "BEH013",
    "A report gives a list of mappings with a value for each of its columns, of the column's kind.",
    why="The core shows it, adds it up and writes it to files by these kinds; another answer is an error page.",
    fix="fix rows() or the columns; it was asked on the tables that the migrations make",
)
def reports_answer(specimen: PluginUnderTest) -> Iterator[Violation]:
    for report in specimen.plugin.reports:
        for column in report.columns:
            if column.kind not in _COLUMN_KINDS:
                sentence = (
                    f"the column {column.key} of {report.key} is {column.kind!r}, none of {', '.join(_COLUMN_KINDS)}"
                )
                yield Violation(sentence, specimen.member(type(report), "columns"))
    configs = configurations(specimen.plugin.config)[:1]
    if not specimen.plugin.reports or not configs or specimen.sandbox.refused:
        return
    # Its pages have left rows behind, as people would have.
    crawl_of(specimen)
    specimen.sandbox.fill()
    for report in specimen.plugin.reports:
        ctx = ReportContext(configs[0], A_FACILITY, A_DAY.replace(month=1, day=1), A_DAY.replace(month=12, day=31))
        for wrong in dict.fromkeys(_wrong_report(specimen.sandbox, report, ctx)):
            yield Violation(f"{report.key}: {wrong}", specimen.member(type(report), "rows"))


def _wrong_report(sandbox: Sandbox, report: Report[Any], ctx: ReportContext[Any]) -> Iterator[str]:
    sandbox.written.clear()
    try:
        with sandbox.calling(f"report {report.key}") as session:
            answer: Any = report.rows(ReportContext(ctx.config, ctx.facility, ctx.since, ctx.until, session))
    except Refusal:
        return
    except Exception as error:  # an author's code may raise anything
        message = str(error).partition("\n")[0]
        yield f"rows() raises {type(error).__name__}: {message}"
        return
    if sandbox.written:
        yield f"it runs {', '.join(dict.fromkeys(sandbox.written))}"
    if not isinstance(answer, list | tuple) or not all(isinstance(row, Mapping) for row in answer):
        yield f"rows() gives {answer!r:.60}, no list of mappings"
        return
    for row in answer:
        yield from (wrong for column in report.columns if (wrong := _cell(column, row)))


def _cell(column: ReportColumn, row: Mapping[str, Any]) -> str:
    if column.key not in row:
        return f"the rows have no {column.key}"
    value = row[column.key]
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, _CELL_TYPES.get(column.kind, (object,)))
    ):
        return f"{column.key} is {column.kind}, and the rows hold {type(value).__name__}"
    return ""
