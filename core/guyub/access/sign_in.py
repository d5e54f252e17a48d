"""Passwords and sessions: how a person comes in and goes out."""

import unicodedata
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from guyub.access import audit
from guyub.access.refusals import AccessRefusal
from guyub.db.errors import SignedOut
from guyub.db.unit_of_work import Database, SessionCredential, Work
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.sdk.unseen import is_blank

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
SESSION_LIFETIME = timedelta(hours=12)
ON_BEHALF_LIFETIME = timedelta(hours=1)
IDLE_LIMIT = timedelta(hours=1)
"""How long a session may lie unused, where an installation says nothing else; from 5 minutes to 12 hours."""

_hasher = PasswordHasher()


class WrongCredentials(Refusal):
    """The login is unknown or the password is wrong: the answer is the same for both."""

    status = 401


class EndedAccount(WrongCredentials):
    """The account has ended; only whoever knows its password gets this answer."""


class TooManyAttempts(Refusal):
    """The account, or the address that asks, is closed for some minutes."""

    status = 429


def too_many_attempts() -> TooManyAttempts:
    return AccessRefusal.TOO_MANY_ATTEMPTS.of(TooManyAttempts)


def too_many_from_here() -> TooManyAttempts:
    return AccessRefusal.TOO_MANY_FROM_HERE.of(TooManyAttempts)


def _ended_account(on: datetime | None) -> EndedAccount:
    day = on.astimezone(ZoneInfo("Asia/Jakarta")).date() if on else None
    on_day = Text(id=" pada {day}", en=" on {day}").format(day=day) if day else ""
    return AccessRefusal.YOUR_ACCOUNT_ENDED.of(EndedAccount, on_day=on_day)


def hash_password(password: str) -> str:
    """Returns the argon2id hash. Raises ``Invalid`` for a password shorter than 12 characters (NIST SP 800-63B asks for 8),
    longer than 200, of spaces alone, or with signs that no keyboard types."""
    if len(password) > LONGEST_PASSWORD or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in password):
        raise AccessRefusal.UNUSABLE_PASSWORD.invalid("password", most=LONGEST_PASSWORD)
    if len(password) < SHORTEST_PASSWORD or is_blank(password):
        raise AccessRefusal.SHORT_PASSWORD.invalid("password", length=len(password), least=SHORTEST_PASSWORD)
    return _hasher.hash(password)


def sign_in(
    database: Database,
    login: str,
    password: str,
    opened_from: str,
    *,
    unknown_is_closed: bool = False,
    idle_limit: timedelta = IDLE_LIMIT,
) -> str:
    """Opens a session and returns its token, which is kept nowhere else; ``opened_from`` says from where. It ends after
    ``idle_limit`` in which nobody used it.

    Raises ``WrongCredentials`` in the same words, after the same work, for an unknown login and a wrong password,
    ``TooManyAttempts`` while the account is closed (an unknown one: ``unknown_is_closed``), and ``EndedAccount`` to whoever
    knows the password of an ended one. The attempt is audited either way.
    """
    login = login.strip().lower()
    with database.work(database.as_service("sign-in")) as work:
        credential = _credential_of(work, database, login)
    person_id = credential.person_id
    locked = unknown_is_closed if person_id is None else credential.locked
    is_right = not locked and _is_password(credential.password_hash or _hash_of_nobody(), password)
    knows = is_right and person_id is not None
    matches = knows and not credential.ended
    with database.work(database.as_service("sign-in")) as work:
        if not locked and (matches or not knows):
            work.scalar(select(func.guyub.record_sign_in(database.service_key, login, matches)))
        if matches and person_id is not None:
            key = database.service_key
            token = _open_session(work, key, person_id, SESSION_LIFETIME, opened_from, idle_limit)
            audit.record(work, "access.sign_in", login, details={"from": opened_from})
            return token
        # A mistyped login may be a password: only a known one is written down.
        audit.record(work, "access.sign_in_refused", login if person_id else "?", details={"from": opened_from})
    if locked:
        raise too_many_attempts()
    if knows:
        raise _ended_account(credential.ended_at)
    raise AccessRefusal.WRONG_CREDENTIALS.of(WrongCredentials)


def sign_out(database: Database, token: str) -> None:
    """Closes the session; one that is already closed is no error."""
    try:
        with database.work(SessionCredential(token)) as work:
            login = work.login
    except SignedOut:
        return
    with database.work(database.as_service("sign-out")) as work:
        work.scalar(select(func.guyub.close_session(token)))
        audit.record(work, "access.sign_out", login)


def session_for(database: Database, login: str, label: str) -> str:
    """Opens a short session on behalf of a person, for the command line, which holds the service key.

    ``label`` says who asked ("cli: budi@server"); it is kept with the session and audited. Raises ``Invalid`` for an
    unknown login, ``Refusal`` for an account that has ended.
    """
    with database.work(database.as_service(label)) as work:
        credential = _credential_of(work, database, login)
        if credential.person_id is None:
            raise unknown_login(login)
        if credential.ended:
            raise AccessRefusal.ACCOUNT_ENDED.refusal(login=login)
        token = _open_session(work, database.service_key, credential.person_id, ON_BEHALF_LIFETIME, label)
        audit.record(work, "access.session_on_behalf", login, details={"from": label})
    return token


def unknown_login(login: str) -> Invalid:
    return AccessRefusal.UNKNOWN_LOGIN.invalid("login", login=login)


def _open_session(
    work: Work, key: str, person_id: UUID, lifetime: timedelta, opened_from: str, idle_limit: timedelta = IDLE_LIMIT
) -> str:
    token = token_urlsafe(32)
    digest = sha256(token.encode()).digest()
    work.scalar(select(func.guyub.open_session(key, person_id, digest, lifetime, opened_from[:200], idle_limit)))
    return token


@dataclass(frozen=True, slots=True)
class _Credential:
    """Without a person the login is unknown."""

    person_id: UUID | None
    password_hash: str | None
    locked: bool
    ended: bool
    ended_at: datetime | None


def _credential_of(work: Work, database: Database, login: str) -> _Credential:
    names = (field.name for field in fields(_Credential))
    return work.one(_Credential, select(*func.guyub.credential_of(database.service_key, login).table_valued(*names).c))


def _is_password(known_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(known_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(token_urlsafe(16))
