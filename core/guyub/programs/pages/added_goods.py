"""Goods of one month alone: what was added to its package, more that is added, and what is taken off again."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.funds import items
from guyub.http import FormInput
from guyub.programs import added_goods, cycle_facts, tables
from guyub.programs.added_goods import AddedGoods
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleInAddress, typed, word
from guyub.programs.pages.moved import month_moved, seen_of
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Seen, seen_in

router = APIRouter()
_FIELDS = ("code", "quantity", "price", "per_member", "at_most", "reason", "off", "why")


@router.get(f"{CYCLE}/goods")
def ask_for_goods(request: Request, address: AskedCycle) -> Response:
    return _page(request, address)


@router.post(f"{CYCLE}/goods")
@http.answers_repeats_itself
def change_goods(request: Request, address: AskedCycle, form: FormInput) -> Response:
    """Adds goods, or takes some off: the page has a form for each."""
    work, seen = address.work, seen_in(form)
    taken_off = "off" in form
    try:
        with work.attempt():
            view = address.plannable()
            if taken_off:
                added_goods.take_off(work, view.cycle, word(form, "off"), word(form, "why"), version=seen.version)
            else:
                goods = _goods(address, form)
                today = address.clock.today(work)
                reason = word(form, "reason")
                added_goods.add(work, address.plugins, view.cycle, today, goods, reason, version=seen.version)
    except Invalid as refusal:
        problems = by_field([refusal])
        if taken_off:
            problems = {{"reason": "why", "code": "off"}.get(name, name): text for name, text in problems.items()}
        return _page(request, address, typed(form, *_FIELDS), seen, problems, 422)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _page(request, address, typed(form, *_FIELDS), seen, {}, 409)
    done = (
        Text(id="Barang tambahan dilepas dari bulan ini.", en="The added goods are off this month.")
        if taken_off
        else Text(id="Barang ditambahkan untuk bulan ini saja.", en="The goods are added for this month alone.")
    )
    return http.redirect(request, f"{view.url}/goods", done)


def _goods(address: CycleInAddress, form: FormInput) -> AddedGoods:
    code, quantity, price = (word(form, name) for name in ("code", "quantity", "price"))
    at_most, per_member = word(form, "at_most") or None, word(form, "per_member") == "yes"
    return added_goods.read(address.work, code, quantity, price, at_most, per_member=per_member)


def _page(
    request: Request,
    address: CycleInAddress,
    shown: Mapping[str, str] | None = None,
    seen: Seen | None = None,
    problems: Mapping[str, Text] | None = None,
    status: int = 200,
) -> Response:
    work = address.work
    work.require("programs.open")
    view = address.plannable()
    if view.cycle.state != "planned" and status == 200:
        frozen = Text(
            id="Barang ditambahkan hanya selama bulan direncanakan.",
            en="Goods are added only while the month is planned.",
        )
        return http.redirect(request, f"{view.url}/", frozen, "warning")
    package = cycle_facts.package(work, view.cycle)
    known = items.catalogue(work)
    return http.render(
        request,
        work,
        "programs/added_goods.html",
        status=status,
        month=view,
        package=tables.package(package),
        added=[(line.code, line.item) for line in package if line.reason],
        picks=[(item.code, f"{item.name} ({item.unit})") for item in known.values()],
        typed=shown or {},
        problems=problems or {},
        seen=seen if status == 422 and seen is not None else seen_of(view.cycle),
        moved=month_moved(work, view.cycle, seen) if status == 409 and seen is not None else None,
    )
