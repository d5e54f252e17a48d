"""The token of a form: it proves that a page of ours sent it. ``guyub.app.csrf`` asks for it."""

import hmac
from secrets import token_urlsafe

from fastapi import Request
from starlette.responses import Response

from guyub.http.app_state import state
from guyub.http.cookies import SESSION_COOKIE, VISIT_COOKIE, session_token, set_cookie
from guyub.http.signing import is_signature, masked, seal, signature, unmasked, unseal

ENDED_COOKIE = "guyub_ended"
_KEPT_SESSIONS = 3


def csrf_token(request: Request) -> str:
    """Returns a token that is bound to the reader's session; before sign-in, to a cookie that only this browser holds."""
    return masked(signature(state(request).service_key, "csrf", _binding(request)))


def is_csrf_token(request: Request, token: str) -> bool:
    binding = _binding(request)
    return bool(binding) and is_signature(unmasked(token), state(request).service_key, "csrf", binding)


def end_session(request: Request, answer: Response) -> None:
    """Lets the browser prove later that it was sent the pages of the session that ends here: what was typed on them is not
    lost to whoever signs in again."""
    if token := request.cookies.get(SESSION_COOKIE, ""):
        ended = [signature(state(request).service_key, "csrf", token), *_ended(request)][:_KEPT_SESSIONS]
        sealed = seal(state(request).service_key, "ended", " ".join(dict.fromkeys(ended)))
        set_cookie(request, answer, ENDED_COOKIE, sealed, max_age=24 * 3600)


def is_token_of_ended_session(request: Request, token: str) -> bool:
    """Returns whether a page of ours that this browser was sent in an earlier session holds the token."""
    shown = unmasked(token)
    return bool(shown) and any(hmac.compare_digest(shown, ended) for ended in _ended(request))


def _ended(request: Request) -> list[str]:
    return (unseal(state(request).service_key, "ended", request.cookies.get(ENDED_COOKIE, "")) or "").split()


def begin_session(request: Request, answer: Response, token: str) -> None:
    """Gives the browser a session; pages of this answer are already of it."""
    set_cookie(request, answer, SESSION_COOKIE, token)
    answer.delete_cookie(VISIT_COOKIE)


def begin_visit(request: Request) -> None:
    """Gives a browser without a session something to bind its tokens to; ``new_visit`` then goes out as a cookie."""
    if not _binding(request):
        request.state.visit = token_urlsafe(24)


def new_visit(request: Request) -> str:
    visit: str = getattr(request.state, "visit", "")
    return visit


def _binding(request: Request) -> str:
    return session_token(request) or request.cookies.get(VISIT_COOKIE, "") or new_visit(request)
