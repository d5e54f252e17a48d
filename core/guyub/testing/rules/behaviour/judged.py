"""Rules and criteria judge households."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Numeric, case, cast, func, literal, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import BinaryExpression, BindParameter
from sqlalchemy.sql.visitors import iterate

from guyub.sdk.categories import CATEGORIES
from guyub.sdk.config import Config
from guyub.sdk.program import ProgramContext, ProgramType
from guyub.sdk.program import Rule as Condition
from guyub.sdk.queries import Expression, household
from guyub.sdk.queries import households as facts
from guyub.testing.contexts import A_DAY, A_FACILITY, program_context
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations
from guyub.testing.sandbox import Sandbox

RULE = ConformanceRule(
    "BEH015",
    "Conditions and criteria can be asked of any household, poor, rich, large, unsurveyed: a criterion gives 0 to 1, and the "
    "same again; categories are those of the registry.",
    why="One household over which the statement fails keeps the whole list from being made.",
    fix="guard divisions with func.nullif, bound a criterion with func.least and func.greatest, and take CATEGORIES",
)

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


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    told: dict[RuleFinding, None] = {}
    for kind in specimen.plugin.program_types:
        _make_up(specimen.trial)
        for config in configurations(specimen.plugin.config):
            for method, wrong in _wrong(specimen.trial, kind, config):
                told[RULE.broken(wrong, specimen.member(type(kind), method))] = None
    yield from told


def _make_up(trial: Sandbox) -> None:
    if trial.households:
        return
    trial.households = True
    rows = [
        {column.name: None for column in facts.columns}
        | {"household_id": UUID(int=number), "facility_id": A_FACILITY.id}
        | {**_USUAL, **known}
        for number, known in enumerate(_MADE_UP.values(), 1)
    ]
    trial.connection.execute(facts.insert(), rows)


def _wrong(trial: Sandbox, kind: ProgramType[Any], config: Config) -> Iterator[tuple[str, str]]:
    ctx: ProgramContext[Any] = program_context(config)
    conditions: Sequence[Condition] = kind.eligibility(ctx)
    for condition in conditions:
        what = f"the condition {condition.key}"
        for category in _unknown(condition.expression):
            yield "eligibility", f"{what} compares with the category {category!r}, which the registry does not have"
        answer = _asked(trial, condition.expression)
        if isinstance(answer, str):
            yield "eligibility", f"{what}: {answer}"
    for criterion in kind.criteria(ctx):
        what = f"the criterion {criterion.key}"
        for category in _unknown(criterion.expression):
            yield "criteria", f"{what} compares with the category {category!r}, which the registry does not have"
        share = _share(criterion.expression)
        answer = _asked(trial, share)
        if isinstance(answer, str):
            yield "criteria", f"{what}: {answer}"
        elif answer != _asked(trial, share):
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


def _asked(trial: Sandbox, expression: Expression) -> list[Decimal | None] | str:
    """For each made-up household, or why the statement failed."""
    attempt = trial.connection.begin_nested()
    try:
        # The literal keeps one row for each household where the expression names no column.
        question = select(expression, func.coalesce(household.members, literal(0))).order_by(household.household_id)
        return list(trial.connection.execute(question).scalars())
    except SQLAlchemyError as error:
        return str(getattr(error, "orig", None) or error).partition("\n")[0]
    finally:
        attempt.rollback()


def _unknown(expression: Expression) -> Iterator[str]:
    """Categories with which the column is compared and that are none."""
    for part in iterate(expression):
        if isinstance(part, BinaryExpression) and any(side is household.category for side in (part.left, part.right)):
            for inner in (one for side in (part.left, part.right) for one in iterate(side)):
                if isinstance(inner, BindParameter):
                    given = inner.value if isinstance(inner.value, list | tuple | set) else [inner.value]
                    yield from (value for value in given if isinstance(value, str) and value not in CATEGORIES)
