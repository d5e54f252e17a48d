"""Holds what one household gets in a month, line by line, as the books keep it: goods in the units of the catalogue,
and money.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, null

from guyub.db.unit_of_work import Work
from guyub.funds import items
from guyub.funds.items import Item
from guyub.programs.models import PackageLine as PackageLineModel
from guyub.sdk.config import Config, PackageItem
from guyub.sdk.errors import Invalid
from guyub.sdk.program import PackageLine, ProgramContext, ProgramType
from guyub.sdk.text import Text
from guyub.ui.problems import demand_none


def write(work: Work, cycle_id: UUID, kind: ProgramType[Any], ctx: ProgramContext[Any]) -> None:
    """Writes the lines of a new cycle. Raises ``Invalid`` as ``demand_units``."""
    rows = package_rows(kind.package(ctx))
    known = items.catalogue(work)
    demand_units(known, kind, ctx)
    goods = [Item(None, row["code"], row["name"], row["unit"]) for row in rows if row["code"]]
    catalogue = items.ensure(work, goods, known)
    lines = [
        {
            "facility_id": work.here.id,
            "cycle_id": cycle_id,
            "line": row["line"],
            "item_id": catalogue[row["code"]].id if row["code"] else None,
            "unit": row["unit"],
            "quantity": row["quantity"],
            "price": row["price"],
            "per_member": row["per_member"],
            "at_most": row["at_most"],
            "label": row["label"] or null(),
        }
        for row in rows
    ]
    work.change(insert(PackageLineModel).values(lines))


def demand_units(catalogue: Mapping[str, Item], kind: ProgramType[Any], ctx: ProgramContext[Any]) -> None:
    """Raises ``Invalid``, naming the fields of the configuration, where lines of the package are in another unit or under
    another code than the facility has their goods."""
    demand_none(unit_refusals(catalogue, kind, ctx))


def unit_refusals(catalogue: Mapping[str, Item], kind: ProgramType[Any], ctx: ProgramContext[Any]) -> list[Invalid]:
    """Returns where lines of the package contradict the facility's catalogue, each at its field of the configuration."""
    lines = [line for line in kind.package(ctx) if isinstance(line, PackageItem)]
    goods = [Item(None, line.code, line.name, line.unit) for line in lines]
    return items.refusals(
        catalogue, goods, lambda place, part: _field_of(ctx.config, lines[place], part), _UNIT_OF_PACKAGE
    )


def _field_of(config: Config, line: PackageItem, part: str) -> str:
    """Returns the place of a package's line in its programme's configuration: "package.0.unit"; "" where it is made up."""
    for name in type(config).model_fields:
        lines = getattr(config, name)
        if isinstance(lines, tuple | list) and line in lines:
            return f"{name}.{lines.index(line)}.{part}"
    return ""


_UNIT_OF_PACKAGE = Text(
    id="Ubah satuan, jumlah, dan harganya menjadi per {used} pada isi paket di pengaturan program.",
    en="Change unit, quantity and price to {used} in the package, on the programme's settings.",
)


def package_rows(lines: Sequence[PackageLine]) -> list[dict[str, Any]]:
    """Returns what one household gets as the books keep it, a row for each line; money has a ``label`` in place of ``code``,
    ``name`` and ``unit``."""
    return [
        {
            "line": place,
            "code": line.code,
            "name": line.name,
            "unit": line.unit,
            "quantity": line.quantity,
            "price": line.price,
            "per_member": line.per_member,
            "at_most": line.at_most,
            "label": None,
        }
        if isinstance(line, PackageItem)
        else {
            "line": place,
            "code": None,
            "name": None,
            "unit": None,
            "quantity": Decimal(1),
            "price": line.amount,
            "per_member": False,
            "at_most": None,
            "label": {"id": line.label.id, "en": line.label.en},
        }
        for place, line in enumerate(lines, start=1)
    ]
