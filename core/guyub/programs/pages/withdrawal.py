"""Withdrawing the approval of a month: what it brings about, the reason, and the step."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.programs import withdrawal
from guyub.programs.pages.common import (
    CYCLE,
    AskedCycle,
    CycleInAddress,
    version_asked,
    version_of,
    version_shown,
    word,
)
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()


@router.get(f"{CYCLE}/withdraw")
def ask_to_withdraw(request: Request, address: AskedCycle) -> Response:
    return _page(request, address, {}, "", read=version_asked(request))


@router.post(f"{CYCLE}/withdraw")
@http.answers_repeats_itself
def withdraw(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    read, reason = version_of(form), word(form, "reason")
    try:
        with work.attempt():
            view = address.readable()
            rupiah = withdrawal.withdraw(work, view.cycle, address.clock.today(work), reason, version=read)
    except Invalid as refusal:
        return _page(request, address, by_field([refusal]), reason, 422, read=read)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _page(request, address, {}, reason, 409, read=read)
    withdrawn = Text(
        id="Persetujuan ditarik. {rupiah} kembali ke dananya; daftarnya dapat diubah lagi.",
        en="The approval was withdrawn. {rupiah} went back to its funds; the list can be changed again.",
    )
    return http.redirect(request, f"{view.url}/", withdrawn.format(rupiah=format_rupiah(rupiah)), "warning")


def _page(
    request: Request,
    address: CycleInAddress,
    problems: Mapping[str, Text],
    reason: str,
    status: int = 200,
    *,
    read: int | None,
) -> Response:
    """``read`` is the version that the reader knows; the form keeps it until they pressed and were shown the changes (409)."""
    work = address.work
    work.require("programs.approve")
    view = address.readable()
    if view.cycle.state not in withdrawal.WITHDRAWABLE and status == 200:
        no_approval = Text(
            id="Tidak ada persetujuan yang dapat ditarik.", en="No approval stands that can be withdrawn."
        )
        return http.redirect(request, f"{view.url}/", no_approval, "warning")
    return http.render(
        request,
        work,
        "programs/withdraw.html",
        status=status,
        month=view,
        preview=withdrawal.preview(work, view.cycle),
        problems=problems,
        **version_shown(request, work, view.cycle, read, pressed=status == 409),
        reason=reason,
    )
