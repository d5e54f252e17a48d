"""The page where the book of a fund is closed for the month that comes next: what it says, what was counted, who signs."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.facilities.queries import OfficialOnDay
from guyub.funds import book_closing, ledger, queries, urls
from guyub.funds.book_closing import ClosableMonth
from guyub.funds.pages.common import month_of, typed, word
from guyub.http import Clock, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Period, Text
from guyub.ui.months import following
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import Moved, Seen, demand_shown, in_words, seen_in
from guyub.ui.typed_values import rupiah_at

router = APIRouter(prefix="/f/{facility}")
CLOSE = "/funds/fund/{code}/close"
_TITLES = {
    "month": Text(id="Bulan yang ditutup", en="Month to close"),
    "opening": Text(id="Saldo sebelumnya", en="Balance before"),
    "received": Text(id="Penerimaan", en="Received"),
    "paid": Text(id="Pengeluaran", en="Paid"),
    "balance": Text(id="Saldo akhir bulan", en="Balance at its end"),
    "through": Text(id="Dapat ditutup sampai", en="Can be closed to"),
    "end": Text(id="Saldo pada akhirnya", en="Balance at the end of that"),
}
_MONTHS = ("month", "through")


@router.get(CLOSE)
def ask_to_close(request: Request, work: FacilityWork, clock: Clock, code: str) -> Response:
    return _page(request, work, code, clock.today(work), {})


@router.post(CLOSE)
def close(request: Request, work: FacilityWork, clock: Clock, code: str, form: FormInput) -> Response:
    today, seen = clock.today(work), seen_in(form)
    try:
        with work.attempt():
            work.require("funds.close")
            ledger.lock(work)
            demand_shown(seen, _shown(work, queries.fund(work, code).id, today).shown)
            refusals = CollectedRefusals()
            with refusals.collected():
                cash_in_hand = rupiah_at(word(form, "cash_in_hand"), "cash_in_hand")
            with refusals.collected():
                bank = rupiah_at(word(form, "bank"), "bank")
            refusals.demand_none()
            closed = book_closing.close(
                work,
                code,
                month_of(word(form, "month")),
                today,
                cash_in_hand=cash_in_hand,
                bank=bank,
                explanation=word(form, "explanation"),
                through=month_of(word(form, "through")) if word(form, "through") else None,
            )
    except Invalid as refusal:
        return _page(request, work, code, today, typed(form), problems=by_field([refusal]))
    except Moved:
        return _page(request, work, code, today, typed(form), seen=seen)
    except Refusal as refusal:
        return _page(request, work, code, today, typed(form), refused=refusal)
    message = Text(
        id="Buku sampai {month} ditutup dengan saldo {balance}. Cetak dan tandatangani bukunya.",
        en="The book to {month} is closed with a balance of {balance}. Print and sign it.",
    ).format(month=Period(closed.month), balance=format_rupiah(closed.balance))
    return http.redirect(request, urls.fund_url(work.here.code, code), message)


def _shown(work: Work, fund_id: UUID, today: date) -> Seen:
    """Returns what the page says of the month that is closed next, and of the last that can be closed with it; its version is
    how many lines the first of them has."""
    month = book_closing.month_to_close(work, fund_id)
    if month is None:
        return Seen(0)
    book = book_closing.book_of_month(work, fund_id, month)
    figures = {"opening": book.opening, "received": book.received, "paid": book.paid, "balance": book.balance}
    last = {}
    for closable in book_closing.closable(work, fund_id, today)[-1:]:
        last = {"through": _code(closable.month), "end": format_rupiah(closable.balance)}
    return Seen(
        book.lines,
        {"month": _code(month), **{name: format_rupiah(amount) for name, amount in figures.items()}, **last},
    )


def _code(month: date) -> str:
    return f"{month:%Y-%m}"


def _choices(months: Sequence[ClosableMonth]) -> list[tuple[str, Text]]:
    """Returns to which months the book can be closed in one press: the first, the last before the one with entries, that one,
    and the last of all."""
    ends = [0, *(number - 1 for number, month in enumerate(months) if month.lines)]
    ends += [*(number for number, month in enumerate(months) if month.lines), len(months) - 1]
    return [
        (_code(months[end].month), _choice(months[end], end + 1))
        for end in sorted({end for end in ends if 0 <= end < len(months)})
    ]


def _choice(month: ClosableMonth, count: int) -> Text:
    words = _ONE_MONTH if count == 1 else _MONTHS_TO
    return words.format(month=Period(month.month), count=count, balance=format_rupiah(month.balance))


_ONE_MONTH = Text(id="{month} saja, saldo {balance}", en="{month} alone, balance {balance}")
_MONTHS_TO = Text(
    id="Semua sampai {month}: {count} bulan, saldo {balance}", en="All to {month} ({count}), balance {balance}"
)


def _named(official: OfficialOnDay) -> str:
    return f"{official.heading} {official.name}".rstrip()


def _page(
    request: Request,
    work: Work,
    code: str,
    today: date,
    typed_values: Mapping[str, str],
    *,
    problems: Mapping[str, Text] | None = None,
    refused: Refusal | None = None,
    seen: Seen | None = None,
) -> Response:
    """``seen`` is what an older form had shown."""
    work.require("funds.close")
    fund = queries.fund(work, code)
    month = book_closing.month_to_close(work, fund.id)
    now = _shown(work, fund.id, today)
    choices = _choices(book_closing.closable(work, fund.id, today))
    treasurer, head = book_closing.signatories(work, today)
    return http.render(
        request,
        work,
        "funds/close.html",
        status=422 if problems else 409 if refused or seen else 200,
        fund=fund,
        month=month,
        is_over=month is not None and month < today.replace(day=1),
        possible_from=following(month) if month else None,
        book=book_closing.book_of_month(work, fund.id, month) if month else None,
        closed=book_closing.closed_books(work, fund.id)[:1],
        signatories=[_named(official) for official in (treasurer, head)],
        choices=choices if len(choices) > 1 else [],
        today=today,
        typed=typed_values,
        seen=now,
        moved=None if seen is None else in_words(seen, now.shown, _TITLES, _MONTHS),
        problems=problems or {},
        refused=refused,
        at=urls,
    )
