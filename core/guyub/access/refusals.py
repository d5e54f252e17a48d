"""The refusals of access: accounts, sessions, tokens, purposes, permissions and the audit log."""

import json
from collections.abc import Sequence

from guyub.access.labels import permission_text
from guyub.db.errors import SignedOut
from guyub.db.limits import OUTSIDE
from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import NO_PERMISSION, NO_PURPOSE, DatabaseRefusals, Violation, saying
from guyub.db.refusals import REPORT_IT
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.text import Text

SHORTEST_REASON, LONGEST_REASON = 10, 500
"""Letters of the reason for an end or a return of an account, as the database counts them."""

_SIGN_IN_AGAIN = Text(id="Silakan masuk kembali.", en="Please sign in again.")
_LIST = Text(id="Lihat daftarnya dengan guyub user list.", en="See the list with guyub user list.")
_CHECK_FOLDER = Text(id="Periksa kodenya pada folder facilities/.", en="Check the code against the folder facilities/.")
_NOT_RIGHT = Text(id="Isian ini belum benar.", en="This is not right yet.")


class AccessRefusal(RefusalCode):
    HELD_AS = (
        "access.held_as",
        Text(
            id="Peran ini sudah dipegang sejak {day} sebagai {title}.",
            en="This role is held since {day} already, as {title}.",
        ),
        Text(
            id="Cabut peran itu lebih dahulu, lalu berikan lagi mulai hari lain.",
            en="Take that role away first, then give it again from another day.",
        ),
    )
    ACTING = (
        "access.acting",
        Text(id="Sebutan “{typed}” tidak dikenal.", en="The acting title “{typed}” is unknown."),
        Text(
            id="Isi Plt. atau Plh., atau kosongkan bila jabatan itu dijabat tetap.",
            en="Enter Plt. or Plh., or leave it empty for the holder of the post.",
        ),
    )
    FULL_NAME = (
        "access.full_name",
        Text(id="Nama lengkap belum diisi.", en="The full name is missing."),
        Text(id="Isi nama sesuai SK jabatan.", en="Enter the name as in the decree of appointment."),
    )
    FULL_NAME_LENGTH = (
        "access.full_name_length",
        Text(id="Nama lengkap lebih dari 120 huruf.", en="The full name has more than 120 letters."),
        Text(id="Isi nama sesuai SK jabatan.", en="Enter the name as in the decree of appointment."),
    )
    NIP_LENGTH = (
        "access.nip_length",
        Text(id="NIP lebih dari 30 huruf.", en="The staff number (NIP) has more than 30 letters."),
        Text(id="Isi 18 angka NIP, atau kosongkan.", en="Enter its 18 digits, or leave it empty."),
    )
    LOGIN = (
        "access.login",
        Text(id="Nama pengguna “{login}” tidak dapat dipakai.", en="The user name “{login}” cannot be used."),
        Text(
            id="Gunakan 2 sampai 60 huruf kecil, angka, titik, garis bawah atau tanda hubung.",
            en="Use 2 to 60 lower-case letters, digits, dots, underscores or hyphens.",
        ),
    )
    LOGIN_TAKEN = (
        "access.login_taken",
        Text(id="Nama pengguna “{login}” sudah ada.", en="The user name “{login}” is taken."),
        Text(id="Pilih nama lain, atau gunakan akun yang ada.", en="Choose another, or use the account."),
    )
    PURPOSE_HOLDS = (
        "access.purpose_holds",
        Text(id="Data keluarga UPT ini sudah terbuka bagi Anda.", en="Household data is already open to you here."),
        Text(
            id="Buka menu Keluarga; keperluan lain dinyatakan setelah yang ini diakhiri.",
            en="Go to Households; state another purpose after this one has ended.",
        ),
    )
    PURPOSE_WORDS = (
        "access.purpose_words",
        Text(
            id="Penjelasan ini {length} huruf; diperlukan {shortest} sampai {longest}.",
            en="These words have {length} letters; {shortest} to {longest} are needed.",
            en_one="These words have {length} letter; {shortest} to {longest} are needed.",
        ),
        Text(
            id="Tulis apa yang akan diperiksa dan atas dasar apa, misalnya nomor surat pengaduannya.",
            en="Write what you will look at and on which ground, the number of a complaint for example.",
        ),
    )
    ROLE = (
        "access.role",
        Text(
            id="Peran “{role}” tidak dikenal atau bukan peran untuk tempat ini.",
            en="Role “{role}” is unknown or is no role for such a place.",
        ),
        Text(id="Pilih salah satu: {fitting}.", en="Choose one of: {fitting}."),
    )
    SHORT_PASSWORD = (
        "access.short_password",
        Text(
            id="Kata sandi terlalu pendek: {length} karakter.",
            en="The password is too short: {length} characters.",
            en_one="The password is too short: {length} character.",
        ),
        Text(
            id="Gunakan sedikitnya {least} karakter, misalnya beberapa kata yang mudah Anda ingat.",
            en="Use at least {least} characters, a few words that you remember easily for example.",
        ),
    )
    TOO_MANY_ATTEMPTS = (
        "access.too_many_attempts",
        Text(
            id="Terlalu banyak percobaan masuk yang gagal; akun ini ditutup sementara selama 15 menit.",
            en="Too many failed sign-ins; this account is closed for 15 minutes.",
        ),
        Text(
            id="Tunggu 15 menit lalu coba lagi, atau minta administrator Guyub di kantor wilayah Anda membuat kata sandi baru "
            "(guyub user reset); akun langsung terbuka.",
            en="Wait 15 minutes and try again, or ask the Guyub administrator of your regional office for a new password "
            "(guyub user reset), which opens the account at once.",
        ),
    )
    UNKNOWN_LOGIN = (
        "access.unknown_login",
        Text(id="Tidak ada pengguna dengan nama “{login}”.", en="There is no user with the name “{login}”."),
        Text(
            id="Periksa ejaannya, atau buat dahulu dengan guyub user create.",
            en="Check the spelling, or create it first with guyub user create.",
        ),
    )
    UNKNOWN_TOKEN = (
        "access.unknown_token",
        Text(id="Token ini tidak ada, atau sudah dicabut.", en="There is no such token, or it is revoked already."),
        Text(id="Lihat daftar token Anda.", en="See the list of your tokens."),
    )
    UNUSABLE_PASSWORD = (
        "access.unusable_password",
        Text(
            id="Kata sandi ini terlalu panjang atau memuat tanda yang tidak dapat diketik.",
            en="This password is too long or holds signs that cannot be typed.",
        ),
        Text(
            id="Gunakan paling banyak {most} huruf, angka, tanda baca dan spasi.",
            en="Use at most {most} letters, digits, punctuation marks and spaces.",
        ),
    )
    WRONG_CREDENTIALS = (
        "access.wrong_credentials",
        Text(id="Nama pengguna atau kata sandi salah.", en="The user name or the password is wrong."),
        Text(
            id="Periksa ejaan dan tombol Caps Lock, lalu coba lagi.", en="Check spelling and Caps Lock, then try again."
        ),
    )
    ACCOUNT_ENDED = (
        "access.account_ended",
        Text(id="Akun “{login}” sudah diakhiri.", en="The account “{login}” has ended."),
        Text(
            id='Pulihkan dengan: guyub user reset {login} --restore --reason "…".',
            en='Restore it with: guyub user reset {login} --restore --reason "…".',
        ),
    )
    UNUSABLE_REASON = (
        "access.account_reason_unreadable",
        Text(
            id="Alasan ini memuat pindah baris atau tanda yang tidak tampak.",
            en="This reason holds line breaks or signs that cannot be seen.",
        ),
        Text(id="Tulis dalam satu baris kalimat biasa.", en="Write one line of plain words."),
    )
    LAST_ADMINISTRATOR = (
        "access.last_administrator",
        Text(
            id="Akun “{login}” satu-satunya administrator di {places}; tanpa dia tidak ada lagi yang dapat mengatur.",
            en="The account “{login}” is the only administrator of {places}; without it nobody could configure there.",
        ),
        Text(
            id="Buat dahulu administrator penggantinya dengan guyub user create; bila akun ini disalahgunakan, "
            "ganti kata sandinya sekarang dengan guyub user reset {login}.",
            en="First make another administrator with guyub user create; where this account is misused, change its "
            "password now with guyub user reset {login}.",
        ),
    )
    SCOPE = (
        "access.scope",
        Text(id="Data ini di luar lingkup kerja Anda.", en="This is outside your scope."),
        _SIGN_IN_AGAIN,
    )
    PERMISSION = (
        "access.permission",
        Text(
            id="{name} tidak berwenang {permission}.",
            en="{name} may not {permission}.",
        ),
        Text(
            id="Minta pejabat yang berwenang melakukannya, atau minta administrator yang mengelola akun dan peran memberi Anda"
            " peran dengan wewenang itu.",
            en="Ask the official in charge to do it, or ask the administrator who manages accounts and roles for a role with"
            " that permission.",
        ),
    )
    PURPOSE_NEEDED = (
        "access.purpose_needed",
        Text(
            id="Data keluarga hanya terbuka bagi petugas UPT ini.",
            en="Household data is open to the staff of this facility only.",
        ),
        Text(
            id="Nyatakan dahulu keperluan Anda di menu “Lihat data keluarga”; lalu terbuka untuk waktu terbatas.",
            en="State your purpose first through “See household data” in the menu; it then opens for a limited time.",
        ),
    )

    DUTIES = (
        "access.duties",
        Text(
            id="Pemisahan tugas: pengusul tidak menyetujui sendiri, dan setiap langkah dilakukan oleh yang berwenang.",
            en="Separation of duties: the proposer never approves, and each step needs its permission.",
        ),
        Text(id="Minta pejabat lain yang berwenang.", en="Ask another official who may."),
    )
    SIGNED_OUT = (
        "access.signed_out",
        Text(id="Sesi Anda telah berakhir.", en="Your session has ended."),
        _SIGN_IN_AGAIN,
    )
    OTHER_PLACE = (
        "access.unknown_facility",
        Text(
            id="Tidak ada UPT dengan kode “{detail}” dalam jangkauan Anda.",
            en="There is no facility “{detail}” within your reach.",
        ),
        Text(id="Periksa kode UPT pada daftar UPT Anda.", en="Check the code against the list of your facilities."),
    )
    ACCOUNT_ALREADY_ENDED = (
        "access.account_already_ended",
        Text(id="Akun “{detail}” sudah diakhiri sebelumnya.", en="The account “{detail}” has ended already."),
        _LIST,
    )
    ACCOUNT_NOT_ENDED = (
        "access.account_not_ended",
        Text(id="Akun “{detail}” tidak sedang diakhiri.", en="The account “{detail}” has not ended."),
        Text(
            id="Untuk kata sandi baru saja, jalankan tanpa --restore.",
            en="For a new password alone, run it without --restore.",
        ),
    )
    UNKNOWN_ACCOUNT = (
        "access.unknown_account",
        Text(id="Tidak ada akun dengan nama “{login}”.", en="There is no account “{login}”."),
        Text(id="{hint}", en="{hint}"),
    )
    NO_ACCOUNT_REASON = (
        "access.account_reason",
        Text(id="{problem}", en="{problem}"),
        Text(
            id='Tulis alasan yang dapat dibaca orang lain kelak, misalnya: --reason "pindah tugas, SK W13-12/2026".',
            en='Write what others can read later, for example: --reason "moved to another office, decree W13-12/2026".',
        ),
    )
    TOO_MANY_FROM_HERE = (
        "access.too_many_attempts_from_here",
        Text(
            id="Terlalu banyak percobaan masuk yang gagal dari jaringan ini.",
            en="Too many failed sign-ins from this network.",
        ),
        Text(id="Tunggu 15 menit lalu coba lagi.", en="Wait 15 minutes and try again."),
    )
    UNKNOWN_PLACE = (
        "access.unknown_place",
        Text(id="Tidak ada UPT atau wilayah dengan kode “{code}”.", en="There is no place “{code}”."),
        Text(id="{hint}", en="{hint}"),
    )
    NO_PURPOSE = (
        "access.purpose",
        Text(id="Keperluan belum dipilih.", en="No purpose is selected."),
        Text(id="Pilih salah satu.", en="Choose one."),
    )
    PURPOSE_TIME = (
        "access.purpose_time",
        Text(id="Waktu belum dipilih.", en="No time is selected."),
        Text(id="Pilih salah satu.", en="Choose one."),
    )
    TOKEN_NAME = (
        "access.token_name",
        _NOT_RIGHT,
        Text(id="Beri nama 2 sampai 60 huruf.", en="A name of 2 to 60 letters."),
    )
    TOKEN_SCOPES = (
        "access.token_scopes",
        _NOT_RIGHT,
        Text(id="Pilih sedikitnya satu kegunaan.", en="Choose at least one purpose."),
    )
    TOKEN_DAYS = ("access.token_days", _NOT_RIGHT, Text(id="Pilih masa berlaku.", en="Choose how long it lasts."))
    TOKEN_PLACE = (
        "access.token_place",
        _NOT_RIGHT,
        Text(id="Pilih tempat dari daftar.", en="Choose a place from the list."),
    )
    AUDIT_DETAILS = (
        "access.audit_details",
        Text(
            id="Rincian jejak audit berupa isian bernama; rupiah dan keluarga berupa bilangan bulat.",
            en="The details of an audit entry are named values; rupiah and households are whole numbers.",
        ),
        REPORT_IT,
    )
    AUDIT_MOMENT = (
        "access.audit_moment",
        Text(id="Jejak audit memerlukan saat yang pasti.", en="An audit entry needs a moment in time."),
        REPORT_IT,
    )
    PURPOSE_LIMITED = (
        "access.purpose_limited",
        Text(id="Keperluan berlaku 15 menit sampai 8 jam.", en="A purpose holds for 15 minutes to 8 hours."),
        Text(id="Pilih waktu dari daftar.", en="Choose a time from the list."),
    )
    TOKEN_LIMITED = (
        "access.token_limited",
        Text(id="Token berlaku 1 jam sampai 400 hari.", en="A token lasts for 1 hour to 400 days."),
        Text(id="Pilih masa berlaku dari daftar.", en="Choose from the list how long it lasts."),
    )
    TOKEN_OF_TWO_PLACES = (
        "access.token_of_two_places",
        Text(
            id="Token dibatasi pada satu UPT atau satu wilayah, tidak keduanya.",
            en="A token is limited to one facility or one region, not to both.",
        ),
        Text(id="Pilih satu tempat.", en="Choose one place."),
    )
    ENDED_AND_ACTIVE = (
        "access.ended_and_active",
        Text(id="Akun yang diakhiri tidak dapat aktif.", en="An account that has ended is not active."),
        Text(
            id="Akhiri akun dengan guyub user end; pulihkan dengan guyub user reset --restore.",
            en="End it with guyub user end; restore it with guyub user reset --restore.",
        ),
    )
    END_WITHOUT_REASON = (
        "access.end_without_reason",
        Text(
            id="Akhir sebuah akun mencatat alasan dan pelakunya; akun yang tidak diakhiri tidak memilikinya.",
            en="The end of an account records its reason and who ended it; an account that has not ended has neither.",
        ),
        Text(id="Akhiri akun dengan guyub user end --reason.", en="End it with guyub user end --reason."),
    )

    PURPOSE_UNEXPLAINED = (
        "access.purpose_unexplained",
        Text(id="Keperluan dijelaskan dengan 20 sampai 500 huruf.", en="A purpose is explained in 20 to 500 letters."),
        Text(
            id="Tulis apa yang akan diperiksa dan atas dasar apa.",
            en="Write what you will look at and on which ground.",
        ),
    )

    YOUR_ACCOUNT_ENDED = (
        "access.your_account_ended",
        Text(id="Akun ini sudah diakhiri{on_day}.", en="This account has ended{on_day}."),
        Text(
            id="Bila Anda masih bertugas, minta administrator Guyub di kantor wilayah Anda memulihkannya "
            "(guyub user reset --restore).",
            en="If you still serve here, ask the Guyub administrator of your regional office to restore it "
            "(guyub user reset --restore).",
        ),
    )

    ROLE_NOT_HELD = (
        "access.role_not_held",
        Text(
            id="Akun “{detail}” tidak memegang peran itu di tempat itu sesudah hari tersebut.",
            en="The account “{detail}” does not hold that role at that place after that day.",
        ),
        _LIST,
    )
    ROLE_DAY = ("access.role_day", *OUTSIDE)
    ROLE_DAYS = (
        "access.role_days",
        Text(id="Hari terakhir peran mendahului hari pertamanya.", en="The role's last day lies before its first."),
        Text(id="Periksa kedua tanggalnya.", en="Check both days."),
    )


