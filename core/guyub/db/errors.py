"""What the database refuses, said in words for staff: by the code of a trigger or the name of a constraint."""

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy.exc import DBAPIError, OperationalError

from guyub.db import account_errors, day_errors, facility_errors, order_errors, shape_errors, unit_errors
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.text import Text
from guyub.sdk.words import format_date


class SignedOut(Refusal):
    """The session is unknown, expired or closed."""

    status = 401


class Unavailable(Refusal):
    """The database does not answer, or not in time; asked again after ``retry_after`` seconds, it may."""

    status = 503
    retry_after = 5


class Busy(Unavailable):
    """The database answers and others are at work; what was asked is right, and is asked again later."""


_SIGN_IN_AGAIN = Text(id="Silakan masuk kembali.", en="Please sign in again.")
_CHECK_AND_RETRY = Text(
    id="Muat ulang halaman untuk melihat keadaan terkini, lalu coba lagi.",
    en="Reload the page to see the present state, then try again.",
)

# constraint name -> code, what, remedy
_BY_CONSTRAINT: dict[str, tuple[str, Text, Text]] = {
    "never_below_zero": (
        "funds.below_zero",
        Text(id="Saldo dana atau stok tidak cukup.", en="The fund or the stock does not hold enough."),
        Text(
            id="Periksa saldo bebas dan cadangan pada halaman Dana.",
            en="See free and reserved balances on the Funds page.",
        ),
    ),
    "handed_over_once": (
        "programs.already_handed_over",
        Text(id="Paket ini sudah diserahkan.", en="This package has already been handed over."),
        Text(
            id="Lihat jam dan petugas penyerahnya pada daftar penyaluran.",
            en="See when and by whom on the distribution list.",
        ),
    ),
    "one_cycle_a_month": (
        "programs.cycle_exists",
        Text(
            id="Periode ini sudah dibuka untuk program tersebut.", en="This period is already open for the programme."
        ),
        Text(id="Buka periode yang sudah ada.", en="Go to the existing cycle."),
    ),
    "one_benefit_per_household": (
        "programs.household_twice",
        Text(
            id="Keluarga ini sudah ada pada daftar periode ini.",
            en="This household is already on the list of this cycle.",
        ),
        Text(id="Gunakan baris yang sudah ada.", en="Use the row that is there."),
    ),
    "household_family_card_once": (
        "registry.family_card_twice",
        Text(
            id="No. KK ini sudah terdaftar di UPT ini.",
            en="This family card number is already registered at this facility.",
        ),
        Text(id="Cari keluarga tersebut dan perbarui datanya.", en="Find that household and update it."),
    ),
    "member_nik_once": (
        "registry.nik_twice",
        Text(id="NIK ini sudah terdaftar di UPT ini.", en="This NIK is already registered at this facility."),
        Text(id="Cari orang tersebut dan perbarui datanya.", en="Find that person and update the record."),
    ),
    "member_one_recipient": (
        "registry.recipient_twice",
        Text(id="Keluarga ini sudah memiliki penerima.", en="This household already has a recipient."),
        Text(id="Pilih satu penerima saja.", en="Choose one recipient only."),
    ),
    "witness_is_another": (
        "programs.witness",
        Text(
            id="Saksi tidak boleh sama dengan petugas penyerah.", en="The witness must not be the one who hands over."
        ),
        Text(id="Pilih saksi lain.", en="Choose another witness."),
    ),
    "proxy_has_letter": (
        "programs.proxy",
        Text(id="Pengambilan oleh wakil memerlukan nama dan surat kuasa.", en="A proxy needs a name and a letter."),
        Text(
            id="Isi nama wakil dan nomor atau tanggal surat kuasa.",
            en="Enter the proxy's name and the letter's number or date.",
        ),
    ),
    "approver_is_another": (
        "programs.self_approval",
        Text(id="Pengusul tidak boleh menyetujui usulannya sendiri.", en="The proposer never approves."),
        Text(id="Minta pejabat lain yang berwenang menyetujui.", en="Ask another official who may approve."),
    ),
}

