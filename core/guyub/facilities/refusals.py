"""The refusals of facilities: its class, names, officials and end, and who decides over it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from guyub.db import limits
from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import Answer, DatabaseRefusals, Violation
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Money, Period, Text
from guyub.ui.problems import EMPTY

_END_IT_FIRST = Text(
    id="Akhiri dulu masa jabatannya, atau pilih tanggal lain.", en="End it first, or choose another day."
)
_ANOTHER_CODE = Text(id="Pilih kode lain.", en="Choose another code.")
_END_FORMER = Text(
    id="Akhiri dulu masa jabatan pejabat lama. Plh. boleh mendampingi pejabat definitif; Plt. hanya bila jabatan kosong.",
    en="End the former holder's time first. A Plh. may stand beside the holder; a Plt. only in a vacant post.",
)


class FacilitiesRefusal(RefusalCode):
    CHANGED_MEANWHILE = (
        "facilities.changed_meanwhile",
        Text(
            id="Data UPT ini sudah diubah sejak halaman itu dibuka; isian Anda belum disimpan.",
            en="This facility has been changed since that page was opened; what you entered is not saved.",
        ),
        Text(id="Periksa isian di bawah, lalu lanjutkan lagi.", en="Check the form below, then go on again."),
    )
    CHOICE = (
        "facilities.choice",
        Text(id="Pilihan ini tidak dikenal.", en="This choice is unknown."),
        Text(id="Pilih salah satu yang tersedia.", en="Choose one of those offered."),
    )
    CITY_CODE = (
        "facilities.city_code",
        Text(id="Kode kota/kabupaten tidak sesuai.", en="This is no code of a city."),
        Text(
            id="Tulis kode Kemendagri dengan titik, misalnya 33.75.", en="Write Kemendagri's code with its dot: 33.75."
        ),
    )
    CLASS = (
        "facilities.class",
        Text(
            id="Kelas ini tidak ada untuk jenis UPT tersebut.", en="There is no such class for this type of facility."
        ),
        Text(id="Pilih kelas yang sesuai, atau kosongkan.", en="Choose a class that fits, or leave it empty."),
    )
    CODE = (
        "facilities.code",
        Text(id="Kode ini tidak dapat dipakai.", en="This code cannot be used."),
        Text(
            id="Pakai huruf kecil, angka dan tanda hubung, misalnya rutan-kudus.",
            en="Use small letters, digits and hyphens, like rutan-kudus.",
        ),
    )
    NAME_OF_THAT_DAY = (
        "facilities.name_of_that_day",
        Text(id="Nama sejak {day} sudah tercatat.", en="A name since {day} is recorded already."),
        Text(id="Pilih tanggal sesudahnya, atau kosongkan.", en="Choose a later day, or leave it empty."),
    )
    ENDS_BEFORE = (
        "facilities.ends_before",
        Text(id="Hari terakhir mendahului hari pertama.", en="The last day is before the first."),
        Text(id="Pilih tanggal sesudahnya.", en="Choose a later day."),
    )
    LETTER_TEMPLATE = (
        "facilities.letter_template",
        Text(id="Pola nomor surat ini tidak dikenali.", en="This pattern of letter numbers is not understood."),
        Text(id="Pakai {{class}}, {{seq:04}} dan {{year}} saja.", en="Use {{class}}, {{seq:04}} and {{year}} only."),
    )
    MISSING = (
        "facilities.missing",
        *EMPTY,
    )
    NAME = (
        "facilities.name",
        *EMPTY,
    )
    NIP = (
        "facilities.nip",
        Text(id="NIP terdiri atas 18 angka.", en="An NIP has 18 digits."),
        Text(id="Periksa angkanya, atau kosongkan.", en="Check the digits, or leave it empty."),
    )
    NO_SUCCESSOR = (
        "facilities.no_successor",
        Text(
            id="UPT penerus itu tidak ada, sudah ditutup, atau di luar wewenang Anda.",
            en="That successor does not exist, is closed, or is not yours to configure.",
        ),
        Text(id="Pilih dari daftar.", en="Choose from the list."),
    )
    NOT_THIS_REGION = (
        "facilities.not_this_region",
        Text(id="Anda tidak mengatur UPT wilayah ini.", en="You do not configure the facilities of this region."),
        Text(id="Minta administrator kantor wilayah.", en="Ask the administrator of the regional office."),
    )
    OPENS_AHEAD = (
        "facilities.opens_ahead",
        Text(id="Hari itu belum tiba.", en="That day is still to come."),
        Text(
            id="Isi hari mulai bekerja pada harinya atau sesudahnya.",
            en="Enter the day of opening on that day or later.",
        ),
    )
    PROVINCE = (
        "facilities.province",
        Text(id="Provinsi ini tidak dilayani kantor wilayah.", en="The regional office does not serve this province."),
        Text(id="Pilih dari daftar.", en="Choose from the list."),
    )
    ROLE = (
        "facilities.role",
        *EMPTY,
    )
    SAVED_ALREADY = (
        "facilities.saved_already",
        Text(id="Perubahan ini sudah tersimpan.", en="This change is saved already."),
        Text(id="Lihat profil UPT.", en="See the facility's profile."),
    )
    UNCHANGED = (
        "facilities.unchanged",
        Text(id="Tidak ada yang berubah.", en="Nothing changes."),
        Text(id="Ubah isian yang dimaksud, atau batalkan.", en="Change what you mean to change, or cancel."),
    )
    UNKNOWN_OFFICIAL = (
        "facilities.unknown_official",
        Text(id="Pejabat ini tidak ditemukan.", en="There is no such official."),
        Text(id="Pilih dari daftar pejabat.", en="Choose from the list of officials."),
    )
    UNKNOWN_REGION = (
        "facilities.unknown_region",
        Text(id="Tidak ada wilayah dengan kode “{code}”.", en="There is no region “{code}”."),
        Text(id="Periksa kodenya pada folder facilities/.", en="Check the code against the folder facilities/."),
    )
    VARIANT = (
        "facilities.variant",
        Text(id="Kekhususan ini hanya untuk lapas.", en="Only a lapas has such a variant."),
        Text(id="Kosongkan, atau ubah jenis UPT.", en="Leave it empty, or change the type."),
    )
    MONEY_LEFT = (
        "facilities.money_left",
        Text(
            id="{facility} belum dapat ditutup: masih ada uang atau barang senilai {rupiah} pada {funds} dana.",
            en="{facility} cannot be closed yet: {funds} funds still hold money or goods worth {rupiah}.",
            en_one="{facility} cannot be closed yet: {funds} fund still holds money or goods worth {rupiah}.",
        ),
        Text(
            id="Salurkan pada periode terakhir, atau batalkan penerimaannya dan kembalikan kepada pemberi, lalu tutup UPT ini.",
            en="Distribute it in a last cycle, or reverse its receipt and give it back, then close the facility.",
        ),
    )
    OPEN_CYCLE = (
        "facilities.open_cycle",
        Text(
            id="{facility} belum dapat ditutup: {cycles} periode belum selesai, yang terlama {month}.",
            en="{facility} cannot be closed yet: {cycles} cycles are under way, the oldest of {month}.",
            en_one="{facility} cannot be closed yet: {cycles} cycle is under way, that of {month}.",
        ),
        Text(
            id="Selesaikan atau batalkan periode tersebut, lalu tutup UPT ini.",
            en="Close or cancel these cycles, then close the facility.",
        ),
    )
    REASON = ("facilities.reason", *EMPTY)
    SAME_POST = (
        "facilities.same_post",
        Text(
            id="Jabatan ini sudah dipegang orang lain pada tanggal tersebut.",
            en="Somebody else holds this post on those days.",
        ),
        Text(
            id="Akhiri dulu masa jabatan pejabat lama. Plh. boleh mendampingi pejabat definitif; Plt. hanya bila jabatan kosong.",
            en="End the former holder's time first. A Plh. may stand beside the holder; a Plt. only in a vacant post.",
        ),
    )
    SAME_CODE = (
        "facilities.same_code",
        Text(id="Kode UPT ini sudah dipakai.", en="Another facility has this code."),
        Text(id="Pilih kode lain.", en="Choose another code."),
    )
    CLOSED_BEFORE_OPENED = (
        "facilities.closed_before_opened",
        Text(id="Tanggal tutup mendahului tanggal buka.", en="It closes before it opens."),
        Text(id="Perbaiki salah satu tanggalnya.", en="Fix one of the two dates."),
    )
    SUCCESSOR = (
        "facilities.successor",
        Text(
            id="UPT penerus hanya dicatat pada UPT yang sudah ditutup, dan bukan UPT itu sendiri.",
            en="Only a closed facility has a successor, and it is not itself.",
        ),
        Text(id="Isi tanggal tutupnya, atau hapus UPT penerusnya.", en="Give its last day, or remove the successor."),
    )
    NAME_TOO_LONG = (
        "facilities.name_too_long",
        Text(id="Namanya terlalu panjang.", en="The name is too long."),
        Text(
            id="Pakai paling banyak {name} huruf, untuk nama lengkap {long_name} huruf.",
            en="Use at most {name} letters, for a full name {long_name}.",
        ).format(name=limits.NAME, long_name=limits.LONG_NAME),
    )
    PLACE_TOO_LONG = (
        "facilities.place_too_long",
        Text(id="Nama tempatnya terlalu panjang.", en="The name of the place is too long."),
        limits.SHORTER.format(most=limits.PLACE),
    )
    LETTER_TOO_LONG = (
        "facilities.letter_too_long",
        Text(id="Kepala atau pola nomor suratnya terlalu panjang.", en="The letterhead or the pattern is too long."),
        Text(
            id="Kepala surat paling banyak {lines} huruf seluruhnya, pola nomor {pattern} huruf.",
            en="A letterhead has at most {lines} letters in all, a pattern {pattern}.",
        ).format(lines=limits.LETTERHEAD, pattern=limits.PLACE),
    )
    NAME_AHEAD = (
        "facilities.name_ahead",
        Text(
            id="Nama itu berlaku mulai {day}, jadi belum dapat dicatat.",
            en="The new name holds from {day} only and cannot be recorded yet.",
        ),
        Text(id="Catat pada hari itu atau sesudahnya.", en="Record it on that day or later."),
    )
    BEFORE_KNOWN_NAME = (
        "facilities.before_known_name",
        Text(
            id="Nama sejak {day} sudah tercatat; nama baru tidak dapat berlaku sebelum itu.",
            en="A name since {day} is recorded; a new one cannot hold from before that.",
        ),
        Text(id="Pilih tanggal sesudahnya (dalam berkas: name_from).", en="Choose a later day (in a file: name_from)."),
    )
    CLOSING_BEFORE_NAME = (
        "facilities.closing_before_name",
        Text(
            id="Hari terakhir mendahului {day}, hari pertama nama yang sekarang.",
            en="The last day is before {day}, the first day of its present name.",
        ),
        Text(id="Pilih tanggal itu atau sesudahnya.", en="Choose that day or a later one."),
    )
    OPENING_AHEAD = (
        "facilities.opening_ahead",
        Text(id="Hari mulai bekerja, {day}, belum tiba.", en="The day of opening, {day}, is still to come."),
        Text(id="Catat pada harinya atau sesudahnya.", en="Record it on that day or later."),
    )
    CLOSING_AHEAD = (
        "facilities.closing_ahead",
        Text(id="Tanggal tutup {day} belum tiba.", en="The last day, {day}, is still to come."),
        Text(id="Catat penutupan pada hari terakhirnya atau sesudahnya.", en="Record it on its last day or later."),
    )
    MANAGED_BY_FILES = (
        "facilities.managed_by_files",
        Text(
            id="{name} dikelola melalui berkas, sehingga di sini hanya dapat dibaca.",
            en="{name} is managed through files, so it can only be read here.",
        ),
        Text(
            id="Ubah berkasnya lalu jalankan guyub facilities apply, atau alihkan UPT ini ke pengelolaan melalui web.",
            en="Change its file and run guyub facilities apply, or hand the facility over to the web.",
        ),
    )
    REGION_MANAGED_BY_FILES = (
        "facilities.region_managed_by_files",
        Text(
            id="{name} dikelola melalui berkas, sehingga UPT baru dibuka dengan berkas.",
            en="{name} is managed through files, so a new facility is opened by a file.",
        ),
        Text(
            id="Tulis berkas UPT itu lalu jalankan guyub facilities apply, atau alihkan wilayah ini ke pengelolaan melalui web.",
            en="Write the facility's file and run guyub facilities apply, or hand the region over to the web.",
        ),
    )
    REGION_VALUES_MANAGED_BY_FILES = (
        "facilities.region_values_managed_by_files",
        Text(
            id="Nilai untuk seluruh UPT di bawah {name} dikelola melalui berkas, sehingga di sini hanya dapat dibaca.",
            en="The values for all facilities below {name} are managed through files, so they can only be read here.",
        ),
        Text(
            id="Ubah region.toml lalu jalankan guyub facilities apply, atau alihkan wilayah ini ke pengelolaan melalui web.",
            en="Change region.toml and run guyub facilities apply, or hand the region over to the web.",
        ),
    )
    CHANGED_BEFORE = (
        "facilities.changed_before",
        Text(
            id="Data {name} sudah diubah sejak halaman ini dibuka; isian Anda belum disimpan.",
            en="{name} has been changed since this page was opened; what you entered is not saved.",
        ),
        Text(
            id="Periksa isian di bawah terhadap data terbaru, lalu lanjutkan lagi.",
            en="Check the form below against what holds now, then go on again.",
        ),
    )
    TWO_HOLDERS = (
        "facilities.two_holders",
        Text(
            id="Jabatan {name} sudah dipegang orang lain pada tanggal tersebut.",
            en="Somebody else holds the post {name} on those days.",
        ),
        _END_FORMER,
    )
    MERGED_IN_A_CIRCLE = (
        "facilities.merged_in_a_circle",
        Text(
            id="{name} digabung ke UPT yang pada akhirnya digabung ke {name} sendiri.",
            en="{name} is merged into a facility that in the end is merged into {name} itself.",
        ),
        Text(id="Pilih UPT penerus yang masih bekerja.", en="Choose a successor that is still active."),
    )
    NOT_CLOSED = (
        "facilities.not_closed",
        Text(id="{name} tidak sedang ditutup.", en="{name} is not closed."),
        Text(id="UPT itu sudah bekerja; lihat halaman profilnya.", en="It is active; see its profile."),
    )
    CLOSED = (
        "facilities.closed",
        Text(id="{facility} sudah ditutup sejak {day}.", en="{facility} has been closed since {day}."),
        Text(
            id="Datanya tetap dapat dibaca dan dicetak. Catat hal baru di {elsewhere}.",
            en="Its records can still be read and printed. Record what is new at {elsewhere}.",
        ),
    )
    CODE_TAKEN = (
        "facilities.code_taken",
        Text(id="Kode “{code}” sudah dipakai {name}.", en="The code “{code}” belongs to {name}."),
        _ANOTHER_CODE,
    )
    TOO_LONG = ("facilities.too_long", limits.TOO_LONG, limits.SHORTER)
    HELD = (
        "facilities.held",
        Text(id="Jabatan ini dipegang {name} sejak {day}.", en="{name} has held this post since {day}."),
        _END_IT_FIRST,
    )
    STANDS_IN = (
        "facilities.stands_in",
        Text(
            id="{name} sudah menggantikan sementara sejak {day}.",
            en="{name} has stood in for this post since {day}.",
        ),
        _END_IT_FIRST,
    )
    HELD_FROM_THAT_DAY = (
        "facilities.held_from_that_day",
        Text(
            id="{name} sudah tercatat untuk jabatan ini mulai {day}; dua pejabat tidak dapat mulai pada hari yang sama.",
            en="{name} is recorded for this post from {day}; two officials cannot begin on the same day.",
        ),
        Text(id="Pilih hari mulai yang lain.", en="Choose another first day."),
    )
    LETTER_DEFAULT_TWICE = (
        "facilities.letter_default_twice",
        Text(
            id="Kepala surat wilayah ini baru saja disimpan oleh orang lain.",
            en="Somebody else has just saved the letterhead of this region.",
        ),
        Text(id="Buat rencana sekali lagi.", en="Make the plan once more."),
    )


_ELSEWHERE = Text(id="UPT lain", en="another facility")


def on_day(code: FacilitiesRefusal, day: date) -> Refusal:
    """Returns the refusal of a day that the sentence names."""
    return code.refusal(day=day)


def left_open(detail: Mapping[str, Any]) -> Refusal:
    """Returns what is to be done before a facility closes: its cycles first, then its money and goods."""
    if detail["cycles"]:
        oldest = date.fromisoformat(detail["period"])
        return FacilitiesRefusal.OPEN_CYCLE.refusal(
            facility=detail["facility"],
            cycles=detail["cycles"],
            month=Period(oldest),
        )
    return FacilitiesRefusal.MONEY_LEFT.refusal(
        facility=detail["facility"], rupiah=Money(int(detail["rupiah"])), funds=detail["funds"]
    )


def closed(name: str, day: date, successor: str) -> Refusal:
    """Returns the refusal of a closed facility: ``day`` is its last one, ``successor`` the name of the facility that
    goes on, or ""."""
    elsewhere = (
        Text(id="{successor}, penerusnya", en="{successor}, its successor").format(successor=successor)
        if successor
        else _ELSEWHERE
    )
    return FacilitiesRefusal.CLOSED.refusal(facility=name, day=day, elsewhere=elsewhere)


def _left_open(violation: Violation) -> Refusal:
    return left_open(json.loads(violation.detail))


def _closed(violation: Violation) -> Refusal:
    detail = json.loads(violation.detail)
    return closed(detail["facility"], date.fromisoformat(detail["on"]), detail["successor"])


def _on_day(code: FacilitiesRefusal) -> Answer:
    return lambda violation: on_day(code, date.fromisoformat(violation.detail))


def _named(code: FacilitiesRefusal) -> Answer:
    return lambda violation: code.refusal(name=violation.detail)


DATABASE = DatabaseRefusals(
    constraints={
        "letter_default_once": FacilitiesRefusal.LETTER_DEFAULT_TWICE,
        "one_holder_at_a_time": FacilitiesRefusal.SAME_POST,
        "facility_code_key": FacilitiesRefusal.SAME_CODE,
        "class_of_type": FacilitiesRefusal.CLASS,
        "variant_of_lapas": FacilitiesRefusal.VARIANT,
        "closes_after_opening": FacilitiesRefusal.CLOSED_BEFORE_OPENED,
        "successor_of_a_closed_one": FacilitiesRefusal.SUCCESSOR,
        "name_length": FacilitiesRefusal.NAME_TOO_LONG,
        "place_length": FacilitiesRefusal.PLACE_TOO_LONG,
        "letter_length": FacilitiesRefusal.LETTER_TOO_LONG,
    },
    states={
        ("GU013", "name_ahead"): _on_day(FacilitiesRefusal.NAME_AHEAD),
        ("GU013", "before_known_name"): _on_day(FacilitiesRefusal.BEFORE_KNOWN_NAME),
        ("GU013", "closing_before_name"): _on_day(FacilitiesRefusal.CLOSING_BEFORE_NAME),
        ("GU013", "opening_ahead"): _on_day(FacilitiesRefusal.OPENING_AHEAD),
        ("GU013", "closing_ahead"): _on_day(FacilitiesRefusal.CLOSING_AHEAD),
        "GU014": _left_open,
        "GU015": _closed,
        ("GU017", "by_files"): _named(FacilitiesRefusal.MANAGED_BY_FILES),
        ("GU017", "region_by_files"): _named(FacilitiesRefusal.REGION_MANAGED_BY_FILES),
        ("GU017", "values_by_files"): _named(FacilitiesRefusal.REGION_VALUES_MANAGED_BY_FILES),
        ("GU017", "changed_meanwhile"): _named(FacilitiesRefusal.CHANGED_BEFORE),
        ("GU017", "no_successor"): _named(FacilitiesRefusal.NO_SUCCESSOR),
        ("GU017", "two_holders"): _named(FacilitiesRefusal.TWO_HOLDERS),
        ("GU017", "merged_in_a_circle"): _named(FacilitiesRefusal.MERGED_IN_A_CIRCLE),
        ("GU017", "not_closed"): _named(FacilitiesRefusal.NOT_CLOSED),
    },
)
