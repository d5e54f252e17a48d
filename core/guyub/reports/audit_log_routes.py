"""The pages of the audit trail: of one facility, and of all of a region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
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
    names_a_family,
)
from guyub.reports.audit_log_text import about, said
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of
from guyub.ui.parsing import parse_date
from guyub.ui.problems import not_a_day

router = APIRouter()


@dataclass(frozen=True, slots=True)
class AuditLogLine:
    """A deed in words; ``places`` are its facilities by code and name.

    ``reason`` and ``about`` are empty where they may speak of a family that is not the reader's.
    """

    at: datetime
    actor: str
    login: str
    places: tuple[tuple[str, str], ...]
    said: Text
    about: Text
    rupiah: int
    reason: str


@router.get("/f/{facility}/audit")
def of_facility(
    request: Request,
    work: FacilityWork,
    host: Plugins,
    kind: str = "",
    who: str = "",
    since: str = "",
    until: str = "",
    after: str = "",
) -> Response:
    asked = _asked(work.here.zone, "", kind, who, since, until, after)
    found = entries(work, asked, rows=http.rows_of_page(request, LONGEST_READ), facility_id=work.here.id)
    return _page(request, work, host, asked, found, f"/f/{work.here.code}/audit", [])


@router.get("/region/{region}/audit")
def of_region(
    request: Request,
    work: RegionWork,
    host: Plugins,
    clock: Clock,
    facility: str = "",
    kind: str = "",
    who: str = "",
    since: str = "",
    until: str = "",
    after: str = "",
) -> Response:
    here = work.office
    asked = _asked(str(clock.now(work).tzinfo), facility, kind, who, since, until, after)
    found = entries(work, asked, rows=http.rows_of_page(request, LONGEST_READ), region_id=here.id)
    places = work.run(
        "SELECT code, name FROM guyub.facility WHERE region_id = :region ORDER BY lower(name), code", region=here.id
    )
    options = [(code, name) for code, name in places]
    return _page(request, work, host, asked, found, f"/region/{work.office.code}/audit", options)


def _asked(zone: str, facility: str, kind: str, who: str, since: str, until: str, after: str) -> AuditLogFilter:
    return AuditLogFilter(zone, facility, kind if kind in KINDS else "", who, _day(since), _day(until), _id(after))


def _day(given: str) -> date | None:
    if not given.strip():
        return None
    try:
        return parse_date(given)
    except ValueError as error:
        raise not_a_day(error).invalid("since") from None


def _id(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        return None


def _page(
    request: Request,
    work: Work,
    host: PluginRegistry,
    asked: AuditLogFilter,
    found: list[AuditLogEntry],
    url: str,
    places: list[tuple[str, str]],
) -> Response:
    titles, sees_families = host.titles(), work.may("registry.read")
    fields = {(slug, one.name): one.title for slug, plugin in host.ready().items() for one in fields_of(plugin.config)}
    if http.exports(request):  # a row for each facility, to be sorted and counted
        done, last = [AuditedAct((audit_log_entry,)) for audit_log_entry in found], None
    else:
        done, last = audited_acts(found, PAGE)
    shown = [_line(audited_act, titles, fields, sees_families) for audited_act in done]
    earlier = f"{url}?{urlencode({**_again(asked), 'after': str(last)})}" if last else ""
    return http.render(
        request,
        work,
        "reports/audit_log.html",
        lines=shown,
        asked=asked,
        places=places,
        earlier=earlier,
        newest=f"{url}?{urlencode(_again(asked))}" if asked.before else "",
        kinds=[(code, name) for code, (name, _) in KINDS.items()],
    )


def _again(asked: AuditLogFilter) -> dict[str, str]:
    given = {
        "facility": asked.facility,
        "kind": asked.kind,
        "who": asked.who,
        "since": asked.since.isoformat() if asked.since else "",
        "until": asked.until.isoformat() if asked.until else "",
    }
    return {name: value for name, value in given.items() if value}


def _line(
    deed: AuditedAct, titles: Mapping[str, Text], fields: Mapping[tuple[str, str], Text], sees_families: bool
) -> AuditLogLine:
    one = deed.first
    reason = one.reason if sees_families or not names_a_family(one) else ""
    places = tuple(sorted((entry.facility, entry.facility_name) for entry in deed.entries))
    return AuditLogLine(
        one.at, one.actor, one.login, places, said(one, titles, fields), about(one, titles), one.rupiah, reason
    )
