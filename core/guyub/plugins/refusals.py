"""The refusals of plugins: plugins that do not run, that break, and tables that they may not have."""

from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals
from guyub.sdk.text import Text

_TELL_AUTHOR = Text(
    id="Laporkan kepada pembuat plugin; tidak ada yang diubah. Aturannya ada di docs/plugins/tables.md.",
    en="Tell the plugin's author; nothing was changed. The rules are in docs/plugins/tables.md.",
)
_ASK_THE_OFFICE = Text(
    id="Minta kantor wilayah mengaktifkannya bila memang diperlukan.",
    en="Ask the regional office to activate it if it is needed.",
)

ASK_AUTHOR = Text(
    id="Laporkan kepada pembuat plugin, atau pasang versi sebelumnya.",
    en="Tell the plugin's author, or install the version before.",
)
INSTALL_NEWER = Text(
    id="Pasang versi plugin yang membuat tabel itu, lalu mulai ulang Guyub.",
    en="Install the version of the plugin that made them, then restart Guyub.",
)


class PluginsRefusal(RefusalCode):
    MIGRATION_COMMITS = (
        "db.migration_commits",
        Text(
            id="Migrasi plugin mengakhiri transaksinya sendiri.",
            en="A migration of the plugin ends its transaction itself.",
        ),
        Text(
            id="Laporkan kepada pembuat plugin: migrasi berjalan dalam satu transaksi, tanpa COMMIT.",
            en="Tell the plugin's author: migrations run in one transaction, without COMMIT.",
        ),
    )
    MIGRATION_FAILED = (
        "db.migration_failed",
        Text(
            id="Migrasi plugin “{slug}” gagal: {error}. Tidak ada yang diubah.",
            en="A migration of the plugin “{slug}” failed: {error}. Nothing was changed.",
        ),
        ASK_AUTHOR,
    )
    MIGRATION_OUTSIDE = (
        "db.migration_outside",
        Text(
            id="Migrasi plugin “{slug}” menyentuh sesuatu di luar skemanya: {error}.",
            en="A migration of the plugin “{slug}” touches something outside its schema: {error}.",
        ),
        Text(
            id="Laporkan kepada pembuat plugin: tabelnya hanya di skema “{slug}”, kuncinya hanya ke tabel yang terbuka.",
            en="Tell the plugin's author: tables only in the schema “{slug}”, keys only to what is published.",
        ),
    )
    MIGRATION_UNKNOWN = (
        "db.migration_unknown",
        Text(
            id="Tabel plugin “{slug}” berada pada versi {there}, yang tidak dikenal oleh plugin yang terpasang.",
            en="The tables of the plugin “{slug}” are at version {there}, which the installed plugin does not know.",
        ),
        INSTALL_NEWER,
    )
    PLUGIN_HAS_ROWS = (
        "db.plugin_has_rows",
        Text(
            id="Tabel plugin “{slug}” sudah berisi data ({table}); pemulihan dibatalkan.",
            en="The tables of the plugin “{slug}” hold rows already ({table}); nothing was restored.",
        ),
        Text(
            id="Ekspor dan hapus dahulu isinya: guyub plugin purge {slug} --export FOLDER.",
            en="Export and drop them first: guyub plugin purge {slug} --export FOLDER.",
        ),
    )
    SCHEMA_TAKEN = (
        "db.schema_taken",
        Text(
            id="Skema “{slug}” di basis data bukan milik plugin “{slug}”.",
            en="The schema “{slug}” of the database does not belong to the plugin “{slug}”.",
        ),
        Text(
            id="Ganti nama skema itu, atau minta pembuat plugin memakai slug lain.",
            en="Rename that schema, or ask the plugin's author for another slug.",
        ),
    )
    ACTIVATION_FAILED = (
        "host.activation_failed",
        Text(
            id="{title} menolak: {failure}. Tidak ada yang diubah.",
            en="{title} refused: {failure}. Nothing was changed.",
        ),
        Text(
            id="Cari kode itu pada catatan server, lalu sampaikan kepada pembuat plugin.",
            en="Find that code in the server's log and tell the plugin's author.",
        ),
    )
    REPORT_SPAN = (
        "host.report_span",
        Text(id="Hari terakhir mendahului hari pertama.", en="The last day comes before the first."),
        Text(id="Tukar kedua tanggalnya.", en="Exchange the two dates."),
    )
    UNKNOWN_KEY = (
        "host.unknown_key",
        Text(id="Plugin “{slug}” tidak memiliki “{key}”.", en="Plugin “{slug}” has no “{key}”."),
        Text(id="Periksa versi plugin yang terpasang.", en="Check which version of the plugin is installed."),
    )
    UNKNOWN_REPORT = (
        "host.unknown_report",
        Text(id="Laporan “{key}” tidak ada pada {title}.", en="{title} has no report “{key}”."),
        Text(id="Pilih dari daftar laporannya.", en="Choose from the list of its reports."),
    )

    CRASHED = ("host.plugin_crashed", Text(id="{what}", en="{what}"), Text(id="{remedy}", en="{remedy}"))
    SCHEDULE = (
        "host.schedule_unsupported",
        Text(id="{title}: {problem}", en="{title}: {problem}"),
        Text(
            id="Ubah konfigurasi program yang menentukan jadwalnya, atau sampaikan kepada pembuat plugin.",
            en="Change the programme's configuration that sets its schedule, or tell the plugin's author.",
        ),
    )
    BLOCKED = ("host.blocked", Text(id="{blockers}", en="{blockers}"), Text(id="{remedies}", en="{remedies}"))
    PROGRAM_INACTIVE = (
        "host.program_inactive",
        Text(id="Program “{slug}” tidak berjalan di {place}.", en="Programme “{slug}” does not run at {place}."),
        _ASK_THE_OFFICE,
    )
    SOURCE_INACTIVE = (
        "host.source_inactive",
        Text(
            id="Sumber dana “{slug}” tidak berjalan di {place}.", en="Funding source “{slug}” does not run at {place}."
        ),
        _ASK_THE_OFFICE,
    )
    INACTIVE = (
        "host.inactive",
        Text(id="Plugin “{slug}” tidak berjalan di {place}.", en="The plugin “{slug}” does not run at {place}."),
        _ASK_THE_OFFICE,
    )
    NOT_READY = ("host.plugin_not_ready", Text(id="{reason}", en="{reason}"), Text(id="{remedy}", en="{remedy}"))
    ARCHIVE = (
        "db.plugin_archive",
        Text(id="Folder {folder}: {problem}.", en="The folder {folder}: {problem}."),
        Text(id="Tunjuk folder lain.", en="Name another folder."),
    )
    TABLES = ("db.plugin_tables", Text(id="{what}", en="{what}"), _TELL_AUTHOR)
    PURGED_BUT_ON = (
        "host.purged_but_on",
        Text(id="Plugin yang dihapus bersih tetap tidak aktif.", en="A plugin whose tables were purged stays off."),
        Text(id="Pasang lagi dengan guyub plugin restore.", en="Bring it back with guyub plugin restore."),
    )


DATABASE = DatabaseRefusals(constraints={"purged_is_off": PluginsRefusal.PURGED_BUT_ON})
