"""The catalogue of goods of a facility as JSON: what is in it, goods that are added, units that are declared."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from guyub.db.unit_of_work import Work
from guyub.funds import arrivals, catalogue
from guyub.funds.catalogue import Keeper
from guyub.funds.items import Item
from guyub.http import FacilityWork
from guyub.http.matching import IfMatch, demand_match, etag_of
from guyub.http.problems import OF_MATCHED_WRITING

api = APIRouter(prefix="/f/{facility}/goods")


class UnitOut(BaseModel):
    """Another unit in which quantities are read: ``holds`` is what one of it holds of the unit of the goods."""

    unit: str
    holds: Decimal


class GoodsOut(BaseModel):
    """Goods of the catalogue, counted in ``unit``."""

    code: str
    name: str
    unit: str
    units: list[UnitOut]


class PromisedOut(BaseModel):
    """Goods that the agreement of a fund promises, as the newest receipt states it, in ``unit``: what of it arrived, was damaged
    and not accepted, and is still expected."""

    fund: str
    code: str
    name: str
    unit: str
    promised: Decimal
    promised_on: date | None
    arrived: Decimal
    damaged: Decimal
    expected: Decimal


class GoodsIn(BaseModel):
    """Goods that are added; their code is made of the name."""

    model_config = ConfigDict(extra="forbid")

    name: str
    unit: str


class UnitIn(BaseModel):
    """``holds`` is a number in the unit of the goods, or a text as people write it ("25 kg"); null takes the unit back."""

    model_config = ConfigDict(extra="forbid")

    unit: str
    holds: Decimal | str | None


CodeOfGoods = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9_-]{0,39}$", description="The goods, as the catalogue codes them.")
]


@api.get("")
def goods(work: FacilityWork, response: Response) -> list[GoodsOut]:
    """Returns the goods that this facility picks from, with the units in which their quantities are read; the `ETag` is what a
    write names as `If-Match`."""
    work.require("funds.read")
    shown = _shown(work)
    response.headers["etag"] = etag_of(shown)
    return shown


@api.get("/promised")
def promised_goods(work: FacilityWork) -> list[PromisedOut]:
    """Returns the goods that agreements promise to this facility, with what arrived and is still expected."""
    work.require("funds.read")
    return [
        PromisedOut(
            fund=goods.fund_code,
            code=goods.code,
            name=goods.item,
            unit=goods.unit,
            promised=goods.promised or Decimal(0),
            promised_on=goods.promised_on,
            arrived=goods.arrived,
            damaged=goods.damaged,
            expected=goods.expected,
        )
        for goods in arrivals.promised(work)
    ]


@api.post("", status_code=201, responses=OF_MATCHED_WRITING)
def add_goods(work: FacilityWork, asked: GoodsIn, if_match: IfMatch = None) -> GoodsOut:
    """Adds goods to the catalogue of this facility; 422 where they are in it already."""
    _demand_shown(work, if_match)
    return _out(catalogue.add_goods(work, Keeper(), asked.name, asked.unit))


@api.post("/{code}/units", status_code=201, responses=OF_MATCHED_WRITING)
def declare_unit(work: FacilityWork, code: CodeOfGoods, asked: UnitIn, if_match: IfMatch = None) -> GoodsOut:
    """Declares what one unit of the goods holds of their own, or takes it back."""
    _demand_shown(work, if_match)
    factor = None if asked.holds is None else catalogue.read_factor(work, Keeper(), code, asked.holds)
    catalogue.declare_unit(work, Keeper(), code, asked.unit, factor)
    return _out(catalogue.kept_by(work, Keeper())[code])


def _shown(work: Work) -> list[GoodsOut]:
    return [_out(item) for item in catalogue.kept_by(work, Keeper()).values()]


def _demand_shown(work: Work, if_match: str | None) -> None:
    """Keeps the catalogue to this transaction. Raises ``NotMatching`` where it is another one than was read."""
    work.require("funds.receive")
    catalogue.hold(work, Keeper())
    demand_match(if_match, lambda: _shown(work))


def _out(item: Item) -> GoodsOut:
    units = [UnitOut(unit=unit.name, holds=unit.factor) for unit in item.units]
    return GoodsOut(code=item.code, name=item.name, unit=item.unit, units=units)
