"""The home of a region (59 facilities) and of the nation (532) over three years, from the roll-up.

Beside the time of the service stand the same statements on the roll-up sent bare (as the superuser, without policies and
Python), and the live aggregate from lists and books. The rebuild must equal what the triggers keep, row by row.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from starlette.testclient import TestClient

from benchmarks import nation as generated
from benchmarks.homes import home_in, new_folder
from benchmarks.nation import LAST, TODAY, Size, generate
from guyub.access import people, sign_in
from guyub.access.roles import RoleRecord, save_roles
from guyub.app import create_app
from guyub.db.unit_of_work import SessionCredential, Work
from guyub.demo import region as demonstration
from guyub.demo import staff
from guyub.http import SESSION_COOKIE
from guyub.operations.context import AppContext, open_app
from guyub.reports import nation, region, rollup

TIMES = 9
"""Each figure is the median of so many runs, after one that warms up."""


@dataclass(slots=True)
class Sent:
    """The statements of one run on the roll-up, with their values and the seconds that the database took."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    queries: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds, but ``queries``; ``page`` is the whole answer, ``live`` the same figures from lists and books."""

    name: str
    facilities: int
    queries: int
    page_queries: int
    on_rollup: float
    service: float
    page: float
    bare: float
    live: float


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks region")
    parser.add_argument("--entitlements", type=int, default=generated.ENTITLEMENTS)
    parser.add_argument("--facilities", type=int, default=generated.FACILITIES)
    parser.add_argument("--of-jateng", type=int, default=generated.OF_JATENG)
    parser.add_argument("--months", type=int, default=generated.MONTHS)
    given = parser.parse_args(arguments)
    run(Size(given.facilities, given.of_jateng, given.months, given.entitlements))


