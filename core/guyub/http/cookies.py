"""Cookies: the session, the visit before it, language and theme."""

from fastapi import Request
from starlette.responses import Response

from guyub.sdk.text import LANGUAGES

SESSION_COOKIE = "guyub_session"
VISIT_COOKIE = "guyub_visit"
LANGUAGE_COOKIE = "guyub_lang"
THEME_COOKIE = "guyub_theme"

THEMES = ("light", "dark")


def session_token(request: Request) -> str:
    """Returns the token of the session that the browser sent, or of the one that begins with this answer."""
    begun: str = getattr(request.state, "begun_session", "")
    return begun or request.cookies.get(SESSION_COOKIE, "")


def theme(request: Request) -> str:
    """Returns "light" or "dark" when the reader chose one, else "" for what the device has."""
    cookie = request.cookies.get(THEME_COOKIE, "")
    return cookie if cookie in THEMES else ""


def language(request: Request) -> str:
    """Returns the language that the reader chose; Indonesian until then."""
    cookie = request.cookies.get(LANGUAGE_COOKIE, "")
    return cookie if cookie in LANGUAGES else "id"


def set_cookie(request: Request, answer: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Sets a cookie that scripts cannot read and other sites' forms do not send along; over TLS only where we have it."""
    answer.set_cookie(name, value, max_age=max_age, httponly=True, samesite="lax", secure=request.url.scheme == "https")
