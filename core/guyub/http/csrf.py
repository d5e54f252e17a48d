"""The token of a form: it proves that a page of ours sent it. ``guyub.app.csrf`` asks for it."""

from secrets import token_urlsafe

from fastapi import Request

from guyub.http.app_state import state
from guyub.http.cookies import VISIT_COOKIE, session_token
from guyub.http.signing import is_signature, masked, signature, unmasked


def csrf_token(request: Request) -> str:
    """Returns a token that is bound to the reader's session; before sign-in, to a cookie that only this browser holds."""
    return masked(signature(state(request).service_key, "csrf", _binding(request)))


def is_csrf_token(request: Request, token: str) -> bool:
    binding = _binding(request)
    return bool(binding) and is_signature(unmasked(token), state(request).service_key, "csrf", binding)


def begin_visit(request: Request) -> None:
    """Gives a browser without a session something to bind its tokens to; ``new_visit`` then goes out as a cookie."""
    if not _binding(request):
        request.state.visit = token_urlsafe(24)


def new_visit(request: Request) -> str:
    visit: str = getattr(request.state, "visit", "")
    return visit


def _binding(request: Request) -> str:
    return session_token(request) or request.cookies.get(VISIT_COOKIE, "") or new_visit(request)
