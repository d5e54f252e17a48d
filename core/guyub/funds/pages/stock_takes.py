"""Pages of the store: goods are counted or written off, checked before it is booked, read, printed, and taken back."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.access import queries as staff
from guyub.db.unit_of_work import Work
from guyub.funds import (
    items,
    ledger,
    queries,
    stock_card,
    stock_documents,
    stock_take_records,
    stock_takes,
    store,
    tables,
    urls,
)
from guyub.funds.labels import REASONS
from guyub.funds.pages.common import CHANGE, CONFIRMED, carried_on, is_ticked, typed, word
from guyub.funds.refusals import FundsRefusal
from guyub.funds.stock_takes import FOUND, LOSSES, CheckedTake, Present, WrittenLine
from guyub.funds.store import StoredItem
from guyub.http import Clock, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, NotFound, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity
from guyub.sdk.searching import person_key
from guyub.sdk.text import Text
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import NEVER, Seen, in_words, moved, seen_in
from guyub.ui.typed_values import day_at, quantity_at, rupiah_at

router = APIRouter(prefix="/f/{facility}")
STOCK = "/funds/stock"
TAKE = f"{STOCK}/takes/{{year:int}}/{{number:int}}"
ANOTHER = "another"
"""The choice of a witness who has no account here; the name is typed."""


@router.get(f"{STOCK}/takes")
def listed(request: Request, work: FacilityWork) -> Response:
    work.require("funds.read")
    return http.render(
        request, work, "funds/stock_takes.html", takes=tables.STOCK_TAKES.of(stock_take_records.takes(work)), at=urls
    )


@router.get(f"{STOCK}/card/{{item}}")
def card(request: Request, work: FacilityWork, item: str) -> Response:
    work.require("funds.read")
    known = items.catalogue(work).get(item)
    if known is None or known.id is None:
        raise NotFound(*FundsRefusal.NOT_IN_STORE.sentences(given=item))
    item_id = known.id
    rows = [] if http.exports(request) else stock_card.card(work, item_id)
    table = tables.stock_card(known.unit).of(rows, every=lambda work: stock_card.every_row(work, item_id))
    return http.render(request, work, "funds/stock_card.html", item=known, card=table, at=urls)


@router.get(f"{STOCK}/count")
def ask_to_count(request: Request, work: FacilityWork, clock: Clock, fund: str = "") -> Response:
    return _form(request, work, clock, fund, {}, is_count=True)


@router.post(f"{STOCK}/count")
def count(request: Request, work: FacilityWork, clock: Clock, form: FormInput, fund: str = "") -> Response:
    return _take(request, work, clock, fund, form, is_count=True)


@router.get(f"{STOCK}/write-off")
def ask_to_write_off(request: Request, work: FacilityWork, clock: Clock, fund: str = "") -> Response:
    return _form(request, work, clock, fund, {}, is_count=False)


@router.post(f"{STOCK}/write-off")
def write_off(request: Request, work: FacilityWork, clock: Clock, form: FormInput, fund: str = "") -> Response:
    return _take(request, work, clock, fund, form, is_count=False)


def _take(request: Request, work: Work, clock: Clock, fund: str, form: FormData, *, is_count: bool) -> Response:
    work.require("funds.stock")
    ledger.lock(work)
    values, seen = typed(form), seen_in(form)
    try:
        on = day_at(word(form, "on"), "on")
    except Invalid as refusal:
        return _form(request, work, clock, fund, values, is_count=is_count, problems=by_field([refusal]))
    stored = _stored(work, on, fund)
    now = _shown(stored)
    if seen.version == NEVER or (seen.shown.get("_on") == on.isoformat() and moved(seen, now)):
        return _form(request, work, clock, fund, values, is_count=is_count, seen=seen)
    if form.get(CHANGE) or seen.shown.get("_on") != on.isoformat():
        # The books of another day: they are shown before anything is compared with them.
        return _form(request, work, clock, fund, values, is_count=is_count, other_day=not form.get(CHANGE))
    refusals = CollectedRefusals()
    late_on = clock.today(work) if is_ticked(form, "late") else None
    counter, witness, note = (
        _people(work, clock, form, refusals),
        _witness(work, clock, form, refusals),
        word(form, "note"),
    )
    lines = _lines(form, stored, is_count=is_count, refusals=refusals)
    take: CheckedTake | None = None
    try:
        with work.attempt():
            with refusals.collected():
                stock_takes.demand_two(counter, witness)
            with refusals.collected():
                take = stock_takes.check(work, lines, is_count=is_count, on=on, fund_code=fund, late_on=late_on)
            refusals.demand_none()
        # What the books say of its day is said before it is confirmed: it is booked, and taken away again.
        with work.attempt(), work.trial() as tried:
            take = stock_takes.book(
                work,
                lines,
                is_count=is_count,
                on=on,
                counter=counter,
                witness=witness,
                fund_code=fund,
                note=note,
                late_on=late_on,
            )
            if not form.get(CONFIRMED):
                work.run("SET CONSTRAINTS ALL IMMEDIATE")
                tried.take_back()
    except Invalid as refusal:
        return _form(request, work, clock, fund, values, is_count=is_count, problems=by_field([refusal]))
    except Refusal as refusal:
        return _form(request, work, clock, fund, values, is_count=is_count, refused=refusal)
    assert take is not None
    if tried.is_taken_back:
        return _last_look(request, work, form, fund, take, counter, witness, note)
    message = (
        Text(
            id="Stok dihitung: susut {lost}, ditemukan {found}. Cetak dan tandatangani berita acaranya.",
            en="The stock is counted: {lost} written off, {found} found. Print and sign the minutes.",
        )
        if is_count
        else Text(
            id="Barang senilai {lost} dikeluarkan dari gudang. Cetak dan tandatangani berita acaranya.",
            en="Goods worth {lost} were written off. Print and sign the minutes.",
        )
    ).format(lost=format_rupiah(take.lost), found=format_rupiah(take.found))
    assert take.journal_id is not None
    booked = stock_take_records.booked(work, take.journal_id)
    return http.redirect(request, urls.stock_take_url(work.here.code, booked.booked_on, booked.number), message)


def _stored(work: Work, on: date, fund: str) -> Mapping[str, StoredItem]:
    return store.stored_items(work, on, queries.fund(work, fund).id if fund else None)


def _shown(stored: Mapping[str, StoredItem]) -> dict[str, str]:
    """Returns what the form says the books have."""
    return {f"{code}.book": format_quantity(item.book) for code, item in stored.items()}


def _lines(
    form: FormData, stored: Mapping[str, StoredItem], *, is_count: bool, refusals: CollectedRefusals
) -> list[WrittenLine]:
    """Reads the items of which something was filled in. A count of the goods may leave items out: they are not counted."""
    lines = []
    for code, item in stored.items():

        def quantity(name: str, code: str = code, item: StoredItem = item) -> Decimal | None:
            written, field = word(form, f"{code}.{name}"), f"{code}.{name}"
            return quantity_at(written, field, item.unit, item.units) if written else None

        explained: dict[str, Decimal] = {}
        counted = recounted = value = None
        with refusals.collected():
            counted = quantity("counted") if is_count else None
        with refusals.collected():
            recounted = quantity("recounted") if is_count else None
        for reason in (*LOSSES, FOUND) if is_count else LOSSES:
            with refusals.collected():
                explained[reason] = quantity(reason) or Decimal(0)
        with refusals.collected():
            value = rupiah_at(word(form, f"{code}.value"), f"{code}.value") if word(form, f"{code}.value") else None
        if counted is not None or recounted is not None or any(explained.values()):
            lines.append(WrittenLine(code, counted, recounted, explained, value, word(form, f"{code}.remark")))
    return lines


def _people(work: Work, clock: Clock, form: FormData, refusals: CollectedRefusals) -> Present:
    """Returns who counted: the reader's account, or another by name."""
    name = word(form, "counted_by")
    is_reader = bool(name) and person_key(name) == person_key(work.person_name)
    if is_reader:
        return Present(work.person_name, work.person_id)
    return stock_takes.named(work, name, clock.today(work))


