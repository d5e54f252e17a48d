"""The tables of kept figures, reminders and recaps."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Integer, SmallInteger, Text, Uuid
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key, references


class RollupFamilies(TableModel, table=True):
    """The figures of a cycle by category of household."""

    __tablename__ = "rollup_families"
    __table_args__ = (references("cycle", facility_id="facility_id", cycle_id="id"),)

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    cycle_id: UUID = Field(sa_type=Uuid, primary_key=True)
    period: date = Field(sa_type=Date)
    category: str = Field(sa_type=Text, primary_key=True)
    listed: int = Field(sa_type=Integer)
    received: int = Field(sa_type=Integer)
    packages: int = made_by_database(Integer)


class RollupSpending(TableModel, table=True):
    """Holds what a cycle spent, by funding source."""

    __tablename__ = "rollup_spending"
    __table_args__ = (references("cycle", facility_id="facility_id", cycle_id="id"),)

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    cycle_id: UUID = Field(sa_type=Uuid, primary_key=True)
    period: date = Field(sa_type=Date)
    plugin: str = Field(sa_type=Text, primary_key=True)
    source: str = Field(sa_type=Text, primary_key=True)
    spent: int = Field(sa_type=BigInteger)


class RollupIncome(TableModel, table=True):
    """Holds what came in during a month, by funding source."""

    __tablename__ = "rollup_income"

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True, foreign_key="guyub.facility.id")
    period: date = Field(sa_type=Date, primary_key=True)
    plugin: str = Field(sa_type=Text, primary_key=True)
    source: str = Field(sa_type=Text, primary_key=True)
    received: int = Field(sa_type=BigInteger)


class RollupFund(TableModel, table=True):
    """Holds what came into a fund and went out since it was opened."""

    __tablename__ = "rollup_fund"
    __table_args__ = (references("fund", facility_id="facility_id", fund_id="id"),)

    facility_id: UUID = Field(sa_type=Uuid, primary_key=True)
    fund_id: UUID = Field(sa_type=Uuid, primary_key=True)
    plugin: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    sensitive: bool = Field(sa_type=Boolean)
    received: int = made_by_database(BigInteger)
    spent: int = made_by_database(BigInteger)


class ReminderModel(TableModel, table=True):
    """A reminder from a regional office to a facility."""

    __tablename__ = "reminder"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    facility_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.facility.id")
    matter: str = Field(sa_type=Text)
    plugin: str = Field(sa_type=Text)
    period: date = Field(sa_type=Date)
    day: date | None = Field(default=None, sa_type=Date)
    on_day: date = Field(sa_type=Date)
    sent_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    sent_label: str = made_by_database(Text)
    sent_at: datetime = made_by_database(MOMENT)


class ReminderSeen(TableModel, table=True):
    """Somebody of the facility saw the reminder."""

    __tablename__ = "reminder_seen"
    __table_args__ = (references("reminder", facility_id="facility_id", reminder_id="id"),)

    reminder_id: UUID = Field(sa_type=Uuid, primary_key=True)
    facility_id: UUID = Field(sa_type=Uuid)
    seen_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    seen_at: datetime = made_by_database(MOMENT)


class RegionReporting(TableModel, table=True):
    """The days by which the facilities of a region open and report a month."""

    __tablename__ = "region_reporting"

    region_id: UUID = Field(sa_type=Uuid, primary_key=True, foreign_key="guyub.region.id")
    report_day: int = Field(sa_type=SmallInteger)
    open_day: int = Field(sa_type=SmallInteger)
    set_by: str = made_by_database(Text)
    set_at: datetime = made_by_database(MOMENT)


class RecapSent(TableModel, table=True):
    """A recap of a region that was sent, with the digest of its figures."""

    __tablename__ = "recap_sent"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    region_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.region.id")
    period: date = Field(sa_type=Date)
    form: str = Field(sa_type=Text)
    sha256: str = Field(sa_type=Text)
    missing: int = Field(sa_type=Integer)
    note: str = made_by_database(Text)
    sent_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    sent_label: str = made_by_database(Text)
    sent_at: datetime = made_by_database(MOMENT)
