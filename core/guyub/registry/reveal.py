"""Showing what is kept encrypted: for those who may, with a reason, and never without a trace."""

from dataclasses import dataclass
from uuid import UUID

from guyub.access import audit
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.registry.labels import SECRETS
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.service import require_reason, subject, unknown_household


@dataclass(frozen=True, slots=True)
class Revealed:
    """One value in the clear; ``whose`` is the member's name for a NIK and empty for what the household shares."""

    whose: str
    value: str


def reveal(work: Work, protector: Protector, household_id: UUID, what: str, reason: str) -> list[Revealed]:
    """``what`` is a key of ``SECRETS``; a NIK is revealed of every member. The audit entry holds what, not the value.

    Raises ``Forbidden`` without the permission, ``Invalid`` without a reason, ``NotFound``.
    """
    work.require("registry.reveal")
    why = require_reason(reason)
    if what not in SECRETS:
        raise RegistryRefusal.REVEAL.invalid("what", what=what)
    household = (
        work.run(
            """SELECT family_card_cipher, phone_cipher, street_cipher FROM guyub.household
           WHERE facility_id = :here AND id = :id""",
            here=work.here.id,
            id=household_id,
        )
        .mappings()
        .one_or_none()
    )
    if household is None:
        raise unknown_household()
    if what == "nik":
        ciphers = work.run(
            """SELECT full_name, nik_cipher FROM guyub.member
               WHERE household_id = :id AND nik_cipher IS NOT NULL AND active ORDER BY is_recipient DESC, id""",
            id=household_id,
        ).all()
    else:
        ciphers = [("", household[f"{what}_cipher"])] if household[f"{what}_cipher"] is not None else []
    revealed = [Revealed(whose, protector.decrypt(cipher)) for whose, cipher in ciphers]
    audit.record(
        work, "registry.reveal", subject(household_id), reason=why, details={"what": what, "values": len(revealed)}
    )
    return revealed
