"""Keeps the catalogue of goods: what a facility or an office adds to it, and the units that it declares."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import Select, func, insert, or_, select
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.configuration.management import facilities_of
from guyub.db import limits
from guyub.db.models import FacilityModel
from guyub.db.text_lengths import require_length
from guyub.db.unit_of_work import Work
from guyub.funds import items
from guyub.funds.items import Item
from guyub.funds.models import CatalogueItem, CatalogueUnit, ItemUnit, Measure
from guyub.funds.refusals import FundsRefusal, unit_known
from guyub.sdk.quantities import DeclaredUnit, factor_of, is_unit, tidy_unit, unit_key
from guyub.sdk.unseen import name_key, single_spaced, without_unseen
from guyub.ui.problems import CollectedRefusals
from guyub.ui.typed_values import quantity_given

MOST_FACTOR = Decimal(1_000_000)
FACTOR_PLACES = 6


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose catalogue it is: that of the facility in view (no office), of a region, or of the nation (no region)."""

    office: bool = False
    region_id: UUID | None = None


def add_goods(work: Work, keeper: Keeper, name: str, unit: str) -> Item:
    """Adds goods to a catalogue and returns them; their code is made of the name.

    Raises ``Invalid`` for no name, no unit, and goods that are in it already.
    """
    _demand_keeper(work, keeper)
    name, unit = single_spaced(without_unseen(name)).strip(), tidy_unit(unit)
    refusals = CollectedRefusals()
    with refusals.collected():
        if not name_key(name):
            raise FundsRefusal.NO_NAME.invalid("name")
        require_length(name, limits.NAME, "name")
    with refusals.collected():
        _demand_unit(unit)
    refusals.demand_none()
    known = kept_by(work, keeper)
    if any(name_key(item.name) == name_key(name) for item in known.values()):
        raise FundsRefusal.GOODS_TWICE.invalid("name")
    item = Item(None, _code_of(name, set(known)), name, unit)
    if keeper.office:
        row = {"region_id": keeper.region_id, "code": item.code, "name": item.name, "unit": item.unit}
        work.change(insert(CatalogueItem).values(row))
    else:
        items.ensure(work, [item])
    _audit(work, keeper, "funds.goods_added", item.code, {"goods": name, "unit": unit})
    return item


def declare_unit(work: Work, keeper: Keeper, code: str, unit: str, factor: Decimal | None) -> Item:
    """Declares what one unit of goods holds of their own, or with no ``factor`` takes it back; returns the goods.

    Raises ``Invalid`` for unknown goods, a unit that they have anyway and a factor out of bounds.
    """
    _demand_keeper(work, keeper)
    unit = tidy_unit(unit)
    known = kept_by(work, keeper)
    refusals = CollectedRefusals()
    with refusals.collected():
        if code not in known:
            raise items.unknown(known, code, "code")
    with refusals.collected():
        _demand_unit(unit)
    with refusals.collected():
        if factor is not None and not (0 < factor <= MOST_FACTOR and round(factor, FACTOR_PLACES) == factor):
            raise FundsRefusal.FACTOR.invalid("factor")
    refusals.demand_none()
    item = known[code]
    measures = select(col(Measure.unit), col(Measure.factor)).where(col(Measure.base) == unit_key(item.unit))
    holding = [DeclaredUnit(name, held) for name, held in work.all(measures)]
    if factor is not None and factor_of(unit, item.unit, holding) is not None:
        raise unit_known(unit, item.unit)
    if keeper.office:
        values = {"region_id": keeper.region_id, "code": code, "base": item.unit, "unit": unit, "factor": factor}
        work.change(insert(CatalogueUnit).values(values))
    else:
        kept = items.ensure(work, [item])[code]
        row = {"facility_id": work.here.id, "item_id": kept.id, "unit": unit, "factor": factor}
        work.change(insert(ItemUnit).values(row))
    details = {"goods": item.name, "unit": unit, "factor": str(factor) if factor is not None else "", "own": item.unit}
    _audit(work, keeper, "funds.unit_declared" if factor is not None else "funds.unit_taken_back", code, details)
    return item


def read_factor(work: Work, keeper: Keeper, code: str, holds: Decimal | str) -> Decimal:
    """Returns what a unit holds, in that of the goods: "25", "25 kg", "0,25 kuintal". Raises ``Invalid`` at "holds"."""
    goods = kept_by(work, keeper).get(code)
    return quantity_given(holds, "holds", goods.unit, goods.units) if goods else quantity_given(holds, "holds")


def hold(work: Work, keeper: Keeper) -> None:
    """Keeps a catalogue to this transaction: of two who declare a unit, the second sees the first's."""
    kept = str(keeper.region_id) if keeper.office else str(work.here.id)
    work.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended(f"goods/{kept}", 0))))


def kept_by(work: Work, keeper: Keeper) -> dict[str, Item]:
    """Returns the catalogue as its keeper sees it: a region has the goods of the nation too."""
    if not keeper.office:
        return items.catalogue(work)
    item, unit = CatalogueItem, CatalogueUnit
    above = or_(col(item.region_id).is_(None), col(item.region_id).is_not_distinct_from(keeper.region_id))
    declared: dict[str, dict[str, DeclaredUnit | None]] = {}
    units: Select[str, str, Decimal | None] = (
        select(col(unit.code), col(unit.unit), col(unit.factor))
        .where(or_(col(unit.region_id).is_(None), col(unit.region_id).is_not_distinct_from(keeper.region_id)))
        .order_by(col(unit.region_id).is_not(None), col(unit.seq))
    )
    for row in work.all(units):
        of_item = declared.setdefault(row.code, {})
        of_item[unit_key(row.unit)] = DeclaredUnit(row.unit, row.factor) if row.factor is not None else None
    known = (
        select(col(item.code), col(item.name), col(item.unit))
        .where(above)
        .order_by(col(item.region_id).is_not(None), col(item.name))
    )
    return {
        row.code: Item(
            None, row.code, row.name, row.unit, tuple(each for each in declared.get(row.code, {}).values() if each)
        )
        for row in work.all(known)
    }


def _demand_keeper(work: Work, keeper: Keeper) -> None:
    if keeper.office:
        work.require("facilities.configure")
    else:
        work.require("funds.receive")


def _demand_unit(unit: str) -> None:
    if not unit:
        raise FundsRefusal.NO_UNIT.invalid("unit")
    if not is_unit(unit):
        raise FundsRefusal.UNIT_TOO_LONG.invalid("unit")


def _code_of(name: str, taken: set[str]) -> str:
    """Returns a code that is not taken: "Susu bubuk" is susu-bubuk."""
    letters = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "-", letters).strip("-").lstrip("0123456789-")[:36] or "barang"
    number = 1
    while (code := plain if number == 1 else f"{plain}-{number}") in taken:
        number += 1
    return code


def _audit(work: Work, keeper: Keeper, action: str, subject: str, details: Mapping[str, str]) -> None:
    if not keeper.office:
        audit.record(work, action, subject, details=details)
        return
    of_region = [col(FacilityModel.region_id) == keeper.region_id] if keeper.region_id is not None else []
    chains = facilities_of(work, *of_region)
    audit.record_many(work, [AuditEntry(chain, action, subject, details) for chain in chains])
