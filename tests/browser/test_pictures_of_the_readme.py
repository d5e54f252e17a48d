"""What the README shows: the demonstration's month, from the story itself."""

from typing import Any

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.plugins.plugin_registry import PluginRegistry
from tests.visits import Clock

from ..worlds import pekalongan
from .conftest import NewPerson


def test_this_month_at_rutan_pekalongan(
    person: NewPerson,
    clock: Clock,
    cluster: Any,
    installation: Installation,
    database: Database,
    plugins: PluginRegistry,
):
    rutan = pekalongan(cluster, installation, database, plugins)
    november.until_handed_over(rutan, lambda _: None)
    clock.becomes("2024-11-16 09:30")
    karutan = person("karutan")
    karutan.go("/f/rutan-pekalongan/")
    karutan.sees("November 2024", "Rp582.550")
    karutan.picture("this-month", height=760)
