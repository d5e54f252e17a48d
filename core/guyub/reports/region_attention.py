"""What needs attention in a region: each matter once, with the facilities that it concerns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from guyub.host.plugin_host import PluginHost
from guyub.reports.attention import Kind
from guyub.reports.region import Row
from guyub.reports.region_figures import MonthAt
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.sdk.words import format_day, period_name


@dataclass(frozen=True, slots=True)
class Concerned:
    """A facility that a matter concerns, by name: no order of merit."""

    code: str
    name: str
    detail: Text


@dataclass(frozen=True, slots=True)
class Matter:
    kind: Kind
    what: Text
    remedy: Text
    places: tuple[Concerned, ...] = ()


def of_region(host: PluginHost, rows: Sequence[Row]) -> list[Matter]:
    return [*_not_ready(host, rows), *_late(rows), *_sensitive(rows)]


def _late(rows: Sequence[Row]) -> list[Matter]:
    late = [(row, month) for row in rows for month in (*row.earlier, *row.months) if month.state == "late"]
    if not late:
        return []
    return [
        Matter(
            "warning",
            Text(id="{count} bulan program belum selesai pada waktunya", en="Months not finished in time: {count}")
            .format(count=len(late)),
            Text(
                id="Hari penyaluran atau bulannya sudah lewat dan belum ditutup.",
                en="The day of the distribution, or the month, has passed and it is not closed.",
            ),
            tuple(Concerned(row.place.code, row.place.name, _where_it_stands(month)) for row, month in late),
        )
    ]  # fmt: skip


def _where_it_stands(month: MonthAt) -> Text:
    name = Text(
        id=f"{month.title.id} {period_name(month.period, 'id')}",
        en=f"{month.title.en}, {period_name(month.period, 'en')}",
    )
    day = month.distribution_on
    if day is None:
        return Text(id="{name}, hari penyaluran belum ditetapkan", en="{name}, no day set").format(name=name)
    said = Text(id=format_day(day, "id"), en=format_day(day, "en"))
    if month.step == "distributing":
        return Text(
            id="{name}, penyaluran {day}, {received} dari {listed} keluarga sudah menerima",
            en="{name}, distribution on {day}, {received} of {listed} families served",
        ).format(name=name, day=said, received=month.received, listed=month.listed)
    return Text(id="{name}, dijadwalkan {day}", en="{name}, planned for {day}").format(name=name, day=said)


def _not_ready(host: PluginHost, rows: Sequence[Row]) -> list[Matter]:
    where = Counter(one.slug for row in rows for one in (*row.programs, *row.sources) if not one.ready)
    found = []
    for slug in sorted(where):
        status = host.status(slug)
        assert status.reason is not None
        assert status.remedy is not None
        concerned = [row for row in rows if any(one.slug == slug for one in (*row.programs, *row.sources))]
        nothing = Text(id="", en="")
        places = tuple(Concerned(row.place.code, row.place.name, nothing) for row in concerned)
        found.append(Matter("danger", status.reason, status.remedy, places))
    return found


def _sensitive(rows: Sequence[Row]) -> list[Matter]:
    concerned = [row for row in rows if any(one.sensitive for one in row.money)]
    if not concerned:
        return []
    return [
        Matter(
            "info",
            Text(id="{count} dana perlu Anda tinjau", en="Funds for your review: {count}").format(
                count=sum(one.sensitive for row in concerned for one in row.money)
            ),
            Text(
                id="Keuntungan bahan makanan atau pemberian rekanan, dicatat seperti yang dinyatakan UPT.",
                en="Profit of food supplies or gifts of vendors, recorded as the facilities declare it.",
            ),
            tuple(
                Concerned(
                    row.place.code,
                    row.place.name,
                    Text(id="tersisa {left}", en="{left} left").format(
                        left=format_rupiah(sum(one.sensitive_left for one in row.money))
                    ),
                )
                for row in concerned
            ),
        )
    ]
