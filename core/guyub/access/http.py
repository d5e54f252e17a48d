"""What the routes of every room stand on: the reader's unit of work, and answers made after it has been committed.

No room knows the web application: what a room needs of it lies in ``AppState``, which the application fills.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from guyub.access import audit_subject, purposes, table_download
from guyub.access.signing import is_signature, masked, seal, signature, unmasked, unseal
from guyub.db.errors import SignedOut
from guyub.db.keys import Protector
from guyub.db.unit_of_work import LENT, ApiToken, CodeName, Database, SessionCredential, Work
from guyub.sdk.errors import NotFound
from guyub.sdk.text import LANGUAGES, Text
from guyub.ui.render import Flash, NavItem, PageContext, Pages
from guyub.ui.table_files import FILES

SESSION_COOKIE = "guyub_session"
VISIT_COOKIE = "guyub_visit"
LANGUAGE_COOKIE = "guyub_lang"
FLASH_COOKIE = "guyub_flash"
THEME_COOKIE = "guyub_theme"

THEMES = ("light", "dark")
_ROOMS_OF_PEOPLE = ("registry", "programs")
_ALL_ROWS = 10_000_000

Navigation = Callable[[Work, Any, date, CodeName | None], list[NavItem]]
"""``(work, host, today, region)`` -> menu items of the place in view; called inside each request's transaction, so it asks
nothing per item."""


@dataclass(frozen=True, slots=True)
class AppState:
    """What the application hands to its routes. ``clock`` answers an aware moment; ``host`` is the plugin host.

    ``banner`` stands above every page, of a demonstration for example.
    """

    database: Database
    host: Any
    protector: Protector
    pages: Pages
    clock: Callable[[], datetime]
    navigation: Navigation
    banner: Text | None = None

    @property
    def service_key(self) -> str:
        return self.database.service_key


@dataclass(frozen=True, slots=True)
class RegionInView:
    id: UUID
    code: str
    name: str
    office_name: str


def state(request: Request) -> AppState:
    found: AppState = request.app.state.guyub
    return found


# --- the reader --------------------------------------------------------------------------------------------------


@contextmanager
def open_work(request: Request, facility: str, *, reads: bool | None = None) -> Iterator[Work]:
    """The reader's transaction at one facility (its code); it commits at the end of the block.

    What a stated purpose opens counts for pages that are opened, not for what is sent; ``reads=True`` for a search that
    is sent. Raises ``SignedOut``, and ``NotFound`` for a facility that does not exist or is out of reach.
    """
    with _open(request, facility, reads=reads) as work:
        yield work


@contextmanager
def open_anywhere(request: Request) -> Iterator[Work]:
    """The reader's transaction over all that their roles reach, for pages that belong to no single place."""
    with _open(request, None) as work:
        yield work


@contextmanager
def open_region(request: Request, region: str) -> Iterator[tuple[Work, RegionInView]]:
    """The reader's transaction for the pages of a region in which they hold a role.

    The scope is all that they reach, so queries filter by the region. Raises ``SignedOut`` and ``NotFound``.
    """
    with _open(request, None, region) as work:
        if region not in {region.code for region in work.regions}:
            raise NotFound(
                "facilities.unknown_region",
                Text(
                    id="Tidak ada kantor wilayah “{region}” dalam jangkauan Anda.",
                    en="There is no region “{region}” within your reach.",
                ).format(region=region),
                Text(id="Pilih wilayah dari beranda Anda.", en="Choose a region from your home page."),
            )
        row = work.run("SELECT id, code, name, office_name FROM guyub.region WHERE code = :code", code=region).one()
        yield work, RegionInView(*row)


@contextmanager
def _open(
    request: Request, facility: str | None, region: str | None = None, *, reads: bool | None = None
) -> Iterator[Work]:
    door = _door(request, facility)
    app = state(request)
    only_reads = request.method in ("GET", "HEAD") if reads is None else reads
    with app.database.work(door) as entered:
        work = entered
        if exports(request):
            work.take_time()
        if facility is not None and isinstance(door, SessionCredential):
            work = replace(entered, permissions=_permissions(request, entered, only_reads))
        in_view = next((place for place in work.regions if place.code == region), None)
        request.state.work = work
        request.state.region = in_view
        request.state.navigation = app.navigation(work, app.host, today(request, work), in_view)
        request.state.shown = None
        yield work
        if work.purpose is not None and only_reads:
            purposes.record_view(work, _page_of(request), request.state.shown)
    request.state.has_committed = True


