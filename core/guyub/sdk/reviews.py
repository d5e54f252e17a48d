"""The batches that the reviewing hooks are given, and the findings that they answer."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args
from uuid import UUID

from guyub.sdk.categories import Category
from guyub.sdk.checks import require
from guyub.sdk.text import Text

Level = Literal["warning", "blocking"]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A household on the list that is about to be approved; ``area`` is a village code."""

    household_id: UUID
    category: Category
    area: str
    members: int


@dataclass(frozen=True, slots=True)
class EnrolmentBatch:
    """All households of one list. ``program`` is the slug of its plugin, ``period`` the first day of its month."""

    program: str
    period: date
    households: tuple[Enrolled, ...]


@dataclass(frozen=True, slots=True)
class PlannedSpending:
    """The amount that an approval is about to reserve from one fund: ``amount`` in rupiah, money and goods at cost
    together."""

    fund_code: str
    fund_name: str
    plugin: str
    """Slug of the funding source that opened the fund."""
    sensitive: bool
    evidence: tuple[str, ...]
    """Numbers of the documents behind the fund's receipts; an empty string where one is missing."""
    amount: int


@dataclass(frozen=True, slots=True)
class SpendingBatch:
    """All funds that one approval draws on. ``program`` is the slug of the programme's plugin."""

    program: str
    period: date
    spending: tuple[PlannedSpending, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Holds what a review found: ``blocking`` refuses the operation, ``warning`` is shown and kept in the audit log.

    ``fund_code`` or ``household_id`` say what it is about; without them it is about the batch. Raises ``TypeError`` for
    a level or text of another kind.
    """

    level: Level
    text: Text
    fund_code: str = ""
    household_id: UUID | None = None
    plugin: str = field(default="", compare=False, repr=False)
    """Slug of the plugin that says it; the core fills it in."""

    def __post_init__(self) -> None:
        require(self.level in get_args(Level), f"a finding is a warning or blocking, not {self.level!r}")
        require(isinstance(self.text, Text), f"a finding says a Text, not {self.text!r}")
