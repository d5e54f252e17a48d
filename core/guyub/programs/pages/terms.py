"""Quota and package of a month that is planned: what they are, what the configuration says now, and the change."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.programs import cycle_facts, cycle_funds, terms
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleInAddress, typed, word
from guyub.programs.pages.moved import MonthMoved, month_moved, seen_of
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.parsing import parse_whole_number
from guyub.ui.problems import NO_NUMBER, by_field
from guyub.ui.seen import Seen, seen_in, typed_anew

router = APIRouter()


@router.get(f"{CYCLE}/terms")
def ask_for_terms(request: Request, address: AskedCycle) -> Response:
    return _page(request, address)


@router.post(f"{CYCLE}/terms")
@http.answers_repeats_itself
def set_terms(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    seen = seen_in(form)
    try:
        with work.attempt():
            view = address.plannable()
            terms.set_terms(
                work,
                address.plugins,
                view.cycle,
                address.clock.today(work),
                quota=_quota(form),
                follows_package=word(form, "package") == "yes",
                reason=word(form, "reason"),
                version=seen.version,
            )
    except Invalid as refusal:
        return _page(request, address, form, seen, by_field([refusal]), 422)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _page(request, address, form, seen, {}, 409)
    changed = Text(
        id="Kuota dan isi bantuan disimpan. Periksa lagi siapa yang terpilih.",
        en="Quota and package were saved. Check again who is selected.",
    )
    counted = cycle_facts.counts(work, view.cycle)
    possible = counted.get("candidate", 0) + counted.get("selected", 0)
    if not possible or _quota(form) <= possible:
        return http.redirect(request, f"{view.url}/candidates", changed)
    more = Text(
        id="{saved} Kuotanya lebih dari calon yang memenuhi syarat ({possible}).",
        en="{saved} The quota is more than the candidates who are eligible ({possible}).",
    ).format(saved=changed, possible=possible)
    return http.redirect(request, f"{view.url}/candidates", more, "warning")


def _quota(form: FormData) -> int:
    try:
        return parse_whole_number(word(form, "quota"))
    except ValueError:
        raise Invalid(ProgramsRefusal.NO_NEW_TERMS, *NO_NUMBER, "quota") from None


def _page(
    request: Request,
    address: CycleInAddress,
    form: FormData | None = None,
    seen: Seen | None = None,
    problems: Mapping[str, Text] | None = None,
    status: int = 200,
) -> Response:
    work = address.work
    work.require("programs.open")
    view = address.plannable()
    if view.cycle.state != "planned" and status == 200:
        frozen = Text(
            id="Kuota dan isi bantuan berubah hanya selama bulan direncanakan.",
            en="Quota and package change only while the month is planned.",
        )
        return http.redirect(request, f"{view.url}/", frozen, "warning")
    now = {"quota": str(view.cycle.quota)}
    moved = _moved(address, seen, now) if status == 409 else None
    shown: Mapping[str, object] = now | {"package": "", "reason": ""}
    if form is not None:
        sent = typed(form, "quota", "package", "reason")
        shown = sent if moved is None or seen is None else typed_anew(seen, sent, now)
    return http.render(
        request,
        work,
        "programs/terms.html",
        status=status,
        month=view,
        present=terms.present(work, address.plugins, view.cycle, address.clock.today(work)),
        selected=cycle_facts.counts(work, view.cycle).get("selected", 0),
        funds=cycle_funds.of_cycle(work, view.cycle),
        typed=shown,
        problems=problems or {},
        seen=seen if status == 422 and seen is not None else seen_of(view.cycle, now),
        moved=moved,
    )


def _moved(address: CycleInAddress, seen: Seen | None, now: Mapping[str, str]) -> MonthMoved | None:
    if seen is None:
        return None
    return month_moved(address.work, address.readable().cycle, seen, now)
