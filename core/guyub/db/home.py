"""``Home``: where one installation keeps everything: the embedded server's data, keys, logs. Two homes never meet."""

import hashlib
import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Refusal

HOMES_OF_ROOT = Path("/var/lib/guyub")
SERVER_ACCOUNT = "nobody"
"""PostgreSQL refuses to run as root: started by root, the embedded server runs as this account."""


class UnusableHome(Refusal):
    """The home cannot be used as it is; nothing in it was changed."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that runs the embedded server."""

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
                *DbRefusal.HOME_NOT_WRITABLE.sentences(path=self.path, reason=error.strerror or error)
            ) from error


def find_home(environment: Mapping[str, str] = os.environ) -> Home:
    """Returns the home at ``GUYUB_HOME``, or in the platform's data folder; for root in a folder that the server's account
    can reach."""
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
    """Returns whether the account may pass through every folder above ``path`` that exists."""
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
        raise DbRefusal.NO_SERVER_ACCOUNT.of(UnusableHome, name=SERVER_ACCOUNT) from None
    return Account(entry.pw_uid, entry.pw_gid)
