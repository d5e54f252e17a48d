"""The columns that a secret becomes: cipher, blind index for equality, mask for the eye."""

from typing import Any

from guyub.db.keys import Protector
from guyub.registry.nik import mask


def sealed_number(protector: Protector, kind: str, number: str) -> dict[str, Any]:
    """Returns the sealed columns of ``nik`` or ``family_card``; an empty number empties the three columns."""
    return {
        f"{kind}_cipher": protector.encrypt(number) if number else None,
        f"{kind}_index": protector.blind_index(kind, number) if number else None,
        f"{kind}_masked": mask(number),
    }


def sealed_phone(protector: Protector, phone: str) -> dict[str, Any]:
    return {
        "phone_cipher": protector.encrypt(phone) if phone else None,
        "phone_index": protector.blind_index("phone", phone) if phone else None,
    }


def sealed_street(protector: Protector, street: str) -> dict[str, Any]:
    return {"street_cipher": protector.encrypt(street) if street else None}
