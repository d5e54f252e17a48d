"""A funding source: the receipts that it understands, and how each one posts to the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from guyub.sdk.config import Config
from guyub.sdk.facility import Facility
from guyub.sdk.text import Text

C = TypeVar("C", bound=Config)


class Receipt(BaseModel):
    """Something received, as staff fill it in; its fields become the form. Derive and set ``key`` and ``title``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ClassVar[str]
    title: ClassVar[Text]


@dataclass(frozen=True, slots=True)
class GoodsReceived:
    """Goods that came in kind: quantity in ``unit``, ``value`` in rupiah for all of it."""

    code: str
    name: str
    unit: str
    quantity: Decimal
    value: int


@dataclass(frozen=True, slots=True)
class FundTerms:
    """The fund that a receipt belongs to, and what it may be used for; an empty restriction means anything.

    ``code`` is unique at the facility: a later receipt with the same code adds to the same fund and keeps its terms.
    ``categories`` are registry categories, ``areas`` village codes, ``programs`` plugin slugs.
    """

    code: str
    name: str
    programs: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    usable_from: date | None = None
    usable_until: date | None = None
    sensitive: bool = False
    """Recorded as declared and shown to the regional office for review."""


@dataclass(frozen=True, slots=True)
class Posting:
    """How a receipt enters the books: rupiah in cash, goods in kind, or both, on a day, with its evidence."""

    fund: FundTerms
    received_on: date
    memo: str
    evidence: str
    money: int = 0
    goods: tuple[GoodsReceived, ...] = ()


@dataclass(frozen=True, slots=True)
class FundingContext(Generic[C]):
    config: C
    facility: Facility


class FundingSource(Generic[C]):
    """Derive from this, set the attributes, implement ``post``; instances keep no state."""

    key: str
    title: Text
    receipts: Sequence[type[Receipt]]

    def post(self, ctx: FundingContext[C], receipt: Receipt) -> Posting:
        """Turns a validated receipt into a posting.

        Raises ``guyub.sdk.errors.Invalid`` when the receipt is not acceptable (evidence missing, a ceiling exceeded).
        """
        raise NotImplementedError
