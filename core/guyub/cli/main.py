"""Puts the command together; every refusal ends as one clear sentence with its remedy, in both languages."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Never

import typer

from guyub.cli import (
    audit_commands,
    cycle_commands,
    db_commands,
    doctor_command,
    event_commands,
    facilities_commands,
    plugin_commands,
    serve,
    user_commands,
    worker,
)
from guyub.cli.demo_commands import demo
from guyub.cli.output import complain
from guyub.db.home import UnusableHome
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

DONE, REFUSED, INTERRUPTED = 0, 1, 130

app = typer.Typer(
    help="Guyub: program kesejahteraan UPT Pemasyarakatan | welfare programmes of correctional facilities.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(doctor_command.doctor)
app.add_typer(db_commands.app, name="db")
app.add_typer(plugin_commands.app, name="plugin")
app.add_typer(facilities_commands.app, name="facilities")
app.add_typer(user_commands.app, name="user")
app.add_typer(cycle_commands.app, name="cycle")
app.add_typer(audit_commands.app, name="audit")
app.add_typer(event_commands.app, name="events")


def main() -> Never:
    """Runs the command and exits: 0 done, 1 refused or problems found, 2 wrong usage."""
    # Without a terminal's Ctrl-C: what is open is closed as well when somebody else ends us.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    sys.exit(_run())


def _run() -> int:
    try:
        require_readable(sys.argv[1:])
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else DONE
    except Refusal as refusal:
        complain(refusal)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        complain(_unusable_place(error))
        return REFUSED
    return DONE


def require_readable(arguments: Sequence[str]) -> None:
    """Raises ``Refusal`` for arguments that are no text: bytes that are not UTF-8, or a sign that no database keeps."""
    for place, argument in enumerate(arguments, start=1):
        if not is_text(argument):
            raise Refusal(
                "cli.not_text",
                Text(
                    id="Argumen ke-{place} ({argument}) bukan teks UTF-8.",
                    en="Argument {place} ({argument}) is no UTF-8 text.",
                ).format(place=place, argument=ascii(argument)[1:-1]),
                Text(
                    id="Tidak ada yang diubah. Tulis ulang argumen itu; setelan bahasa terminal semestinya UTF-8.",
                    en="Nothing was changed. Type that argument again; the terminal's locale should be UTF-8.",
                ),
            )


def is_text(words: str) -> bool:
    """Returns whether the words can be kept: without NUL, and without bytes that could not be decoded."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in words)


def _interrupt(_number: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt


def _unusable_place(error: OSError) -> Refusal:
    return UnusableHome(
        "cli.os",
        Text(id="{place}: {reason}.", en="{place}: {reason}.").format(
            place=error.filename or "?", reason=error.strerror or type(error).__name__
        ),
        Text(id="Periksa izin folder dan sisa disk.", en="Check the folder's permissions and the free disk."),
    )
