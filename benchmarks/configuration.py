"""One plugin's configuration at one facility: from the cache and cold, beside a dictionary and the bare statement.

The installation has as many facilities as the country (532), each with values of its own, below values of its region and the
nation, for 25 plugins. Also: what a change for the whole nation would do at every facility, before it is made.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import Connection, create_engine, event, text

from benchmarks.homes import home_in, new_folder
from benchmarks.nation import NAMES
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.planning import plan_requests
from guyub.demo import region, staff
from guyub.operations.context import AppContext, open_app

FACILITIES, PLUGINS = 532, 25
DAY = date(2026, 1, 1)
CACHED_LIMIT = 5e-6


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks configuration")
    parser.add_argument("--facilities", type=int, default=FACILITIES)
    facilities = parser.parse_args(arguments).facilities
    with new_folder() as folder, open_app(home_in(folder)) as here:
        region.settle(here, staff.new_passwords(), lambda _: None)
        engine = create_engine(here.installation.admin_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as superuser:
            _fill(superuser, facilities)
            _measure(here, superuser, facilities)
        engine.dispose()


def _fill(superuser: Connection, facilities: int) -> None:
    """By hand: rows of plugins that are not installed weigh as much as those of plugins that are."""
    superuser.execute(text("SET session_replication_role = replica"))
    superuser.execute(
        text(
            """INSERT INTO guyub.facility (region_id, code, name, long_name, facility_type, city, letter_place, zone)
               SELECT r.id, 'rutan-contoh-' || n, 'Rutan Contoh ' || n, 'Rutan Contoh ' || n, 'rutan', 'Kota Contoh', 'Contoh',
                      'Asia/Jakarta'
               FROM (SELECT id FROM guyub.region LIMIT 1) r, generate_series(1, :more) n"""
        ),
        {"more": facilities - superuser.execute(text("SELECT count(*) FROM guyub.facility")).scalar_one()},
    )
    superuser.execute(text(NAMES))
    superuser.execute(
        text(
            """INSERT INTO guyub.config_value (layer, region_id, facility_id, plugin, field, value, valid_from, actor)
               SELECT p.layer, p.region_id, p.facility_id, p.plugin, 'field_' || n, to_jsonb(n), '2025-01-01', 'bench'
               FROM (SELECT 'facility' AS layer, NULL::uuid AS region_id, f.id AS facility_id, 'plugin_' || k AS plugin
                     FROM guyub.facility f, generate_series(1, :plugins) k
                     UNION ALL SELECT 'region', g.id, NULL, 'plugin_' || k FROM guyub.region g, generate_series(1, :plugins) k
                     UNION ALL SELECT 'national', NULL, NULL, 'plugin_' || k FROM generate_series(1, :plugins) k) p,
                    generate_series(1, 4) n"""
        ),
        {"plugins": PLUGINS},
    )
    superuser.execute(text("SET session_replication_role = origin"))
    superuser.execute(text("ANALYZE"))


def _measure(here: AppContext, superuser: Connection, facilities: int) -> None:
    rows = superuser.execute(text("SELECT count(*) FROM guyub.config_value")).scalar_one()
    print(f"{facilities} facilities, {rows:,} stored values\n")
    statements: list[str] = []
    with here.database.work(here.database.as_service("bench", staff.PEKALONGAN)) as work:
        place, plugins = work.here.id, here.plugins
        plugins.resolve(work, "bansos", place, DAY)
        cached = _per_call(lambda: plugins.resolve(work, "bansos", place, DAY), 200_000)
        limit = _per_call(lambda found={("bansos", place, 1, DAY): 1}: found[("bansos", place, 1, DAY)], 200_000)
        _line("from the cache", cached, limit, "a dictionary with the same key", f"limit {CACHED_LIMIT * 1e6:.0f} µs")

        event.listen(here.database.engine, "after_cursor_execute", lambda *a: statements.append(a[2]))
        days = iter(DAY + timedelta(days=n) for n in range(1, 10_000))
        cold = _per_call(lambda: plugins.resolve(work, "bansos", place, next(days)), 200)
        asked = len(statements) / 200
        bare = _per_call(lambda: _bare(superuser, place), 200)
        _line("cold, all plugins of the facility", cold, bare, "its rows by hand, no policies", f"{asked:g} query each")

    statements.clear()
    with here.database.work(here.database.as_service("bench")) as work:
        statements.clear()
        change = ChangeRequest("bansos", DAY, values={"quota": 6, "ceiling": 300_000}, reason="benchmark")
        began = time.perf_counter()
        effects = plan_requests(work, here.plugins, [change]).effects
        took = time.perf_counter() - began
        print(
            f"{'preview for the whole nation':<36} {took * 1e3:>9.1f} ms for {len(effects):,} effects, {len(statements)} queries"
        )


def _bare(superuser: Connection, place: object) -> None:
    superuser.execute(
        text(
            """SELECT v.* FROM guyub.config_value v WHERE layer = 'national'
               UNION ALL SELECT v.* FROM guyub.config_value v
                         WHERE region_id = (SELECT region_id FROM guyub.facility WHERE id = :place)
               UNION ALL SELECT v.* FROM guyub.config_value v WHERE facility_id = :place"""
        ),
        {"place": place},
    ).all()


def _per_call(call: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - began) / times


def _line(name: str, seconds: float, limit: float, what: str, note: str) -> None:
    print(
        f"{name:<36} {seconds * 1e6:>9.2f} µs {seconds / limit:>6.1f} x {what} ({limit * 1e6:.2f} µs); {note}",
        flush=True,
    )
