"""A funding source: the receipts that it understands, and how each one posts to the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from guyub.sdk.categories import CATEGORIES
from guyub.sdk.checks import is_line, is_rupiah, is_said, require
from guyub.sdk.config import Config
from guyub.sdk.facility import Facility
from guyub.sdk.quantities import QuantityAsWritten
from guyub.sdk.text import Text

C = TypeVar("C", bound=Config)

EARLIEST = date(2000, 1, 1)
"""No receipt is older."""
LONGEST_CODE = 120
LONGEST_TEXT = 1000


class Receipt(BaseModel):
    """A receipt as staff fill it in; its fields become the form. Derive and set ``key`` and ``title``.

    ``page``: where it is recorded, when the plugin keeps more of it than the books do: a page of its own for GET, such as
    "/collections/new". The core's pages then lead there and have no form for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ClassVar[str]
    title: ClassVar[Text]
    page: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class GoodsReceived:
    """Goods that came in kind: quantity in ``unit``, ``value`` in rupiah for all of it. Raises ``TypeError`` for others.

    ``code`` is that of the catalogue, which knows their name; ``unit`` is their own, or one that the catalogue declares for them
    (1 sak = 25 kg). Empty, both are as the catalogue has them. The core books their own unit and keeps ``as_written``.

    ``quantity`` arrived; ``damaged`` of it is not accepted, and ``reason`` says why. What is accepted enters the stock and is
    worth ``value``. ``promised`` is all that the agreement of the fund promises of these goods, and ``promised_on`` its day; None
    states nothing. What has not arrived of it is expected, whichever receipts bring it.
    """

    code: str
    name: str
    unit: str
    quantity: Decimal
    value: int
    as_written: QuantityAsWritten | None = None
    promised: Decimal | None = None
    promised_on: date | None = None
    damaged: Decimal = Decimal(0)
    reason: str = ""

    @property
    def accepted(self) -> Decimal:
        """Returns what arrived and was not damaged."""
        return self.quantity - self.damaged

    def __post_init__(self) -> None:
        require(is_said(self.code, LONGEST_CODE), "code of goods is text, not empty")
        for name in ("name", "unit"):
            text: object = getattr(self, name)
            require(text == "" or is_said(text, LONGEST_CODE), f"{name} of goods is text")
        quantity: object = self.quantity
        require(
            isinstance(quantity, Decimal) and quantity.is_finite() and quantity > 0,
            "the quantity of goods is a Decimal above 0",
        )
        require(is_rupiah(self.value), "the value of goods is whole rupiah, 0 or more")
        _require_part(self.damaged, "damaged")
        _require_part(Decimal(0) if self.promised is None else self.promised, "promised")
        promised_on: object = self.promised_on
        require(promised_on is None or type(promised_on) is date, "the day of a promise is a date")
        reason: object = self.reason
        require(isinstance(reason, str) and len(reason) <= LONGEST_TEXT, "the reason of damage is text")


def _require_part(quantity: object, name: str) -> None:
    is_part = isinstance(quantity, Decimal) and quantity.is_finite() and quantity >= 0
    require(is_part, f"{name} of goods is a Decimal, 0 or more")


@dataclass(frozen=True, slots=True)
class FundTerms:
    """The fund that a receipt belongs to, and what it may be used for; an empty restriction means anything.

    ``code`` is unique at the facility: a later receipt with the same code adds to the same fund and keeps its terms.
    ``categories`` are registry categories, ``areas`` village codes, ``programs`` plugin slugs. Raises ``TypeError`` for a
    code that is not one printable line of 1 to 120 letters, an unknown category, and days the wrong way round.
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
    incidental_costs: int = 0
    """Rupiah that may be spent beside goods and money for households (bags, transport); 0 allows none."""

    def __post_init__(self) -> None:
        require(is_line(self.code, LONGEST_CODE), f"a fund's code is one line of 1 to {LONGEST_CODE} letters")
        require(self.code == self.code.strip(), "a fund's code neither begins nor ends with a space")
        require(is_said(self.name, LONGEST_TEXT), "a fund's name is text, not empty")
        for name in ("programs", "categories", "areas"):
            listed: object = getattr(self, name)
            require(
                isinstance(listed, tuple | list) and all(is_line(item, LONGEST_CODE) for item in listed),
                f"{name} of a fund is a tuple of texts",
            )
        unknown = sorted(set(self.categories) - set(CATEGORIES))
        require(not unknown, f"a fund is for categories of the registry, not {', '.join(unknown)}")
        for day in (self.usable_from, self.usable_until):
            require(day is None or type(day) is date, "usable_from and usable_until are dates or None")
        if self.usable_from is not None and self.usable_until is not None:
            require(self.usable_from <= self.usable_until, "a fund is usable_from a day not after usable_until")
        require(isinstance(self.sensitive, bool), "sensitive is true or false")
        require(is_rupiah(self.incidental_costs), "incidental costs of a fund are whole rupiah, 0 or more")


@dataclass(frozen=True, slots=True)
class Posting:
    """Describes how a receipt enters the books: rupiah in cash, goods in kind, or both, on a day, with its evidence.

    ``occasion`` names what there is once, such as the month of a statement ("2024-10"): a second receipt of that kind and
    occasion is pointed out and booked on purpose only, as one with the same number of evidence is.

    Raises ``TypeError`` for what cannot be booked: amounts that are no whole rupiah or below 0, no memo, no evidence,
    nothing received, a day that is none or before 2000.
    """

    fund: FundTerms
    received_on: date
    memo: str
    evidence: str
    money: int = 0
    goods: tuple[GoodsReceived, ...] = ()
    occasion: str = ""

    def __post_init__(self) -> None:
        require(type(self.fund) is FundTerms, "fund of a posting is FundTerms")
        require(type(self.received_on) is date, "received_on of a posting is a date")
        require(self.received_on >= EARLIEST, f"a posting is not of a day before {EARLIEST:%Y}")
        require(is_said(self.memo, LONGEST_TEXT), "memo of a posting is text, not empty")
        require(is_said(self.evidence, LONGEST_TEXT), "evidence of a posting is text, not empty")
        require(
            self.occasion == "" or is_line(self.occasion, LONGEST_CODE), "occasion of a posting is one line or empty"
        )
        require(is_rupiah(self.money), "money of a posting is whole rupiah, 0 or more")
        goods: object = self.goods
        require(
            isinstance(goods, tuple | list) and all(type(line) is GoodsReceived for line in goods),
            "goods of a posting are a tuple of GoodsReceived",
        )
        require(bool(self.money or self.goods), "money and goods of a posting are worth nothing together")


@dataclass(frozen=True, slots=True)
class FundingContext(Generic[C]):
    config: C
    facility: Facility


class FundingSource(Generic[C]):
    """Derive from this, set the attributes, implement ``post``; instances keep no state."""

    key: str
    title: Text
    receipts: Sequence[type[Receipt]]

    def needed(self, ctx: FundingContext[C], receipt: type[Receipt]) -> Sequence[str]:
        """Returns the fields of a kind of receipt that the configuration demands beside those that the model does.

        Their labels do not say "optional", and all that are empty are refused at once.
        """
        return ()

    def post(self, ctx: FundingContext[C], receipt: Receipt) -> Posting:
        """Turns a validated receipt into a posting.

        Raises ``guyub.sdk.errors.Invalid`` when the receipt is not acceptable (evidence missing, a ceiling exceeded).
        """
        raise NotImplementedError
