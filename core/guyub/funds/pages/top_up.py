"""More money for an item that turned out dearer than planned: a decision of its own, with a reason."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.funds import added_money, ledger, purchase_list, urls
from guyub.funds.pages.common import amount_to_add, typed, word
from guyub.funds.pages.purchase_view import LIST, PurchaseView, shopping_of
from guyub.funds.purchase_list import FundForItem, NeededItem
from guyub.funds.refusals import FundsRefusal
from guyub.funds.tables import PAYERS, Payer
from guyub.http import Clock, CycleCode, FacilityWork, FormInput
from guyub.plugins.dependencies import Plugins
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import Moved, Seen, demand_shown, in_words, seen_in

router = APIRouter(prefix="/f/{facility}")
_TITLES = {
    "wanted": Text(id="Masih perlu dibeli", en="Still to be bought"),
    "held": Text(id="Dicadangkan", en="Reserved"),
    "free": Text(id="Dana bebas", en="Free money"),
}


@router.get(f"{LIST}/top-up")
def ask_for_more(
    request: Request,
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    cycle: CycleCode,
    item: str,
    amount: str = "",
) -> Response:
    work.require("funds.topup")
    view = shopping_of(work, plugins, clock, cycle)
    payers = purchase_list.payers(work, view.lines, item, clock.today(work))
    return _page(request, work, view, item, payers, {"amount": group(int(amount)) if amount.isdecimal() else ""})


@router.post(f"{LIST}/top-up")
def top_up(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, cycle: CycleCode, form: FormInput
) -> Response:
    item, seen, has_moved, today = word(form, "item"), seen_in(form), False, clock.today(work)
    refused: Refusal | None = None
    problems: Mapping[str, Text] = {}
    try:
        with work.attempt():
            work.require("funds.topup")
            ledger.lock(work)
            view = shopping_of(work, plugins, clock, cycle)
            payers = purchase_list.payers(work, view.lines, item, today)
            demand_shown(seen, _shown(view, item, payers).shown)
            refusals = CollectedRefusals()
            with refusals.collected():
                amount = amount_to_add(work, view.lines, item, word(form, "amount"), today)
            with refusals.collected():
                reason = added_money.reason_to_top_up(word(form, "reason"))
            refusals.demand_none()
            added = added_money.top_up(work, view.holder, item, amount, reason=reason, on=today)
            name = next(needed.name for needed in view.wanted if needed.item == item)
    except Invalid as refusal:
        problems = by_field([refusal])
    except Moved:
        has_moved = True
    except Refusal as refusal:
        if refusal.code not in (FundsRefusal.BELOW_ZERO, "programs.campaign_spending"):
            raise
        refused = refusal
    else:
        message = Text(
            id="{amount} ditambahkan untuk {name}: {funds}. Belanjanya sekarang dapat dicatat.",
            en="{amount} was added for {name}: {funds}. Its purchase can be recorded now.",
        ).format(amount=format_rupiah(amount), name=name, funds=added_money.in_words(added))
        return http.redirect(request, urls.purchases_url(work.here.code, view.code), message)
    view = shopping_of(work, plugins, clock, cycle)
    payers = purchase_list.payers(work, view.lines, item, today)
    return _page(request, work, view, item, payers, typed(form), problems, refused, seen if has_moved else None)


def _shown(view: PurchaseView, item: str, payers: Sequence[FundForItem]) -> Seen:
    """Returns what the page says of the item and of the money for it."""
    wanted = _wanted(view, item)
    free = format_rupiah(sum(payer.free for payer in payers))
    shown = {"wanted": format_quantity(wanted.quantity), "held": format_rupiah(wanted.held), "free": free}
    return Seen(len(payers), shown)


def _wanted(view: PurchaseView, item: str) -> NeededItem:
    wanted = next((needed for needed in view.wanted if needed.item == item), None)
    if wanted is None:
        raise added_money.nothing_to_top_up(item)
    return wanted


def _page(
    request: Request,
    work: Work,
    view: PurchaseView,
    item: str,
    payers: Sequence[FundForItem],
    typed: Mapping[str, str],
    problems: Mapping[str, Text] | None = None,
    refused: Refusal | None = None,
    seen: Seen | None = None,
) -> Response:
    """``seen`` is what an older form had shown."""
    wanted, now = _wanted(view, item), _shown(view, item, payers)
    return http.render(
        request,
        work,
        "funds/top_up.html",
        status=422 if problems else 409 if refused or seen else 200,
        view=view,
        wanted=wanted,
        payers=PAYERS.of(Payer(payer, wanted.unit) for payer in payers),
        free=sum(payer.free for payer in payers),
        typed=typed,
        seen=now,
        moved=None if seen is None else in_words(seen, now.shown, _TITLES),
        problems=problems or {},
        refused=refused,
        at=urls,
    )
