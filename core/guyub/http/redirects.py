"""Answers that lead to another page."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from guyub.http.addresses import address_of, local_path, way_back
from guyub.http.flash import put_flash
from guyub.sdk.text import Text


def redirect(request: Request, url: str, flash: Text | None = None, kind: str = "success") -> RedirectResponse:
    """Answers 303 to a local path; the next page shows ``flash`` once. ``kind``: success, warning or danger."""
    answer = RedirectResponse(local_path(url), 303)
    if request.method == "POST":
        request.state.led_to = local_path(url)
    if flash is not None:
        put_flash(request, answer, flash, kind)
    return answer


def to_sign_in(request: Request) -> Response:
    """Leads to the sign-in page, which leads back to where the reader was going."""
    wanted = address_of(request) if request.method == "GET" else way_back(request)
    url = f"/sign-in?next={quote(wanted, safe='/')}"
    return RedirectResponse(url, 303)
