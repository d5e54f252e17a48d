"""Holds what the demonstration refuses: a folder that is not its own, and a second one in the same."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class DemoRefusal(RefusalCode):
    REAL_HOME = (
        "demo.real_home",
        Text(
            id="Folder {path} berisi pemasangan Guyub yang bukan peragaan.",
            en="The folder {path} holds an installation of Guyub that is no demonstration.",
        ),
        Text(
            id="Tentukan folder lain: GUYUB_HOME=/jalur/folder guyub demo",
            en="Name another folder: GUYUB_HOME=/path/to/folder guyub demo",
        ),
    )
    RUNNING = (
        "demo.running",
        Text(
            id="Peragaan dari folder {path} sedang berjalan di {other}.",
            en="A demonstration from {path} is already running at {other}.",
        ),
        Text(
            id="Buka alamat itu, atau hentikan dahulu dengan Ctrl-C; untuk yang kedua tentukan GUYUB_HOME dan --port lain.",
            en="Open that address, or stop it with Ctrl-C first; for a second one name another GUYUB_HOME and --port.",
        ),
    )
