"""``guyub books``: which cash books wait to be closed, and closing one, on behalf of the person who is responsible."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from guyub.cli.cycle_commands import Actor, FacilityOption, on_behalf
from guyub.cli.output import beside
from guyub.funds import book_closing
from guyub.sdk.text import Money, Period, Text
from guyub.ui.typed_values import month_at, rupiah_at

app = typer.Typer(help="Buku kas | cash books.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json")]
_WAITS = Text(
    id="{fund} ({code}): {month} belum ditutup, {count} bulan menunggu",
    en="{fund} ({code}): {month} is not closed, {count} months wait",
    en_one="{fund} ({code}): {month} is not closed, {count} month waits",
)
_NONE = Text(id="tidak ada buku yang menunggu ditutup", en="no book waits to be closed")
_CLOSED = Text(id="{month} ditutup dengan saldo {balance}", en="{month} closed with a balance of {balance}")


@app.command("list")
def list_books(facility: FacilityOption, actor: Actor, as_json: AsJson = False) -> None:
    """Lists the books whose month is over and which are not closed."""
    with on_behalf(actor, facility) as (_, work, today):
        work.require("funds.read")
        waiting = book_closing.waiting(work, today)
    if as_json:
        books = [
            {"fund": book.code, "name": book.name, "month": f"{book.month:%Y-%m}", "months": book.months}
            for book in waiting
        ]
        print(json.dumps(books, indent=1, ensure_ascii=False))
        return
    for book in waiting:
        print(beside(_WAITS.format(fund=book.name, code=book.code, month=Period(book.month), count=book.months)))
    if not waiting:
        print(beside(_NONE))


@app.command("close")
def close(
    facility: FacilityOption,
    fund: Annotated[str, typer.Option(help="kode dana | code of the fund")],
    month: Annotated[str, typer.Option(help="bulan | month, YYYY-MM")],
    cash: Annotated[str, typer.Option(help="uang tunai yang dihitung | cash in hand, as counted")],
    bank: Annotated[str, typer.Option(help="saldo bank | money in the bank")],
    actor: Actor,
    explanation: Annotated[
        str, typer.Option(help="penjelasan bila berbeda dengan buku | why, where it differs from the book")
    ] = "",
    through: Annotated[
        str,
        typer.Option(
            help="tutup semua sampai bulan ini | close all months to this one, YYYY-MM; one has entries at most"
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Closes the book of a fund for a month that is over, for good: the months of a fund in order."""
    wanted, in_hand, in_bank = month_at(month, "month"), rupiah_at(cash, "cash"), rupiah_at(bank, "bank")
    last = month_at(through, "through") if through else None
    with on_behalf(actor, facility) as (_, work, today):
        closed = book_closing.close(
            work, fund, wanted, today, cash_in_hand=in_hand, bank=in_bank, explanation=explanation, through=last
        )
    if as_json:
        print(
            json.dumps(
                {"fund": fund, **asdict(closed), "month": f"{closed.month:%Y-%m}"}, default=str, ensure_ascii=False
            )
        )
        return
    print(f"{fund}: {beside(_CLOSED.format(month=Period(closed.month), balance=Money(closed.balance)))}")
