"""The overview over regions as JSON: counts and amounts, nothing about a person and nothing about one facility."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import BaseModel

from guyub.http import Clock, ReaderWork
from guyub.plugins.dependencies import Plugins
from guyub.reports.api import FamiliesOut, MonthTotalOut, total_out
from guyub.reports.nation import Nation, RegionRow
from guyub.reports.nation_routes import nation_asked

api = APIRouter()


class SourceOut(BaseModel):
    """Money of one funding source, in whole rupiah: ``spent`` on the month's households, the rest to date."""

    plugin: str
    source: str
    received: int
    left: int
    spent: int


class RegionOut(BaseModel):
    """``by_state`` counts months of programmes (and facilities without one); ``still_open`` months from before this one."""

    code: str
    name: str
    facilities: int
    by_state: dict[str, int]
    still_open: int
    by_category: dict[str, FamiliesOut]
    value: int
    money: list[SourceOut]
    for_review: int


class NationOut(BaseModel):
    month: str
    by_state: dict[str, int]
    by_category: dict[str, FamiliesOut]
    received: int
    packages: int
    value: int
    left: int
    regions: list[RegionOut]
    trend: list[MonthTotalOut]


@api.get("/national/overview")
def national_overview(work: ReaderWork, plugins: Plugins, clock: Clock, month: str = "", months: int = 0) -> NationOut:
    """Returns a month (like 2024-11; this one when left out) over all regions, for those with a national role."""
    return _out(nation_asked(work, plugins, clock, month, months))


def _out(view: Nation) -> NationOut:
    return NationOut(
        month=f"{view.period:%Y-%m}",
        by_state=dict(view.by_state),
        by_category=_families(view.by_category),
        received=view.received,
        packages=view.packages,
        value=view.value,
        left=view.left,
        regions=[_region(row) for row in view.rows],
        trend=[total_out(total) for total in view.trend],
    )


def _region(row: RegionRow) -> RegionOut:
    return RegionOut(
        code=row.code,
        name=row.name,
        facilities=row.facilities,
        by_state=dict(row.by_state),
        still_open=row.still_open,
        by_category=_families(row.by_category),
        value=row.value,
        money=[
            SourceOut(
                plugin=source.plugin,
                source=source.source,
                received=source.received,
                left=source.left,
                spent=source.spent,
            )
            for source in row.sources
        ],
        for_review=row.for_review,
    )


def _families(counted: Mapping[str, tuple[int, int]]) -> dict[str, FamiliesOut]:
    return {code: FamiliesOut(listed=listed, received=received) for code, (listed, received) in counted.items()}
