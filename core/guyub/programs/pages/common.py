"""Holds what every page of a month begins with: the month, whether its programme still runs here, and its address."""

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import FormData

from guyub import http
from guyub.access import queries as staff
from guyub.access.queries import Colleague
from guyub.db.unit_of_work import Work
from guyub.http import Clock, CycleCode, FacilityWork, RequestClock
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.status import as_read_by
from guyub.programs import cycles, versions
from guyub.programs.cycles import Cycle
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.page_tables import TableQuery
from guyub.sdk.text import Text
from guyub.sdk.web import Pager
from guyub.sdk.words import ZONES, format_time
from guyub.ui.seen import as_version, seen_in
from guyub.ui.typed_values import day_if_any, hour_if_any

CYCLE = "/f/{facility}/cycles/{cycle}"
"""Where the pages of a cycle begin; it is named by its code."""


@dataclass(frozen=True, slots=True)
class CycleView:
    """A cycle in view. ``stopped`` says why nothing more can be planned in it: the plugin is missing, quarantined or switched
    off here. What was approved is finished all the same: all that is needed for it stands in the cycle."""

    cycle: Cycle
    program_url: str
    cycles_url: str
    zone: str
    stopped: Refusal | None

    @property
    def zone_name(self) -> str:
        """Returns ``WIB``"""
        return ZONES[self.zone]

    @property
    def hour(self) -> str:
        """Returns ``09.00 WIB``, or nothing."""
        return format_time(self.cycle.starts_at, self.zone) if self.cycle.starts_at else ""

    @property
    def url(self) -> str:
        return f"{self.cycles_url}/{self.cycle.code}"

    @property
    def gives_money(self) -> bool:
        return self.cycle.gives_money

    @property
    def file_subject(self) -> Text:
        return self.cycle.title

    @property
    def file_period(self) -> str:
        """Returns the code, which begins with the month: of several in a month each has its own."""
        return self.cycle.code


def program_url(work: Work, plugin: str) -> str:
    return f"/f/{work.here.code}/programs/{plugin}"


def why_stopped(work: Work, plugins: PluginRegistry, plugin: str, *days: date) -> Refusal | None:
    """Returns why the programme stopped; None while it runs here on one of these days and its plugin is ready."""
    refusal: Refusal | None = None
    for day in days:
        try:
            cycles.require_program(work, plugins, plugin, day)
        except Refusal as refused:
            refusal = refusal or as_read_by(work, refused)
        else:
            return None
    return refusal


@dataclass(frozen=True, slots=True)
class CycleInAddress:
    """Holds what the pages of a cycle are asked with; nothing is read of the database before the handler does so."""

    work: Work
    plugins: PluginRegistry
    clock: RequestClock
    code: str

    def readable(self) -> CycleView:
        """Returns the cycle to read. Raises ``NotFound`` when it is not there."""
        work = self.work
        work.require("programs.read")
        cycle = cycles.of_code(work, self.code)
        stopped = why_stopped(work, self.plugins, cycle.plugin, self.clock.today(work), cycle.period)
        return CycleView(cycle, program_url(work, cycle.plugin), f"/f/{work.here.code}/cycles", work.here.zone, stopped)

    def plannable(self) -> CycleView:
        """Returns the cycle to plan in: to score, choose, propose and approve, which need the plugin. Raises the reason when
        its programme does not run here now; whatever takes none of these steps asks ``readable``."""
        view = self.readable()
        if view.stopped is not None:
            raise view.stopped
        return view


async def cycle_in_address(work: FacilityWork, plugins: Plugins, clock: Clock, cycle: CycleCode) -> CycleInAddress:
    return CycleInAddress(work, plugins, clock, cycle)


AskedCycle = Annotated[CycleInAddress, Depends(cycle_in_address)]
"""The cycle of the address, in the signature of a handler."""


def colleagues(work: Work, clock: Clock, permission: str, except_for: UUID | None = None) -> list[Colleague]:
    """Returns who holds a permission here today, each once; ``except_for`` is left out."""
    holders = staff.people_of(work, clock.today(work), permission)
    return list({holder.id: holder for holder in holders if holder.id != except_for}.values())


# --- what forms send ---------------------------------------------------------------------------------------------


def word(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def words(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)]


def version_of(form: FormData) -> int:
    """Returns the version of what the form's reader saw; one that never stood where the form says none."""
    return seen_in(form).version


def version_asked(request: Request) -> int | None:
    """Returns the version that the address names, of a page that was read on or kept; None where it names none, and
    one that never stood where it names what is no version."""
    asked = request.query_params.get("version")
    return None if asked is None else as_version(asked)


def typed(form: FormData, *names: str) -> dict[str, str]:
    """Returns what was typed, to show it again beside what is wrong; ``names`` are there even when they were not sent."""
    return dict.fromkeys(names, "") | {name: value for name, value in form.items() if isinstance(value, str)}


def day(text: str, field: str) -> date | None:
    """Reads a day; None for an empty field. Raises ``Invalid``."""
    return day_if_any(text, field)


def hour(text: str, field: str) -> time | None:
    """Reads an hour from ``09.00`` or ``09:00``; None for an empty field. Raises ``Invalid``."""
    return hour_if_any(text, field)


def identity(text: str) -> UUID:
    """Raises ``NotFound`` for what is no id at all: an address that somebody typed."""
    try:
        return UUID(text)
    except ValueError:
        raise ProgramsRefusal.UNKNOWN_HOUSEHOLD.not_found() from None


def order_of(form: FormData) -> list[str]:
    """Returns codes of funds by the places that were given to them (``fund.<code>``); those without a place are not used."""
    places = [
        (int(value), name.removeprefix("fund."))
        for name, value in form.items()
        if name.startswith("fund.") and isinstance(value, str) and value.isascii() and value.isdigit()
    ]
    return [code for _, code in sorted(places, key=lambda item: item[0])]


def page_at(asked: str, size: int, total: int) -> int:
    """Returns the page asked for, from 0; the last one for a number beyond it, as of an address that was kept while the list
    shrank."""
    number = int(asked) - 1 if asked.isascii() and asked.isdigit() and 0 < len(asked) < 10 else 0
    return max(0, min(number, (total - 1) // size))


def pager(number: int, size: int, total: int, asked: TableQuery, path: str) -> Pager | None:
    """Returns page ``number``, from 0, of a list for ``ui.pager``; None when all of it is on one page."""
    if total <= size:
        return None
    first = number * size
    return Pager(
        first + 1,
        min(first + size, total),
        total,
        previous=asked.address(path, page=number) if number else "",
        next=asked.address(path, page=number + 2) if first + size < total else "",
    )


def version_shown(request: Request, work: Work, cycle: Cycle, read: int | None, *, pressed: bool) -> dict[str, Any]:
    """Returns what a page that decides shows of versions: the one that its form sends, and what changed since the reader's.

    ``read`` is the version that the reader knows, None for the present one. The form keeps it until they ``pressed`` and were
    shown the changes; the address of the page keeps it as well.
    """
    version = cycle.version if read is None else read
    http.keep_in_address(request, version=version)
    return {
        "changes": versions.changes(work, cycle, version) if version != cycle.version else None,
        "pressed": pressed,
        "version": cycle.version if pressed else version,
    }
