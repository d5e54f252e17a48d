"""The documents of a cycle as one bundle: drawn up from the database, rendered, kept; and the month as a summary."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from guyub.access import audit
from guyub.db.text_lengths import require_length
from guyub.db.unit_of_work import Work
from guyub.documents import numbering, rendering, storage
from guyub.documents.blocks import Document
from guyub.documents.refusals import DocumentsRefusal
from guyub.documents.rendering import Printed
from guyub.documents.storage import KeptDocument, MadeDocument
from guyub.funds import queries as books
from guyub.funds.book_closing import ClosedBook
from guyub.funds.cash_book_document import cash_book_document
from guyub.funds.queries import FundBalance
from guyub.programs import cycle_facts
from guyub.programs.cycles import Cycle, reference
from guyub.programs.documents import days, outdated
from guyub.programs.documents import recipient_list as lists
from guyub.programs.documents import wording as wording
from guyub.programs.documents.activity_report import activity_report
from guyub.programs.documents.decree import decree
from guyub.programs.documents.facts import ActDays, Facts, Paper, gather, of_days
from guyub.programs.documents.minutes import handover_record
from guyub.programs.documents.outdated import Basis
from guyub.programs.documents.recap_workbook import MEDIA_TYPE as WORKBOOK
from guyub.programs.documents.recap_workbook import recap
from guyub.programs.documents.whatsapp import chat_report
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.sdk.unseen import trimmed
from guyub.ui.cells import plain, plain_name
from guyub.ui.months import last_day
from guyub.ui.refusals import UiRefusal

KINDS = {
    "decree": Text(id="SK penetapan penerima", en="Decree naming the recipients"),
    "recipient_list": Text(id="Daftar penerima untuk ditandatangani", en="List of recipients to sign"),
    "receipts": Text(id="Tanda terima", en="Receipts"),
    "cash_book": Text(id="Buku kas umum", en="Cash book"),
    "recipient_list_filled": Text(id="Daftar penyaluran (internal)", en="List as it went (internal)"),
    "handover_record": Text(id="Berita acara serah terima", en="Minutes of the hand-over"),
    "activity_report": Text(id="Laporan kegiatan", en="Activity report"),
    "chat_report": Text(id="Laporan untuk WhatsApp", en="Report for WhatsApp"),
    "recap": Text(id="Rekap Excel", en="Excel recap"),
}
"""In the order of the bundle, as pages call them."""
BEFORE = ("decree", "recipient_list", "receipts", "cash_book")
"""What an approved list already gives; the others tell what was handed over."""

LETTERS = ("decree", "handover_record", "activity_report")
"""They bear a letter number, which the office gives later."""
NUMBER = 120
"""Letters of such a number."""

NAMELESS = ("cash_book",)
"""Drawn up without reading about people: who may make documents but not read the registry may make these."""

_STATES = ("approved", "distributing", "closed")
TEXT = "text/plain; charset=utf-8"


def possible(cycle: Cycle, received: int) -> tuple[str, ...]:
    """Returns the kinds that the state of a cycle and the number of households served allow."""
    if cycle.state not in _STATES:
        return ()
    return tuple(KINDS) if received else BEFORE


def produce_all(work: Work, cycle: Cycle, on: date | None, printed_at: datetime) -> list[KeptDocument]:
    """Makes and keeps every document that the cycle allows today; see ``produce``."""
    return produce(work, cycle, possible(cycle, cycle_facts.figures(work, cycle).received), on, printed_at)


def produce(
    work: Work,
    cycle: Cycle,
    kinds: Sequence[str],
    on: date | None,
    printed_at: datetime,
    numbers: Mapping[str, str] | None = None,
) -> list[KeptDocument]:
    """Makes and keeps the documents of these ``kinds``, in the order of the bundle.

    ``on`` is the day that they bear and to which the cash books run; none: each bears the day of what it tells (``days``), a
    letter whose number is given now the day that it was kept with. ``printed_at`` is a moment with its zone. ``numbers`` are
    letter numbers that the office gave, by kind: a letter is kept with its number, and bears it whenever it is made again.

    All but the ``NAMELESS`` are drawn up from the list of recipients, so they need the registry's reading right as well. Raises
    ``Refusal`` when the cycle does not allow a kind (nothing is approved yet, nothing handed over, no fund has paid where a cash
    book alone is asked for); ``Invalid`` for a day that one of them cannot bear, and for a number of another letter.
    """
    work.require("documents.make")
    work.take_time()
    if any(kind not in NAMELESS for kind in kinds):
        work.require("registry.read")
    _demand_known(kinds)
    today = printed_at.astimezone(ZoneInfo(work.here.zone)).date()
    of_cycle = outdated.of_cycle_now(work, cycle)
    facts = gather(work, cycle, on or today)
    allowed = possible(cycle, facts.figures.received)
    if not kinds or any(kind not in allowed for kind in kinds):
        raise _too_early(kinds, allowed)
    asked = [kind for kind in KINDS if kind in kinds]
    if on is not None:
        days.demand_possible(facts.acts, asked, on, today, KINDS)
    borne = _days_borne(work, cycle, numbers or {}, facts.acts, today)
    day_of = {kind: on or borne.get(kind) or days.usual(facts.acts, kind, today) for kind in asked}
    given = _numbers(work, cycle, numbers or {})
    facts = replace(facts, papers=_papers(work, cycle, day_of, given))
    cash = _books(facts, day_of["cash_book"]) if "cash_book" in day_of else []
    if asked == ["cash_book"] and not cash:
        raise ProgramsRefusal.NO_CASH_BOOK.refusal(day=day_of["cash_book"])
    stated = {*day_of.values(), *(book.signed_on for book in cash)}
    basis = outdated.basis(work, of_cycle, stated, [book.key for book in cash])
    facts = of_days(work, facts, stated)
    printed = Printed(work.person_name or work.login, printed_at, facts.facility.zone)
    files: list[MadeDocument] = []
    for kind in asked:
        of_kind = replace(facts.on_day(day_of[kind]), given_number=given.get(kind, ""))
        made = _make(work, of_kind, kind, printed, basis)
        if kind in (numbers or {}) and numbering.is_of_another(work, cycle.id, kind, made[0].number, day_of[kind].year):
            raise DocumentsRefusal.NUMBER_TAKEN.invalid(f"number.{kind}")
        files += made
    kept = storage.store(work, cycle.id, reference(cycle), files)
    for document in kept:
        if (numbers or {}).get(document.kind):
            audit.record(
                work, "documents.number", reference(cycle), details={"kind": document.kind, "number": document.number}
            )
    return kept


def record_numbers(
    work: Work, cycle: Cycle, numbers: Mapping[str, str], printed_at: datetime, on: date | None = None
) -> list[KeptDocument]:
    """Records the numbers that the office gave to letters of these kinds: each is made anew with it, and kept; see ``produce``.

    Raises ``Invalid`` at ``number.KIND`` for a number that is empty, and for a document that bears none.
    """
    for kind, number in numbers.items():
        if kind not in LETTERS:
            raise DocumentsRefusal.NO_LETTER.invalid(f"number.{kind}", letters=", ".join(LETTERS))
        if not trimmed(number):
            raise UiRefusal.MISSING.invalid(f"number.{kind}")
    return produce(work, cycle, list(numbers), on, printed_at, numbers)


def _demand_known(kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in KINDS:
            near = get_close_matches(kind, KINDS, 1) or list(KINDS)
            raise DocumentsRefusal.UNKNOWN_KIND.invalid("kind", kind=kind, nearest=", ".join(near))


def _days_borne(work: Work, cycle: Cycle, numbers: Mapping[str, str], acts: ActDays, today: date) -> dict[str, date]:
    """Returns the days of the letters that were kept and get a number now: a number changes nothing else of a letter. One whose
    day is no longer possible is left out."""
    return {
        document.kind: document.stated_on
        for document in (storage.known(work, cycle.id) if numbers else [])
        if document.kind in numbers
        and document.stated_on is not None
        and days.possible(acts, [document.kind], today).holds(document.stated_on)
    }


def _numbers(work: Work, cycle: Cycle, typed: Mapping[str, str]) -> dict[str, str]:
    """Returns the letter numbers of a cycle by kind: those that are typed, and those that were given before.

    Raises ``Invalid`` for one that is too long.
    """
    for kind, number in typed.items():
        require_length(number, NUMBER, f"number.{kind}")
    before = {
        document.kind: document.number
        for document in storage.known(work, cycle.id)
        if document.kind in LETTERS and numbering.is_given(document.number)
    }
    return {
        **before,
        **{kind: trimmed(number) for kind, number in typed.items() if trimmed(number) and kind in LETTERS},
    }


def _papers(work: Work, cycle: Cycle, being_made: Mapping[str, date], given: Mapping[str, str]) -> dict[str, Paper]:
    """Returns the documents that there are of a cycle, with those that are being made."""
    kept = {
        document.kind: Paper(given.get(document.kind, ""), document.stated_on)
        for document in storage.known(work, cycle.id)
    }
    return {**kept, **{kind: Paper(given.get(kind, ""), on) for kind, on in being_made.items()}}


def content(work: Work, kept: KeptDocument) -> bytes:
    return storage.load(work, kept.id)[1]


def described(document: KeptDocument, old: Mapping[UUID, Sequence[Text]]) -> dict[str, Any]:
    """Returns a kept document as lists outside of pages have it, ready for JSON; ``changed`` in English where it is outdated."""
    return {
        "id": str(document.id),
        "kind": document.kind,
        "file": document.file_name,
        "title": document.title,
        "number": document.number,
        "stated_on": document.stated_on.isoformat() if document.stated_on else None,
        "made_at": document.made_at.isoformat(),
        "made_by": document.made_by,
        "sha256": document.sha256,
        "outdated": document.id in old,
        "changed": [words.en for words in old.get(document.id, ())],
    }


def summary(work: Work, cycle: Cycle) -> dict[str, Any]:
    """Returns the month in figures, ready for JSON: amounts in whole rupiah; the spending adds up to ``value``."""
    work.require("programs.read")
    figures = cycle_facts.figures(work, cycle)
    ledger, audit_log = books.check_ledger(work), audit.verify(work)
    return {
        "facility": {"code": work.here.code, "name": work.here.name},
        "cycle": cycle.code,
        "households": figures.received,
        "packages": figures.packages,
        "value": figures.value,
        "spending": [
            {"fund": spending.fund, "source": spending.plugin, "amount": spending.amount}
            for spending in books.spending(work, cycle.id)
        ],
        "ledger_check": {"ok": ledger.ok, "checked": ledger.checked, "problems": list(ledger.problems)},
        "audit_check": {"ok": audit_log.ok, "checked": audit_log.checked, "problems": list(audit_log.problems)},
        "documents": [
            {"kind": document.kind, "file": document.file_name, "sha256": document.sha256}
            for document in storage.newest(work, cycle.id)
        ],
    }


_DRAWN: dict[str, Callable[[Facts], Document]] = {
    "decree": decree,
    "recipient_list": lists.to_sign,
    "recipient_list_filled": lists.as_it_went,
    "handover_record": handover_record,
    "activity_report": activity_report,
}


def _make(work: Work, facts: Facts, kind: str, printed: Printed, basis: Basis) -> list[MadeDocument]:
    rests_on = basis.of(kind, facts.on)
    if kind == "chat_report":
        title = f"Laporan WhatsApp {wording.aid(facts)} {wording.period(facts)}"
        name = wording.file_name(facts, "laporan-whatsapp", "txt")
        text = plain(chat_report(facts)).encode()
        return [MadeDocument(kind, title, name, TEXT, text, personal=False, stated_on=facts.on, basis=rests_on)]
    if kind == "recap":
        title = f"Rekap {wording.aid(facts)} {wording.period(facts)}"
        name = wording.file_name(facts, "rekap", "xlsx")
        workbook = recap(facts, printed.at)
        return [MadeDocument(kind, title, name, WORKBOOK, workbook, personal=True, stated_on=facts.on, basis=rests_on)]
    if kind == "cash_book":
        books = _books(facts, facts.on)
        return [
            replace(
                _printed(document, printed, book.signed_on),
                basis=basis.of(kind, book.signed_on, book.key),
                book=book.key,
            )
            for book, document in zip(books, cash_books(facts), strict=True)
        ]
    return [replace(_printed(_draw(work, facts, kind), printed, facts.on), basis=rests_on)]


def _printed(document: Document, printed: Printed, on: date) -> MadeDocument:
    return MadeDocument(
        document.kind,
        document.title,
        document.file_name,
        rendering.MEDIA_TYPE,
        rendering.to_pdf(document, printed),
        document.personal,
        document.number,
        on,
    )


def _draw(work: Work, facts: Facts, kind: str) -> Document:
    if kind == "receipts":
        return lists.receipts(facts, numbering.slip_series(work, facts.cycle.id, kind, facts.on))
    return _DRAWN[kind](facts)


@dataclass(frozen=True, slots=True)
class _Book:
    """The book of a fund for a month: it runs until a day, which is that of its closing where it is closed."""

    fund: FundBalance
    month: date
    until: date
    closing: ClosedBook | None

    @property
    def key(self) -> tuple[UUID, date]:
        return self.fund.id, self.until

    @property
    def signed_on(self) -> date:
        return self.closing.closed_on if self.closing else self.until


def cash_books(facts: Facts) -> list[Document]:
    """Returns the books of the funds that paid for the cycle, of the months in which they did, up to the day of the documents:
    what was paid in December for January stands in December's book. Each is of its last day, and signed by who held the posts."""
    return [_cash_book(facts.on_day(book.signed_on), book) for book in _books(facts, facts.on)]


