"""A plugin with something to say on the home page of a facility; one that fails to say it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from guyub.sdk.contexts import HookContext, RegionContext
from guyub.sdk.panels import AttentionAt, AttentionItem, Card, Line
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


class Offices(Plugin):
    """Asks once for all facilities of a region, with one query."""

    slug = "offices"
    title = Text(id="Kantor", en="Offices")
    summary = Text(id="Untuk kantor wilayah (contoh).", en="For regional offices (an example).")

    @hookimpl
    def guyub_region_attention(self, ctx: RegionContext) -> Sequence[AttentionAt]:
        codes = ctx.session.execute(
            text("SELECT id FROM guyub.facility WHERE id = ANY (:ids) ORDER BY code LIMIT 2"),
            {"ids": [facility.id for facility in ctx.facilities]},
        )
        said = AttentionItem(Text(id="Kunjungan terlewat", en="A visit was missed"), "/missed", tone="danger")
        return [AttentionAt(value, said) for value in codes.scalars()]


offices = Offices()
