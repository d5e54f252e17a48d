"""Changes accounts after their beginning: the list, a new password, an end, a way back. For the command line, which holds
the key."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from difflib import get_close_matches
from secrets import choice
from typing import Any, Literal

from sqlalchemy import Function, func, select

from guyub.access.people import place_id
from guyub.access.refusals import LONGEST_REASON, SHORTEST_REASON, AccessRefusal, unfit_account_reason, unknown_account
from guyub.access.sign_in import hash_password
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of signs that a list or a terminal does not show as what they are: controls, invisible signs, line breaks."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for another when they are read out or copied by hand."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """``facility`` is empty for a role of a region or of the nation, ``region`` only for one of the nation."""

    role: str
    facility: str
    region: str
    acting: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """``locked_until`` is None unless the account is closed at this moment after wrong passwords."""

    login: str
    full_name: str
    nip: str
    active: bool
    locked_until: datetime | None
    ended_at: datetime | None
    ended_by: str
    end_reason: str
    signed_in_at: datetime | None
    roles: tuple[HeldRole, ...]

    @property
    def state(self) -> Literal["active", "locked", "ended"]:
        return "ended" if not self.active else "locked" if self.locked_until else "active"


@dataclass(frozen=True, slots=True)
class Closed:
    """Counts how many sessions and tokens of an account ended with an operation."""

    sessions: int
    tokens: int


def accounts(work: Work, *, key: str, facility: str = "", region: str = "") -> list[Account]:
    """Returns all accounts by login, or those with a role, at any time, at a facility or region (its facilities too).

    Raises ``NotFound`` for an unknown place.
    """
    place_id(work, "facility", facility)
    place_id(work, "region", region)
    listed = func.guyub.accounts(key).table_valued(*(field.name for field in fields(Account)))
    listed_accounts = [part_of(row, Account, roles=_roles(row.roles)) for row in work.all(select(*listed.c))]
    return [
        account
        for account in listed_accounts
        if (not facility or any(held.facility == facility for held in account.roles))
        and (not region or any(held.region == region for held in account.roles))
    ]


def reset(work: Work, *, key: str, login: str, password: str, restore_reason: str | None = None) -> Closed:
    """Sets a new password, opens an account that wrong passwords closed, and ends its sessions and tokens.

    With ``restore_reason`` an ended account comes back with the roles that it has. Raises ``Invalid`` for a short password or
    reason, ``NotFound`` for an unknown login, ``Refusal`` for an ended account without a reason and the reverse.
    """
    reason = None if restore_reason is None else account_reason(restore_reason)
    hashed = hash_password(password)
    _require_account(work, key, login)
    return _closed_by(work, func.guyub.reset_person(key, login, hashed, reason))


def end(work: Work, *, key: str, login: str, reason: str) -> Closed:
    """Ends the account, its sessions and its tokens at once; its roles and all that it did stay on record.

    Raises ``Invalid`` for a missing or short reason, ``NotFound`` for an unknown login, ``Refusal`` for an account that has
    ended and for the only administrator of an office.
    """
    reason = account_reason(reason)
    _require_account(work, key, login)
    return _closed_by(work, func.guyub.end_person(key, login, reason))


def _closed_by(work: Work, operation: Function[Any]) -> Closed:
    return work.one(Closed, select(*operation.table_valued("sessions", "tokens").c))


def new_password() -> str:
    """Returns 16 random letters in groups of four (79 bits), to be read out or copied by hand."""
    return "-".join("".join(choice(_LETTERS) for _ in range(4)) for _ in range(4))


def account_reason(reason: str) -> str:
    """Returns the reason without the spaces around it. Raises ``Invalid`` for one that is short, long or not to be read."""
    reason = reason.strip()
    if any(unicodedata.category(sign) in _UNSEEN for sign in reason):
        raise AccessRefusal.UNUSABLE_REASON.invalid("reason")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise unfit_account_reason(reason)
    return reason


def _require_account(work: Work, key: str, login: str) -> None:
    logins = work.scalars(select(func.guyub.accounts(key).table_valued("login").c.login))
    if login not in logins:
        raise unknown_account(login, get_close_matches(login, logins))


def _roles(kept: Sequence[Mapping[str, Any]]) -> tuple[HeldRole, ...]:
    return tuple(
        HeldRole(
            held["role"],
            held["facility"] or "",
            held["region"] or "",
            held["acting"],
            date.fromisoformat(held["from"]),
            date.fromisoformat(held["until"]) if held["until"] else None,
        )
        for held in kept
    )
