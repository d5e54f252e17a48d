"""``households`` and ``household``: the facts about households that rules may use, without names or numbers of persons.

``households`` is the published view, one row per active household of the facility; its columns are API. ``members`` of an
institution are the people whom it serves. The three facts about the inmate are NULL where no inmate is linked; of several the
one who is inside counts, else the one whose status is the newest. ``inmate_status`` is detainee, convict or juvenile (then
``inmate_inside`` is true), released, transferred or client; ``inmate_status_since`` is the day on which it began, NULL where
nobody recorded it. ``packages`` is how many packages of a month an institution receives; everybody else receives one.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Date, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

households = Table(
    "household_facts",
    MetaData(schema="guyub"),
    Column("household_id", Uuid, primary_key=True),
    Column("facility_id", Uuid),
    Column("category", Text),
    Column("village_code", Text),
    Column("members", Integer),
    Column("children_under_5", Integer),
    Column("children_of_school_age", Integer),
    Column("adults", Integer),
    Column("elderly", Integer),
    Column("disabled", Integer),
    Column("surveyed", Boolean),
    Column("surveyed_on", Date),
    Column("monthly_income", BigInteger),
    Column("breadwinner_detained", Boolean),
    Column("earth_floor", Boolean),
    Column("bamboo_walls", Boolean),
    Column("no_own_toilet", Boolean),
    Column("other_aid", Boolean),
    Column("welfare_decile", Integer),
    Column("answers", JSONB),
    Column("last_served", Date),
    Column("inmate_status", Text),
    Column("inmate_status_since", Date),
    Column("inmate_inside", Boolean),
    Column("packages", Integer),
)

household = households.c
"""The columns, for expressions: ``household.monthly_income < 600_000``."""

Expression = ColumnElement[Any]
