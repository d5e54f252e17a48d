"""The monthly recap that a regional office sends: three forms of the same figures, the deadline, and what was sent."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.documents.rendering import MEDIA_TYPE, Printed, to_pdf
from guyub.facilities import queries as facilities
from guyub.http import Clock, FormInput, OfficeWork, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports import reporting_days
from guyub.reports.period_param import month_asked
from guyub.reports.recap import facts as recap_facts
from guyub.reports.recap.facts import FORMS, Recap
from guyub.reports.recap.letter import letterhead, recap_paper
from guyub.reports.recap.tables import MISSING, RECAPS_SENT
from guyub.reports.recap.whatsapp import chat_recap
from guyub.reports.recap.workbook import recap_book
from guyub.reports.reporting_days import RecapDays
from guyub.reports.workbook import MEDIA_TYPE as WORKBOOK
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Moved, Seen, Shown, demand_shown, in_words, seen_in

router = APIRouter(prefix="/region/{region}/recap")


@router.get("")
def page(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, month: str = "") -> Response:
    return _page(request, work, plugins, clock, month, {})


@router.get("/recap.pdf")
def paper(work: RegionWork, plugins: Plugins, clock: Clock, month: str = "", sign: str = "") -> Response:
    here = work.office
    recap = _recap(work, plugins, clock, here, month)
    head = letterhead(work, here.id, here.office_name)
    capital = facilities.region(work, work.office.code).capital
    now = clock.now(work)
    document = recap_paper(recap, head, capital, now.date(), signed=sign == "yes")
    content = to_pdf(document, Printed(work.person_name or work.login, now, "Asia/Jakarta"))
    return http.download(content, document.file_name, MEDIA_TYPE, inline=True)


@router.get("/recap.xlsx")
def book(work: RegionWork, plugins: Plugins, clock: Clock, month: str = "") -> Response:
    here = work.office
    recap = _recap(work, plugins, clock, here, month)
    made_at = clock.now(work)
    return http.download(recap_book(recap, made_at), f"{work.office.code}-{recap.period:%Y-%m}-rekap.xlsx", WORKBOOK)


@router.post("/sent")
def sent(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, form: FormInput) -> Response:
    month = str(form.get("month") or "")
    here = work.office
    work.require("programs.campaign")
    recap = _recap(work, plugins, clock, here, month)
    try:
        demand_shown(seen_in(form), _of_recap(recap))
    except Moved:
        return _page(
            request, work, plugins, clock, month, {}, 409, older=seen_in(form), note=str(form.get("note") or "")
        )
    recap_facts.note_sent(work, here.id, recap, str(form.get("form") or ""), str(form.get("note") or ""))
    return http.redirect(
        request,
        f"/region/{work.office.code}/recap?month={recap.period:%Y-%m}",
        Text(id="Pengiriman dicatat.", en="It was recorded."),
    )


@router.post("/days")
def days(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, form: FormInput) -> Response:
    month = str(form.get("month") or "")
    here = work.office
    work.require("programs.campaign")
    try:
        with work.attempt():
            demand_shown(seen_in(form), _of_days(reporting_days.days_of(work, here.id)))
            recap_facts.set_days(work, here.id, str(form.get("report") or ""), str(form.get("open") or ""))
    except Moved:
        return _page(request, work, plugins, clock, month, {}, 409, older=seen_in(form), typed=form)
    except Invalid as refusal:
        return _page(request, work, plugins, clock, month, by_field([refusal]), 422, typed=form)
    return http.redirect(
        request,
        f"/region/{work.office.code}/recap?month={month}",
        Text(id="Batas hari disimpan.", en="The days were saved."),
    )


_TITLES = {
    "report": Text(id="Laporan masuk paling lambat tanggal", en="Reports are due by day"),
    "open": Text(id="Bulan dibuka paling lambat tanggal", en="A month is opened by day"),
    "recap": Text(id="Isi rekap", en="What the recap says"),
}


def _of_days(days: RecapDays) -> Shown:
    return {"report": str(days.report), "open": str(days.open)}


def _of_recap(recap: Recap) -> Shown:
    return {"recap": recap.digest[:12]}


def _recap(work: Work, plugins: PluginRegistry, clock: Clock, here: RegionInView, month: str) -> Recap:
    today = clock.today(work)
    return recap_facts.recap(work, plugins, here.id, here.code, here.office_name, month_asked(month, today), today)


def _page(
    request: Request,
    work: OfficeWork,
    plugins: PluginRegistry,
    clock: Clock,
    month: str,
    problems: Any,
    status: int = 200,
    *,
    older: Seen | None = None,
    typed: Mapping[str, Any] | None = None,
    note: str = "",
) -> Response:
    """``older`` is what a form had shown that does not hold any more."""
    here = work.office
    recap = _recap(work, plugins, clock, here, month)
    kept = recap_facts.sent_of(work, here.id, recap.period)
    set_days = reporting_days.days_of(work, here.id)
    now = Seen(0, _of_days(set_days) if typed is not None else _of_recap(recap))
    return http.render(
        request,
        work,
        "reports/recap.html",
        status=status,
        recap=recap,
        text=chat_recap(recap),
        missing=MISSING.of(recap.missing),
        sent=RECAPS_SENT.of(kept),
        days=set_days,
        days_typed={**_of_days(set_days), **(typed or {})},
        days_seen=Seen(0, _of_days(set_days)),
        sent_seen=Seen(0, _of_recap(recap)),
        moved=None if older is None else in_words(older, now.shown, _TITLES),
        note=note,
        forms=FORMS,
        changed=bool(kept) and kept[0].sha256 != recap.digest,
        problems=problems,
        is_late=bool(recap.missing) and clock.today(work) > recap.deadline,
    )
