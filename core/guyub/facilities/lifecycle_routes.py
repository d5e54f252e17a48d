"""The pages on which a facility is opened, closed, merged and opened again."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.facilities import forms, lifecycle, queries
from guyub.facilities.details import DetailChange, namesakes, problems_of
from guyub.facilities.details_routes import FIELDS
from guyub.facilities.editable import require_web
from guyub.facilities.forms import needed_day, text_of
from guyub.facilities.queries import Region
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.facilities.tables import CHANGES
from guyub.http import Clock, FacilityWork, FormInput, OfficeWork, RegionWork
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import CollectedRefusals, by_field

router = APIRouter()


@router.get("/f/{facility}/profile/close")
def ask_close(request: Request, work: FacilityWork) -> Response:
    return _close_form(request, work, {}, [])


@router.post("/f/{facility}/profile/close")
@http.answers_repeats_itself
def close(request: Request, work: FacilityWork, clock: Clock, form: FormInput) -> Response:
    """Shows what would change, or closes (``confirm``), or shows the form again (``again``)."""
    if text_of(form, "again"):
        return _close_form(request, work, form, [])
    keep = text_of(form, "confirm") == "yes"
    try:
        with work.attempt():
            require_web(work)
            day = needed_day(form, "closed_on")
            if day > clock.today(work):
                raise FacilitiesRefusal.CLOSING_AHEAD.invalid("closed_on", day=day)
            changes = lifecycle.close(work, day, text_of(form, "successor"), text_of(form, "reason"), keep=keep)
    except Refusal as refusal:
        return _close_form(request, work, form, [forms.at_field(refusal, "closed_on")])
    if keep:
        return http.redirect(request, f"/f/{work.here.code}/profile", _CLOSED)
    return http.render(
        request,
        work,
        "facilities/preview.html",
        what=_CLOSE,
        changes=CHANGES.of(changes),
        reason=text_of(form, "reason"),
        kept=forms.kept(form, ("closed_on", "successor", "reason")),
        button=_CLOSE_IT,
        notes=_AFTERWARDS,
        back=f"/f/{work.here.code}/profile",
    )


@router.get("/f/{facility}/profile/reopen")
def ask_reopen(request: Request, work: FacilityWork) -> Response:
    return _reopen_form(request, work, {}, [])


@router.post("/f/{facility}/profile/reopen")
@http.answers_repeats_itself
def reopen(request: Request, work: FacilityWork, form: FormInput) -> Response:
    try:
        with work.attempt():
            lifecycle.reopen(work, text_of(form, "reason"))
    except Invalid as refusal:
        return _reopen_form(request, work, form, [refusal])
    return http.redirect(request, f"/f/{work.here.code}/profile", _REOPENED)


@router.get("/region/{region}/facilities/new")
def ask_new(request: Request, work: RegionWork) -> Response:
    return _new_form(request, work, None, [])


@router.post("/region/{region}/facilities/new")
@http.answers_repeats_itself
def open_new(request: Request, work: RegionWork, clock: Clock, form: FormInput) -> Response:
    """Shows what would be opened, or opens it (``confirm``), or shows the form again (``again``)."""
    if text_of(form, "again"):
        return _new_form(request, work, form, [])
    keep, code = text_of(form, "confirm") == "yes", text_of(form, "code")
    problems = CollectedRefusals()
    changes: list[DetailChange] = []
    twins: list[Text] = []
    try:
        with work.attempt():
            office = queries.region(work, work.office.code)
            lifecycle.require_region(work, office)
            with problems.collected():
                lifecycle.check_code(work, code)
            details = forms.identity_of(form, office, _only_province(office), problems)
            problems.add(*problems_of(details, office.provinces if len(office.provinces) > 1 else ()))
            if not problems:
                today = clock.today(work)
                changes = lifecycle.open_new(work, office, code, details, text_of(form, "reason"), today, keep=keep)
                twins = namesakes(work, code, (details.name, details.long_name))
    except Refusal as refusal:
        problems.add(forms.at_field(refusal, "opened_on"))
    if problems:
        return _new_form(request, work, form, problems.refusals)
    if keep:
        return http.redirect(request, f"/f/{code}/profile", _OPENED)
    return http.render(
        request,
        work,
        "facilities/preview.html",
        what=_NEW,
        changes=CHANGES.of(changes),
        reason=text_of(form, "reason"),
        kept=forms.kept(form, ("code", *FIELDS)),
        button=_OPEN_IT,
        notes=[*twins, *_BEGINNING],
        back=f"/region/{work.office.code}/facilities",
    )


def _close_form(request: Request, work: Work, typed: Mapping[str, Any], problems: Sequence[Invalid]) -> Response:
    here = require_web(work)
    successors = lifecycle.successors(work)
    offered = [
        (
            successor.code,
            successor.name if successor.region == here.region.name else f"{successor.name} ({successor.region})",
        )
        for successor in successors
    ]
    return http.render(
        request,
        work,
        "facilities/close.html",
        status=422 if problems else 200,
        here=here,
        typed=typed,
        begun_on=lifecycle.earliest_last_day(work),
        successors=offered,
        notes=_AFTERWARDS,
        problems=by_field(problems),
        back=f"/f/{work.here.code}/profile",
    )


def _reopen_form(request: Request, work: Work, typed: Mapping[str, Any], problems: Sequence[Invalid]) -> Response:
    here = require_web(work)
    lifecycle.require_closed(here)
    return http.render(
        request,
        work,
        "facilities/reopen.html",
        status=422 if problems else 200,
        here=here,
        typed=typed,
        problems=by_field(problems),
        back=f"/f/{work.here.code}/profile",
    )


def _new_form(
    request: Request, work: OfficeWork, typed: Mapping[str, Any] | None, problems: Sequence[Invalid]
) -> Response:
    office = queries.region(work, work.office.code)
    lifecycle.require_region(work, office)
    return http.render(
        request,
        work,
        "facilities/identity.html",
        status=422 if problems else 200,
        here=office,
        new=True,
        typed=typed if typed is not None else {"paper": "F4", "zone": "Asia/Jakarta"},
        options=forms.options(office),
        problems=by_field(problems),
        back=f"/region/{work.office.code}/facilities",
    )


def _only_province(office: Region) -> str:
    return office.provinces[0] if office.provinces else office.name


_CLOSE = Text(id="Tutup atau gabungkan", en="Close or merge")
_CLOSE_IT = Text(id="Tutup UPT ini", en="Close this facility")
_CLOSED = Text(id="UPT ini ditutup.", en="The facility is closed.")
_REOPENED = Text(id="UPT ini dibuka kembali.", en="The facility is open again.")
_NEW = Text(id="Buka UPT baru", en="Open a new facility")
_OPEN_IT = Text(id="Buka UPT ini", en="Open this facility")
_OPENED = Text(
    id="UPT dibuka. Catat pejabatnya, lalu aktifkan program dan sumber dananya pada halaman Plugin.",
    en="The facility is open. Record its officials, then activate its programmes and funding sources on the Plugins page.",
)
_AFTERWARDS = [
    Text(
        id="Setelah ditutup, keluarga, dana, penerimaan, program dan periode baru tidak dapat dicatat di sini.",
        en="Once closed, no new household, fund, receipt, programme or cycle can be recorded here.",
    ),
    Text(
        id="Semua catatan tetap dapat dibaca dan dicetak. Tidak ada yang dipindahkan ke UPT penerus.",
        en="All records can still be read and printed. Nothing is moved to the successor.",
    ),
    Text(
        id="Bila ternyata keliru, UPT ini dapat dibuka kembali dari halaman profilnya.",
        en="If that was an error, the facility can be opened again from its profile.",
    ),
]
_BEGINNING = [
    Text(
        id="Kode tidak dapat diubah lagi. UPT baru dikelola melalui web.",
        en="The code cannot be changed later. The new facility is managed through the web.",
    )
]
