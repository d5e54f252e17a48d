"""``guyub db``: the schema of the database."""

from typing import Annotated

import typer

from guyub.cli.opening import bring_up_to_date, reached
from guyub.cli.output import print_json, say
from guyub.db.installation import is_current
from guyub.sdk.text import Text

app = typer.Typer(help="Basis data | the database.", no_args_is_help=True)


@app.command("upgrade")
def upgrade() -> None:
    """Brings roles and schema up to date; calling it again changes nothing."""
    with reached(say=say) as found:
        bring_up_to_date(found.installation)
        say(Text(id="Skema sudah mutakhir.", en="The schema is up to date."))


@app.command("status")
def status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Tells whether the schema is what this version expects; exit code 1 when it is not."""
    with reached(say=lambda _: None) as found:
        current = is_current(found.installation)
        url = found.installation.admin_url
        if as_json:
            print_json(
                {
                    "current": current,
                    "embedded": found.is_embedded,
                    "home": str(found.home.path),
                    "database": f"{url.host}:{url.port}/{url.database}",
                }
            )
        else:
            place = found.home.path if found.is_embedded else f"{url.host}/{url.database}"
            print(
                f"{place}: {'mutakhir | up to date' if current else 'perlu guyub db upgrade | needs guyub db upgrade'}"
            )
    if not current:
        raise typer.Exit(1)
