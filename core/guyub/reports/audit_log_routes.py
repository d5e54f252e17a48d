"""The pages of the audit log: of one facility, and of all of a region."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlmodel import col
from starlette.responses import Response

from guyub import http
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.audit_log import (
    KINDS,
    LONGEST_READ,
    PAGE,
    AuditedAct,
    AuditLogEntry,
    AuditLogFilter,
    audited_acts,
    entries,
    every_entry,
)
from guyub.reports.audit_log_lines import writer_for
from guyub.reports.audit_log_tables import AUDIT_LOG
from guyub.sdk.page_tables import TableQuery
from guyub.ui.typed_values import day_if_any

router = APIRouter()


@router.get("/f/{facility}/audit")
def of_facility(request: Request, work: FacilityWork, plugins: Plugins, after: str = "") -> Response:
    query = AUDIT_LOG.query(request.query_params)
    asked = _asked(work.here.zone, query, after)
    entries_read = entries(work, asked, rows=LONGEST_READ, facility_id=work.here.id)
    every = partial(every_entry, asked=asked, facility_id=work.here.id)
    return _page(request, work, plugins, query, asked, entries_read, every, [])


@router.get("/region/{region}/audit")
def of_region(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, after: str = "") -> Response:
    here = work.office
    query = AUDIT_LOG.query(request.query_params)
    asked = _asked(str(clock.now(work).tzinfo), query, after)
    entries_read = entries(work, asked, rows=LONGEST_READ, region_id=here.id)
    every = partial(every_entry, asked=asked, region_id=here.id)
    place = FacilityModel
    of_office = select(col(place.code), col(place.name)).where(col(place.region_id) == here.id)
    places = work.all(of_office.order_by(func.lower(col(place.name)), col(place.code)))
    return _page(request, work, plugins, query, asked, entries_read, every, [(code, name) for code, name in places])


def _asked(zone: str, query: TableQuery, after: str) -> AuditLogFilter:
    return AuditLogFilter(
        zone,
        query["facility"],
        query["kind"] if query["kind"] in KINDS else "",
        query["who"],
        day_if_any(query["since"], "since"),
        day_if_any(query["until"], "until"),
        _id(after),
        query.sort == "when" and not query.descending,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _page(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    query: TableQuery,
    asked: AuditLogFilter,
    entries_read: list[AuditLogEntry],
    every: Callable[[Work], Iterable[AuditLogEntry]],
    places: list[tuple[str, str]],
) -> Response:
    writer = writer_for(work, plugins)
    done, last = audited_acts(entries_read, PAGE)
    lines = AUDIT_LOG.part(
        [writer.line(deed) for deed in done],
        # In a file each facility has a row of its own, to be sorted and counted.
        lambda reading: (writer.line(AuditedAct((entry,))) for entry in every(reading)),
        options={"facility": places},
        without=() if places else ("facility",),
    )
    return http.render(
        request,
        work,
        "reports/audit_log.html",
        lines=lines,
        earlier=query.address(request.url.path, after=last) if last else "",
        newest=query.address(request.url.path) if asked.before else "",
        oldest_first=asked.oldest_first,
    )
