"""What is done to places before a test begins: who manages them, new regions, facilities that change, move and end.

Each verb goes through the services that files and pages go through, so that no test begins in a state that nobody can reach.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, Literal

from guyub.db.unit_of_work import Database, Work
from guyub.facilities import service
from guyub.facilities.records import FacilityRecord, RegionRecord

JAWA_TENGAH = "jawa-tengah"
ANOTHER_REGION = RegionRecord("contoh", "Contoh", "Kanwil Contoh", "", "")


def managed_by(
    database: Database, door: Literal["files", "web"], *facilities: str, regions: Sequence[str] = (JAWA_TENGAH,)
) -> None:
    """These facilities and regions are changed by this door; without facilities, all of them are."""
    with database.work(database.as_service("tests")) as work:
        for region in regions:
            service.set_region_managed_by(work, region, door)
        work.run(
            "SELECT guyub.set_managed_by(id, :door) FROM guyub.facility WHERE code = ANY (:codes) OR :codes = '{}'",
            door=door,
            codes=list(facilities),
        )


def codes_of(database: Database, facility_type: str = "") -> tuple[str, ...]:
    """The codes of all facilities in their order, or of those of one type."""
    with database.work(database.as_service("tests")) as work:
        return tuple(
            work.run(
                "SELECT code FROM guyub.facility WHERE facility_type = :type OR :type = '' ORDER BY code",
                type=facility_type,
            ).scalars()
        )


def move_facility(database: Database, code: str, region: str, since: date) -> None:
    """From that day on it is under another region, which is made where there is none of this code."""
    if region == ANOTHER_REGION.code:
        add_regions(database)
    change_facility(database, code, region=region, name_from=since)


def add_regions(database: Database, *regions: RegionRecord) -> None:
    """Adds these regions, or ``ANOTHER_REGION`` where none is named."""
    with database.work(database.as_service("tests")) as work:
        service.save_regions(work, regions or (ANOTHER_REGION,))


def another_region_of_one_rutan(database: Database) -> None:
    """Adds ``ANOTHER_REGION`` with ``rutan-contoh``, which runs nothing, in another zone."""
    add_regions(database)
    add_facilities(database, small_facility("rutan-contoh", zone="Asia/Makassar"))


def add_facilities(database: Database, *facilities: FacilityRecord) -> None:
    with database.work(database.as_service("tests")) as work:
        service.save_facilities(work, facilities)


def small_facility(code: str, region: str = ANOTHER_REGION.code, **details: Any) -> FacilityRecord:
    """A Rutan with no more than a facility needs."""
    least = FacilityRecord(
        code=code,
        region=region,
        name="Rutan Contoh",
        long_name="Rumah Tahanan Negara Contoh",
        facility_type="rutan",
        facility_class="",
        city="Kota Contoh",
        city_code="",
        letter_place="Contoh",
        zone="Asia/Jakarta",
        paper="F4",
        letterhead=(),
        letter_template="",
    )
    return replace(least, **details)


def record_of(database: Database, code: str) -> FacilityRecord:
    """A facility as its file would have it now."""
    with database.work(database.as_service("tests")) as work:
        return record_in(work, code)


def record_in(work: Work, code: str) -> FacilityRecord:
    columns = ", ".join(f"f.{field.name}" for field in fields(FacilityRecord) if field.name not in _OF_OTHERS)
    row = work.run(
        f"""SELECT {columns}, g.code AS region, COALESCE(s.code, '') AS merged_into
            FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
            LEFT JOIN guyub.facility s ON s.id = f.merged_into WHERE f.code = :code""",
        code=code,
    ).one()
    held = row._asdict()
    return FacilityRecord(**held | {"letterhead": tuple(held["letterhead"])})


def change_facility(database: Database, code: str, **details: Any) -> None:
    """Renames it, moves it to another region, or what else its file says; ``details`` are fields of its record."""
    add_facilities(database, replace(record_of(database, code), **details))


def close_facility(database: Database, code: str, day: date, successor: str = "") -> None:
    """Its last day; ``successor`` is the code of the facility into which it is merged."""
    change_facility(database, code, closed_on=day, merged_into=successor)


_OF_OTHERS = ("region", "merged_into")
