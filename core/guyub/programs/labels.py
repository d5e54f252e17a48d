"""The words of a programme: the steps of a month and what becomes of a household. Codes are kept, labels shown."""

from typing import Literal

from guyub.sdk.text import Text

CycleState = Literal["planned", "proposed", "approved", "distributing", "closed", "cancelled"]

STEPS = ("planned", "proposed", "approved", "distributing", "closed")
"""In their order; a cancelled month leaves it."""

STATES = {
    "planned": Text(id="Rencana", en="Planned"),
    "proposed": Text(id="Usulan", en="Proposed"),
    "approved": Text(id="Disetujui", en="Approved"),
    "distributing": Text(id="Penyaluran", en="Distribution"),
    "closed": Text(id="Selesai", en="Closed"),
    "cancelled": Text(id="Dibatalkan", en="Cancelled"),
}

HOUSEHOLD_STATES = {
    "candidate": Text(id="Calon", en="Candidate"),
    "selected": Text(id="Terpilih", en="Selected"),
    "excluded": Text(id="Tidak memenuhi syarat", en="Not eligible"),
    "approved": Text(id="Belum menerima", en="Not yet received"),
    "received": Text(id="Sudah menerima", en="Received"),
    "absent": Text(id="Tidak hadir", en="Absent"),
    "returned": Text(id="Dikembalikan", en="Returned"),
    "cancelled": Text(id="Dibatalkan", en="Cancelled"),
}

MARKS = {
    "signature": Text(id="Tanda tangan", en="Signature"),
    "thumbprint": Text(id="Cap jempol", en="Thumbprint"),
}
"""What stands on the list as proof."""

NOT_MARKED = Text(
    id="{count} keluarga tidak ditandai, karena sudah menerima atau sudah ditandai sebelumnya",
    en="{count} households were not marked: they received, or were marked before",
    en_one="{count} household was not marked: it received, or was marked before",
)
"""Of those who were to be marked absent."""
