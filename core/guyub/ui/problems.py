"""The faults of a form: collected, and as sentences for staff, from refusals and from what pydantic found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain
from typing import Any

from pydantic import BaseModel, ValidationError

from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.constraint_text import example
from guyub.ui.refusals import UiRefusal


class CollectedRefusals:
    """Collects what is wrong with a form, so that nobody meets one after the other::

    with refusals.collected():
        day = parse(...)
    refusals.demand_none()
    """

    def __init__(self) -> None:
        self.refusals: list[Invalid] = []

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Keeps an ``Invalid`` of its block, which then has not come to its end."""
        try:
            yield
        except Invalid as refusal:
            self.refusals.extend(refusal.all())

    def add(self, *refusals: Invalid) -> None:
        self.refusals.extend(refusals)

    def __bool__(self) -> bool:
        """Returns whether anything is wrong."""
        return bool(self.refusals)

    def demand_none(self) -> None:
        """Raises all of them at once, if there are any."""
        demand_none(self.refusals)


def demand_none(refusals: Sequence[Invalid]) -> None:
    """Raises all of the refusals at once, if there are any."""
    if refusals:
        first, *others = refusals
        raise Invalid(first.code, first.what, first.remedy, first.field, others=others)


def by_field(refusals: Iterable[Invalid]) -> dict[str, Text]:
    """Returns what a form's page shows; the first refusal of a field counts."""
    by_name: dict[str, Text] = {}
    for refusal in chain.from_iterable(each.all() for each in refusals):
        by_name.setdefault(refusal.field, _sentence(refusal))
    return by_name


def in_one(refusal: Invalid) -> Text:
    """Returns what is wrong with all the fields that a refusal names, for a page that does not have those fields."""
    sentences = [_sentence(each) for each in refusal.all()]
    return Text.join(" ", sentences)


def _sentence(refusal: Invalid) -> Text:
    return Text(id="{what} {remedy}", en="{what} {remedy}").format(what=refusal.what, remedy=refusal.remedy)


def problems_of(error: ValidationError, model: type[BaseModel] | None = None) -> list[Invalid]:
    """Returns every fault that pydantic found, each naming its field as a form does ("lines.0.code").

    A validator that knows better sentences puts them into the error's context: ``what``, ``remedy`` and, where it is another,
    ``field``. With its ``model`` the advice for a word of the wrong form is what the field itself says of its form.
    """
    refusals = []
    for item in error.errors(include_url=False, include_input=False):
        context = item.get("ctx", {})
        field = str(context.get("field") or ".".join(str(part) for part in item["loc"]))
        if "what" in context:
            refusals.append(Invalid(item["type"], context["what"], context["remedy"], field))
        else:
            what, remedy = _in_words(item["type"], context)
            if "nearest" in context:
                remedy = Text.join(" ", (context["nearest"], remedy))
            if model is not None and item["type"] == "string_pattern_mismatch":
                remedy = _as_a_sentence(example(model, item["loc"]))
            refusals.append(Invalid(f"form.{item['type']}", what, remedy, field))
    return refusals


def _as_a_sentence(text: Text) -> Text:
    return Text(
        id=f"{text.id[:1].upper()}{text.id[1:].rstrip('.')}.", en=f"{text.en[:1].upper()}{text.en[1:].rstrip('.')}."
    )


def _in_words(kind: str, context: Mapping[str, Any]) -> tuple[Text, Text]:
    if kind in _SAID:
        return _SAID[kind]
    if kind in _LIMITS:
        name, what, remedy = _LIMITS[kind]
        return what, remedy.format(limit=_limit(context[name]))
    return _CHECK_AGAIN


def _limit(limit: object) -> Text:
    """Returns a limit as text; small whole numbers bare, as a year has no thousands."""
    if isinstance(limit, Decimal) or (isinstance(limit, int) and abs(limit) >= 10_000):
        return Text.same(limit)
    return Text.same(str(limit))


EMPTY = (UiRefusal.MISSING.what, UiRefusal.MISSING.remedy)
NO_DATE = (UiRefusal.DATE.what, UiRefusal.DATE.remedy)
NO_MONTH = (UiRefusal.MONTH.what, UiRefusal.MONTH.remedy)


