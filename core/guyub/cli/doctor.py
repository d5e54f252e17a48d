"""``guyub doctor``: every check of the installation in one go."""

from typing import Annotated

import typer

from guyub.access import audit
from guyub.cli.opening import opened, whoami
from guyub.cli.output import print_json
from guyub.funds import queries as books


def doctor(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Checks plugins, ledger and audit trail; exit code 1 when something is wrong."""
    with opened() as here:
        findings = [
            {
                "check": "plugin",
                "ok": one.state == "ready",
                "detail": f"{one.slug}: {one.reason.en if one.reason else one.state}",
            }
            for one in here.host.statuses()
        ]
        with here.database.work(here.database.as_service(whoami())) as work:
            for name, check in (("ledger", books.check_ledger(work)), ("audit", audit.verify(work))):
                detail = "; ".join(check.problems) or f"{check.checked} checked"
                findings.append({"check": name, "ok": check.ok, "detail": detail})
    if as_json:
        print_json({"ok": all(one["ok"] for one in findings), "checks": findings})
    else:
        for one in findings:
            print(f"{'baik | good ' if one['ok'] else 'MASALAH | PROBLEM '} {one['check']}: {one['detail']}")
    if not all(one["ok"] for one in findings):
        raise typer.Exit(1)
