"""Generated regions, exported and planned: nothing would change. Several provinces, all zones, types, classes and ways to end."""

import shutil
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guyub.configuration.bulk_write import ActivationAt, activate_many
from guyub.db.unit_of_work import Database
from guyub.facilities import service
from guyub.facilities.classes import CLASSES, VARIANTS
from guyub.facilities.records import FacilityRecord, FacilityType, OfficialRecord, PaperSize, RegionRecord, Zone
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import load, plan
from guyub.provisioning.export import export
from tests.stored_values import set_values

PROVINCES = ("Contoh Utara", "Contoh Tengah", "Contoh Selatan")
TODAY = date(2026, 11, 25)
DAYS = (date(2024, 5, 1), date(2025, 1, 31), date(2026, 11, 25), date(2027, 3, 1))
words = st.text(st.sampled_from("AB c“”\"'\\#=[]é–"), min_size=1, max_size=12).map(lambda text: f"X{text}")


@st.composite
def facility_records(draw: Any, code: str, region: RegionRecord) -> FacilityRecord:
    facility_type = draw(st.sampled_from(get_args(FacilityType)))
    record = FacilityRecord(
        code=code,
        region=region.code,
        name=draw(words).strip() + code,
        long_name=draw(words),
        facility_type=facility_type,
        facility_class=draw(st.sampled_from(("", *CLASSES[facility_type]))),
        city=draw(words),
        city_code="33.19",
        letter_place=draw(words),
        zone=draw(st.sampled_from(get_args(Zone))),
        paper=draw(st.sampled_from(get_args(PaperSize))),
        letterhead=tuple(draw(st.lists(words, min_size=1, max_size=3))),
        letter_template=draw(st.sampled_from(("", "X-{seq}", "W.1-{seq} {year}"))),
        variant=draw(st.sampled_from(("", *VARIANTS))) if facility_type == "lapas" else "",
        province=draw(st.sampled_from(region.provinces or (region.name,))),
        name_from=draw(st.sampled_from((None, *DAYS[:2]))),
        opened_on=draw(st.sampled_from((None, DAYS[0]))),
    )
    return replace(record, closed_on=DAYS[1]) if draw(st.integers(0, 5)) == 0 else record


@st.composite
def countries(draw: Any) -> tuple[list[RegionRecord], list[FacilityRecord]]:
    regions = [
        RegionRecord(
            f"contoh-{number}",
            draw(st.sampled_from(PROVINCES)) + str(number),
            f"Kanwil Contoh {number}",
            draw(st.sampled_from(("", f"W.{number}"))),
            draw(st.sampled_from(("", "Kota Contoh"))),
            tuple(draw(st.lists(st.sampled_from(PROVINCES), unique=True, max_size=3))),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    facilities = [
        draw(facility_records(f"{region.code}-{number}", region))
        for region in regions
        for number in range(draw(st.integers(0, 3)))
    ]
    return regions, facilities


@st.composite
def values_of(draw: Any, places: int) -> list[tuple[int, str, Any, date]]:
    """Of places by their number: values, switches, and their days."""
    return draw(
        st.lists(
            st.tuples(
                st.integers(0, max(places - 1, 0)),
                st.sampled_from(("quota", "")),
                st.none() | st.integers(1, 30),
                st.sampled_from(DAYS),
            ),
            max_size=6,
        )
    )


def _recorded(work: Any, regions: list[RegionRecord], facilities: list[FacilityRecord]) -> dict[str, Any]:
    """The ids of the facilities by code."""
    service.save_regions(work, regions)
    # One that has closed was there before.
    service.save_facilities(work, [replace(record, closed_on=None) for record in facilities])
    officials = [
        OfficialRecord(record.code, "head", "Kepala", "Budi Contoh", "", "", DAYS[0], None) for record in facilities
    ]
    service.save_officials(work, officials)
    return dict(work.run("SELECT code, id FROM guyub.facility").all())


def of_examples(number: int) -> settings:
    return settings(max_examples=number, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@of_examples(10)
@given(data=st.data(), country=countries())
def test_what_is_exported_plans_nothing(database, plugins, data, country):
    export_and_plan(database, plugins, data, country)


@pytest.mark.deep
@of_examples(60)
@given(data=st.data(), country=countries())
def test_what_is_exported_of_many_countries_plans_nothing(database, plugins, data, country):
    export_and_plan(database, plugins, data, country)


def export_and_plan(database: Database, plugins: PluginRegistry, data: Any, country: Any) -> None:
    regions, facilities = country
    folder = Path(tempfile.mkdtemp())
    try:
        with database.work(database.as_service("tests")) as work:
            ids = _recorded(work, regions, facilities)
            for number, field, value, day in data.draw(values_of(len(facilities))) if facilities else ():
                code = facilities[number].code
                if field:
                    set_values(work, "bansos", {field: value}, valid_from=day, reason="Uji", facility_id=ids[code])
                else:
                    activate_many(work, [ActivationAt(code, "bansos", bool(value), day, "Uji")])
            service.save_facilities(work, [record for record in facilities if record.closed_on is not None])
            export(work, plugins, folder)
            found = plan(work, plugins, load(folder, plugins))
            assert [change.as_json() for change in found.changes] == []
            assert not found.is_blocked
            for region in regions:
                assert plan(work, plugins, load(folder, plugins, region.code)).changes == ()
            assert export(work, plugins, folder).written == ()
            work.session.rollback()
    finally:
        shutil.rmtree(folder)
