"""Goods of one month alone come on top of its package while it is planned: a harvest, dates in Ramadan, goods in kind."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, func, insert, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.configuration.resolution import resolve
from guyub.configuration.validation import validated_for
from guyub.db.unit_of_work import Work
from guyub.funds import items
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycle_facts
from guyub.programs.cycles import Cycle, demand_version, lock_in_state, reference
from guyub.programs.models import PackageLine
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.config import PackageItem
from guyub.ui.problems import CollectedRefusals
from guyub.ui.refusals import UiRefusal
from guyub.ui.typed_values import quantity_given, rupiah_given

PACKAGE = "package"
"""The field of a programme's configuration with its package, whose lock and bounds hold for added goods as well."""
MOST = 1_000_000_000
"""Quantities and prices of one line stay below."""
FIRST_LINE = 101
"""Lines of added goods are numbered behind those of the package."""


@dataclass(frozen=True, slots=True)
class AddedGoods:
    """Goods by their code, in the unit of the catalogue: so much for a household (with ``per_member`` for each person, at most
    ``at_most``), at a planned ``price`` for one unit."""

    code: str
    quantity: Decimal
    price: int
    per_member: bool = False
    at_most: Decimal | None = None


def read(
    work: Work,
    code: str,
    quantity: Decimal | str,
    price: int | str,
    at_most: Decimal | str | None = None,
    *,
    per_member: bool = False,
) -> AddedGoods:
    """Returns goods as a form, a command or JSON gives them: texts in any unit that is declared, or numbers.

    Raises ``Invalid`` with all that cannot be read.
    """
    known = items.catalogue(work)
    item = known.get(items.tidy_code(code))
    if item is None:
        raise items.unknown(known, code, "code")
    refusals = CollectedRefusals()
    with refusals.collected():
        amount = quantity_given(quantity, "quantity", item.unit, item.units)
    with refusals.collected():
        rupiah = rupiah_given(price, "price")
    with refusals.collected():
        cap = None if at_most is None else quantity_given(at_most, "at_most", item.unit, item.units)
    refusals.demand_none()
    return AddedGoods(item.code, amount, rupiah, per_member, cap)


def add(
    work: Work,
    plugins: PluginRegistry,
    cycle: Cycle,
    today: date,
    goods: AddedGoods,
    reason: str,
    *,
    version: int | None = None,
) -> int:
    """Adds goods to the package of a planned month and returns their line. ``version`` is that of the month as it was read, None
    where it is read here.

    Raises ``Invalid`` for goods that the catalogue does not know or the package has, and for what the programme's own bounds
    refuse; ``Refusal`` where the package is locked above, or another version stands.
    """
    work.require("programs.open")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_ADD_GOODS, reason)
    lock_in_state(work, cycle, "planned")
    demand_version(work, cycle, version)
    if work.scalar(select(func.guyub.package_is_locked(cycle.id))):
        raise ProgramsRefusal.PACKAGE_LOCKED.refusal()
    known = items.catalogue(work)
    code = items.tidy_code(goods.code)
    if code not in known:
        raise items.unknown(known, goods.code, "code")
    item = items.ensure(work, [known[code]], known)[code]
    lines = cycle_facts.package(work, cycle)
    if any(line.code == code for line in lines):
        raise ProgramsRefusal.GOODS_IN_PACKAGE.invalid("code", goods=item.name)
    _demand_amounts(goods)
    _demand_bounds(work, plugins, cycle, today, item, goods)
    line = max([FIRST_LINE - 1, *(line.line for line in lines)]) + 1
    values = {
        "facility_id": work.here.id,
        "cycle_id": cycle.id,
        "line": line,
        "item_id": item.id,
        "unit": item.unit,
        "quantity": goods.quantity,
        "price": goods.price,
        "per_member": goods.per_member,
        "at_most": goods.at_most,
        "reason": reason,
    }
    work.change(insert(PackageLine).values(values))
    _audit(work, cycle, "programs.add_goods", item.name, goods.quantity, item.unit, reason)
    return line


def take_off(work: Work, cycle: Cycle, code: str, reason: str, *, version: int | None = None) -> None:
    """Takes added goods off the package of a planned month. ``version`` as for ``add``.

    Raises ``Invalid`` for what was not added for this month alone.
    """
    work.require("programs.open")
    reason = required_reason.require_reason(ProgramsRefusal.NO_REASON_TO_ADD_GOODS, reason)
    lock_in_state(work, cycle, "planned")
    demand_version(work, cycle, version)
    added = [line for line in cycle_facts.package(work, cycle) if line.code == items.tidy_code(code) and line.reason]
    if not added:
        raise ProgramsRefusal.NOT_ADDED_GOODS.invalid("code")
    of_line = (col(PackageLine.cycle_id) == cycle.id, col(PackageLine.line) == added[0].line)
    work.change(delete(PackageLine).where(*of_line))
    _audit(work, cycle, "programs.take_off_goods", added[0].item.id, added[0].quantity, added[0].unit, reason)


def _demand_amounts(goods: AddedGoods) -> None:
    for name, quantity in (("quantity", goods.quantity), ("at_most", goods.at_most)):
        if quantity is not None and not (0 < quantity < MOST and round(quantity, 3) == quantity):
            raise UiRefusal.QUANTITY.invalid(name)
    if not 0 < goods.price < MOST:
        raise UiRefusal.RUPIAH.invalid("price")


def _demand_bounds(
    work: Work, plugins: PluginRegistry, cycle: Cycle, today: date, item: items.Item, goods: AddedGoods
) -> None:
    """Raises ``Invalid`` for goods with which the programme's own configuration would not be valid: its ceiling, a quantity for
    each person without a cap."""
    plugin = plugins.plugin(cycle.plugin)
    config = resolve(work, plugin, work.here.id, max(cycle.period, today), protector=plugins.protector).config
    values = {name: getattr(config, name) for name in type(config).model_fields}
    own = values.get(PACKAGE)
    if not isinstance(own, tuple | list) or not all(isinstance(line, PackageItem) for line in own):
        return  # the programme makes its package in another way
    kept = {line.code for line in own}
    added = [line for line in cycle_facts.package(work, cycle) if line.reason and line.code not in kept]
    more = [
        _line(line.code, line.item.id, line.unit, line.quantity, line.price, line.per_member, line.at_most)
        for line in added
    ]
    asked = _line(item.code, item.name, item.unit, goods.quantity, goods.price, goods.per_member, goods.at_most)
    package = [*(line.model_dump() for line in own), *more, asked]
    valid, problems = validated_for(plugin, values | {PACKAGE: package})
    if valid is None:
        field = "at_most" if goods.per_member and goods.at_most is None else "quantity"
        raise ProgramsRefusal.GOODS_OUT_OF_BOUNDS.invalid(field, why=problems[0].sentence)


def _line(
    code: str, name: str, unit: str, quantity: Decimal, price: int, per_member: bool, at_most: Decimal | None
) -> dict[str, object]:
    values: dict[str, object] = {"code": code, "name": name, "unit": unit, "quantity": quantity, "price": price}
    return values | {"per_member": per_member, "at_most": at_most}


def _audit(work: Work, cycle: Cycle, action: str, goods: str, quantity: Decimal, unit: str, reason: str) -> None:
    details = {"goods": goods, "quantity": str(quantity), "unit": unit}
    audit.record(work, action, reference(cycle), reason=reason, details=details)
