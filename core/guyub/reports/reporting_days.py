"""The days by which a regional office wants a month opened and reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.reports.models import RegionReporting
from guyub.ui.months import following

REPORT_DAY, OPEN_DAY = 5, 10
"""Where the office has not set its own: the month is done by the 5th of the next one, and opened by the 10th."""


@dataclass(frozen=True, slots=True)
class RecapDays:
    """``report`` is a day of the following month, ``open`` one of the month itself; ``set_by`` is empty for the usual ones."""

    report: int = REPORT_DAY
    open: int = OPEN_DAY
    set_by: str = ""

    def deadline(self, period: date) -> date:
        return following(period).replace(day=self.report)


def days_of(work: Work, region_id: UUID) -> RecapDays:
    return days_by_region(work, [region_id]).get(region_id, RecapDays())


def days_by_region(work: Work, regions: Sequence[UUID]) -> Mapping[UUID, RecapDays]:
    """Returns the days of those offices that have set their own; one query."""
    kept = RegionReporting
    rows = work.all(
        select(col(kept.region_id), col(kept.report_day), col(kept.open_day), col(kept.set_by)).where(
            among(col(kept.region_id), regions)
        )
    )
    return {region: RecapDays(report, open_by, set_by) for region, report, open_by, set_by in rows}
