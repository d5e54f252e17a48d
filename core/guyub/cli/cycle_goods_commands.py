"""The commands of a cycle that add goods and take them off: goods of one month alone, while it is planned."""

from typing import Annotated

import typer

from guyub.cli import cycle_commands
from guyub.cli.cycle_commands import Actor, Code, FacilityOption, OfProgram, asked_cycle, on_behalf
from guyub.cli.output import beside
from guyub.funds import items
from guyub.programs import added_goods
from guyub.sdk.text import Amount, Text

app = cycle_commands.app

Goods = Annotated[str, typer.Argument(help="kode barang | code of the goods")]
_ADDED = Text(id="{goods} {quantity} untuk bulan ini saja", en="{goods} {quantity} for this month alone")
_OFF = Text(id="{goods} dilepas dari bulan ini", en="{goods} is off this month")


@app.command("add-goods")
def add_goods(
    facility: FacilityOption,
    code: Code,
    goods: Goods,
    quantity: Annotated[str, typer.Option(help="jumlah satu paket, misalnya 500 gram | quantity of one package")],
    price: Annotated[str, typer.Option(help="perkiraan harga satu satuan barang | expected price of one unit")],
    reason: Annotated[str, typer.Option(help="alasan | why they are added")],
    actor: Actor,
    program: OfProgram = None,
    per_member: Annotated[bool, typer.Option("--per-member", help="dikali jumlah jiwa | times household size")] = False,
    at_most: Annotated[str | None, typer.Option(help="paling banyak | the cap, with --per-member")] = None,
) -> None:
    """Adds goods to a planned month alone, on top of its package, within the locks."""
    with on_behalf(actor, facility) as (here, work, today):
        cycle = asked_cycle(work, code, program)
        asked = added_goods.read(work, goods, quantity, price, at_most, per_member=per_member)
        item = items.catalogue(work)[asked.code]
        added_goods.add(work, here.plugins, cycle, today, asked, reason, version=cycle.version)
    said = _ADDED.format(goods=item.name, quantity=Amount(asked.quantity, item.unit))
    print(f"{cycle.plugin} {cycle.code}: {beside(said)}")


@app.command("take-off-goods")
def take_off_goods(
    facility: FacilityOption,
    code: Code,
    goods: Goods,
    reason: Annotated[str, typer.Option(help="alasan | why they are taken off")],
    actor: Actor,
    program: OfProgram = None,
) -> None:
    """Takes goods that were added for a planned month alone off it again."""
    with on_behalf(actor, facility) as (_, work, _):
        cycle = asked_cycle(work, code, program)
        added_goods.take_off(work, cycle, goods, reason, version=cycle.version)
    print(f"{cycle.plugin} {cycle.code}: {beside(_OFF.format(goods=goods))}")
