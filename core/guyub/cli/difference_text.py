"""Values as the command line prints them, and what differs between two of them: of a list of rows only what is not the same."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from guyub.configuration.pages.value_text import value_lines
from guyub.sdk.money import group
from guyub.sdk.text import Text
from guyub.ui.model_fields import FormField

_NAMES = ("code", "key", "name", "title", "label")
"""What a row is known by, the surest first."""


def differing(old: Any, new: Any, field: FormField | None, *, nothing: Text) -> Text:
    """Returns what differs: 5 → 8; of rows “Beras: harga satuan Rp15.673 → Rp19.000”. ``nothing`` is what no value is called."""
    if _are_rows(old) and _are_rows(new) and (key := _key(old, new)):
        columns = {column.name: column for column in field.columns} if field is not None else {}
        return Text.join("; ", list(_of_rows(old, new, key, columns)) or [_ALIKE])
    before, after = (nothing if item is None or item in ("", [], ()) else shown(item, field) for item in (old, new))
    return Text.join(" → ", (before, after))


def shown(value: Any, field: FormField | None) -> Text:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, int):
        return Text.same(group(value))
    if isinstance(value, float | Decimal):
        return Text.same(Decimal(str(value)))
    if isinstance(value, date):
        return Text.same(value)
    if isinstance(value, Mapping):
        return _record(value, field)
    if isinstance(value, list | tuple):
        return Text.join("; ", (shown(item, field) for item in value))
    return Text.same(str(value))


def _record(value: Mapping[str, Any], field: FormField | None) -> Text:
    if "titles" in value:
        title, rest = value["titles"]["default"], ", ".join(value["permissions"])
        return Text(id="{title} ({rest})", en="{title} ({rest})").format(title=Text(**title), rest=rest)
    named = [str(value[key]) for key in ("title", "name", "label") if value.get(key)]
    if named:
        return Text.same(" ".join(named))
    if value.get("letterhead"):
        return Text.join("; ", (str(item) for item in (*value["letterhead"], value.get("letter_template")) if item))
    columns = {column.name: column for column in field.columns} if field is not None else {}
    return Text.join(", ", (_titled(columns, key, shown(item, None)) for key, item in value.items()))


def _are_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _key(*lists: Sequence[Mapping[str, Any]]) -> str | None:
    """Returns the keys by which the rows of each list are told apart."""
    return next((name for name in _NAMES if all(_tells_apart(rows, name) for rows in lists)), None)


def _tells_apart(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return len({str(row[name]) for row in rows if row.get(name)}) == len(rows)


def _of_rows(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], key: str, columns: Mapping[str, FormField]
) -> Iterator[Text]:
    before, after = ({str(row[key]): row for row in rows} for rows in (old, new))
    for name, row in after.items():
        if name not in before:
            yield _ADDED.format(name=_name(row))
        elif cells := list(_cells(before[name], row, columns)):
            yield _ROW.format(name=_name(before[name]), cells=Text.join(", ", cells))
    yield from (_REMOVED.format(name=_name(row)) for name, row in before.items() if name not in after)


def _cells(old: Mapping[str, Any], new: Mapping[str, Any], columns: Mapping[str, FormField]) -> Iterator[Text]:
    """Returns what differs for a reader: what is left out is the column's own value, and 5 is "5" where decimals may be text."""
    for name in dict.fromkeys((*columns, *new, *old)):
        before, after = (_cell(row.get(name), columns.get(name)) for row in (old, new))
        if before != after:
            yield _titled(columns, name, Text.join(" → ", (before, after)))


def _cell(value: Any, column: FormField | None) -> Text:
    if column is not None:
        return value_lines(column, column.default if value is None else value)[0]
    return _NOTHING if value is None or value == "" else shown(value, None)


def _name(row: Mapping[str, Any]) -> str:
    return str(next((row[name] for name in ("name", "title", "label", "code", "key") if row.get(name)), "?"))


def _titled(columns: Mapping[str, FormField], name: str, value: Text) -> Text:
    title = columns[name].title if name in columns else Text.same(name)
    return Text(id=f"{title.id.lower()} {value.id}", en=f"{title.en.lower()} {value.en}")


_YES, _NO = Text(id="ya", en="yes"), Text(id="tidak", en="no")
_NOTHING = Text(id="kosong", en="empty")
_ROW = Text(id="{name}: {cells}", en="{name}: {cells}")
_ALIKE = Text(id="isinya sama, ditulis lain", en="the same, written differently")
_ADDED = Text(id="ditambah: {name}", en="added: {name}")
_REMOVED = Text(id="dihapus: {name}", en="removed: {name}")
