"""Holds what the author's kit refuses: projects that it cannot check."""

from guyub.db.refusal_codes import RefusalCode
from guyub.sdk.text import Text


class TestingRefusal(RefusalCode):
    BAD_EXEMPTION = (
        "testing.bad_exemption",
        Text(id="{file}: {what}", en="{file}: {what}"),
        Text(
            id='Tulis aturan dan alasannya: [tool.guyub.check] lalu exempt = {{ DOC001 = "alasan" }}.',
            en='Write the rule and its reason: [tool.guyub.check], then exempt = {{ DOC001 = "the reason" }}.',
        ),
    )
    BAD_PROJECT = (
        "testing.bad_project",
        Text(id="{file} tidak dapat dibaca: {error}.", en="{file} cannot be read: {error}."),
        Text(id="Perbaiki penulisan TOML-nya.", en="Fix its TOML."),
    )
    NO_PLUGIN = (
        "testing.no_plugin",
        Text(
            id="Tidak ada folder atau plugin terpasang bernama “{name}”.",
            en="There is no folder and no installed plugin named “{name}”.",
        ),
        Text(
            id="Lihat guyub plugin list, atau sebutkan folder plugin.",
            en="See guyub plugin list, or name a plugin's folder.",
        ),
    )
    NO_PROCESS = (
        "testing.no_process",
        Text(
            id="Proses yang memeriksa {which} tidak dapat dijalankan ({code}).",
            en="The process that checks {which} does not start ({code}).",
        ),
        Text(id="Periksa sisa memori dan disk, lalu ulangi.", en="Check the free memory and disk, and try again."),
    )
    NO_PROJECT = (
        "testing.no_project",
        Text(id="Tidak ada pyproject.toml di {folder}.", en="There is no pyproject.toml in {folder}."),
        Text(
            id="Sebutkan folder plugin, atau slug plugin yang terpasang (guyub plugin list).",
            en="Name the folder of a plugin, or the slug of an installed one (guyub plugin list).",
        ),
    )
