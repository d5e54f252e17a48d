"""``guyub serve``: the pages of a real installation."""

from datetime import timedelta
from socket import gethostname
from typing import Annotated

import typer

from guyub.cli.output import say
from guyub.db.time_limits import PAGES
from guyub.operations.context import open_app
from guyub.sdk.text import Text

PORT = 8017
IDLE_MINUTES = 60


def serve(
    host: Annotated[str, typer.Option(help="alamat | address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = PORT,
    host_name: Annotated[
        list[str] | None,
        typer.Option(help="nama alamat yang dipakai pembaca, boleh berulang | name that readers use, may be repeated"),
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            help="alamat proxy yang dipercaya, boleh berulang | address of a proxy that is trusted, may be repeated"
        ),
    ] = None,
    idle_minutes: Annotated[
        int,
        typer.Option(
            min=5,
            max=720,
            help="sesi yang tidak dipakai selama ini berakhir | a session ends after so long without use",
        ),
    ] = IDLE_MINUTES,
) -> None:
    """Serves the pages until Ctrl-C.

    Beside addresses in figures and this machine's own name only --host-name is answered. Who asks is read from
    X-Forwarded-For only where a --proxy sends it.
    """
    # Imported by the commands that serve: all others would wait a second for it.
    from guyub.app import create_app
    from guyub.cli.web_server import require_free, run

    require_free(host, port)
    with open_app(say=say, limits=PAGES) as here:
        names = {name.lower() for name in (host, gethostname(), *(host_name or ()))}
        app = create_app(
            here.database,
            here.plugins,
            protector=here.protector,
            host_names=names,
            idle_limit=timedelta(minutes=idle_minutes),
        )
        try:
            run(
                app,
                host,
                port,
                proxies=proxy or (),
                when_ready=lambda: say(Text(id=f"Guyub: http://{host}:{port}/", en="")),
            )
        except KeyboardInterrupt:
            say(Text(id="Berhenti; semua data tersimpan.", en="Stopped; all data is kept."))
