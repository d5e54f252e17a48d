"""Describes how the command line speaks: progress on one line each, refusals with their remedy, tables, JSON for machines."""

import json
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text


def say(text: Text) -> None:
    """Prints progress, in Indonesian."""
    print(text.id, flush=True)


def complain(refusal: Refusal) -> None:
    """Prints a refusal on standard error: what and remedy in both languages."""
    for each in refusal.all() if isinstance(refusal, Invalid) else (refusal,):
        print(f"{each.what.id} {each.remedy.id}", file=sys.stderr)
        print(f"{each.what.en} {each.remedy.en}", file=sys.stderr)


def beside(text: Text) -> str:
    """Returns both languages on one line; once where they say the same."""
    return text.id if text.id == text.en else f"{text.id} | {text.en}"


def _as_text(value: object) -> str:
    """Returns days and moments in ISO 8601, all else as it writes itself."""
    return value.isoformat() if isinstance(value, date) else str(value)


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_as_text))


def _printable(words: str) -> str:
    """Returns the words without what would move the cursor or colour the terminal; a line break of the table's own stays."""
    return "".join(sign if sign == "\n" or unicodedata.category(sign) != "Cc" else "�" for sign in words)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table.

    Its first column names the row and is kept on one line, as it is copied into the next command; a word that is longer
    than its column is folded, never cut. What people wrote is printed as it is, square brackets too.
    """
    console = Console(markup=False, emoji=False)
    table = Table(*columns, header_style="bold", box=None, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(*map(_printable, row))
    console.print(table)
