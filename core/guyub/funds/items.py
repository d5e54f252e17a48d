"""The catalogue of a facility: goods by their code, each counted in one unit whoever names it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.db.bulk import insert_rows
from guyub.db.typed_reads import among, part_of
from guyub.db.unit_of_work import Work
from guyub.funds.models import ItemModel
from guyub.funds.refusals import IN_ITS_UNIT, FundsRefusal, unit_differs
from guyub.sdk.errors import Invalid
from guyub.sdk.quantities import is_unit, same_unit, tidy_unit
from guyub.sdk.text import Text
from guyub.sdk.unseen import name_key
from guyub.ui.problems import demand_none

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Item:
    """Goods of the catalogue; ``id`` is None for those that are not in it yet."""

    id: UUID | None
    code: str
    name: str
    unit: str


def tidy_code(code: str) -> str:
    """Returns a code in its one form: "Beras" and " beras " are beras."""
    return code.strip().lower()


def is_code(code: str) -> bool:
    return _CODE.fullmatch(code) is not None


def catalogue(work: Work) -> dict[str, Item]:
    """Returns the goods of the facility by code."""
    return dict(catalogues(work, [work.here.id]).get(work.here.id, {}))


def catalogues(work: Work, facilities: Sequence[UUID]) -> Mapping[UUID, dict[str, Item]]:
    """Returns the goods of many facilities, by their ids and code; one query."""
    item = ItemModel
    columns = (col(item.facility_id), col(item.id), col(item.code), col(item.name), col(item.unit))
    goods: dict[UUID, dict[str, Item]] = {}
    for row in work.all(select(*columns).where(among(col(item.facility_id), facilities))):
        goods.setdefault(row.facility_id, {})[row.code] = part_of(row, Item)
    return goods


def contradictions(known: Mapping[str, Item], goods: Sequence[Item]) -> list[tuple[int, Literal["unit", "code"], Item]]:
    """Returns where goods contradict the catalogue, or the same goods before them: the place, what is wrong, and the item.

    A code has one unit, and a name has one code: under another code there would be two goods that nobody tells apart on paper.
    """
    by_code = dict(known)
    by_name = {name_key(item.name): item for item in known.values()}
    wrong: list[tuple[int, Literal["unit", "code"], Item]] = []
    for place, item in enumerate(goods):
        used = by_code.setdefault(item.code, item)
        namesake = by_name.setdefault(name_key(item.name), used)
        if namesake.code != item.code:
            wrong.append((place, "code", namesake))
        elif not same_unit(used.unit, item.unit):
            wrong.append((place, "unit", used))
    return wrong


def refusals(
    known: Mapping[str, Item],
    goods: Sequence[Item],
    field: Callable[[int, str], str] = lambda place, part: "",
    remedy: Text = IN_ITS_UNIT,
) -> list[Invalid]:
    """Returns what is wrong with goods that are about to be recorded, each at its ``field`` (by place and part); ``remedy``
    is what to do about another unit."""
    wrong: list[Invalid] = []
    for place, item in enumerate(goods):
        if not is_code(item.code):
            wrong.append(FundsRefusal.ITEM_CODE.invalid(field(place, "code")))
        if not tidy_unit(item.unit):
            wrong.append(FundsRefusal.NO_UNIT.invalid(field(place, "unit")))
        elif not is_unit(tidy_unit(item.unit)):
            wrong.append(FundsRefusal.UNIT_TOO_LONG.invalid(field(place, "unit")))
        if not name_key(item.name):
            wrong.append(FundsRefusal.NO_NAME.invalid(field(place, "name")))
    if wrong:
        return wrong
    for place, part, used in contradictions(known, goods):
        item = goods[place]
        if part == "unit":
            wrong.append(unit_differs(used.name, item.unit, used.unit, field(place, part), remedy))
        else:
            wrong.append(
                FundsRefusal.ITEM_KNOWN.invalid(
                    field(place, part), name=item.name, given=item.code, used=used.code, unit=used.unit
                )
            )
    return wrong


def ensure(work: Work, goods: Sequence[Item], known: Mapping[str, Item] | None = None) -> Mapping[str, Item]:
    """Returns the items of the catalogue by code, made where new. Raises ``Invalid`` for goods that contradict it.

    ``known`` is the catalogue where it was read already.
    """
    if known is None:
        known = catalogue(work)
    demand_none(refusals(known, goods))
    new = [
        {"facility_id": work.here.id, "code": item.code, "name": item.name, "unit": tidy_unit(item.unit)}
        for item in goods
        if item.code not in known
    ]
    if not new:
        return known
    insert_rows(work, ItemModel, new, unless_there=["facility_id", "code"])
    known = catalogue(work)  # with what somebody else made in the meantime
    demand_none(refusals(known, goods))
    return known
