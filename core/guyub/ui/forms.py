"""Forms made from models: shown with what is known, read back as it was typed, every refusal beside its field."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from decimal import Decimal
from functools import partial
from typing import Any, Generic, LiteralString, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from starlette.datastructures import FormData

from guyub.sdk.errors import Invalid
from guyub.sdk.money import group, parse_rupiah
from guyub.sdk.quantities import format_quantity, parse_quantity, same_unit, split_unit
from guyub.sdk.text import Text
from guyub.ui import problems
from guyub.ui.language import readers_language
from guyub.ui.model_fields import FormField, fields_of
from guyub.ui.parsing import OutsideDay, OutsideMonth, WrongWeekday, parse_date, parse_month, parse_whole_number
from guyub.ui.possible_days import PossibleDays
from guyub.ui.refusals import UiRefusal
from guyub.ui.typed_values import nearest_of, unread_day, unread_month

M = TypeVar("M", bound=BaseModel)

ONE_MORE = "_one_more"
"""The button "one more row" sends the name of its lines under this name."""
_ROWS = "_rows"
_FIRST_ROWS = 3
_AFTER_TITLE = Text(id="{title}: {problem}", en="{title}: {problem}")
_AFTER_ROW = Text(id="{title}, baris {row}: {problem}", en="{title}, row {row}: {problem}")


@dataclass(frozen=True, slots=True)
class PickList:
    """The goods and units that a form offers: (value, label) pairs."""

    goods: tuple[tuple[str, Text], ...] = ()
    units: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldEntry(Generic[M]):
    """A form with what stands in it.

    ``typed`` holds the text of each control by its name ("donor", "lines.0.code"; several for choices), ``rows`` how many
    rows each table shows. ``model`` is the validated model, None while something is wrong or nothing was sent yet.
    """

    fields: tuple[FormField, ...]
    typed: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]
    problems: Mapping[str, Text]
    model: M | None = None
    asks_for_row: bool = False
    places: "Places" = dataclass_field(default_factory=dict)
    is_sent: bool = False
    late_days: PossibleDays | None = None
    """Of a receipt: the days on which it can have come, so that one of a closed book is booked late."""
    is_late: bool = False

    @property
    def has_lines(self) -> bool:
        return bool(self.rows)

    def text(self, name: str) -> str:
        return next(iter(self.typed.get(name, ())), "")

    def selected(self, name: str) -> tuple[str, ...]:
        return self.typed.get(name, ())

    def names(self) -> Iterator[str]:
        """Yields every control in the order of the page; first "", for what belongs to none."""
        yield ""
        for field in self.fields:
            yield field.name
            for row in range(self.rows.get(field.name, 0)):
                for column in field.columns:
                    yield _cell(field, row, column)

    @property
    def summary(self) -> dict[str, Text]:
        """Returns the problems for the top of the page, each after the title of its field."""
        return {name: self._titled(name, problem) for name, problem in self.problems.items()}

    def needing(self, names: Iterable[str]) -> "FieldEntry[M]":
        """Returns the entry with these fields as needed ones: where one was sent empty, that is said beside it."""
        wanted = frozenset(names)
        fields = tuple(replace(field, needed=True) if field.name in wanted else field for field in self.fields)
        empty = {name for name in wanted if self.is_sent and not self.text(name).strip()} - self.problems.keys()
        missing = problems.by_field(UiRefusal.MISSING.invalid(name) for name in empty)
        model = None if missing else self.model
        by_name = {**self.problems, **missing}
        return replace(
            self, fields=fields, model=model, problems={name: by_name[name] for name in self.names() if name in by_name}
        )

    def offering(self, picks: PickList) -> "FieldEntry[M]":
        """Returns the entry with goods and units to pick from a list."""
        return replace(self, fields=tuple(_offering(field, picks) for field in self.fields))

    def refused(self, refusal: Invalid) -> "FieldEntry[M]":
        """Returns the same entry with a refusal of a service beside the field that it names."""
        by_name = problems.by_field(_placed(each, self.places) for each in refusal.all())
        return replace(self, model=None, problems={self._known(name): text for name, text in by_name.items()})

    def _titled(self, name: str, problem: Text) -> Text:
        table, _, cell = name.partition(".")
        row, _, column = cell.partition(".")
        field = next((field for field in self.fields if field.name == table), None)
        if field is None:
            return problem
        if f"“{field.title.id}”" in problem.id:  # the sentence names the field itself
            return problem
        if not column:
            return _AFTER_TITLE.format(title=field.title, problem=problem)
        title = next(form_field.title for form_field in field.columns if form_field.name == column)
        return _AFTER_ROW.format(title=title, row=int(row) + 1, problem=problem)

    def _known(self, name: str) -> str:
        """Returns the nearest field that the form shows: an unknown one would leave the reader without a place to look."""
        names = set(self.names())
        while name not in names:
            name = name.rpartition(".")[0]
        return name


def blank(model: type[M]) -> FieldEntry[M]:
    return filled(model, {})


def filled(model: type[M], values: Mapping[str, Any]) -> FieldEntry[M]:
    """Returns the form with ``values`` (python values by field; lines as models or mappings), else the model's own defaults."""
    typed: dict[str, tuple[str, ...]] = {}
    rows: dict[str, int] = {}
    for field in fields_of(model):
        value = values.get(field.name, field.default)
        if field.kind == "lines":
            lines = list(value or ())
            rows[field.name] = min(max(len(lines) + 1, _FIRST_ROWS), field.most_lines)
            for row, line in enumerate(lines):
                known = line.model_dump() if isinstance(line, BaseModel) else line
                for column in field.columns:
                    typed[_cell(field, row, column)] = _as_typed(column, known.get(column.name, column.default))
        else:
            typed[field.name] = _as_typed(field, value)
    return FieldEntry(fields_of(model), typed, rows, {})


