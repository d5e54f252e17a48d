"""``guyub audit``: whether the chained audit log is whole."""

from typing import Annotated

import typer

from guyub.access import audit
from guyub.cli.output import print_json
from guyub.operations.context import open_app, whoami

app = typer.Typer(help="Jejak audit | the audit log.", no_args_is_help=True)


@app.callback()
def group() -> None:
    pass


@app.command("verify")
def verify(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Computes every link again and names the first broken one of each chain; exit code 1 when there is any."""
    with open_app() as here, here.database.work(here.database.as_service(whoami())) as work:
        check = audit.verify(work)
    if as_json:
        print_json({"ok": check.ok, "checked": check.checked, "problems": check.problems})
    elif check.ok:
        print(f"{check.checked} entri utuh | {check.checked} entries, all linked")
    else:
        print(*check.problems, sep="\n")
    if not check.ok:
        raise typer.Exit(1)
