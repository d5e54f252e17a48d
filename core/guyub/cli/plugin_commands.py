"""``guyub plugin``: what is installed, and what keeps one of them from running."""

from typing import Annotated

import typer

from guyub.cli.output import print_json, print_table
from guyub.host.plugin_host import PluginHost

app = typer.Typer(help="Plugin: program dan sumber dana | programmes and funding sources.", no_args_is_help=True)


@app.callback()
def group() -> None:
    pass


@app.command("list")
def list_plugins(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Shows every installed plugin with its state; exit code 1 when one is quarantined."""
    statuses = PluginHost().statuses()
    if as_json:
        print_json(
            [
                {
                    "slug": one.slug,
                    "distribution": one.distribution,
                    "version": one.version,
                    "state": one.state,
                    "reason": one.reason.en if one.reason else None,
                    "remedy": one.remedy.en if one.remedy else None,
                }
                for one in statuses
            ]
        )
    else:
        print_table(
            (
                "plugin",
                "paket | distribution",
                "versi",
                "keadaan | state",
                "sebab dan cara memperbaiki | reason, remedy",
            ),
            [
                (
                    one.slug,
                    one.distribution,
                    one.version,
                    one.state,
                    f"{one.reason.id} {one.remedy.id}" if one.reason and one.remedy else "",
                )
                for one in statuses
            ],
        )
    if any(one.state != "ready" for one in statuses):
        raise typer.Exit(1)
