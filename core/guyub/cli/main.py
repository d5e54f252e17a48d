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
    book_commands,
    cycle_commands,
    cycle_goods_commands,
    db_commands,
    doctor_command,
    document_commands,
    event_commands,
    facilities_commands,
    goods_commands,
    plugin_commands,
    receipt_commands,
    replacement_commands,
    serve,
    stock_commands,
    user_commands,
    worker,
)
from guyub.cli.demo_commands import demo
from guyub.cli.output import complain
from guyub.cli.refusals import CliRefusal
from guyub.db.home import UnusableHome
from guyub.sdk.errors import Refusal

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
cycle_commands.app.add_typer(replacement_commands.app, name="replace")
app.add_typer(cycle_goods_commands.app, name="cycle")
app.add_typer(book_commands.app, name="books")
app.add_typer(receipt_commands.app, name="receipts")
app.add_typer(stock_commands.app, name="stock")
app.add_typer(goods_commands.app, name="goods")
app.add_typer(document_commands.app, name="documents")
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
            raise CliRefusal.NOT_TEXT.refusal(place=place, argument=ascii(argument)[1:-1])


def is_text(words: str) -> bool:
    """Returns whether the words can be kept: without NUL, and without bytes that could not be decoded."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in words)


def _interrupt(_number: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt


def _unusable_place(error: OSError) -> Refusal:
    return UnusableHome(
        *CliRefusal.OS.sentences(place=error.filename or "?", reason=error.strerror or type(error).__name__)
    )
