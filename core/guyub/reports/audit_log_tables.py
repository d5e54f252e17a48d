"""The declared table of the audit log."""

from guyub.reports.audit_log import KINDS, PAGE
from guyub.reports.audit_log_lines import AuditLogLine
from guyub.sdk.page_tables import Column, Filter, Table, Value
from guyub.sdk.text import Text

_FACILITY = Text(id="UPT", en="Facility")
_SEVERAL = Text(id="{count} UPT", en="{count} facilities", en_one="{count} facility")


def _place(row: AuditLogLine) -> Value:
    return row.places[0][1] if len(row.places) == 1 else _SEVERAL.format(count=len(row.places))


AUDIT_LOG: Table[AuditLogLine] = Table(
    name="audit_trail",
    caption=Text(id="Jejak kegiatan", en="Audit log"),
    main=True,
    page_size=PAGE,
    columns=(
        Column("when", Text(id="Waktu", en="When"), lambda row: row.at, kind="moment", sorts=True),
        Column(
            "who",
            Text(id="Siapa", en="Who"),
            lambda row: row.actor if row.login == row.actor else f"{row.actor} {row.login}",
            cell="actor",
            names_row=True,
        ),
        Column("facility", _FACILITY, _place, cell="places"),
        Column("what", Text(id="Kegiatan", en="What"), lambda row: row.sentence, cell="deed"),
        Column("about", Text(id="Mengenai", en="About"), on_page=False),
        Column(
            "value",
            Text(id="Nilai", en="Value"),
            lambda row: row.rupiah or None,
            kind="money",
            quiet=lambda row: not row.rupiah,
        ),
        Column("reason", Text(id="Alasan", en="Reason"), on_page=False),
    ),
    filters=(
        Filter("facility", _FACILITY, any_option=Text(id="Semua UPT", en="All facilities")),
        Filter("kind", Text(id="Jenis", en="Kind"), options=tuple((code, name) for code, (name, _) in KINDS.items())),
        Filter("who", Text(id="Siapa", en="Who"), kind="text"),
        Filter("since", Text(id="Sejak", en="Since"), kind="date"),
        Filter("until", Text(id="Sampai", en="Until"), kind="date"),
    ),
)
