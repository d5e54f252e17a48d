"""Makes the dump of a release: ``python -m tests.upgrade.make_dump VERSION REVISION``, once, when the release is made.

A facility with a closed month, a campaign of its office, what files configured, and a plugin with tables.
"""

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg

from guyub.access import sign_in
from guyub.configuration.assembly import plugin_registry
from guyub.db import embedded
from guyub.db.installation import Installation, installation_at
from guyub.db.installing import make, upgrade
from guyub.db.unit_of_work import SessionCredential
from guyub.plugins import plugin_tables
from guyub.programs.campaigns import service as campaigns
from guyub.programs.campaigns.assessment import CampaignRequest
from tests import plugin_with_tables, worlds
from tests.conftest import Cluster, _settle
from tests.upgrade import releases
from tests.worlds import KEBUMEN, PEKALONGAN

CAMPAIGN = CampaignRequest(
    "Bansos serentak 24 Desember",
    "bansos",
    "sembako",
    date(2024, 12, 24),
    {PEKALONGAN: 12, KEBUMEN: 8},
    250_000,
    "akselerasi-13",
)


def main(version: str, revision: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="guyub-dump-"))
    try:
        folder.chmod(0o711)
        with releases.a_server(folder) as (home, keys, server):
            url = server.url(releases.NAME, embedded.ADMIN, keys.admin_password)
            installation = installation_at(url, keys)
            make(installation)
            upgrade(installation, revision=revision, verify=False)
            with psycopg.connect(server.admin_url.replace("+psycopg", ""), autocommit=True) as connection:
                fill(Cluster(home, server, keys, installation, connection), installation, folder)
            path = releases.dump(server, home, keys, version)
        print(f"{path.name}: {path.stat().st_size} bytes")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(cluster: Cluster, installation: Installation, folder: Path) -> None:
    """What the dump shows of a release, made through its services."""
    _settle(installation)
    database, plugins = installation.database(), plugin_registry()
    here = worlds.pekalongan(cluster, installation, database, plugins)
    worlds.november_until(here, "closed")
    token = sign_in.session_for(database, "kanwil", "tests")
    with database.work(SessionCredential(token)) as work:
        region: UUID = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
        campaigns.issue(work, plugins, region, CAMPAIGN, date(2024, 12, 2), "")
    database.close()
    kas = plugin_with_tables.Kas(folder, plugin_with_tables.SLUG)
    sys.path.insert(0, str(kas.root))
    with_tables = kas.with_migrations(plugin_with_tables.COLLECTION)
    plugin_tables.upgrade(installation, with_tables, plugin_with_tables.SLUG)
    with psycopg.connect(
        installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as root:
        root.execute(
            f"INSERT INTO {plugin_with_tables.SLUG}.collection (facility_id, note, amount) "
            "SELECT id, 'Kas contoh', 150000 FROM guyub.facility WHERE code = %s",
            [PEKALONGAN],
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
