"""Writing data into a TOML document that is there already: comments, order and ways of writing stay where they can."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DefaultValue:
    """A value that is left out where the document does not say it, as it follows from elsewhere.

    ``says`` tells whether what the document says comes to the same.
    """

    value: Any
    follows: Any
    says: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """An array of tables; ``key`` names what tells one row from another, so that each stays in its place and beside its
    comment. New ones follow, in the order given."""

    rows: Sequence[Data]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeepValue:
    """Keeps what the document says as it is, and adds nothing."""


def merge(document: Any, data: Data) -> None:
    """Makes a document or table of tomlkit say ``data`` and nothing else."""
    for name in [name for name in document if name not in data]:
        del document[name]
    for name, wanted in data.items():
        _put(document, name, wanted)


def _put(document: Any, name: str, wanted: Any) -> None:
    if isinstance(wanted, KeepValue):
        return
    is_there = name in document
    if isinstance(wanted, DefaultValue):
        if is_there and wanted.says is not None and wanted.says(plain(document[name])):
            return
        if not is_there and wanted.value == wanted.follows:
            return
        wanted = wanted.value
    if isinstance(wanted, KeyedRows):
        _put_rows(document, name, wanted)
    elif isinstance(wanted, Mapping):
        if not is_there or not isinstance(document[name], Mapping):
            document[name] = tomlkit.table()
        merge(document[name], wanted)
    elif not is_there or not _is_same(plain(document[name]), wanted):
        document[name] = _item(wanted)


def _put_rows(document: Any, name: str, wanted: KeyedRows) -> None:
    if not wanted.rows:
        if name in document:
            del document[name]
        return
    known = document.get(name)
    rows = list(known) if isinstance(known, AoT | list) else []
    by_key = {_key(row, wanted): row for row in rows if isinstance(row, Mapping)}
    places = {key: number for number, key in enumerate(by_key)}
    wanted = KeyedRows(sorted(wanted.rows, key=lambda row: places.get(_key(row, wanted), len(places))), wanted.key)
    keys = [_key(row, wanted) for row in wanted.rows]
    if isinstance(known, AoT) and list(by_key) == keys[: len(by_key)] and len(by_key) == len(rows):
        for row, data in zip(rows, wanted.rows, strict=False):
            merge(row, data)
        for data in wanted.rows[len(rows) :]:
            known.append(_new(data))
        return
    array = tomlkit.aot()
    for key, data in zip(keys, wanted.rows, strict=True):
        row = by_key.get(key)
        if row is not None:
            merge(row, data)
        array.append(row if row is not None else _new(data))
    document[name] = array


def _key(row: Data, wanted: KeyedRows) -> tuple[str, ...]:
    return tuple(str(plain(_value(row.get(part)))) for part in wanted.key)


def _new(data: Data) -> Table:
    table = tomlkit.table()
    merge(table, data)
    return table


def _item(value: Any) -> Any:
    """Lists on several lines where one would be long; tables within a value stay within its line."""
    if isinstance(value, list):
        array = tomlkit.array()
        for item in value:
            array.append(_item(item))
        return array.multiline(len(str(value)) > 90)
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, inner in value.items():
            table[name] = _item(inner)
        return table
    return tomlkit.item(value)


def _value(wanted: Any) -> Any:
    return wanted.value if isinstance(wanted, DefaultValue) else wanted


def plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value


def _is_same(there: Any, wanted: Any) -> bool:
    # As JSON: to Python true is 1 and 5 is 5.0; a table within a value may have its names in any order.
    return json.dumps(there, sort_keys=True, default=str) == json.dumps(wanted, sort_keys=True, default=str)
