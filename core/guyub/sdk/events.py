"""Events: what the core reports to plugins after it has happened, one for each operation, whatever the number of
households."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guyub.sdk.text import Text

EVENTS: Mapping[str, Text] = {
    "cycle.opened": Text(id="Periode dibuka; rincian: quota", en="A cycle was opened; details: quota"),
    "cycle.proposed": Text(id="Daftar diusulkan; rincian: households", en="A list was proposed; details: households"),
    "cycle.returned": Text(id="Usulan dikembalikan", en="A proposal was returned"),
    "cycle.approved": Text(id="Usulan disetujui; rincian: rupiah", en="A proposal was approved; details: rupiah"),
    "cycle.approval_withdrawn": Text(id="Persetujuan ditarik", en="An approval was withdrawn"),
    "cycle.recipient_replaced": Text(id="Satu penerima diganti cadangan", en="A reserve took the place of a recipient"),
    "cycle.started": Text(id="Penyaluran dimulai", en="A distribution began"),
    "cycle.closed": Text(id="Periode ditutup", en="A cycle was closed"),
    "cycle.cancelled": Text(id="Periode dibatalkan", en="A cycle was cancelled"),
    "package.handed_over": Text(
        id="Paket diserahkan; rincian: households, rupiah", en="Packages were handed over; details: households, rupiah"
    ),
    "package.returned": Text(id="Satu penyerahan dibatalkan", en="One hand-over was taken back"),
    "fund.received": Text(
        id="Penerimaan dibukukan; rincian: source, receipt, rupiah, evidence",
        en="A receipt was booked; details: source, receipt, rupiah, evidence",
    ),
    "fund.receipt_reversed": Text(
        id="Penerimaan dibatalkan; rincian: source, receipt, rupiah, evidence",
        en="A receipt was taken back; details: source, receipt, rupiah, evidence",
    ),
}
"""Kind of event -> what happened, and the keys of its details: counts, keys, whole rupiah and numbers of documents, never a
person. Of receipts, `source` and `receipt` are the keys of the source and of its kind of receipt, `evidence` is that of the
posting, and the subject is the code of the fund."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``id`` stays the same when a delivery is repeated; ``subject`` names the thing as the audit
    log does ("bansos/2024-11", a fund's code); ``on`` is the day of the facility, ``at`` the moment of the commit's
    transaction."""

    id: UUID
    kind: str
    subject: str
    on: date
    at: datetime
    details: Mapping[str, Any]
