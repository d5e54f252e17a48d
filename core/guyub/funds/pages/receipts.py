"""Recording what came in: the kind of receipt, its form, a look at what will be booked, and the booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.funds import days, fund_page, items, receipts, sources, urls
from guyub.funds.arrivals import PromisedGoods
from guyub.funds.fund_page import Terms
from guyub.funds.known_documents import AGAIN, KnownDocument
from guyub.funds.pages.common import CHANGE, CONFIRMED, is_ticked
from guyub.funds.refusals import FundsRefusal
from guyub.http import Clock, FacilityWork, FormInput
from guyub.plugins.crash import naming
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.plugin_proxies import DECLARED
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.errors import Invalid
from guyub.sdk.funding import FundTerms, Posting, Receipt
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.forms import FieldEntry
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}")

LATE = "late"
"""The box that is ticked for a document of a month whose book is closed."""


@router.get("/funds/receive")
def choose(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock) -> Response:
    work.require("funds.receive")
    today = clock.today(work)
    kinds = sources.kinds(work, plugins, today)
    stopped = sources.not_ready(work, plugins, today)
    return http.render(request, work, "funds/receive.html", kinds=kinds, stopped=stopped, at=urls)


@router.get("/funds/receive/{plugin}/{source}/{kind}")
def blank(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, plugin: PluginSlug, source: str, kind: str
) -> Response:
    model = _model(work, plugins, clock, plugin, source, kind)
    if model.page:
        return _to_its_page(request, work.here.code, plugin, model)
    needed = receipts.needed_fields(work, plugins, plugin, source, model, clock.today(work))
    return _form(request, work, plugins, clock, plugin, source, model, forms.blank(model).needing(needed))


@router.post("/funds/receive/{plugin}/{source}/{kind}")
@http.answers_repeats_itself
def receive(
    request: Request,
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    plugin: PluginSlug,
    source: str,
    kind: str,
    form: FormInput,
) -> Response:
    model = _model(work, plugins, clock, plugin, source, kind)
    if model.page:
        return _to_its_page(request, work.here.code, plugin, model)
    # The checks of a receipt are the plugin's own code.
    with naming(plugins.plugin(plugin), f"{source}.{kind}", work.here.code, sentence=DECLARED):
        entry = forms.read(model, form)
    is_shown_again = entry.asks_for_row or bool(form.get(CHANGE))
    needed = receipts.needed_fields(work, plugins, plugin, source, model, clock.today(work))
    entry = replace(entry, is_sent=not is_shown_again).needing(needed)
    if is_shown_again:
        return _form(request, work, plugins, clock, plugin, source, model, entry)
    if entry.model is None:
        return _form(request, work, plugins, clock, plugin, source, model, entry, 422)
    is_late = bool(form.get(LATE))
    booking: Booking | None = None
    try:
        with work.attempt():
            booking = _booking(work, plugins, clock, plugin, source, entry.model, is_late=is_late)
            if form.get(CONFIRMED):
                again = is_ticked(form, AGAIN)
                today = clock.today(work)
                receipts.receive(work, plugins, plugin, source, kind, entry.model, today, late=is_late, again=again)
    except Invalid as refusal:
        if booking is not None and refusal.code == FundsRefusal.RECEIPT_TWICE:
            return _last_look(request, work, plugins, plugin, source, model, entry, booking, refusal)
        return _form(request, work, plugins, clock, plugin, source, model, entry.refused(refusal), 422)
    if not form.get(CONFIRMED):
        return _last_look(request, work, plugins, plugin, source, model, entry, booking)
    return http.redirect(request, urls.fund_url(work.here.code, booking.posting.fund.code), *_said(booking.posting))


def _to_its_page(request: Request, facility: str, plugin: str, model: type[Receipt]) -> Response:
    """Redirects to the page of the plugin: recorded here, a receipt would be missing from what its plugin keeps."""
    message = Text(id="{title} dicatat pada halaman ini.", en="{title} is recorded on this page.").format(
        title=model.title
    )
    return http.redirect(request, urls.own_page_url(facility, plugin, model.page), message, "warning")


def _model(work: Work, plugins: PluginRegistry, clock: Clock, plugin: str, source: str, kind: str) -> type[Receipt]:
    work.require("funds.receive")
    plugins.require_active(work, plugin, clock.today(work))
    return receipts.receipt_type(plugins, plugin, source, kind)


@dataclass(frozen=True, slots=True)
class Booking:
    """Holds what is about to be booked. ``known`` are the terms of the fund when it is there already; ``differing`` tells where
    the form says otherwise: (what, as the fund has it, as the form has it); ``recorded_before`` are receipts of the same document
    or occasion; ``booked_on`` is the day of its line in the book."""

    posting: Posting
    booked_on: date
    known: Terms | None
    differing: tuple[tuple[Text, Text, Text], ...]
    recorded_before: tuple[KnownDocument, ...]
    promised: tuple[PromisedGoods, ...] = ()
    """How the promises of these goods stand afterwards."""
    differences: tuple[Text, ...] = ()
    """Which values are far from what the facility paid last."""


def _booking(
    work: Work, plugins: PluginRegistry, clock: Clock, plugin: str, source: str, receipt: Receipt, *, is_late: bool
) -> Booking:
    checked = receipts.check(work, plugins, plugin, source, receipt.key, receipt, clock.today(work), late=is_late)
    posting = checked.posting
    known = fund_page.terms(work, posting.fund.code)
    differing = tuple(_differing(known, posting.fund)) if known else ()
    return Booking(
        posting, checked.booked_on, known, differing, checked.recorded_before, checked.promised, checked.differences
    )


def _differing(known: Terms, asked: FundTerms) -> list[tuple[Text, Text, Text]]:
    """Returns where the form differs from the terms of the fund: a later receipt keeps those, and whoever books it
    must see that."""
    compared: list[tuple[Text, Any, Any]] = [
        (Text(id="Program", en="Programmes"), _listed(known.programs), _listed(asked.programs)),
        (Text(id="Kategori penerima", en="Recipients"), _listed(known.categories), _listed(asked.categories)),
        (Text(id="Wilayah", en="Areas"), _listed(known.areas), _listed(asked.areas)),
        (Text(id="Dapat dipakai mulai", en="Usable from"), _day(known.usable_from), _day(asked.usable_from)),
        (Text(id="Dapat dipakai sampai", en="Usable until"), _day(known.usable_until), _day(asked.usable_until)),
        (
            Text(id="Biaya selain barang", en="Costs beside goods"),
            _most(known.incidental_costs),
            _most(asked.incidental_costs),
        ),
    ]
    return [(what, there, here) for what, there, here in compared if there != here]


def _listed(codes: Sequence[str]) -> Text:
    if not codes:
        return Text(id="semua", en="any")
    return Text.join(", ", (CATEGORIES.get(code, code) for code in sorted(codes)))


def _most(rupiah: int) -> Text:
    if not rupiah:
        return Text(id="tidak boleh", en="not allowed")
    return Text(id="paling banyak {amount}", en="at most {amount}").format(amount=format_rupiah(rupiah))


def _day(day: date | None) -> Text:
    if day is None:
        return Text(id="tidak dibatasi", en="no limit")
    return Text(id=f"{day:%d-%m-%Y}", en=f"{day:%Y-%m-%d}")


def _said(posting: Posting) -> tuple[Text, str]:
    """Returns what the next page says, and how loudly."""
    value = format_rupiah(posting.money + sum(goods.value for goods in posting.goods))
    booked = Text(id="{value} dicatat ke dana {fund}.", en="{value} was booked to {fund}.").format(
        value=value, fund=posting.fund.name
    )
    if not posting.fund.sensitive:
        return booked, "success"
    return (
        Text(
            id="{booked} Dana ini kini ditandai untuk ditinjau kantor wilayah.",
            en="{booked} The fund is now flagged for review by the regional office.",
        ).format(booked=booked),
        "warning",
    )


def _form(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    clock: Clock,
    plugin: str,
    source: str,
    model: type[Receipt],
    entry: FieldEntry[Any],
    status: int = 200,
) -> Response:
    title = sources.title_of(plugins, plugin, source)
    return http.render(
        request,
        work,
        "funds/receive_form.html",
        status=status,
        title=model.title,
        source=title,
        entry=entry.offering(items.pick_list(items.catalogue(work))) if entry.has_lines else entry,
        days=days.of_receipt(work, plugin, source, clock.today(work)),
        late=LATE in entry.typed,
        at=urls,
    )


def _last_look(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    plugin: str,
    source: str,
    model: type[Receipt],
    entry: FieldEntry[Any],
    booking: Booking,
    refusal: Invalid | None = None,
) -> Response:
    own = ("csrf_token", AGAIN)
    sent = {name: values for name, values in entry.typed.items() if name not in own and not name.startswith("_")}
    return http.render(
        request,
        work,
        "funds/receive_confirm.html",
        status=422 if refusal else 200,
        again=AGAIN,
        problems=by_field([refusal]) if refusal else {},
        title=model.title,
        booking=booking,
        posting=booking.posting,
        entry=replace(entry, typed=_with_rows(sent, entry.rows)),
        confirmed=CONFIRMED,
        change=CHANGE,
        at=urls,
        source=sources.title_of(plugins, plugin, source),
        categories=CATEGORIES,
    )


def _with_rows(sent: Mapping[str, tuple[str, ...]], rows: Mapping[str, int]) -> Mapping[str, tuple[str, ...]]:
    return {**sent, **{f"{name}._rows": (str(count),) for name, count in rows.items()}}