def _door(request: Request, facility: str | None) -> SessionCredential | ApiToken:
    """The session of the browser; for the JSON also a token of the reader's, which opens no permission of a plugin."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.url.path.startswith("/api/"):
        return ApiToken(given.strip(), "api.read", facility)
    token = session_token(request)
    if not token:
        raise SignedOut(
            "access.signed_out",
            Text(id="Anda belum masuk.", en="You are not signed in."),
            Text(id="Silakan masuk.", en="Please sign in."),
        )
    return SessionCredential(token, facility)


def _permissions(request: Request, entered: Work, only_reads: bool) -> frozenset[str]:
    """The reader's own, those of plugins that run here and come with them, and what a purpose lends to who only reads.

    What is lent brings no permission of a plugin: what plugins keep stays with the facility.
    """
    found: frozenset[str] = state(request).host.permissions(entered, today(request, entered))
    return found | LENT if entered.purpose is not None and only_reads else found


def _page_of(request: Request) -> str:
    return audit_subject.below_the_facility(request.url.path, request.path_params)


def record_households_shown(request: Request, households: Sequence[UUID]) -> None:
    """Tells which households a page shows, so that a view for a purpose is recorded with them; cheap for all others."""
    request.state.shown = [*(request.state.shown or ()), *households]


def last_work(request: Request) -> Work | None:
    """The work this request opened, its plain data only: the page of a refusal keeps its reader's name and menu."""
    found: Work | None = getattr(request.state, "work", None)
    return found


def has_committed(request: Request) -> bool:
    """Whether a transaction of this request has ended well: an error after it does not mean that nothing was saved."""
    return getattr(request.state, "has_committed", False) is True


def session_token(request: Request) -> str:
    return request.cookies.get(SESSION_COOKIE, "")


def now(request: Request, work: Work | None) -> datetime:
    """The moment of the application's clock, in the zone of the work's facility (WIB where there is none)."""
    zone = work.facility.zone if work and work.facility else "Asia/Jakarta"
    return state(request).clock().astimezone(ZoneInfo(zone))


def today(request: Request, work: Work) -> date:
    return now(request, work).date()


def theme(request: Request) -> str:
    """ "light" or "dark" when the reader chose one, else "" for what the device has."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def language(request: Request) -> str:
    """What the reader chose; Indonesian until then."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else "id"


# --- how much may be sent ---------------------------------------------------------------------------------------

BODY = 1024 * 1024
"""Bytes of a form or of JSON, unless the route takes more."""
LARGER_BODY = "guyub_takes_up_to"
_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


def takes_up_to(most: int) -> Callable[[_Endpoint], _Endpoint]:
    """For a route that takes larger bodies than others; stands below its ``@router.post(…)``."""

    def marked(endpoint: _Endpoint) -> _Endpoint:
        setattr(endpoint, LARGER_BODY, most)
        return endpoint

    return marked


# --- forms and their tokens --------------------------------------------------------------------------------------


SECRET_FIELDS = "_secret"  # noqa: S105 - the name of a field
"""Under this name a form tells which of its fields are passwords or other secrets: no page ever shows their values."""


async def form_data(request: Request) -> FormData:
    """What was sent, without the sign that no text of the database can hold; people do not type it."""
    sent = await request.form()
    return FormData(
        [
            (name, value.replace("\0", "") if isinstance(value, str) else value)
            for name, value in sent.multi_items()
            if name != SECRET_FIELDS
        ]
    )


FormInput = Annotated[FormData, Depends(form_data)]


def csrf_token(request: Request) -> str:
    """Bound to the reader's session; before sign-in, to a cookie that only this browser holds. Masked, as pages travel
    compressed."""
    return masked(signature(state(request).service_key, "csrf", _binding(request)))


def is_csrf_token(request: Request, given: str) -> bool:
    bound = _binding(request)
    return bool(bound) and is_signature(unmasked(given), state(request).service_key, "csrf", bound)


def _binding(request: Request) -> str:
    made: str = getattr(request.state, "visit", "")
    return session_token(request) or request.cookies.get(VISIT_COOKIE, "") or made


# --- answers -----------------------------------------------------------------------------------------------------


def render(request: Request, work: Work | None, template: str, /, *, status: int = 200, **data: object) -> Response:
    """A page from a template (``<room>/<name>.html``); call it after the work's block, so that what it says is committed.

    ``work`` is None for a page without a reader. Every template gets ``page``, beside ``data``. Where the address asks for a
    table of the page as a file (``exports``), the answer is that file.
    """
    if work is not None and status == 200 and exports(request):
        return _table_file(request, work, template, data)
    if not _binding(request):
        request.state.visit = token_urlsafe(24)
    page = replace(
        _page_context(request, work),
        downloads=work is not None and request.method == "GET" and not _is_lent(work, template),
    )
    answer = HTMLResponse(state(request).pages.render(template, page, **data), status)
    if visit := getattr(request.state, "visit", ""):
        set_cookie(request, answer, VISIT_COOKIE, visit)
    if FLASH_COOKIE in request.cookies:
        answer.delete_cookie(FLASH_COOKIE)
    return answer


