"""The refusals of the database itself: its server, files, keys and schema; and rows of a form that nobody may write."""

from guyub.db import limits
from guyub.db.refusal_codes import RefusalCode
from guyub.db.refusal_register import DatabaseRefusals, saying
from guyub.sdk.text import Text

REPORT_IT = Text(
    id="Ubah melalui halaman atau perintah Guyub; bila ini terjadi di sana, laporkan kepada pengelola Guyub.",
    en="Make the change on a page or by a command of Guyub; if that is where it happened, report it.",
)
"""For rows whose form no reader could use: they are written by SQL, never by a form."""

_OTHER_OWNER = Text(
    id="Skema di basis data {database} milik peran {owner}, bukan {wanted}: cadangan dipulihkan dengan nama basis data "
    "atau pemilik lain.",
    en="The schema in the database {database} belongs to the role {owner}, not to {wanted}: a backup was restored under "
    "another name or owner.",
)


class DbRefusal(RefusalCode):
    BEHIND = (
        "db.behind",
        Text(
            id="Skema basis data belum sesuai dengan versi Guyub ini.",
            en="The database's schema is not that of this version of Guyub.",
        ),
        Text(id="Jalankan: guyub db upgrade", en="Run: guyub db upgrade"),
    )
    CLUSTER = (
        "db.cluster",
        Text(
            id="Basis data baru di {path} tidak dapat dibuat: {reason}",
            en="No new database could be made in {path}: {reason}",
        ),
        Text(id="Periksa sisa disk dan izin folder itu.", en="Check the free disk and the folder's permissions."),
    )
    DAMAGED = (
        "db.damaged",
        Text(id="Folder {path} bukan basis data yang lengkap.", en="The folder {path} is no complete database."),
        Text(
            id="Pindahkan folder itu lalu jalankan lagi untuk memulai kosong, atau pulihkan dari cadangan.",
            en="Move it away and start again to begin empty, or restore a backup.",
        ),
    )
    DIFFERS = (
        "db.differs",
        Text(
            id="Skema basis data {database} berbeda dari yang dibuat versi Guyub ini: {named}.",
            en="The schema of the database {database} differs from what this version of Guyub makes: {named}.",
        ),
        Text(
            id="Tidak ada yang diubah. Pulihkan cadangan yang cocok, jalankan versi Guyub yang membuat basis data itu, atau "
            "mulai dengan folder data (GUYUB_HOME) atau basis data baru. Rinciannya: guyub db status.",
            en="Nothing was changed. Restore a backup that fits, run the version of Guyub that made the database, or begin "
            "with a new data folder (GUYUB_HOME) or database. Details: guyub db status.",
        ),
    )
    HOME_NOT_WRITABLE = (
        "db.home_not_writable",
        Text(
            id="Folder data {path} tidak dapat ditulis ({reason}).",
            en="The data folder {path} cannot be written to ({reason}).",
        ),
        Text(
            id="Perbaiki izin folder itu, atau tentukan folder lain dengan GUYUB_HOME=/jalur/folder.",
            en="Fix its permissions, or name another folder with GUYUB_HOME=/path/to/folder.",
        ),
    )
    NAME = (
        "db.name",
        Text(
            id="Nama basis data “{name}” pada GUYUB_DATABASE_URL tidak dapat dipakai.",
            en="The database name “{name}” in GUYUB_DATABASE_URL cannot be used.",
        ),
        Text(
            id="Pakai huruf kecil a-z, angka dan garis bawah, diawali huruf tetapi bukan pg_, paling panjang {most} huruf.",
            en="Use small letters a-z, digits and underscores, beginning with a letter but not pg_, {most} at most.",
        ),
    )
    NEWER = (
        "db.newer",
        Text(
            id="Basis data {database} dibuat oleh versi Guyub yang lebih baru: versi skema {revision} tidak dikenal di sini.",
            en="The database {database} was made by a newer version of Guyub: schema version {revision} is not known here.",
        ),
        Text(
            id="Tidak ada yang diubah. Pasang versi Guyub yang lebih baru itu, atau pulihkan cadangan dari versi ini.",
            en="Nothing was changed. Install that newer version of Guyub, or restore a backup of this version.",
        ),
    )
    NO_SERVER_ACCOUNT = (
        "db.no_server_account",
        Text(
            id="PostgreSQL tidak dapat berjalan sebagai root, dan akun “{name}” tidak ada.",
            en="PostgreSQL cannot run as root, and there is no account “{name}”.",
        ),
        Text(id="Jalankan Guyub sebagai pengguna biasa.", en="Run Guyub as an ordinary user."),
    )
    OTHER_OWNER = (
        "db.other_owner",
        Text(
            id="Folder {path} milik pengguna lain (uid {owner}).",
            en="The folder {path} belongs to another user (uid {owner}).",
        ),
        Text(
            id="Jalankan Guyub sebagai pengguna yang membuatnya, atau tentukan GUYUB_HOME lain.",
            en="Run Guyub as the user who made it, or name another GUYUB_HOME.",
        ),
    )
    OTHER_VERSION = (
        "db.other_version",
        Text(
            id="Folder {path} dibuat oleh PostgreSQL {version}; versi ini memerlukan {major}.",
            en="The folder {path} was made by PostgreSQL {version}; this version needs {major}.",
        ),
        Text(
            id="Pulihkan dari cadangan ke folder baru (GUYUB_HOME lain).",
            en="Restore a backup into a new folder (another GUYUB_HOME).",
        ),
    )
    PRIVILEGE = (
        "db.privilege",
        Text(
            id="Pengguna pada GUYUB_DATABASE_URL tidak boleh membuat peran atau skema.",
            en="The user of GUYUB_DATABASE_URL may not create roles or schemas.",
        ),
        Text(id="Beri hak CREATEROLE dan CREATEDB, lalu jalankan lagi.", en="Give it CREATEROLE and CREATEDB."),
    )
    ROLE_RIGHTS = (
        "db.role_rights",
        Text(
            id="Peran basis data Guyub boleh lebih dari yang semestinya: {named}.",
            en="A database role of Guyub may do more than it should: {named}.",
        ),
        Text(
            id="Tidak ada yang diubah. Cabut hak itu sebagai administrator server (ALTER ROLE … NOSUPERUSER NOBYPASSRLS …, "
            "REVOKE … FROM …), lalu jalankan lagi.",
            en="Nothing was changed. Take that right away as the server's administrator (ALTER ROLE … NOSUPERUSER "
            "NOBYPASSRLS …, REVOKE … FROM …), then run it again.",
        ),
    )
    ROLES = (
        "db.roles",
        Text(
            id="Peran basis data {database} tidak dapat masuk dengan sandi dari berkas kunci: {reason}.",
            en="The roles of the database {database} cannot sign in with the key file's passwords: {reason}.",
        ),
        Text(id="Jalankan: guyub db upgrade", en="Run: guyub db upgrade"),
    )
    SERVER_VERSION = (
        "db.server_version",
        Text(id="Server PostgreSQL versi {version} terlalu lama.", en="The PostgreSQL server {version} is too old."),
        Text(
            id="Gunakan PostgreSQL 18 atau lebih baru, atau kosongkan GUYUB_DATABASE_URL untuk memakai yang tertanam.",
            en="Use PostgreSQL 18 or newer, or leave GUYUB_DATABASE_URL empty for the embedded one.",
        ),
    )
    UNAVAILABLE = (
        "db.unavailable",
        Text(id="Basis data tidak menjawab.", en="The database does not answer."),
        Text(
            id="Tunggu sebentar lalu coba lagi: basis data tertanam dijalankan lagi dengan sendirinya. Bila berulang, sampaikan "
            "kepada administrator. Tidak ada data yang hilang.",
            en="Wait a moment and try again: the embedded database is started again by itself. If it goes on, tell your "
            "administrator. Nothing is lost.",
        ),
    )
    UNREACHABLE = (
        "db.unreachable",
        Text(
            id="Basis data di {host} tidak dapat dihubungi: {reason}",
            en="The database at {host} cannot be reached: {reason}",
        ),
        Text(
            id="Periksa alamat, nama pengguna dan sandi pada GUYUB_DATABASE_URL.",
            en="Check address, user and password in GUYUB_DATABASE_URL.",
        ),
    )
    URL = (
        "db.url",
        Text(
            id="GUYUB_DATABASE_URL tidak dapat dipakai.",
            en="GUYUB_DATABASE_URL cannot be used.",
        ),
        Text(
            id="Tulis seperti postgresql://pengguna:sandi@alamat:5432/guyub, dengan pengguna yang boleh membuat peran.",
            en="Write it like postgresql://user:password@host:5432/guyub, with a user who may create roles.",
        ),
    )
    WRONG_KEY = (
        "db.wrong_key",
        Text(
            id="Berkas kunci tidak cocok dengan basis data ini, atau data tersandi telah diubah.",
            en="The key file does not belong to this database, or an encrypted value was changed.",
        ),
        Text(
            id="Kembalikan keys.json dari cadangan yang seumur dengan basis data ini; jangan membuat kunci baru.",
            en="Restore the keys.json that belongs to this database from your backup; do not make a new one.",
        ),
    )
    APPEND_ONLY = (
        "books.append_only",
        Text(id="Catatan ini tidak dapat diubah atau dihapus.", en="This record cannot be changed or deleted."),
        Text(id="Buat koreksi sebagai catatan baru.", en="Correct it by a new entry."),
    )
    BUSY = (
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
    TOO_LONG = (
        "db.too_long",
        Text(
            id="Permintaan ini terlalu lama dikerjakan dan dihentikan.",
            en="This request took too long and was stopped.",
        ),
        Text(
            id="Tidak ada yang disimpan. Coba lagi sebentar lagi; persempit pencarian atau jangka waktunya bila berulang.",
            en="Nothing was saved. Try again in a moment; narrow the search or the span of time if it goes on.",
        ),
    )
    NO_CONNECTION = (
        "db.no_connection",
        Text(id="Terlalu banyak permintaan sedang dilayani.", en="Too many requests are being answered at the moment."),
        Text(
            id="Tidak ada yang disimpan. Tunggu sebentar, lalu coba lagi.",
            en="Nothing was saved. Wait a moment, then try again.",
        ),
    )
    KEY_FILE = (
        "db.key_file",
        Text(id="Berkas kunci {path} {problem}.", en="The key file {path}: {problem}."),
        Text(
            id="Tanpa berkas itu data tersandi tidak dapat dibaca: kembalikan dari cadangan kunci Anda.",
            en="Without it the encrypted data cannot be read: restore it from your backup of keys.",
        ),
    )
    REASON_TOO_LONG = (
        "db.reason_too_long",
        Text(id="Alasannya terlalu panjang.", en="The reason is too long."),
        limits.SHORTER.format(most=limits.REASON),
    )
    TEXT_TOO_LONG = (
        "db.text_too_long",
        Text(id="Salah satu isian terlalu panjang.", en="One of the texts is too long."),
        Text(
            id="Persingkat tempat, nama, nomor atau keterangannya, lalu kirim lagi.",
            en="Shorten the place, name, number or note, and send it again.",
        ),
    )
    IMPLAUSIBLE_DAY = ("db.implausible_day", *limits.OUTSIDE)
    IMPLAUSIBLE_MONTH = ("db.implausible_month", *limits.OUTSIDE_MONTH)
    OTHER_ROLES = (
        "db.other_roles",
        _OTHER_OWNER,
        Text(
            id="Tidak ada yang diubah. Beri basis data itu namanya semula, {name}, dan sesuaikan GUYUB_DATABASE_URL; di "
            "server yang sudah memiliki {name}, pulihkan ke server lain.",
            en="Nothing was changed. Give the database its former name, {name}, and name it in GUYUB_DATABASE_URL; on a "
            "server that has a {name} already, restore to another server.",
        ),
    )
    MISSING_ROLE = (
        "db.missing_role",
        _OTHER_OWNER,
        Text(
            id="Tidak ada yang diubah. Buat peran {wanted} lebih dahulu (pg_dumpall --roles-only dari server lama), lalu "
            "pulihkan lagi tanpa --no-owner dan --no-privileges.",
            en="Nothing was changed. Make the role {wanted} first (pg_dumpall --roles-only of the old server), then restore "
            "again without --no-owner and --no-privileges.",
        ),
    )

    UPGRADE_RUNNING = (
        "db.upgrade_running",
        Text(
            id="Proses lain masih menyiapkan skema basis data ini.",
            en="Another process is still making this database's schema.",
        ),
        Text(
            id="Tidak ada yang diubah di sini. Tunggu sampai proses itu selesai, lalu jalankan lagi.",
            en="Nothing was changed here. Wait until that process has ended, then run it again.",
        ),
    )
    BLANK = (
        "db.blank",
        Text(id="Alasan atau catatannya tidak terbaca.", en="Nobody can read the reason or note."),
        Text(
            id="Tulis dengan huruf, atau kosongkan bila boleh.",
            en="Write it in letters, or leave it empty where it may be.",
        ),
    )

    REPEATABLE_FAILED = (
        "db.repeatable_failed",
        Text(
            id="Berkas skema {name} gagal dijalankan: {error}. Tidak ada yang diubah.",
            en="The schema file {name} failed: {error}. Nothing was changed.",
        ),
        Text(
            id="Pasang ulang versi Guyub ini, atau jalankan versi sebelumnya; laporkan kepada pengembang bila tetap gagal.",
            en="Install this version of Guyub again, or run the version before; tell its developers if it fails again.",
        ),
    )
    UPGRADE_DIFFERS = (
        "db.upgrade_differs",
        Text(
            id="Setelah pembaruan, skema bukan yang dibuat versi ini: {named} ({count} perbedaan).",
            en="After the upgrade the schema is not what this version makes: {named} ({count} differences).",
        ),
        Text(
            id="Tidak ada yang diubah. Pulihkan cadangan yang cocok, atau jalankan versi yang membuat basis data itu.",
            en="Nothing was changed. Restore a backup that fits, or run the version that made the database.",
        ),
    )
    UPGRADE_FAILED = (
        "db.upgrade_failed",
        Text(id="Pembaruan skema gagal: {reason}.", en="The upgrade of the schema failed: {reason}."),
        Text(
            id="Tidak ada yang diubah; versi sebelumnya masih dapat dijalankan. Pasang ulang versi ini dan ulangi; bila tetap "
            "gagal, laporkan kepada pengembang.",
            en="Nothing was changed; the version before still runs. Install this version again and repeat; if it fails again, "
            "tell its developers.",
        ),
    )
    UPGRADED_BY_NEWER = (
        "db.upgraded_by_newer",
        Text(
            id="Basis data {database} sudah diperbarui oleh Guyub {newer}, yang lebih baru daripada yang terpasang di sini "
            "({own}).",
            en="The database {database} was upgraded by Guyub {newer}, which is newer than the one installed here ({own}).",
        ),
        Text(
            id="Tidak ada yang diubah. Pasang versi Guyub yang lebih baru itu, atau pulihkan cadangan dari versi ini.",
            en="Nothing was changed. Install that newer version of Guyub, or restore a backup of this version.",
        ),
    )


DATABASE = DatabaseRefusals(
    constraints={
        "reason_length": DbRefusal.REASON_TOO_LONG,
        "reason_says_something": DbRefusal.BLANK,
        "text_length": DbRefusal.TEXT_TOO_LONG,
        "plausible_days": DbRefusal.IMPLAUSIBLE_DAY,
        "plausible_day": DbRefusal.IMPLAUSIBLE_DAY,
        "plausible_month": DbRefusal.IMPLAUSIBLE_MONTH,
    },
    states={"GU002": saying(DbRefusal.APPEND_ONLY)},
)