def unfit_account_reason(reason: str) -> Invalid:
    """Returns the refusal of a reason; ``reason`` is what stands there instead of a reason."""
    problem = (
        Text(
            id="Alasan ini {length} huruf; diperlukan {least} sampai {most}.",
            en="This reason has {length} letters; {least} to {most} are needed.",
            en_one="This reason has {length} letter; {least} to {most} are needed.",
        ).format(length=len(reason), least=SHORTEST_REASON, most=LONGEST_REASON)
        if reason
        else Text(id="Alasan belum diisi.", en="The reason is missing.")
    )
    return AccessRefusal.NO_ACCOUNT_REASON.invalid("reason", problem=problem)


def unknown_account(login: str, alike: Sequence[str] = ()) -> NotFound:
    """Returns the refusal of an unknown login; ``alike`` are logins that may have been meant."""
    return AccessRefusal.UNKNOWN_ACCOUNT.not_found(login=login, hint=_meant(alike) if alike else _LIST)


def unknown_place(code: str, alike: Sequence[str]) -> NotFound:
    """Returns the refusal of an unknown place; ``alike`` are codes that may have been meant."""
    hint = _meant(alike) if alike else _CHECK_FOLDER
    return AccessRefusal.UNKNOWN_PLACE.not_found(code=code, hint=hint)


