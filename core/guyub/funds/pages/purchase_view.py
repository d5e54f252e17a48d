"""The purchases of a cycle, as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.funds import promises, purchase_list, sources
from guyub.funds.promises import ToBuy
from guyub.funds.purchase_list import NeededItem
from guyub.http import Clock
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

LIST = "/funds/purchases/{cycle}"


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A month in view. ``stopped`` says why its programme does not run here now; what it reserved is bought all the same."""

    code: str
    program: str
    title: Text
    period: date
    holder: UUID
    lines: Sequence[ToBuy]
    stopped: Refusal | None

    @property
    def wanted(self) -> list[NeededItem]:
        return purchase_list.needed_items(self.lines)


def shopping_of(work: Work, plugins: PluginRegistry, clock: Clock, code: str) -> PurchaseView:
    """Returns the cycle (its code) and what is still to be bought for it. Raises ``NotFound`` while nothing is
    reserved for it."""
    work.require("funds.read")
    holder = purchase_list.holder_of(work, code)
    stopped = sources.why_stopped(work, plugins, holder.program, clock.today(work))
    return PurchaseView(
        code,
        holder.program,
        _program_title(plugins, holder.program),
        holder.period,
        holder.id,
        promises.to_buy(work, holder.id),
        stopped,
    )


def _program_title(plugins: PluginRegistry, program: str) -> Text:
    try:
        declared = plugins.plugin(program).program_types
    except Refusal:
        return Text.same(program)
    return declared[0].title if declared else plugins.plugin(program).title
