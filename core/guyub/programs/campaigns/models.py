"""The tables of campaigns."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Integer, Text, Uuid
from sqlmodel import Field

from guyub.db.base import MOMENT, TableModel, made_by_database, primary_key


class CampaignModel(TableModel, table=True):
    """A cycle that a regional office launches at many facilities."""

    __tablename__ = "campaign"

    id: UUID = primary_key()
    seq: int = made_by_database(BigInteger)
    region_id: UUID = Field(sa_type=Uuid, foreign_key="guyub.region.id")
    theme_code: str | None = Field(default=None, sa_type=Text, foreign_key="guyub.theme.code")
    title: str = Field(sa_type=Text)
    plugin: str = Field(sa_type=Text)
    program_type: str = Field(sa_type=Text)
    period: date = Field(sa_type=Date)
    distribution_on: date = Field(sa_type=Date)
    ceiling: int | None = Field(default=None, sa_type=BigInteger)
    ordered_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    ordered_label: str = made_by_database(Text)
    ordered_at: datetime = made_by_database(MOMENT)
    cancelled_by: UUID | None = Field(default=None, sa_type=Uuid, foreign_key="guyub.person.id")
    cancelled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    cancel_reason: str = made_by_database(Text)


class CampaignFacility(TableModel, table=True):
    """A facility of a campaign and its quota."""

    __tablename__ = "campaign_facility"

    campaign_id: UUID = Field(sa_type=Uuid, primary_key=True, foreign_key="guyub.campaign.id")
    facility_id: UUID = Field(sa_type=Uuid, primary_key=True, foreign_key="guyub.facility.id")
    quota: int = Field(sa_type=Integer)
    own_quota: int = Field(sa_type=Integer)
    adopted: bool = Field(sa_type=Boolean)
