"""The catalogue of a facility: goods by their code, each counted in one unit whoever names it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from guyub.db.unit_errors import unit_differs
from guyub.db.unit_of_work import Work
from guyub.sdk.quantities import same_unit, tidy_unit

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Item:
    """Goods of the catalogue; ``id`` is None for those that are not in it yet."""

    id: UUID | None
    code: str
    name: str
    unit: str


def tidy_code(given: str) -> str:
    """ "Beras" and " beras " are beras."""
    return given.strip().lower()


def is_code(code: str) -> bool:
    return _CODE.fullmatch(code) is not None


def known(work: Work, codes: Iterable[str]) -> dict[str, Item]:
    """Those of these codes that the catalogue of the facility has."""
    rows = work.run(
        "SELECT id, code, name, unit FROM guyub.item WHERE facility_id = :here AND code = ANY (:codes)",
        here=work.here.id,
        codes=sorted(set(codes)),
    )
    return {row.code: Item(*row) for row in rows}


def known_at(work: Work, facilities: Sequence[UUID]) -> Mapping[UUID, dict[str, Item]]:
    """The whole catalogues of many facilities, by their ids; one query."""
    rows = work.run(
        "SELECT facility_id, id, code, name, unit FROM guyub.item WHERE facility_id = ANY (:places)",
        places=list(facilities),
    )
    found: dict[UUID, dict[str, Item]] = {}
    for row in rows:
        found.setdefault(row.facility_id, {})[row.code] = Item(row.id, row.code, row.name, row.unit)
    return found


def differing(catalogue: Mapping[str, Item], goods: Sequence[Item]) -> list[tuple[int, Item]]:
    """The places of goods whose unit is another than the catalogue's, or than that of the same goods before them, and the
    item that they differ from."""
    counted = dict(catalogue)
    found = []
    for place, item in enumerate(goods):
        used = counted.setdefault(item.code, item)
        if not same_unit(used.unit, item.unit):
            found.append((place, used))
    return found


def ensure(work: Work, goods: Sequence[Item]) -> dict[str, Item]:
    """The items of the catalogue by code, made where new. Raises ``Invalid`` for goods in another unit than their item's."""
    work.run(
        """INSERT INTO guyub.item (facility_id, code, name, unit)
           SELECT :facility, code, name, unit
           FROM unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:units AS text[])) AS a (code, name, unit)
           ON CONFLICT (facility_id, code) DO NOTHING""",
        facility=work.here.id,
        codes=[item.code for item in goods],
        names=[item.name for item in goods],
        units=[tidy_unit(item.unit) for item in goods],
    )
    catalogue = known(work, (item.code for item in goods))
    for place, used in differing(catalogue, goods):
        raise unit_differs(used.name, goods[place].unit, used.unit)
    return catalogue
