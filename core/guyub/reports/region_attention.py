"""Holds what needs attention in a region: each matter once, with the facilities that it concerns."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.attention_items import ORDER, TONES, AttentionLevel
from guyub.reports.attention_of_money import BOOKS_TO_CLOSE
from guyub.reports.attention_of_months import OUTDATED_DOCUMENTS
from guyub.reports.region import FacilityRow, UnopenedProgram
from guyub.reports.region_figures import MonthAt
from guyub.sdk.facility import Facility
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Period, Text, Weekday

SOON_DAYS = 3
"""A distribution this near should have its approval."""
NOTHING = Text(id="", en="")
NOT_IN_TIME = Text(
    id="{count} bulan program belum selesai pada waktunya",
    en="{count} months of programmes are not finished in time",
    en_one="{count} month of a programme is not finished in time",
)
TO_REVIEW = Text(
    id="Keuntungan bahan makanan atau pemberian rekanan, dicatat seperti yang dinyatakan UPT. Peninjau di kantor wilayah "
    "memeriksa dasar tertulisnya pada halaman UPT.",
    en="Profit of food supplies or gifts of vendors, recorded as the facilities declare it. The regional office's reviewer "
    "checks the written basis on the facility's page.",
)
ASK_THE_PLUGIN = Text(
    id="Buka halaman plugin ini di UPT yang disebut; petugasnya menindaklanjuti.",
    en="Open the plugin's page at the places named; their staff see to it.",
)
ASK_THE_PLACE = Text(
    id="Minta petugas UPT yang disebut menindaklanjuti.", en="Ask the staff of the places named to see to it."
)


@dataclass(frozen=True, slots=True)
class AffectedPlace:
    """A facility that a matter concerns, by name: no order of merit."""

    code: str
    name: str
    detail: Text
    url: str


@dataclass(frozen=True, slots=True)
class AttentionGroup:
    kind: AttentionLevel
    what: Text
    remedy: Text
    places: tuple[AffectedPlace, ...] = ()


def most_urgent_first(matters: Iterable[AttentionGroup]) -> list[AttentionGroup]:
    return sorted(matters, key=lambda matter: ORDER.index(matter.kind))


def of_region(plugins: PluginRegistry, region: str, rows: Sequence[FacilityRow], today: date) -> list[AttentionGroup]:
    """Returns the most urgent first. Asks nothing of the database: what the overview of a month read says it all.

    ``region`` is its code.
    """
    return [
        *_not_ready(plugins, rows),
        *_late(region, rows),
        *_not_approved(region, rows, today),
        *_sensitive(rows),
        *_books_to_close(rows),
        *_outdated_documents(rows),
    ]


def matter(
    kind: AttentionLevel, what: Text, remedy: Text, places: Sequence[AffectedPlace], count: str | int
) -> list[AttentionGroup]:
    """Returns one item, or none where it concerns nobody; ``what`` names the ``count``."""
    return [AttentionGroup(kind, what.format(count=count), remedy, tuple(places))] if places else []


def _concerned(row: FacilityRow, detail: Text = NOTHING, below: str = "") -> AffectedPlace:
    return AffectedPlace(row.place.code, row.place.name, detail, f"/f/{row.place.code}/{below}")


def _late(region: str, rows: Sequence[FacilityRow]) -> list[AttentionGroup]:
    late = [
        *(
            _at_month(region, row, month)
            for row in rows
            for month in (*row.earlier, *row.months)
            if month.state == "late"
        ),
        *(
            _concerned(row, _never_opened(program))
            for row in rows
            for program in (*row.never_opened, *row.not_opened)
            if program.state == "late"
        ),
    ]
    return matter(
        "warning",
        NOT_IN_TIME,
        Text(
            id="Petugas UPT membuka, menyelesaikan dan menutup bulannya, atau pejabatnya membatalkan bila tidak dilaksanakan. "
            "Kirim pengingat dari menu Pengingat.",
            en="The facility's staff open, finish and close the month, or its official cancels it where it does not take place. "
            "Send a reminder from the menu.",
        ),
        late,
        len(late),
    )


def _never_opened(program: UnopenedProgram) -> Text:
    assert program.open_by is not None
    return Text(id="{title} {month}, belum dibuka (batas {day})", en="{title}, {month}, not opened (by {day})").format(
        title=program.title, month=Period(program.period), day=Weekday(program.open_by)
    )


def _at_month(region: str, row: FacilityRow, month: MonthAt) -> AffectedPlace:
    """Leads to the figures of that month: its own page shows people, whom the office does not see."""
    url = f"/region/{region}/facilities/{row.place.code}/cycles?month={month.period:%Y-%m}"
    return AffectedPlace(row.place.code, row.place.name, _where_it_stands(month), url)


_HOUSEHOLDS = Text(id="{count} keluarga", en="{count} households", en_one="{count} household")


def _where_it_stands(month: MonthAt) -> Text:
    name = Text(id="{title} {month}", en="{title}, {month}").format(title=month.title, month=Period(month.period))
    day = month.distribution_on
    if day is None:
        return Text(id="{name}, hari penyaluran belum ditetapkan", en="{name}, no day set").format(name=name)
    if month.step == "distributing":
        return Text(
            id="{name}, penyaluran {day}, {received} dari {households} sudah menerima",
            en="{name}, distribution on {day}, {received} of {households} received",
        ).format(
            name=name, day=Weekday(day), received=month.received, households=_HOUSEHOLDS.format(count=month.listed)
        )
    return Text(id="{name}, dijadwalkan {day}", en="{name}, planned for {day}").format(name=name, day=Weekday(day))


def _not_approved(region: str, rows: Sequence[FacilityRow], today: date) -> list[AttentionGroup]:
    soon = [
        (row, month)
        for row in rows
        for month in row.months
        if month.state in ("planned", "proposed")
        and month.distribution_on is not None
        and 0 <= (month.distribution_on - today).days <= SOON_DAYS
    ]
    return matter(
        "warning",
        Text(
            id="{count} penyaluran sudah dekat dan belum disetujui",
            en="{count} distributions are near and not approved",
            en_one="{count} distribution is near and not approved",
        ),
        Text(
            id="Pejabat UPT menyetujui usulannya, atau menetapkan hari lain.",
            en="The facility's official approves the proposal, or sets another day.",
        ),
        [_at_month(region, row, month) for row, month in soon],
        len(soon),
    )


def _not_ready(plugins: PluginRegistry, rows: Sequence[FacilityRow]) -> list[AttentionGroup]:
    where = Counter(plugin.slug for row in rows for plugin in (*row.programs, *row.sources) if not plugin.ready)
    items = []
    for slug in sorted(where):
        status = plugins.status(slug)
        assert status.reason is not None
        assert status.remedy is not None
        concerned = [row for row in rows if any(program.slug == slug for program in (*row.programs, *row.sources))]
        places = tuple(_concerned(row) for row in concerned)
        items.append(AttentionGroup("danger", status.reason, status.remedy, places))
    return items


def _sensitive(rows: Sequence[FacilityRow]) -> list[AttentionGroup]:
    concerned = [row for row in rows if any(money.sensitive for money in row.money)]
    return matter(
        "info",
        Text(
            id="{count} dana perlu Anda tinjau",
            en="{count} funds need your review",
            en_one="{count} fund needs your review",
        ),
        TO_REVIEW,
        [_concerned(row, _sensitive_left(row)) for row in concerned],
        sum(money.sensitive for row in concerned for money in row.money),
    )


def _books_to_close(rows: Sequence[FacilityRow]) -> list[AttentionGroup]:
    waiting = [
        (row, row.waiting.books, row.waiting.books_of)
        for row in rows
        if row.waiting and row.waiting.books and row.waiting.books_of
    ]
    return matter(
        "info",
        BOOKS_TO_CLOSE,
        Text(
            id="Bendahara UPT menghitung uangnya dan menutup bukunya, bulan demi bulan.",
            en="The facility's treasurer counts the money and closes the book, month by month.",
        ),
        [_concerned(row, _SINCE.format(count=books, month=Period(month))) for row, books, month in waiting],
        sum(books for _, books, _ in waiting),
    )


_SINCE = Text(id="{count} buku, sejak {month}", en="{count} books, since {month}", en_one="{count} book, since {month}")


def _outdated_documents(rows: Sequence[FacilityRow]) -> list[AttentionGroup]:
    outdated = [
        (row, row.waiting.documents, row.waiting.documents_of)
        for row in rows
        if row.waiting and row.waiting.documents and row.waiting.documents_of
    ]
    return matter(
        "info",
        OUTDATED_DOCUMENTS,
        Text(
            id="Sesuatu berubah sejak dokumennya dibuat; petugas UPT membuatnya lagi.",
            en="Something changed since they were made; the facility's staff make them anew.",
        ),
        [_concerned(row, _DOCUMENTS_SINCE.format(count=count, month=Period(month))) for row, count, month in outdated],
        sum(count for _, count, _ in outdated),
    )


_DOCUMENTS_SINCE = Text(
    id="{count} dokumen, sejak {month}", en="{count} documents, since {month}", en_one="{count} document, since {month}"
)


def _sensitive_left(row: FacilityRow) -> Text:
    left = format_rupiah(sum(money.sensitive_left for money in row.money))
    return Text(id="tersisa {left}", en="{left} left").format(left=left)


def from_plugins(
    work: Work, plugins: PluginRegistry, region: str, rows: Sequence[FacilityRow], today: date
) -> list[AttentionGroup]:
    """Returns what plugins want seen to at the region's facilities; ``region`` is its code. Each plugin is asked once for
    all."""
    active: dict[str, list[Facility]] = {}
    for row in rows:
        for program in (*row.programs, *row.sources):
            place = Facility(row.place.id, row.place.code, row.place.name, row.place.zone, region)
            active.setdefault(program.slug, []).append(place)
    by_id = {row.place.id: row for row in rows}
    places_of: dict[tuple[AttentionLevel, Text], list[AffectedPlace]] = {}
    for facility_id, shown in plugins.hooks.region_attention(work, active, today, region):
        places = places_of.setdefault((TONES[shown.item.tone], shown.item.text), [])
        if facility_id in by_id:
            page = f"p/{shown.slug}{shown.item.path}" if shown.item.path else ""
            places.append(_concerned(by_id[facility_id], below=page))
    return [
        AttentionGroup(
            kind, what, ASK_THE_PLUGIN if any("/p/" in place.url for place in places) else ASK_THE_PLACE, tuple(places)
        )
        for (kind, what), places in places_of.items()
    ]
