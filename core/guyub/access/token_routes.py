"""Pages where a person makes a token, sees it once, and revokes it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.access import tokens
from guyub.access.tables import TOKENS
from guyub.db.unit_of_work import Work
from guyub.http import FormInput, ReaderWork
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter(prefix="/account/tokens")


@router.get("")
def own(request: Request, work: ReaderWork) -> Response:
    own_tokens = tokens.own(work)
    return _page(request, work, own_tokens, {"name": "", "place": "", "days": "365"}, ["calendar"], {})


@router.post("")
def make(request: Request, work: ReaderWork, form: FormInput) -> Response:
    typed = {name: str(form.get(name) or "") for name in ("name", "place", "days")}
    scopes = [item for item in form.getlist("scopes") if isinstance(item, str)]
    try:
        with work.attempt():
            days = int(typed["days"]) if typed["days"].isascii() and typed["days"].isdigit() else 0
            secret = tokens.make(work, typed["name"], scopes, typed["place"], days)
    except Invalid as refusal:
        own_tokens = tokens.own(work)
        return _page(request, work, own_tokens, typed, scopes, by_field([refusal]), 422)
    answer = http.render(
        request,
        work,
        "access/token_made.html",
        name=typed["name"],
        address=f"{request.base_url}calendar/{secret}.ics" if "calendar" in scopes else "",
        header=f"Authorization: Bearer {secret}" if {"api.read", "configuration.write"} & set(scopes) else "",
    )
    answer.headers["cache-control"] = "no-store"
    return answer


@router.post("/{token}/revoke")
def revoke(request: Request, work: ReaderWork, token: UUID) -> Response:
    tokens.revoke(work, token)
    return http.redirect(request, "/account/tokens", Text(id="Token dicabut.", en="The token is revoked."))


def _page(
    request: Request,
    work: Work,
    own_tokens: list[tokens.Token],
    typed: Mapping[str, str],
    scopes: list[str],
    problems: Mapping[str, Any],
    status: int = 200,
) -> Response:
    places = [
        *((f"region/{region.code}", region.name) for region in work.regions),
        *((f"f/{facility.code}", facility.name) for facility in work.facilities),
    ]
    return http.render(
        request,
        work,
        "access/tokens.html",
        status=status,
        tokens=TOKENS.of(own_tokens),
        typed=typed,
        selected=scopes,
        places=places,
        scopes=tokens.SCOPES,
        lifetimes=[(str(days), label) for days, label in tokens.LIFETIMES.items()],
        problems=problems,
    )
