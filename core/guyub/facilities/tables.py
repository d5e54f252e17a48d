"""The declared tables of facilities: those of a region, and names and officials of one through time."""

from datetime import date

from guyub.facilities.details import DetailChange
from guyub.facilities.history import EVER, ListedFacility, MovedAway, NameHeld, PostHeld
from guyub.facilities.labels import TYPES, ZONES, kind_of
from guyub.facilities.queries import OfficialOnDay
from guyub.sdk.page_tables import Code, Column, Filter, Sentence, Table, Value
from guyub.sdk.text import Text
from guyub.sdk.words import format_date

BY_FILES, BY_WEB = Text(id="berkas", en="files"), Text(id="web", en="the web")
_ACTIVE = Code("at_work", Text(id="bekerja", en="active"), "success")
_CLOSED = Code("closed", Text(id="tutup", en="closed"))
_SINCE = Text(id="sejak {day}", en="since {day}")
_MERGED = Text(id="{day}, digabung ke {name}", en="{day}, merged into {name}")
_UNKNOWN = Text(id="belum dicatat", en="not recorded")
_IN_OFFICE = Code("in_office", Text(id="menjabat", en="in office"), "success")
_FROM = Text(id="mulai {day}", en="from {day}")
_BEGINNING, _NOW = Text(id="sejak awal", en="the beginning"), Text(id="sekarang", en="now")


def managed_through(managed_by: str) -> Text:
    return BY_FILES if managed_by == "files" else BY_WEB


def _state(row: ListedFacility) -> Value:
    if row.closed_on is None:
        return _ACTIVE, Sentence(_SINCE, day=row.opened_on) if row.opened_on else None
    if row.successor:
        return _CLOSED, Sentence(_MERGED, day=row.closed_on, name=row.successor)
    return _CLOSED, row.closed_on


def facilities(several_provinces: bool) -> Table[ListedFacility]:
    """Returns the table of those of a region; a region of several provinces names that of each."""
    return Table(
        name="facilities_of_this_region",
        caption=Text(id="UPT di wilayah ini", en="Facilities of this region"),
        main=True,
        columns=(
            Column(
                "facility",
                Text(id="UPT", en="Facility"),
                lambda row: row.name,
                link=lambda row, base: f"/f/{row.code}/profile",
            ),
            Column("type", Text(id="Jenis", en="Type"), lambda row: kind_of(row.facility_type, row.variant)),
            Column("class", Text(id="Kelas", en="Class"), lambda row: row.facility_class),
            Column(
                "city",
                Text(id="Kota/kabupaten", en="City"),
                lambda row: row.city,
                below=(Column("province", Text(id="Provinsi", en="Province")),) if several_provinces else (),
            ),
            Column("zone", Text(id="Zona", en="Zone"), lambda row: ZONES[row.zone]),
            Column("head", Text(id="Kepala", en="Head"), lambda row: row.head or _UNKNOWN),
            Column(
                "managed_through",
                Text(id="Dikelola melalui", en="Managed through"),
                lambda row: managed_through(row.managed_by),
            ),
            Column("state", Text(id="Keadaan", en="State"), _state),
        ),
        filters=(
            Filter("type", Text(id="Jenis", en="Type"), lambda row: TYPES[row.facility_type]),
            Filter(
                "managed_through",
                Text(id="Dikelola melalui", en="Managed through"),
                lambda row: managed_through(row.managed_by),
            ),
            Filter("state", Text(id="Keadaan", en="State"), lambda row: _CLOSED if row.closed_on else _ACTIVE),
        ),
    )


MOVED: Table[MovedAway] = Table(
    name="moved_to_other_regions",
    caption=Text(id="Pindah ke wilayah lain", en="Moved to other regions"),
    columns=(
        Column("facility", Text(id="UPT", en="Facility"), lambda row: row.name),
        Column("region_now", Text(id="Wilayah sekarang", en="Region now"), lambda row: row.region),
        Column("since", Text(id="Sejak", en="Since"), kind="date"),
    ),
)

SIGNING: Table[OfficialOnDay] = Table(
    name="who_signs_on_that_day",
    caption=Text(id="Yang menandatangani pada hari itu", en="Who signs on that day"),
    columns=(
        Column("post", Text(id="Jabatan", en="Post"), lambda row: row.heading),
        Column("name", Text(id="Nama", en="Name")),
        Column("nip", Text(id="NIP", en="NIP")),
    ),
)


def posts(today: date) -> Table[PostHeld]:
    """Returns the table of officials through time, as they stand on a day."""

    def until(row: PostHeld) -> Value:
        if row.until is not None:
            return row.until
        if row.since <= today:
            return _IN_OFFICE
        starts = Text(id=format_date(row.since), en=format_date(row.since, "en"))
        return Code(f"from_{row.since:%Y_%m_%d}", _FROM.format(day=starts), "info")

    return Table(
        name="officials_through_time",
        caption=Text(id="Pejabat dari waktu ke waktu", en="Officials through time"),
        columns=(
            Column("post", Text(id="Jabatan", en="Post"), lambda row: row.official.heading),
            Column("name", Text(id="Nama", en="Name"), lambda row: row.official.name),
            Column("since", Text(id="Sejak", en="Since"), kind="date"),
            Column("until", Text(id="Sampai", en="Until"), until),
            Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="post_action"),
        ),
    )


NAMES: Table[NameHeld] = Table(
    name="names_through_time",
    caption=Text(id="Nama dari waktu ke waktu", en="Names through time"),
    columns=(
        Column(
            "name",
            Text(id="Nama", en="Name"),
            lambda row: row.name,
            below=(Column("long_name", Text(id="Nama lengkap", en="Full name")),),
        ),
        Column("region", Text(id="Wilayah", en="Region")),
        Column("since", Text(id="Sejak", en="Since"), lambda row: _BEGINNING if row.since == EVER else row.since),
        Column("until", Text(id="Sampai", en="Until"), lambda row: row.until or _NOW),
        Column("recorded_by", Text(id="Dicatat oleh", en="Recorded by"), lambda row: row.actor),
    ),
)

CHANGES: Table[DetailChange] = Table(
    name="what_changes",
    caption=Text(id="Yang berubah", en="What changes"),
    fixed=True,
    columns=(
        Column("field", Text(id="Isian", en="Field"), lambda row: row.label),
        Column("now", Text(id="Sekarang", en="Now"), lambda row: row.before),
        Column("becomes", Text(id="Menjadi", en="Becomes"), lambda row: row.after),
    ),
)
