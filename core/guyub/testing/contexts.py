"""Contexts without a database, for tests of pure code: two facilities in two zones, and a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from guyub.sdk.config import Config
from guyub.sdk.contexts import HookContext
from guyub.sdk.facility import Facility
from guyub.sdk.funding import FundingContext
from guyub.sdk.program import ProgramContext
from guyub.sdk.queries import Expression
from guyub.sdk.reviews import Enrolled, EnrolmentBatch, PlannedSpending, SpendingBatch
from guyub.sdk.session import NO_DATABASE, PluginSession

C = TypeVar("C", bound=Config)

A_FACILITY = Facility(UUID(int=0xA), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")
ANOTHER_FACILITY = Facility(UUID(int=0xB), "lapas-tetangga", "Lapas Tetangga", "Asia/Jayapura", "papua")
A_PERIOD = date(2024, 11, 1)
A_DAY = date(2024, 11, 16)


def program_context(config: C, facility: Facility = A_FACILITY, period: date = A_PERIOD) -> ProgramContext[C]:
    return ProgramContext(config, facility, period)


def funding_context(config: C, facility: Facility = A_FACILITY) -> FundingContext[C]:
    return FundingContext(config, facility)


def hook_context(
    config: C, facility: Facility = A_FACILITY, on: date = A_DAY, session: PluginSession = NO_DATABASE
) -> HookContext[C]:
    return HookContext(config, facility, on, session)


def enrolment(program: str, households: int = 3, period: date = A_PERIOD) -> EnrolmentBatch:
    """Returns a list of so many households, of which every third is a neighbour's."""
    listed = (
        Enrolled(UUID(int=n), "neighbour" if n % 3 == 2 else "inmate_family", "33.75.01.1001", 1 + n % 6)
        for n in range(households)
    )
    return EnrolmentBatch(program, period, tuple(listed))


def spending(
    plugin: str, *, evidence: Sequence[str] = ("BKM-01/2024",), sensitive: bool = False, amount: int = 500_000
) -> SpendingBatch:
    """Returns an approval of the programme "bansos" that draws on one fund, opened by the plugin of that slug."""
    planned = PlannedSpending("DANA-2024-11", "Dana November (contoh)", plugin, sensitive, tuple(evidence), amount)
    return SpendingBatch("bansos", A_PERIOD, (planned,))


def sql_of(expression: Expression) -> str:
    """Returns the statement that the expression becomes, in one line, its values in place: to compare and to read in tests."""
    dialect: Any = postgresql.dialect
    compiled = select(expression).compile(dialect=dialect(), compile_kwargs={"literal_binds": True})
    return " ".join(str(compiled).split())
