"""Holds what "guyub plugin new" refuses: names and folders that are taken."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class ScaffoldRefusal(RefusalCode):
    FOLDER_EXISTS = (
        "scaffold.folder_exists",
        Text(id="“{folder}” sudah ada.", en="“{folder}” is there already."),
        Text(
            id="Pilih nama lain, atau pindahkan yang lama; tidak ada yang ditimpa.",
            en="Choose another name, or move the old one away; nothing is overwritten.",
        ),
    )
    NAME = (
        "scaffold.name",
        Text(id="Nama “{name}” tidak dapat dipakai.", en="The name “{name}” cannot be used."),
        Text(
            id="Gunakan 2 sampai 40 huruf kecil, angka, dan garis bawah, misalnya uang_sekolah.",
            en="Use 2 to 40 lower-case letters, digits and underscores, for example uang_sekolah.",
        ),
    )
    TAKEN = (
        "scaffold.taken",
        Text(id="Nama “{name}” sudah dipakai: {why}.", en="The name “{name}” is taken: {why}."),
        Text(id="Pilih nama lain.", en="Choose another name."),
    )
