"""Holds what reading and writing the files of facilities refuses."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class ProvisioningRefusal(RefusalCode):
    FILES_REFUSED = (
        "provisioning.mistakes",
        Text(
            id="{count} kesalahan dalam berkas UPT; tidak ada yang diterapkan. Pertama: {first}",
            en="{count} findings in the facility files; nothing was applied. First: {first}",
            en_one="One finding in the facility files; nothing was applied: {first}",
        ),
        Text(
            id="Perbaiki baris tersebut; guyub facilities plan FOLDER menampilkan semuanya.",
            en="Fix that line; guyub facilities plan FOLDER lists them all.",
        ),
    )
    NO_DATA = (
        "provisioning.no_data",
        Text(id="Berkas UPT bawaan tidak ada dalam pemasangan ini.", en="This installation lacks the facility files."),
        Text(
            id="Pasang ulang guyub (pip install --force-reinstall guyub).",
            en="Install guyub again (pip install --force-reinstall guyub).",
        ),
    )
    NO_FOLDER = (
        "provisioning.no_folder",
        Text(id="Folder “{folder}” tidak ada.", en="There is no folder “{folder}”."),
        Text(
            id="Sebutkan folder yang berisi national.toml dan satu folder tiap wilayah.",
            en="Name the folder that holds national.toml and one folder for each region.",
        ),
    )
    NO_REGION = (
        "provisioning.no_region",
        Text(
            id="Di dalam {folder} tidak ada berkas wilayah “{region}”.",
            en="No file of a region “{region}” lies in {folder}.",
        ),
        Text(id="Sebutkan nama salah satu foldernya: {known}.", en="Name one of its folders: {known}."),
    )
    NOT_TOML = (
        "provisioning.not_toml",
        Text(
            id="{path}:{line}: {sentence} Tidak ada yang ditulis.", en="{path}:{line}: {sentence} Nothing was written."
        ),
        Text(id="Perbaiki atau pindahkan berkas itu.", en="Fix that file or move it away."),
    )
