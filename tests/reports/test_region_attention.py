"""What needs attention in a region, said by the room or plugin that knows it, with the places and a remedy."""

from datetime import date
from importlib.metadata import EntryPoint, entry_points

from guyub.access import sign_in
from guyub.db.work import Database, PersonDoor
from guyub.host.plugin_host import PluginHost
from guyub.programs.cycles import Cycle
from guyub.reports import region, region_attention
from tests.reports.conftest import Statements
from tests.reports.test_region_overview import NOVEMBER, THURSDAY, _jateng


def said(database: Database, host: PluginHost, today: date) -> dict[str, list[str]]:
    """Each matter with the codes of its places."""
    with database.work(PersonDoor(sign_in.session_for(database, "kanwil", "tests"))) as work:
        view = region.overview(work, host, _jateng(work), NOVEMBER, today)
    found = region_attention.of_region(host, view.rows, NOVEMBER, today)
    assert all(matter.remedy.id and matter.remedy.en for matter in found)
    return {matter.what.id: [place.code for place in matter.places] for matter in found}


def test_a_programme_not_opened_after_the_first_week_is_named(database: Database, host: PluginHost):
    assert said(database, host, date(2024, 11, 7)) == {}
    assert said(database, host, date(2024, 11, 8)) == {
        "2 program belum dibuka untuk bulan ini": ["rutan-pekalongan", "rutan-kebumen"]
    }


def test_a_distribution_that_is_near_and_not_approved_is_named(database: Database, host: PluginHost, proposed: Cycle):
    near = "1 penyaluran sudah dekat dan belum disetujui"
    assert near not in said(database, host, date(2024, 11, 12))
    assert said(database, host, THURSDAY)[near] == ["rutan-pekalongan"]


def test_a_plugin_is_asked_once_for_all_facilities_and_with_one_query(database: Database, statements: Statements):
    entries = [*entry_points(group="guyub"), EntryPoint("offices", "tests.reports.a_plugin:offices", "guyub")]
    host = PluginHost(entries)
    with database.work(database.as_service("tests")) as work:
        for facility in work.run("SELECT id FROM guyub.facility").scalars().all():
            host.set_active(work, "offices", facility, True, date(2024, 11, 1), "contoh")
    with database.work(PersonDoor(sign_in.session_for(database, "kanwil", "tests"))) as work:
        rows = region.overview(work, host, _jateng(work), NOVEMBER, THURSDAY).rows
        with statements() as seen:
            [matter] = region_attention.from_plugins(work, host, "jawa-tengah", rows, THURSDAY)
    assert len([one for one in seen if "SAVEPOINT" not in one]) == 1
    assert (matter.kind, matter.what.id) == ("danger", "Kunjungan terlewat")
    assert [place.url for place in matter.places] == [f"/f/{place.code}/p/offices/missed" for place in matter.places]
    assert len(matter.places) == 2