def run(size: Size) -> list[Figure]:
    quick = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=8GB")
    with new_folder() as folder, open_app(home_in(folder), settings=quick) as here:
        engine = create_engine(here.installation.admin_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as superuser:
            figures = measure(here, superuser, size)
        engine.dispose()
        return figures


def measure(here: AppContext, superuser: Connection, size: Size) -> list[Figure]:
    _settle(here, superuser)
    began = time.perf_counter()
    generate(superuser, size)
    counted = superuser.execute(
        text(
            "SELECT (SELECT count(*) FROM guyub.facility), (SELECT count(*) FROM guyub.cycle), "
            "(SELECT count(*) FROM guyub.entitlement)"
        )
    ).one()
    print(
        f"{counted[0]:,} facilities, {counted[1]:,} months, {counted[2]:,} entitlements "
        f"({time.perf_counter() - began:.0f} s to write)",
        flush=True,
    )
    _employ(here)
    _keep_and_compare(here, superuser)
    figures = [_of_region(here, superuser), _of_nation(here, superuser)]
    _print(figures)
    return figures


def _settle(here: AppContext, superuser: Connection) -> None:
    """Roles and settings as their files have them; the facilities of the files make room for the generated ones."""
    demonstration.settle(here, staff.new_passwords(), lambda _: None)
    superuser.execute(text("SET session_replication_role = replica"))
    superuser.execute(text("TRUNCATE guyub.region, guyub.facility, guyub.person CASCADE"))
    superuser.execute(text("SET session_replication_role = origin"))


def _employ(here: AppContext) -> None:
    everywhere = RoleRecord("bench", "national", {"default": {"id": "Pimpinan", "en": "Head"}}, ("programs.approve",))
    with here.database.work(here.database.as_service("bench")) as work:
        save_roles(work, [everywhere])
        key = here.database.service_key
        for login, role, place in (
            ("kanwil", "region_admin", "jawa-tengah"),
            ("pusat", "national_admin", ""),
            ("pimpinan", "bench", ""),
        ):
            people.create_person(work, key=key, login=login, full_name=f"{login} contoh", password="kata sandi contoh")
            people.assign_role(work, key=key, login=login, role=role, region=place, valid_from=date(2020, 1, 1))


def _keep_and_compare(here: AppContext, superuser: Connection) -> None:
    with here.database.work(here.database.as_service("bench")) as work:
        rows, took = _timed(lambda: rollup.rebuild(work))
    print(f"rebuild: {rows:,} rows in {took:.1f} s", flush=True)
    _say_check(here, "after the rebuild")
    months, took = _timed(lambda: _cancel_proposed(here))
    print(f"{months:,} proposed months cancelled with the triggers on: {took:.2f} s", flush=True)
    _say_check(here, "after the triggers kept it")


def _cancel_proposed(here: AppContext) -> int:
    """Every list that was proposed ends, by somebody who may do so anywhere. How many there were."""
    token = sign_in.session_for(here.database, "pimpinan", "bench")
    with here.database.work(SessionCredential(token)) as work:
        return int(
            work.run(
                """UPDATE guyub.cycle SET state = 'cancelled', decided_version = revision
                   WHERE state = 'proposed'"""
            ).rowcount
        )


def _say_check(here: AppContext, when: str) -> None:
    with here.database.work(here.database.as_service("bench")) as work:
        check, took = _timed(lambda: rollup.check(work))
    print(
        f"{when}: {check.checked:,} rows kept, {len(check.problems)} differ from the books ({took:.1f} s)", flush=True
    )
    if not check.ok:
        raise SystemExit("the roll-up differs from the books: " + "; ".join(check.problems))


def _of_region(here: AppContext, superuser: Connection) -> Figure:
    id_ = superuser.execute(text("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'")).scalar_one()
    live = _median(
        lambda: [
            superuser.execute(text(query), {"region": id_, "period": LAST, "first": date(2023, 12, 1)}).all()
            for query in _LIVE_REGION
        ],
        3,
    )
    return _figure(
        here,
        superuser,
        "region",
        "kanwil",
        "/region/jawa-tengah/",
        live,
        lambda work: len(region.overview(work, here.plugins, id_, LAST, TODAY).rows),
    )


def _of_nation(here: AppContext, superuser: Connection) -> Figure:
    live = _median(
        lambda: [
            superuser.execute(text(query), {"period": LAST, "first": date(2023, 12, 1)}).all() for query in _LIVE_NATION
        ],
        3,
    )
    return _figure(
        here,
        superuser,
        "nation",
        "pusat",
        "/national",
        live,
        lambda work: nation.nation(work, here.plugins, LAST, TODAY).facilities,
    )


def _figure(
    here: AppContext, superuser: Connection, name: str, login: str, path: str, live: float, read: Callable[[Work], int]
) -> Figure:
    token = sign_in.session_for(here.database, login, "bench")
    runs: list[Sent] = []
    facilities = 0

    def once() -> None:
        nonlocal facilities
        with _watched(here) as sent, here.database.work(SessionCredential(token)) as work:
            facilities = read(work)
        runs.append(sent)

    service = _median(once)
    raw = superuser.connection.driver_connection
    assert raw is not None
    bare = _median(lambda: [raw.execute(statement, values).fetchall() for statement, values in runs[-1].statements])
    page, page_queries = _page(here, token, path)
    on_rollup = statistics.median(run.seconds for run in runs[1:])
    return Figure(name, facilities, runs[-1].queries, page_queries, on_rollup, service, page, bare, live)


def _page(here: AppContext, token: str, path: str) -> tuple[float, int]:
    """Seconds and queries of the whole answer, from the address to the last letter of the page."""
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 5, tzinfo=UTC)
    client = TestClient(create_app(here.database, here.plugins, protector=here.protector, clock=lambda: noon))
    client.cookies.set(SESSION_COOKIE, token)

    def once() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text

    seconds = _median(once)
    with _watched(here) as sent:
        once()
    return seconds, sent.queries


