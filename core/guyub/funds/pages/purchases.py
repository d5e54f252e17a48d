"""The shopping of a month: the list as a form, recorded one note at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.funds import (
    added_money,
    days,
    incidental_costs,
    items,
    ledger,
    money_requests,
    promises,
    purchase_check,
    purchase_list,
    purchases,
    urls,
)
from guyub.funds.incidental_costs import ExtraCost
from guyub.funds.items import Item
from guyub.funds.known_documents import AGAIN
from guyub.funds.note_division import BookedItem, TooDear
from guyub.funds.pages.common import CHANGE, CONFIRMED, carried_on, is_ticked, typed, word
from guyub.funds.pages.purchase_view import LIST, PurchaseView, shopping_of
from guyub.funds.purchase_check import CheckedNote
from guyub.funds.purchase_list import NeededItem
from guyub.funds.purchase_list import PurchasedItem as Earlier
from guyub.funds.refusals import FundsRefusal
from guyub.funds.tables import SHOPPING, notes
from guyub.http import Clock, CycleCode, FacilityWork, FormInput
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text
from guyub.ui.language import readers_language
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import NEVER, SEEN, Difference, Seen, moved, seen_in, typed_anew
from guyub.ui.typed_values import day_at, quantity_as_written, quantity_at, rupiah_at

router = APIRouter(prefix="/f/{facility}")
SURPLUS, BONUS = "surplus", "bonus"
"""The box that puts surplus goods into the stock; the goods that a shop added free of charge."""
COST_LINES = 3


@router.get(LIST)
def shopping_list(
    request: Request,
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    cycle: CycleCode,
    note: UUID | None = None,
) -> Response:
    """Shows the list; ``note`` is the request for more money whose note fills the form again."""
    view = shopping_of(work, plugins, clock, cycle)
    bought = purchase_list.bought(work, view.holder)
    today = clock.today(work)
    typed = {f"{needed.item}.quantity": _as_shown(needed) for needed in view.wanted}
    asked = money_requests.request_of(work, note) if note else None
    if asked is not None and asked.holder_id == view.holder:
        anew = typed_anew(seen_in(asked.note), asked.note, _wanted(view))
        typed = {name: str(value) for name, value in anew.items() if name != SEEN}
    return _page(request, work, view, bought, today, typed={"on": today.isoformat(), **typed})


@router.post(LIST)
def buy(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, cycle: CycleCode, form: FormInput
) -> Response:
    work.require("funds.spend")
    ledger.lock(work)
    view = shopping_of(work, plugins, clock, cycle)
    today = clock.today(work)
    if seen_in(form).version == NEVER or moved(seen_in(form), _wanted(view)):
        return _moved(request, work, view, form, today)
    if form.get(CHANGE):
        return _again(request, work, plugins, clock, cycle, form, [], status=200)
    note = _read(form, view.wanted, today, items.catalogue(work))
    if note.problems:
        return _again(request, work, plugins, clock, cycle, form, note.problems)
    late_on = today if word(form, "late") else None
    checked: CheckedNote | None = None
    try:
        with work.attempt():
            checked = purchase_check.check(
                work,
                view.holder,
                note.bought,
                supplier=note.supplier,
                evidence=note.evidence,
                on=note.on,
                late_on=late_on,
                costs=note.costs,
            )
            if form.get(CONFIRMED):
                if checked.surplus and not is_ticked(form, SURPLUS):
                    raise FundsRefusal.SURPLUS_UNCONFIRMED.invalid(SURPLUS)
                purchases.buy(
                    work,
                    view.holder,
                    note.bought,
                    supplier=note.supplier,
                    evidence=note.evidence,
                    on=note.on,
                    late_on=late_on,
                    costs=note.costs,
                    with_surplus=True,
                    again=is_ticked(form, AGAIN),
                )
    except Invalid as refusal:
        if checked is not None and refusal.code in (FundsRefusal.NOTE_TWICE, FundsRefusal.SURPLUS_UNCONFIRMED):
            return _last_look(request, work, view, form, note, checked, refusal)
        return _again(request, work, plugins, clock, cycle, form, [refusal])
    except TooDear as refusal:
        return _again(request, work, plugins, clock, cycle, form, [], refusal)
    if not form.get(CONFIRMED):
        return _last_look(request, work, view, form, note, checked)
    spent = format_rupiah(checked.cost)
    message = Text(id="Belanja {spent} dicatat.", en="A purchase of {spent} was recorded.").format(spent=spent)
    return http.redirect(request, urls.purchases_url(work.here.code, view.code), message)


def _last_look(
    request: Request,
    work: Work,
    view: PurchaseView,
    form: FormData,
    note: "Note",
    checked: CheckedNote,
    refusal: Invalid | None = None,
) -> Response:
    """Returns the note as it would be booked, and what is worth a second look."""
    return http.render(
        request,
        work,
        "funds/purchase_confirm.html",
        status=422 if refusal else 200,
        view=view,
        note=note,
        checked=checked,
        sent=carried_on(form, AGAIN, SURPLUS),
        again=AGAIN,
        surplus=SURPLUS,
        ticked={name for name in (AGAIN, SURPLUS) if is_ticked(form, name)},
        problems=by_field([refusal]) if refusal else {},
        confirmed=CONFIRMED,
        change=CHANGE,
        at=urls,
    )


def _wanted(view: PurchaseView) -> dict[str, str]:
    """Returns what the controls of the quantities show at first."""
    return {f"{needed.item}.quantity": format_quantity(needed.quantity) for needed in view.wanted}


def _moved(request: Request, work: Work, view: PurchaseView, form: FormData, today: date) -> Response:
    """Returns the list as it is now, after another note was recorded, with what was typed."""
    earlier = purchase_list.bought(work, view.holder)
    seen, now = seen_in(form), _wanted(view)
    titles = {f"{needed.item}.quantity": needed.name for needed in view.wanted}
    lines = [
        Difference(
            Text.same(titles.get(name, name.partition(".")[0])),
            Text.same(seen.shown.get(name) or "–"),
            Text.same(now.get(name) or "0"),
        )
        for name in moved(seen, now)
    ]
    shown = {name: str(value) for name, value in typed_anew(seen, typed(form), now).items()}
    return _page(request, work, view, earlier, today, typed=shown, status=409, differences=lines)


def _again(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    clock: Clock,
    cycle: str,
    form: FormData,
    problems: Sequence[Invalid],
    too_dear: TooDear | None = None,
    status: int | None = None,
) -> Response:
    """Returns the list with what was typed and what is wrong with it."""
    view = shopping_of(work, plugins, clock, cycle)
    earlier = purchase_list.bought(work, view.holder)
    return _page(
        request,
        work,
        view,
        earlier,
        clock.today(work),
        typed=typed(form),
        problems=by_field(problems),
        too_dear=too_dear,
        status=status or (422 if problems else 409),
    )


@dataclass(frozen=True, slots=True)
class Note:
    """Holds what the form says of one note; ``problems`` name their fields."""

    bought: Sequence[BookedItem]
    costs: Sequence[ExtraCost]
    supplier: str
    evidence: str
    on: date
    problems: Sequence[Invalid]


def _read(form: FormData, wanted: Sequence[NeededItem], today: date, goods: Mapping[str, Item]) -> Note:
    """Reads the form. An item without a cost is not on the note, as long as its quantity was left as it was."""
    bought, problems, on = [], [], today
    for needed in wanted:
        quantity, cost = f"{needed.item}.quantity", f"{needed.item}.cost"
        if not word(form, cost) and word(form, quantity) in ("", _as_shown(needed)):
            continue
        refusals = CollectedRefusals()
        with refusals.collected():
            amount = quantity_at(word(form, quantity), quantity, needed.unit, goods[needed.item].units)
            as_written = quantity_as_written(word(form, quantity), needed.unit, goods[needed.item].units)
        with refusals.collected():
            rupiah = _cost(word(form, cost), cost)
        if not refusals:
            bought.append(BookedItem(needed.item, amount, rupiah, as_written))
        problems += refusals.refusals
    bonus = CollectedRefusals()
    with bonus.collected():
        bought += _bonus(form, goods)
    costs = _costs(form, bonus)
    problems += bonus.refusals
    if not bought and not costs and not problems:
        problems.append(FundsRefusal.NOTHING_BOUGHT.invalid(f"{wanted[0].item}.cost" if wanted else ""))
    for name, missing in (("supplier", FundsRefusal.NO_SUPPLIER), ("evidence", FundsRefusal.NO_NOTE_NUMBER)):
        if not word(form, name):
            problems.append(missing.invalid(name))
    try:
        on = _day(word(form, "on"), today)
    except Invalid as refusal:
        problems.append(refusal)
    return Note(bought, costs, word(form, "supplier"), word(form, "evidence"), on, problems)


def _bonus(form: FormData, goods: Mapping[str, Item]) -> list[BookedItem]:
    """Returns what the shop added free of charge, as far as the form names any."""
    code, text = word(form, BONUS), word(form, f"{BONUS}.quantity")
    if not code and not text:
        return []
    if code not in goods:
        raise items.unknown(goods, code, BONUS)
    item = goods[code]
    quantity = quantity_at(text, f"{BONUS}.quantity", item.unit, item.units)
    return [BookedItem(code, quantity, 0, quantity_as_written(text, item.unit, item.units))]


def _costs(form: FormData, refusals: CollectedRefusals) -> list[ExtraCost]:
    """Returns the lines of the note that are no goods."""
    costs = []
    for line in range(COST_LINES):
        purpose, rupiah = word(form, f"costs.{line}.purpose"), word(form, f"costs.{line}.rupiah")
        if not purpose and not rupiah:
            continue
        with refusals.collected():
            if not purpose:
                raise FundsRefusal.NO_PURPOSE.invalid(f"costs.{line}.purpose")
        with refusals.collected():
            costs.append(ExtraCost(purpose, _cost(rupiah, f"costs.{line}.rupiah"), line))
    return costs


def _as_shown(needed: NeededItem) -> str:
    return format_quantity(needed.quantity, readers_language())


def _cost(text: str, field: str) -> int:
    cost = rupiah_at(text, field)
    if cost <= 0:
        raise FundsRefusal.RUPIAH.invalid(field)
    return cost


def _day(text: str, today: date) -> date:
    on = day_at(text, "on")
    if on > today:
        raise FundsRefusal.NOTE_NOT_YET.invalid("on")
    return on


def _page(
    request: Request,
    work: Work,
    view: PurchaseView,
    earlier: Sequence[Earlier],
    today: date,
    *,
    typed: Mapping[str, str],
    problems: Mapping[str, Text] | None = None,
    too_dear: TooDear | None = None,
    status: int = 200,
    differences: Sequence[Difference] | None = None,
) -> Response:
    shown = Seen(len(earlier), _wanted(view))
    known = items.catalogue(work)
    return http.render(
        request,
        work,
        "funds/purchases.html",
        status=status,
        view=view,
        moved=differences,
        seen=shown,
        to_buy=SHOPPING.of(view.wanted, without=[] if work.may("funds.topup") else ["action"]),
        earlier=notes(list(earlier)),
        typed=typed,
        days=days.of_holder(work, view.holder, today),
        problems=problems or {},
        too_dear=too_dear,
        sent={**{name: value for name, value in typed.items() if not name.startswith("_")}, SEEN: str(shown)},
        requests=money_requests.of_holder(work, view.holder),
        recorded={line.evidence for line in earlier if line.reversed_on is None},
        missing=_missing(work, view, too_dear, today),
        allowing=[fund for fund in incidental_costs.funds_of(work, view.holder) if fund.left],
        cost_lines=COST_LINES,
        bonus=BONUS,
        goods=[("", ""), *((item.code, f"{item.name} ({item.unit})") for item in known.values())],
        other_units={item.code: item.other_units for item in known.values() if item.units},
        at=urls,
        origin=str(request.base_url).rstrip("/"),
    )


@dataclass(frozen=True, slots=True)
class MissingMoney:
    """Describes what must be added for an item (its code) before a note can be recorded, where the one who may adds it, and how
    its funds would divide it; ``shortages`` say what of it they have not free."""

    item: str
    name: str
    amount: int
    url: str
    division: Text
    shortages: Text | None


def _missing(work: Work, view: PurchaseView, too_dear: TooDear | None, today: date) -> list[MissingMoney]:
    if too_dear is None:
        return []
    free = promises.free_money(work, list({line.fund_id for line in view.lines}), today)
    missing = []
    for item, amount in too_dear.needed().items():
        lines = [line for line in view.lines if line.item == item]
        adding = added_money.by_fund(added_money.divide(lines, amount, free), free)
        missing.append(
            MissingMoney(
                item,
                lines[0].name,
                amount,
                urls.top_up_url(work.here.code, view.code, item, amount),
                added_money.in_words(adding),
                added_money.shortages(adding) if any(fund.missing for fund in adding) else None,
            )
        )
    return missing