_BY_STATE: dict[str, tuple[type[Refusal], str, Text, Text]] = {
    "GU001": (
        Forbidden,
        "access.scope",
        Text(id="Data ini di luar lingkup kerja Anda.", en="This is outside your scope."),
        _SIGN_IN_AGAIN,
    ),
    "GU002": (
        Refusal,
        "books.append_only",
        Text(id="Catatan ini tidak dapat diubah atau dihapus.", en="This record cannot be changed or deleted."),
        Text(id="Buat koreksi sebagai catatan baru.", en="Correct it by a new entry."),
    ),
    "GU003": (
        Refusal,
        "programs.state",
        Text(
            id="Langkah ini tidak dapat dilakukan sekarang: {message}.", en="This step cannot be taken now: {message}."
        ),
        _CHECK_AND_RETRY,
    ),
    "GU004": (
        Forbidden,
        "programs.duties",
        Text(
            id="Pemisahan tugas: pengusul tidak menyetujui sendiri, dan setiap langkah dilakukan oleh yang berwenang.",
            en="Separation of duties: the proposer never approves, and each step needs its permission.",
        ),
        Text(id="Minta pejabat lain yang berwenang.", en="Ask another official who may."),
    ),
    "GU005": (
        Refusal,
        "funds.ledger",
        Text(id="Buku besar menolak pencatatan ini: {message}.", en="The ledger refuses this entry: {message}."),
        _CHECK_AND_RETRY,
    ),
    "GU006": (
        Refusal,
        "programs.frozen",
        Text(id="Daftar periode ini sudah dikunci.", en="The list of this cycle is frozen."),
        Text(
            id="Kembalikan usulan ke tahap rencana sebelum disetujui, atau catat perubahan pada periode berikutnya.",
            en="Return the proposal to planning before it is approved, or make the change in the next cycle.",
        ),
    ),
    "GU007": (
        Refusal,
        "funds.restriction",
        Text(
            id="Dana {detail} tidak boleh dipakai untuk ini ({message}).",
            en="Fund {detail} may not be used for this ({message}).",
        ),
        Text(id="Pilih dana lain untuk periode ini.", en="Choose another fund for this cycle."),
    ),
    "GU010": (
        SignedOut,
        "access.signed_out",
        Text(id="Sesi Anda telah berakhir.", en="Your session has ended."),
        _SIGN_IN_AGAIN,
    ),
    "GU011": (
        NotFound,
        "facilities.unknown",
        Text(
            id="Tidak ada UPT dengan kode “{detail}” dalam jangkauan Anda.",
            en="There is no facility “{detail}” within your reach.",
        ),
        Text(id="Periksa kode UPT pada daftar UPT Anda.", en="Check the code against the list of your facilities."),
    ),
}


_TAKEN = (
    "db.busy",
    Text(
        id="Data ini sedang dipakai pekerjaan lain yang belum selesai.",
        en="Somebody else's work on these records has not ended yet.",
    ),
    Text(
        id="Tidak ada yang disimpan. Tunggu sebentar, lalu kirim lagi.",
        en="Nothing was saved. Wait a moment, then send it again.",
    ),
)
_TOO_LONG = (
    "db.too_long",
    Text(id="Permintaan ini terlalu lama dikerjakan dan dihentikan.", en="This request took too long and was stopped."),
    Text(
        id="Tidak ada yang disimpan. Coba lagi sebentar lagi; persempit pencarian atau jangka waktunya bila berulang.",
        en="Nothing was saved. Try again in a moment; narrow the search or the span of time if it goes on.",
    ),
)
_ALL_LENT = (
    "db.no_connection",
    Text(id="Terlalu banyak permintaan sedang dilayani.", en="Too many requests are being served at the moment."),
    Text(
        id="Tidak ada yang disimpan. Tunggu sebentar, lalu coba lagi.",
        en="Nothing was saved. Wait a moment, then try again.",
    ),
)
_LATER: dict[str, tuple[str, Text, Text]] = {
    "55P03": _TAKEN,  # lock_timeout
    "40P01": _TAKEN,  # two that wait for each other: one of them is asked to come again
    "40001": _TAKEN,
    "57014": _TOO_LONG,  # statement_timeout
    "25P03": _TOO_LONG,  # idle_in_transaction_session_timeout
    "25P04": _TOO_LONG,  # transaction_timeout
    "53300": _ALL_LENT,  # the server takes no more connections
}
"""States of the database that pass: nothing is wrong with what was asked."""


def unavailable() -> Unavailable:
    return Unavailable(
        "db.unavailable",
        Text(id="Basis data tidak menjawab.", en="The database does not answer."),
        Text(
            id="Tunggu sebentar lalu coba lagi: basis data tertanam dijalankan lagi dengan sendirinya. Bila berulang, sampaikan "
            "kepada administrator. Tidak ada data yang hilang.",
            en="Wait a moment and try again: the embedded database is started again by itself. If it goes on, tell your "
            "administrator. Nothing is lost.",
        ),
    )


