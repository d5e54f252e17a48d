"""The feed that calendars subscribe to: its address is the secret, so every refusal looks alike."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from guyub import http
from guyub.db.errors import SignedOut
from guyub.db.unit_of_work import ApiToken
from guyub.http import Clock
from guyub.reports.calendar import MEDIA_TYPE, distributions, feed
from guyub.sdk.errors import Forbidden

router = APIRouter()


@router.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
def calendar(request: Request, clock: Clock, token: str) -> Response:
    """Answers with the calendar; 404 for an address that is unknown, revoked or no longer valid."""
    try:
        with http.state(request).database.work(ApiToken(token, "calendar")) as work:
            now = clock.now(None)
            planned = distributions(work, now.date())
    except (SignedOut, Forbidden):
        return PlainTextResponse("Alamat kalender ini tidak berlaku. / This calendar address is not valid.", 404)
    answer = Response(feed("Penyaluran Guyub", planned, now), media_type=MEDIA_TYPE)
    answer.headers["cache-control"] = "private, max-age=900"
    return answer
