"""What the database refuses about an account: one that ended, one that did not, the last administrator of an office."""

import json

from guyub.sdk.errors import Invalid, NotFound, Refusal
from guyub.sdk.text import Text

STATE = "GU018"

SHORTEST_REASON, LONGEST_REASON = 10, 500
"""Letters of the reason for an end or a return, as the database counts them."""

_LIST = Text(id="Lihat daftarnya dengan guyub user list.", en="See the list with guyub user list.")


def unknown(login: str, alike: tuple[str, ...] = ()) -> NotFound:
    """``alike`` are logins that may have been meant."""
    return NotFound(
        "access.unknown_account",
        Text(id="Tidak ada akun dengan nama “{login}”.", en="There is no account “{login}”.").format(login=login),
        Text(id="Mungkin maksud Anda: {alike}.", en="Did you mean: {alike}?").format(alike=", ".join(alike))
        if alike
        else _LIST,
    )


def unusable_reason() -> Invalid:
    return Invalid(
        "access.account_reason",
        Text(
            id="Alasan ini memuat pindah baris atau tanda yang tidak tampak.",
            en="This reason holds line breaks or signs that cannot be seen.",
        ),
        Text(id="Tulis dalam satu baris kalimat biasa.", en="Write one line of plain words."),
        "reason",
    )


def ended(login: str) -> Refusal:
    return Refusal(
        "access.account_ended",
        Text(id="Akun “{login}” sudah diakhiri.", en="The account “{login}” has ended.").format(login=login),
        Text(
            id='Pulihkan dengan: guyub user reset {login} --restore --reason "…".',
            en='Restore it with: guyub user reset {login} --restore --reason "…".',
        ).format(login=login),
    )


def reason(given: str) -> Invalid:
    """``given`` is what stands there instead of a reason."""
    return Invalid(
        "access.account_reason",
        Text(id="Alasan belum diisi.", en="The reason is missing.")
        if not given
        else Text(
            id="Alasan ini {length} huruf; diperlukan {least} sampai {most}.",
            en="This reason has {length} letters; {least} to {most} are needed.",
        ).format(length=len(given), least=SHORTEST_REASON, most=LONGEST_REASON),
        Text(
            id='Tulis alasan yang dapat dibaca orang lain kelak, misalnya: --reason "pindah tugas, SK W13-12/2026".',
            en='Write what others can read later, for example: --reason "moved to another office, decree W13-12/2026".',
        ),
        "reason",
    )


def refusal_of(message: str, detail: str) -> Refusal:
    """``message`` is the word that the function gave, ``detail`` the login, or an object with the places as well."""
    if message == "no_account":
        return unknown(detail)
    if message == "account_ended":
        return ended(detail)
    if message == "account_reason":
        return reason("")
    if message == "last_administrator":
        return _last_administrator(**json.loads(detail))
    if message == "role_not_held":
        return role_not_held(detail)
    already = message == "account_already_ended"
    return Refusal(
        f"access.{message}",
        Text(id="Akun “{login}” sudah diakhiri sebelumnya.", en="The account “{login}” has ended already.").format(
            login=detail
        )
        if already
        else Text(id="Akun “{login}” tidak sedang diakhiri.", en="The account “{login}” has not ended.").format(
            login=detail
        ),
        _LIST
        if already
        else Text(
            id="Untuk kata sandi baru saja, jalankan tanpa --restore.",
            en="For a new password alone, run it without --restore.",
        ),
    )


def role_not_held(login: str) -> NotFound:
    return NotFound(
        "access.role_not_held",
        Text(
            id="Akun “{login}” tidak memegang peran itu di tempat itu sesudah hari tersebut.",
            en="The account “{login}” does not hold that role at that place after that day.",
        ).format(login=login),
        _LIST,
    )


def _last_administrator(login: str, places: list[str]) -> Refusal:
    return Refusal(
        "access.last_administrator",
        Text(
            id="Akun “{login}” satu-satunya administrator di {places}; tanpa dia tidak ada lagi yang dapat mengatur.",
            en="The account “{login}” is the only administrator of {places}; without it nobody could configure there.",
        ).format(login=login, places=", ".join(places)),
        Text(
            id="Buat dahulu administrator penggantinya dengan guyub user create; bila akun ini disalahgunakan, "
            "ganti kata sandinya sekarang dengan guyub user reset {login}.",
            en="First make another administrator with guyub user create; where this account is misused, change its "
            "password now with guyub user reset {login}.",
        ).format(login=login),
    )
