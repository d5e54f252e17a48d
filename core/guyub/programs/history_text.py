"""The history of a cycle in words: what was done, by whom, when and why, as staff read it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guyub.programs.cycle_facts import CycleHistoryEntry
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

UNFIT = (AttributeError, KeyError, IndexError, OverflowError, TypeError, ValueError)
"""What a sentence raises where the details of an entry are not those of its action."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the history. ``since`` is the earlier end of several hand-overs shown as one."""

    at: datetime
    sentence: Text
    actor: str
    reason: str
    since: datetime | None = None


def history_lines(steps: Sequence[CycleHistoryEntry]) -> list[HistoryLine]:
    """Returns the lines of a history, newest first. Hand-overs that follow one another by the same person become one line."""
    lines: list[HistoryLine] = []
    runs: list[list[CycleHistoryEntry]] = []
    for step in steps:
        if runs and step.action == "programs.hand_over" == runs[-1][0].action and step.actor == runs[-1][0].actor:
            runs[-1].append(step)
        else:
            runs.append([step])
    for run in runs:
        newest, oldest = run[0], run[-1]
        if len(run) > 1:
            served = sum(_served(step) for step in run)
            lines.append(HistoryLine(newest.at, _handed_over(served), newest.actor, newest.reason, oldest.at))
        else:
            lines.append(HistoryLine(newest.at, in_words(newest), newest.actor, newest.reason))
    return lines


def in_words(step: CycleHistoryEntry) -> Text:
    """Returns one step as a sentence; an action of a later version, or with details that do not fit it, is shown by its code."""
    code = Text.same(step.action)
    say = STEP_SENTENCES.get(step.action)
    try:
        return say(step.details) if say else code
    except UNFIT:
        return code


def _served(step: CycleHistoryEntry) -> int:
    details: object = step.details  # whatever a damaged row holds
    households = details.get("households", 1) if isinstance(details, Mapping) else 1
    return households if isinstance(households, int) else 1


def _handed_over(households: int) -> Text:
    return Text(
        id="Diserahkan kepada {count} keluarga.",
        en="Handed over to {count} households.",
        en_one="Handed over to one household.",
    ).format(count=households)


def _opened(details: Mapping[str, Any]) -> Text:
    if details.get("due", True):
        return Text(
            id="Bulan dibuka dengan kuota {quota} paket.",
            en="The month was opened for {quota} packages.",
            en_one="The month was opened for {quota} package.",
        )
    return Text(
        id="Bulan di luar jadwal dibuka dengan kuota {quota} paket.",
        en="The month, which was not due, was opened for {quota} packages.",
        en_one="The month, which was not due, was opened for {quota} package.",
    )


def _households(id: str, en: str) -> Callable[[Mapping[str, Any]], Text]:
    """Returns a sentence whose English is also that of one household, with the singular for what it says of many."""
    singular = en.replace("households were", "household was")
    return lambda details: Text(id=id, en=en, en_one=singular).format(count=details.get("households", 0))


def _planned(details: Mapping[str, Any]) -> Text:
    day = date.fromisoformat(details["on"])
    place = str(details.get("place", "")).strip()
    if place:
        sentence = Text(id="Penyaluran ditetapkan {day} di {place}.", en="Distribution set for {day} at {place}.")
    else:
        sentence = Text(id="Penyaluran ditetapkan {day}.", en="Distribution set for {day}.")
    return sentence.format(day=day, place=place)


def _selected_by_hand(details: Mapping[str, Any]) -> Text:
    if details.get("on"):
        return Text(id="Satu keluarga dimasukkan ke daftar.", en="One household was put on the list.")
    return Text(id="Satu keluarga dikeluarkan dari daftar.", en="One household was taken off the list.")


def _packages(details: Mapping[str, Any]) -> Text:
    return Text(
        id="Paket sebuah lembaga bulan ini {before} → {now}.",
        en="The packages of an institution this month: {before} → {now}.",
    ).format(before=details.get("before", "?"), now=details.get("packages", "?"))


def _new_terms(details: Mapping[str, Any]) -> Text:
    sentences = []
    if details.get("quota") != details.get("quota_before"):
        sentences.append(
            Text(
                id="Kuota diubah dari {before} menjadi {now}.", en="The quota was changed from {before} to {now}."
            ).format(before=details["quota_before"], now=details["quota"])
        )
    if details.get("package"):
        sentences.append(Text(id="Isi bantuan mengikuti pengaturan.", en="The package follows the settings."))
    return Text.join(" ", sentences) if sentences else Text(id="Kuota ditetapkan.", en="The quota was set.")


def _approved(details: Mapping[str, Any]) -> Text:
    rupiah = format_rupiah(int(details.get("rupiah", 0)))
    if details.get("first"):
        sentence = Text(
            id="Disetujui setelah persetujuan pertama {first}; {rupiah} dicadangkan.",
            en="Approved after the first approval of {first}; {rupiah} reserved.",
        )
        return sentence.format(first=str(details["first"]), rupiah=rupiah)
    return Text(id="Disetujui; {rupiah} dicadangkan.", en="Approved; {rupiah} reserved.").format(rupiah=rupiah)


