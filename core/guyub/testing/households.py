"""``Households`` judges households in a database of their own by the rules and criteria of a programme type."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, create_engine, func, literal, select, text

from guyub.db import embedded
from guyub.db.home import find_home
from guyub.programs.selection import points_of
from guyub.sdk.config import Config
from guyub.sdk.facility import Facility
from guyub.sdk.program import ProgramType
from guyub.sdk.queries import households as facts
from guyub.testing.contexts import A_FACILITY, A_PERIOD, program_context

_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_USUAL: Mapping[str, Any] = {
    "category": "inmate_family",
    "members": 1,
    "children_under_5": 0,
    "children_of_school_age": 0,
    "adults": 1,
    "elderly": 0,
    "disabled": 0,
    "surveyed": False,
}
"""What the registry knows of every household, surveyed or not; all else is unknown (NULL) until it is given."""


@dataclass(frozen=True, slots=True)
class HouseholdJudgement:
    """The judgement of one household: the keys of the rules that it does not meet, its points by criterion, their sum."""

    unmet: tuple[str, ...]
    points: Mapping[str, Decimal]
    score: Decimal


@dataclass(frozen=True, slots=True)
class Households:
    """Judges households that exist for one question only."""

    connection: Connection

    def judge(
        self,
        kind: ProgramType[Any],
        config: Config,
        households: Sequence[Mapping[str, Any]],
        *,
        facility: Facility = A_FACILITY,
        period: date = A_PERIOD,
    ) -> list[HouseholdJudgement]:
        """Returns one judgement for each household, in order; a household is what is known of it, by the names of the
        facts."""
        ctx = program_context(config, facility, period)
        rules, criteria = list(kind.eligibility(ctx)), list(kind.criteria(ctx))
        known = [
            {**_USUAL, **known, "household_id": UUID(int=number), "facility_id": facility.id}
            for number, known in enumerate(households)
        ]
        named = sorted({name for entry in known for name in entry})
        question = select(
            *(func.coalesce(rule.expression, False) for rule in rules),
            *(points_of(criterion) for criterion in criteria),
            literal(0),
        )
        with self.connection.begin() as asking:
            self.connection.execute(facts.delete())
            self.connection.execute(facts.insert(), [{name: entry.get(name) for name in named} for entry in known])
            answers = self.connection.execute(question.select_from(facts).order_by(facts.c.household_id)).all()
            asking.rollback()
        return [
            _judged(
                {rule.key: bool(met) for rule, met in zip(rules, answer, strict=False)},
                {
                    criterion.key: Decimal(points)
                    for criterion, points in zip(criteria, answer[len(rules) :], strict=False)
                },
            )
            for answer in answers
        ]


@contextmanager
def running() -> Iterator[Households]:
    """Starts a server for as long as the block lasts, with nothing in it but the published facts."""
    with tempfile.TemporaryDirectory(prefix="guyub-facts-") as folder:
        Path(folder).chmod(0o711)
        home, password = find_home({"GUYUB_HOME": str(Path(folder) / "home")}), token_urlsafe(24)
        with embedded.running(home, password, settings=_NOT_DURABLE) as server:
            engine = create_engine(server.url("postgres", embedded.ADMIN, password))
            with engine.connect() as connection:
                connection.execute(text("CREATE SCHEMA guyub"))
                facts.create(connection)
                connection.commit()
                yield Households(connection)
            engine.dispose()


def _judged(met: Mapping[str, bool], points: Mapping[str, Decimal]) -> HouseholdJudgement:
    return HouseholdJudgement(
        tuple(key for key, is_met in met.items() if not is_met), points, sum(points.values(), Decimal(0))
    )
