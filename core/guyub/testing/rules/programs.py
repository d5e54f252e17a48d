"""Rules of programme types: schedules, conditions, criteria and packages, for every configuration."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Numeric, case, cast, func, literal, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.visitors import iterate

from guyub.sdk.categories import CATEGORIES
from guyub.sdk.config import Config, PackageItem
from guyub.sdk.program import Criterion, MoneyLine, ProgramContext, ProgramType
from guyub.sdk.program import Rule as Condition
from guyub.sdk.queries import Expression, household
from guyub.sdk.queries import households as facts
from guyub.sdk.schedules import occurrence, schedule_problem
from guyub.sdk.text import Text
from guyub.testing.calls import PluginCall, of_programs
from guyub.testing.contexts import A_DAY, A_FACILITY, program_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule
from guyub.testing.samples import configurations
from guyub.testing.sandbox import Sandbox
from guyub.ui.months import back

_USUAL: dict[str, Any] = {
    "category": "inmate_family",
    "members": 1,
    "children_under_5": 0,
    "children_of_school_age": 0,
    "adults": 1,
    "elderly": 0,
    "disabled": 0,
    "surveyed": False,
}
_SURVEYED: dict[str, Any] = {
    "surveyed": True,
    "surveyed_on": A_DAY - timedelta(days=30),
    "monthly_income": 900_000,
    "breadwinner_detained": True,
    "earth_floor": True,
    "bamboo_walls": True,
    "no_own_toilet": True,
    "other_aid": False,
    "welfare_decile": 1,
    "answers": {},
    "village_code": "33.75.01.1001",
}
_LARGE: dict[str, Any] = dict.fromkeys(
    ("members", "children_under_5", "children_of_school_age", "adults", "elderly", "disabled"), 9
)
_MADE_UP: Mapping[str, Mapping[str, Any]] = {
    "unsurveyed": {},
    "poor": _SURVEYED | {"members": 4, "children_of_school_age": 2, "elderly": 1},
    "without income": _SURVEYED | {"monthly_income": 0},
    "rich": _SURVEYED | {"monthly_income": 90_000_000, "welfare_decile": 10, "earth_floor": False},
    "large": _SURVEYED | _LARGE,
    "neighbours": _SURVEYED | {"category": "neighbour", "last_served": A_DAY - timedelta(days=40)},
    "an institution": _SURVEYED | {"category": "institution", "members": 0, "adults": 0},
    "unknown but for the category": dict.fromkeys(("members", "adults", "elderly")),
}
_LATER, _MONTHS = A_DAY.replace(year=A_DAY.year + 20, day=1), 24
"""Two years, long after the plugin was written."""


@rule(
    "BEH003",
    "A programme type answers with the right kind of thing, for every configuration that its model accepts.",
    why="What a facility may set must work; the cycle cannot be opened otherwise.",
    fix="fix the method, or let the model refuse such a configuration",
)
def programmes_answer(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config):
        for of_program in of_programs(specimen.plugin, config):
            wrong = _wrong_answer(of_program)
            if wrong:
                yield Violation(
                    f"{of_program.owner.__name__}.{of_program.method}: {wrong}",
                    specimen.member(of_program.owner, of_program.method),
                )


def _wrong_answer(call: PluginCall) -> str:
    outcome = call.ask()
    if outcome.raised is not None:
        return f"raises {type(outcome.raised).__name__}: {outcome.raised}"
    return _ANSWERS[call.method](outcome.answer)


def _schedule(answer: Any) -> str:
    return "" if isinstance(answer, str) else f"{answer!r} is no recurrence rule of RFC 5545"


def _quota(answer: Any) -> str:
    return "" if type(answer) is int and answer > 0 else f"{answer!r} is no number of households"


def _group(answer: Any) -> str:
    return "" if isinstance(answer, str) and answer else f"{answer!r} is no name of a group"


def _sequence_of(answer: Any, *kinds: type) -> str:
    if not isinstance(answer, Sequence) or not all(isinstance(item, kinds) for item in answer):
        return f"gives {answer!r}, no sequence of {' or '.join(kind.__name__ for kind in kinds)}"
    keys = [item.key for item in answer if hasattr(item, "key")]
    return f"a key stands there twice: {', '.join(keys)}" if len(keys) != len(set(keys)) else ""


_ANSWERS: Mapping[str, Callable[[Any], str]] = {
    "schedule": _schedule,
    "quota": _quota,
    "exclusion_group": _group,
    "eligibility": lambda answer: _sequence_of(answer, Condition),
    "criteria": lambda answer: _sequence_of(answer, Criterion),
    "package": lambda answer: _sequence_of(answer, PackageItem, MoneyLine),
}


@rule(
    "BEH004",
    "A package has lines, each of whole rupiah above zero or of goods with a price; `benefit` says which of the two.",
    why="Approval reserves what the lines say, and the documents say goods or money by `benefit`.",
    fix='set benefit to "goods" or "money" as the package is, and let the model refuse an empty or free package',
)
def packages_worth_something(specimen: PluginUnderTest) -> Iterator[Violation]:
    for kind in specimen.plugin.program_types:
        place = specimen.member(type(kind), "package")
        wanted = MoneyLine if kind.benefit == "money" else PackageItem
        for config in configurations(specimen.plugin.config):
            lines = kind.package(program_context(config))
            if not lines:
                yield Violation(f"{kind.key} gives an empty package", place)
            for line in lines:
                label: object = getattr(line, "label", Text(id="", en=""))
                if not isinstance(label, Text):
                    yield Violation(f"{kind.key} calls its money {label!r}, which is no Text", place)
                if not isinstance(line, wanted):
                    yield Violation(f"{kind.key} gives {kind.benefit}, but a line is a {type(line).__name__}", place)
                elif isinstance(line, MoneyLine) and (type(line.amount) is not int or line.amount <= 0):
                    yield Violation(f"{kind.key} gives {line.amount!r} rupiah", place)
                elif isinstance(line, PackageItem) and line.price <= 0:
                    yield Violation(f"{kind.key} gives {line.code} without a price", place)


@rule(
    "BEH005",
    "A criterion has words and a weight above zero; a condition has a reason and gives yes or no.",
    why="Staff read both beside every household; a weight of nothing explains nothing.",
    fix="leave criteria without weight out, give every one both languages, and end conditions in a comparison",
)
def criteria_explained(specimen: PluginUnderTest) -> Iterator[Violation]:
    for kind in specimen.plugin.program_types:
        first = next(iter(configurations(specimen.plugin.config)), None)
        for config in configurations(specimen.plugin.config):
            ctx = program_context(config)
            if config is first and type(kind).criteria is not ProgramType.criteria and not kind.criteria(ctx):
                yield Violation(f"{kind.key} has no criterion as it comes", specimen.member(type(kind), "criteria"))
            for criterion in kind.criteria(ctx):
                if type(criterion.weight) is not int or criterion.weight <= 0:
                    sentence = f"the criterion {criterion.key} has the weight {criterion.weight!r}"
                    yield Violation(sentence, specimen.member(type(kind), "criteria"))
                if not criterion.label.id or not criterion.label.en:
                    yield Violation(
                        f"the criterion {criterion.key} has no words", specimen.member(type(kind), "criteria")
                    )
            for condition in kind.eligibility(ctx):
                if not condition.otherwise.id or not condition.otherwise.en:
                    yield Violation(
                        f"the condition {condition.key} has no reason", specimen.member(type(kind), "eligibility")
                    )
                if not isinstance(condition.expression.type, Boolean):
                    sentence = f"the condition {condition.key} gives {condition.expression.type}, not yes or no"
                    yield Violation(sentence, specimen.member(type(kind), "eligibility"))


@rule(
    "BEH015",
    "Conditions and criteria can be asked of any household, poor, rich, large, unsurveyed: a criterion gives 0 to 1, and the "
    "same again; categories are those of the registry.",
    why="One household over which the statement fails keeps the whole list from being made.",
    fix="guard divisions with func.nullif, bound a criterion with func.least and func.greatest, and take CATEGORIES",
)
def households_judged(specimen: PluginUnderTest) -> Iterator[Violation]:
    violations: dict[Violation, None] = {}
    for kind in specimen.plugin.program_types:
        _make_up(specimen.sandbox)
        for config in configurations(specimen.plugin.config):
            for method, wrong in _wrong_judgements(specimen.sandbox, kind, config):
                violations[Violation(wrong, specimen.member(type(kind), method))] = None
    yield from violations


def _make_up(sandbox: Sandbox) -> None:
    if sandbox.households:
        return
    sandbox.households = True
    rows = [
        {column.name: None for column in facts.columns}
        | {"household_id": UUID(int=number), "facility_id": A_FACILITY.id}
        | {**_USUAL, **known}
        for number, known in enumerate(_MADE_UP.values(), 1)
    ]
    sandbox.connection.execute(facts.insert(), rows)


def _wrong_judgements(sandbox: Sandbox, kind: ProgramType[Any], config: Config) -> Iterator[tuple[str, str]]:
    ctx: ProgramContext[Any] = program_context(config)
    conditions: Sequence[Condition] = kind.eligibility(ctx)
    for condition in conditions:
        what = f"the condition {condition.key}"
        for category in _unknown(condition.expression):
            yield "eligibility", f"{what} compares with the category {category!r}, which the registry does not have"
        answer = _asked(sandbox, condition.expression)
        if isinstance(answer, str):
            yield "eligibility", f"{what}: {answer}"
    for criterion in kind.criteria(ctx):
        what = f"the criterion {criterion.key}"
        for category in _unknown(criterion.expression):
            yield "criteria", f"{what} compares with the category {category!r}, which the registry does not have"
        share = _share(criterion.expression)
        answer = _asked(sandbox, share)
        if isinstance(answer, str):
            yield "criteria", f"{what}: {answer}"
        elif answer != _asked(sandbox, share):
            yield "criteria", f"{what} gives another answer when it is asked again"
        else:
            for name, value in zip(_MADE_UP, answer, strict=True):
                if value is not None and not 0 <= value <= 1:
                    yield "criteria", f"{what} is outside of 0 to 1 for some household ({name})"
                    break


def _share(expression: Expression) -> Expression:
    if isinstance(expression.type, Boolean):
        expression = case((expression, 1), else_=0)
    return cast(expression, Numeric)


def _asked(sandbox: Sandbox, expression: Expression) -> list[Decimal | None] | str:
    """Returns the answers for the made-up households, or why the statement failed."""
    attempt = sandbox.connection.begin_nested()
    try:
        # The literal keeps one row for each household where the expression names no column.
        question = select(expression, func.coalesce(household.members, literal(0))).order_by(household.household_id)
        return list(sandbox.connection.execute(question).scalars())
    except SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).partition("\n")[0]
    finally:
        attempt.rollback()


def _unknown(expression: Expression) -> Iterator[str]:
    """Yields the categories that the column is compared with and that do not exist."""
    for part in iterate(expression):
        if isinstance(part, BinaryExpression) and any(side is household.category for side in (part.left, part.right)):
            for inner in (node for side in (part.left, part.right) for node in iterate(side)):
                if isinstance(inner, BindParameter):
                    values = inner.value if isinstance(inner.value, list | tuple | set) else [inner.value]
                    yield from (value for value in values if isinstance(value, str) and value not in CATEGORIES)


@rule(
    "BEH016",
    "A schedule comes at least once in two years, at most once a month, and does not end.",
    why="A month is due where the rule occurs in it: one that never occurs offers no month, and a finer one is not supported.",
    fix="write FREQ=MONTHLY, FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1 or the like, without UNTIL and COUNT",
)
def schedules_recur(specimen: PluginUnderTest) -> Iterator[Violation]:
    for config in configurations(specimen.plugin.config):
        for of_program in of_programs(specimen.plugin, config):
            if of_program.method == "schedule" and (wrong := _wrong_schedule(of_program.ask().answer)):
                yield Violation(
                    f"{of_program.owner.__name__}.schedule: {wrong}", specimen.member(of_program.owner, "schedule")
                )


def _wrong_schedule(answer: Any) -> str:
    if not isinstance(answer, str):
        return ""  # BEH003 tells
    if (problem := schedule_problem(answer)) is not None:
        return problem.en
    months = [back(_LATER, -number) for number in range(_MONTHS)]
    return "" if any(occurrence(answer, month) for month in months) else f"{answer!r} never comes within two years"
