"""Coming in, going out, and where to begin."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from guyub import http
from guyub.access import sign_in
from guyub.access.sign_in import TooManyAttempts, WrongCredentials
from guyub.app.sending_again import SentForm, from_text
from guyub.app.sign_in_throttle import Throttle
from guyub.app.sign_in_view import KEPT, sign_in_page
from guyub.http import FormInput, ReaderWork
from guyub.sdk.text import LANGUAGES, Text

router = APIRouter()
_MOST_KEPT = 8 * http.BODY
"""A form that was kept comes here within another one, so written larger than it was."""


@router.get("/sign-in")
def door(request: Request, next: str = "/") -> Response:
    return sign_in_page(request, next)


@router.post("/sign-in")
@http.takes_up_to(_MOST_KEPT)
def enter(request: Request, form: FormInput) -> Response:
    next_path = http.local_path(_field(form, "next"))
    login, password = _field(form, "login").strip().lower(), _field(form, "password")
    kept = from_text(_field(form, KEPT))
    address = request.client.host if request.client else "?"
    throttle: Throttle = request.app.state.throttle
    database = http.state(request).database
    try:
        throttle.check(address)
        token = sign_in.sign_in(
            database,
            login,
            password,
            opened_from=f"web: {address}",
            unknown_is_closed=throttle.is_closed(login),
            idle_limit=request.app.state.idle_limit,
        )
    except WrongCredentials as refusal:
        throttle.failed(login, address)
        return sign_in_page(request, next_path, login, refusal, kept)
    except TooManyAttempts as refusal:
        return sign_in_page(request, next_path, login, refusal, kept)
    throttle.succeeded(login)
    if earlier := http.session_token(request):
        sign_in.sign_out(database, earlier)
    request.state.begun_session = token
    answer = RedirectResponse(next_path, 303) if kept is None else _send_again(request, kept, login)
    http.end_session(request, answer)
    http.begin_session(request, answer, token)
    return answer


def _send_again(request: Request, kept: SentForm, login: str) -> Response:
    """Shows what was sent when the session had ended, with a button that sends it now."""
    return http.render(request, None, "app/send_again.html", sent=kept, login=login, waits=True)


@router.post("/sign-out")
def leave(request: Request) -> Response:
    if token := http.session_token(request):
        sign_in.sign_out(http.state(request).database, token)
    answer = http.redirect(request, "/sign-in", Text(id="Anda sudah keluar.", en="You have signed out."))
    http.end_session(request, answer)
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


def _field(form: Any, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
