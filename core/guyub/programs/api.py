"""The programmes of a facility as JSON: figures and states, nothing about a person."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.documents import storage
from guyub.documents.storage import KeptDocument
from guyub.funds import queries as books
from guyub.funds.api import CodeOfGoods
from guyub.http import Clock, FacilityWork, RequestClock
from guyub.http.matching import IfMatch, demand_match, etag_of
from guyub.http.problems import OF_MATCHED_WRITING
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import added_goods, cycle_facts, cycles, opening, overview
from guyub.programs.cycles import Cycle
from guyub.programs.documents import archive, outdated
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.labels import CycleState
from guyub.programs.overview import MonthLine
from guyub.programs.pages.common import AskedCycle, CycleInAddress, CycleView
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.ui.typed_values import day_if_any, hour_if_any, month_at

api = APIRouter(prefix="/f/{facility}")


class MonthOut(BaseModel):
    """One month: counts of households; ``quota`` and ``packages`` (handed over) count packages, of which an institution receives
    several. ``value`` in whole rupiah of what was handed over."""

    cycle: str
    state: CycleState
    quota: int
    listed: int
    received: int
    absent: int
    packages: int
    value: int
    distribution_on: date | None
    place: str


class ProgramOut(BaseModel):
    """A programme that runs at the facility today, its newest month first."""

    plugin: str
    title: Text
    ready: bool
    cycles: list[MonthOut]


class SpendingOut(BaseModel):
    """Holds what one fund paid, in whole rupiah."""

    fund: str
    source: str
    amount: int


class CycleOut(MonthOut):
    """A month with what it spent; the amounts add up to ``value``."""

    facility: str
    program: str
    by_category: dict[str, int]
    spending: list[SpendingOut]


class OpenableMonthOut(BaseModel):
    """A month that can be opened; one that is not ``due`` by the programme's schedule needs a reason. ``was_cancelled``: it was
    opened before."""

    month: str
    due: bool
    was_cancelled: bool


class OpeningIn(BaseModel):
    """``month`` is 2024-12; ``funds`` are codes in the order in which they pay; ``reason`` says why a month is opened that is not
    due."""

    model_config = ConfigDict(extra="forbid")

    month: str
    funds: list[str] = []
    distribution_on: str | None = None
    starts_at: str = ""
    place: str = ""
    reason: str = ""


@api.get("/programs")
def programs(work: FacilityWork, plugins: Plugins, clock: Clock) -> list[ProgramOut]:
    """Returns the programmes that run at this facility today, with their months."""
    work.require("programs.read")
    today = clock.today(work)
    lines = overview.months(work)
    pending = []
    for slug in plugins.active(work, work.here.id, today):
        own = [line for line in lines if line.plugin == slug]
        try:
            title = cycles.require_program(work, plugins, slug, today).title
            ready = True
        except Refusal:
            if not own:
                continue
            title, ready = own[0].title, False
        pending.append(
            ProgramOut(
                plugin=slug,
                title=title,
                ready=ready,
                cycles=[_month(line) for line in own],
            )
        )
    return pending


@api.get("/programs/{plugin}/months")
def months(
    work: FacilityWork, plugins: Plugins, clock: Clock, plugin: PluginSlug, response: Response
) -> list[OpenableMonthOut]:
    """Returns the months of a programme that can be opened here, due ones first; any other needs a reason. The `ETag` is what
    opening one names as `If-Match`."""
    offered = _openable(work, plugins, clock, plugin)
    response.headers["etag"] = etag_of(offered)
    return offered


def _openable(work: Work, plugins: PluginRegistry, clock: RequestClock, plugin: str) -> list[OpenableMonthOut]:
    work.require("programs.read")
    today = clock.today(work)
    cycles.require_program(work, plugins, plugin, today)
    _, offered = opening.offered_months(work, plugins, plugin, cycles.all_of(work, plugin), today)
    return [
        OpenableMonthOut(month=f"{month.period:%Y-%m}", due=month.is_due, was_cancelled=month.was_cancelled)
        for month in offered
    ]


@api.post("/programs/{plugin}/cycles", status_code=201, responses=OF_MATCHED_WRITING)
def open_month(
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    plugin: PluginSlug,
    asked: OpeningIn,
    if_match: IfMatch = None,
) -> CycleOut:
    """Opens a month and scores every household; 422 where one that is not due comes without a reason, 409 where it is open."""
    demand_match(if_match, lambda: _openable(work, plugins, clock, plugin))
    opened = opening.open_month(
        work,
        plugins,
        plugin,
        month_at(asked.month, "month"),
        fund_codes=asked.funds,
        distribution_on=day_if_any(asked.distribution_on or "", "distribution_on"),
        starts_at=hour_if_any(asked.starts_at, "starts_at"),
        place=asked.place,
        reason=asked.reason,
    )
    return _cycle(work, opened)


@api.get("/cycles/{cycle}")
def cycle(address: AskedCycle, response: Response) -> CycleOut:
    """Returns a cycle of this facility by its code, like 2024-11; ``cycles`` of a programme name them."""
    shown = _cycle(address.work, address.readable().cycle)
    response.headers["etag"] = etag_of(shown)
    return shown


def _cycle(work: Work, shown: Cycle) -> CycleOut:
    line = next(line for line in overview.months(work, shown.plugin) if line.code == shown.code)
    figures = cycle_facts.figures(work, shown)
    spending = books.spending(work, shown.id)
    return CycleOut(
        **_month(line).model_dump(),
        facility=work.here.code,
        program=shown.plugin,
        by_category=dict(figures.by_category),
        spending=[SpendingOut(fund=item.fund, source=item.plugin, amount=item.amount) for item in spending],
    )


class LineOut(BaseModel):
    """A line of a package for one household, in whole rupiah; ``reason`` says why goods were added for this month alone."""

    line: int
    item: Text
    code: str
    unit: str
    quantity: Decimal
    price: int
    per_member: bool
    at_most: Decimal | None
    reason: str


class AddedGoodsIn(BaseModel):
    """Goods by their ``code``; quantities and price are numbers (in the unit of the catalogue, in rupiah), or texts as people
    write them ("500 gram", "Rp15.000")."""

    model_config = ConfigDict(extra="forbid")

    code: str
    quantity: Decimal | str
    price: int | str
    reason: str
    per_member: bool = False
    at_most: Decimal | str | None = None


class TakenOffIn(BaseModel):
    """Why added goods are taken off again."""

    model_config = ConfigDict(extra="forbid")

    reason: str


@api.get("/cycles/{cycle}/package")
def package(address: AskedCycle, response: Response) -> list[LineOut]:
    """Returns what one household gets in a month, with the goods that were added for it alone; the `ETag` is what a write names
    as `If-Match`."""
    return _tagged(response, _package(address.work, address.readable().cycle))


@api.post("/cycles/{cycle}/goods", status_code=201, responses=OF_MATCHED_WRITING)
def add_goods(address: AskedCycle, asked: AddedGoodsIn, response: Response, if_match: IfMatch = None) -> list[LineOut]:
    """Adds goods to a planned month alone; returns its package."""
    view = _matched(address, if_match)
    goods = added_goods.read(
        address.work, asked.code, asked.quantity, asked.price, asked.at_most, per_member=asked.per_member
    )
    today = address.clock.today(address.work)
    added_goods.add(address.work, address.plugins, view.cycle, today, goods, asked.reason)
    return _tagged(response, _package(address.work, view.cycle))


@api.post("/cycles/{cycle}/goods/{code}/take-off", responses=OF_MATCHED_WRITING)
def take_off_goods(
    address: AskedCycle, code: CodeOfGoods, asked: TakenOffIn, response: Response, if_match: IfMatch = None
) -> list[LineOut]:
    """Takes added goods off a planned month; returns its package."""
    view = _matched(address, if_match)
    added_goods.take_off(address.work, view.cycle, code, asked.reason)
    return _tagged(response, _package(address.work, view.cycle))


def _matched(address: CycleInAddress, if_match: str | None) -> CycleView:
    """Returns a month that is planned, kept to this transaction. Raises ``NotMatching`` where another package stands than was
    read."""
    view = address.plannable()
    address.work.require("programs.open")
    cycles.lock_in_state(address.work, view.cycle, "planned")
    demand_match(if_match, lambda: _package(address.work, view.cycle))
    return view


def _tagged(response: Response, lines: list[LineOut]) -> list[LineOut]:
    response.headers["etag"] = etag_of(lines)
    return lines


def _package(work: Work, shown: Cycle) -> list[LineOut]:
    lines = cycle_facts.package(work, shown)
    return [LineOut(**{name: getattr(line, name) for name in LineOut.model_fields}) for line in lines]


class DocumentOut(BaseModel):
    """The newest of a document of a month. ``changed`` says, where it is outdated, what is not as it tells."""

    id: UUID
    kind: str
    file: str
    title: str
    number: str
    stated_on: date | None
    made_at: datetime
    made_by: str
    sha256: str
    outdated: bool
    changed: list[str]


@api.get("/cycles/{cycle}/documents")
def documents(address: AskedCycle, response: Response) -> list[DocumentOut]:
    """Returns the newest of each document of a cycle that the reader may see, in the order of the bundle. The `ETag` is what a
    write names as `If-Match`."""
    newest = _newest(address)
    response.headers["etag"] = etag_of(newest)
    return newest


def _newest(address: AskedCycle) -> list[DocumentOut]:
    work, view = address.work, address.readable()
    newest = archive.in_order(storage.newest(work, view.cycle.id))
    old = outdated.outdated(work, view.cycle)
    return [DocumentOut(**document_bundle.described(document, old)) for document in newest]


class MakingIn(BaseModel):
    """``kinds`` are made, none: all that the month allows; ``on`` is the day that they bear, none: that of what each tells."""

    model_config = ConfigDict(extra="forbid")

    kinds: list[str] = []
    on: str = ""


class LetterNumberIn(BaseModel):
    """The ``number`` that the office gave, in full or its running number alone; ``on`` is the day that the letter bears, none:
    the one that it has."""

    model_config = ConfigDict(extra="forbid")

    number: str
    on: str = ""


KindOfLetter = Annotated[
    str, Path(pattern=r"^[a-z_]{1,40}$", description="The kind of a letter, as its list names it.")
]


@api.post("/cycles/{cycle}/documents", status_code=201, responses=OF_MATCHED_WRITING)
def make_documents(address: AskedCycle, asked: MakingIn, if_match: IfMatch = None) -> list[DocumentOut]:
    """Makes documents and keeps them beside the earlier ones; 409 where the month does not allow one of them yet."""
    _demand_newest(address, if_match)
    work, view = address.work, address.readable()
    kinds = asked.kinds or document_bundle.possible(view.cycle, cycle_facts.figures(work, view.cycle).received)
    kept = document_bundle.produce(work, view.cycle, kinds, day_if_any(asked.on, "on"), address.clock.now(work))
    return _described(kept)


@api.post("/cycles/{cycle}/documents/{kind}/number", status_code=201, responses=OF_MATCHED_WRITING)
def record_number(
    address: AskedCycle, kind: KindOfLetter, asked: LetterNumberIn, if_match: IfMatch = None
) -> list[DocumentOut]:
    """Records the number that the office gave to a letter, which is made anew with it."""
    _demand_newest(address, if_match)
    work, view = address.work, address.readable()
    on = day_if_any(asked.on, "on")
    return _described(
        document_bundle.record_numbers(work, view.cycle, {kind: asked.number}, address.clock.now(work), on)
    )


@api.get(
    "/cycles/{cycle}/documents.zip",
    response_class=Response,
    responses={200: {"content": {archive.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
def all_documents(address: AskedCycle) -> Response:
    """Returns the newest of each document that the reader may see as one ZIP, outdated ones in a folder of their own."""
    name, content = archive.zip_of(address.work, address.readable().cycle)
    return http.stream(content, name, archive.MEDIA_TYPE)


def _demand_newest(address: AskedCycle, if_match: str | None) -> None:
    """Raises ``Refusal`` where other documents stand than were read."""
    demand_match(if_match, lambda: _newest(address))


def _described(documents: Iterable[KeptDocument]) -> list[DocumentOut]:
    """Returns documents that were made just now: none is outdated."""
    return [DocumentOut(**document_bundle.described(document, {})) for document in archive.in_order(documents)]


def _month(line: MonthLine) -> MonthOut:
    return MonthOut(
        cycle=line.code,
        state=line.state,
        quota=line.quota,
        listed=line.listed,
        received=line.received,
        absent=line.absent,
        packages=line.packages,
        value=line.value,
        distribution_on=line.distribution_on,
        place=line.place,
    )