NO_RUPIAH = (UiRefusal.RUPIAH.what, UiRefusal.RUPIAH.remedy)
NO_NUMBER = (
    Text(id="Isian ini bukan bilangan bulat.", en="This is no whole number."),
    Text(id="Tulis angkanya saja, tanpa satuan.", en="Write the digits only, without a unit."),
)
NO_QUANTITY = (UiRefusal.QUANTITY.what, UiRefusal.QUANTITY.remedy)
_NO_CHOICE = (
    Text(id="Pilihan ini tidak dikenal.", en="This choice is unknown."),
    Text(id="Pilih salah satu yang tersedia.", en="Choose one of those offered."),
)
_PATTERN = (
    Text(id="Bentuk isian ini tidak sesuai.", en="This does not have the right form."),
    Text(
        id="Periksa penulisannya: huruf, angka, dan spasinya.", en="Check how it is written: letters, digits, spaces."
    ),
)
_CHECK_AGAIN = (
    Text(id="Isian ini tidak dapat dipakai.", en="This cannot be used."),
    Text(id="Periksa kembali isiannya.", en="Check what was entered."),
)
_NOT_POSITIVE_SIZE = Text(id="Angka ini di luar batas.", en="This number is out of bounds.")

_SAID = {
    "missing": EMPTY,
    "literal_error": _NO_CHOICE,
    "string_pattern_mismatch": _PATTERN,
    "date_parsing": NO_DATE,
    "date_from_datetime_parsing": NO_DATE,
    "date_type": NO_DATE,
    "int_parsing": NO_NUMBER,
    "int_type": NO_NUMBER,
    "int_from_float": NO_NUMBER,
    "decimal_parsing": NO_QUANTITY,
    "decimal_type": NO_QUANTITY,
    "rupiah_parsing": NO_RUPIAH,
    "day_parsing": NO_DATE,
    "month_parsing": NO_MONTH,
}

_LIMITS = {
    "greater_than": (
        "gt",
        _NOT_POSITIVE_SIZE,
        Text(id="Isi lebih dari {limit}.", en="Enter more than {limit}."),
    ),
    "greater_than_equal": (
        "ge",
        _NOT_POSITIVE_SIZE,
        Text(id="Isi paling sedikit {limit}.", en="Enter {limit} or more."),
    ),
    "less_than": ("lt", _NOT_POSITIVE_SIZE, Text(id="Isi kurang dari {limit}.", en="Enter less than {limit}.")),
    "less_than_equal": (
        "le",
        _NOT_POSITIVE_SIZE,
        Text(id="Isi paling banyak {limit}.", en="Enter {limit} or less."),
    ),
    "string_too_long": (
        "max_length",
        Text(id="Isian ini terlalu panjang.", en="This is too long."),
        Text(
            id="Paling panjang {limit} karakter.", en="{limit} characters at most.", en_one="{limit} character at most."
        ),
    ),
    "string_too_short": (
        "min_length",
        EMPTY[0],
        Text(
            id="Sedikitnya {limit} karakter.", en="{limit} characters at least.", en_one="{limit} character at least."
        ),
    ),
    "too_short": (
        "min_length",
        Text(id="Belum cukup yang diisi atau dipilih.", en="Too little is filled in or selected."),
        Text(id="Isi atau pilih sedikitnya {limit}.", en="Fill in or select {limit} at least."),
    ),
    "too_long": (
        "max_length",
        Text(id="Terlalu banyak yang diisi atau dipilih.", en="Too much is filled in or selected."),
        Text(id="Isi atau pilih paling banyak {limit}.", en="Fill in or select {limit} at most."),
    ),
    "decimal_max_places": (
        "decimal_places",
        Text(id="Angka di belakang koma terlalu banyak.", en="There are too many decimals."),
        Text(
            id="Paling banyak {limit} angka di belakang koma.",
            en="{limit} decimals at most.",
            en_one="{limit} decimal at most.",
        ),
    ),
    "decimal_max_digits": (
        "max_digits",
        Text(id="Angka ini terlalu besar.", en="This number is too large."),
        Text(id="Paling banyak {limit} digit.", en="{limit} digits at most.", en_one="{limit} digit at most."),
    ),
}
