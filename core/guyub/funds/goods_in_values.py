"""Checks goods that values of a configuration name against the catalogues of the places that the values are of."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.configuration.goods import GoodsInValue
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.unit_of_work import Work
from guyub.funds import catalogue, items
from guyub.funds.catalogue import Keeper
from guyub.funds.items import Item
from guyub.funds.refusals import unit_differs
from guyub.sdk.errors import Invalid
from guyub.sdk.quantities import same_unit

Wrong = tuple[GoodsInValue, tuple[str | int, ...], Invalid]


def wrong_goods(work: Work, named: Sequence[GoodsInValue]) -> Iterator[Wrong]:
    """Yields goods that the catalogue of their place does not have, and those that it counts in another unit, with the path of
    what is wrong. A place that is not there yet has the catalogue
    of its region, or of the nation."""
    known = _catalogues(work, named)
    nation: dict[str, Item] | None = None
    for goods in named:
        have = known.get((goods.layer, goods.place)) or known.get(("region", goods.region))
        if have is None:
            nation = catalogue.kept_by(work, Keeper(office=True)) if nation is None else nation
            have = nation
        item = have.get(items.tidy_code(goods.code))
        if item is None:
            yield goods, goods.path, items.unknown(have, goods.code)
        elif goods.unit is not None and not same_unit(goods.unit, item.unit):
            yield goods, goods.unit_path, unit_differs(item.name, goods.unit, item.unit)


def _catalogues(work: Work, named: Sequence[GoodsInValue]) -> Mapping[tuple[str, str], Mapping[str, Item]]:
    """Returns the catalogues of the places by layer and code; of many facilities by two queries."""
    facilities = {goods.place for goods in named if goods.layer == "facility"}
    regions = {goods.region for goods in named if goods.region}
    known: dict[tuple[str, str], Mapping[str, Item]] = {}
    if facilities:
        of_facilities = select(col(FacilityModel.id), col(FacilityModel.code)).where(
            col(FacilityModel.code).in_(facilities)
        )
        ids: dict[UUID, str] = {row.id: row.code for row in work.all(of_facilities)}
        for facility_id, goods in items.catalogues(work, list(ids)).items():
            known["facility", ids[facility_id]] = goods
    if regions:
        of_regions = select(col(RegionModel.id), col(RegionModel.code)).where(col(RegionModel.code).in_(regions))
        for row in work.all(of_regions):
            known["region", row.code] = catalogue.kept_by(work, Keeper(office=True, region_id=row.id))
    return known
