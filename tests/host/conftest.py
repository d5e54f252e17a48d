"""A shelf of distributions beside the built-in ones, and a facility that switches them on."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from guyub.db.work import Database
from guyub.host.plugin_host import PluginHost
from tests.distributions import Shelf, shelf_in

PEKALONGAN = "rutan-pekalongan"
SINCE = date(2024, 1, 1)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    with shelf_in(tmp_path, monkeypatch) as made:
        yield made


SwitchOn = Callable[[PluginHost, str], None]


@pytest.fixture
def switch_on(database: Database) -> SwitchOn:
    """Switches a plugin on at Rutan Pekalongan."""

    def on(host: PluginHost, slug: str) -> None:
        with database.work(database.as_service("tests", PEKALONGAN)) as work:
            host.set_active(work, slug, work.here.id, True, SINCE, "uji")

    return on
