"""Checks days and closings in files for what the database would refuse: the plan shows it before anybody applies it."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import ARRAY, cast, column, func, select
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import JSONB

from guyub.configuration.issues import Issue
from guyub.configuration.steps import Step
from guyub.db.unit_of_work import Work
from guyub.facilities import refusals
from guyub.facilities.record_set import RecordWrites
from guyub.facilities.records import FacilityRecord
from guyub.facilities.refusals import FacilitiesRefusal, on_day
from guyub.provisioning.current import CurrentState
from guyub.provisioning.desired import DesiredState
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text


def closing_problems(
    work: Work, ours: DesiredState, world: CurrentState, writes: RecordWrites, steps: Sequence[Step], today: date
) -> Iterator[Issue]:
    """Yields what is left open at facilities that the files close, days that have not come, and what would begin at a facility
    after its last day. One query at most."""
    yield from _after_closing(ours, writes, steps)
    closing: list[FacilityRecord] = []
    for code, facility in ours.facilities.items():
        known = world.facilities.get(code)
        if (
            facility.name_from
            and facility.name_from > today
            and (known is None or known.name_from != facility.name_from)
        ):
            yield _against(code, on_day(FacilitiesRefusal.NAME_AHEAD, facility.name_from))
        if facility.closed_on is None or (known and known.closed_on == facility.closed_on):
            continue
        if facility.closed_on > today:
            yield _against(code, on_day(FacilitiesRefusal.CLOSING_AHEAD, facility.closed_on))
        elif known:
            closing.append(facility)
    yield from _left_open(work, {facility.code: facility.name for facility in closing})


def _after_closing(ours: DesiredState, writes: RecordWrites, steps: Sequence[Step]) -> Iterator[Issue]:
    closed = {code: facility for code, facility in ours.facilities.items() if facility.closed_on is not None}
    begun = {(official.facility, official.valid_from) for official in writes.officials}
    for target, after in ((step.target, step.after) for step in steps):
        if target.layer == "facility" and target.field:
            begun.add((target.place, after.valid_from))
        elif target.layer == "facility" and after.value:
            begun.add((target.place, date.max))  # activated, whatever the day
    for code in sorted({code for code, day in begun if code in closed and day > (closed[code].closed_on or day)}):
        facility = closed[code]
        assert facility.closed_on is not None
        sentence = refusals.closed(facility.name, facility.closed_on, "").what
        yield Issue(code, _NOTHING_BEGINS.format(closed=sentence, file=f"{facility.region}/{code}.toml"), "blocks")


def _left_open(work: Work, names: dict[str, str]) -> Iterator[Issue]:
    if not names:
        return
    codes = cast(sorted(names), ARRAY(SqlText))
    business = func.guyub.open_business_at(codes).table_valued(column("code", SqlText), column("found", JSONB))
    for code, left in work.all(select(business.c.code, business.c.found).order_by(business.c.code)):
        if left["cycles"] or left["funds"]:
            yield _against(code, refusals.left_open(left | {"facility": names[code]}))


def _against(code: str, refusal: Refusal) -> Issue:
    return Issue(code, refusal.what, "blocks")


_NOTHING_BEGINS = Text(
    id="{closed} Sesudah hari itu tidak ada yang dapat dimulai di sana: hapus perubahan lainnya dari {file}, atau terapkan dulu"
    " sebelum menulis closed.",
    en="{closed} After that day nothing begins there: remove the other changes from {file}, or apply them first, before closed is"
    " written.",
)