_CORRECTED = {
    "taken_back": Text(id="satu penyerahan ditarik kembali.", en="one hand-over was taken back."),
    "handed_over_late": Text(id="satu keluarga menerima menyusul.", en="one household received late."),
    "note_cancelled": Text(id="nota {note} dibatalkan.", en="note {note} was cancelled."),
}


def _corrected(details: Mapping[str, Any]) -> Text:
    kind = str(details.get("kind"))
    if kind not in _CORRECTED:
        return Text(id="bulan yang ditutup dikoreksi.", en="a closed month was corrected.")
    return _CORRECTED[kind].format(note=details.get("note", "?"))


def fixed(id: str, en: str) -> Callable[[Mapping[str, Any]], Text]:
    return lambda details: Text(id=id, en=en)


STEP_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], Text]] = {
    "programs.open": lambda details: _opened(details).format(quota=details.get("quota", "?")),
    "programs.campaign": lambda details: Text(
        id="Diperintahkan kantor wilayah: “{title}”, kuota {quota} paket.",
        en="Campaign of the regional office: “{title}”, a quota of {quota} packages.",
        en_one="Campaign of the regional office: “{title}”, a quota of {quota} package.",
    ).format(title=details.get("order", "?"), quota=details.get("quota", "?")),
    "programs.campaign_cancelled": lambda details: Text(
        id="Perintah kantor wilayah “{title}” dibatalkan: {why}",
        en="The regional office's campaign “{title}” was cancelled: {why}",
    ).format(title=details.get("order", "?"), why=details.get("why", "")),
    "programs.score": _households("{count} keluarga dinilai.", "{count} households were scored."),
    "programs.keep_selection": lambda details: Text(
        id="Pilihan tetap: {kept} keluarga; {lost} tidak lagi memenuhi syarat.",
        en="The selection stayed: {kept} households still eligible, {lost} no longer.",
        en_one="The selection stayed: {kept} household still eligible, {lost} no longer.",
    ).format(kept=details.get("kept", 0), lost=details.get("lost", 0)),
    "programs.select": lambda details: Text(
        id="Dipilih otomatis menurut skor; terpilih {count} keluarga.",
        en="Selected by score: {count} households.",
        en_one="Selected by score: {count} household.",
    ).format(count=details.get("selected", 0)),
    "programs.choose": _selected_by_hand,
    "programs.set_terms": _new_terms,
    "programs.set_packages": _packages,
    "programs.add_goods": lambda details: Text(
        id="{goods} ditambahkan untuk bulan ini saja.", en="{goods} was added for this month alone."
    ).format(goods=details.get("goods", "?")),
    "programs.take_off_goods": lambda details: Text(
        id="Barang tambahan {goods} dilepas.", en="The added {goods} was taken off."
    ).format(goods=details.get("goods", "?")),
    "programs.choose_funds": fixed("Dana dan urutannya ditetapkan.", "The funds and their order were set."),
    "programs.plan_distribution": _planned,
    "programs.propose": _households("{count} keluarga diusulkan.", "{count} households were proposed."),
    "programs.return": fixed("Usulan dikembalikan ke tahap rencana.", "The proposal went back to planning."),
    "programs.approve_first": lambda details: Text(
        id="Disetujui penyetuju pertama ({rupiah}); menunggu penyetuju kedua.",
        en="The first approver approved ({rupiah}); it waits for the second.",
    ).format(rupiah=format_rupiah(int(details.get("rupiah", 0)))),
    "programs.approve": _approved,
    "programs.withdraw_approval": lambda details: Text(
        id="Persetujuan {name} ditarik; {rupiah} kembali ke dananya.",
        en="The approval of {name} was withdrawn; {rupiah} went back to its funds.",
    ).format(name=details.get("approved_by", "?"), rupiah=format_rupiah(int(details.get("rupiah", 0)))),
    "programs.propose_replacement": fixed(
        "Penggantian satu penerima diusulkan.", "A replacement of one recipient was proposed."
    ),
    "programs.replace": fixed("Satu penerima diganti dengan cadangan.", "A reserve took the place of one recipient."),
    "programs.decline_replacement": fixed("Penggantian tidak jadi.", "A replacement was declined."),
    "programs.start": fixed("Penyaluran dimulai.", "The distribution began."),
    "programs.hand_over": lambda details: _handed_over(int(details.get("households", 1))),
    "programs.undo": fixed("Satu penyerahan dibatalkan.", "One hand-over was undone."),
    "programs.absent": _households("{count} keluarga ditandai tidak hadir.", "{count} households were marked absent."),
    "programs.correct": lambda details: Text.join(
        "",
        (Text(id="Koreksi sesudah bulan ditutup: ", en="Correction after the month was closed: "), _corrected(details)),
    ),
    "programs.close": fixed("Bulan ditutup.", "The month was closed."),
    "programs.cancel": fixed("Bulan dibatalkan.", "The month was cancelled."),
}
