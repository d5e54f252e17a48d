"""The steps of a month send as many statements for forty households as for five."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import event

from guyub.cli.demonstration import november
from guyub.cli.demonstration.month import Income, Rutan, Shopping
from guyub.db.work import Database
from guyub.host import configuration
from guyub.host.plugin_host import PluginHost
from guyub.programs import closing, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.distribution import Proof
from tests import worlds

from .conftest import twins

NINE = datetime(2024, 11, 16, 2, tzinfo=UTC)
PLENTY = Income("csr_funding", "csr", "csr_cash", {**november.INCOMES[0].form, "amount": 9_000_000})


@contextmanager
def counted(database: Database, counts: dict[str, int], step: str) -> Iterator[None]:
    """Rows of parameters count: one statement sent for many rows is many."""
    counts[step] = 0

    def note(_connection: Any, _cursor: Any, _statement: str, parameters: Any, _context: Any, many: bool) -> None:
        counts[step] += len(parameters) if many else 1

    event.listen(database.engine, "before_cursor_execute", note)
    yield
    event.remove(database.engine, "before_cursor_execute", note)


def a_month_of(cluster: Any, households: int) -> dict[str, int]:
    """Statements by step, in a database of its own; the last household of the list is absent."""
    installation = cluster.copy()
    database = installation.database()
    try:
        rutan = worlds.pekalongan(cluster, installation, database, PluginHost())
        return _counts(rutan, households)
    finally:
        database.close()
        cluster.drop(installation)


def _counts(rutan: Rutan, households: int) -> dict[str, int]:
    database, host = rutan.opened.database, rutan.opened.host
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        configuration.set_values(
            work, "bansos", {"quota": 40}, valid_from=date(2024, 10, 1), reason="contoh", facility_id=work.here.id
        )
    rutan.register(twins(households), date(2024, 11, 8))
    codes = rutan.receive([PLENTY], date(2024, 11, 6))
    with rutan.work_of("kasubsi") as work:
        cycle = cycles.open_cycle(
            work, host, "bansos", november.PERIOD, fund_codes=codes, distribution_on=november.DISTRIBUTION, place="Aula"
        )
    counts: dict[str, int] = {}
    with rutan.work_of("kasubsi") as work:
        with counted(database, counts, "score"):
            assert selection.score(work, host, cycle) == households
        with counted(database, counts, "select"):
            assert selection.select_top(work, cycle) == households
        with counted(database, counts, "propose"):
            proposal.propose(work, cycle)
    with rutan.work_of("karutan") as work, counted(database, counts, "approve"):
        proposal.approve(work, host, cycles.get(work, "bansos", november.PERIOD), date(2024, 11, 12))
    goods = [("beras", str(5 * households), 78_001 * households), ("gula", str(households), 18_001 * households)]
    goods.append(("minyak", str(households), 21_001 * households))
    with counted(database, counts, "buy"):
        rutan.shop(cycle, [Shopping(date(2024, 11, 14), "Toko Contoh", "Nota 1", goods)])
    with rutan.work_of("kasubsi") as work:
        with counted(database, counts, "start"):
            distribution.start(work, cycle)
        ids = [one.id for one in programs.recipients(work, cycle)]
        with counted(database, counts, "hand over"):
            assert distribution.hand_over(work, cycle, ids[:-1], NINE, Proof("Saksi Contoh")) == households - 1
        with counted(database, counts, "absent"):
            distribution.mark_absent(work, cycle, ids[-1:], "sakit")
        with counted(database, counts, "close"):
            closing.close(work, cycle, november.DISTRIBUTION)
    return counts


def test_every_step_sends_as_many_statements_for_forty_households_as_for_five(cluster: Any):
    few, many = a_month_of(cluster, 5), a_month_of(cluster, 40)
    assert many == few
    assert all(few.values())
