"""The declared tables of campaigns: all of an office, one at each facility, its preview, what a new one may name."""

from collections.abc import Sequence
from datetime import date

from guyub.programs.campaigns.assessment import CampaignAssessment
from guyub.programs.campaigns.queries import AtFacility, Campaign, FacilityChoice
from guyub.programs.campaigns.readiness import Readiness
from guyub.programs.tables import CYCLE_STATES
from guyub.sdk.page_tables import Code, Column, Filter, Table, TableRows
from guyub.sdk.text import Text

_FACILITY, _QUOTA = Text(id="UPT", en="Facility"), Text(id="Kuota", en="Quota")
_SERVED, _LISTED = Text(id="Menerima", en="Received"), Text(id="Pada daftar", en="Listed")
_DISTRIBUTION, _STATE = Text(id="Penyaluran", en="Distribution"), Text(id="Keadaan", en="State")
_OWN_PLAN = Text(id="Rencana UPT sendiri", en="Its own plan")
_CANCELLED = Code("cancelled", Text(id="Dibatalkan", en="Cancelled"))
_CLOSED = Code("closed", Text(id="Selesai", en="Closed"), "success")
_UNDER_WAY = Code("under_way", Text(id="Berjalan", en="Under way"), "primary")


def _state(row: Campaign) -> Code:
    if row.cancelled_at:
        return _CANCELLED
    return _CLOSED if row.closed == row.facilities else _UNDER_WAY


CAMPAIGNS: Table[Campaign] = Table(
    name="orders_of_the_regional_office",
    caption=Text(id="Perintah kantor wilayah", en="Campaigns of the regional office"),
    main=True,
    columns=(
        Column(
            "order",
            Text(id="Perintah", en="Campaign"),
            lambda row: row.title,
            link=lambda row, base: f"{base}/campaigns/{row.id}",
        ),
        Column("distribution", _DISTRIBUTION, lambda row: row.distribution_on, kind="weekday"),
        Column("facilities", Text(id="UPT", en="Facilities"), kind="number"),
        Column("quota", _QUOTA, kind="number"),
        Column("served", _SERVED, lambda row: row.received, kind="number", cell="served"),
        Column("listed", _LISTED, kind="number", on_page=False),
        Column("state", _STATE, _state, cell="campaign_state"),
        Column(
            "facilities_closed",
            Text(id="UPT selesai", en="Facilities closed"),
            lambda row: row.closed,
            kind="number",
            on_page=False,
        ),
    ),
    filters=(Filter("state", _STATE, _state),),
)


def at_facilities(facilities: Sequence[AtFacility], ordered_on: date) -> TableRows[AtFacility]:
    """Returns a campaign at each facility; ``ordered_on`` is the day that it names."""
    table: Table[AtFacility] = Table(
        name="the_order_at_each_facility",
        caption=Text(id="Perintah di setiap UPT", en="The campaign at each facility"),
        main=True,
        columns=(
            Column("facility", _FACILITY, lambda row: row.name, link=lambda row, base: f"/f/{row.code}/"),
            Column("state", Text(id="Tahap", en="State"), lambda row: CYCLE_STATES.get(row.state, _OWN_PLAN)),
            Column(
                "distribution", _DISTRIBUTION, lambda row: row.distribution_on, kind="date", cell="distribution_day"
            ),
            Column(
                "another_day_than_ordered",
                Text(id="Hari lain dari perintah", en="Another day than ordered"),
                lambda row: int(row.distribution_on != ordered_on) if row.distribution_on else None,
                kind="number",
                on_page=False,
            ),
            Column("quota", _QUOTA, kind="number"),
            Column("served", _SERVED, lambda row: row.received, kind="number", cell="served"),
            Column("listed", _LISTED, kind="number", on_page=False),
            Column("value", Text(id="Nilai", en="Value"), lambda row: row.value or None, kind="money"),
            Column(
                "dearest_package",
                Text(id="Paket termahal", en="Dearest package"),
                lambda row: row.dearest or None,
                kind="money",
            ),
            Column(
                "above_the_ceiling",
                Text(id="Di atas batas", en="Above the ceiling"),
                lambda row: row.above or None,
                kind="number",
                cell="above",
            ),
        ),
        filters=(Filter("state", Text(id="Tahap", en="State"), lambda row: CYCLE_STATES.get(row.state, _OWN_PLAN)),),
    )
    return table.of(facilities)


ACTING: Table[Readiness] = Table(
    name="facilities_that_carry_it_out",
    caption=Text(id="UPT yang melaksanakan", en="Facilities that carry it out"),
    fixed=True,
    columns=(
        Column("facility", _FACILITY, lambda row: row.assessment.place.name, cell="campaign_facility"),
        Column(
            "what_happens", Text(id="Yang terjadi", en="What happens"), lambda row: row.assessment.why, on_page=False
        ),
        Column("quota", _QUOTA, lambda row: row.assessment.quota, kind="number"),
        Column("package", Text(id="Paket", en="Package"), lambda row: row.assessment.value or None, kind="money"),
        Column("estimate", Text(id="Perkiraan", en="Estimate"), lambda row: row.estimate, kind="money"),
        Column("free_money", Text(id="Dana bebas", en="Free money"), lambda row: row.means.free, kind="money"),
        Column(
            "surveyed",
            Text(id="Disurvei", en="Surveyed"),
            lambda row: row.means.surveyed,
            kind="number",
        ),
        Column("sources", Text(id="Sumber aktif", en="Active sources"), lambda row: row.means.sources, kind="number"),
        Column("officials", Text(id="Pejabat", en="Officials"), lambda row: row.means.officials, kind="number"),
        Column(
            "proposers",
            Text(id="Akun pengusul", en="Accounts that may propose"),
            lambda row: row.accounts.proposers,
            kind="number",
            on_page=False,
        ),
        Column(
            "approvers",
            Text(id="Akun penyetuju", en="Accounts that may approve"),
            lambda row: row.accounts.approvers,
            kind="number",
            on_page=False,
        ),
        Column(
            "warnings",
            Text(id="Perhatian", en="Warnings"),
            lambda row: Text.join("; ", row.warnings) if row.warnings else None,
            on_page=False,
        ),
    ),
)

LEFT_OUT: Table[CampaignAssessment] = Table(
    name="facilities_left_out",
    caption=Text(id="UPT yang tidak ikut", en="Facilities left out"),
    fixed=True,
    columns=(
        Column("facility", _FACILITY, lambda row: row.place.name),
        Column("reason", Text(id="Alasan", en="Reason"), lambda row: row.why),
    ),
)

_RUNS = Text(id="Menjalankan program", en="Runs a programme")
_RUNS_NONE = Text(id="Tidak menjalankan program", en="Runs no programme")

CHOICES: Table[FacilityChoice] = Table(
    name="facilities_of_this_region",
    caption=Text(id="UPT wilayah ini", en="Facilities of this region"),
    main=True,
    columns=(
        Column("facility", _FACILITY, lambda row: row.name, cell="facility_choice"),
        Column(
            "another_quota",
            Text(id="Kuota lain", en="Another quota"),
            lambda row: None,
            cell="another_quota",
            sorts=False,
        ),
    ),
    filters=(Filter("runs", Text(id="Program", en="Programme"), lambda row: _RUNS if row.runs else _RUNS_NONE),),
)
