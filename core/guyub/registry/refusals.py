"""The refusals of registry: numbers, names, surveys, and people who are registered already."""

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals
from guyub.db.refusals import REPORT_IT
from guyub.sdk.text import Text

_NO_NUMBER = Text(id="{name} “{given}” bukan nomor.", en="{name} “{given}” is no number.")
_DIGITS_ONLY = Text(id="Tulis angkanya saja, misalnya 007.", en="Write the number only, for example 007.")
_NOT_SIXTEEN = Text(id="{name} harus 16 angka; yang diisi {found}.", en="{name} has 16 digits; this has {found}.")
_COPY_AGAIN = Text(
    id="Salin kembali dari KTP atau Kartu Keluarga, atau kosongkan bila belum ada.",
    en="Copy it again from the identity or family card, or leave it empty where there is none yet.",
)
_KNOWN = Text(
    id="{kind} {masked} sudah terdaftar di UPT ini atas nama {name}.",
    en="{kind} {masked} is already registered at this facility, for {name}.",
)
_OPEN_IT = Text(
    id="Buka data keluarga itu dan perbarui; jangan mendaftarkannya dua kali.",
    en="Open that household and update it; do not register it twice.",
)


class RegistryRefusal(RefusalCode):
    CHOICE = (
        "registry.choice",
        Text(id="{label} belum dipilih.", en="{label}: nothing known was selected."),
        Text(id="Pilih salah satu: {offered}.", en="Choose one of: {offered}."),
    )
    INMATE_MISSING = (
        "registry.inmate_missing",
        Text(
            id="Keluarga warga binaan memerlukan nama warga binaannya.",
            en="The household of an inmate needs its inmate.",
        ),
        Text(
            id="Isi nama, status dan hubungannya, atau pilih kategori lain.",
            en="Enter name, status and relationship, or choose another category.",
        ),
    )
    INMATE_NOT_NEEDED = (
        "registry.inmate_not_needed",
        Text(
            id="Kaitan dengan warga binaan tidak disimpan untuk kategori ini.",
            en="A link to an inmate is not kept for this category.",
        ),
        Text(
            id="Kosongkan data warga binaan, atau pilih kategori lain.",
            en="Leave the inmate empty, or choose another category.",
        ),
    )
    NOBODY = (
        "registry.nobody",
        Text(id="Keluarga ini belum beranggota.", en="There is nobody in this household."),
        Text(id="Isi jumlah orang menurut kelompok umur.", en="Enter how many people there are in each age group."),
    )
    NAME = (
        "registry.name",
        Text(
            id="Nama wajib diisi dengan huruf, paling panjang 80 karakter.",
            en="A name needs letters and has 80 characters at most.",
        ),
        Text(id="Tulis nama lengkap seperti pada KTP.", en="Write the whole name as on the identity card."),
    )
    NO_QUESTIONNAIRE = (
        "registry.no_questionnaire",
        Text(id="Daftar pertanyaan “{code}” tidak ada.", en="There is no questionnaire “{code}”."),
        Text(id="Jalankan guyub db upgrade, lalu coba lagi.", en="Run guyub db upgrade, then try again."),
    )
    NOTHING_KEPT = (
        "registry.nothing_kept",
        Text(id="Data itu tidak tersimpan untuk keluarga ini.", en="Nothing like this is kept for this household."),
        Text(id="Kembali ke halaman keluarga.", en="Go back to the household's page."),
    )
    PHONE = (
        "registry.phone",
        Text(id="Nomor telepon “{given}” tidak dikenali.", en="The phone number “{given}” is not understood."),
        Text(
            id="Tulis seperti 0812 3456 7890 (10–13 angka) atau +62 812 3456 7890, atau kosongkan.",
            en="Write it like 0812 3456 7890 (10–13 digits) or +62 812 3456 7890, or leave it empty.",
        ),
    )
    REVEAL = (
        "registry.reveal",
        Text(id="Data “{what}” tidak dikenal.", en="There is no “{what}” to reveal."),
        Text(id="Pilih NIK, No. KK, telepon atau jalan.", en="Choose NIK, family card, phone or street."),
    )
    SEARCH_NUMBER = (
        "registry.search_number",
        Text(
            id="NIK dan No. KK terdiri atas 16 angka; yang diisi {digits} angka.",
            en="A NIK or family card number has 16 digits; this has {digits}.",
        ),
        Text(id="Lengkapi nomornya, atau cari dengan nama.", en="Complete the number, or search by name."),
    )
    SURVEY_DAY = (
        "registry.survey_day",
        Text(id="Tanggal kunjungan ini belum tiba.", en="This day has not come yet."),
        Text(id="Isi tanggal rumahnya dikunjungi.", en="Enter the day on which the home was visited."),
    )
    TIED = (
        "registry.tied",
        Text(
            id="Keluarga ini terkait dengan warga binaan, jadi kategorinya tidak dapat menjadi yang lain.",
            en="This household is tied to an inmate, so its category cannot become another.",
        ),
        Text(
            id="Arsipkan keluarga ini, lalu daftarkan kembali dengan kategori yang benar.",
            en="Archive this household, then register it again with the right category.",
        ),
    )
    UNANSWERED = (
        "registry.unanswered",
        Text(id="“{label}” belum dijawab.", en="“{label}” has no answer."),
        Text(id="Jawab pertanyaan ini.", en="Answer this question."),
    )
    UNKNOWN_HOUSEHOLD = (
        "registry.unknown_household",
        Text(id="Keluarga ini tidak ada pada daftar UPT ini.", en="This household is not on this facility's list."),
        Text(id="Cari kembali pada halaman Keluarga.", en="Search again on the Households page."),
    )
    UNKNOWN_QUESTION = (
        "registry.unknown_question",
        Text(id="Pertanyaan “{key}” tidak ada pada versi ini.", en="This version has no question “{key}”."),
        Text(id="Muat ulang formulir survei.", en="Reload the survey form."),
    )
    NO_REASON = (
        "registry.no_reason",
        Text(id="Alasan wajib diisi.", en="A reason is needed."),
        Text(id="Tulis alasannya dengan singkat.", en="Write it down in a few words."),
    )

    RT = ("registry.rt", _NO_NUMBER, _DIGITS_ONLY)
    RW = ("registry.rw", _NO_NUMBER, _DIGITS_ONLY)
    NIK = ("registry.nik", _NOT_SIXTEEN, _COPY_AGAIN)
    FAMILY_CARD = ("registry.family_card", _NOT_SIXTEEN, _COPY_AGAIN)
    ANSWER = (
        "registry.answer",
        Text(id="Jawaban “{label}” tidak dapat dipakai.", en="The answer to “{label}” cannot be used."),
        Text(id="{remedy}", en="{remedy}"),
    )
    NIK_TWICE = ("registry.nik_twice", _KNOWN, _OPEN_IT)
    FAMILY_CARD_TWICE = ("registry.family_card_twice", _KNOWN, _OPEN_IT)
    SAME_NIK = (
        "registry.same_nik",
        Text(id="NIK ini sudah terdaftar di UPT ini.", en="This NIK is already registered at this facility."),
        Text(id="Cari orang tersebut dan perbarui datanya.", en="Find that person and update the record."),
    )
    SAME_FAMILY_CARD = (
        "registry.same_family_card",
        Text(
            id="No. KK ini sudah terdaftar di UPT ini.",
            en="This family card number is already registered at this facility.",
        ),
        Text(id="Cari keluarga tersebut dan perbarui datanya.", en="Find that household and update it."),
    )
    RECIPIENT_TWICE = (
        "registry.recipient_twice",
        Text(id="Keluarga ini sudah memiliki penerima.", en="This household already has a recipient."),
        Text(id="Pilih satu penerima saja.", en="Choose one recipient only."),
    )
    SURVEY_ANSWERS = (
        "registry.survey_answers",
        Text(id="Jawaban survei berupa isian bernama.", en="The answers of a survey are named values."),
        REPORT_IT,
    )

    SURVEY_STANDS = (
        "registry.survey_stands",
        Text(id="Kunjungan lain keluarga ini sudah berlaku.", en="Another visit of this household stands already."),
        Text(id="Muat ulang halaman, lalu catat lagi.", en="Reload the page, then record it again."),
    )


DATABASE = DatabaseRefusals(
    constraints={
        "survey_current": RegistryRefusal.SURVEY_STANDS,
        "household_family_card_once": RegistryRefusal.SAME_FAMILY_CARD,
        "member_nik_once": RegistryRefusal.SAME_NIK,
        "member_one_recipient": RegistryRefusal.RECIPIENT_TWICE,
        "survey_answers": RegistryRefusal.SURVEY_ANSWERS,
    }
)
