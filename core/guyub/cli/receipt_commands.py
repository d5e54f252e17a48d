"""``guyub receipts``: a receipt of a funding source is checked, and booked, on behalf of who is responsible."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from guyub.cli.cycle_commands import Actor, FacilityOption, on_behalf
from guyub.cli.output import beside
from guyub.cli.refusals import CliRefusal
from guyub.funds import receipts
from guyub.funds.receipts import CheckedReceipt
from guyub.funds.receipts_api import described
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Amount, Text

app = typer.Typer(help="Penerimaan dana | receipts of funds.", no_args_is_help=True)
_MONEY = Text(id="{fund}: uang {value}", en="{fund}: {value} in money")
_GOODS = Text(
    id="{fund}: {item} tiba {arrived}, rusak {damaged}, diterima {accepted}",
    en="{fund}: {arrived} of {item} arrived, {damaged} damaged, {accepted} accepted",
)
_EXPECTED = Text(
    id="{item}: dijanjikan {promised}, masih ditunggu {missing}", en="{item}: {promised} promised, {missing} expected"
)
_BEYOND = Text(
    id="{item}: lebih {beyond} dari yang dijanjikan ({promised})",
    en="{item}: {beyond} more than promised ({promised})",
)
_BOOKED = Text(id="dicatat ke pembukuan {day}", en="booked on {day}")
_CHECKED = Text(id="diperiksa, belum dicatat", en="checked, not booked")


@app.command("record")
def record(
    plugin: Annotated[str, typer.Argument(help="plugin sumber dana, misalnya csr_funding | plugin of the source")],
    source: Annotated[str, typer.Argument(help="sumber dana, misalnya csr | the funding source")],
    kind: Annotated[str, typer.Argument(help="jenis penerimaan, misalnya csr_goods | kind of receipt")],
    file: Annotated[Path, typer.Argument(help="isian sebagai JSON | the form as JSON", dir_okay=False)],
    facility: FacilityOption,
    actor: Actor,
    check: Annotated[bool, typer.Option("--check", help="hanya periksa | check only, book nothing")] = False,
    late: Annotated[
        bool, typer.Option("--late", help="susulan untuk bulan yang sudah ditutup | late for a closed month")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="catat lagi dengan sengaja | record it again on purpose")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Books a receipt whose form is a JSON object, as the page of its source does, or only checks it."""
    form = _form(file)
    with on_behalf(actor, facility) as (here, work, today):
        checked = receipts.check(work, here.plugins, plugin, source, kind, form, today, late=late)
        if not check:
            receipts.receive(work, here.plugins, plugin, source, kind, form, today, late=late, again=again)
    if as_json:
        print(described(checked, booked=not check).model_dump_json(indent=1))
        return
    _say(checked)
    print(beside(_CHECKED if check else _BOOKED.format(day=checked.booked_on)))


def _form(file: Path) -> dict[str, Any]:
    try:
        form: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CliRefusal.NO_FORM.invalid("file", file=file.name) from error
    if not isinstance(form, dict):
        raise CliRefusal.NO_FORM.invalid("file", file=file.name)
    return form


def _say(checked: CheckedReceipt) -> None:
    posting = checked.posting
    if posting.money:
        print(beside(_MONEY.format(fund=posting.fund.code, value=format_rupiah(posting.money))))
    for line in posting.goods:
        quantities = {"arrived": line.quantity, "damaged": line.damaged, "accepted": line.accepted}
        words = {name: Amount(quantity, line.unit) for name, quantity in quantities.items()}
        print(beside(_GOODS.format(fund=posting.fund.code, item=line.name, **words)))
    for sentence in checked.differences:
        print(beside(sentence))
    for goods in checked.promised:
        promised = Amount(goods.promised or goods.arrived, goods.unit)
        if goods.beyond:
            print(beside(_BEYOND.format(item=goods.item, beyond=Amount(goods.beyond, goods.unit), promised=promised)))
        else:
            missing = Amount(goods.expected, goods.unit)
            print(beside(_EXPECTED.format(item=goods.item, promised=promised, missing=missing)))
