"""The generated nation in small: what the benchmark writes adds up, and its roll-up is that of the books."""

from typing import Any

import pytest
from sqlalchemy import create_engine

from benchmarks import region
from benchmarks.nation import Size
from guyub.access import audit
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.funds import queries as books
from guyub.operations.context import AppContext
from guyub.plugins.plugin_registry import PluginRegistry


@pytest.mark.deep
def test_a_small_nation_is_generated_measured_and_counted_alike(
    cluster: Any,
    installation: Installation,
    database: Database,
    plugins: PluginRegistry,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(region, "TIMES", 1)
    # The facilities of the files and their people are there already.
    monkeypatch.setattr(region.demonstration, "settle", lambda *_: None)
    here = AppContext(cluster.home, cluster.keys, installation, database, plugins, cluster.keys.protector())
    engine = create_engine(installation.admin_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as superuser:
        of_region, of_nation = region.measure(here, superuser, Size(40, 8, 3, 1_000))
    engine.dispose()
    assert (of_region.facilities, of_nation.facilities) == (8, 40)
    assert max(of_region.page_queries, of_nation.page_queries) <= 10
    with database.work(database.as_service("tests")) as work:
        assert work.run("SELECT count(*) FROM guyub.entitlement").scalar_one() == 1_000
        assert books.check_ledger(work).ok
        assert audit.verify(work).ok
