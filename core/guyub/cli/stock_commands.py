"""``guyub stock``: what is in the store, counts and write-offs, and taking one back, on behalf of who is responsible."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

import typer

from guyub.cli.cycle_commands import Actor, FacilityOption, on_behalf
from guyub.cli.output import beside
from guyub.db.unit_of_work import Work
from guyub.funds import queries, stock_take_records, stock_takes, store
from guyub.funds.labels import REASONS
from guyub.funds.refusals import FundsRefusal
from guyub.funds.stock_take_records import BookedTake
from guyub.funds.stock_takes import CheckedTake, Present, WrittenLine
from guyub.funds.store import StoredItem
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity
from guyub.sdk.searching import person_key
from guyub.sdk.text import Text
from guyub.ui.typed_values import day_at, day_if_any, quantity_at, rupiah_at

app = typer.Typer(
    help="Gudang: stok opname dan barang keluar | the store: counts and write-offs.", no_args_is_help=True
)
AsJson = Annotated[bool, typer.Option("--json")]
OfFund = Annotated[
    str, typer.Option("--fund", help="kode dana, kosong berarti semua | code of a fund, empty means all")
]
OnDay = Annotated[str, typer.Option(help="tanggal | day, YYYY-MM-DD")]
Witness = Annotated[str, typer.Option(help="nama saksi | name of the witness")]
CountedBy = Annotated[str, typer.Option(help="yang menghitung, biasanya Anda | who counted, usually you")]
Note = Annotated[str, typer.Option(help="catatan | note")]
Late = Annotated[bool, typer.Option("--late", help="susulan untuk bulan yang sudah ditutup | late for a closed month")]
Check = Annotated[bool, typer.Option("--check", help="hanya periksa | check only, book nothing")]
Items = list[str]
_ITEMS = "KODE=JUMLAH, misalnya beras=28 | CODE=QUANTITY, such as beras=28"
_HELD = Text(
    id="{name}: {book} {unit} menurut buku, {free} bebas", en="{name}: {book} {unit} in the books, {free} free"
)
_PART = Text(id="{item}: {quantity} {unit} {reason}, {value}", en="{item}: {quantity} {unit} {reason}, {value}")
_BOOKED = Text(id="dicatat sebagai nomor {number}", en="booked as number {number}")
_CHECKED = Text(id="diperiksa, belum dicatat", en="checked, not booked")
_BACK = Text(id="catatan stok {number} dibatalkan", en="stock take {number} was taken back")
_NONE = Text(id="belum ada catatan stok", en="no stock takes yet")


@app.command("show")
def show(facility: FacilityOption, actor: Actor, fund: OfFund = "", on: OnDay = "", as_json: AsJson = False) -> None:
    """Shows what the books have of each item at the end of a day."""
    with on_behalf(actor, facility) as (_, work, today):
        work.require("funds.read")
        stored = store.stored_items(work, day_if_any(on, "on") or today, _fund_id(work, fund))
    if as_json:
        held = [
            {"item": item.code, "unit": item.unit, "book": str(item.book), "free": str(item.free)}
            for item in stored.values()
        ]
        print(json.dumps(held, indent=1, ensure_ascii=False))
        return
    for item in stored.values():
        words = {"book": format_quantity(item.book), "free": format_quantity(item.free)}
        print(beside(_HELD.format(name=item.name, unit=item.unit, **words)))


@app.command("list")
def list_takes(facility: FacilityOption, actor: Actor, as_json: AsJson = False) -> None:
    """Lists the counts and write-offs, the newest first."""
    with on_behalf(actor, facility) as (_, work, _today):
        work.require("funds.read")
        takes = stock_take_records.takes(work)
    if as_json:
        print(json.dumps([_described(take) for take in takes], indent=1, ensure_ascii=False))
        return
    for take in takes:
        print(f"{_number(take)}  {take.on}  {take.counted_by} / {take.witness}  {format_rupiah(take.lost)}")
    if not takes:
        print(beside(_NONE))


@app.command("take")
def take(
    facility: FacilityOption,
    actor: Actor,
    on: OnDay,
    witness: Witness,
    counted: Annotated[Items, typer.Option(help=_ITEMS)],
    fund: OfFund = "",
    counted_by: CountedBy = "",
    recounted: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    spoiled: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    expired: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    lost: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    returned: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    found: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    value: Annotated[Items | None, typer.Option(help="KODE=RUPIAH | CODE=RUPIAH")] = None,
    note: Note = "",
    late: Late = False,
    check: Check = False,
    as_json: AsJson = False,
) -> None:
    """Books a count: what was there of each item, and why that differs from the books."""
    explained = {"spoiled": spoiled, "expired": expired, "lost": lost, "returned": returned, "found": found}
    _book(
        facility, actor, on, fund, counted_by, witness, note,
        quantities={"counted": counted, "recounted": recounted, **explained}, values=value or (),
        is_count=True, late=late, check=check, as_json=as_json,
    )  # fmt: skip


@app.command("writeoff")
def write_off(
    facility: FacilityOption,
    actor: Actor,
    on: OnDay,
    witness: Witness,
    fund: OfFund = "",
    counted_by: CountedBy = "",
    spoiled: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    expired: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    lost: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    returned: Annotated[Items | None, typer.Option(help=_ITEMS)] = None,
    note: Note = "",
    late: Late = False,
    check: Check = False,
    as_json: AsJson = False,
) -> None:
    """Writes goods off without a count: spoiled, expired, lost, or returned to the donor."""
    explained = {"spoiled": spoiled, "expired": expired, "lost": lost, "returned": returned}
    _book(
        facility, actor, on, fund, counted_by, witness, note,
        quantities=explained, values=(), is_count=False, late=late, check=check, as_json=as_json,
    )  # fmt: skip


@app.command("reverse")
def reverse(
    facility: FacilityOption,
    actor: Actor,
    number: Annotated[str, typer.Option(help="nomor | number, such as 1/2024")],
    reason: Annotated[str, typer.Option(help="alasan | reason")],
    on: OnDay = "",
    late: Late = False,
    as_json: AsJson = False,
) -> None:
    """Takes a count or a write-off back as a whole, by a new entry."""
    with on_behalf(actor, facility) as (_, work, today):
        place, _slash, year = number.partition("/")
        if not (place.isdecimal() and year.isdecimal() and len(place) < 10 and len(year) == 4):
            raise FundsRefusal.NO_STOCK_TAKE.not_found(number=number, year="")
        asked = stock_take_records.take_of(work, int(year), int(place))
        day = day_if_any(on, "on") or today
        done = stock_take_records.reverse(work, asked, reason=reason, on=day, late_on=today if late else None)
    print(json.dumps({"reversed": _number(done)}) if as_json else beside(_BACK.format(number=_number(done))))


def _book(
    facility: str,
    actor: str,
    on: str,
    fund: str,
    counted_by: str,
    witness: str,
    note: str,
    *,
    quantities: dict[str, Items | None],
    values: Iterable[str],
    is_count: bool,
    late: bool,
    check: bool,
    as_json: bool,
) -> None:
    day = day_at(on, "on")
    with on_behalf(actor, facility) as (_, work, today):
        work.require("funds.stock")
        stored = store.stored_items(work, day, _fund_id(work, fund))
        lines = _lines(stored, quantities, values)
        late_on = today if late else None
        if check:
            done = stock_takes.check(work, lines, is_count=is_count, on=day, fund_code=fund, late_on=late_on)
            number = ""
        else:
            is_reader = not counted_by or person_key(counted_by) == person_key(work.person_name)
            done = stock_takes.book(
                work,
                lines,
                is_count=is_count,
                on=day,
                counter=Present(work.person_name, work.person_id)
                if is_reader
                else stock_takes.named(work, counted_by, today),
                witness=stock_takes.named(work, witness, today),
                fund_code=fund,
                note=note,
                late_on=late_on,
            )
            assert done.journal_id is not None
            number = _number(stock_take_records.booked(work, done.journal_id))
    if as_json:
        print(json.dumps({"number": number or None, **_in_json(done)}, indent=1, ensure_ascii=False))
        return
    for line in done.lines:
        for part in line.parts:
            words = {"quantity": format_quantity(part.quantity), "unit": line.item.unit}
            reason = REASONS[part.reason]
            print(beside(_PART.format(item=line.item.name, reason=reason, value=format_rupiah(part.rupiah), **words)))
    print(beside(_BOOKED.format(number=number) if number else _CHECKED))


def _lines(
    stored: dict[str, StoredItem], quantities: dict[str, Items | None], values: Iterable[str]
) -> list[WrittenLine]:
    read: dict[str, dict[str, Any]] = {}
    for name, written in quantities.items():
        for code, text in _pairs(written or (), name):
            item = stored.get(code)
            unit, others = (item.unit, item.units) if item else ("", ())
            read.setdefault(code, {})[name] = quantity_at(text, f"{code}.{name}", unit, others)
    for code, text in _pairs(values, "value"):
        read.setdefault(code, {})["value"] = rupiah_at(text, f"{code}.value")
    return [
        WrittenLine(code, found.get("counted"), found.get("recounted"), _explained(found), found.get("value"))
        for code, found in read.items()
    ]


def _explained(found: dict[str, Any]) -> dict[str, Decimal]:
    return {name: quantity for name, quantity in found.items() if name in stock_takes.REASONS}


def _pairs(written: Iterable[str], name: str) -> Iterable[tuple[str, str]]:
    for text in written:
        code, equals, value = text.partition("=")
        if not equals or not code.strip() or not value.strip():
            raise typer.BadParameter(_ITEMS, param_hint=f"--{name}")
        yield code.strip().lower(), value.strip()


def _fund_id(work: Work, code: str) -> Any:
    return queries.fund(work, code).id if code else None


def _number(take: BookedTake) -> str:
    return f"{take.number}/{take.booked_on.year}"


def _described(take: BookedTake) -> dict[str, Any]:
    return {
        "number": _number(take),
        "kind": "count" if take.is_count else "write_off",
        "on": take.on.isoformat(),
        "fund": take.fund_code or None,
        "counted_by": take.counted_by,
        "witness": take.witness,
        "written_off": take.lost,
        "found": take.found,
        "reversed_on": take.reversed_on.isoformat() if take.reversed_on else None,
    }


def _in_json(take: CheckedTake) -> dict[str, Any]:
    return {
        "on": take.on.isoformat(),
        "booked_on": take.booked_on.isoformat(),
        "written_off": take.lost,
        "found": take.found,
        "lines": [
            {
                "item": line.item.code,
                "unit": line.item.unit,
                "book": str(line.item.book),
                "counted": None if line.counted is None else str(line.counted),
                "recounted": None if line.recounted is None else str(line.recounted),
                "parts": [
                    {"reason": part.reason, "quantity": str(part.quantity), "fund": part.fund, "rupiah": part.rupiah}
                    for part in line.parts
                ],
            }
            for line in take.lines
        ],
    }
