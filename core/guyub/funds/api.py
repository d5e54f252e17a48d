"""The catalogue of goods of a facility as JSON: what is in it, goods that are added, units that are declared."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from guyub.funds import arrivals, catalogue
from guyub.funds.catalogue import Keeper
from guyub.funds.items import Item
from guyub.http import FacilityWork
from guyub.http.problems import OF_WRITING

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
    """``holds`` null takes the unit back."""

    model_config = ConfigDict(extra="forbid")

    unit: str
    holds: Decimal | None


CodeOfGoods = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9_-]{0,39}$", description="The goods, as the catalogue codes them.")
]


@api.get("")
def goods(work: FacilityWork) -> list[GoodsOut]:
    """Returns the goods that this facility picks from, with the units in which their quantities are read."""
    work.require("funds.read")
    return [_out(item) for item in catalogue.kept_by(work, Keeper()).values()]


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


@api.post("", status_code=201, responses=OF_WRITING)
def add_goods(work: FacilityWork, asked: GoodsIn) -> GoodsOut:
    """Adds goods to the catalogue of this facility; 422 where they are in it already."""
    return _out(catalogue.add_goods(work, Keeper(), asked.name, asked.unit))


@api.post("/{code}/units", status_code=201, responses=OF_WRITING)
def declare_unit(work: FacilityWork, code: CodeOfGoods, asked: UnitIn) -> GoodsOut:
    """Declares what one unit of the goods holds of their own, or takes it back."""
    catalogue.declare_unit(work, Keeper(), code, asked.unit, asked.holds)
    return _out(catalogue.kept_by(work, Keeper())[code])


def _out(item: Item) -> GoodsOut:
    units = [UnitOut(unit=unit.name, holds=unit.factor) for unit in item.units]
    return GoodsOut(code=item.code, name=item.name, unit=item.unit, units=units)
