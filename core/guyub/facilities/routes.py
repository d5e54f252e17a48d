"""Pages about facilities: those of a region, and one of them with its names and officials through time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.access.acting import EXPLAINED, acting_of
from guyub.db.limits import FIRST_DAY, LAST_DAY
from guyub.db.unit_of_work import CodeName, Work
from guyub.facilities import details_routes, history, lifecycle, lifecycle_routes, officials, queries, tables
from guyub.facilities.forms import needed_day, text_of
from guyub.facilities.history import PostHeld
from guyub.facilities.labels import TYPES, ZONES, kind_of
from guyub.facilities.officials import Appointment
from guyub.facilities.refusals import FacilitiesRefusal
from guyub.http import Clock, FacilityWork, FormInput, RegionWork
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.possible_days import PossibleDays
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.render import NavItem
from guyub.ui.seen import Difference, Moved, Seen, Shown, demand_shown, in_words, seen_in
from guyub.ui.typed_values import day_if_any

router = APIRouter()
router.routes.extend((*details_routes.router.routes, *lifecycle_routes.router.routes))


def navigation(work: Work, plugins: object, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    return [
        NavItem(Text(id="Profil dan pejabat", en="Profile and officials"), f"/f/{work.here.code}/profile", "building")
    ]


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    return [NavItem(Text(id="Daftar UPT", en="Facilities"), f"/region/{region.code}/facilities", "building")]


@router.get("/region/{region}/facilities")
def of_region(request: Request, work: RegionWork, clock: Clock) -> Response:
    here = work.office
    listed = history.facilities_of(work, here.id, clock.today(work))
    moved = history.moved_away(work, here.id)
    office = queries.region(work, work.office.code)
    opens = lifecycle.may_configure(work, here.id)
    counted = Counter(listed_facility.facility_type for listed_facility in listed if listed_facility.closed_on is None)
    return http.render(
        request,
        work,
        "facilities/region.html",
        region=office,
        listed=tables.facilities(len(office.provinces) > 1).of(listed),
        moved=tables.MOVED.of(moved),
        opens=opens,
        counted=[(TYPES[kind], counted[kind]) for kind in TYPES if counted[kind]],
    )


@router.get("/f/{facility}/profile")
def profile(request: Request, work: FacilityWork, clock: Clock) -> Response:
    problems, day = CollectedRefusals(), clock.today(work)
    today, asked = day, request.query_params.get("on", "").strip()
    with problems.collected():
        day = day_if_any(asked, "on") or today
    here = queries.facility(work)
    then = queries.facility(work, day)
    signing = queries.officials(work, day)
    names, posts, roles = history.names(work), history.posts(work), history.roles_here(work)
    return http.render(
        request,
        work,
        "facilities/profile.html",
        here=here,
        then=then,
        day_asked=day,
        on=asked or today,
        signing=tables.SIGNING.of(signing.values()),
        names=tables.NAMES.of(names),
        posts=tables.posts(today).of(posts),
        roles=roles,
        kind=kind_of(here.facility_type, here.variant),
        zone=ZONES[here.zone],
        problems=by_field(problems.refusals),
    )


@router.get("/f/{facility}/officials/new")
def new_official(request: Request, work: FacilityWork) -> Response:
    return _form(request, work, {"ends_former": "yes"})


@router.post("/f/{facility}/officials/new")
@http.answers_repeats_itself
def appoint(request: Request, work: FacilityWork, form: FormInput) -> Response:
    try:
        with work.attempt():
            demand_shown(seen_in(form), _shown(officials.locked_posts(work)))
            officials.appoint(work, _appointment(form))
    except Moved:
        return _form(request, work, form, older=seen_in(form))
    except Invalid as refusal:
        return _form(request, work, form, refusal)
    return http.redirect(
        request, f"/f/{work.here.code}/profile", Text(id="Pejabat dicatat.", en="The official is recorded.")
    )


@router.get("/f/{facility}/officials/{post}/end")
def ask_end(request: Request, work: FacilityWork, post: UUID) -> Response:
    work.require("facilities.configure")
    held = next((item for item in history.posts(work) if item.id == post), None)
    if held is None:
        raise _unknown()
    return _end_page(request, work, held, {})


@router.post("/f/{facility}/officials/{post}/end")
@http.answers_repeats_itself
def end(request: Request, work: FacilityWork, post: UUID, form: FormInput) -> Response:
    held = None
    try:
        with work.attempt():
            held = next((item for item in officials.locked_posts(work) if item.id == post), None)
            if held is not None:
                demand_shown(seen_in(form), _shown([held]))
            officials.end(work, post, needed_day(form, "until"), text_of(form, "reason"))
    except Moved:
        held = next((item for item in history.posts(work) if item.id == post), None)
        return _end_page(request, work, held, form, older=seen_in(form))
    except Invalid as refusal:
        return _end_page(request, work, held, form, refusal)
    return http.redirect(
        request, f"/f/{work.here.code}/profile", Text(id="Masa jabatan diakhiri.", en="The post is ended.")
    )


def _shown(posts: Sequence[PostHeld]) -> Shown:
    """Returns who holds which post, each with its days."""
    return {str(post.id): _in_words(post) for post in posts}


def _in_words(post: PostHeld) -> str:
    until = post.until.isoformat() if post.until else "…"
    return f"{post.official.heading}: {post.official.name}, {post.since.isoformat()} – {until}"


def _differences(older: Seen, now: Shown) -> list[Difference]:
    """Returns the posts that are not as a form had shown them."""
    official = Text(id="Pejabat", en="Official")
    return in_words(older, now, dict.fromkeys((*older.shown, *now), official))


def _end_page(
    request: Request,
    work: Work,
    post: PostHeld | None,
    typed: Mapping[str, Any],
    refusal: Invalid | None = None,
    *,
    older: Seen | None = None,
) -> Response:
    if post is None:
        raise _unknown()
    now = _shown([post])
    return http.render(
        request,
        work,
        "facilities/official_end.html",
        status=409 if older is not None else 422 if refusal else 200,
        post=post,
        typed=typed,
        days=PossibleDays(post.since, LAST_DAY),
        seen=Seen(0, now),
        moved=None if older is None else _differences(older, now),
        problems=by_field([refusal] if refusal else []),
    )


_HOLDER = Text(id="Definitif", en="Substantive")


def _form(
    request: Request,
    work: Work,
    typed: Mapping[str, Any],
    refusal: Invalid | None = None,
    *,
    older: Seen | None = None,
) -> Response:
    work.require("facilities.configure")
    roles = history.roles_here(work)
    now = _shown(history.posts(work))
    return http.render(
        request,
        work,
        "facilities/official.html",
        status=409 if older is not None else refusal.status if refusal else 200,
        typed=typed,
        days=PossibleDays(FIRST_DAY, LAST_DAY),
        seen=Seen(0, now),
        moved=None if older is None else _differences(older, now),
        role_options=[(role.code, role.title) for role in roles],
        acting_options=[("", _HOLDER), *((acting, acting, words) for acting, words in EXPLAINED.items())],
        problems=by_field([refusal] if refusal else []),
    )


def _appointment(form: Mapping[str, Any]) -> Appointment:
    until = text_of(form, "until")
    return Appointment(
        role=text_of(form, "role"),
        name=" ".join(text_of(form, "name").split()),
        nip=text_of(form, "nip").replace(" ", ""),
        acting=acting_of(text_of(form, "acting")) or "",
        title=text_of(form, "title"),
        since=needed_day(form, "since"),
        until=needed_day(form, "until") if until else None,
        ends_former=text_of(form, "ends_former") == "yes",
    )


def _unknown() -> Refusal:
    return FacilitiesRefusal.UNKNOWN_OFFICIAL.not_found()
