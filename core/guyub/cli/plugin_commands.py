"""``guyub plugin``: what is installed, and what keeps one of them from running."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from guyub.cli import plugin_author, plugin_lifecycle, plugin_run
from guyub.cli.output import complain, print_json, print_table
from guyub.configuration.activations import not_installed
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.health import config_faults
from guyub.db.home import find_home
from guyub.operations.context import CAPITAL, TRUSTED, connect, whoami
from guyub.plugins import probe_results
from guyub.plugins.discovery import installed
from guyub.plugins.out_of_service import out_of_service
from guyub.plugins.status import PluginStatus
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

app = typer.Typer(help="Plugin: program dan sumber dana | programmes and funding sources.", no_args_is_help=True)
plugin_lifecycle.add_to(app)
app.command("new")(plugin_author.new)
app.command("check")(plugin_author.check)
# What follows the slug is the plugin's, its --help too.
app.command(
    "run", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)(plugin_run.run)


@app.callback()
def group() -> None:
    pass


@app.command("list")
def list_plugins(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Shows every plugin that is installed or active, with its state; exit code 1 when one is quarantined or missing."""
    statuses = _as_in_the_installation(probe_results.looked_at(find_home().path / TRUSTED))
    if as_json:
        print_json([_as_json(status) for status in statuses])
    else:
        print_table(
            ("plugin", "paket | distribution", "versi | version", "keadaan | state"),
            [(status.slug, status.distribution, status.version, status.state) for status in statuses],
        )
        for status in statuses:
            _tell(status)
    if any(status.state != "ready" for status in statuses):
        raise typer.Exit(1)


def _as_json(status: PluginStatus) -> dict[str, object]:
    return {
        "slug": status.slug,
        "distribution": status.distribution,
        "version": status.version,
        # Two states for who reads this by program: what is not there does not run either, and `code` says why.
        "state": "ready" if status.state == "ready" else "quarantined",
        "reason": status.reason.en if status.reason else None,
        "remedy": status.remedy.en if status.remedy else None,
        "code": status.code or None,
        "warnings": [warning.en for warning in status.warnings],
        "reason_id": status.reason.id if status.reason else None,
        "remedy_id": status.remedy.id if status.remedy else None,
        "warnings_id": [warning.id for warning in status.warnings],
    }


def _tell(status: PluginStatus) -> None:
    """Prints reasons and remedies below the table and as wide as it is: a remedy is copied into the next command."""
    why = [text for text in (status.reason, status.remedy) if text is not None]
    reasons = [Text.join(" ", why)] if why else []
    for text in (*reasons, *status.warnings):
        print(f"\n{status.slug}: {text.id}\n{status.slug}: {text.en}")


def _as_in_the_installation(probed: list[PluginStatus]) -> list[PluginStatus]:
    """Adds what only the database knows: who is deactivated, or active and not installed, whose tables are behind, whose
    configuration does not hold at which facilities. Without one, or when it does not answer, the list is what the probes
    found: it has to be there when all else fails."""
    home = find_home()
    if not (os.environ.get("GUYUB_DATABASE_URL", "").strip() or (home.data / "PG_VERSION").exists()):
        return probed
    # These have just been loaded elsewhere without harm.
    loadable = {status.slug for status in probed if status.state == "ready"}
    plugins = plugin_registry([entry for entry in installed() if entry.name in loadable])
    today = datetime.now(ZoneInfo(CAPITAL)).date()
    try:
        with connect() as (context, database), database.work(database.as_service(whoami())) as work:
            plugins.take_out_of_service(out_of_service(work, plugins), work.plugin_generation)
            faults = config_faults(work, plugins, today, context.keys.protector())
            missing = not_installed(work, {status.slug for status in probed}, today)
    except Refusal as refusal:
        complain(refusal)
        return probed
    installed_here = [
        _with_faults(plugins.status(status.slug), faults) if status.slug in loadable else status for status in probed
    ]
    return sorted([*installed_here, *missing], key=lambda item: item.slug)


def _with_faults(status: PluginStatus, faults: Mapping[str, Sequence[Text]]) -> PluginStatus:
    return replace(status, warnings=(*status.warnings, *faults.get(status.slug, ())))
