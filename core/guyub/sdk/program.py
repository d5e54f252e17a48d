"""``ProgramType``: who may receive, in what order, and what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

from sqlalchemy import ColumnElement

from guyub.sdk.checks import is_line, is_rupiah, require
from guyub.sdk.config import Config, PackageItem
from guyub.sdk.facility import Facility
from guyub.sdk.queries import Expression
from guyub.sdk.text import Text

C = TypeVar("C", bound=Config)


@dataclass(frozen=True, slots=True)
class ProgramContext(Generic[C]):
    """Holds what a programme type knows when it is asked: nothing else, and no clock of its own."""

    config: C
    facility: Facility
    period: date
    """The first day of the cycle's month, in the facility's zone."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that a household must meet; ``expression`` is a boolean over ``guyub.sdk.queries.household``.

    ``otherwise`` is the reason that staff read when it is not met.
    """

    key: str
    otherwise: Text
    expression: Expression

    def __post_init__(self) -> None:
        _check(self.key, self.otherwise, self.expression)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A part of the score: ``expression`` gives 0 to 1 (or a boolean), ``weight`` its points. NULL counts as 0."""

    key: str
    label: Text
    weight: int
    expression: Expression

    def __post_init__(self) -> None:
        _check(self.key, self.label, self.expression)
        weight: object = self.weight
        require(isinstance(weight, int) and not isinstance(weight, bool), "the weight of a criterion is a whole number")


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """Money for one household, in rupiah."""

    label: Text
    amount: int

    def __post_init__(self) -> None:
        require(isinstance(self.label, Text), f"a line of money is called by a Text, not a {type(self.label).__name__}")
        require(is_rupiah(self.amount), "a line of money is whole rupiah, 0 or more")


PackageLine = PackageItem | MoneyLine


class ProgramType(Generic[C]):
    """Derive from this, set the attributes, implement the methods; instances keep no state.

    Rules, criteria and package lines are data made from the configuration: the core runs them as one statement over
    all households, and shows the same expressions as the reasons of one household's score.

    Where the configuration has a field ``price_tolerance`` (``Percent``, 0 unless it is set), a note for the goods of a month may
    exceed what is reserved for them by so much, out of the free money of the same fund, on the day of the note.
    """

    key: str
    title: Text
    benefit: Literal["goods", "money"] = "goods"

    def schedule(self, config: C) -> str:
        """Returns when its months are due, as an RFC 5545 rule that occurs at most once a month and does not end.

        A month in which it occurs is due; any other is opened with a reason. It counts from 1 January 2000.
        """
        return "FREQ=MONTHLY"

    def quota(self, config: C) -> int:
        """Returns how many households one cycle serves."""
        raise NotImplementedError

    def exclusion_group(self, config: C) -> str:
        """Returns the name of a group whose programmes serve an identity once a month between them, at any facility."""
        return self.key

    def eligibility(self, ctx: ProgramContext[C]) -> Sequence[Rule]:
        """Returns the conditions that a household must meet; those who do not are listed with the reason, never dropped."""
        return ()

    def criteria(self, ctx: ProgramContext[C]) -> Sequence[Criterion]:
        """Returns the parts of the score; the highest sum is first on the list."""
        return ()

    def package(self, ctx: ProgramContext[C]) -> Sequence[PackageLine]:
        """Returns what one household receives.

        Where the configuration has a field ``package`` of ``PackageItem`` and an office locks it, months take those lines and
        no others.
        """
        raise NotImplementedError


def _check(key: str, text: Text, expression: Expression) -> None:
    require(is_line(key, 60), "the key of a rule or criterion is one line of 1 to 60 letters")
    require(isinstance(text, Text), f"{key}: what staff read is a Text, not a {type(text).__name__}")
    require(isinstance(expression, ColumnElement), f"{key}: an expression over household is asked for")
