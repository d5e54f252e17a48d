"""A month of a programme: where it stands, whose turn it is, what it amounts to and how it came here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.documents import storage
from guyub.funds import promises, urls
from guyub.funds.purchase_list import needed_items
from guyub.http import Clock
from guyub.programs import (
    corrections,
    cycle_facts,
    cycle_funds,
    cycles,
    history_text,
    next_step,
    replacements,
    second_approvals,
    tables,
)
from guyub.programs.actions import Action
from guyub.programs.campaigns import queries as campaign_queries
from guyub.programs.coverage import coverage_of
from guyub.programs.cycle_funds import FundOfCycle
from guyub.programs.cycles import Cycle
from guyub.programs.labels import STATES, STEPS
from guyub.programs.next_step import CycleStatus
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleView, colleagues
from guyub.programs.pages.moved import seen_of
from guyub.registry.labels import CATEGORIES
from guyub.sdk.text import Text

router = APIRouter()

RECENT = 6
"""Lines of the history that stand open; the rest unfolds."""


@router.get(f"{CYCLE}/")
def month_page(request: Request, address: AskedCycle) -> Response:
    work = address.work
    view = address.readable()
    data = _read(work, address.clock, view)
    return http.render(request, work, "programs/cycle.html", month=view, **data)


def _read(work: Work, clock: Clock, view: CycleView) -> dict[str, Any]:
    cycle = view.cycle
    counts, packages = cycle_facts.households_and_packages(work, cycle)
    funds = cycle_funds.of_cycle(work, cycle)
    coverage = coverage_of(work, cycle, clock.today(work)) if cycle.state in ("planned", "proposed") else None
    to_buy = needed_items(promises.to_buy(work, cycle.id)) if cycle.state in ("approved", "distributing") else []
    steps = cycle_facts.history(work, cycle)
    package = cycle_facts.package(work, cycle)
    history = history_text.history_lines(steps)
    stands = CycleStatus(
        cycle,
        counts,
        bool(funds),
        coverage,
        len(to_buy),
        len(storage.newest(work, cycle.id)) if work.may("documents.read") else 0,
        any(item.period > cycle.period and item.state != "cancelled" for item in cycles.all_of(work, cycle.plugin)),
        packages.get("selected", 0),
        second_approvals.first_approver(work, cycle) if cycle.state == "proposed" else None,
    )
    would_pay = {share.fund_id: share.total for share in coverage.shares} if coverage else None
    used = _used(funds, would_pay)
    return {
        "ordered": campaign_queries.behind(work, cycle.id),
        "figures": cycle_facts.figures(work, cycle),
        "stands": stands,
        "seen": seen_of(cycle),
        "package": tables.package(package),
        "each": sum(line.value for line in package),
        "funds": funds,
        "paying": tables.funds_of_month(used, would_pay, work.may("funds.read")),
        "unused": [fund for fund in funds if fund not in used],
        "coverage": coverage,
        "to_buy": tables.SHOPPING.of(to_buy),
        "by_state": tables.HOUSEHOLDS_BY_STATE.of(_by_state(cycle, counts)),
        "corrections": corrections.of_cycle(work, cycle)[:RECENT] if cycle.state == "closed" else [],
        "recent": history[:RECENT],
        "earlier": history[RECENT:],
        "replacements": replacements.waiting(work, cycle) if cycle.state in replacements.STATES else 0,
        "returned": cycle_facts.returned_last(cycle.state, steps),
        "steps": [(STATES[state], detail) for state, detail in zip(STEPS, _details(cycle), strict=True)],
        "step": STEPS.index(cycle.state) + (cycle.state == "closed") if cycle.state in STEPS else 0,
        "states": STATES,
        "categories": CATEGORIES,
        "purchases_url": urls.purchases_url(work.here.code, cycle.code),
        **_turn(work, clock, view, stands),
    }


def _used(funds: Sequence[FundOfCycle], would_pay: Mapping[UUID, int] | None) -> list[FundOfCycle]:
    """Returns the funds that pay something, or all of them while none does."""
    pays = would_pay if would_pay is not None else {fund.id: fund.held + fund.handed_over for fund in funds}
    return [fund for fund in funds if pays.get(fund.id, 0)] or list(funds)


def _turn(work: Work, clock: Clock, view: CycleView, stands: CycleStatus) -> dict[str, Any]:
    """Returns the next step for this reader, its buttons with their addresses, and for whom they wait otherwise."""
    turn = next_step.next_step(stands, clock.today(work))
    reader = next_step.view_for_reader(turn, work.permissions, work.person_id, stopped=view.stopped is not None)
    shopping = urls.purchases_url(work.here.code, view.cycle.code)
    begins = {"month": view.url, "program": view.program_url, "purchases": shopping}

    def button(way: Action) -> tuple[Action, str]:
        read = f"?version={view.cycle.version}" if way.names_version else ""
        return way, begins[way.below] + way.path + read

    return {
        "turn": reader,
        "main": button(reader.main) if reader.main else None,
        "beside": [button(way) for way in reader.beside],
        "others": [
            colleague
            for colleague in (colleagues(work, clock, turn.ways[0].permission) if reader.waits else ())
            if colleague.id not in turn.barred
        ],
    }


def _by_state(cycle: Cycle, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Returns the households in the states that matter at this step; cancelled ones only where there are any."""
    is_open = cycle.state in ("planned", "proposed")
    states = (
        ("selected", "candidate", "excluded")
        if is_open
        else ("received", "approved", "absent", "returned", "cancelled")
    )
    return [
        (state, counts.get(state, 0)) for state in states if counts.get(state) or state not in ("cancelled", "returned")
    ]


def _details(cycle: Cycle) -> tuple[str | Text, ...]:
    """Returns what stands under each step: who took it, and the day of the distribution."""
    on = cycle.distribution_on
    day = Text.same(on) if on else ""
    return cycle.opened_by, cycle.proposed_by, cycle.approved_by, day, cycle.closed_by
