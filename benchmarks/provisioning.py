"""Files of the whole country: the plan of a change to every facility, and applying it.

33 regions and 532 facilities of example, each with six plugins that have values of their own, below values of their region and
of the nation. Beside the limits: how long the bare statements of the plan take.
"""

import argparse
import shutil
import time
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

from sqlalchemy import event, text

from benchmarks.homes import home_in, new_folder
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.plan import Plan
from guyub.operations.context import AppContext, open_app
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import apply, load, packaged_folder, plan
from guyub.sdk import Config, Plugin, Text, field

REGIONS, FACILITIES, PLUGINS = 33, 532, 6
PLAN_LIMIT, QUERY_LIMIT, APPLY_LIMIT = 2.0, 20, 5.0


def _both(words: str) -> Text:
    return Text(id=words, en=words)


class Settings(Config):
    quota: int = field(_both("Kuota"), help=_both("Contoh."), default=5, ge=1, le=500)
    ceiling: int = field(_both("Batas"), help=_both("Contoh."), default=250_000, ge=1)
    note: str = field(_both("Catatan"), help=_both("Contoh."), default="")


def _plugin(number: int) -> Plugin:
    names = {
        "slug": f"contoh_{number}",
        "title": _both(f"Contoh {number}"),
        "summary": _both("Contoh."),
        "config": Settings,
    }
    made: Plugin = type(f"Contoh{number}", (Plugin,), names)()
    return made


contoh_1, contoh_2, contoh_3, contoh_4, contoh_5, contoh_6 = (_plugin(number) for number in range(1, PLUGINS + 1))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks provisioning")
    parser.add_argument("--facilities", type=int, default=FACILITIES)
    facilities = parser.parse_args(arguments).facilities
    with new_folder() as folder, open_app(home_in(folder)) as here:
        _measure(here, folder / "facilities", facilities)


def _measure(here: AppContext, folder: Path, facilities: int) -> None:
    slugs = [f"contoh_{number}" for number in range(1, PLUGINS + 1)]
    plugins = plugin_registry(
        [EntryPoint(slug, f"benchmarks.provisioning:{slug}", "guyub") for slug in slugs], here.protector
    )
    _write(folder, facilities, slugs, quota=5)
    with here.database.work(here.database.as_service("bench")) as work:
        apply(work, plugins, load(folder, plugins))
    with here.database.work(here.database.as_service("bench")) as work:
        values, switches = work.run(
            "SELECT (SELECT count(*) FROM guyub.config_value), (SELECT count(*) FROM guyub.plugin_activation)"
        ).one()
    print(
        f"{facilities} facilities, {REGIONS} regions, {PLUGINS} plugins: {values:,} values, {switches:,} activations\n"
    )
    nothing, seconds, queries = _planned(here, plugins, folder)
    assert nothing.changes == ()
    _line("plan that changes nothing", seconds, PLAN_LIMIT, f"{queries} queries (limit {QUERY_LIMIT})")
    _write(folder, facilities, slugs, quota=7)
    change, seconds, queries = _planned(here, plugins, folder)
    _line(f"plan of {len(change.changes):,} changes", seconds, PLAN_LIMIT, f"{queries} queries (limit {QUERY_LIMIT})")
    declared = load(folder, plugins)
    begin = time.perf_counter()
    with here.database.work(here.database.as_service("bench")) as work:
        done = apply(work, plugins, declared, change.digest)
    _line(f"apply of {len(done.changes):,} changes", time.perf_counter() - begin, APPLY_LIMIT, "")


def _planned(here: AppContext, plugins: PluginRegistry, folder: Path) -> tuple[Plan, float, int]:
    """With the time of the plan alone; reading and checking the files is told beside it."""
    begin = time.perf_counter()
    declared = load(folder, plugins)
    print(f"reading and checking the files: {time.perf_counter() - begin:.2f} s")
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    with here.database.work(here.database.as_service("bench")) as work:
        work.session.execute(text("SELECT 1"))
        event.listen(here.database.engine, "after_cursor_execute", note)
        begin = time.perf_counter()
        found = plan(work, plugins, declared)
        seconds = time.perf_counter() - begin
        event.remove(here.database.engine, "after_cursor_execute", note)
    return found, seconds, len(statements)


def _line(what: str, seconds: float, limit: float, more: str) -> None:
    ratio = seconds / limit
    print(f"{what}: {seconds:.2f} s, limit {limit:.0f} s, ratio {ratio:.2f}{' ' if more else ''}{more}")


def _write(folder: Path, facilities: int, slugs: Sequence[str], *, quota: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    nation = (packaged_folder() / "national.toml").read_text(encoding="utf-8")
    # The roles may name permissions of plugins that are not installed here.
    known = [
        line for line in nation.splitlines() if not line.strip().startswith(('"bansos.', '"csr_funding.', '"canteen_'))
    ]
    (folder / "national.toml").write_text(
        "\n".join(known).partition("\n[plugins")[0] + _tables(slugs, "ceiling = 400_000")
    )
    for region in range(1, REGIONS + 1):
        here = folder / f"wilayah-{region}"
        here.mkdir()
        (here / "region.toml").write_text(
            f'name = "Wilayah {region}"\noffice_name = "Kanwil Contoh {region}"\nletterhead = ["KANWIL {region}"]\n'
            + _tables(slugs, f"ceiling = {300_000 + region}", 'locked = ["ceiling"]\n')
        )
    for number in range(facilities):
        region = number % REGIONS + 1
        (folder / f"wilayah-{region}" / f"rutan-{number}.toml").write_text(
            f'name = "Rutan {number}"\nlong_name = "Rumah Tahanan Negara {number}"\ntype = "rutan"\nclass = "IIB"\n'
            'city = "Kota Contoh"\ncity_code = "33.19"\nplace = "Contoh"\nzone = "Asia/Jakarta"\n'
            '[[officials]]\nrole = "head"\nname = "Contoh"\nfrom = 2024-01-01\n'
            + _tables(slugs, f'quota = {quota + number % 3}\nnote = "catatan {number}"')
        )


def _tables(slugs: Sequence[str], values: str, more: str = "") -> str:
    table = "\n[plugins.{slug}]\nfrom = 2025-01-01\n{more}[plugins.{slug}.config]\n{values}\n"
    return "".join(table.format(slug=slug, more=more, values=values) for slug in slugs)
