"""Phrases and parts that several documents of a cycle share, in the Indonesian of offices."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from guyub.documents import numbering
from guyub.documents.blocks import DocumentPaper, Letterhead
from guyub.documents.signatories import holder_of
from guyub.facilities.queries import OfficialOnDay
from guyub.programs.documents.facts import Facts
from guyub.programs.queries import Recipient
from guyub.programs.refusals import ProgramsRefusal
from guyub.registry.labels import RELATIONSHIPS
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity
from guyub.sdk.words import format_date, format_day, format_time, in_words, period_name, rupiah_in_words

BLANK = numbering.BLANK * 2
MASK_NOTE = "NIK ditampilkan sebagian; nomor lengkap tersimpan pada data penerima di UPT."


def subject(facts: Facts) -> str:
    """Returns the subject: BANTUAN SOSIAL SEMBAKO"""
    return facts.cycle.title.id.upper()


def aid(facts: Facts) -> str:
    """Returns the title as it stands within a sentence: "bantuan sosial sembako"; one that begins with an abbreviation
    keeps its capitals."""
    title = facts.cycle.title.id
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def period(facts: Facts) -> str:
    return period_name(facts.cycle.period)


def letterhead(facts: Facts, *, compact: bool = False) -> Letterhead:
    return Letterhead.of(facts.facility.letterhead, facts.facility.long_name.upper(), compact=compact)


def paper(facts: Facts) -> DocumentPaper:
    return "A4" if facts.facility.paper == "A4" else "F4"


def file_name(facts: Facts, what: str, suffix: str = "pdf") -> str:
    """Returns a name like "rutan-pekalongan-2024-11-daftar-penerima.pdf": in lower case, without spaces, readable in a
    folder of many.
    """
    return f"{facts.facility.code}-{facts.cycle.code}-{what}.{suffix}"


def number(facts: Facts, classification: str) -> str:
    """Returns the letter number: the one that the office gave, else one whose running part is left blank for it.

    Raises ``Refusal`` for a template that is none.
    """
    template = facts.facility.letter_template
    try:
        if facts.given_number:
            return numbering.given_number(template, classification, facts.on.year, facts.given_number)
        return numbering.letter_number(template, classification, facts.on.year)
    except ValueError as error:
        raise ProgramsRefusal.LETTER_TEMPLATE.refusal(template=template) from error


def counted(count: int, what: str) -> str:
    """Returns a number with its word: "5 (lima) keluarga"."""
    return f"{count} ({in_words(count)}) {what}"


def in_full(amount: int) -> str:
    """Returns an amount in full: "Rp150.000 (seratus lima puluh ribu rupiah)" """
    return f"{format_rupiah(amount)} ({rupiah_in_words(amount)})"


def listed(parts: Sequence[str]) -> str:
    """Returns a list: "a", "a dan b", "a, b, dan c": as EYD wants it."""
    if len(parts) < 3:
        return " dan ".join(parts)
    return f"{', '.join(parts[:-1])}, dan {parts[-1]}"


class ContentsLine(Protocol):
    """A line of what one household gets, planned or handed over."""

    @property
    def item(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def value(self) -> int: ...


def contents(lines: Iterable[ContentsLine]) -> str:
    """Returns what one household gets: "beras 5 kg dan gula 1 kg", "uang buku berupa uang sebesar Rp100.000 (seratus ribu
    rupiah)"."""
    lines = list(lines)
    goods = [f"{within(line.item)} {amount(line.quantity, line.unit)}" for line in lines if line.unit]
    money = [f"{within(line.item)} berupa uang sebesar {in_full(line.value)}" for line in lines if not line.unit]
    return " serta ".join(part for part in (listed(goods), listed(money)) if part)


def given(facts: Facts, recipient: Recipient) -> Sequence[ContentsLine]:
    """Returns what a household got; what it is to get while it has not received. What money is for, the list says."""
    planned = facts.packages[recipient.id]
    handed = facts.given.get(recipient.id)
    if recipient.state != "received" or handed is None:
        return planned
    goods = [line for line in handed.lines if line.unit]
    paid = [line for line in handed.lines if not line.unit]
    promised = [line for line in planned if not line.unit]
    as_promised = sum(line.value for line in promised) == sum(line.value for line in paid)
    return [*goods, *(promised if as_promised else paid)]


def within(name: str) -> str:
    """Returns words as they are written within a sentence; what begins with two capitals is an abbreviation and stays."""
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def amount(quantity: Decimal, unit: str) -> str:
    return f"{format_quantity(quantity)} {unit}"


def category(code: str) -> str:
    known = CATEGORIES.get(code)
    return known.id if known else code


def relationship(code: str) -> str:
    """Returns what the recipient is to the inmate, as it is written within a line; "" where no inmate is named."""
    known = RELATIONSHIPS.get(code)
    return known.id.lower() if known else code


_BENEFICIARIES = {
    "inmate_family": "keluarga warga binaan",
    "neighbour": "masyarakat sekitar",
    "institution": "lembaga sosial",
    "former_inmate": "mantan warga binaan",
}


