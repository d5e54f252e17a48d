"""``guyub serve``: the pages of a real installation."""

from typing import Annotated

import typer

from guyub.cli.output import say
from guyub.db.time_limits import PAGES
from guyub.operations.context import open_app
from guyub.sdk.text import Text

PORT = 8017


def serve(
    host: Annotated[str, typer.Option(help="alamat | address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = PORT,
) -> None:
    """Serves the pages until Ctrl-C."""
    # Imported by the commands that serve: all others would wait a second for it.
    from guyub.app import create_app
    from guyub.cli.web_server import require_free, run

    require_free(host, port)
    with open_app(say=say, limits=PAGES) as here:
        app = create_app(here.database, here.plugins, protector=here.protector)
        try:
            run(app, host, port, lambda: say(Text(id=f"Guyub: http://{host}:{port}/", en="")))
        except KeyboardInterrupt:
            say(Text(id="Berhenti; semua data tersimpan.", en="Stopped; all data is kept."))
