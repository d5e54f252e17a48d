"""The tables of programmes, their cycles, entitlements and hand-overs."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, Date, Integer, LargeBinary, Numeric, SmallInteger, Text, Time, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, Xid8, made_by_database, primary_key, references


class Program(TableModel, table=True):
    """A type of programme that a facility runs."""

    __tablename__ = "program"

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    plugin: str = Field(sa_type=Text)
    program_type: str = Field(sa_type=Text)


class CycleModel(TableModel, table=True):
    """One month of a programme."""

    __tablename__ = "cycle"
    __table_args__ = (
        references("cycle", facility_id="facility_id", previous_id="id"),
        references("program", facility_id="facility_id", program_id="id"),
        references("campaign_facility", campaign_id="campaign_id", facility_id="facility_id"),
    )

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    program_id: UUID = Field(sa_type=Uuid)
    code: str = Field(sa_type=Text)
    period: date = Field(sa_type=Date)
    state: str = made_by_database(Text)
    quota: int = Field(sa_type=Integer)
    exclusion_group: str = Field(sa_type=Text)
    settings: dict[str, Any] = Field(sa_type=JSONB)
    distribution_on: date | None = Field(default=None, sa_type=Date)
    starts_at: time | None = Field(default=None, sa_type=Time)
    place: str = made_by_database(Text)
    revision: int = made_by_database(Integer)
    revised_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_version: int | None = Field(default=None, sa_type=Integer)
    list_version: int = made_by_database(Integer)
    previous_id: UUID | None = Field(default=None, sa_type=Uuid)
    campaign_id: UUID | None = Field(default=None, sa_type=Uuid)
    due: bool = made_by_database(Boolean)
    opening_reason: str = made_by_database(Text)
    opened_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    opened_at: datetime | None = Field(default=None, sa_type=MOMENT)
    scored_at: datetime | None = Field(default=None, sa_type=MOMENT)
    proposed_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    proposed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    proposed_on: date | None = Field(default=None, sa_type=Date)
    approved_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    approved_at: datetime | None = Field(default=None, sa_type=MOMENT)
    approved_from: datetime | None = Field(default=None, sa_type=MOMENT)
    distributing_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    distributing_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closing_note: str = made_by_database(Text)
    cancelled_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    cancelled_at: datetime | None = Field(default=None, sa_type=MOMENT)


class PackageLine(TableModel, table=True):
    """A line of the package of a cycle: goods or money per household."""

    __tablename__ = "package_line"
    __table_args__ = (
        references("cycle", facility_id="facility_id", cycle_id="id"),
        references("item", facility_id="facility_id", item_id="id"),
        references("item", facility_id="facility_id", item_id="id", unit="unit"),
    )

    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid, primary_key=True)
    line: int = Field(sa_type=SmallInteger, primary_key=True)
    item_id: UUID | None = Field(default=None, sa_type=Uuid)
    unit: str | None = Field(default=None, sa_type=Text)
    quantity: Decimal = Field(sa_type=Numeric(14, 3))
    price: int = Field(sa_type=BigInteger)
    per_member: bool = made_by_database(Boolean)
    at_most: Decimal | None = Field(default=None, sa_type=Numeric(14, 3))
    label: dict[str, str] | None = Field(default=None, sa_type=JSONB)
    reason: str = made_by_database(Text)


class CycleFund(TableModel, table=True):
    """A fund that a cycle is paid from, in order of priority."""

    __tablename__ = "cycle_fund"
    __table_args__ = (
        references("cycle", facility_id="facility_id", cycle_id="id"),
        references("fund", facility_id="facility_id", fund_id="id"),
    )

    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid, primary_key=True)
    fund_id: UUID = Field(sa_type=Uuid, primary_key=True)
    priority: int = Field(sa_type=SmallInteger)


class Proposal(TableModel, table=True):
    """One version of the list as it was proposed; households are named by their ids alone."""

    __tablename__ = "proposal"
    __table_args__ = (references("cycle", facility_id="facility_id", cycle_id="id"),)

    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid, primary_key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    proposed_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    kept_at: datetime = made_by_database(MOMENT)
    quota: int = Field(sa_type=Integer)
    distribution_on: date | None = Field(default=None, sa_type=Date)
    starts_at: time | None = Field(default=None, sa_type=Time)
    place: str = Field(sa_type=Text)
    value: int = Field(sa_type=BigInteger)
    package: list[dict[str, Any]] = Field(sa_type=JSONB)
    households: list[UUID] = Field(sa_type=ARRAY(Uuid))
    funds: list[UUID] = Field(sa_type=ARRAY(Uuid))


class FirstApproval(TableModel, table=True):
    """The first of two approvals of a proposal in one version."""

    __tablename__ = "first_approval"
    __table_args__ = (references("cycle", facility_id="facility_id", cycle_id="id"),)

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid)
    version: int = Field(sa_type=Integer)
    approved_by: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    approved_at: datetime = Field(sa_type=MOMENT)


class CorrectionModel(TableModel, table=True):
    """A correction of a closed cycle, which names what it corrects."""

    __tablename__ = "correction"
    __table_args__ = (
        references("cycle", facility_id="facility_id", cycle_id="id"),
        references("entitlement", facility_id="facility_id", entitlement_id="id"),
        references("journal", facility_id="facility_id", journal_id="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid)
    version: int = Field(sa_type=Integer)
    kind: str = Field(sa_type=Text)
    entitlement_id: UUID | None = Field(default=None, sa_type=Uuid)
    journal_id: UUID | None = Field(default=None, sa_type=Uuid)
    occurred_on: date = Field(sa_type=Date)
    reason: str = Field(sa_type=Text)
    corrected_by: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    corrected_at: datetime = Field(sa_type=MOMENT)
    xid: str = made_by_database(Xid8)
    began_at: datetime = made_by_database(MOMENT)


class WithdrawnApproval(TableModel, table=True):
    """An approval that was withdrawn before the first hand-over: what it was, by whom it was withdrawn and why."""

    __tablename__ = "withdrawn_approval"
    __table_args__ = (references("cycle", facility_id="facility_id", cycle_id="id"),)

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid)
    version: int = Field(sa_type=Integer)
    reason: str = Field(sa_type=Text)
    proposed_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    approved_by: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    approved_at: datetime = Field(sa_type=MOMENT)
    approved_from: datetime = Field(sa_type=MOMENT)
    withdrawn_by: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    withdrawn_at: datetime = Field(sa_type=MOMENT)


class Replacement(TableModel, table=True):
    """A reserve that takes the place of a listed household: proposed by staff, confirmed or declined by the approver."""

    __tablename__ = "replacement"
    __table_args__ = (
        references("cycle", facility_id="facility_id", cycle_id="id"),
        references("household", facility_id="facility_id", goes_id="id"),
        references("household", facility_id="facility_id", comes_id="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid)
    goes_id: UUID = Field(sa_type=Uuid)
    comes_id: UUID = Field(sa_type=Uuid)
    reason: str = Field(sa_type=Text)
    proposed_by: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    proposed_at: datetime = Field(sa_type=MOMENT)
    confirmed: bool | None = Field(default=None, sa_type=Boolean)
    decided_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)


class Entitlement(TableModel, table=True):
    """A household in a cycle: judged, selected or not and why, and what became of it."""

    __tablename__ = "entitlement"
    __table_args__ = (
        references("cycle", facility_id="facility_id", cycle_id="id"),
        references("household", facility_id="facility_id", household_id="id"),
    )

    id: UUID = primary_key()
    facility_id: UUID = Field(sa_type=Uuid)
    cycle_id: UUID = Field(sa_type=Uuid)
    household_id: UUID = Field(sa_type=Uuid)
    category: str = Field(sa_type=Text)
    area: str = made_by_database(Text)
    members: int = Field(sa_type=SmallInteger)
    score: Decimal = Field(sa_type=Numeric(10, 3))
    reasons: dict[str, Any] = Field(sa_type=JSONB)
    state: str = made_by_database(Text)
    state_reason: str = made_by_database(Text)
    packages: int = made_by_database(Integer)
    packages_reason: str = made_by_database(Text)
    absent_on: date | None = Field(default=None, sa_type=Date)


class EntitlementLine(TableModel, table=True):
    """Holds what a household is entitled to."""

    __tablename__ = "entitlement_line"
    __table_args__ = (
        references("entitlement", facility_id="facility_id", entitlement_id="id"),
        references("item", facility_id="facility_id", item_id="id"),
    )

    facility_id: UUID = Field(sa_type=Uuid)
    entitlement_id: UUID = Field(sa_type=Uuid, primary_key=True)
    line: int = Field(sa_type=SmallInteger, primary_key=True)
    item_id: UUID | None = Field(default=None, sa_type=Uuid)
    quantity: Decimal = Field(sa_type=Numeric(14, 3))
    price: int = Field(sa_type=BigInteger)


class RecipientSnapshot(TableModel, table=True):
    """The recipient as proposed; kept apart, so that it can be anonymised."""

    __tablename__ = "recipient_snapshot"
    __table_args__ = (references("entitlement", facility_id="facility_id", entitlement_id="id"),)

    entitlement_id: UUID = Field(sa_type=Uuid, primary_key=True)
    facility_id: UUID = Field(sa_type=Uuid)
    number: int = Field(sa_type=Integer)
    full_name: str = Field(sa_type=Text)
    nik_masked: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text)
    relationship: str = Field(sa_type=Text)
    inmate_name: str = Field(sa_type=Text)


class Handover(TableModel, table=True):
    """A package that was handed over; undoing it sets ``reversed_at`` once."""

    __tablename__ = "handover"
    __table_args__ = (
        references("entitlement", facility_id="facility_id", entitlement_id="id"),
        references("journal", facility_id="facility_id", journal_id="id"),
        references("journal", facility_id="facility_id", reversal_journal_id="id"),
    )

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid)
    entitlement_id: UUID = Field(sa_type=Uuid)
    journal_id: UUID | None = Field(default=None, sa_type=Uuid)
    number: int = Field(sa_type=Integer)
    handed_at: datetime = Field(sa_type=MOMENT)
    given_by: UUID = Field(sa_type=Uuid, foreign_key="guyub.person.id")
    witness: str = Field(sa_type=Text)
    witness_id: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    collected_by: str = made_by_database(Text)
    proxy_name: str = made_by_database(Text)
    proxy_letter: str = made_by_database(Text)
    proof: str = Field(sa_type=Text)
    reversed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reversed_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    reversal_reason: str = made_by_database(Text)
    reversal_journal_id: UUID | None = Field(default=None, sa_type=Uuid)


class HandoverLine(TableModel, table=True):
    """Holds what was handed over, and the transfer that booked it."""

    __tablename__ = "handover_line"
    __table_args__ = (
        references("handover", facility_id="facility_id", handover_id="id"),
        references("transfer", facility_id="facility_id", transfer_id="id"),
    )

    facility_id: UUID = Field(sa_type=Uuid)
    handover_id: UUID = Field(sa_type=Uuid, primary_key=True)
    transfer_id: UUID = Field(sa_type=Uuid, primary_key=True)
    item_id: UUID | None = Field(default=None, sa_type=Uuid)
    quantity: Decimal = Field(sa_type=Numeric(14, 3))
    rupiah: int = Field(sa_type=BigInteger)


class Claim(TableModel, table=True):
    """One benefit per identity, exclusion group and month across facilities; nobody reads it directly."""

    __tablename__ = "claim"
    __table_args__ = (references("entitlement", facility_id="facility_id", entitlement_id="id"),)

    id: UUID = primary_key()
    identity: bytes = Field(sa_type=LargeBinary)
    exclusion_group: str = Field(sa_type=Text)
    period: date = Field(sa_type=Date)
    facility_id: UUID = Field(sa_type=Uuid)
    entitlement_id: UUID = Field(sa_type=Uuid)
    released_at: datetime | None = Field(default=None, sa_type=MOMENT)


class RollupMonth(TableModel, table=True):
    """The figures of a cycle."""

    __tablename__ = "rollup_month"
    __table_args__ = (references("cycle", facility_id="facility_id", cycle_id="id"),)

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    cycle_id: UUID = Field(sa_type=Uuid, primary_key=True)
    plugin: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    period: date = Field(sa_type=Date)
    title: dict[str, str] | None = Field(default=None, sa_type=JSONB)
    state: str = Field(sa_type=Text)
    distribution_on: date | None = Field(default=None, sa_type=Date)
    listed: int = made_by_database(Integer)
    received: int = made_by_database(Integer)
    value: int = made_by_database(BigInteger)
    packages: int = made_by_database(Integer)
