"""The refusals of documents: documents that are not there or could not be made."""

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals, saying
from guyub.sdk.text import Text

_LATER = Text(
    id="Coba lagi sebentar lagi; bila tetap begitu, beri tahu administrator.",
    en="Try again in a moment; if it stays so, tell an administrator.",
)


class DocumentsRefusal(RefusalCode):
    UNKNOWN = (
        "documents.unknown",
        Text(id="Dokumen ini tidak ada dalam jangkauan Anda.", en="There is no such document within your reach."),
        Text(id="Pilih dokumen dari halaman periode.", en="Choose one on the cycle's page."),
    )

    NUMBER_TAKEN = (
        "documents.number_taken",
        Text(
            id="Nomor ini sudah dipakai surat lain sejenis di UPT ini pada tahun yang sama.",
            en="This number stands on another letter of this kind and year of the facility.",
        ),
        Text(
            id="Periksa buku agenda, lalu isi nomor yang benar.",
            en="Look into the register and enter the right number.",
        ),
    )
    NO_LETTER = (
        "documents.no_letter",
        Text(id="Dokumen ini tidak memakai nomor surat.", en="This document bears no letter number."),
        Text(id="Nomor surat dicatat pada: {letters}.", en="Letter numbers are recorded on: {letters}."),
    )
    UNKNOWN_KIND = (
        "documents.unknown_kind",
        Text(id="Tidak ada jenis dokumen “{kind}”.", en="There is no kind of document “{kind}”."),
        Text(id="Yang ada: {nearest}.", en="There is: {nearest}."),
    )
    NONE_KEPT = (
        "documents.none_kept",
        Text(
            id="Bulan ini belum mempunyai dokumen yang dapat Anda lihat.",
            en="This month has no documents that you may see.",
        ),
        Text(id="Buat dokumennya lebih dahulu.", en="Make its documents first."),
    )
    STOPPED = (
        "documents.stopped",
        Text(
            id="Dokumen “{title}” tidak dapat dibuat: penyusunnya berhenti. Tidak ada yang disimpan.",
            en="The document “{title}” could not be made: its typesetter stopped. Nothing was kept.",
        ),
        _LATER,
    )
    TOO_SLOW = (
        "documents.too_slow",
        Text(
            id="Dokumen “{title}” tidak dapat dibuat: penyusunannya terlalu lama. Tidak ada yang disimpan.",
            en="The document “{title}” could not be made: it took too long. Nothing was kept.",
        ),
        _LATER,
    )

    BUSY = (
        "documents.busy",
        Text(
            id="Dokumen “{title}” tidak dapat dibuat: penyusun dokumen sedang penuh. Tidak ada yang disimpan.",
            en="The document “{title}” could not be made: all typesetters are taken. Nothing was kept.",
        ),
        _LATER,
    )


DATABASE = DatabaseRefusals(states={"GU060": saying(DocumentsRefusal.NUMBER_TAKEN)})