def _witness(work: Work, clock: Clock, form: FormData, refusals: CollectedRefusals) -> Present:
    selected, name = word(form, "witness"), word(form, "witness_name")
    if selected and selected != ANOTHER:
        for colleague in staff.people_of(work, clock.today(work)):
            if str(colleague.id) == selected:
                return Present(colleague.full_name, colleague.id)
        refusals.add(FundsRefusal.UNKNOWN_WITNESS.invalid("witness"))
    return stock_takes.named(work, name, clock.today(work)) if selected in ("", ANOTHER) else Present("")


def _last_look(
    request: Request,
    work: Work,
    form: FormData,
    fund: str,
    take: CheckedTake,
    counter: Present,
    witness: Present,
    note: str,
) -> Response:
    return http.render(
        request,
        work,
        "funds/stock_take_confirm.html",
        take=take,
        fund=fund,
        counter=counter,
        witness=witness,
        note=note,
        sent=carried_on(form),
        reasons=REASONS,
        confirmed=CONFIRMED,
        change=CHANGE,
        at=urls,
    )


_TITLE = Text(id="{item} menurut buku", en="{item} in the books")


def _form(
    request: Request,
    work: Work,
    clock: Clock,
    fund: str,
    values: Mapping[str, str],
    *,
    is_count: bool,
    problems: Mapping[str, Text] | None = None,
    refused: Refusal | None = None,
    seen: Seen | None = None,
    other_day: bool = False,
) -> Response:
    """``seen`` is what an older form had shown; ``other_day`` says that the books are shown of another day than before."""
    work.require("funds.stock")
    today = clock.today(work)
    of_fund = queries.fund(work, fund) if fund else None
    try:
        on = day_at(values.get("on") or today.isoformat(), "on")
    except Invalid:
        on = today
    stored = _stored(work, on, fund)
    shown = _shown(stored)
    titles = {f"{code}.book": _TITLE.format(item=item.name) for code, item in stored.items()}
    return http.render(
        request,
        work,
        "funds/stock_take_form.html",
        status=422 if problems else 409 if refused or seen else 200,
        is_count=is_count,
        fund=of_fund,
        stored=_in_words(stored, is_count),
        differing=_differing(stored, values, problems or {}) if is_count else [],
        on=on,
        days=stock_takes.possible_days(work, of_fund.id if of_fund else None, today),
        seen=Seen(0, {"_on": on.isoformat(), **shown}),
        moved=None if seen is None else in_words(seen, shown, titles),
        other_day=other_day,
        witnesses=[
            (str(person_id), name)
            for person_id, name in {each.id: each.full_name for each in staff.people_of(work, today)}.items()
            if person_id != work.person_id
        ],
        another=ANOTHER,
        reasons=REASONS,
        losses=LOSSES,
        typed={"on": on.isoformat(), "counted_by": work.person_name, **values},
        problems=problems or {},
        refused=refused,
        at=urls,
    )


