"""Holds what the programmes know of one household: what became of it in each cycle and why, or what was handed over, once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, case, func, select
from sqlmodel import col

from guyub.access.models import PersonModel
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.programs.cycle_facts import exclusion
from guyub.programs.cycle_settings import cycle_title
from guyub.programs.labels import HOUSEHOLD_STATES
from guyub.programs.models import CycleModel, Entitlement, Handover, Program
from guyub.registry.timeline import TimelineEntry
from guyub.sdk.text import Period, Text

_RESULTS = {
    "candidate": Text(id="tidak terpilih", en="not selected"),
    "excluded": Text(id="tidak memenuhi syarat", en="not eligible"),
    "selected": Text(id="terpilih", en="selected"),
    "absent": Text(id="tidak hadir", en="absent"),
    "returned": Text(id="dikembalikan", en="returned"),
}
_OPEN = ("planned", "proposed")


def last_received(household_id: Any) -> ScalarSelect[Any]:
    """Returns the column of the last day, where the facility is, on which a household received something."""
    day = func.date(func.timezone(col(FacilityModel.zone), col(Handover.handed_at)))
    return (
        select(func.max(day))
        .select_from(Entitlement)
        .join(Handover, col(Handover.entitlement_id) == col(Entitlement.id))
        .join(FacilityModel, col(FacilityModel.id) == col(Entitlement.facility_id))
        .where(
            col(Entitlement.household_id) == household_id,
            col(Entitlement.state) == "received",
            col(Handover.reversed_at).is_(None),
        )
        .scalar_subquery()
    )


def entries(work: Work, household_id: UUID, most: int) -> Sequence[TimelineEntry]:
    """Returns the newest cycles and hand-overs of a household; none to whoever may not see programmes."""
    if not work.may("programs.read"):
        return ()
    zone = work.here.zone
    # Each result has the day on which it came about, whatever day is planned.
    became = case(
        (
            col(Entitlement.state) == "approved",
            func.coalesce(col(CycleModel.approved_from), col(CycleModel.approved_at)),
        ),
        (col(Entitlement.state) == "selected", col(CycleModel.proposed_at)),
        (col(Entitlement.state) == "returned", col(CycleModel.closed_at)),
        (col(Entitlement.state) == "cancelled", col(CycleModel.cancelled_at)),
    )
    decided = func.coalesce(
        became, col(CycleModel.scored_at), col(CycleModel.opened_at), func.timezone(zone, col(CycleModel.period))
    )
    on_the_day = case((col(Entitlement.state) == "absent", col(CycleModel.distribution_on)))
    given_on = func.date(func.timezone(zone, col(Handover.handed_at)))
    rows = work.all(
        select(
            col(CycleModel.code),
            col(CycleModel.period),
            col(CycleModel.settings),
            col(CycleModel.state).label("step"),
            col(Program.plugin),
            col(Entitlement.id),
            col(Entitlement.state),
            col(Entitlement.state_reason),
            func.coalesce(on_the_day, func.date(func.timezone(zone, decided))).label("day"),
            decided.label("decided"),
            given_on.label("given_on"),
            col(Handover.handed_at),
            col(Handover.proxy_name),
            col(Handover.collected_by),
            col(Handover.reversed_at),
            col(Handover.reversal_reason),
            func.coalesce(col(PersonModel.full_name), "").label("giver"),
        )
        .select_from(Entitlement)
        .join(CycleModel, col(CycleModel.id) == col(Entitlement.cycle_id))
        .join(Program, col(Program.id) == col(CycleModel.program_id))
        .outerjoin(Handover, col(Handover.entitlement_id) == col(Entitlement.id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(Handover.given_by))
        .where(col(Entitlement.facility_id) == work.here.id, col(Entitlement.household_id) == household_id)
        .order_by(func.coalesce(given_on, on_the_day, func.date(func.timezone(zone, decided))).desc())
        .limit(most)
    )
    decides = work.may("programs.open") or work.may("programs.approve")
    # A hand-over that stands says all of its month.
    served = {row.id for row in rows if row.handed_at and not row.reversed_at}
    lists = {row.id: _on_the_list(row, decides) for row in rows if row.id not in served}
    return [*lists.values(), *(_given(row, decides) for row in rows if row.handed_at)]


def _month(row: Any) -> Text:
    return Text(id="{title}, {month}", en="{title}, {month}").format(
        title=cycle_title(row.plugin, row.settings), month=Period(row.period)
    )


def _on_the_list(row: Any, decides: bool) -> TimelineEntry:
    """Rules and absence are shown to everybody who sees the household; what staff wrote of a choice to those who decide."""
    is_open = row.step in _OPEN and row.state == "candidate"
    result = HOUSEHOLD_STATES["candidate"] if is_open else _RESULTS.get(row.state, HOUSEHOLD_STATES[row.state])
    shown = decides or row.state in ("excluded", "absent", "returned")
    return TimelineEntry(
        row.day,
        row.decided,
        Text.join(": ", (_month(row), result)),
        reason=exclusion(row.settings, row.state_reason) if shown else Text.same(""),
        link=f"/cycles/{row.code}/",
    )


def _given(row: Any, decides: bool) -> TimelineEntry:
    to = (
        Text(id="diserahkan kepada kuasa {name}", en="handed over to the proxy {name}").format(name=row.proxy_name)
        if row.collected_by == "proxy"
        else Text(id="diserahkan kepada penerima", en="handed over to the recipient")
    )
    sentence = Text.join(": ", (_month(row), to))
    if row.reversed_at:
        sentence = Text(id="{sentence} (dibatalkan)", en="{sentence} (undone)").format(sentence=sentence)
    why_selected = exclusion(row.settings, row.state_reason) if decides and not row.reversed_at else Text.same("")
    return TimelineEntry(
        row.given_on,
        row.handed_at,
        sentence,
        row.giver,
        Text.same(row.reversal_reason) if row.reversed_at else why_selected,
        f"/cycles/{row.code}/",
    )
