"""``Text``: a sentence in the two languages of every page, form, refusal and document, and how values are written into it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity
from guyub.sdk.words import format_date, format_day, format_moment, period_name

LANGUAGES = ("id", "en")
_PLACEHOLDER = re.compile(r"{(\w+)")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Indonesian and English; Indonesian is what staff see first.

    ``en_one`` is the English sentence for a count of one: ``Text(id="{count} keluarga", en="{count} households",
    en_one="{count} household")``. ``format`` chooses it by its value ``count``, or else by the first number that ``en`` names.
    """

    id: str
    en: str
    en_one: Annotated[str, Field(exclude=True)] = ""

    def __init_subclass__(cls) -> None:
        # Pages render texts long after the call of a plugin has ended: none of them may run its code then.
        raise TypeError("Text cannot be derived from: make one with Text(id=..., en=...)")

    def __post_init__(self) -> None:
        # A page makes hundreds: what is said of a wrong one is put together only where there is one.
        if type(self.id) is not str or type(self.en) is not str or type(self.en_one) is not str:
            raise TypeError(f"a Text is two str, not {self.id!r} and {self.en!r}")

    def in_(self, lang: str) -> str:
        return self.en if lang == "en" else self.id

    def format(self, **values: object) -> "Text":
        """Returns the sentence with its ``{placeholders}`` filled. A ``date``, a ``Decimal``, a ``Text``, ``Period``,
        ``Weekday``, ``Moment``, ``Money`` and ``Amount`` are written in the language of each sentence."""
        en = self.en_one if self.en_one and _counts_one(self.en, values) else self.en
        return Text(
            id=self.id.format(**{name: _in_language(value, "id") for name, value in values.items()}),
            en=en.format(**{name: _in_language(value, "en") for name, value in values.items()}),
        )

    @staticmethod
    def same(value: object) -> "Text":
        """Returns what reads the same in both languages, such as a name or a code; a date and other values that have words
        in each language are written in each."""
        return Text(id=str(_in_language(value, "id")), en=str(_in_language(value, "en")))

    @staticmethod
    def join(separator: "Text | str", parts: Iterable[object]) -> "Text":
        """Returns the parts one after the other with the separator between them: ``Text.join(", ", names)``."""
        texts = [Text.same(part) for part in parts]
        between = Text.same(separator)
        return Text(
            id=between.id.join(text.id for text in texts),
            en=between.en.join(text.en for text in texts),
        )

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Period:
    """A month in words: ``Mei 2024``, ``May 2024``."""

    month: date

    def in_(self, lang: str) -> str:
        return period_name(self.month, lang)


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day with the day of its week: ``Sabtu, 18 Mei 2024``, ``Saturday, 18 May 2024``."""

    day: date

    def in_(self, lang: str) -> str:
        return format_day(self.day, lang)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in the zone of a facility: ``18 Mei 2024 pukul 09.00 WIB``, ``18 May 2024 at 09.00 WIB``."""

    at: datetime
    zone: str

    def in_(self, lang: str) -> str:
        return format_moment(self.at, self.zone, lang)


@dataclass(frozen=True, slots=True)
class Money:
    """Whole rupiah: ``Rp1.500.000`` in both languages."""

    rupiah: int

    def in_(self, lang: str) -> str:
        return format_rupiah(self.rupiah)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its unit: ``2,5 kg``, ``2.5 kg``."""

    quantity: Decimal | int
    unit: Text | str = ""

    def in_(self, lang: str) -> str:
        unit = self.unit.in_(lang) if isinstance(self.unit, Text) else self.unit
        return f"{format_quantity(self.quantity, lang)} {unit}".rstrip()


_LOCALIZED = (Text, Period, Weekday, Moment, Money, Amount)


class _Plain:
    """A date or decimal that a sentence may also write with a format of its own: ``{day:%d-%m-%Y}``, ``{share:.1f}``."""

    __slots__ = ("lang", "value")

    def __init__(self, value: date | Decimal, lang: str) -> None:
        self.value, self.lang = value, lang

    def __str__(self) -> str:
        value = self.value
        return format_date(value, self.lang) if isinstance(value, date) else format_quantity(value, self.lang)

    def __repr__(self) -> str:
        return repr(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec) if spec else str(self)


def _in_language(value: object, lang: str) -> object:
    kind = type(value)
    if kind is str or kind is int:
        return value
    if isinstance(value, _LOCALIZED):
        return value.in_(lang)
    is_moment = isinstance(value, datetime)  # which has no zone of a facility: `Moment` has one
    if isinstance(value, date | Decimal) and not is_moment and (not isinstance(value, Decimal) or value.is_finite()):
        return _Plain(value, lang)
    return value


def _counts_one(sentence: str, values: dict[str, object]) -> bool:
    """Returns whether the number that the sentence counts is one; it may have been written out already."""
    if "count" in values:
        return values["count"] in (1, "1")
    named = (values.get(name) for name in _PLACEHOLDER.findall(sentence))
    number = next((value for value in named if _is_number(value)), None)
    return number in (1, "1")


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
