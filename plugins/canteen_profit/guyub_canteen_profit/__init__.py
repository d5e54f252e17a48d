"""Guyub plugin: the monthly profit of food supplies and canteen as a source of funds."""

from collections.abc import Sequence

from guyub.sdk import Finding, HookContext, Plugin, SpendingBatch, Text, hookimpl
from guyub_canteen_profit.config import CanteenConfig
from guyub_canteen_profit.review import review
from guyub_canteen_profit.source import CanteenSource


class CanteenProfit(Plugin):
    slug = "canteen_profit"
    title = Text(id="Keuntungan kantin dan bama", en="Canteen and food-supply profit")
    summary = Text(
        id="Bagian keuntungan kantin dan bama yang disisihkan tiap bulan, dicatat apa adanya dengan dasar tertulisnya.",
        en="The part of canteen and food-supply profit set aside each month, recorded as declared with its basis.",
    )
    config = CanteenConfig
    funding_sources = (CanteenSource(),)

    @hookimpl
    def guyub_review_spending(self, ctx: HookContext[CanteenConfig], batch: SpendingBatch) -> Sequence[Finding]:
        return review(ctx.config, [planned for planned in batch.spending if planned.plugin == self.slug])


plugin = CanteenProfit()