def exports(request: Request) -> bool:
    """Whether a table of the page is asked for as a file: then a list is read whole, not page by page."""
    return request.method == "GET" and request.query_params.get("export", "") in FILES


def _is_lent(work: Work | None, template: str) -> bool:
    """Whether this page is about people whom the reader sees for a purpose only: then it is read, and not taken along."""
    return work is not None and work.purpose is not None and template.partition("/")[0] in _ROOMS_OF_PEOPLE


def rows_of_page(request: Request, size: int) -> int:
    """How many rows of a list to read: ``size`` for a page, all of them for a file."""
    return _ALL_ROWS if exports(request) else size


def _table_file(request: Request, work: Work, template: str, data: dict[str, object]) -> Response:
    """One table of the page; a second transaction at the same place records who took it."""
    if _is_lent(work, template):
        raise table_download.only_to_read()
    page, shape = _page_context(request, work), request.query_params["export"]
    table = table_download.table_of(state(request).pages, template, page, request.query_params.get("table", ""), data)
    if work.facility is not None:
        with state(request).database.work(SessionCredential(session_token(request), work.facility.code)) as again:
            table_download.record(again, _page_of(request), table, shape)
    content, name, media_type = table_download.file_of(table, page, shape)
    return download(content, name, media_type)


def redirect(request: Request, url: str, flash: Text | None = None, kind: str = "success") -> RedirectResponse:
    """303 to a local path; ``flash`` is said once, by the next page. ``kind``: success, warning or danger."""
    answer = RedirectResponse(local_path(url), 303)
    if flash is not None:
        said = urlsafe_b64encode(json.dumps([kind, flash.id, flash.en]).encode()).decode()
        set_cookie(request, answer, FLASH_COOKIE, seal(state(request).service_key, "flash", said), max_age=60)
    return answer


def download(content: bytes, filename: str, media_type: str, *, inline: bool = False) -> Response:
    """A file for the reader; ``inline`` opens it in the browser where the browser can."""
    place = "inline" if inline else "attachment"
    return Response(
        content, media_type=media_type, headers={"content-disposition": f"{place}; filename*=utf-8''{quote(filename)}"}
    )


def to_sign_in(request: Request) -> Response:
    """To the sign-in page, which leads back to where the reader was going."""
    wanted = address_of(request) if request.method == "GET" else way_back(request)
    url = f"/sign-in?next={quote(wanted, safe='/')}"
    return RedirectResponse(url, 303)


def way_back(request: Request) -> str:
    """The page of ours that the reader came from, else the beginning."""
    referer = urlsplit(request.headers.get("referer", ""))
    if referer.netloc != request.headers.get("host", ""):
        return "/"
    return local_path(f"{referer.path}?{referer.query}" if referer.query else referer.path)


def local_path(given: str) -> str:
    """The path itself when it stays within this application, else the beginning: no redirect leads elsewhere."""
    is_local = given.startswith("/") and not given.startswith("//") and "\\" not in given and given.isprintable()
    return given if is_local else "/"


def set_cookie(request: Request, answer: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Unreadable for scripts, never sent along by other sites' forms, over TLS only where we have it."""
    answer.set_cookie(name, value, max_age=max_age, httponly=True, samesite="lax", secure=request.url.scheme == "https")


def keep_in_address(request: Request, **values: object) -> None:
    """Names in the address of the page in view what it was read as, so that its files and its switches of language and look
    are of the same."""
    request.state.kept_in_address = {name: str(value) for name, value in values.items()}


def _address_in_view(request: Request) -> str:
    kept: dict[str, str] = getattr(request.state, "kept_in_address", {})
    if not kept:
        return address_of(request)
    query = [pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] not in kept]
    return f"{request.url.path}?{urlencode([*query, *kept.items()])}"


def address_of(request: Request) -> str:
    """The path of the request with what follows it."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _flash(request: Request) -> Flash | None:
    said = unseal(state(request).service_key, "flash", request.cookies.get(FLASH_COOKIE, ""))
    if said is None:
        return None
    kind, in_indonesian, in_english = json.loads(urlsafe_b64decode(said))
    return Flash(kind, Text(id=in_indonesian, en=in_english))


def _page_context(request: Request, work: Work | None) -> PageContext:
    page = PageContext(
        lang=language(request),
        path=request.url.path,
        here=_address_in_view(request) if request.method == "GET" else way_back(request),
        csrf_token=csrf_token(request),
        now=now(request, work),
        theme=theme(request),
        flash=_flash(request),
        banner=state(request).banner,
    )
    if work is None:
        return page
    return replace(
        page,
        reader=work.person_name,
        login=work.login,
        facility=work.facility,
        region=request.state.region,
        facilities=work.facilities,
        regions=work.regions,
        permissions=work.permissions,
        navigation=tuple(request.state.navigation),
        purpose=purposes.notice_of(work.purpose) if work.purpose else None,
    )
