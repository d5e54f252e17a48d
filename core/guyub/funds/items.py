"""The catalogue of a facility: goods by their code, each counted in one unit whoever names it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, cast, func, select, true

from guyub.db.bulk import insert_rows
from guyub.db.unit_of_work import Work
from guyub.funds.models import ItemModel
from guyub.funds.refusals import IN_ITS_UNIT, FundsRefusal, unit_differs
from guyub.sdk.errors import Invalid
from guyub.sdk.quantities import DeclaredUnit, is_unit, same_unit, tidy_unit, unit_key
from guyub.sdk.text import Amount, Text
from guyub.sdk.unseen import name_key
from guyub.ui.forms import PickList
from guyub.ui.problems import demand_none

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NAMED = Text(id="{name} ({code})", en="{name} ({code})")
_PICKED = Text(id="{name}: {units}", en="{name}: {units}")
_ONE_UNIT = Text(id="1 {unit} = {held}", en="1 {unit} = {held}")


@dataclass(frozen=True, slots=True)
class Item:
    """Goods of the catalogue; ``id`` is None for those that are not in it yet."""

    id: UUID | None
    code: str
    name: str
    unit: str
    units: tuple[DeclaredUnit, ...] = ()
    """The other units in which quantities of it are read."""

    @property
    def known_units(self) -> Text:
        """Returns its units as a sentence names them: "kg, 1 sak = 25 kg"."""
        return Text.join(", ", (Text.same(self.unit), self.other_units)) if self.units else Text.same(self.unit)

    @property
    def other_units(self) -> Text:
        """Returns what its other units hold: "1 sak = 25 kg, 1 gram = 0,001 kg"."""
        return Text.join(
            ", ", (_ONE_UNIT.format(unit=unit.name, held=Amount(unit.factor, self.unit)) for unit in self.units)
        )


def tidy_code(code: str) -> str:
    """Returns a code in its one form: "Beras" and " beras " are beras."""
    return code.strip().lower()


def is_code(code: str) -> bool:
    return _CODE.fullmatch(code) is not None


def catalogue(work: Work) -> dict[str, Item]:
    """Returns the goods of the facility by code, and those of its offices' catalogues that it did not use yet."""
    return dict(catalogues(work, [work.here.id]).get(work.here.id, {}))


def catalogues(work: Work, facilities: Sequence[UUID]) -> Mapping[UUID, dict[str, Item]]:
    """Returns the goods of many facilities, by their ids and code; two queries."""
    places = func.unnest(cast(list(facilities), ARRAY(Uuid))).table_valued("id").render_derived(name="places")
    goods_at = func.guyub.goods_at(places.c.id).table_valued("item_id", "code", "name", "unit").lateral()
    units_at = func.guyub.units_at(places.c.id).table_valued("code", "unit", "factor").lateral()
    units: dict[tuple[UUID, str], list[DeclaredUnit]] = {}
    declared = select(places.c.id, units_at.c.code, units_at.c.unit, units_at.c.factor)
    for place, code, unit, factor in work.all(
        declared.select_from(places.join(units_at, true())).order_by(units_at.c.factor.desc())
    ):
        units.setdefault((place, code), []).append(DeclaredUnit(unit, factor))
    goods: dict[UUID, dict[str, Item]] = {}
    known = select(places.c.id, goods_at.c.item_id, goods_at.c.code, goods_at.c.name, goods_at.c.unit)
    for row in work.all(known.select_from(places.join(goods_at, true())).order_by(goods_at.c.name)):
        item = Item(row.item_id, row.code, row.name, row.unit, tuple(units.get((row.id, row.code), ())))
        goods.setdefault(row.id, {})[row.code] = item
    return goods


def pick_list(goods: Mapping[str, Item]) -> PickList:
    """Returns the goods and units of a facility as forms offer them."""
    units = {
        unit_key(unit): unit for item in goods.values() for unit in (*(other.name for other in item.units), item.unit)
    }
    return PickList(
        tuple((code, _PICKED.format(name=item.name, units=item.known_units)) for code, item in goods.items()),
        tuple((unit, Text.same(unit)) for _, unit in sorted(units.items())),
    )


def offered(work: Work) -> PickList:
    """Returns what the facility in view picks from."""
    return pick_list(catalogue(work))


def unknown(goods: Mapping[str, Item], code: str, in_field: str = "") -> Invalid:
    """Returns the refusal of a code that is not in the catalogue, with the nearest goods."""
    by_word = {word: item for item in goods.values() for word in (item.code, name_key(item.name))}
    near = get_close_matches(name_key(code), by_word, n=2, cutoff=0.5)
    nearest = list(dict.fromkeys(by_word[word].code for word in near)) or sorted(goods)[:5]
    names = Text.join(", ", (_NAMED.format(name=goods[each].name, code=each) for each in nearest))
    return FundsRefusal.ITEM_UNKNOWN.invalid(in_field, given=code, nearest=names)


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
        {
            "facility_id": work.here.id,
            "code": item.code,
            "name": kept.name if kept else item.name,
            "unit": kept.unit if kept else tidy_unit(item.unit),
        }
        for item in goods
        if (kept := known.get(item.code)) is None or kept.id is None
    ]
    if not new:
        return known
    insert_rows(work, ItemModel, new, unless_there=["facility_id", "code"])
    known = catalogue(work)  # with what somebody else made in the meantime
    demand_none(refusals(known, goods))
    return known
