"""``guyub doctor``: every check of the installation in one go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from guyub.access import audit
from guyub.cli.opening import CAPITAL, Opened, opened, whoami
from guyub.cli.output import print_json
from guyub.db.work import Work
from guyub.funds import queries as books
from guyub.host.config_faults import config_faults
from guyub.host.service import not_installed
from guyub.host.status import PluginStatus
from guyub.jobs import outbox
from guyub.jobs.outbox import Stuck
from guyub.reports import rollup


def doctor(
    as_json: Annotated[bool, typer.Option("--json")] = False,
    mend: Annotated[
        bool,
        typer.Option("--mend", help="hitung ulang rekap yang berbeda dari buku | count a roll-up anew that differs"),
    ] = False,
) -> None:
    """Checks plugins, ledger, audit trail, roll-up and deliveries; exit code 1 when something is wrong."""
    with opened() as here:
        statuses = here.host.statuses()
        with here.database.work(here.database.as_service(whoami())) as work:
            missing = not_installed(work, {one.slug for one in statuses}, datetime.now(ZoneInfo(CAPITAL)).date())
            findings = [_plugin(one) for one in sorted([*statuses, *missing], key=lambda one: one.slug)]
            for name, check in (
                ("ledger", books.check_ledger(work)),
                ("audit", audit.verify(work)),
                ("rollup", rollup.checked(work, mend=mend)),
            ):
                detail = "; ".join(check.problems) or f"{check.checked} checked"
                findings.append({"check": name, "ok": check.ok, "detail": detail})
            findings += _values(here, work)
            findings += _deliveries(outbox.stuck(work, here.host.ready().keys()))
    if as_json:
        print_json({"ok": all(one["ok"] for one in findings), "checks": findings})
    else:
        for one in findings:
            print(f"{'baik | good ' if one['ok'] else 'MASALAH | PROBLEM '} {one['check']}: {one['detail']}")
            if "detail_id" in one:
                print(f"    {one['detail_id']}")
    if not all(one["ok"] for one in findings):
        raise typer.Exit(1)


def _plugin(one: PluginStatus) -> dict[str, object]:
    """A plugin that does not run says why, and what mends it, in both languages."""
    if one.reason is None or one.remedy is None:
        return {"check": "plugin", "ok": one.state == "ready", "detail": f"{one.slug}: {one.state}"}
    return {
        "check": "plugin",
        "ok": False,
        "detail": f"{one.slug}: {one.reason.en} {one.remedy.en}",
        "detail_id": f"{one.slug}: {one.reason.id} {one.remedy.id}",
    }


def _values(here: Opened, work: Work) -> list[dict[str, object]]:
    """One line for each facility where a plugin stands still for its stored values, or one that all is well."""
    today = datetime.now(ZoneInfo(CAPITAL)).date()
    found = [
        {"check": "configuration", "ok": False, "detail": f"{slug} at {fault.en}"}
        for slug, plugin in here.host.ready().items()
        for fault in config_faults(work, plugin, today, here.protector)
    ]
    return found or [{"check": "configuration", "ok": True, "detail": "every stored value is valid"}]


def _deliveries(stuck: Sequence[Stuck]) -> list[dict[str, object]]:
    """One line for each plugin, or one that all is well."""
    found: list[dict[str, object]] = []
    for plugin in sorted({one.plugin for one in stuck}):
        parked = [one for one in stuck if one.plugin == plugin and one.state == "parked"]
        waiting = sum(one.plugin == plugin for one in stuck) - len(parked)
        detail = f"{plugin}: {len(parked)} parked, {waiting} waiting for the plugin"
        if parked:
            last = parked[-1]
            detail += f"; the last: {last.kind} {last.subject} at {last.facility}, {last.last_error}"
        found.append({"check": "events", "ok": False, "detail": detail})
    return found or [{"check": "events", "ok": True, "detail": "nothing parked"}]