def beneficiaries(facts: Facts) -> str:
    """Returns for whom the month is, by the categories on its list: "keluarga warga binaan dan masyarakat sekitar"."""
    there = {recipient.category for recipient in facts.recipients}
    known = [words for code, words in _BENEFICIARIES.items() if code in there]
    others = sorted(category(code).lower() for code in there - set(_BENEFICIARIES))
    return listed([*known, *others]) or "penerima"


def noun(facts: Facts) -> str:
    """Returns what those on the list are: "keluarga"; "penerima" where an institution is among them."""
    return "penerima" if any(recipient.category == "institution" for recipient in facts.recipients) else "keluarga"


def counted_recipients(facts: Facts, count: int) -> str:
    """Returns a number of recipients: "5 (lima) keluarga"."""
    return counted(count, noun(facts))


def packages(count: int) -> str:
    return f"{count} paket"


def packages_of(recipient: Recipient) -> str:
    """Returns "10 paket" of an institution that receives several; "" of whoever receives one."""
    return packages(recipient.packages) if recipient.packages > 1 else ""


def counts_packages(facts: Facts) -> bool:
    """Returns whether somebody on the list receives more than one package, so that recipients and packages are two numbers."""
    return any(recipient.packages > 1 for recipient in facts.recipients)


def with_packages(facts: Facts, count: int, packages_of_them: int) -> str:
    """Returns a number of recipients, "5 (lima) penerima (14 paket)" where their packages are another number."""
    counted_of = counted_recipients(facts, count)
    return f"{counted_of} ({packages(packages_of_them)})" if counts_packages(facts) else counted_of


def day(facts: Facts) -> str:
    """Returns the day of the hand-over ("Sabtu, 16 November 2024"), of several all of them; before it that of the plan."""
    return days_said(facts.handed_days) or _planned_day(facts)


def days_said(days: Sequence[date]) -> str:
    """Returns up to three days one by one, of more the first and the last."""
    if len(days) > 3:
        return f"{format_day(days[0])} sampai dengan {format_day(days[-1])} ({len(days)} hari)"
    return listed([format_day(on) for on in days])


def hour(facts: Facts) -> str:
    """Returns the hours of the hand-over, "08.10 sampai dengan 09.30 WIB"; before it that of the plan."""
    times = sorted(handed_hours(facts))
    if not times:
        return _planned_hour(facts)
    first, last = times[0].replace(second=0, microsecond=0), times[-1].replace(second=0, microsecond=0)
    until = format_time(last, facts.facility.zone)
    return until if first == last else f"{first:%H.%M} sampai dengan {until}"


def handed_hours(facts: Facts) -> list[time]:
    """Returns at what time of the day each household received, in the facility's zone."""
    zone = ZoneInfo(facts.facility.zone)
    return [row.handed_at.astimezone(zone).time() for row in facts.received if row.handed_at]


def day_of_list(facts: Facts) -> str:
    """Returns the day for which a list to sign is: that of the plan, unless it was handed over on others."""
    return day(facts) if _differs_from_plan(facts) else _planned_day(facts)


def hour_of_list(facts: Facts) -> str:
    return hour(facts) if _differs_from_plan(facts) else _planned_hour(facts)


def plan_that_differs(facts: Facts) -> str:
    """Returns the planned day and hour where the hand-over was on another day; "" where it went as planned."""
    if not _differs_from_plan(facts) or facts.cycle.distribution_on is None:
        return ""
    at = f" pukul {_planned_hour(facts)}" if facts.cycle.starts_at else ""
    return f"{format_day(facts.cycle.distribution_on)}{at}"


def _differs_from_plan(facts: Facts) -> bool:
    return bool(facts.handed_days) and facts.handed_days != [facts.cycle.distribution_on]


def _planned_day(facts: Facts) -> str:
    return format_day(facts.cycle.distribution_on) if facts.cycle.distribution_on else BLANK


def _planned_hour(facts: Facts) -> str:
    return format_time(facts.cycle.starts_at, facts.facility.zone) if facts.cycle.starts_at else BLANK


def place(facts: Facts) -> str:
    return facts.cycle.place or BLANK


def dated(facts: Facts, on: date | None) -> str:
    """Returns place and day: "Pekalongan, 16 November 2024"."""
    return f"{facts.facility.letter_place}, {format_date(on) if on else BLANK}"


def head(facts: Facts) -> OfficialOnDay:
    return holder_of(facts.officials, "head", f"Kepala {facts.facility.name}")


def services(facts: Facts) -> OfficialOnDay:
    return holder_of(facts.officials, "detainee_services", "Petugas Pelayanan")


def treasurer(facts: Facts) -> OfficialOnDay:
    """Returns the activity's treasurer; where none is named, the one who manages the facility's money."""
    role = "treasurer" if "treasurer" in facts.officials else "management"
    return holder_of(facts.officials, role, "Bendahara Kegiatan")


def head_of(facts: Facts) -> str:
    """Returns the office: "Kepala Rumah Tahanan Negara Kelas IIA Pekalongan": the office, whoever holds it."""
    return f"Kepala {facts.facility.long_name}"
