"""Checks whether the data folder of an embedded server can be used: never a second cluster beside one that cannot."""

import os

from guyub.db.home import Home, UnusableHome
from guyub.db.refusals import DbRefusal

MAJOR = "18"


def check_data(home: Home) -> None:
    """Raises ``UnusableHome`` with the reason and the remedy where the folder cannot be used."""
    if not (home.data / "PG_VERSION").exists():
        raise damaged(home)
    version = (home.data / "PG_VERSION").read_text().strip()
    owner = home.data.stat().st_uid
    expected = home.server_account.uid if home.server_account else os.geteuid()
    if owner != expected:
        raise DbRefusal.OTHER_OWNER.of(UnusableHome, path=home.data, owner=owner)
    if version != MAJOR:
        raise DbRefusal.OTHER_VERSION.of(UnusableHome, path=home.data, version=version, major=MAJOR)
    if not (home.data / "global" / "pg_control").exists():
        raise damaged(home)


def damaged(home: Home) -> UnusableHome:
    return DbRefusal.DAMAGED.of(UnusableHome, path=home.data)
