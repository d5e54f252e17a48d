"""Holds what a facility's file says of its type, class, province, officials and end, checked with the files around it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from guyub.facilities.classes import CLASSES, is_class_of, normal_class
from guyub.provisioning.file_checks import twice
from guyub.provisioning.files import SourceFile
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.validation_messages import unknown

_INTO_ITSELF = Text(
    id="UPT tidak dapat dilanjutkan oleh dirinya sendiri; tulis kode UPT lain yang melanjutkannya, atau hapus baris ini.",
    en="A facility cannot go on in itself; write the code of the one that goes on, or remove this line.",
)


def provinces_of(named: Sequence[str], region: str) -> tuple[str, ...]:
    """Returns the provinces that an office serves: the one of its own name where its file names none."""
    return tuple(named) or (region,)


def check_places(regions: Mapping[str, SourceFile], facilities: Sequence[SourceFile]) -> None:
    """Passes over what has the wrong form: that is a finding of its own already."""
    codes = {source.code for source in facilities}
    for source in regions.values():
        _check_provinces(source)
    for source in facilities:
        if source.data is None:
            continue
        _check_class(source, source.data)
        _check_province(source, source.data, regions.get(source.region))
        _check_end(source, source.data, codes)
        _check_holders(source, source.data)


def _check_class(source: SourceFile, data: Mapping[str, Any]) -> None:
    kind, class_written = data.get("type"), data.get("class", "")
    if not isinstance(kind, str) or kind not in CLASSES:
        return
    if isinstance(class_written, str) and not is_class_of(kind, normal_class(class_written)):
        known = ", ".join(CLASSES[kind])
        source.fault(
            ("class",),
            Text(
                id="{kind} tidak memiliki kelas “{written}”; kelasnya {known}."
                if known
                else "{kind} tidak memiliki kelas; hapus baris ini.",
                en="A {kind} has no class “{written}”; its classes are {known}."
                if known
                else "A {kind} has no class; remove this line.",
            ).format(kind=kind, written=class_written, known=known),
        )
    if kind != "lapas" and data.get("variant"):
        source.fault(
            ("variant",),
            Text(
                id="Hanya lapas yang memiliki “variant”; hapus baris ini.",
                en="Only a lapas has a variant; remove this.",
            ),
        )


def _check_provinces(region: SourceFile) -> None:
    named = (region.data or {}).get("provinces")
    names = [item for item in named if isinstance(item, str)] if isinstance(named, list) else []
    for index, row in enumerate(names):
        if row in names[:index]:
            region.fault(("provinces", index), twice(row))


def _check_province(source: SourceFile, data: Mapping[str, Any], region: SourceFile | None) -> None:
    if region is None or region.data is None:
        return
    named, name = region.data.get("provinces", []), region.data.get("name")
    if not isinstance(named, list) or not isinstance(name, str) or not all(isinstance(item, str) for item in named):
        return
    known = provinces_of(list(dict.fromkeys(named)), name)
    province = data.get("province", "")
    if isinstance(province, str) and province and province not in known:
        source.fault(("province",), unknown(province, known))
    elif not province and len(known) > 1:
        source.fault_at(
            1,
            Text(
                id="{region} meliputi {known}; tulis province = “…” untuk UPT ini.",
                en="{region} spans {known}; write province = “…” for this facility.",
            ).format(region=name, known=", ".join(known)),
        )


def _check_end(source: SourceFile, data: Mapping[str, Any], codes: Collection[str]) -> None:
    opened, closed, successor = data.get("opened"), data.get("closed"), data.get("merged_into", "")
    if type(opened) is date and type(closed) is date and closed < opened:
        source.fault(
            ("closed",),
            Text(
                id="Tutup ({closed}) sebelum buka ({opened}); perbaiki salah satu tanggalnya.",
                en="It closes ({closed}) before it opens ({opened}); fix one of the two dates.",
            ).format(closed=str(closed), opened=str(opened)),
        )
    if not isinstance(successor, str) or not successor:
        return
    if successor == source.code:
        source.fault(("merged_into",), _INTO_ITSELF)
    elif successor not in codes:
        source.fault(("merged_into",), unknown(successor, sorted(set(codes) - {source.code})))
    if closed is None:
        source.fault(
            ("merged_into",),
            Text(
                id="UPT yang digabung ditutup: tulis hari terakhirnya, closed = 2026-06-30.",
                en="A facility that is merged closes: write its last day, closed = 2026-06-30.",
            ),
        )


def _check_holders(source: SourceFile, data: Mapping[str, Any]) -> None:
    """Checks that a post has one holder at a time, and beside the holder one Plh.; the later of two that meet is
    reported."""
    rows = data.get("officials")
    held: dict[tuple[str, bool], list[tuple[date, date, int]]] = {}
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if not isinstance(row, dict) or not isinstance(row.get("role"), str) or type(row.get("from")) is not date:
            continue
        until = row["until"] if type(row.get("until")) is date else date.max
        held.setdefault((row["role"], row.get("acting") == "Plh."), []).append((row["from"], until, index))
    for (role, _), times in held.items():
        times.sort()
        for (begin, end, _), (later, _, index) in pairwise(times):
            if begin < later <= end:
                source.fault(
                    ("officials", index, "from"),
                    Text(
                        id="Jabatan “{role}” masih dipegang pejabat sejak {begin_id}; tulis until pada pejabat itu.",
                        en="The post “{role}” is still held since {begin_en}; write until for that official.",
                    ).format(role=role, begin_id=format_date(begin), begin_en=format_date(begin, "en")),
                )
