"""What one household gets in a month, line by line, as the books keep it: goods in the units of the catalogue, and money."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from guyub.db.unit_errors import unit_differs
from guyub.db.unit_of_work import Work
from guyub.funds import items
from guyub.funds.items import Item
from guyub.sdk.config import Config, PackageItem
from guyub.sdk.errors import Invalid
from guyub.sdk.program import PackageLine, ProgramContext, ProgramType
from guyub.sdk.quantities import tidy_unit
from guyub.sdk.text import Text
from guyub.ui.problems import EMPTY


def write(work: Work, cycle_id: UUID, kind: ProgramType[Any], ctx: ProgramContext[Any]) -> None:
    """The lines of a new cycle. Raises ``Invalid`` as ``demand_units``."""
    rows = package_rows(kind.package(ctx))
    goods = [Item(None, row["code"], row["name"], row["unit"]) for row in rows if row["code"]]
    demand_units(items.known(work, (item.code for item in goods)), kind, ctx)
    catalogue = items.ensure(work, goods)
    work.run_many(
        "INSERT INTO guyub.package_line "
        "(facility_id, cycle_id, line, item_id, unit, quantity, price, per_member, at_most, label) "
        "VALUES (:facility, :cycle, :line, :item, :unit, :quantity, :price, :per_member, :at_most, CAST(:label AS jsonb))",
        [
            row
            | {
                "facility": work.here.id,
                "cycle": cycle_id,
                "item": catalogue[row["code"]].id if row["code"] else None,
                "label": json.dumps(row["label"]) if row["label"] else None,
            }
            for row in rows
        ],
    )


def demand_units(catalogue: Mapping[str, Item], kind: ProgramType[Any], ctx: ProgramContext[Any]) -> None:
    """Raises ``Invalid``, naming the field of the configuration, where a line of the package is in another unit than the
    facility counts its goods in."""
    lines = [line for line in kind.package(ctx) if isinstance(line, PackageItem)]
    goods = [Item(None, line.code, line.name, line.unit) for line in lines]
    for line in lines:
        if not tidy_unit(line.unit):
            raise Invalid("funds.no_unit", *EMPTY, _field_of(ctx.config, line))
    for place, used in items.differing(catalogue, goods):
        refusal = unit_differs(used.name, lines[place].unit, used.unit, _field_of(ctx.config, lines[place]))
        raise Invalid(refusal.code, refusal.what, _UNIT_OF_PACKAGE.format(used=used.unit), refusal.field)


def _field_of(config: Config, line: PackageItem) -> str:
    """Where a line of a package stands in its programme's configuration: "package.0.unit"; "" where it is made up."""
    for name in type(config).model_fields:
        lines = getattr(config, name)
        if isinstance(lines, tuple | list) and line in lines:
            return f"{name}.{lines.index(line)}.unit"
    return ""


_UNIT_OF_PACKAGE = Text(
    id="Ubah satuan, jumlah, dan harganya menjadi per {used} pada isi paket di pengaturan program.",
    en="Change unit, quantity and price to {used} in the package, on the programme's settings.",
)


def package_rows(lines: Sequence[PackageLine]) -> list[dict[str, Any]]:
    """What one household gets as the books keep it, a row for each line; money has a ``label`` in place of ``code``,
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