def _in_words(stored: Mapping[str, StoredItem], is_count: bool) -> list[StoredItem]:
    """Returns the items of the form: those that the books have on the day first; a write-off has no others."""
    here = [item for item in stored.values() if item.book]
    return here + [item for item in stored.values() if is_count and not item.book]


def _differing(
    stored: Mapping[str, StoredItem], values: Mapping[str, str], problems: Mapping[str, Text]
) -> Sequence[str]:
    """Returns the items (their codes) whose count is not what the books have, as far as it was filled in and can be read."""
    codes = []
    for code, item in stored.items():
        try:
            result = values.get(f"{code}.recounted") or values.get(f"{code}.counted")
            differs = bool(result) and quantity_at(str(result), "", item.unit, item.units) != item.book
        except Invalid:
            differs = False
        own = any(name.startswith(f"{code}.") and name != f"{code}.counted" for name in problems)
        filled = any(values.get(f"{code}.{name}") for name in ("recounted", "value", "remark", *LOSSES, FOUND))
        if differs or own or filled:
            codes.append(code)
    return codes


@router.get(TAKE)
def read(request: Request, work: FacilityWork, year: int, number: int) -> Response:
    work.require("funds.read")
    take = stock_take_records.take_of(work, year, number)
    counts = stock_take_records.counts_of(work, take.id)
    differences = stock_take_records.differences_of(work, take.id)
    return http.render(
        request,
        work,
        "funds/stock_take.html",
        take=take,
        counts=tables.COUNTS.of(counts),
        differences=tables.DIFFERENCES.of(differences),
        documents=[
            (kind, stock_documents.number_of(work, take, kind)) for kind in stock_documents.kinds_of(take, differences)
        ],
        at=urls,
    )


