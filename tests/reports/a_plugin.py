"""A plugin with something to say on the home page of a facility; one that fails to say it."""

from collections.abc import Sequence
from typing import Any

from guyub.sdk.contexts import HookContext
from guyub.sdk.panels import AttentionItem, Card, Line
from guyub.sdk.plugin import Plugin, hookimpl
from guyub.sdk.text import Text


class Visits(Plugin):
    slug = "visits"
    title = Text(id="Kunjungan", en="Visits")
    summary = Text(id="Kunjungan rumah (contoh).", en="Home visits (an example).")

    @hookimpl
    def guyub_dashboard_cards(self, ctx: HookContext[Any]) -> Sequence[Card]:
        lines = (Line(Text(id="Minggu ini", en="This week"), "2"),)
        return (Card(Text(id="Kunjungan terjadwal", en="Planned visits"), "7", lines, "/calendar"),)

    @hookimpl
    def guyub_attention_items(self, ctx: HookContext[Any]) -> Sequence[AttentionItem]:
        return (AttentionItem(Text(id="2 kunjungan terlewat", en="2 visits were missed"), "/missed"),)


class Broken(Plugin):
    slug = "broken"
    title = Text(id="Rusak", en="Broken")
    summary = Text(id="Selalu gagal (contoh).", en="It always fails (an example).")

    @hookimpl
    def guyub_dashboard_cards(self, ctx: HookContext[Any]) -> Sequence[Card]:
        raise ZeroDivisionError


visits = Visits()
broken = Broken()