def _cash_book(facts: Facts, book: _Book) -> Document:
    return cash_book_document(
        book.fund,
        facts.cash_books[book.fund.id],
        book.month,
        book.until,
        file_name=wording.file_name(facts, _name_of_book(facts, book.fund, book.month)),
        letterhead=wording.letterhead(facts),
        paper=wording.paper(facts),
        place=facts.facility.letter_place,
        treasurer=wording.treasurer(facts),
        head=wording.head(facts),
        closing=book.closing,
    )


def _books(facts: Facts, on: date) -> list[_Book]:
    return [
        _Book(fund, month, last_day(month) if closing else max(month, min(last_day(month), on)), closing)
        for fund in facts.funds
        for month in months_of_books(facts, fund, on)
        for closing in [facts.closed_books[fund.id].get(month)]
    ]


def months_of_books(facts: Facts, fund: FundBalance, on: date) -> list[date]:
    """Returns the months in which a line of the fund's book serves the cycle, until a day: none for a fund that paid nothing."""
    lines = [row.on for row in facts.cash_books[fund.id] if row.holder_id == facts.cycle.id and row.on <= on]
    return sorted({day.replace(day=1) for day in lines})


def _name_of_book(facts: Facts, fund: FundBalance, month: date) -> str:
    usual = f"bku-{plain_name(fund.code)}"
    return usual if month == facts.cycle.period else f"{usual}-{month:%Y-%m}"


def _too_early(kinds: Sequence[str], allowed: Sequence[str]) -> Refusal:
    missing = [KINDS[kind] for kind in kinds if kind in KINDS and kind not in allowed] or list(KINDS.values())[:1]
    return ProgramsRefusal.TOO_EARLY.refusal(documents=Text.join(", ", missing))
