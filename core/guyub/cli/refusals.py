"""Holds what commands refuse: files that are no text, plugins without tables."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class CliRefusal(RefusalCode):
    NO_COMMANDS = (
        "cli.no_commands",
        Text(id="Plugin “{slug}” tidak memiliki perintah.", en="Plugin “{slug}” has no commands."),
        Text(id="Lihat plugin lain: guyub plugin list", en="See the other plugins: guyub plugin list"),
    )
    NOT_TEXT = (
        "cli.not_text",
        Text(
            id="Argumen ke-{place} ({argument}) bukan teks UTF-8.",
            en="Argument {place} ({argument}) is no UTF-8 text.",
        ),
        Text(
            id="Tidak ada yang diubah. Tulis ulang argumen itu; setelan bahasa terminal semestinya UTF-8.",
            en="Nothing was changed. Type that argument again; the terminal's locale should be UTF-8.",
        ),
    )
    OS = (
        "cli.os",
        Text(id="{place}: {reason}.", en="{place}: {reason}."),
        Text(id="Periksa izin folder dan sisa disk.", en="Check the folder's permissions and the free disk."),
    )
    PORT_TAKEN = (
        "cli.port_taken",
        Text(
            id="Port {port} di {host} sudah dipakai program lain.",
            en="Port {port} on {host} is used by another program.",
        ),
        Text(
            id="Hentikan program itu, atau pilih port lain: --port {other}.",
            en="Stop that program, or choose another port: --port {other}.",
        ),
    )
    OUT = (
        "demo.out",
        Text(
            id="Folder hasil {path} tidak dapat ditulis ({reason}).",
            en="The folder {path} cannot be written to ({reason}).",
        ),
        Text(id="Pilih folder lain dengan --out.", en="Choose another one with --out."),
    )
    UNKNOWN_FACILITY = (
        "facilities.unknown_facility",
        Text(id="Tidak ada UPT dengan kode “{code}”.", en="There is no facility “{code}”."),
        Text(id="Periksa kodenya pada folder facilities/.", en="Check the code against the folder facilities/."),
    )
    NO_FORM = (
        "cli.no_form",
        Text(id="“{file}” bukan berkas JSON dengan satu objek.", en="“{file}” is no JSON file with one object."),
        Text(
            id='Tulis isian penerimaan, misalnya {{"received_on": "2024-11-08"}}.',
            en='Write the fields of the receipt, such as {{"received_on": "2024-11-08"}}.',
        ),
    )
    NO_REGION = (
        "cli.no_region",
        Text(id="Tidak ada wilayah dengan kode “{code}”.", en="There is no region “{code}”."),
        Text(id="Periksa kodenya, misalnya jawa-tengah.", en="Check the code, for example jawa-tengah."),
    )
    NATION = (
        "cli.nation",
        Text(
            id="Katalog semua wilayah dijaga oleh kantor pusat.",
            en="The catalogue of all regions is the national office's.",
        ),
        Text(id="Pakai --region dengan kode wilayah Anda.", en="Use --region with the code of your region."),
    )
    NO_TABLES = (
        "host.no_tables",
        Text(id="Plugin “{slug}” tidak memiliki tabel.", en="The plugin “{slug}” has no tables."),
        Text(id="Tidak ada yang dipulihkan.", en="There is nothing to restore."),
    )

    NO_SUCH_PLUGIN = (
        "cli.no_such_plugin",
        Text(id="{unknown}", en="{unknown}"),
        Text(id="Lihat guyub plugin list.", en="See guyub plugin list."),
    )
