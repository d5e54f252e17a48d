"""``guyub goods``: the catalogue of a facility or of a regional office, goods that are added and units that are declared."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select
from sqlmodel import col

from guyub.access import sign_in
from guyub.cli import cycle_commands
from guyub.cli.cycle_commands import Actor
from guyub.cli.output import beside
from guyub.cli.refusals import CliRefusal
from guyub.configuration.config_templates import decides_nation
from guyub.db.models import RegionModel
from guyub.db.unit_of_work import SessionCredential, Work
from guyub.funds import arrivals, catalogue
from guyub.funds.arrivals import PromisedGoods
from guyub.funds.catalogue import Keeper
from guyub.funds.items import Item
from guyub.operations.context import open_app, whoami
from guyub.sdk.text import Amount, Text

app = typer.Typer(help="Katalog barang | the catalogue of goods.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json")]
OfFacility = Annotated[str | None, typer.Option("--facility", help="kode UPT | facility code")]
OfRegion = Annotated[str | None, typer.Option("--region", help="kode wilayah | region code")]
OfNation = Annotated[bool, typer.Option("--nation", help="untuk semua wilayah | for all regions")]

_ADDED = Text(id="{goods} ({code}) masuk katalog, satuan {unit}", en="{goods} ({code}) is in the catalogue, in {unit}")
_DECLARED = Text(id="1 {unit} {goods} = {held}", en="1 {unit} of {goods} = {held}")
_EXPECTED = Text(
    id="{fund}: {goods} dijanjikan {promised}, tiba {arrived}, ditunggu {missing}",
    en="{fund}: {promised} of {goods} promised, {arrived} arrived, {missing} expected",
)
_TAKEN_BACK = Text(id="{unit} tidak dipakai lagi untuk {goods}", en="{unit} is no longer used for {goods}")


@app.command("list")
def list_goods(
    actor: Actor,
    facility: OfFacility = None,
    region: OfRegion = None,
    nation: OfNation = False,
    as_json: AsJson = False,
) -> None:
    """Lists the goods of a catalogue with the units in which quantities of them are read."""
    with _kept_by(actor, facility, region, nation) as (work, keeper):
        if not keeper.office:
            work.require("funds.read")
        goods = catalogue.kept_by(work, keeper)
    if as_json:
        print(json.dumps([_as_json(item) for item in goods.values()], indent=1, ensure_ascii=False))
        return
    for item in goods.values():
        print(f"{item.code}: {item.name}, {item.known_units.id}")


@app.command("expected")
def expected(
    actor: Actor,
    facility: Annotated[str, typer.Option("--facility", help="kode UPT | facility code")],
    as_json: AsJson = False,
) -> None:
    """Lists the goods that were promised to a facility and have not all arrived."""
    with _kept_by(actor, facility, None, False) as (work, _):
        work.require("funds.read")
        goods = arrivals.expected(work)
    if as_json:
        print(json.dumps([_as_expected(each) for each in goods], indent=1, ensure_ascii=False))
        return
    for each in goods:
        quantities = (Amount(part, each.unit) for part in (each.promised or Decimal(0), each.arrived, each.expected))
        promised, arrived, missing = quantities
        print(
            beside(
                _EXPECTED.format(
                    fund=each.fund_code, goods=each.item, promised=promised, arrived=arrived, missing=missing
                )
            )
        )


def _as_expected(goods: PromisedGoods) -> dict[str, object]:
    return {
        "fund": goods.fund_code,
        "code": goods.code,
        "name": goods.item,
        "unit": goods.unit,
        "promised": str(goods.promised),
        "promised_on": goods.promised_on.isoformat() if goods.promised_on else None,
        "arrived": str(goods.arrived),
        "damaged": str(goods.damaged),
        "expected": str(goods.expected),
    }


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="nama barang | name of the goods")],
    unit: Annotated[str, typer.Option(help="satuan | the unit in which they are counted")],
    actor: Actor,
    facility: OfFacility = None,
    region: OfRegion = None,
    nation: OfNation = False,
) -> None:
    """Adds goods to a catalogue; their code is made of the name, and name and unit stay."""
    with _kept_by(actor, facility, region, nation) as (work, keeper):
        item = catalogue.add_goods(work, keeper, name, unit)
    print(beside(_ADDED.format(goods=item.name, code=item.code, unit=item.unit)))


@app.command("unit")
def declare_unit(
    code: Annotated[str, typer.Argument(help="kode barang | code of the goods")],
    unit: Annotated[str, typer.Argument(help="satuan lain | the other unit")],
    actor: Actor,
    holds: Annotated[
        str | None, typer.Option(help="isinya dalam satuan barang | what it holds, in the unit of the goods")
    ] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="tidak dipakai lagi | no longer used")] = False,
    facility: OfFacility = None,
    region: OfRegion = None,
    nation: OfNation = False,
) -> None:
    """Declares what one unit of goods holds of their own (1 sak = 25 kg), or takes the unit back."""
    if take_back == (holds is not None):
        raise typer.BadParameter("--holds | --take-back")
    with _kept_by(actor, facility, region, nation) as (work, keeper):
        factor = None if holds is None else catalogue.read_factor(work, keeper, code, holds)
        item = catalogue.declare_unit(work, keeper, code, unit, factor)
    if factor is None:
        print(beside(_TAKEN_BACK.format(unit=unit, goods=item.name)))
    else:
        print(beside(_DECLARED.format(unit=unit, goods=item.name, held=Amount(factor, item.unit))))


@contextmanager
def _kept_by(actor: str, facility: str | None, region: str | None, nation: bool) -> Iterator[tuple[Work, Keeper]]:
    """Gives the work of a person at a facility, or with the catalogue of an office, and whose catalogue it is."""
    if (facility is not None) + (region is not None) + nation != 1:
        raise typer.BadParameter("--facility | --region | --nation")
    if facility is not None:
        with cycle_commands.on_behalf(actor, facility) as (_, work, _):
            yield work, Keeper()
        return
    with open_app() as here:
        token = sign_in.session_for(here.database, actor, whoami())
        try:
            with here.database.work(SessionCredential(token)) as work:
                work.require("facilities.configure")
                if nation and not decides_nation(work):
                    raise CliRefusal.NATION.refusal()
                yield work, Keeper(office=True, region_id=None if region is None else _region(work, region))
        finally:
            sign_in.sign_out(here.database, token)


def _region(work: Work, code: str) -> UUID:
    found: UUID | None = work.scalar(select(col(RegionModel.id)).where(col(RegionModel.code) == code))
    if found is None:
        raise CliRefusal.NO_REGION.refusal(code=code)
    return found


def _as_json(item: Item) -> dict[str, object]:
    units = [{"unit": unit.name, "holds": str(unit.factor)} for unit in item.units]
    return {"code": item.code, "name": item.name, "unit": item.unit, "units": units}
