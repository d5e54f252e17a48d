"""The work is done in sets: ten times the households cost not one statement more."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from guyub.demo import november
from guyub.demo.month import DemoPurchase, Rutan, moment
from guyub.programs import closing, cycle_facts, cycles, distribution, proposal, queries, selection
from guyub.programs.distribution import Proof
from guyub.registry import service, surveys
from guyub.registry.schemas import NewInmateLink, NewMember, RecordSurvey, RegisterHousehold
from tests import worlds
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, gift

AT = moment(november.DISTRIBUTION, november.BEGINS)
ANSWERS = {
    "monthly_income": 500_000,
    "breadwinner_detained": True,
    "earth_floor": True,
    "bamboo_walls": False,
    "no_own_toilet": True,
    "other_aid": False,
}


def families(count: int) -> list[RegisterHousehold]:
    return [
        RegisterHousehold(
            category="inmate_family",
            recipient=NewMember(full_name=f"Keluarga Contoh {n}", nik=f"337502{_day(n)}{80 + n // 336}99{n % 100:02}"),
            family_card=f"337502{_day(n)}{10 + n // 336}99{n % 100:02}",
            adults=1 + n % 5,
            inmate=NewInmateLink(
                full_name=f"Warga Contoh {n}",
                relationship="wife",
                status="detainee",
                register_number=f"A.III {n}/2024",
            ),
        )
        for n in range(count)
    ]


def _day(n: int) -> str:
    """Day and month, another one for each of 336."""
    return f"{1 + n % 28:02}{1 + n // 28 % 12:02}"


@contextmanager
def counted(rutan: Rutan, tally: dict[str, int], step: str) -> Iterator[None]:
    engine = rutan.opened.database.engine

    def count(*_: Any) -> None:
        tally[step] = tally.get(step, 0) + 1

    event.listen(engine, "before_cursor_execute", count)
    yield
    event.remove(engine, "before_cursor_execute", count)


def statements(rutan: Rutan, households: int) -> dict[str, int]:
    """How many each step of a month takes for so many households, all of whom receive."""
    plugins, protector, tally = rutan.opened.plugins, rutan.opened.protector, dict[str, int]()
    worlds.configure(rutan.opened.database, "paket", PEKALONGAN, quota=households)
    rutan.receive([gift("UANG", 99_000_000), gift("BARANG", goods=[("beras", "12.5", 200_000)])], RECEIVED)

    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "register"):
        ids = service.register_many(work, protector, families(households), SURVEYED)
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "survey"):
        visited = [RecordSurvey(household_id=id_, answers=ANSWERS, surveyed_on=SURVEYED) for id_ in ids]
        surveys.record_surveys(work, visited)
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "open"):
        cycle = cycles.open_cycle(
            work,
            plugins,
            "paket",
            november.PERIOD,
            fund_codes=["BARANG", "UANG"],
            distribution_on=AT.date(),
            place="Aula",
        )
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "score"):
        assert selection.score(work, plugins, cycle) == households
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "select"):
        assert selection.select_top(work, cycle) == households
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "propose"):
        proposal.propose(work, plugins, cycle)
    with rutan.work_of("karutan") as work, counted(rutan, tally, "approve"):
        proposed = cycles.get(work, "paket", november.PERIOD)
        proposal.approve(work, plugins, proposed, APPROVED, version=proposed.version)
    to_buy = households * 5 - 10
    rutan.shop(cycle, [DemoPurchase(AT.date(), "Toko (contoh)", "Nota 1", (("beras", str(to_buy), to_buy * 15_000),))])
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "start"):
        distribution.start(work, cycle)
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "read the list"):
        listed = [recipient.id for recipient in queries.recipients(work, cycle)]
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "hand over"):
        assert distribution.hand_over(work, cycle, listed[1:], AT, Proof("Saksi Contoh")) == households - 1
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "absent"):
        distribution.mark_absent(work, cycle, listed[:1], "Tidak datang")
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "figures"):
        assert cycle_facts.figures(work, cycle).received == households - 1
    with rutan.work_of("kasubsi") as work, counted(rutan, tally, "close"):
        closing.close(work, cycle, AT.date())
    return tally


def cost_of_proposing(world: worlds.World, households: int) -> dict[str, int]:
    """How many statements it takes to propose so many households, and how often those ask whether a person may do something."""
    rutan, tally = world.pekalongan, dict[str, int]()
    plugins, protector, database = rutan.opened.plugins, rutan.opened.protector, rutan.opened.database
    worlds.configure(database, "paket", PEKALONGAN, quota=households)
    rutan.receive([gift("UANG", 99_000_000)], RECEIVED)
    with rutan.work_of("kasubsi") as work:
        service.register_many(work, protector, families(households), SURVEYED)
        cycle = cycles.open_cycle(
            work, plugins, "paket", november.PERIOD, fund_codes=["UANG"], distribution_on=AT.date(), place="Aula"
        )
        assert selection.score(work, plugins, cycle) == households
        assert selection.select_top(work, cycle) == households
    with worlds.superuser(world.installation) as root:
        root.execute(f"ALTER DATABASE {world.installation.admin_url.database} SET track_functions = 'all'".encode())
        database.engine.dispose()
        before = _calls(root)
        with rutan.work_of("kasubsi") as work:
            with counted(rutan, tally, "propose"):
                proposal.propose(work, plugins, cycle)
            work.run("SELECT pg_stat_force_next_flush()")
        database.engine.dispose()
        tally["permitted"] = _calls(root) - before
    return tally


def _calls(root: psycopg.Connection[Any]) -> int:
    root.execute("SELECT pg_stat_clear_snapshot()")
    row = root.execute(
        """SELECT COALESCE(sum(calls), 0)::int FROM pg_stat_user_functions
           WHERE schemaname = 'guyub' AND funcname = 'permitted'"""
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_proposing_asks_the_database_as_often_for_600_households_as_for_120(cluster: Any):
    with worlds.a_world(cluster, "hibah", "paket") as few:
        of_120 = cost_of_proposing(few, 120)
    with worlds.a_world(cluster, "hibah", "paket") as many:
        of_600 = cost_of_proposing(many, 600)
    assert of_600 == of_120
    assert of_120["propose"] < 40
    assert 0 < of_120["permitted"] < 10


def test_no_step_costs_more_statements_for_more_households(cluster: Any):
    with worlds.a_world(cluster, "hibah", "paket") as few:
        of_five = statements(few.pekalongan, 5)
    with worlds.a_world(cluster, "hibah", "paket") as many:
        of_fifty = statements(many.pekalongan, 50)
    assert of_fifty == of_five
    assert set(of_five) >= {"register", "score", "propose", "approve", "hand over", "close"}
    assert max(of_five.values()) < 40
