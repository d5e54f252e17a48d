"""Whether the data folder of an embedded server can be used: never a second cluster beside one that cannot."""

import os

from guyub.db.home import Home, UnusableHome
from guyub.sdk.text import Text

MAJOR = "18"


def check_data(home: Home) -> None:
    """Raises ``UnusableHome``: the reason, and what to do."""
    if not (home.data / "PG_VERSION").exists():
        raise damaged(home)
    version = (home.data / "PG_VERSION").read_text().strip()
    owner = home.data.stat().st_uid
    expected = home.server_account.uid if home.server_account else os.geteuid()
    if owner != expected:
        raise UnusableHome(
            "db.other_owner",
            Text(
                id="Folder {path} milik pengguna lain (uid {owner}).",
                en="The folder {path} belongs to another user (uid {owner}).",
            ).format(path=home.data, owner=owner),
            Text(
                id="Jalankan Guyub sebagai pengguna yang membuatnya, atau tentukan GUYUB_HOME lain.",
                en="Run Guyub as the user who made it, or name another GUYUB_HOME.",
            ),
        )
    if version != MAJOR:
        raise UnusableHome(
            "db.other_version",
            Text(
                id="Folder {path} dibuat oleh PostgreSQL {version}; versi ini memerlukan {major}.",
                en="The folder {path} was made by PostgreSQL {version}; this version needs {major}.",
            ).format(path=home.data, version=version, major=MAJOR),
            Text(
                id="Pulihkan dari cadangan ke folder baru (GUYUB_HOME lain).",
                en="Restore a backup into a new folder (another GUYUB_HOME).",
            ),
        )
    if not (home.data / "global" / "pg_control").exists():
        raise damaged(home)


def damaged(home: Home) -> UnusableHome:
    return UnusableHome(
        "db.damaged",
        Text(id="Folder {path} bukan basis data yang lengkap.", en="The folder {path} is no complete database.").format(
            path=home.data
        ),
        Text(
            id="Pindahkan folder itu lalu jalankan lagi untuk memulai kosong, atau pulihkan dari cadangan.",
            en="Move it away and start again to begin empty, or restore a backup.",
        ),
    )
