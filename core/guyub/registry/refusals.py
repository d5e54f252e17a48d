"""The refusals of registry: numbers, names, surveys, and people who are registered already."""

from datetime import date

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import Answer, DatabaseRefusals, Violation, saying
from guyub.db.refusals import REPORT_IT
from guyub.registry.labels import AGE_BANDS
from guyub.sdk.errors import Refusal
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
    CHANGED = (
        "registry.changed",
        Text(id="Data keluarga ini berubah sejak Anda membacanya.", en="This household has changed since you read it."),
        Text(id="Baca data yang sekarang, lalu ubah lagi.", en="Read it as it is now, then change it again."),
    )
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
    NOBODY_LEFT = (
        "registry.nobody_left",
        Text(id="Tidak ada lagi orang di keluarga ini.", en="Nobody is left in this household."),
        Text(
            id="Bila itu keliru, batalkan catatan terakhir pada riwayatnya dahulu.",
            en="Where that is wrong, undo the last entry of its timeline first.",
        ),
    )
    INSTITUTION_NAME = (
        "registry.institution_name",
        Text(id="Nama lembaga belum diisi.", en="The name of the institution is missing."),
        Text(id="Tulis nama panti atau yayasannya.", en="Write the name of the orphanage or foundation."),
    )
    PEOPLE_SERVED = (
        "registry.people_served",
        Text(id="Jumlah orang yang dilayani belum diisi.", en="The number of people whom it serves is missing."),
        Text(id="Isi 1 sampai 30.000 orang.", en="Enter 1 to 30,000 people."),
    )
    PACKAGES = (
        "registry.packages",
        Text(
            id="Sebuah lembaga menerima 1 sampai 10.000 paket sebulan.",
            en="An institution receives 1 to 10,000 packages a month.",
        ),
        Text(id="Tulis jumlah paketnya, misalnya 10.", en="Write the number of packages, for example 10."),
    )
    PACKAGES_OF_INSTITUTIONS = (
        "registry.packages_of_institutions",
        Text(
            id="Hanya lembaga yang dapat menerima lebih dari satu paket.",
            en="Only an institution can receive more than one package.",
        ),
        Text(id="Isi 1, atau pilih kategori lembaga.", en="Enter 1, or choose the category institution."),
    )
    PACKAGES_BY_AN_ACT = (
        "registry.packages_by_an_act",
        Text(
            id="Jumlah paket diubah dengan tanggal dan alasannya.",
            en="The number of packages is changed with a day and a reason.",
        ),
        Text(
            id="Pilih “Ubah jumlah paket” pada halaman lembaga itu.",
            en="Choose “Change the number” on the page of that institution.",
        ),
    )
    PACKAGES_ALREADY = (
        "registry.packages_already",
        Text(id="Jumlah paketnya sudah itu.", en="That is the number of packages already."),
        Text(id="Isi jumlah yang lain, atau batalkan.", en="Enter another number, or leave it."),
    )
    NO_INSTITUTION = (
        "registry.no_institution",
        Text(
            id="Nama lembaga dan jumlah yang dilayani hanya untuk kategori lembaga.",
            en="Name and number of people here are those of an institution.",
        ),
        Text(id="Kosongkan keduanya, atau pilih kategori lembaga.", en="Leave both empty, or choose institution."),
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

    REASON_TO_REVEAL = (
        "registry.reason_to_reveal",
        Text(
            id="Alasan ini terlalu singkat untuk membuka data pribadi.",
            en="This reason is too short to show personal data.",
        ),
        Text(
            id="Tulis dengan kalimat untuk apa data itu dipakai, misalnya: Mencocokkan KTP di loket.",
            en="Say in a sentence what it is needed for, for example: Comparing the identity card at the desk.",
        ),
    )
    DAY_TO_COME = (
        "registry.day_to_come",
        Text(id="Tanggal ini belum tiba.", en="This day has not come yet."),
        Text(id="Isi tanggal kejadiannya, paling lambat {day}.", en="Enter the day it happened, {day} at the latest."),
    )
    BEFORE_LAST_ACT = (
        "registry.before_last_act",
        Text(
            id="Tanggal ini lebih awal daripada catatan terakhir tentang orang itu, {day}.",
            en="This day lies before the last entry about that person, {day}.",
        ),
        Text(
            id="Isi tanggal {day} atau sesudahnya; bila catatan itu keliru, batalkan dahulu.",
            en="Enter {day} or a later day; where that entry is wrong, undo it first.",
        ),
    )
    BEFORE_BIRTH = (
        "registry.before_birth",
        Text(id="Menurut NIK, {name} belum lahir pada tanggal ini.", en="By the NIK, {name} was not born on this day."),
        Text(id="Periksa tahunnya.", en="Check the year."),
    )
    SAME_HOUSEHOLD = (
        "registry.same_household",
        Text(id="Orang ini sudah tinggal di keluarga itu.", en="This person lives in that household already."),
        Text(id="Pilih keluarga tujuan yang lain.", en="Choose another household."),
    )
    NO_TARGET = (
        "registry.no_target",
        Text(id="Keluarga tujuan belum diisi.", en="The other household is not given."),
        Text(id="Tulis nama, NIK atau No. KK-nya.", en="Write a name, a NIK or a family card number of it."),
    )
    UNKNOWN_TARGET = (
        "registry.unknown_target",
        Text(id="Tidak ada keluarga pada daftar yang cocok.", en="No household on the list fits."),
        Text(
            id="Periksa ejaan atau nomornya, atau daftarkan keluarga itu dahulu.",
            en="Check the spelling or the number, or register that household first.",
        ),
    )
    WHICH_TARGET = (
        "registry.which_target",
        Text(id="Beberapa keluarga cocok.", en="Several households fit."),
        Text(id="Pilih salah satu.", en="Choose one of them."),
    )
    RELATIONSHIP_MISSING = (
        "registry.relationship_missing",
        Text(
            id="Hubungan penerima baru dengan warga binaan belum diisi.",
            en="What the new recipient is to the inmate is not given.",
        ),
        Text(
            id="Pilih hubungannya; hubungan penerima lama tidak berlaku baginya.",
            en="Choose it; that of the recipient before does not hold for this one.",
        ),
    )
    GONE_ALREADY = (
        "registry.gone_already",
        Text(
            id="Orang ini sudah tercatat keluar atau meninggal sejak {day}.",
            en="This person is recorded as gone or dead since {day}.",
        ),
        Text(
            id="Bila catatan itu keliru, batalkan dahulu pada riwayat keluarga.",
            en="Where that entry is wrong, undo it first in the household's history.",
        ),
    )
    THERE_ALREADY = (
        "registry.there_already",
        Text(id="Orang ini sudah menjadi anggota keluarga itu.", en="This person belongs to that household already."),
        Text(id="Muat ulang halaman keluarga.", en="Reload the household's page."),
    )
    OF_ANOTHER_HOUSEHOLD = (
        "registry.of_another_household",
        Text(
            id="Orang ini sudah menjadi anggota keluarga lain.", en="This person belongs to another household by now."
        ),
        Text(id="Cari orang itu pada halaman Keluarga.", en="Search for that person on the Households page."),
    )
    HOUSEHOLD_ARCHIVED = (
        "registry.household_archived",
        Text(id="Keluarga itu sudah diarsipkan.", en="That household is archived."),
        Text(
            id="Kembalikan keluarga itu ke daftar dahulu, atau pilih keluarga lain.",
            en="Put it back on the list first, or choose another one.",
        ),
    )
    NOBODY_OF_THAT_AGE = (
        "registry.nobody_of_that_age",
        Text(
            id="Tidak ada lagi yang dihitung pada kelompok “{band}”.",
            en="Nobody is counted in the group “{band}” any more.",
        ),
        Text(
            id="Pilih kelompok umurnya, atau perbaiki jumlah jiwa pada data keluarga.",
            en="Choose the age group, or correct the number of people of the household.",
        ),
    )
    RECIPIENT_ALREADY = (
        "registry.recipient_already",
        Text(id="Orang ini sudah menjadi penerima.", en="This person is the recipient already."),
        Text(id="Muat ulang halaman keluarga.", en="Reload the household's page."),
    )
    RECIPIENT_STAYS = (
        "registry.recipient_stays",
        Text(
            id="Orang ini penerima keluarga, jadi kedatangannya tidak dapat dibatalkan.",
            en="This person is the household's recipient, so that their coming cannot be undone.",
        ),
        Text(id="Pilih penerima lain dahulu.", en="Choose another recipient first."),
    )
    NOT_TO_BE_UNDONE = (
        "registry.not_to_be_undone",
        Text(id="Catatan ini tidak dapat dibatalkan.", en="This entry cannot be undone."),
        Text(
            id="Catat kejadian yang benar; penerima diganti dengan memilih penerima kembali.",
            en="Record what happened; a recipient is replaced by choosing one again.",
        ),
    )
    NOT_THE_LAST_ACT = (
        "registry.not_the_last_act",
        Text(
            id="Sesudah catatan ini ada catatan lain, tanggal {day}.", en="Another entry followed this one, on {day}."
        ),
        Text(id="Batalkan catatan yang terakhir dahulu.", en="Undo the last entry first."),
    )
    UNDONE_ALREADY = (
        "registry.undone_already",
        Text(id="Catatan ini sudah dibatalkan.", en="This entry is undone already."),
        Text(id="Muat ulang halaman keluarga.", en="Reload the household's page."),
    )
    LINK_HAS_ENDED = (
        "registry.link_has_ended",
        Text(id="Tautan dengan warga binaan ini sudah berakhir {day}.", en="The link to this inmate ended on {day}."),
        Text(id="Tautkan lagi bila memang benar.", en="Link them again where that is right."),
    )
    LAST_LINK = (
        "registry.last_link",
        Text(
            id="Ini satu-satunya warga binaan keluarga ini, jadi tautannya belum dapat diakhiri.",
            en="This is the household's only inmate, so the link cannot end yet.",
        ),
        Text(
            id="Tautkan warga binaan yang benar lebih dahulu, atau ubah kategori keluarganya.",
            en="Link the right inmate first, or change the category of the household.",
        ),
    )
    STATUS_ALREADY = (
        "registry.status_already",
        Text(id="Itu sudah status warga binaan ini.", en="The inmate has this status already."),
        Text(id="Pilih status yang baru.", en="Choose the new status."),
    )
    STATUS_BY_AN_ACT = (
        "registry.status_by_an_act",
        Text(
            id="Status warga binaan tidak diubah pada formulir ini.",
            en="The status of an inmate does not change on this form.",
        ),
        Text(
            id="Catat perubahan statusnya dengan tanggalnya pada halaman keluarga.",
            en="Record the change with its day on the household's page.",
        ),
    )
    BY_AN_ACT = (
        "registry.by_an_act",
        Text(
            id="Penerima dan anggota yang keluar dicatat dengan tanggal dan alasannya.",
            en="Recipients and members who go are recorded with a day and a reason.",
        ),
        REPORT_IT,
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


def _on_day(code: RegistryRefusal) -> Answer:
    return lambda violation: code.refusal(day=date.fromisoformat(violation.detail))


def _nobody(violation: Violation) -> Refusal:
    return RegistryRefusal.NOBODY_OF_THAT_AGE.refusal(band=AGE_BANDS.get(violation.detail, violation.detail))


DATABASE = DatabaseRefusals(
    constraints={
        "household_category_check": RegistryRefusal.BY_AN_ACT,
        "inmate_link_household_id_inmate_id_key": RegistryRefusal.THERE_ALREADY,
        "inmate_link_once": RegistryRefusal.THERE_ALREADY,
        "link_ends_with_a_reason": RegistryRefusal.NO_REASON,
        "member_act_undone_once": RegistryRefusal.UNDONE_ALREADY,
        "status_undone_once": RegistryRefusal.UNDONE_ALREADY,
        "institution_has_name_and_people": RegistryRefusal.INSTITUTION_NAME,
        "institution_name_length": RegistryRefusal.INSTITUTION_NAME,
        "people_served_most": RegistryRefusal.PEOPLE_SERVED,
        "packages_most": RegistryRefusal.PACKAGES,
        "only_institutions_have_packages": RegistryRefusal.PACKAGES_OF_INSTITUTIONS,
        "event_relationships": RegistryRefusal.BY_AN_ACT,
        "gone_is_not_active": RegistryRefusal.BY_AN_ACT,
        "gone_since_a_day": RegistryRefusal.BY_AN_ACT,
        "inmate_status_check": RegistryRefusal.BY_AN_ACT,
        "move_has_its_household": RegistryRefusal.SAME_HOUSEHOLD,
        "recipient_is_asked": RegistryRefusal.BY_AN_ACT,
        "reversal_names_its_event": RegistryRefusal.BY_AN_ACT,
        "gone_does_not_receive": RegistryRefusal.BY_AN_ACT,
        "survey_current": RegistryRefusal.SURVEY_STANDS,
        "household_family_card_once": RegistryRefusal.SAME_FAMILY_CARD,
        "member_nik_once": RegistryRefusal.SAME_NIK,
        "member_one_recipient": RegistryRefusal.RECIPIENT_TWICE,
        "survey_answers": RegistryRefusal.SURVEY_ANSWERS,
    },
    states={
        ("GU030", "day_to_come"): _on_day(RegistryRefusal.DAY_TO_COME),
        ("GU030", "before_last_act"): _on_day(RegistryRefusal.BEFORE_LAST_ACT),
        ("GU030", "gone_already"): _on_day(RegistryRefusal.GONE_ALREADY),
        ("GU030", "not_the_last_act"): _on_day(RegistryRefusal.NOT_THE_LAST_ACT),
        ("GU030", "nobody_of_that_age"): _nobody,
        ("GU030", "there_already"): saying(RegistryRefusal.THERE_ALREADY),
        ("GU030", "of_another_household"): saying(RegistryRefusal.OF_ANOTHER_HOUSEHOLD),
        ("GU030", "household_is_archived"): saying(RegistryRefusal.HOUSEHOLD_ARCHIVED),
        ("GU030", "relationship_missing"): saying(RegistryRefusal.RELATIONSHIP_MISSING),
        ("GU030", "recipient_already"): saying(RegistryRefusal.RECIPIENT_ALREADY),
        ("GU030", "recipient_stays"): saying(RegistryRefusal.RECIPIENT_STAYS),
        ("GU030", "not_to_be_undone"): saying(RegistryRefusal.NOT_TO_BE_UNDONE),
        ("GU030", "link_has_ended"): _on_day(RegistryRefusal.LINK_HAS_ENDED),
        ("GU030", "last_link"): saying(RegistryRefusal.LAST_LINK),
        ("GU030", "status_already"): saying(RegistryRefusal.STATUS_ALREADY),
        ("GU030", "packages_of_institutions"): saying(RegistryRefusal.PACKAGES_OF_INSTITUTIONS),
        ("GU030", "packages_already"): saying(RegistryRefusal.PACKAGES_ALREADY),
        "GU030": saying(RegistryRefusal.BY_AN_ACT),
        ("GU022", "household"): saying(RegistryRefusal.CHANGED),
        ("GU022", "member"): saying(RegistryRefusal.CHANGED),
    },
)
