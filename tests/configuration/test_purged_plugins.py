"""A plugin whose tables were exported and dropped says where its data lies, until somebody restores it or starts empty."""

from datetime import datetime
from pathlib import Path

from guyub.db.unit_of_work import Database
from guyub.plugins.global_disable import GlobalSwitch, disable_to_purge, globally_disabled, note_tables, switch
from guyub.plugins.out_of_service import not_loaded, out_of_service
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.status import PluginNotReady, as_read_by


def test_its_reason_and_remedy_are_its_own_and_name_the_folder(
    database: Database, plugins: PluginRegistry, tmp_path: Path
):
    folder = tmp_path / "ekspor bansos"
    with database.work(database.as_service("cli: operator@server")) as work:
        disable_to_purge(work, "bansos", str(folder))
    with database.work(database.as_service("tests")) as work:
        note_tables(work, "bansos", "host.purge")
        switch(work, "bansos", disabled=True, reason="Nanti")
    with database.work(database.as_service("tests")) as work:
        plugins.notice(work)
        assert out_of_service(work, plugins)["bansos"].code == "host.purged"
    status = plugins.status("bansos")
    assert status.code == "host.purged"
    assert status.reason.id.startswith("Tabelnya diekspor lalu dihapus oleh ")
    assert f"guyub plugin restore bansos --from '{folder}'." in status.remedy.id
    assert "guyub plugin enable bansos, lalu guyub plugin upgrade bansos." in status.remedy.id
    told = as_read_by(None, PluginNotReady(status))
    assert "guyub" not in f"{told.what.id} {told.remedy.id}"
    with database.work(database.as_service("tests")) as work:
        switch(work, "bansos", disabled=False, reason="")
    with database.work(database.as_service("tests")) as work:
        assert "bansos" not in globally_disabled(work)


def test_one_that_was_never_imported_says_the_same():
    fault = not_loaded("kas", GlobalSwitch("tests", datetime(2024, 11, 14), "", "/srv/ekspor"))
    assert fault.code == "host.purged"
    assert "guyub plugin restore kas --from /srv/ekspor." in fault.remedy.en
