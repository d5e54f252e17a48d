"""Writes what this version's migrations make: ``python -m tests.catalogue``, after every change of the schema."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from guyub.db import catalogue, embedded
from guyub.db.home import find_home
from guyub.db.installation import Installation, installation_at
from guyub.db.installing import make, upgrade
from guyub.db.keys import load_keys


def main() -> None:
    with _fresh() as installation:
        found = of(installation)
    catalogue.COMMITTED.write_text(catalogue.written(found), encoding="utf-8")
    print(f"{catalogue.COMMITTED.name}: {len(found)} objects")


def of(installation: Installation) -> dict[str, str]:
    """Returns the catalogue of an installation's schema."""
    url = installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        return catalogue.read(connection, installation.roles)


@contextmanager
def _fresh() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="guyub-catalogue-"))
    try:
        folder.chmod(0o711)
        home = find_home({"GUYUB_HOME": str(folder / "home")})
        home.prepare()
        keys = load_keys(home)
        with embedded.running(home, keys.admin_password, settings=("fsync=off",)) as server:
            installation = installation_at(server.url("guyub", embedded.ADMIN, keys.admin_password), keys)
            make(installation)
            upgrade(installation, verify=False)
            yield installation
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
