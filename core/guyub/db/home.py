"""Where one installation keeps everything: the embedded server's data, keys, logs. Two homes never meet."""

import hashlib
import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

HOMES_OF_ROOT = Path("/var/lib/guyub")
SERVER_ACCOUNT = "nobody"
"""PostgreSQL refuses to run as root: started by root, the embedded server runs as this account."""


class UnusableHome(Refusal):
    """The home cannot be used as it is; nothing in it was changed."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the embedded server."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Home:
    """A folder and what lies where in it. ``server_account`` is None where the server runs as ourselves."""

    path: Path
    server_account: Account | None
    moved_from: Path | None = None
    """The folder that was asked for, where root's server could not reach it."""

    @property
    def data(self) -> Path:
        return self.path / "postgres"

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def keys(self) -> Path:
        return self.path / "keys.json"

    def prepare(self) -> None:
        """Makes the folder, closed to others but for the server's account. Raises ``UnusableHome``."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if self.path.stat().st_uid == os.geteuid():
                self.path.chmod(0o700 if self.server_account is None else 0o711)
            probe = self.path / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UnusableHome(
                "db.home_not_writable",
                Text(
                    id="Folder data {path} tidak dapat ditulis ({reason}).",
                    en="The data folder {path} cannot be written to ({reason}).",
                ).format(path=self.path, reason=error.strerror or error),
                Text(
                    id="Perbaiki izin folder itu, atau tentukan folder lain dengan GUYUB_HOME=/jalur/folder.",
                    en="Mend its permissions, or name another folder with GUYUB_HOME=/path/to/folder.",
                ),
            ) from error


def find_home(environment: Mapping[str, str] = os.environ) -> Home:
    """``GUYUB_HOME``, or the platform's data folder. For root a folder that the server's account can reach."""
    named = environment.get("GUYUB_HOME", "").strip()
    if os.geteuid() != 0:
        wanted = Path(named).expanduser() if named else Path(platformdirs.user_data_dir("guyub", appauthor=False))
        return Home(wanted.absolute(), None)
    account = _server_account()
    wanted = Path(named).expanduser().absolute() if named else HOMES_OF_ROOT / "default"
    if is_reachable(wanted, account):
        return Home(wanted, account)
    mark = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Home(HOMES_OF_ROOT / f"home-{mark}", account, moved_from=wanted)


def is_reachable(path: Path, account: Account) -> bool:
    """Whether the account may pass through every folder above ``path`` that exists."""
    return all(_may_pass(folder.stat(), account) for folder in path.resolve().parents if folder.exists())


def _may_pass(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _server_account() -> Account:
    try:
        entry = pwd.getpwnam(SERVER_ACCOUNT)
    except KeyError:
        raise UnusableHome(
            "db.no_server_account",
            Text(
                id="PostgreSQL tidak dapat berjalan sebagai root, dan akun “{name}” tidak ada.",
                en="PostgreSQL cannot run as root, and there is no account “{name}”.",
            ).format(name=SERVER_ACCOUNT),
            Text(id="Jalankan Guyub sebagai pengguna biasa.", en="Run Guyub as an ordinary user."),
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)
