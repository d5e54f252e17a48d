"""The page of the door: who signs in there, where they go next, and what they had sent when their session ended."""

from fastapi import Request
from starlette.responses import Response

from guyub import http
from guyub.app.sending_again import SentForm
from guyub.sdk.errors import Refusal

KEPT = "kept"
"""The field that carries what was sent through the door."""


def sign_in_page(
    request: Request,
    next_path: str = "/",
    login: str = "",
    refusal: Refusal | None = None,
    kept: SentForm | None = None,
    status: int = 200,
) -> Response:
    return http.render(
        request,
        None,
        "app/sign_in.html",
        status=refusal.status if refusal else status,
        next=http.local_path(next_path),
        login=login,
        refusal=refusal,
        kept=kept,
        kept_name=KEPT,
    )
