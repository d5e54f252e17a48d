"""What the database refuses about a facility: its class, its names, its officials, its end."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from guyub.db import limits
from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, period_name

STATES = ("GU013", "GU014", "GU015", "GU017")

BY_CONSTRAINT: dict[str, tuple[str, Text, Text]] = {
    "one_holder_at_a_time": (
        "facilities.two_holders",
        Text(
            id="Jabatan ini sudah dipegang orang lain pada tanggal tersebut.",
            en="Somebody else holds this post on those days.",
        ),
        Text(
            id="Akhiri dulu masa jabatan pejabat lama. Plh. boleh mendampingi pejabat definitif; Plt. hanya bila jabatan kosong.",
            en="End the former holder's time first. A Plh. may stand beside the holder; a Plt. only in a vacant post.",
        ),
    ),
    "facility_code_key": (
        "facilities.code_taken",
        Text(id="Kode UPT ini sudah dipakai.", en="Another facility has this code."),
        Text(id="Pilih kode lain.", en="Choose another code."),
    ),
    "class_of_type": (
        "facilities.class",
        Text(
            id="Kelas ini tidak ada untuk jenis UPT tersebut.", en="There is no such class for this type of facility."
        ),
        Text(id="Pilih kelas yang sesuai dengan jenis UPT.", en="Choose a class that fits the type."),
    ),
    "variant_of_lapas": (
        "facilities.variant",
        Text(id="Kekhususan ini hanya untuk lapas.", en="Only a lapas has such a variant."),
        Text(id="Kosongkan, atau ubah jenis UPT.", en="Leave it empty, or change the type."),
    ),
    "closes_after_opening": (
        "facilities.closed_before_opened",
        Text(id="Tanggal tutup mendahului tanggal buka.", en="It closes before it opens."),
        Text(id="Perbaiki salah satu tanggalnya.", en="Mend one of the two dates."),
    ),
    "successor_of_a_closed_one": (
        "facilities.successor",
        Text(
            id="UPT penerus hanya dicatat pada UPT yang sudah ditutup, dan bukan UPT itu sendiri.",
            en="Only a closed facility has a successor, and it is not itself.",
        ),
        Text(id="Isi tanggal tutupnya, atau hapus UPT penerusnya.", en="Give its last day, or remove the successor."),
    ),
}

BY_CONSTRAINT |= {
    "reason_length": (
        "db.too_long",
        Text(id="Alasannya terlalu panjang.", en="The reason is too long."),
        limits.SHORTER.format(most=limits.REASON),
    ),
    "reason_says_something": (
        "db.blank",
        Text(id="Alasan atau catatannya tidak terbaca.", en="Nobody can read the reason or note."),
        Text(
            id="Tulis dengan huruf, atau kosongkan bila boleh.",
            en="Write it in letters, or leave it empty where it may be.",
        ),
    ),
    "absence_has_a_reason": (
        "programs.no_reason",
        Text(id="Ketidakhadiran memerlukan alasan.", en="An absence needs a reason."),
        Text(id="Tulis mengapa mereka tidak datang.", en="Write down why they did not come."),
    ),
    "day_near_its_month": (
        "programs.day_outside",
        Text(
            id="Hari penyaluran terletak di antara awal bulannya dan enam bulan sesudahnya.",
            en="The day of a distribution lies between the beginning of its month and six months later.",
        ),
        Text(id="Periksa bulan dan tahunnya.", en="Check the month and the year."),
    ),
    "name_length": (
        "db.too_long",
        Text(id="Namanya terlalu panjang.", en="The name is too long."),
        Text(
            id="Pakai paling banyak {name} huruf, untuk nama lengkap {long_name} huruf.",
            en="Use at most {name} letters, for a full name {long_name}.",
        ).format(name=limits.NAME, long_name=limits.LONG_NAME),
    ),
    "place_length": (
        "db.too_long",
        Text(id="Nama tempatnya terlalu panjang.", en="The name of the place is too long."),
        limits.SHORTER.format(most=limits.PLACE),
    ),
    "letter_length": (
        "db.too_long",
        Text(id="Kepala atau pola nomor suratnya terlalu panjang.", en="The letterhead or the pattern is too long."),
        Text(
            id="Kepala surat paling banyak {lines} huruf seluruhnya, pola nomor {pattern} huruf.",
            en="A letterhead has at most {lines} letters in all, a pattern {pattern}.",
        ).format(lines=limits.LETTERHEAD, pattern=limits.PLACE),
    ),
    "plausible_days": ("db.implausible_day", *limits.OUTSIDE),
    "plausible_day": ("db.implausible_day", *limits.OUTSIDE),
    "plausible_month": ("db.implausible_month", *limits.OUTSIDE_MONTH),
}

_OF_DAYS: dict[str, tuple[Text, Text]] = {
    "name_ahead": (
        Text(
            id="Nama itu berlaku mulai {day_id}, jadi belum dapat dicatat.",
            en="The new name holds from {day_en} only and cannot be recorded yet.",
        ),
        Text(id="Catat pada hari itu atau sesudahnya.", en="Record it on that day or later."),
    ),
    "before_known_name": (
        Text(
            id="Nama sejak {day_id} sudah tercatat; nama baru tidak dapat berlaku sebelum itu.",
            en="A name since {day_en} is recorded; a new one cannot hold from before that.",
        ),
        Text(id="Pilih tanggal sesudahnya (dalam berkas: name_from).", en="Choose a later day (in a file: name_from)."),
    ),
    "closing_before_name": (
        Text(
            id="Hari terakhir mendahului {day_id}, hari pertama nama yang sekarang.",
            en="The last day is before {day_en}, the first day of its present name.",
        ),
        Text(id="Pilih tanggal itu atau sesudahnya.", en="Choose that day or a later one."),
    ),
    "opening_ahead": (
        Text(id="Hari mulai bekerja, {day_id}, belum tiba.", en="The day of opening, {day_en}, is still to come."),
        Text(id="Catat pada harinya atau sesudahnya.", en="Record it on that day or later."),
    ),
    "closing_ahead": (
        Text(id="Tanggal tutup {day_id} belum tiba.", en="The last day, {day_en}, is still to come."),
        Text(id="Catat penutupan pada hari terakhirnya atau sesudahnya.", en="Record it on its last day or later."),
    ),
}

_OF_NAMES: dict[str, tuple[str, Text, Text]] = {
    "by_files": (
        "facilities.managed_by_files",
        Text(
            id="{name} dikelola melalui berkas, sehingga di sini hanya dapat dibaca.",
            en="{name} is managed through files, so it can only be read here.",
        ),
        Text(
            id="Ubah berkasnya lalu jalankan guyub facilities apply, atau alihkan UPT ini ke pengelolaan melalui web.",
            en="Change its file and run guyub facilities apply, or hand the facility over to the web.",
        ),
    ),
    "region_by_files": (
        "facilities.region_managed_by_files",
        Text(
            id="{name} dikelola melalui berkas, sehingga UPT baru dibuka dengan berkas.",
            en="{name} is managed through files, so a new facility is opened by a file.",
        ),
        Text(
            id="Tulis berkas UPT itu lalu jalankan guyub facilities apply, atau alihkan wilayah ini ke pengelolaan melalui web.",
            en="Write the facility's file and run guyub facilities apply, or hand the region over to the web.",
        ),
    ),
    "values_by_files": (
        "facilities.region_values_managed_by_files",
        Text(
            id="Nilai untuk seluruh UPT di bawah {name} dikelola melalui berkas, sehingga di sini hanya dapat dibaca.",
            en="The values for all facilities below {name} are managed through files, so they can only be read here.",
        ),
        Text(
            id="Ubah region.toml lalu jalankan guyub facilities apply, atau alihkan wilayah ini ke pengelolaan melalui web.",
            en="Change region.toml and run guyub facilities apply, or hand the region over to the web.",
        ),
    ),
    "changed_meanwhile": (
        "facilities.changed_meanwhile",
        Text(
            id="Data {name} sudah diubah sejak halaman ini dibuka; isian Anda belum disimpan.",
            en="{name} has been changed since this page was opened; what you entered is not saved.",
        ),
        Text(
            id="Periksa isian di bawah terhadap data terbaru, lalu lanjutkan lagi.",
            en="Check the form below against what holds now, then go on again.",
        ),
    ),
    "no_successor": (
        "facilities.no_successor",
        Text(
            id="UPT penerus itu tidak ada, sudah ditutup, atau di luar wewenang Anda.",
            en="That successor does not exist, is closed, or is not yours to configure.",
        ),
        Text(id="Pilih dari daftar.", en="Choose from the list."),
    ),
    "template_of_that_name": (
        "provisioning.template_name",
        Text(id="Templat “{name}” sudah ada.", en="There is a template “{name}” already."),
        Text(
            id="Tulis namanya persis sama untuk membuat versi baru, atau pakai nama lain.",
            en="Write its name exactly so to make a new version, or use another name.",
        ),
    ),
    "two_holders": (
        "facilities.two_holders",
        Text(
            id="Jabatan {name} sudah dipegang orang lain pada tanggal tersebut.",
            en="Somebody else holds the post {name} on those days.",
        ),
        BY_CONSTRAINT["one_holder_at_a_time"][2],
    ),
    "merged_in_a_circle": (
        "facilities.merged_in_a_circle",
        Text(
            id="{name} digabung ke UPT yang pada akhirnya digabung ke {name} sendiri.",
            en="{name} is merged into a facility that in the end is merged into {name} itself.",
        ),
        Text(id="Pilih UPT penerus yang masih bekerja.", en="Choose a successor that is still at work."),
    ),
    "not_closed": (
        "facilities.not_closed",
        Text(id="{name} tidak sedang ditutup.", en="{name} is not closed."),
        Text(id="UPT itu sudah bekerja; lihat halaman profilnya.", en="It is at work; see its profile."),
    ),
}


def refusal_of(state: str, message: str, detail: str) -> Refusal:
    """The refusal behind one of ``STATES``; ``detail`` is a day (GU013), a name (GU017) or JSON."""
    if state == "GU017":
        return of_name(message, detail)
    if state == "GU013":
        return of_day(message, date.fromisoformat(detail))
    found = json.loads(detail)
    if state == "GU014":
        return left_open(found)
    return closed(found["facility"], date.fromisoformat(found["on"]), found["successor"])


def of_name(which: str, name: str) -> Refusal:
    """``which`` is a word of GU017: by_files, not_closed and so on; ``name`` that of the facility, office, template or post."""
    code, said, remedy = _OF_NAMES[which]
    return Refusal(code, said.format(name=name), remedy)


def of_day(which: str, day: date) -> Refusal:
    """``which`` is a word of GU013: name_ahead, closing_ahead and so on."""
    what, remedy = _OF_DAYS[which]
    return Refusal("facilities.day", what.format(day_id=format_date(day), day_en=format_date(day, "en")), remedy)


def left_open(detail: Mapping[str, Any]) -> Refusal:
    """What is to be done before a facility closes: its cycles first, then its money and goods."""
    if detail["cycles"]:
        return Refusal(
            "facilities.open_cycle",
            Text(
                id="{facility} belum dapat ditutup: {cycles} periode belum selesai, yang terlama {month_id}.",
                en="{facility} cannot be closed yet: {cycles} cycles are under way, the oldest of {month_en}.",
            ).format(
                facility=detail["facility"],
                cycles=detail["cycles"],
                month_id=period_name(date.fromisoformat(detail["period"])),
                month_en=period_name(date.fromisoformat(detail["period"]), "en"),
            ),
            Text(
                id="Selesaikan atau batalkan periode tersebut, lalu tutup UPT ini.",
                en="Close or cancel these cycles, then close the facility.",
            ),
        )
    return Refusal(
        "facilities.money_left",
        Text(
            id="{facility} belum dapat ditutup: masih ada uang atau barang senilai {rupiah} pada {funds} dana.",
            en="{facility} cannot be closed yet: {funds} funds still hold money or goods worth {rupiah}.",
        ).format(facility=detail["facility"], rupiah=format_rupiah(int(detail["rupiah"])), funds=detail["funds"]),
        Text(
            id="Salurkan pada periode terakhir, atau batalkan penerimaannya dan kembalikan kepada pemberi, lalu tutup UPT ini.",
            en="Distribute it in a last cycle, or reverse its receipt and give it back, then close the facility.",
        ),
    )


def closed(name: str, day: date, successor: str) -> Refusal:
    """``day`` is its last one, ``successor`` the name of the facility that goes on, or ""."""
    remedy = Text(
        id="Datanya tetap dapat dibaca dan dicetak. Catat hal baru di UPT lain.",
        en="Its records can still be read and printed. Record what is new at another facility.",
    )
    if successor:
        remedy = Text(
            id="Datanya tetap dapat dibaca dan dicetak. Catat hal baru di {successor}, penerusnya.",
            en="Its records can still be read and printed. Record what is new at {successor}, its successor.",
        ).format(successor=successor)
    return Refusal(
        "facilities.closed",
        Text(id="{facility} sudah ditutup sejak {day_id}.", en="{facility} has been closed since {day_en}.").format(
            facility=name, day_id=format_date(day), day_en=format_date(day, "en")
        ),
        remedy,
    )