ProblemWording = Callable[[ValidationError], list[Invalid]]
"""How what the model found is said, each naming its field."""


def read(model: type[M], sent: FormData, wording: ProblemWording | None = None) -> FieldEntry[M]:
    """Returns what was sent, checked by the model; lines left wholly empty are left out.

    Amounts, quantities and days are read as people write them ("Rp1.500.000", "2,5", "16/11/2024").
    """
    in_words = wording or partial(problems.problems_of, model=model)
    fields = fields_of(model)
    typed = {name: tuple(str(item).strip() for item in sent.getlist(name)) for name in sent}
    wanted = sent.get(ONE_MORE)
    rows = {
        field.name: min(_count(sent.get(f"{field.name}.{_ROWS}")) + (field.name == wanted), field.most_lines)
        for field in fields
        if field.kind == "lines"
    }
    entry: FieldEntry[M] = FieldEntry(fields, typed, rows, {}, is_sent=True)
    if wanted in rows:
        return replace(entry, asks_for_row=True)
    entry = _units_apart(entry)
    typed = dict(entry.typed)
    values, unread, places = _values(entry)
    refusals: list[Invalid] = []
    if unread:
        # What could not be read is said by the same words as what the model finds.
        unreadable_fields = in_words(ValidationError.from_exception_data(model.__name__, unread))
        refusals += [_placed(refusal, places) for refusal in unreadable_fields]
    entry = replace(entry, typed={**typed, **_tidied(entry, values, places)})
    try:
        checked = model.model_validate(values)
    except ValidationError as error:
        refusals += [_placed(refusal, places) for refusal in in_words(error)]
    except Invalid as refusal:
        refusals.append(_placed(refusal, places))
    else:
        if not refusals:
            return replace(entry, model=checked, places=places)
    by_name: dict[str, Text] = {}
    for name, text in problems.by_field(refusals).items():
        by_name.setdefault(entry._known(name), text)
    # That a table has too few lines says nothing while lines of it are being fixed.
    for table in rows:
        if any(name.startswith(f"{table}.") for name in by_name):
            by_name.pop(table, None)
    return replace(entry, problems={name: by_name[name] for name in entry.names() if name in by_name})


