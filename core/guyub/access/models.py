"""The tables of people, their roles, sessions, tokens and stated purposes, and of the audit log."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, Date, Integer, Interval, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, Xid8, made_by_database, primary_key, references


class PersonModel(TableModel, table=True):
    """Somebody who signs in."""

    __tablename__ = "person"

    id: UUID = primary_key()
    login: str = Field(sa_type=Text)
    full_name: str = Field(sa_type=Text)
    nip: str = made_by_database(Text)
    password_hash: str = Field(sa_type=Text)
    failures: int = made_by_database(Integer)
    locked_until: datetime | None = Field(default=None, sa_type=MOMENT)
    signed_in_at: datetime | None = Field(default=None, sa_type=MOMENT)
    active: bool = made_by_database(Boolean)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    ended_by: str = made_by_database(Text)
    end_reason: str = made_by_database(Text)
    created_at: datetime = made_by_database(MOMENT)


class Role(TableModel, table=True):
    """A role allows somebody what its permissions say, as far as it reaches."""

    __tablename__ = "role"

    code: str = Field(sa_type=Text, primary_key=True)
    scope: str = Field(sa_type=Text)
    titles: dict[str, dict[str, str]] = Field(sa_type=JSONB)
    permissions: list[str] = Field(sa_type=ARRAY(Text))


class SeparationOfDuties(TableModel, table=True):
    """Two permissions that nobody holds at the same facility."""

    __tablename__ = "separation_of_duties"

    first_permission: str = Field(sa_type=Text, primary_key=True)
    second_permission: str = Field(sa_type=Text, primary_key=True)


class RoleAssignment(TableModel, table=True):
    """A role of a person at a facility, in a region or in the nation, from a day on."""

    __tablename__ = "role_assignment"

    id: UUID = primary_key()
    person_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    role_code: str = Field(sa_type=Text, foreign_key="guyub.role.code")
    facility_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.facility.id")
    region_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    acting: str = made_by_database(Text)
    valid_from: date = Field(sa_type=Date)
    valid_until: date | None = Field(default=None, sa_type=Date)
    granted_by: str = Field(sa_type=Text)


class SessionModel(TableModel, table=True):
    """A session of a person who signed in; of its token only the digest is kept."""

    __tablename__ = "session"

    id: UUID = primary_key()
    person_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    token_hash: bytes = Field(sa_type=LargeBinary)
    opened_at: datetime = made_by_database(MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT)
    last_seen_at: datetime = made_by_database(MOMENT)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opened_from: str = made_by_database(Text)
    idle_limit: timedelta = made_by_database(Interval)


class PurposeGrant(TableModel, table=True):
    """Describes why somebody of an office above reads the people of a facility, and until when."""

    __tablename__ = "purpose_grant"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    person_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    kind: str = Field(sa_type=Text)
    explanation: str = Field(sa_type=Text)
    opened_at: datetime = made_by_database(MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT)


class PurposeEnd(TableModel, table=True):
    """A purpose that its holder ended early."""

    __tablename__ = "purpose_end"
    __table_args__ = (references("purpose_grant", facility_id="facility_id", grant_id="id"),)

    grant_id: UUID = Field(sa_type=Uuid, primary_key=True)
    facility_id: UUID = Field(sa_type=Uuid)
    ended_at: datetime = made_by_database(MOMENT)


class ApiTokenModel(TableModel, table=True):
    """A token that reads for a person; only its digest is kept."""

    __tablename__ = "api_token"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    person_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    name: str = Field(sa_type=Text)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    at_facility: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.facility.id")
    at_region: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.region.id")
    token_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = made_by_database(MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT)
    last_used_at: datetime | None = Field(default=None, sa_type=MOMENT)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)


class SentForm(TableModel, table=True):
    """A form that has done what it was sent for; nobody reads it directly."""

    __tablename__ = "sent_form"

    key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    actor: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    led_to: str = Field(sa_type=Text)
    sent_at: datetime = made_by_database(MOMENT)


class AuditChain(TableModel, table=True):
    """The head of the chain of a facility, or of the installation (the nil id)."""

    __tablename__ = "audit_chain"

    id: UUID = Field(sa_type=Uuid, primary_key=True)
    seq: int = made_by_database(BigInteger)
    hash: bytes = made_by_database(LargeBinary)


class AuditEntryModel(TableModel, table=True):
    """One operation in the audit log, chained to the one before."""

    __tablename__ = "audit_entry"

    id: UUID = primary_key()
    nth: int = made_by_database(BigInteger)
    chain: UUID = Field(sa_type=Uuid, foreign_key="guyub.audit_chain.id")
    facility_id: UUID | None = made_by_database(Uuid)
    seq: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=MOMENT)
    actor: UUID | None = Field(default=None, sa_type=Uuid)
    actor_label: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    reason: str = made_by_database(Text)
    details: dict[str, Any] = made_by_database(JSONB)
    previous: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)
    xid: str = made_by_database(Xid8)