@router.get(f"{TAKE}/{{kind}}.pdf")
def document(work: FacilityWork, clock: Clock, year: int, number: int, kind: str) -> Response:
    work.require("funds.read")
    take = stock_take_records.take_of(work, year, number)
    differences = stock_take_records.differences_of(work, take.id)
    wanted = stock_documents.KINDS.get(kind)
    if wanted is None or wanted not in stock_documents.kinds_of(take, differences):
        raise FundsRefusal.NO_STOCK_TAKE.not_found(number=number, year=year)
    counts = stock_take_records.counts_of(work, take.id)
    made = stock_documents.print_document(work, take, wanted, counts, differences, clock.now(work))
    return http.download(made.content, made.file_name, made.media_type, inline=True)


@router.get(f"{TAKE}/reverse")
def ask_to_reverse(request: Request, work: FacilityWork, clock: Clock, year: int, number: int) -> Response:
    return _reversal(request, work, clock, year, number, {})


@router.post(f"{TAKE}/reverse")
def reverse(request: Request, work: FacilityWork, clock: Clock, year: int, number: int, form: FormInput) -> Response:
    work.require("funds.stock")
    today = clock.today(work)
    try:
        with work.attempt():
            take = stock_take_records.take_of(work, year, number)
            on = day_at(word(form, "on"), "on")
            late_on = today if is_ticked(form, "late") else None
            stock_take_records.reverse(work, take, reason=word(form, "reason"), on=on, late_on=late_on)
    except Invalid as refusal:
        return _reversal(request, work, clock, year, number, typed(form), problems=by_field([refusal]))
    except Refusal as refusal:
        if refusal.code == FundsRefusal.BELOW_ZERO:
            refusal = FundsRefusal.FOUND_USED.refusal()
        elif isinstance(refusal, NotFound):
            raise
        return _reversal(request, work, clock, year, number, typed(form), refused=refusal)
    message = Text(
        id="Catatan stok {number}/{year} dibatalkan; catatan lamanya tetap tersimpan.",
        en="The stock take {number}/{year} was taken back; its old entry stays in the books.",
    ).format(number=number, year=f"{year}")
    return http.redirect(request, urls.stock_take_url(work.here.code, take.booked_on, number), message, "warning")


def _reversal(
    request: Request,
    work: Work,
    clock: Clock,
    year: int,
    number: int,
    values: Mapping[str, str],
    *,
    problems: Mapping[str, Text] | None = None,
    refused: Refusal | None = None,
) -> Response:
    work.require("funds.stock")
    take = stock_take_records.take_of(work, year, number)
    today = clock.today(work)
    return http.render(
        request,
        work,
        "funds/stock_take_reverse.html",
        status=422 if problems else 409 if refused else 200,
        take=take,
        differences=tables.DIFFERENCES.of(stock_take_records.differences_of(work, take.id)),
        days=stock_take_records.possible_days(work, take, today),
        typed={"on": today.isoformat(), **values},
        problems=problems or {},
        refused=refused,
        at=urls,
    )