def _meant(alike: Sequence[str]) -> Text:
    return Text(id="Mungkin maksud Anda: {alike}.", en="Did you mean: {alike}?").format(alike=", ".join(alike))


def _last_administrator(violation: Violation) -> Refusal:
    detail = json.loads(violation.detail)
    return AccessRefusal.LAST_ADMINISTRATOR.refusal(login=detail["login"], places=", ".join(detail["places"]))


def _no_permission(violation: Violation) -> Refusal:
    return AccessRefusal.PERMISSION.forbidden(permission=permission_text(violation.message), name=violation.detail)


DATABASE = DatabaseRefusals(
    constraints={
        "audit_details": AccessRefusal.AUDIT_DETAILS,
        "audit_moment": AccessRefusal.AUDIT_MOMENT,
        "ended_is_not_active": AccessRefusal.ENDED_AND_ACTIVE,
        "end_has_a_reason": AccessRefusal.END_WITHOUT_REASON,
        "purpose_kind": AccessRefusal.NO_PURPOSE,
        "purpose_is_told": AccessRefusal.PURPOSE_UNEXPLAINED,
        "purpose_is_limited": AccessRefusal.PURPOSE_LIMITED,
        "person_name_length": AccessRefusal.FULL_NAME_LENGTH,
        "person_nip_length": AccessRefusal.NIP_LENGTH,
        "token_has_a_name": AccessRefusal.TOKEN_NAME,
        "token_scopes": AccessRefusal.TOKEN_SCOPES,
        "token_of_one_place": AccessRefusal.TOKEN_OF_TWO_PLACES,
        "token_is_limited": AccessRefusal.TOKEN_LIMITED,
    },
    states={
        NO_PERMISSION: _no_permission,
        NO_PURPOSE: lambda _: AccessRefusal.PURPOSE_NEEDED.forbidden(),
        "GU001": lambda _: AccessRefusal.SCOPE.forbidden(),
        "42501": lambda _: AccessRefusal.SCOPE.forbidden(),
        ("GU003", "a purpose holds already"): lambda _: AccessRefusal.PURPOSE_HOLDS.refusal(),
        "GU004": saying(AccessRefusal.DUTIES, Forbidden),
        "GU010": saying(AccessRefusal.SIGNED_OUT, SignedOut),
        "GU011": saying(AccessRefusal.OTHER_PLACE, NotFound),
        ("GU018", "no_account"): lambda violation: unknown_account(violation.detail),
        ("GU018", "account_ended"): lambda violation: AccessRefusal.ACCOUNT_ENDED.refusal(login=violation.detail),
        ("GU018", "account_reason"): lambda _: unfit_account_reason(""),
        ("GU018", "role_not_held"): saying(AccessRefusal.ROLE_NOT_HELD, NotFound),
        ("GU018", "last_administrator"): _last_administrator,
        ("GU018", "account_already_ended"): saying(AccessRefusal.ACCOUNT_ALREADY_ENDED),
        ("GU018", "account_not_ended"): saying(AccessRefusal.ACCOUNT_NOT_ENDED),
    },
)
