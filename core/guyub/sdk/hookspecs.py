"""The hooks of API level 1: each is called once per batch, and its failure policy is part of its specification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pluggy

from guyub.sdk.config import Config
from guyub.sdk.text import Text

hookspec = pluggy.HookspecMarker("guyub")


@dataclass(frozen=True, slots=True)
class HookContext:
    """``config`` is the plugin's own, resolved for the facility and the date of the batch."""

    config: Config
    facility: str


@dataclass(frozen=True, slots=True)
class PlannedSpending:
    """What an approval is about to reserve from one fund: ``amount`` in rupiah, money and goods at cost together."""

    fund_code: str
    fund_name: str
    plugin: str
    """Slug of the funding source that opened the fund."""
    sensitive: bool
    evidence: tuple[str, ...]
    """Numbers of the papers behind the fund's receipts; an empty string where one is missing."""
    amount: int


@dataclass(frozen=True, slots=True)
class SpendingBatch:
    program: str
    period: date
    spending: tuple[PlannedSpending, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a review found: ``blocking`` refuses the operation, ``warning`` is shown and kept in the audit trail."""

    level: Literal["warning", "blocking"]
    text: Text
    fund_code: str = ""


class Hooks:
    @hookspec
    def guyub_review_spending(self, ctx: HookContext, batch: SpendingBatch) -> Sequence[Finding]:
        """Reviews what an approval is about to spend, inside its transaction.

        Failure policy: a crash, or an answer of another type, counts as a blocking finding: money fails closed.
        """
        raise NotImplementedError
