"""Guyub plugin: monthly packages of staple food for poor households and neighbours."""

from guyub.sdk import Plugin, Text
from guyub_bansos.config import BansosConfig
from guyub_bansos.program import StapleFood


class Bansos(Plugin):
    slug = "bansos"
    title = Text(id="Bansos sembako", en="Staple-food aid")
    summary = Text(
        id="Paket sembako bulanan untuk keluarga warga binaan yang kurang mampu dan masyarakat sekitar.",
        en="A monthly package of staple food for poor households of inmates and for neighbours.",
    )
    config = BansosConfig
    program_types = (StapleFood(),)


plugin = Bansos()
