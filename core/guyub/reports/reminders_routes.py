"""The office sees who is late and reminds them; the facility reads it and says so."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.http import Clock, FacilityWork, FormInput, OfficeWork, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports import reminders
from guyub.reports.tables import LATE, REMINDERS_HERE, REMINDERS_SENT
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()

SHOWN_DAYS = 31
"""How far back the list of sent reminders goes."""


@router.get("/region/{region}/reminders")
def page(request: Request, work: RegionWork, plugins: Plugins, clock: Clock) -> Response:
    return _page(request, work, plugins, clock, {})


@router.post("/region/{region}/reminders")
def remind(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, form: FormInput) -> Response:
    keys = [key for key in form.getlist("keys") if isinstance(key, str)]
    here = work.office
    try:
        with work.attempt():
            sent = reminders.remind(work, plugins, here.id, keys, clock.today(work))
    except Invalid as refusal:
        return _page(request, work, plugins, clock, by_field([refusal]), 422)
    message = Text(
        id="{count} pengingat dikirim.", en="{count} reminders were sent.", en_one="{count} reminder was sent."
    ).format(count=len(sent))
    again = Text(id="Semua yang dipilih sudah diingatkan hari ini.", en="All of these were reminded today already.")
    return http.redirect(request, f"/region/{work.office.code}/reminders", message if sent else again)


@router.get("/f/{facility}/reminders")
def received(request: Request, work: FacilityWork, plugins: Plugins) -> Response:
    work.require("programs.read")
    seen_reminders = reminders.of_facility(work, plugins)
    return http.render(request, work, "reports/reminders_here.html", reminders=REMINDERS_HERE.of(seen_reminders))


@router.post("/f/{facility}/reminders/{reminder}/seen")
def seen(request: Request, work: FacilityWork, reminder: UUID) -> Response:
    reminders.acknowledge(work, reminder)
    return http.redirect(
        request,
        f"/f/{work.here.code}/reminders",
        Text(id="Pengingat ditandai sudah dibaca.", en="The reminder is marked as read."),
    )


def _page(
    request: Request,
    work: OfficeWork,
    plugins: PluginRegistry,
    clock: Clock,
    problems: Mapping[str, Any],
    status: int = 200,
) -> Response:
    here = work.office
    work.require("programs.campaign")
    today = clock.today(work)
    late = reminders.late(work, plugins, here.id, today)
    sent = reminders.of_region(work, plugins, here.id, today - timedelta(days=SHOWN_DAYS))
    texts = [
        (name, reminders.chat_text(name, list(matters), here.office_name))
        for name, matters in groupby(late, key=lambda item: item.name)
    ]
    return http.render(
        request,
        work,
        "reports/reminders.html",
        status=status,
        late=LATE.of(late),
        sent=REMINDERS_SENT.of(sent),
        texts=texts,
        problems=problems,
    )
