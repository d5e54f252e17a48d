"""All documents of a cycle that stand, as one ZIP: in the order of the bundle, those that are outdated apart."""

import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from guyub.db.unit_of_work import Work
from guyub.documents import storage
from guyub.documents.refusals import DocumentsRefusal
from guyub.documents.storage import KeptDocument
from guyub.programs.cycles import Cycle
from guyub.programs.documents.bundle import KINDS
from guyub.programs.documents.outdated import outdated
from guyub.sdk.words import format_date

MEDIA_TYPE = "application/zip"
_IN_MEMORY = 4 * 1024 * 1024
"""Bytes; a longer file waits on the disk until it is sent."""


def in_order(kept: Iterable[KeptDocument]) -> list[KeptDocument]:
    """Returns the documents in the order of the bundle; of one kind, that of fund 2 before that of fund 10."""
    places = list(KINDS)
    return sorted(
        kept,
        key=lambda item: (places.index(item.kind) if item.kind in places else len(places), _by_number(item.file_name)),
    )


def _by_number(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", name)]


def zip_of(work: Work, cycle: Cycle) -> tuple[str, IO[bytes]]:
    """Returns the name and the file: the newest of each document that the reader may see, one in memory at a time.

    Each that names people is audited as one that was taken out. Raises ``NotFound`` where there is none.
    """
    work.require("documents.read")
    documents = in_order(storage.newest(work, cycle.id))
    if not documents:
        raise DocumentsRefusal.NONE_KEPT.not_found()
    folder = f"{work.here.code}-{cycle.code}"
    with ExitStack() as unfinished:
        target = unfinished.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY))
        _fill(work, target, folder, documents, set(outdated(work, cycle)))
        target.seek(0)
        unfinished.pop_all()  # whoever sends it closes it
    return f"{folder}-dokumen.zip", target


def _fill(work: Work, target: IO[bytes], folder: str, documents: Sequence[KeptDocument], old: Collection[UUID]) -> None:
    zone = ZoneInfo(work.here.zone)
    lines = []
    with ZipFile(target, "w") as archive:
        for place, document in enumerate(documents, start=1):
            apart = "usang/" if document.id in old else ""
            name = f"{folder}/{apart}{place:02}-{document.file_name}"
            entry = ZipInfo(name, document.made_at.astimezone(zone).timetuple()[:6])
            # Files of PDF and Excel are packed already.
            entry.compress_type = ZIP_DEFLATED if document.media_type.startswith("text/") else ZIP_STORED
            archive.writestr(entry, storage.load(work, document.id)[1])
            lines.append(_line(place, document, is_outdated=bool(apart)))
        last = max(document.made_at for document in documents).astimezone(zone)
        listed = ZipInfo(f"{folder}/00-daftar-isi.txt", last.timetuple()[:6])
        archive.writestr(listed, "\n".join([*_HEADER, *lines, ""]))


_HEADER = ("No.\tDokumen\tNomor\tTanggal\tKeadaan\tSHA-256",)


def _line(place: int, document: KeptDocument, *, is_outdated: bool) -> str:
    day = format_date(document.stated_on) if document.stated_on else ""
    state = "usang" if is_outdated else ""
    return "\t".join((f"{place:02}", document.title, document.number, day, state, document.sha256))
