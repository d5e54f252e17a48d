"""Pages where a purpose is stated and ended, and where the facility sees who looked at its people and why."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.access import purposes, token_routes
from guyub.access.tables import STATED, VIEWS
from guyub.db.unit_of_work import LENT, Work
from guyub.http import FacilityWork, FormInput
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.render import NavItem

router = APIRouter(prefix="/f/{facility}")
router.routes.extend(token_routes.router.routes)


def navigation(work: Work, plugins: object, today: date) -> list[NavItem]:
    if work.may("access.purpose") and work.purpose is None and not work.permissions >= LENT:
        return [NavItem(Text(id="Lihat data keluarga", en="See household data"), f"/f/{work.here.code}/purpose", "eye")]
    if work.may("registry.read"):
        return [NavItem(Text(id="Siapa yang melihat", en="Who looked"), f"/f/{work.here.code}/purpose/views", "eye")]
    return []


@router.get("/purpose")
def ask(request: Request, work: FacilityWork) -> Response:
    work.require("access.purpose")
    return _form(request, work, {"minutes": "60"}, [])


@router.post("/purpose")
def state(request: Request, work: FacilityWork, form: FormInput) -> Response:
    typed = {name: str(form.get(name) or "") for name in ("kind", "explanation", "minutes")}
    work.require("access.purpose")
    if problems := purposes.problems_of(**typed):
        return _form(request, work, typed, problems)
    purposes.state(work, **typed)
    return http.redirect(
        request,
        f"/f/{work.here.code}/households",
        Text(
            id="Data keluarga UPT ini terbuka bagi Anda selama {time}.",
            en="Household data is open to you here for {time}.",
        ).format(time=purposes.MINUTES[int(typed["minutes"])]),
    )


@router.post("/purpose/end")
def end(request: Request, work: FacilityWork) -> Response:
    purposes.end(work)
    return http.redirect(
        request,
        f"/f/{work.here.code}/",
        Text(
            id="Data keluarga UPT ini tidak lagi terbuka bagi Anda.", en="Household data is no longer open to you here."
        ),
    )


@router.get("/purpose/views")
def purpose_views(request: Request, work: FacilityWork) -> Response:
    work.require("registry.read")
    start = (STATED.query(request.query_params).page - 1) * STATED.page_size
    rows = purposes.stated(work, STATED.page_size + 1, start)
    stated = STATED.part(rows[: STATED.page_size], purposes.stated, more=len(rows) > STATED.page_size, first=start + 1)
    start = (VIEWS.query(request.query_params).page - 1) * VIEWS.page_size
    opened = purposes.views(work, VIEWS.page_size + 1, start)
    views = VIEWS.part(
        opened[: VIEWS.page_size], purposes.every_view, more=len(opened) > VIEWS.page_size, first=start + 1
    )
    return http.render(request, work, "access/purpose_views.html", stated=stated, views=views)


def _form(request: Request, work: Work, typed: dict[str, str], problems: list[Invalid]) -> Response:
    return http.render(
        request,
        work,
        "access/purpose.html",
        status=422 if problems else 200,
        typed=typed,
        problems=by_field(problems),
        kinds=purposes.KINDS,
        times=purposes.MINUTES,
        longest=purposes.LONGEST,
    )
