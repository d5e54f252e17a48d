"""One sentence for each action of the audit log, of all rooms: what people read in the place of a code."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from guyub.programs.history_text import STEP_SENTENCES, UNFIT, fixed
from guyub.reports.audit_log import AuditLogEntry
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Period, Text

Sentence = Callable[[Mapping[str, Any]], Text]


def entry_text(entry: AuditLogEntry, titles: Mapping[str, Text], fields: Mapping[tuple[str, str], Text]) -> Text:
    """Returns the text of an entry, with ``titles`` of the plugins by slug, ``fields`` of their configuration by slug and name.

    What a plugin records, or a later version, is shown by its code; so is an entry whose details do not fit its sentence.
    """
    try:
        return _sentence(entry, titles, fields)
    except UNFIT:
        return Text.same(entry.action)


def _sentence(entry: AuditLogEntry, titles: Mapping[str, Text], fields: Mapping[tuple[str, str], Text]) -> Text:
    say = WORDS.get(entry.action)
    if entry.action == "host.configure":
        names = [fields.get((entry.subject, detail), Text.same(detail)) for detail in entry.details.get("fields", ())]
        listed = Text.join(", ", names)
        return WORDS["host.configure"]({**entry.details, "fields": listed})
    if say is not None:
        return say(entry.details)
    slug, _, action = entry.action.partition(".")
    if slug in titles:
        return Text.join(": ", (titles[slug], action))
    return Text.same(entry.action)


def about(entry: AuditLogEntry, titles: Mapping[str, Text]) -> Text:
    """Returns what it was done to, as far as it may be named here: a month, a fund, a plugin, a person's login, a file.

    A month stands as a cycle's code, "bansos/2024-11" or "paket/2024-11-paket", or alone.
    """
    if entry.action == "access.export":
        page = re.search(r"(?:^|/)cycles/([12]\d{3}-(?:0[1-9]|1[0-2]))", entry.subject, re.ASCII)
        return Text.same(Period(date.fromisoformat(f"{page[1]}-01"))) if page else _NOTHING
    if month := re.fullmatch(r"(?:(\w+)/)?([12]\d{3}-(?:0[1-9]|1[0-2]))(?:-[a-z0-9-]+)?", entry.subject, re.ASCII):
        first = date.fromisoformat(f"{month[2]}-01")
        span = Text.same(Period(first))
        title = titles.get(month[1], month[1]) if month[1] else ""
        return Text(id="{what} {month}", en="{what} {month}").format(what=title, month=span) if title else span
    if entry.fund_plugin:
        source = titles.get(entry.fund_plugin, Text.same(entry.fund_plugin))
        return (
            source
            if entry.confidential
            else Text(id="{what}: {fund}", en="{what}: {fund}").format(what=source, fund=entry.subject)
        )
    if entry.action.startswith(_UNNAMED) and entry.action not in _NAMED:
        return _NOTHING
    return titles.get(entry.subject, Text.same(entry.subject))


_UNNAMED = ("registry.", "facilities.", "reports.", "access.purpose")
"""Their subjects are codes and ids: the sentence and the facility beside it say it all."""
_NAMED = ("facilities.template", "facilities.template_retired")


def _with(id: str, en: str, en_one: str = "", /, **names: str) -> Sentence:
    """Returns a text with details in it; ``names``: placeholder -> key of the details."""
    return lambda details: Text(id=id, en=en, en_one=en_one).format(
        **{place: _plain(details.get(key)) for place, key in names.items()}
    )


def _plain(value: Any) -> Text | str:
    if isinstance(value, Text):
        return value
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return "–" if value in (None, "") else str(value)
    return Text.same(day)


_NOTHING = Text(id="", en="")
_DOORS = {"web": Text(id="web", en="the web"), "files": Text(id="berkas", en="files")}


def _door(id: str, en: str) -> Sentence:
    return lambda details: Text(id=id, en=en).format(door=_DOORS.get(str(details.get("managed_by")), "–"))


def _count(id: str, en: str, key: str = "", *, en_one: str = "") -> Sentence:
    """Returns how many things the details list, under ``key`` or altogether."""
    return lambda details: Text(id=id, en=en, en_one=en_one).format(
        count=len(details.get(key) or () if key else details)
    )


def _export(details: Mapping[str, Any]) -> Text:
    """Returns which table was taken; entries of before its caption was recorded do not say it."""
    rows = details.get("rows", "–")
    caption = details.get("caption")
    if not caption:
        return _A_TABLE.format(count=rows)
    return _THIS_TABLE.format(caption=Text(id=caption["id"], en=caption["en"]), count=rows)


def _closing(details: Mapping[str, Any]) -> Text:
    """Returns which months of a book were closed, by their names, with the balance at the end."""
    last, since = (_month(details[key]) if details.get(key) else None for key in ("month", "since"))
    balance = format_rupiah(int(details.get("balance", 0)))
    if since:
        return _MONTHS_CLOSED.format(since=since, month=last or "–", balance=balance)
    return _MONTH_CLOSED.format(month=last or "–", balance=balance)


def _month(code: str) -> Period:
    return Period(date.fromisoformat(f"{code}-01"))


_MONTH_CLOSED = Text(
    id="Buku {month} ditutup dengan saldo {balance}.", en="The book of {month} was closed with a balance of {balance}."
)
_MONTHS_CLOSED = Text(
    id="Buku {since} sampai {month} ditutup dengan saldo {balance}.",
    en="The books of {since} to {month} were closed with a balance of {balance}.",
)
_A_TABLE = Text(
    id="Tabel diunduh: {count} baris.",
    en="A table was taken: {count} rows.",
    en_one="A table was taken: {count} row.",
)
_THIS_TABLE = Text(
    id="Tabel diunduh: {caption}, {count} baris.",
    en="A table was taken: {caption}, {count} rows.",
    en_one="A table was taken: {caption}, {count} row.",
)


_ACCESS: Mapping[str, Sentence] = {
    "access.sign_in": fixed("Masuk.", "Signed in."),
    "access.sign_in_refused": fixed("Gagal masuk: kata sandi salah atau akun tertutup.", "A sign-in was refused."),
    "access.sign_out": fixed("Keluar.", "Signed out."),
    "access.session_on_behalf": fixed("Sesi dibuka oleh sistem.", "A session was opened by the system."),
    "access.create_person": fixed("Pengguna dibuat.", "A person was added."),
    "access.assign_role": _with("Peran diberikan sejak {day}.", "A role was given from {day}.", day="valid_from"),
    "access.end_role": _with("Peran berakhir {day}.", "A role ends on {day}.", day="valid_until"),
    "access.reset_password": fixed("Kata sandi diganti oleh administrator.", "An administrator changed the password."),
    "access.end_person": fixed("Akun diakhiri.", "The account was ended."),
    "access.restore_person": fixed("Akun dipulihkan.", "The account was restored."),
    "access.export": _export,
    "access.purpose": fixed("Keperluan melihat data keluarga dinyatakan.", "A purpose to see families was stated."),
    "access.purpose_view": fixed("Data keluarga dilihat dengan keperluan itu.", "Families were seen for that purpose."),
    "access.purpose_end": fixed("Keperluan melihat data keluarga diakhiri.", "The purpose was ended."),
    "access.token": _with(
        "Token dibuat, berlaku {days} hari.",
        "A token was made, for {days} days.",
        "A token was made, for {days} day.",
        days="days",
    ),
    "access.token_revoked": fixed("Token dicabut.", "A token was revoked."),
}
_REGISTRY: Mapping[str, Sentence] = {
    "registry.register": fixed("Satu keluarga didaftarkan.", "A family was registered."),
    "registry.register_many": _with(
        "{n} keluarga didaftarkan.", "{n} families were registered.", "{n} household was registered.", n="households"
    ),
    "registry.update": fixed("Data satu keluarga diubah.", "A family's record was changed."),
    "registry.add_member": fixed("Satu anggota keluarga ditambahkan.", "A member was added to a family."),
    "registry.update_member": fixed("Data satu anggota keluarga diubah.", "A member's record was changed."),
    "registry.member_joined": _with("Satu orang bergabung {day}.", "A person joined a household on {day}.", day="on"),
    "registry.member_left": _with("Satu orang keluar {day}.", "A person left a household on {day}.", day="on"),
    "registry.member_died": _with("Satu anggota meninggal {day}.", "A member died on {day}.", day="on"),
    "registry.member_moved": _with(
        "Satu orang pindah keluarga {day}.", "A person moved to another household on {day}.", day="on"
    ),
    "registry.member_recipient": _with("Penerima berganti {day}.", "The recipient changed on {day}.", day="on"),
    "registry.member_undone": fixed("Satu catatan keluarga dibatalkan.", "An entry about a household was undone."),
    "registry.add_inmate": fixed("Satu warga binaan ditautkan.", "An inmate was tied to a household."),
    "registry.update_inmate": fixed("Data warga binaan diubah.", "An inmate's record was changed."),
    "registry.inmate_status": _with(
        "Status warga binaan berubah {day}.", "An inmate's status changed on {day}.", day="on"
    ),
    "registry.inmate_status_undone": fixed(
        "Perubahan status warga binaan dibatalkan.", "The change of an inmate's status was undone."
    ),
    "registry.packages": _with(
        "Paket sebuah lembaga diubah dari {before} menjadi {packages}.",
        "The packages of an institution changed from {before} to {packages}.",
        before="before",
        packages="packages",
    ),
    "registry.inmate_link_ended": _with(
        "Tautan dengan warga binaan diakhiri per {day}.", "A link to an inmate ended on {day}.", day="on"
    ),
    "registry.archive": fixed("Satu keluarga diarsipkan.", "A family was archived."),
    "registry.restore": fixed("Satu keluarga dikembalikan dari arsip.", "A family was restored from the archive."),
    "registry.survey": fixed("Kunjungan rumah dicatat.", "A home survey was recorded."),
    "registry.survey_many": _with(
        "{n} kunjungan rumah dicatat.", "{n} home surveys were recorded.", "{n} home survey was recorded.", n="surveys"
    ),
    "registry.reveal": fixed("Nomor identitas satu keluarga dibuka.", "Identity numbers of a family were revealed."),
}
_FUNDS: Mapping[str, Sentence] = {
    "funds.receive": _with(
        "Penerimaan dicatat, bukti {paper}.", "A receipt was recorded, paper {paper}.", paper="evidence"
    ),
    "funds.close": _closing,
    "funds.reverse": _with("Penerimaan {receipt} dibatalkan.", "Receipt {receipt} was reversed.", receipt="receipt"),
    "funds.buy": _with("Belanja dari {shop} dicatat.", "A purchase from {shop} was recorded.", shop="supplier"),
    "funds.cancel_purchase": _with("Nota belanja {note} dibatalkan.", "Purchase {note} was cancelled.", note="note"),
    "funds.goods_added": _with(
        "{goods} masuk katalog barang, satuan {unit}.",
        "{goods} entered the catalogue, unit {unit}.",
        goods="goods",
        unit="unit",
    ),
    "funds.unit_declared": _with(
        "1 {unit} {goods} ditetapkan {factor} {own}.",
        "1 {unit} of {goods} was declared as {factor} {own}.",
        unit="unit",
        goods="goods",
        factor="factor",
        own="own",
    ),
    "funds.unit_taken_back": _with(
        "Satuan {unit} untuk {goods} tidak dipakai lagi.",
        "The unit {unit} of {goods} is no longer used.",
        unit="unit",
        goods="goods",
    ),
    "funds.stock_count": _with(
        "Stok dihitung di hadapan {witness}.", "The stock was counted before {witness}.", witness="witness"
    ),
    "funds.write_off": _with(
        "Barang dikeluarkan dari gudang di hadapan {witness}.",
        "Goods were written off before {witness}.",
        witness="witness",
    ),
    "funds.reverse_stock_take": _with(
        "Catatan stok {take} dibatalkan.", "Stock take {take} was taken back.", take="take"
    ),
    "funds.ask_for_money": fixed("Tambahan dana belanja diminta.", "More money for a purchase was asked for."),
    "funds.approve_money_first": fixed(
        "Permintaan tambahan dana disetujui penyetuju pertama.", "The first approver approved a request for more money."
    ),
    "funds.approve_money": fixed("Permintaan tambahan dana disetujui.", "A request for more money was approved."),
    "funds.decline_money": fixed("Permintaan tambahan dana ditolak.", "A request for more money was declined."),
    "funds.top_up": fixed("Cadangan belanja ditambah.", "The reserve for purchases was topped up."),
}
_PLACES: Mapping[str, Sentence] = {
    "host.activate": _with("Diaktifkan mulai {day}.", "Switched on from {day}.", day="valid_from"),
    "host.deactivate": _with("Dinonaktifkan mulai {day}.", "Switched off from {day}.", day="valid_from"),
    "host.configure": _with(
        "Konfigurasi diubah mulai {day}: {fields}.",
        "Configured from {day}: {fields}.",
        day="valid_from",
        fields="fields",
    ),
    "events.retry": _count(
        "Peristiwa yang tertahan dikirim lagi: {count}.", "Parked events are delivered again: {count}.", "events"
    ),
    "host.disable": fixed("Dimatikan di seluruh instalasi.", "Disabled everywhere."),
    "host.enable": fixed("Dihidupkan kembali di seluruh instalasi.", "Enabled again everywhere."),
    "host.upgrade_tables": fixed("Tabelnya diperbarui.", "Its tables were brought up to date."),
    "host.purge": _with(
        "Tabelnya dihapus: {rows} baris.",
        "Its tables were purged: {rows} rows.",
        "Its tables were purged: {rows} row.",
        rows="rows",
    ),
    "host.restore": _with(
        "Tabelnya dipulihkan: {rows} baris.",
        "Its tables were restored: {rows} rows.",
        "Its tables were restored: {rows} row.",
        rows="rows",
    ),
    "facilities.apply": _count(
        "Rencana diterapkan: {count} perubahan.",
        "A plan was applied: {count} changes.",
        "changed",
        en_one="A plan was applied: {count} change.",
    ),
    "facilities.revert": _count(
        "{count} perubahan dibatalkan.",
        "{count} changes were taken back.",
        "changed",
        en_one="{count} change was taken back.",
    ),
    "facilities.template": fixed("Templat konfigurasi disimpan.", "A template of configuration was kept."),
    "facilities.template_retired": fixed("Templat konfigurasi diarsipkan.", "A template of configuration was retired."),
    "facilities.managed_by": _door("UPT dikelola melalui {door}.", "The facility is managed through {door}."),
    "facilities.region_managed_by": _door(
        "Nilai wilayah dikelola melalui {door}.", "The region's values are managed through {door}."
    ),
    "facilities.identity": _count(
        "Identitas UPT diubah: {count} isian.",
        "The identity was changed: {count} fields.",
        en_one="The identity was changed: {count} field.",
    ),
    "facilities.opened": fixed("UPT baru dibuka.", "A new facility was opened."),
    "facilities.closed": _with(
        "UPT ditutup, hari terakhir {day}.", "The facility closed, last day {day}.", day="closed_on"
    ),
    "facilities.reopened": fixed("UPT dibuka kembali.", "The facility was reopened."),
    "facilities.official": _with("Pejabat dicatat sejak {day}.", "An official was recorded from {day}.", day="from"),
    "facilities.official_ends": _with("Masa jabatan pejabat berakhir {day}.", "A post ended on {day}.", day="until"),
}
_DOCUMENTS: Mapping[str, Sentence] = {
    "documents.make": _count(
        "Dokumen dibuat: {count} berkas.", "Documents made: {count} files.", en_one="Documents made: {count} file."
    ),
    "documents.number": _with(
        "Nomor surat dicatat: {number}.", "A letter number was recorded: {number}.", number="number"
    ),
    "documents.fetch": fixed("Dokumen diunduh.", "A document was fetched."),
    "reports.days": fixed("Batas hari laporan diubah.", "The days by which reports are due were changed."),
    "reports.recap_sent": fixed("Rekap bulanan dicatat sudah dikirim.", "The monthly recap was marked as sent."),
    "reports.reminder": fixed("Pengingat dikirim.", "A reminder was sent."),
    "reports.reminder_seen": fixed("Pengingat ditandai sudah dibaca.", "A reminder was marked as read."),
    "reports.rebuild_rollup": fixed("Angka bulanan dihitung ulang.", "The monthly figures were rebuilt."),
}

WORDS: Mapping[str, Sentence] = {**_ACCESS, **_REGISTRY, **_FUNDS, **_PLACES, **_DOCUMENTS, **STEP_SENTENCES}
"""Action -> its sentence, from the details of the entry."""
