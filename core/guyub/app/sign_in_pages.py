"""Coming in, going out, and where to begin."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from guyub import http
from guyub.access import sign_in
from guyub.access.sign_in import TooManyAttempts, WrongCredentials
from guyub.app.sign_in_throttle import Throttle
from guyub.http import FormInput, ReaderWork
from guyub.sdk.errors import Refusal
from guyub.sdk.text import LANGUAGES, Text

router = APIRouter()


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:
    return _page(request, next)


@router.post("/sign-in")
def enter(request: Request, form: FormInput) -> Response:
    next_path = http.local_path(_field(form, "next"))
    login, password = _field(form, "login").strip().lower(), _field(form, "password")
    address = request.client.host if request.client else "?"
    throttle: Throttle = request.app.state.throttle
    database = http.state(request).database
    try:
        throttle.check(address)
        token = sign_in.sign_in(
            database, login, password, opened_from=f"web: {address}", unknown_is_closed=throttle.is_closed(login)
        )
    except WrongCredentials as refusal:
        throttle.failed(login, address)
        return _page(request, next_path, login, refusal)
    except TooManyAttempts as refusal:
        return _page(request, next_path, login, refusal)
    throttle.succeeded(login)
    if earlier := http.session_token(request):
        sign_in.sign_out(database, earlier)
    answer = RedirectResponse(next_path, 303)
    http.set_cookie(request, answer, http.SESSION_COOKIE, token)
    answer.delete_cookie(http.VISIT_COOKIE)
    return answer


@router.post("/sign-out")
def leave(request: Request) -> Response:
    if token := http.session_token(request):
        sign_in.sign_out(http.state(request).database, token)
    answer = http.redirect(request, "/sign-in", Text(id="Anda sudah keluar.", en="You have signed out."))
    answer.delete_cookie(http.SESSION_COOKIE)
    return answer


@router.post("/language")
def choose_language(request: Request, form: FormInput) -> Response:
    lang = _field(form, "language")
    answer = RedirectResponse(http.local_path(_field(form, "next")), 303)
    if lang in LANGUAGES:
        http.set_cookie(request, answer, http.LANGUAGE_COOKIE, lang, max_age=365 * 24 * 3600)
    return answer


@router.post("/theme")
def choose_theme(request: Request, form: FormInput) -> Response:
    """Keeps the choice; an empty one follows the device again."""
    theme = _field(form, "theme")
    answer = RedirectResponse(http.local_path(_field(form, "next")), 303)
    if theme in http.THEMES:
        http.set_cookie(request, answer, http.THEME_COOKIE, theme, max_age=365 * 24 * 3600)
    else:
        answer.delete_cookie(http.THEME_COOKIE)
    return answer


@router.get("/")
def begin(request: Request, work: ReaderWork) -> Response:
    """Leads to the place of the reader, or to a choice where there are several."""
    places = [(f"/f/{facility.code}/", facility.name) for facility in work.facilities]
    places += [(f"/region/{region.code}/", region.name) for region in work.regions]
    if len(places) == 1 and not work.is_national:
        return RedirectResponse(places[0][0], 303)
    return http.render(
        request, work, "app/choose.html", facilities=work.facilities, regions=work.regions, national=work.is_national
    )


def _page(request: Request, next_path: str, login: str = "", refusal: Refusal | None = None) -> Response:
    return http.render(
        request,
        None,
        "app/sign_in.html",
        status=refusal.status if refusal else 200,
        next=http.local_path(next_path),
        login=login,
        refusal=refusal,
    )


def _field(form: Any, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
