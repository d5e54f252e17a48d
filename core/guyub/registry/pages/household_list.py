"""The list of households: searched, filtered, page by page."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import FacilityWork, FormInput, SearchWork
from guyub.registry import labels, queries
from guyub.registry.pages.forms import said
from guyub.registry.queries import HouseholdFilter, HouseholdPage, RegistryCounts
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.sdk.web import Pager

router = APIRouter(prefix="/f/{facility}/households")

_SURVEYED = {"yes": True, "no": False}
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the reader looks for, as the address has it."""

    name: str = ""
    category: str = ""
    surveyed: str = ""
    archived: str = ""

    def as_filter(self) -> HouseholdFilter:
        return HouseholdFilter(self.name, self.category, _SURVEYED.get(self.surveyed), self.archived == "yes")

    def url(self, path: str, **more: object) -> str:
        given = {"name": self.name, "category": self.category, "surveyed": self.surveyed, "archived": self.archived}
        query = urlencode({name: value for name, value in (given | more).items() if value})
        return f"{path}?{query}" if query else path

    def total(self, tallies: dict[str, RegistryCounts]) -> int | None:
        """How many there are in all, as far as the counts by category tell."""
        if self.name or self.archived:
            return None
        counts = [count for category, count in tallies.items() if self.category in ("", category)]
        in_all, surveyed = sum(count.households for count in counts), sum(count.surveyed for count in counts)
        return {"yes": surveyed, "no": in_all - surveyed}.get(self.surveyed, in_all)


@router.get("")
def households(
    request: Request,
    work: FacilityWork,
    name: str = "",
    category: str = "",
    surveyed: str = "",
    archived: str = "",
    after: UUID | None = None,
    seen: int = 0,
) -> Response:
    asked = _Asked(name, category, surveyed, archived)
    work.require("registry.read")
    size = http.rows_of_page(request, queries.PAGE)
    found = queries.page(work, http.state(request).protector, asked.as_filter(), after, size)
    tallies = queries.counts(work)
    http.record_households_shown(request, [row.id for row in found.rows])
    return _list(request, work, asked, found, tallies, seen=seen if after else 0)


@router.post("")
def search(request: Request, work: SearchWork, form: FormInput) -> Response:
    """Names go into the address, where they can be kept and shared; the number of a person never does."""
    asked = _Asked(*(said(form, name) for name in ("name", "category", "surveyed", "archived")))
    number = re.sub(r"[^0-9]", "", asked.name)
    if not number:
        return http.redirect(request, asked.url(f"/f/{work.here.code}/households"))
    work.require("registry.read")
    wanted = HouseholdFilter(number, archived=asked.archived == "yes")
    is_whole = len(number) == _DIGITS
    found = queries.page(work, http.state(request).protector, wanted) if is_whole else HouseholdPage([], None)
    tallies = queries.counts(work)
    http.record_households_shown(request, [row.id for row in found.rows])
    if len(found.rows) == 1:
        return http.redirect(request, f"/f/{work.here.code}/households/{found.rows[0].id}")
    wrong = None if is_whole else _not_whole(len(number))
    return _list(request, work, asked, found, tallies, wrong=wrong)


def _list(
    request: Request,
    work: Work,
    asked: _Asked,
    found: HouseholdPage,
    tallies: dict[str, RegistryCounts],
    *,
    seen: int = 0,
    wrong: Invalid | None = None,
) -> Response:
    path = f"/f/{work.here.code}/households"
    last, total = seen + len(found.rows), asked.total(tallies)
    return http.render(
        request,
        work,
        "registry/list.html",
        status=wrong.status if wrong else 200,
        asked=asked,
        found=found.rows,
        total=total,
        pager=Pager(
            seen + 1,
            last,
            total,
            start=asked.url(path) if seen else "",
            next=asked.url(path, after=found.next, seen=last) if found.next else "",
        )
        if seen or found.next or total is None or total > last
        else None,
        tallies=[(code, label, tallies.get(code, RegistryCounts(0, 0))) for code, label in labels.CATEGORIES.items()],
        wrong=wrong,
        words=labels,
    )


def _not_whole(digits: int) -> Invalid:
    return Invalid(
        "registry.search_number",
        Text(
            id="NIK dan No. KK terdiri atas 16 angka; yang diisi {digits} angka.",
            en="A NIK or family card number has 16 digits; this has {digits}.",
        ).format(digits=digits),
        Text(id="Lengkapi nomornya, atau cari dengan nama.", en="Complete the number, or search by name."),
        "name",
    )