Places = dict[str, list[int]]
"""For each table: in which row of the form the n-th line of the model stands."""


def _values(entry: FieldEntry[Any]) -> tuple[dict[str, Any], list[InitErrorDetails], Places]:
    """Returns what was understood, and what was not, each at its place in the model."""
    values: dict[str, Any] = {}
    unread: list[InitErrorDetails] = []
    places: Places = {}
    for field in entry.fields:
        if field.kind != "lines":
            _take(field, (field.name,), field.name, entry, values, unread)
            continue
        places[field.name] = [row for row in range(entry.rows[field.name]) if _is_filled(field, row, entry)]
        lines: list[dict[str, Any]] = []
        for row in places[field.name]:
            line: dict[str, Any] = {}
            for column in field.columns:
                location = (field.name, len(lines), column.name)
                _take(column, location, _cell(field, row, column), entry, line, unread)
            lines.append(line)
        values[field.name] = lines
    return values, unread, places


def _take(
    field: FormField,
    location: tuple[str | int, ...],
    name: str,
    entry: FieldEntry[Any],
    into: dict[str, Any],
    unread: list[InitErrorDetails],
) -> None:
    """Puts the value of one control into ``into``, or says what is wrong with it; silence leaves it to the model."""
    if field.kind == "choices":
        into[field.name] = list(entry.selected(name))
        return
    text = entry.text(name)
    if field.kind == "yes":
        into[field.name] = text != ""
    elif field.kind == "words":
        into[field.name] = [word for word in text.replace(",", " ").split() if word]
    elif text == "":
        if field.nullable:
            into[field.name] = None
        elif field.kind in ("text", "textarea", "goods", "unit") and not field.needed:
            into[field.name] = ""
        elif field.default:
            # Emptying a field is no way to ask for a default that the reader does not see.
            unread.append(InitErrorDetails(type="missing", loc=location, input=text))
    else:
        try:
            into[field.name] = value_of(field, text)
        except Unread as error:
            unread.append(InitErrorDetails(type=error.found, loc=location, input=text))


class Unread(ValueError):
    """A text that is no value of its field; ``found`` says what is wrong with it."""

    def __init__(self, found: PydanticCustomError) -> None:
        super().__init__(found.type)
        self.found = found


def value_of(field: FormField, text: str) -> Any:
    """Returns what a text says in a field of one value; where its kind is not read, the text. Raises ``Unread``."""
    if field.kind not in _READERS:
        return text
    reader, unreadable = _READERS[field.kind]
    try:
        return reader(_without_unit(field, text))
    except ValueError as error:
        raise Unread(_as_found(error, unreadable)) from error


def _tidied(entry: FieldEntry[Any], values: Mapping[str, Any], places: Places) -> dict[str, tuple[str, ...]]:
    """Returns what was understood, as its control shows it: a browser's calendar takes only "2024-11-16"."""
    tidy: dict[str, tuple[str, ...]] = {}
    for field in entry.fields:
        if field.kind in _READERS and field.name in values:
            tidy[field.name] = _as_typed(field, values[field.name])
        for row, line in zip(places.get(field.name, ()), values[field.name] if field.columns else (), strict=True):
            for column in field.columns:
                if column.kind in _READERS and column.name in line:
                    tidy[_cell(field, row, column)] = _as_typed(column, line[column.name])
    return tidy


def _without_unit(field: FormField, text: str) -> str:
    """Returns the number without the unit of its own field, which pages write behind it; % is per cent."""
    words = [field.unit.id, field.unit.en, field.unit.en_one] if field.unit else []
    if "percent" in words:
        words.append("%")
    for word in words:
        if word and text.casefold().endswith(word.casefold()):
            return text[: -len(word)].rstrip()
    return text


def _quantity(text: str) -> Decimal:
    """Reads a number below zero as well: the bounds of the field refuse it and say what they allow."""
    lang = readers_language()
    return -parse_quantity(text[1:], lang) if text.startswith(("-", "−")) else parse_quantity(text, lang)


