"""Tokens of a person: secrets in addresses and programs that read or configure for them, and never see people's records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import ARRAY, Select, func, literal, select
from sqlmodel import col

from guyub.access.models import ApiTokenModel
from guyub.access.people import id_of
from guyub.access.refusals import AccessRefusal
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.unit_of_work import Work
from guyub.sdk.text import Text
from guyub.sdk.unseen import seen_length

SCOPES = {
    "calendar": Text(id="Kalender penyaluran", en="Calendar of distributions"),
    "api.read": Text(id="Baca data JSON (API)", en="Read the JSON (API)"),
    "configuration.write": Text(id="Ubah konfigurasi plugin (API)", en="Change the configuration of plugins (API)"),
}
LIFETIMES = {
    30: Text(id="30 hari", en="30 days"),
    90: Text(id="90 hari", en="90 days"),
    365: Text(id="1 tahun", en="1 year"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret, which is kept nowhere. ``place`` is "" for all that its person reaches."""

    id: UUID
    name: str
    scopes: Sequence[str]
    place: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    expired: bool

    @property
    def works(self) -> bool:
        return self.revoked_at is None and not self.expired


def make(work: Work, name: str, scopes: Sequence[str], place: str, days: int) -> str:
    """Makes a token of the actor and returns its secret, this once. ``place``: "f/code", "region/code", or "" for all that
    they reach.

    Raises ``Invalid``, and ``Forbidden`` for a place out of reach.
    """
    if seen_length(name) < 2 or len(name.strip()) > 60:
        raise AccessRefusal.TOKEN_NAME.invalid("name")
    if not scopes or set(scopes) - set(SCOPES):
        raise AccessRefusal.TOKEN_SCOPES.invalid("scopes")
    if days not in LIFETIMES:
        raise AccessRefusal.TOKEN_DAYS.invalid("days")
    kind, _, code = place.partition("/")
    secret = token_urlsafe(32)
    facility = id_of(work, "facility", code) if kind == "f" else None
    region = id_of(work, "region", code) if kind == "region" else None
    if place and facility is None and region is None:
        raise AccessRefusal.TOKEN_PLACE.invalid("place")
    allowed = literal(sorted(set(scopes)), ARRAY(sqlalchemy.Text))
    digest = sha256(secret.encode()).digest()
    work.scalar(select(func.guyub.make_token(name.strip(), allowed, facility, region, digest, days)))
    return secret


def revoke(work: Work, token: UUID) -> None:
    """Revokes a token: from this moment it opens nothing. Raises ``NotFound`` for one that is not the actor's, or revoked
    already."""
    if not work.scalar(select(func.guyub.revoke_token(token))):
        raise AccessRefusal.UNKNOWN_TOKEN.not_found()


def own(work: Work) -> list[Token]:
    """Returns the tokens of the actor, newest first."""
    token = ApiTokenModel
    tokens: Select[*tuple[Any, ...]] = (
        select(
            col(token.id),
            col(token.name),
            col(token.scopes),
            func.coalesce(col(FacilityModel.name), col(RegionModel.name), "").label("place"),
            col(token.created_at),
            col(token.expires_at),
            col(token.last_used_at),
            col(token.revoked_at),
            (col(token.expires_at) <= func.now()).label("expired"),
        )
        .outerjoin(FacilityModel, col(FacilityModel.id) == col(token.at_facility))
        .outerjoin(RegionModel, col(RegionModel.id) == col(token.at_region))
        .where(col(token.person_id) == work.person_id)
        .order_by(col(token.seq).desc())
    )
    return work.rows(Token, tokens)
