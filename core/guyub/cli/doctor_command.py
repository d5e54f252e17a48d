"""``guyub doctor``: every check of the installation in one go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from guyub.access import audit
from guyub.cli.output import print_json
from guyub.configuration.activations import not_installed
from guyub.configuration.health import config_faults
from guyub.db.unit_of_work import Work
from guyub.funds import queries as books
from guyub.jobs import outbox
from guyub.jobs.outbox import Delivery
from guyub.operations.context import CAPITAL, AppContext, open_app, whoami
from guyub.plugins.status import PluginStatus
from guyub.reports import rollup


def doctor(
    as_json: Annotated[bool, typer.Option("--json")] = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="hitung ulang rekap yang berbeda dari buku | count a roll-up anew that differs"),
    ] = False,
) -> None:
    """Checks plugins, ledger, audit log, roll-up and deliveries; exit code 1 when something is wrong."""
    with open_app() as here:
        statuses = here.plugins.statuses()
        with here.database.work(here.database.as_service(whoami())) as work:
            missing = not_installed(work, {status.slug for status in statuses}, datetime.now(ZoneInfo(CAPITAL)).date())
            findings = [_plugin(status) for status in sorted([*statuses, *missing], key=lambda item: item.slug)]
            for name, check in (
                ("ledger", books.check_ledger(work)),
                ("audit", audit.verify(work)),
                ("rollup", rollup.checked(work, fix=fix)),
            ):
                detail = "; ".join(check.problems) or f"{check.checked} checked"
                findings.append({"check": name, "ok": check.ok, "detail": detail})
            findings += _values(here, work)
            findings += _deliveries(outbox.stuck(work, here.plugins.ready().keys()))
    if as_json:
        print_json({"ok": all(finding["ok"] for finding in findings), "checks": findings})
    else:
        for finding in findings:
            print(
                f"{'baik | good ' if finding['ok'] else 'MASALAH | PROBLEM '} {finding['check']}: {finding['detail']}"
            )
            if "detail_id" in finding:
                print(f"    {finding['detail_id']}")
    if not all(finding["ok"] for finding in findings):
        raise typer.Exit(1)


def _plugin(status: PluginStatus) -> dict[str, object]:
    """Returns the check of one plugin; one that does not run says why, and what fixes it, in both languages."""
    if status.reason is None or status.remedy is None:
        return {"check": "plugin", "ok": status.state == "ready", "detail": f"{status.slug}: {status.state}"}
    return {
        "check": "plugin",
        "ok": False,
        "detail": f"{status.slug}: {status.reason.en} {status.remedy.en}",
        "detail_id": f"{status.slug}: {status.reason.id} {status.remedy.id}",
    }


def _values(here: AppContext, work: Work) -> list[dict[str, object]]:
    """Returns one line for each facility where a plugin is stopped for its stored values, or one that all is well."""
    today = datetime.now(ZoneInfo(CAPITAL)).date()
    configuration = [
        {"check": "configuration", "ok": False, "detail": f"{slug} at {fault.en}"}
        for slug, faults in config_faults(work, here.plugins, today, here.protector).items()
        for fault in faults
    ]
    return configuration or [{"check": "configuration", "ok": True, "detail": "every stored value is valid"}]


def _deliveries(stuck: Sequence[Delivery]) -> list[dict[str, object]]:
    """Returns one line for each plugin, with the command that delivers again what is parked, or one that all is well."""
    results: list[dict[str, object]] = []
    for plugin in sorted({delivery.plugin for delivery in stuck}):
        parked = [delivery for delivery in stuck if delivery.plugin == plugin and delivery.state == "parked"]
        waiting = sum(delivery.plugin == plugin for delivery in stuck) - len(parked)
        finding: dict[str, object] = {"check": "events", "ok": False}
        finding["detail"] = f"{plugin}: {len(parked)} parked, {waiting} waiting for the plugin"
        if parked:
            last = parked[-1]
            finding["detail"] = (
                f"{finding['detail']}; the last: {last.kind} {last.subject} at {last.facility}, {last.last_error}. "
                f"When the plugin is corrected: guyub events retry --plugin {plugin}"
            )
            finding["detail_id"] = (
                f"{plugin}: {len(parked)} tertahan, {waiting} menunggu pluginnya. "
                f"Setelah plugin diperbaiki: guyub events retry --plugin {plugin}"
            )
        results.append(finding)
    return results or [{"check": "events", "ok": True, "detail": "nothing parked"}]
