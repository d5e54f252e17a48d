"""Passwords and sessions: how a person comes in and goes out."""

from datetime import timedelta
from functools import cache
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from guyub.access import audit
from guyub.db.errors import SignedOut
from guyub.db.work import Database, PersonDoor, Work
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text

SHORTEST_PASSWORD = 12
SESSION_LIFETIME = timedelta(hours=12)
ON_BEHALF_LIFETIME = timedelta(hours=1)

_hasher = PasswordHasher()


class WrongCredentials(Refusal):
    """Unknown login or wrong password: the answer is the same for both."""

    status = 401


class TooManyAttempts(Refusal):
    """The account, or the address that asks, is closed for some minutes."""

    status = 429


def too_many_attempts() -> TooManyAttempts:
    return TooManyAttempts(
        "access.too_many_attempts",
        Text(
            id="Terlalu banyak percobaan masuk yang gagal; akun ini ditutup sementara selama 15 menit.",
            en="Too many failed sign-ins; this account is closed for 15 minutes.",
        ),
        Text(
            id="Tunggu 15 menit lalu coba lagi, atau minta administrator mengganti kata sandi Anda.",
            en="Wait 15 minutes and try again, or ask an administrator to change your password.",
        ),
    )


def hash_password(password: str) -> str:
    """The argon2id hash. Raises ``Invalid`` for a password shorter than 12 characters (NIST SP 800-63B asks for 8)."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            "access.short_password",
            Text(
                id="Kata sandi terlalu pendek: {length} karakter.", en="The password is too short: {length} characters."
            ).format(length=len(password)),
            Text(
                id="Gunakan sedikitnya {least} karakter, misalnya beberapa kata yang mudah Anda ingat.",
                en="Use at least {least} characters, a few words that you remember easily for example.",
            ).format(least=SHORTEST_PASSWORD),
            field="password",
        )
    return _hasher.hash(password)


def sign_in(database: Database, login: str, password: str, opened_from: str) -> str:
    """Opens a session and returns its token, which is kept nowhere else; ``opened_from`` says from where.

    Raises ``WrongCredentials`` in the same words, after the same work, for an unknown login and a wrong password, and
    ``TooManyAttempts`` while the account is closed. The attempt is audited either way.
    """
    login = login.strip().lower()
    with database.work(database.as_service("sign-in")) as work:
        person_id, known_hash, locked = work.run(
            "SELECT person_id, password_hash, locked FROM guyub.credential_of(:key, :login)",
            key=database.service_key, login=login,
        ).one()  # fmt: skip
    matches = _is_password(known_hash or _hash_of_nobody(), password) and person_id is not None
    with database.work(database.as_service("sign-in")) as work:
        if not locked:
            work.run(
                "SELECT guyub.record_sign_in(:key, :login, :succeeded)",
                key=database.service_key, login=login, succeeded=matches,
            )  # fmt: skip
        if matches and not locked:
            token = _open_session(work, database.service_key, person_id, SESSION_LIFETIME, opened_from)
            audit.record(work, "access.sign_in", login, details={"from": opened_from})
            return token
        # A mistyped login may be a password: only a known one is written down.
        audit.record(work, "access.sign_in_refused", login if person_id else "?", details={"from": opened_from})
    if locked:
        raise too_many_attempts()
    raise WrongCredentials(
        "access.wrong_credentials",
        Text(id="Nama pengguna atau kata sandi salah.", en="The user name or the password is wrong."),
        Text(
            id="Periksa ejaan dan tombol Caps Lock, lalu coba lagi.", en="Check spelling and Caps Lock, then try again."
        ),
    )


def sign_out(database: Database, token: str) -> None:
    """Closes the session; one that is already closed is no mistake."""
    try:
        with database.work(PersonDoor(token)) as work:
            login = work.login
    except SignedOut:
        return
    with database.work(database.as_service("sign-out")) as work:
        work.run("SELECT guyub.close_session(:token)", token=token)
        audit.record(work, "access.sign_out", login)


def session_for(database: Database, login: str, label: str) -> str:
    """A short session on behalf of a person, for the command line, which holds the service key.

    ``label`` says who asked ("cli: budi@server"); it is kept with the session and audited. Raises ``Invalid`` for a login
    that is unknown or no longer active.
    """
    with database.work(database.as_service(label)) as work:
        person_id = work.run(
            "SELECT person_id FROM guyub.credential_of(:key, :login)", key=database.service_key, login=login
        ).scalar_one()
        if person_id is None:
            raise unknown_login(login)
        token = _open_session(work, database.service_key, person_id, ON_BEHALF_LIFETIME, label)
        audit.record(work, "access.session_on_behalf", login, details={"from": label})
    return token


def unknown_login(login: str) -> Invalid:
    return Invalid(
        "access.unknown_login",
        Text(
            id="Tidak ada pengguna aktif dengan nama “{login}”.", en="There is no active user with the name “{login}”."
        ).format(login=login),
        Text(
            id="Periksa ejaannya, atau buat dahulu dengan guyub user create.",
            en="Check the spelling, or create it first with guyub user create.",
        ),
        field="login",
    )


def _open_session(work: Work, key: str, person_id: UUID, lifetime: timedelta, opened_from: str) -> str:
    token = token_urlsafe(32)
    work.run(
        "SELECT guyub.open_session(:key, CAST(:who AS uuid), :hash, CAST(:lifetime AS interval), :opened_from)",
        key=key, who=person_id, hash=sha256(token.encode()).digest(), lifetime=lifetime, opened_from=opened_from[:200],
    )  # fmt: skip
    return token


def _is_password(known_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(known_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(token_urlsafe(16))
