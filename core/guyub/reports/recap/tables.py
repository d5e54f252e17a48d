"""The declared tables of the monthly recap: who is not in yet, and what was sent."""

from guyub.reports.recap.facts import FORMS, MissingFacility, SentRecap
from guyub.sdk.page_tables import Column, Table
from guyub.sdk.text import Text

MISSING: Table[MissingFacility] = Table(
    name="facilities_that_are_not_in_yet",
    caption=Text(id="UPT yang belum masuk", en="Facilities that are not in yet"),
    columns=(
        Column(
            "facility", Text(id="UPT", en="Facility"), lambda row: row.name, link=lambda row, base: f"/f/{row.code}/"
        ),
        Column("state", Text(id="Keadaan", en="State"), lambda row: row.why),
    ),
)

RECAPS_SENT: Table[SentRecap] = Table(
    name="recaps_that_were_sent",
    caption=Text(id="Rekap yang sudah dikirim", en="Recaps that were sent"),
    columns=(
        Column("when", Text(id="Waktu", en="When"), lambda row: row.at, kind="moment"),
        Column("by", Text(id="Oleh", en="By"), cell="recap_by"),
        Column("note", Text(id="Catatan", en="Note"), on_page=False),
        Column("form", Text(id="Bentuk", en="Form"), lambda row: FORMS[row.form]),
        Column("not_in", Text(id="Belum masuk", en="Not in"), lambda row: row.missing, kind="number"),
        Column("digest", Text(id="Sidik angka", en="Digest"), lambda row: row.sha256, cell="digest"),
    ),
)
