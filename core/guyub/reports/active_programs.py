"""The programmes of a facility as they stand now: each with its open months, and whose turn it is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.access import queries as staff
from guyub.access.models import Role
from guyub.access.queries import Colleague
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.documents import storage
from guyub.funds import promises
from guyub.funds.urls import purchases_url
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.status import as_read_by
from guyub.programs import cycle_facts, cycle_funds, cycles, next_step, second_approvals
from guyub.programs.actions import Action
from guyub.programs.coverage import coverage_of
from guyub.programs.cycles import Cycle
from guyub.programs.due_months import due_months
from guyub.programs.next_step import CycleStatus, NextStepView
from guyub.programs.overview import MonthLine
from guyub.programs.urls import cycle_url
from guyub.reports.lateness import OVER, UnopenedMonth, awaited, unopened
from guyub.reports.reporting_days import RecapDays
from guyub.sdk.errors import NotFound, Refusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month in hand. ``turn`` is its next step as the reader sees it, ``waits_for`` who else takes it.

    ``turn`` and ``stands`` are None for readers who see figures only.
    """

    line: MonthLine
    stands: CycleStatus | None
    turn: NextStepView | None
    waits_for: tuple[Colleague, ...]

    @property
    def waiting(self) -> int:
        """Households that are neither served nor marked absent."""
        return self.line.listed - self.line.received - self.line.absent


@dataclass(frozen=True, slots=True)
class ActiveProgram:
    """A programme that is active here. ``months``: those in hand, and this month's whatever its state; newest first.

    ``refusal`` says why the plugin is not ready; ``unopened`` are months that are due and were never opened, late ones of
    before and this one; ``opens`` who opens them. ``is_due``: this month is due, or was opened.
    """

    plugin: str
    title: Text
    months: tuple[OpenMonth, ...]
    unopened: tuple[UnopenedMonth, ...]
    is_due: bool
    opens: tuple[Colleague, ...]
    refusal: Refusal | None


def programs(
    work: Work, plugins: PluginRegistry, lines: Sequence[MonthLine], days: RecapDays, today: date
) -> list[ActiveProgram]:
    """Returns the programmes of a facility.

    ``lines`` are all months of the facility, newest first; ``days`` those of its regional office. Readers of programmes
    see turns, others states.
    """
    this_month = today.replace(day=1)
    holders = _holders(work, today) if work.may("programs.read") else {}
    never = _unopened(work, plugins, lines, days, today)
    programs_here = []
    for slug in plugins.active(work, work.here.id, today):
        own = [line for line in lines if line.plugin == slug]
        refusal: Refusal | None = None
        try:
            title = cycles.require_program(work, plugins, slug, today).title
        except Refusal as refused:
            if not own:
                continue
            title, refusal = own[0].title, as_read_by(work, refused)
        shown = [line for line in own if line.state not in OVER or line.period >= this_month]
        programs_here.append(
            ActiveProgram(
                slug,
                title,
                tuple(_open_month(work, line, own, today, holders, stopped=refusal is not None) for line in shown),
                tuple(month for month in never if month.plugin == slug),
                any(line.period == this_month for line in own)
                or any(month.period == this_month for month in never if month.plugin == slug),
                holders.get("programs.open", ()),
                refusal,
            )
        )
    return programs_here


def _unopened(
    work: Work, plugins: PluginRegistry, lines: Sequence[MonthLine], days: RecapDays, today: date
) -> list[UnopenedMonth]:
    """Returns the months up to this one that are due here and were never opened, but for those that are not awaited any more."""
    here = work.here.id
    due = due_months(work, plugins, col(FacilityModel.id) == here, awaited(today))
    opened = {(here, line.plugin, line.period) for line in lines}
    months = unopened(due, opened, {here: days}, today)
    return [month for month in months if month.is_late or month.period == today.replace(day=1)]


def _open_month(
    work: Work, line: MonthLine, own: Sequence[MonthLine], today: date, holders: "Holders", *, stopped: bool
) -> OpenMonth:
    if not work.may("programs.read"):
        return OpenMonth(line, None, None, ())
    # A facility has one or two months in hand: a few questions for each are few.
    try:
        cycle = cycles.of_code(work, line.code)
    except NotFound:  # a day that Python does not know is read as the nearest one: see guyub.db.any_date
        return OpenMonth(line, None, None, ())
    stands = _standing(work, cycle, own, today)
    turn = next_step.next_step(stands, today)
    reader = next_step.view_for_reader(turn, work.permissions, work.person_id, stopped=stopped)
    waits_for = holders.get(turn.ways[0].permission, ()) if reader.waits else ()
    return OpenMonth(line, stands, reader, tuple(wait for wait in waits_for if wait.id not in turn.barred))


def _standing(work: Work, cycle: Cycle, own: Sequence[MonthLine], today: date) -> CycleStatus:
    is_before_approval = cycle.state in ("planned", "proposed")
    to_buy = promises.to_buy(work, cycle.id) if cycle.state in ("approved", "distributing") else []
    counts, packages = cycle_facts.households_and_packages(work, cycle)
    return CycleStatus(
        cycle,
        counts,
        bool(cycle_funds.of_cycle(work, cycle)),
        coverage_of(work, cycle, today) if is_before_approval else None,
        len({buy.item for buy in to_buy}),
        len(storage.newest(work, cycle.id)) if work.may("documents.read") else 0,
        any(line.period > cycle.period and line.state != "cancelled" for line in own),
        packages.get("selected", 0),
        second_approvals.first_approver(work, cycle) if cycle.state == "proposed" else None,
    )


Holders = Mapping[str, tuple[Colleague, ...]]
"""Who holds a permission at the facility today, each person once."""


def _holders(work: Work, today: date) -> Holders:
    permissions = dict(work.all(select(col(Role.code), col(Role.permissions))))
    people = staff.people_of(work, today)
    holders: dict[str, dict[UUID, Colleague]] = {}
    for person in people:
        for permission in permissions.get(person.role, ()):
            holders.setdefault(permission, {})[person.id] = person
    return {permission: tuple(names.values()) for permission, names in holders.items()}


def month_url(facility: str, line: MonthLine) -> str:
    return cycle_url(facility, line.code)


def way_url(facility: str, line: MonthLine, way: Action) -> str:
    """Returns where a button leads; a step that acts at once is taken on the month's own page."""
    if way.below == "purchases":
        return f"{purchases_url(facility, line.code)}{way.path}"
    if way.below == "program":
        return f"/f/{facility}/programs/{line.plugin}{way.path}"
    return month_url(facility, line) + ("" if way.posts else way.path.lstrip("/"))
