"""Dumps of released versions: made once for each release, with synthetic keys and invented people, and kept as they were."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from guyub.db import embedded
from guyub.db.home import Home, find_home
from guyub.db.installation import Installation, installation_at
from guyub.db.installing import make
from guyub.db.keys import Keys, load_keys
from tests.conftest import Cluster
from tests.plugin_with_tables import SLUG

FOLDER = Path(__file__).parent
KEYS = FOLDER / "keys.json"
"""Of every dump; they protect nobody."""
NAME = "release"
"""The database's name in every dump, with which the names of its roles begin."""


def released() -> list[str]:
    """Returns the versions of which there is a dump, the oldest first."""
    versions = [path.name.removesuffix(".sql.gz") for path in FOLDER.glob("*.sql.gz")]
    return sorted(versions, key=lambda version: [int(number) for number in version.split(".")])


def keys_of(home: Home) -> Keys:
    """Returns the keys of the dumps."""
    return load_keys(home, {"GUYUB_KEYS": str(KEYS)})


def dump(server: embedded.Server, home: Home, keys: Keys, version: str) -> Path:
    """Writes the database ``release`` of a running server as SQL that any client can run."""
    program = embedded._programs(home, lambda _: None) / "pg_dump"
    url = server.url(NAME, embedded.ADMIN, keys.admin_password).replace("+psycopg", "")
    said = subprocess.run(
        [program, "--dbname", url, "--inserts", "--rows-per-insert=200", "--no-comments"],
        capture_output=True,
        text=True,
        check=True,
    )
    path = FOLDER / f"{version}.sql.gz"
    only_of_psql = re.compile(r"^\\(un)?restrict .*$", re.MULTILINE)
    path.write_bytes(gzip.compress(only_of_psql.sub("", said.stdout).encode(), mtime=0))
    return path


@contextmanager
def restored(cluster: Cluster, version: str) -> Iterator[Installation]:
    """The dump of a release in a database of its own, with its keys; dropped at the end."""
    name = f"{cluster.template.roles}_was_{version.replace('.', '_')}"
    keys = keys_of(cluster.home)
    url = cluster.server.url(name, embedded.ADMIN, cluster.keys.admin_password)
    installation = installation_at(url, keys)
    make(installation)
    plugin = f"{name}_plugin_{SLUG}"
    cluster.run(f'CREATE ROLE "{plugin}" NOLOGIN')
    text = gzip.decompress((FOLDER / f"{version}.sql.gz").read_bytes()).decode()
    admin = url.replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("DROP SCHEMA guyub")
        connection.execute(re.sub(rf"\b{NAME}_(owner|app|migrator|plugin_)", rf"{name}_\1", text).encode())
        connection.execute("RESET ALL")
    try:
        yield installation
    finally:
        cluster.drop(installation)
        for role in ("owner", "migrator", "app", f"plugin_{SLUG}"):
            cluster.run(f'DROP ROLE IF EXISTS "{name}_{role}"')


@contextmanager
def a_server(folder: Path) -> Iterator[tuple[Home, Keys, embedded.Server]]:
    """An embedded server of its own, with the keys of the dumps."""
    home = find_home({"GUYUB_HOME": str(folder / "home")})
    home.prepare()
    keys = keys_of(home)
    with embedded.running(home, keys.admin_password, settings=("fsync=off",)) as server:
        yield home, keys, server