def no_connection_left() -> Busy:
    return Busy(*_ALL_LENT)


def refusal_of(error: DBAPIError) -> Exception:
    """The refusal behind a database error, or the error itself when it is none that staff can act on."""
    cause = error.orig
    state = getattr(cause, "sqlstate", None) or ""
    diagnosis = getattr(cause, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    known = _BY_CONSTRAINT | facility_errors.BY_CONSTRAINT | shape_errors.BY_CONSTRAINT | unit_errors.BY_CONSTRAINT
    if constraint in known:
        code, what, remedy = known[constraint]
        return Refusal(code, what, remedy)
    message = getattr(diagnosis, "message_primary", None) or ""
    detail = getattr(diagnosis, "message_detail", None) or ""
    if state == "GU008":
        places = ", ".join(sorted({entry["facility"] for entry in json.loads(detail)}))
        return Refusal(
            "programs.already_served",
            Text(
                id="Ada penerima yang sudah menerima bantuan bulan ini di {places}.",
                en="Some recipients were already served this month at {places}.",
            ).format(places=places),
            Text(
                id="Kembalikan usulan, hitung ulang calon, lalu usulkan lagi.",
                en="Return the proposal, score again and propose anew.",
            ),
        )
    if state == "GU012":
        return _locked(json.loads(detail))
    if state == unit_errors.STATE:
        return unit_errors.refusal_of(detail)
    if state == order_errors.STATE:
        return order_errors.refusal_of(message, detail)
    if state == account_errors.STATE:
        return account_errors.refusal_of(message, detail)
    if state == day_errors.STATE:
        return day_errors.refusal_of(message, detail)
    if state in facility_errors.STATES:
        return facility_errors.refusal_of(state, message, detail)
    if state == "GU022":
        return changed_since_read()
    if state in _BY_STATE:
        kind, code, what, remedy = _BY_STATE[state]
        return kind(code, what.format(message=message, detail=detail), remedy)
    if state == "42501":
        return Forbidden(
            "access.scope",
            Text(id="Data ini di luar lingkup kerja Anda.", en="This is outside your scope."),
            _SIGN_IN_AGAIN,
        )
    if state in _LATER:
        return Busy(*_LATER[state])
    if isinstance(error, OperationalError) and (
        error.connection_invalidated or not state or state.startswith(("08", "57P"))
    ):
        return unavailable()
    return error


def changed_since_read() -> Refusal:
    """Somebody decides upon another version of a proposal than the one that stands."""
    return Refusal(
        "programs.proposal_changed",
        Text(id="Usulan berubah sejak Anda membacanya.", en="The proposal has changed since you read it."),
        Text(
            id="Tidak ada yang diputuskan. Baca usulan yang sekarang, lalu putuskan.",
            en="Nothing was decided. Read the proposal as it is now, then decide.",
        ),
    )


def _locked(detail: Mapping[str, str]) -> Refusal:
    """Who locked the field of a plugin's configuration, and since when; an ``Invalid``, so that a form shows it there."""
    return locked_field(
        field=detail["field"],
        place=Text(id=detail["place"], en=detail["place"]),
        locked_at=Text(id=detail["locked_place"] or "Nasional", en=detail["locked_place"] or "National"),
        locked_by=detail["locked_by"],
        since=date.fromisoformat(detail["since"]),
    )


def locked_field(
    *, field: str, place: Text, locked_at: Text, locked_by: str, since: date, title: Text | None = None
) -> Invalid:
    """``place`` is where somebody wanted to set ``field``, ``locked_at`` the layer whose value holds instead.

    ``title`` is what people call the field, where the plugin is at hand to say.
    """
    return Invalid(
        "host.locked",
        Text(
            id="“{field}” tidak dapat diubah di {place}: dikunci oleh {locked_at} ({locked_by}) sejak {day_id}.",
            en="“{field}” cannot be changed at {place}: it is locked by {locked_at} ({locked_by}) since {day_en}.",
        ).format(
            field=title or field,
            place=place,
            locked_at=locked_at,
            locked_by=locked_by,
            day_id=format_date(since),
            day_en=format_date(since, "en"),
        ),
        Text(
            id="Minta {locked_at} membuka kunci atau mengubah nilainya.",
            en="Ask {locked_at} to unlock it or to change its value.",
        ).format(locked_at=locked_at),
        field,
    )
