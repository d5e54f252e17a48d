"""The list of households: searched, filtered, page by page."""

import re
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import FacilityWork, FormInput, SearchWork
from guyub.registry import labels, queries
from guyub.registry.pages.forms import field_text
from guyub.registry.queries import HouseholdFilter, HouseholdOrder, HouseholdPage, RegistryCounts
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.tables import ARCHIVE, HOUSEHOLDS
from guyub.sdk.errors import Invalid
from guyub.sdk.page_tables import TableQuery
from guyub.sdk.typed import plain
from guyub.sdk.web import Pager

router = APIRouter(prefix="/f/{facility}/households")

_YES_NO = {"yes": True, "no": False}
_DIGITS = 16
_FEWEST_OF_A_NUMBER = 10
"""Digits: so many beside letters are the number of a person with a word before it, fewer are part of a name."""


def _filter(asked: TableQuery) -> HouseholdFilter:
    return HouseholdFilter(
        asked["name"],
        asked["category"],
        _YES_NO.get(asked["surveyed"]),
        _YES_NO.get(asked["received"]),
        asked["archived"] == "yes",
    )


def _total(asked: TableQuery, tallies: dict[str, RegistryCounts]) -> int | None:
    """Returns how many there are in all, as far as the counts by category tell."""
    if asked["name"] or asked["received"] or asked["archived"]:
        return None
    counts = [count for category, count in tallies.items() if asked["category"] in ("", category)]
    in_all, surveyed = sum(count.households for count in counts), sum(count.surveyed for count in counts)
    return {"yes": surveyed, "no": in_all - surveyed}.get(asked["surveyed"], in_all)


@router.get("")
def households(request: Request, work: FacilityWork, after: UUID | None = None, seen: int = 0) -> Response:
    asked = HOUSEHOLDS.query(request.query_params)
    order = HouseholdOrder(asked.sort, asked.descending)
    start = (asked.page - 1) * HOUSEHOLDS.page_size if order.key else seen if after else 0
    work.require("registry.read")
    page = queries.page(work, http.state(request).protector, _filter(asked), after, order=order, start=start)
    tallies = queries.counts(work)
    http.record_households_shown(request, [row.id for row in page.rows])
    return _list(request, work, asked, page, tallies, start=start)


@router.post("")
def search(request: Request, work: SearchWork, form: FormInput) -> Response:
    """Answers a search. Names go into the address, where they can be kept and shared; the number of a person never does."""
    asked = HOUSEHOLDS.query({name: field_text(form, name) for name in form})
    number = re.sub(r"[^0-9]", "", plain(asked["name"]))
    is_name = re.search(r"[^\W\d_]", asked["name"]) is not None and len(number) < _FEWEST_OF_A_NUMBER
    if is_name or not number:
        return http.redirect(request, asked.address(f"/f/{work.here.code}/households"))
    work.require("registry.read")
    wanted = HouseholdFilter(number, archived=asked["archived"] == "yes")
    is_whole = len(number) == _DIGITS
    page = queries.page(work, http.state(request).protector, wanted) if is_whole else HouseholdPage([], None)
    if is_whole and not page.rows and not wanted.archived:
        # Whoever has the number of an archived household wants to know of it.
        page = queries.page(work, http.state(request).protector, HouseholdFilter(number, archived=True))
    tallies = queries.counts(work)
    http.record_households_shown(request, [row.id for row in page.rows])
    if len(page.rows) == 1:
        return http.redirect(request, f"/f/{work.here.code}/households/{page.rows[0].id}")
    wrong = None if is_whole else _not_whole(len(number))
    return _list(request, work, asked, page, tallies, wrong=wrong)


def _list(
    request: Request,
    work: Work,
    asked: TableQuery,
    page: HouseholdPage,
    tallies: dict[str, RegistryCounts],
    *,
    start: int = 0,
    wrong: Invalid | None = None,
) -> Response:
    path, protector = f"/f/{work.here.code}/households", http.state(request).protector
    last, total = start + len(page.rows), _total(asked, tallies)
    wanted, order = _filter(asked), HouseholdOrder(asked.sort, asked.descending)
    # In the order of the list pages follow one another by the last household, so that none is seen twice while some are added.
    onwards = Pager(
        start + 1,
        last,
        total,
        start=asked.address(path) if start else "",
        next=asked.address(path, after=page.next, seen=last) if page.next else "",
    )
    is_archive = asked["archived"] == "yes"
    return http.render(
        request,
        work,
        "registry/list.html",
        status=wrong.status if wrong else 200,
        asked=asked,
        listed=HOUSEHOLDS.part(
            page.rows,
            lambda reading: queries.every_household(reading, protector, wanted, order),
            total=total,
            more=page.next is not None,
            first=start + 1,
            pager=onwards if not order.key and (start or page.next or total is None or total > last) else None,
            name="archived_households" if is_archive else "",
            caption=ARCHIVE if is_archive else None,
        ),
        total=total,
        # What was sent may be the number of a person: it goes into no address.
        shared_name=asked["name"] if request.method == "GET" else "",
        tallies=[(code, label, tallies.get(code, RegistryCounts(0, 0))) for code, label in labels.CATEGORIES.items()],
        wrong=wrong,
    )


def _not_whole(digits: int) -> Invalid:
    return RegistryRefusal.SEARCH_NUMBER.invalid("name", digits=digits)
