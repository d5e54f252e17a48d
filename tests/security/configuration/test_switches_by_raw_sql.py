"""What stands in the switches of plugins is not at odds with itself."""

import pytest

from guyub.db.unit_of_work import Database
from guyub.sdk.errors import Refusal


def test_nothing_that_was_purged_counts_as_active(database: Database):
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        work.run(
            "INSERT INTO guyub.plugin_switch (plugin, disabled, actor, exported_to) VALUES ('bansos', false, 'x', '/ekspor')"
        )
    assert refused.value.code == "host.purged_but_on"
