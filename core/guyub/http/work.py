"""Opens the reader's unit of work at a place, and remembers what a handler reports of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from uuid import UUID

from fastapi import Request

from guyub.db.errors import SignedOut
from guyub.db.unit_of_work import LENT, ApiToken, SessionCredential, Work
from guyub.http import audit_subject
from guyub.http.app_state import state
from guyub.http.clock import today
from guyub.http.cookies import session_token
from guyub.http.downloads import exports
from guyub.http.lazy_work import OfficeWork
from guyub.http.refusals import HttpRefusal
from guyub.http.sent_once import keep_form, key_of_form, refuse_repeat


@contextmanager
def open_work(request: Request, facility: str, *, reads: bool | None = None) -> Iterator[Work]:
    """Opens the reader's transaction at one facility (its code); it commits at the end of the block.

    What a stated purpose opens counts for pages that are opened, not for what is sent; ``reads=True`` for a search that
    is sent. Raises ``SignedOut``, and ``NotFound`` for a facility that does not exist or is out of reach.
    """
    with _open(request, facility, reads=reads) as work:
        yield work


@contextmanager
def open_anywhere(request: Request) -> Iterator[Work]:
    """Opens the reader's transaction over all that their roles reach, for pages that belong to no single place."""
    with _open(request, None) as work:
        yield work


@contextmanager
def open_office(request: Request, region: str) -> Iterator[OfficeWork]:
    """Opens the reader's transaction for the pages of a region in which they hold a role.

    The scope is all that they reach, so queries filter by the region. Raises ``SignedOut`` and ``NotFound``.
    """
    with _open(request, None, region) as work:
        if region not in {region.code for region in work.regions}:
            raise HttpRefusal.REGION_OUT_OF_REACH.not_found(region=region)
        office = state(request).region_in_view(work, region)
        yield OfficeWork(**{each.name: getattr(work, each.name) for each in fields(Work)}, office=office)


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
        request.state.navigation = app.navigation(work, today(request, work), in_view)
        request.state.shown = None
        form = None if only_reads or not isinstance(door, SessionCredential) else key_of_form(request)
        if form is not None:
            refuse_repeat(work, form)
        yield work
        if form is not None and (led_to := getattr(request.state, "led_to", "")):
            keep_form(work, form, led_to)
        if work.purpose is not None and only_reads:
            app.record_view(work, page_of(request), request.state.shown)
    request.state.has_committed = True


def _door(request: Request, facility: str | None) -> SessionCredential | ApiToken:
    """Returns the session of the browser; for the JSON also a token of the reader's, which opens no permission of a plugin."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and request.url.path.startswith("/api/"):
        purpose = "api.read" if request.method in ("GET", "HEAD") else "configuration.write"
        return ApiToken(token.strip(), purpose, facility)
    token = session_token(request)
    if not token:
        raise not_signed_in()
    return SessionCredential(token, facility)


def not_signed_in() -> SignedOut:
    return HttpRefusal.NOT_SIGNED_IN.of(SignedOut)


def _permissions(request: Request, entered: Work, only_reads: bool) -> frozenset[str]:
    """Returns the reader's own permissions, those of plugins that run here and come with them, and those that a stated
    purpose lends for reading.

    What is lent brings no permission of a plugin: what plugins keep stays with the facility.
    """
    own = state(request).plugins.permissions(entered, today(request, entered))
    return own | LENT if entered.purpose is not None and only_reads else own


def page_of(request: Request) -> str:
    """Returns the name of this request's page in the audit log."""
    return audit_subject.below_the_facility(request.url.path, request.path_params)


def record_households_shown(request: Request, households: Sequence[UUID]) -> None:
    """Records which households a page shows, so that a view for a purpose is recorded with them; cheap for all others."""
    request.state.shown = [*(request.state.shown or ()), *households]


def last_work(request: Request) -> Work | None:
    """Returns the work that this request opened, its plain data only: the page of a refusal keeps its reader's name and
    menu."""
    work: Work | None = getattr(request.state, "work", None)
    return work


def has_committed(request: Request) -> bool:
    """Returns whether a transaction of this request has ended well: an error after it does not mean that nothing was saved."""
    return getattr(request.state, "has_committed", False) is True
