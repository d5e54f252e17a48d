"""Tokens of a person: secrets in addresses and programs that read or configure for them, and never see people's records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from guyub.access.refusals import AccessRefusal
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
    if place and kind not in ("f", "region"):
        raise AccessRefusal.TOKEN_PLACE.invalid("place")
    secret = token_urlsafe(32)
    facility = _id_of(work, "facility", code) if kind == "f" else None
    region = _id_of(work, "region", code) if kind == "region" else None
    work.run(
        "SELECT guyub.make_token(:name, CAST(:scopes AS text[]), CAST(:facility AS uuid), CAST(:region AS uuid), :hash, :days)",
        name=name.strip(),
        scopes=sorted(set(scopes)),
        facility=facility,
        region=region,
        hash=sha256(secret.encode()).digest(),
        days=days,
    )
    return secret


def revoke(work: Work, token: UUID) -> None:
    """Revokes a token: from this moment it opens nothing. Raises ``NotFound`` for one that is not the actor's, or revoked
    already."""
    if not work.run("SELECT guyub.revoke_token(CAST(:id AS uuid))", id=token).scalar_one():
        raise AccessRefusal.UNKNOWN_TOKEN.not_found()


def own(work: Work) -> list[Token]:
    """Returns the tokens of the actor, newest first."""
    return work.rows(
        Token,
        """SELECT t.id, t.name, t.scopes, COALESCE(f.name, g.name, '') AS place, t.created_at, t.expires_at, t.last_used_at,
                  t.revoked_at, t.expires_at <= now() AS expired
           FROM guyub.api_token t LEFT JOIN guyub.facility f ON f.id = t.at_facility
           LEFT JOIN guyub.region g ON g.id = t.at_region WHERE t.person_id = :me ORDER BY t.seq DESC""",
        me=work.person_id,
    )


def _id_of(work: Work, table: str, code: str) -> UUID:
    found: UUID | None = work.run(f"SELECT id FROM guyub.{table} WHERE code = :code", code=code).scalar_one_or_none()
    if found is None:
        raise AccessRefusal.TOKEN_PLACE.invalid("place")
    return found
