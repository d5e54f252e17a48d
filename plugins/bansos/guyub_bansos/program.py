"""The programme type: one package of staple food per household and month."""

from collections.abc import Sequence

from guyub.sdk import Criterion, PackageItem, ProgramContext, ProgramType, Rule, Text
from guyub_bansos import criteria, eligibility
from guyub_bansos.config import MONTHS, BansosConfig


class StapleFood(ProgramType[BansosConfig]):
    key = "sembako"
    title = Text(id="Bantuan sosial sembako", en="Staple-food aid")

    def schedule(self, config: BansosConfig) -> str:
        numbers = sorted({int(month) for month in config.months})
        if len(numbers) == len(MONTHS):
            return "FREQ=MONTHLY"
        return f"FREQ=MONTHLY;BYMONTH={','.join(map(str, numbers))}"

    def quota(self, config: BansosConfig) -> int:
        return config.quota

    def eligibility(self, ctx: ProgramContext[BansosConfig]) -> Sequence[Rule]:
        return eligibility.rules(ctx.config, ctx.period)

    def criteria(self, ctx: ProgramContext[BansosConfig]) -> Sequence[Criterion]:
        return criteria.criteria(ctx.config, ctx.period)

    def package(self, ctx: ProgramContext[BansosConfig]) -> Sequence[PackageItem]:
        return ctx.config.package
