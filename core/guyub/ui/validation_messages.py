"""Writes what pydantic found as a sentence for the person who wrote the file: what is there, and what may be there."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, SecretStr
from pydantic_core import ErrorDetails

from guyub.sdk.text import Text
from guyub.ui.constraint_text import allowed, example, range_of
from guyub.ui.model_paths import Location, annotation_at, field_at, keys, model_at, plain, schema_text

_NOUNS = {
    "string": Text(id="teks dalam tanda kutip", en="text in quotes"),
    "int": Text(id="bilangan bulat", en="a whole number"),
    "float": Text(id="bilangan", en="a number"),
    "decimal": Text(id="bilangan", en="a number"),
    "bool": Text(id="true atau false", en="true or false"),
    "date": Text(id="tanggal seperti 2024-11-01, tanpa tanda kutip", en="a date like 2024-11-01, without quotes"),
    # Of forms alone, where they are typed as text.
    "rupiah": Text(id="jumlah rupiah tanpa sen, seperti 1.500.000", en="an amount of rupiah like 1.500.000"),
    "day": Text(id="tanggal seperti 16/11/2024", en="a date like 16/11/2024 (day, month, year)"),
    "month": Text(id="bulan seperti 2024-11 atau November 2024", en="a month like 2024-11 or November 2024"),
    "list": Text(id="daftar dalam kurung siku", en="a list in square brackets"),
    "tuple": Text(id="daftar dalam kurung siku", en="a list in square brackets"),
    "dict": Text(id="tabel", en="a table"),
    "model": Text(id="tabel", en="a table"),
}
_LIMITS = {
    "greater_than",
    "greater_than_equal",
    "less_than",
    "less_than_equal",
    "multiple_of",
    "too_short",
    "too_long",
    "string_too_short",
    "string_too_long",
    "decimal_max_places",
    "decimal_max_digits",
    "decimal_whole_digits",
    "int_parsing_size",
    "finite_number",
}
_TOO_LONG = 10**40
_AUTHORS = {"value_error", "assertion_error"}


def outermost_left_out(errors: Iterable[ErrorDetails]) -> list[ErrorDetails]:
    """Returns the errors without those that only follow from another: a list is "too short" as well when its one element is
    wrong."""
    remaining = list(errors)
    inner = {tuple(error["loc"][:length]) for error in remaining for length in range(len(error["loc"]))}
    return [error for error in remaining if tuple(error["loc"]) not in inner]


def explain(model: type[BaseModel], error: ErrorDetails) -> Text:
    """Returns one sentence about one error of a model: the field by its title and key, the value, and what is allowed."""
    location, kind, value = error["loc"], error["type"], _shown(error["input"])
    if kind in _AUTHORS:
        return _in_the_words_of_the_author(model, error)
    label = label_of(model, location)
    found = error.get("ctx", {})
    if "what" in found:  # a reader's own sentence: guyub.ui.forms
        return Text(id="{label}: {what} {remedy}", en="{label}: {what} {remedy}").format(
            label=label, what=found["what"], remedy=found["remedy"]
        )
    noun = _NOUNS.get(kind.partition("_")[0])
    if kind == "missing":
        missing = Text(id="{label} belum diisi", en="{label} is missing").format(label=label)
        has_range = plain(annotation_at(model, location)) in (int, Decimal, date)
        return _with_range(model, location, missing) if has_range else Text.join("", (missing, "."))
    if kind == "extra_forbidden":
        parent = model_at(model, location[:-1])
        place = label_of(model, location[:-1]) if location[1:] else None
        return unknown(str(location[-1]), keys(parent) if parent else (), place)
    if kind in ("literal_error", "enum"):
        return unknown(str(error["input"]), re.findall(r"'([^']*)'", error["ctx"]["expected"]), label)
    if kind == "string_too_short" and range_of(model, location) is None:
        return _not_accepted(label, value, Text(id="isi sedikitnya 1 karakter", en="enter at least 1 character"))
    if kind in _LIMITS:
        return _not_accepted(label, value, allowed(model, location, with_digits=kind.startswith("decimal")))
    if kind == "string_pattern_mismatch":
        return _not_accepted(label, value, example(model, location))
    if noun is not None:
        sentence = _of_another_kind(model, location, noun, value)
        nearest: Text | None = error.get("ctx", {}).get("nearest")
        return sentence if nearest is None else Text.join(" ", (sentence, nearest))
    return _not_accepted(label, value, Text(id=example(model, location).id, en=error["msg"]))


def _of_another_kind(model: type[BaseModel], location: Location, noun: Text, value: Text) -> Text:
    sentence = Text(id="{label} harus berupa {noun}, bukan {value}", en="{label} must be {noun}, not {value}").format(
        label=label_of(model, location), noun=noun, value=value
    )
    return _with_range(model, location, sentence)


def _with_range(model: type[BaseModel], location: Location, sentence: Text) -> Text:
    allowed = range_of(model, location)
    if allowed is None:
        return Text(id="{sentence}.", en="{sentence}.").format(sentence=sentence)
    return Text(id="{sentence}; {found}.", en="{sentence}; {found}.").format(sentence=sentence, found=allowed)


def _in_the_words_of_the_author(model: type[BaseModel], error: ErrorDetails) -> Text:
    """Returns what a validator of the model says, as it stands; of the whole model with the fields that it names."""
    location = error["loc"]
    words = str(error.get("ctx", {}).get("error") or error["msg"])
    words = re.sub(r"^(Value error|Assertion failed), ", "", words) or error["msg"]
    sentence = Text.same(words)
    if location:
        return _not_accepted(label_of(model, location), _shown(error["input"]), sentence)
    inputs = error["input"] if isinstance(error["input"], Mapping) else {}
    named = [
        Text(id="{label} {value}", en="{label} {value}").format(
            label=label_of(model, (key,)), value=_shown(inputs[key])
        )
        for key in keys(model)
        if key in inputs and re.search(rf"\b{re.escape(key)}\b", words) and not _is_secret(model, key)
    ]
    if not named:
        named = [Text(id="Isian ini", en="These entries")]
    return _not_accepted(
        Text.join(", ", named),
        None,
        sentence,
    )


def _is_secret(model: type[BaseModel], key: str) -> bool:
    field = field_at(model, (key,))
    return field is None or plain(field.annotation) is SecretStr


def unknown(key: str, known: Iterable[str], label: Text | None = None) -> Text:
    """Says that a word is not known, with the nearest one that is, or all of them."""
    words = list(known)
    near = difflib.get_close_matches(key, words, 1)
    if near:
        hint = Text(id="mungkin maksud Anda “{near}”", en="did you mean “{near}”").format(near=near[0])
    else:
        hint = Text(id="yang dikenal: {words}", en="known are: {words}").format(words=", ".join(w for w in words if w))
    start = Text(id="{label}: ", en="{label}: ").format(label=label) if label else Text(id="", en="")
    return Text(id="{start}“{given}” tidak dikenal; {hint}.", en="{start}“{given}” is not known; {hint}.").format(
        start=start, given=key, hint=hint
    )


def _not_accepted(label: Text, value: Text | None, allowed: Text) -> Text:
    """Returns the sentence; ``value`` is None where the label holds it."""
    shown_value = Text(id=": {value}", en=": {value}").format(value=value) if value else Text(id="", en="")
    return Text(
        id="{label}{given} tidak diterima; {allowed}.",
        en="{label}{given} {verb} not accepted; {allowed}.".replace("{verb}", "is" if value else "are"),
    ).format(label=label, given=shown_value, allowed=Text(id=allowed.id.rstrip("."), en=allowed.en.rstrip(".")))


def _shown(value: object) -> Text:
    if isinstance(value, bool):
        return Text.same(str(value).lower())
    if isinstance(value, str):
        cut = value if len(value) <= 40 else value[:39] + "…"
        return Text.same(f"“{cut}”")
    if isinstance(value, Decimal) and value.is_finite():
        return Text.same(value)
    if isinstance(value, int) and abs(value) >= _TOO_LONG:
        return Text(id="bilangan yang terlalu panjang", en="a number that is too long")
    if isinstance(value, int | float | date | Decimal):
        return Text.same(str(value))
    if isinstance(value, Mapping):
        return Text(id="sebuah tabel", en="a table")
    if isinstance(value, Sequence):
        return Text(id="daftar berisi {count}", en="a list of {count}").format(count=len(value))
    return Text.same(f"“{value}”")


def label_of(model: type[BaseModel], location: Location) -> Text:
    """Returns “Harga” (price); of a line “Isi paket”, baris 2, kolom “Harga” (items.1.price); without a title the key alone."""
    key = ".".join(map(str, location))
    steps: list[Text] = []
    for end, step in enumerate(location, start=1):
        field = field_at(model, location[:end])
        title = schema_text(field, "title")
        if title is not None:
            start = Text(id="kolom ", en="column ") if steps else Text(id="", en="")
            steps.append(Text(id="{start}“{title}”", en="{start}“{title}”").format(start=start, title=title))
        elif steps and isinstance(step, int):
            words = _ROW if end < len(location) else _ENTRY
            steps.append(words.format(number=step + 1))
        elif steps:
            steps.append(Text.same(f"“{step}”"))
    if not steps:
        return Text.same(f"“{key}”")
    return Text(id="{path} ({key})", en="{path} ({key})").format(path=Text.join(", ", steps), key=key)


_ROW = Text(id="baris {number}", en="row {number}")
_ENTRY = Text(id="isian ke-{number}", en="entry {number}")
