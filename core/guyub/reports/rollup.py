"""The roll-up that the homes of regions and of the nation read: whether it is what the books say, and counting it anew."""

from sqlalchemy import Boolean, Text, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from guyub.access import audit
from guyub.db.unit_of_work import Work
from guyub.funds.queries import LedgerCheck
from guyub.programs.models import RollupMonth
from guyub.reports.models import RollupFamilies, RollupFund, RollupIncome, RollupSpending

_NAMED = 5
"""So many differences are named; the rest is counted."""


def check(work: Work) -> LedgerCheck:
    """Counts every cycle, list and transfer in scope and compares with the kept figures. Two queries."""
    months, *others = (
        select(func.count()).select_from(kept_figures).scalar_subquery()
        for kept_figures in (RollupMonth, RollupFamilies, RollupSpending, RollupIncome, RollupFund)
    )
    kept = work.scalar(select(sum(others, start=months))) or 0
    problem = func.guyub.rollup_problems().table_valued(
        column("facility", Text), column("part", Text), column("kept", Boolean), column("figures", JSONB)
    )
    problems = work.all(select(*problem.c))
    lines = [
        f"{row.facility}: rollup_{row.part} {'keeps' if row.kept else 'lacks'} {row.figures}"
        for row in problems[:_NAMED]
    ]
    if len(problems) > _NAMED:
        lines.append(f"{len(problems) - _NAMED} more")
    if problems:
        lines.append("guyub doctor --fix counts them anew from the books")
    return LedgerCheck(not problems, kept, tuple(lines))


def checked(work: Work, *, fix: bool) -> LedgerCheck:
    """Checks like ``check``; with ``fix`` a roll-up that differs is counted anew first, and checked again."""
    result = check(work)
    if result.ok or not fix:
        return result
    rebuild(work)
    return check(work)


def rebuild(work: Work) -> int:
    """Writes it anew from the books, for the command line only; answers the number of rows. The audit log says so."""
    rows: int = work.scalar(select(func.guyub.rebuild_rollup())) or 0
    audit.record(work, "reports.rebuild_rollup", "rollup", details={"rows": rows})
    return rows
