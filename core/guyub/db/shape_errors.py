"""What is said of rows whose form no reader of the books could use: they are written by SQL, never by a form."""

from guyub.sdk.text import Text

_DAMAGED = Text(
    id="Ubah melalui halaman atau perintah Guyub; bila ini terjadi di sana, laporkan kepada pengelola Guyub.",
    en="Make the change on a page or by a command of Guyub; if that is where it happened, report it.",
)
BY_CONSTRAINT: dict[str, tuple[str, Text, Text]] = {
    name: ("db.unreadable", Text(id=id, en=en), _DAMAGED)
    for name, id, en in (
        (
            "cycle_settings",
            "Pengaturan periode ini tidak lengkap: judul, jenis bantuan, aturan dan kriterianya harus ada.",
            "The settings of this cycle are incomplete: they hold its title, benefit, rules and criteria.",
        ),
        (
            "audit_details",
            "Rincian jejak audit berupa isian bernama; rupiah dan keluarga berupa bilangan bulat.",
            "The details of an audit entry are named values; rupiah and households are whole numbers.",
        ),
        ("audit_moment", "Jejak audit memerlukan saat yang pasti.", "An audit entry needs a moment in time."),
        (
            "package_label",
            "Nama baris paket ditulis dalam bahasa Indonesia dan Inggris.",
            "The name of a package's line is in Indonesian and English.",
        ),
        ("score_reasons", "Alasan skor berupa poin per kriteria.", "The reasons of a score are points by criterion."),
        ("survey_answers", "Jawaban survei berupa isian bernama.", "The answers of a survey are named values."),
    )
}