def _as_found(error: ValueError, unreadable: LiteralString) -> PydanticCustomError:
    """Returns what a parser found: a sentence of its own, or the kind with what may have been meant."""
    if isinstance(error, OutsideMonth):
        return _sentence_of(unread_month(error), "month_outside")
    if isinstance(error, OutsideDay):
        return _sentence_of(unread_day(error), "day_outside")
    if isinstance(error, WrongWeekday):
        return _sentence_of(unread_day(error), "day_of_week")
    nearest = nearest_of(error)
    return PydanticCustomError(unreadable, "not read", {"nearest": nearest} if nearest else None)


def _sentence_of(refusal: Invalid, kind: LiteralString) -> PydanticCustomError:
    return PydanticCustomError(kind, "not meant", {"what": refusal.what, "remedy": refusal.remedy})


_READERS: dict[str, tuple[Callable[[str], Any], LiteralString]] = {
    "rupiah": (parse_rupiah, "rupiah_parsing"),
    "integer": (parse_whole_number, "int_parsing"),
    "quantity": (_quantity, "decimal_parsing"),
    "date": (parse_date, "day_parsing"),
    "month": (parse_month, "month_parsing"),
}


def _as_typed(field: FormField, value: Any) -> tuple[str, ...]:
    """Returns a value as a person would type it in the reader's language; a secret never is."""
    if field.kind == "choices":
        return tuple(value or ())
    if field.kind == "yes":
        return ("yes",) if value else ()
    if value is None or value == "" or value == () or field.kind == "secret":
        return ()
    if field.kind == "words":
        return (", ".join(value),)
    if field.kind in ("rupiah", "integer"):
        return (group(value),)
    if field.kind == "quantity":
        return (format_quantity(Decimal(value), readers_language()),)
    if field.kind == "month":
        return (f"{value:%Y-%m}",)
    return (str(value),)


def _is_filled(field: FormField, row: int, entry: FieldEntry[Any]) -> bool:
    return any(entry.text(_cell(field, row, column)) for column in field.columns)


def _offering(field: FormField, picks: PickList) -> FormField:
    if field.columns:
        return replace(field, columns=tuple(_offering(column, picks) for column in field.columns))
    options = {"goods": picks.goods, "unit": picks.units}.get(field.kind)
    return replace(field, options=options) if options is not None else field


def _units_apart(entry: FieldEntry[Any]) -> FieldEntry[Any]:
    """Returns the entry with "80 sak" as a quantity and its unit, where a line has a field for that and it says no other."""
    typed = dict(entry.typed)
    for field in entry.fields:
        unit_column = next((column for column in field.columns if column.kind == "unit"), None)
        if unit_column is None:
            continue
        for row in range(entry.rows[field.name]):
            unit = _cell(field, row, unit_column)
            said = entry.text(unit)
            for column in field.columns:
                quantity = _cell(field, row, column)
                number, behind = split_unit(entry.text(quantity)) if column.kind == "quantity" else ("", "")
                if behind and (not said or same_unit(behind, said)):
                    said = said or behind
                    typed |= {quantity: (number,), unit: (said,)}
    return replace(entry, typed=typed)


def _cell(field: FormField, row: int, column: FormField) -> str:
    return f"{field.name}.{row}.{column.name}"


def _placed(refusal: Invalid, places: Places) -> Invalid:
    """Returns the same refusal with the row of the form in place of the line of the model."""
    table, _, rest = refusal.field.partition(".")
    line, dot, column = rest.partition(".")
    if table in places and line.isdigit() and int(line) < len(places[table]):
        return Invalid(refusal.code, refusal.what, refusal.remedy, f"{table}.{places[table][int(line)]}{dot}{column}")
    return refusal


def _count(sent: Any) -> int:
    return int(sent) if isinstance(sent, str) and sent.isdigit() and len(sent) < 4 else _FIRST_ROWS