@contextmanager
def _watched(here: AppContext) -> Iterator[Sent]:
    sent = Sent()
    began = 0.0

    def before(*_: Any) -> None:
        nonlocal began
        sent.queries += 1
        began = time.perf_counter()

    def after(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "guyub.rollup_" in statement:
            sent.seconds += time.perf_counter() - began
            sent.statements.append((statement, values))

    engine = here.database.engine
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    answer = call()
    return answer, time.perf_counter() - began


def _median(call: Callable[[], Any], times: int = TIMES) -> float:
    call()
    return statistics.median(_timed(call)[1] for _ in range(times))


def _print(figures: list[Figure]) -> None:
    print(
        f"\n{'home':<8} {'facilities':>10} {'queries':>8} {'page':>5} {'bare SQL':>10} {'under policies':>15} {'service':>16} "
        f"{'page':>16} {'live aggregate':>17}"
    )
    for figure in figures:

        def beside(seconds: float, figure: Figure = figure) -> str:
            return f"{seconds * 1e3:.1f} ms {seconds / figure.bare:.2f}x"

        print(
            f"{figure.name:<8} {figure.facilities:>10} {figure.queries:>8} {figure.page_queries:>5} {figure.bare * 1e3:>7.1f} ms "
            f"{beside(figure.on_rollup):>15} {beside(figure.service):>16} {beside(figure.page):>16} {beside(figure.live):>17}"
        )


_MOVES = """
    SELECT f.facility_id, f.plugin, f.source, c.period, far.kind = 'receipts' AS comes_in, j.booked_on,
           CASE WHEN (far.kind = 'receipts') = (far.id = t.credit_account) THEN t.rupiah ELSE -t.rupiah END AS rupiah
    FROM guyub.account far JOIN guyub.transfer t ON far.id IN (t.credit_account, t.debit_account)
    JOIN guyub.journal j ON j.id = t.journal_id JOIN guyub.fund f ON f.id = t.fund_id
    LEFT JOIN guyub.cycle c ON c.id = j.holder_id
    WHERE far.kind IN ('receipts', 'distributed', 'payments')
"""
_LIVE = (
    """SELECT {place}, e.category, c.state, count(*) FILTER (WHERE guyub.has_list(c.state) AND guyub.is_listed(e.state)),
              count(*) FILTER (WHERE e.state = 'received')
       FROM guyub.cycle c JOIN guyub.facility x ON x.id = c.facility_id JOIN guyub.entitlement e ON e.cycle_id = c.id
       WHERE {where} AND (c.period = :period OR (c.period < :period AND c.state NOT IN ('closed', 'cancelled')))
       GROUP BY 1, 2, 3""",
    """SELECT c.period, count(*) FILTER (WHERE guyub.has_list(c.state) AND guyub.is_listed(e.state)),
              count(*) FILTER (WHERE e.state = 'received')
       FROM guyub.cycle c JOIN guyub.facility x ON x.id = c.facility_id JOIN guyub.entitlement e ON e.cycle_id = c.id
       WHERE {where} AND c.period BETWEEN :first AND :period GROUP BY 1""",
    f"""SELECT {{place}}, m.plugin, m.source, sum(m.rupiah) FILTER (WHERE m.comes_in),
               sum(m.rupiah) FILTER (WHERE NOT m.comes_in), sum(m.rupiah) FILTER (WHERE NOT m.comes_in AND m.period = :period)
        FROM ({_MOVES}) m JOIN guyub.facility x ON x.id = m.facility_id WHERE {{where}} GROUP BY 1, 2, 3""",
    f"""SELECT date_trunc('month', COALESCE(m.period, m.booked_on)), m.comes_in, sum(m.rupiah)
        FROM ({_MOVES}) m JOIN guyub.facility x ON x.id = m.facility_id
        WHERE {{where}} AND COALESCE(m.period, m.booked_on) >= :first GROUP BY 1, 2""",
)
_LIVE_REGION = [item.format(place="x.id", where="x.region_id = :region") for item in _LIVE]
_LIVE_NATION = [item.format(place="x.region_id", where="true") for item in _LIVE]
