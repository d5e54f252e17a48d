"""The whole month for 5, 500 and 50,000 packages through the public services, each step beside the same SQL by hand.

By hand means: the rows that the step writes, as plain INSERT and UPDATE over whole sets, as the superuser, on copies of the
tables with their indexes but without row-level security, triggers, foreign keys, audit and Python. The ratio is what the
promises cost. Statements are those that the services send; they must not depend on the number of packages.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from datetime import time as hour
from typing import Any

from sqlalchemy import Connection, create_engine, event

from benchmarks import by_hand
from benchmarks.homes import home_in, new_folder
from benchmarks.people import families
from guyub.configuration.bulk_write import ValueAt, set_many
from guyub.demo import region, staff
from guyub.demo.month import DemoPurchase, DemoReceipt, Rutan, moment
from guyub.demo.november import rutan_pekalongan
from guyub.operations.context import AppContext, open_app
from guyub.programs import closing, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof

SIZES = (5, 500, 50_000)
PERIOD, DAY = date(2024, 11, 1), date(2024, 11, 16)
PACKAGE = 117_507


@dataclass(slots=True)
class Figure:
    """One step at one size: seconds and statements of the services, seconds by hand."""

    step: str
    packages: int
    seconds: float = 0.0
    statements: int = 0
    by_hand: float = 0.0


@dataclass(slots=True)
class Meter:
    opened: AppContext
    superuser: Connection
    packages: int
    figures: list[Figure] = field(default_factory=list)
    _sent: int = 0

    def __post_init__(self) -> None:
        event.listen(self.opened.database.engine, "after_cursor_execute", self._count)

    def _count(self, *_: Any) -> None:
        self._sent += 1

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Copies the tables as they are now, runs the step, then does the same by hand on the copies."""
        by_hand.copy_tables(self.superuser)
        self._sent = 0
        began = time.perf_counter()
        yield
        figure = Figure(name, self.packages, time.perf_counter() - began, self._sent)
        began = time.perf_counter()
        by_hand.STEPS[name](self.superuser)
        figure.by_hand = time.perf_counter() - began
        self.figures.append(figure)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks month")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args(arguments).sizes
    figures = [figure for size in sizes for figure in _in_new_home(size)]
    _print(figures)


def _in_new_home(packages: int) -> list[Figure]:
    with new_folder() as folder:
        home = home_in(folder)
        with open_app(home) as here:
            region.settle(here, staff.new_passwords(), lambda _: None)
            engine = create_engine(here.installation.admin_url, isolation_level="AUTOCOMMIT")
            with engine.connect() as superuser:
                figures = _month(here, superuser, packages)
            engine.dispose()
            return figures


def _month(here: AppContext, superuser: Connection, packages: int) -> list[Figure]:
    rutan = rutan_pekalongan(here)
    print(f"{packages:,} packages: registering {packages * 2:,} households", flush=True)
    _configure(here, packages)
    rutan.register(families(packages * 2), date(2024, 11, 8))
    funds = rutan.receive([_gift(packages)], date(2024, 11, 5))
    meter = Meter(here, superuser, packages)
    cycle = _until_approved(meter, rutan, funds)
    rutan.shop(cycle, [_shopping(packages)])
    _until_closed(meter, rutan, cycle)
    return meter.figures


def _until_approved(meter: Meter, rutan: Rutan, funds: list[str]) -> Cycle:
    plugins = meter.opened.plugins
    with meter.step("open"), rutan.work_of(rutan.services) as work:
        cycles.open_cycle(
            work, plugins, "bansos", PERIOD, fund_codes=funds, distribution_on=DAY, starts_at=hour(9), place="Aula"
        )
    with meter.step("score"), rutan.work_of(rutan.services) as work:
        selection.score(work, plugins, cycles.get(work, "bansos", PERIOD))
    with meter.step("select"), rutan.work_of(rutan.services) as work:
        selection.select_top(work, cycles.get(work, "bansos", PERIOD))
    with meter.step("propose"), rutan.work_of(rutan.services) as work:
        proposal.propose(work, plugins, cycles.get(work, "bansos", PERIOD))
    with meter.step("approve"), rutan.work_of(rutan.head) as work:
        proposed = cycles.get(work, "bansos", PERIOD)
        proposal.approve(work, plugins, proposed, date(2024, 11, 12), version=proposed.version)
    with rutan.work_of(rutan.head) as work:
        return cycles.get(work, "bansos", PERIOD)


def _until_closed(meter: Meter, rutan: Rutan, cycle: Cycle) -> None:
    with rutan.work_of(rutan.services) as work:
        distribution.start(work, cycle)
        ids = [recipient.id for recipient in programs.recipients(work, cycle)]
    with meter.step("hand over"), rutan.work_of(rutan.services) as work:
        now = cycles.get(work, "bansos", PERIOD)
        distribution.hand_over(work, now, ids, moment(DAY, hour(9)), Proof(rutan.witness_name))
    with meter.step("close"), rutan.work_of(rutan.services) as work:
        closing.close(work, cycles.get(work, "bansos", PERIOD), DAY)


def _configure(here: AppContext, packages: int) -> None:
    with here.database.work(here.database.as_service("bench", staff.PEKALONGAN)) as work:
        set_many(work, [ValueAt("facility", staff.PEKALONGAN, "bansos", "quota", packages, False, PERIOD, "benchmark")])


def _gift(packages: int) -> DemoReceipt:
    return DemoReceipt(
        "csr_funding",
        "csr",
        "csr_cash",
        {
            "donor": "PT Contoh (contoh)",
            "agreement_number": "PKS-1/2024",
            "agreement_date": "2024-11-01",
            "received_on": "2024-11-05",
            "evidence_number": "BAST-1/2024",
            "purpose": "sembako",
            "amount": packages * PACKAGE,
        },
    )


def _shopping(packages: int) -> DemoPurchase:
    return DemoPurchase(
        date(2024, 11, 14),
        "Toko Contoh",
        "Nota 1",
        (
            ("beras", str(5 * packages), 77_500 * packages),
            ("gula", str(packages), 18_000 * packages),
            ("minyak", str(packages), 21_000 * packages),
        ),
    )


def _print(figures: list[Figure]) -> None:
    print(f"\n{'step':<10} {'packages':>9} {'statements':>11} {'seconds':>9} {'by hand':>9} {'ratio':>7}")
    for figure in sorted(figures, key=lambda item: (_order(item.step), item.packages)):
        print(
            f"{figure.step:<10} {figure.packages:>9,} {figure.statements:>11} {figure.seconds:>9.3f} "
            f"{figure.by_hand:>9.3f} {figure.seconds / figure.by_hand:>7.1f}"
        )
    for step in by_hand.STEPS:
        sent = {figure.statements for figure in figures if figure.step == step}
        if len(sent) > 1:
            print(f"{step}: the number of statements depends on the number of packages: {sorted(sent)}")


def _order(step: str) -> int:
    return list(by_hand.STEPS).index(step)
