"""Showing what is kept encrypted: for those who may, with a reason, and never without a trace."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, SQLColumnExpression, select
from sqlmodel import col

from guyub.access import audit
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.registry.labels import SECRETS
from guyub.registry.models import Household, Member
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.service import require_reason, subject, unknown_household
from guyub.sdk.unseen import seen_length

SHORTEST_REASON, WORDS_OF_REASON = 10, 2
"""Letters and words of the shortest sentence that says what personal data are needed for."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """One value in the clear; ``whose`` is the member's name for a NIK and empty for what the household shares."""

    whose: str
    value: str


@dataclass(frozen=True, slots=True)
class _Ciphers:
    family_card: bytes | None
    phone: bytes | None
    street: bytes | None


@dataclass(frozen=True, slots=True)
class _Cipher:
    whose: str
    cipher: bytes | None


def reveal(work: Work, protector: Protector, household_id: UUID, what: str, reason: str) -> list[Revealed]:
    """Reveals a secret.

    ``what`` is a key of ``SECRETS``; a NIK is revealed of every member. The audit entry holds what, not the value.

    Raises ``Forbidden`` without the permission, ``Invalid`` without a reason or for one that is no sentence, ``NotFound``.
    """
    work.require("registry.reveal")
    why = require_reason(reason)
    if seen_length(why) < SHORTEST_REASON or len(why.split()) < WORDS_OF_REASON:
        raise RegistryRefusal.REASON_TO_REVEAL.invalid("reason")
    if what not in SECRETS:
        raise RegistryRefusal.REVEAL.invalid("what", what=what)
    ciphers = _ciphers(work, household_id)
    of_household = {"family_card": ciphers.family_card, "phone": ciphers.phone, "street": ciphers.street}
    kept = _niks(work, household_id) if what == "nik" else [_Cipher("", of_household[what])]
    revealed = [Revealed(secret.whose, protector.decrypt(secret.cipher)) for secret in kept if secret.cipher]
    audit.record(
        work, "registry.reveal", subject(household_id), reason=why, details={"what": what, "values": len(revealed)}
    )
    return revealed


def _ciphers(work: Work, household_id: UUID) -> _Ciphers:
    columns: tuple[SQLColumnExpression[bytes | None], ...] = (
        col(Household.family_card_cipher).label("family_card"),
        col(Household.phone_cipher).label("phone"),
        col(Household.street_cipher).label("street"),
    )
    of_this = select(*columns).where(col(Household.facility_id) == work.here.id, col(Household.id) == household_id)
    ciphers = work.first(_Ciphers, of_this)
    if ciphers is None:
        raise unknown_household()
    return ciphers


def _niks(work: Work, household_id: UUID) -> list[_Cipher]:
    statement: Select[*tuple[Any, ...]] = (
        select(col(Member.full_name).label("whose"), col(Member.nik_cipher).label("cipher"))
        .where(col(Member.household_id) == household_id, col(Member.nik_cipher).is_not(None), col(Member.active))
        .order_by(col(Member.is_recipient).desc(), col(Member.id))
    )
    return work.rows(_Cipher, statement)
