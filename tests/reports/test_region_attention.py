"""What needs attention in a region, said by the room or plugin that knows it, with the places and a remedy."""

from datetime import date
from importlib.metadata import EntryPoint, entry_points

from guyub.access import sign_in
from guyub.configuration.assembly import plugin_registry
from guyub.db.unit_of_work import Database, SessionCredential
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from guyub.reports import region, region_attention
from guyub.reports.recap.facts import set_days
from tests.config_changes import set_active
from tests.reports.conftest import Statements
from tests.reports.test_region_overview import NOVEMBER, THURSDAY, _jateng


def said(database: Database, plugins: PluginRegistry, today: date, open_by: str = "") -> dict[str, list[str]]:
    """Each matter with the codes of its places; ``open_by`` is the day that the office sets."""
    with database.work(SessionCredential(sign_in.session_for(database, "kanwil", "tests"))) as work:
        if open_by:
            set_days(work, _jateng(work), "5", open_by)
        view = region.overview(work, plugins, _jateng(work), NOVEMBER, today)
    found = region_attention.of_region(plugins, "jawa-tengah", view.rows, today)
    assert all(matter.remedy.id and matter.remedy.en for matter in found)
    return {matter.what.id: [place.code for place in matter.places] for matter in found}


def test_a_programme_not_opened_by_the_offices_own_day_is_named(database: Database, plugins: PluginRegistry):
    named = {"2 bulan program belum selesai pada waktunya": ["rutan-pekalongan", "rutan-kebumen"]}
    assert said(database, plugins, date(2024, 11, 10)) == {}
    assert said(database, plugins, date(2024, 11, 11)) == named
    assert said(database, plugins, date(2024, 11, 4), "3") == named
    assert said(database, plugins, date(2024, 11, 19), "20") == {}


def test_a_distribution_that_is_near_and_not_approved_is_named(
    database: Database, plugins: PluginRegistry, proposed: Cycle
):
    near = "1 penyaluran sudah dekat dan belum disetujui"
    assert near not in said(database, plugins, date(2024, 11, 12))
    assert said(database, plugins, THURSDAY)[near] == ["rutan-pekalongan"]


def test_what_is_late_leads_to_its_month_and_says_who_does_what(
    database: Database, plugins: PluginRegistry, approved: Cycle
):
    with database.work(SessionCredential(sign_in.session_for(database, "kanwil", "tests"))) as work:
        view = region.overview(work, plugins, _jateng(work), NOVEMBER, date(2024, 11, 20))
    late = next(
        item
        for item in region_attention.of_region(plugins, "jawa-tengah", view.rows, date(2024, 11, 20))
        if item.what.id.startswith("2 bulan program belum selesai")
    )
    assert [place.url for place in late.places] == [
        "/region/jawa-tengah/facilities/rutan-pekalongan/cycles?month=2024-11",
        "/f/rutan-kebumen/",
    ]
    assert (
        late.places[1].detail.id
        == "Bantuan sosial sembako November 2024, belum dibuka (batas Minggu, 10 November 2024)"
    )
    assert "menutup bulannya" in late.remedy.id


def test_a_plugin_is_asked_once_for_all_facilities_and_with_one_query(database: Database, statements: Statements):
    entries = [*entry_points(group="guyub"), EntryPoint("offices", "tests.reports.a_plugin:offices", "guyub")]
    plugins = plugin_registry(entries)
    with database.work(database.as_service("tests")) as work:
        for facility in work.run("SELECT id FROM guyub.facility").scalars().all():
            set_active(work, plugins, "offices", facility, True, date(2024, 11, 1), "contoh")
    with database.work(SessionCredential(sign_in.session_for(database, "kanwil", "tests"))) as work:
        rows = region.overview(work, plugins, _jateng(work), NOVEMBER, THURSDAY).rows
        with statements() as seen:
            [matter] = region_attention.from_plugins(work, plugins, "jawa-tengah", rows, THURSDAY)
    assert len([item for item in seen if "SAVEPOINT" not in item and not item.startswith("SET LOCAL")]) == 1
    assert (matter.kind, matter.what.id) == ("danger", "Kunjungan terlewat")
    assert matter.remedy.id.startswith("Buka halaman plugin")
    assert [place.url for place in matter.places] == [f"/f/{place.code}/p/offices/missed" for place in matter.places]
    assert len(matter.places) == 2
