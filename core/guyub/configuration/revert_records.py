"""Taking back what a plan changed of records: of places, officials, roles, programmes of the ministry and letterheads."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from guyub.configuration.change_text import named
from guyub.configuration.issues import Issue
from guyub.configuration.steps import PlannedChange
from guyub.facilities.record_set import RecordSet, RecordWrites
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text

_DAYS = {"valid_from", "valid_until", "name_from", "opened_on", "closed_on"}


def records_back(
    world: RecordSet, plugins: PluginRegistry, changes: Sequence[PlannedChange], *, by_system: bool
) -> tuple[RecordWrites, list[PlannedChange], list[Issue]]:
    """Returns the records with their fields of before, what that changes, and what cannot be taken back.

    What was made stays, as nothing is ever deleted. ``by_system``: what stands above the facilities is written by files
    alone, so that no person takes it back.
    """
    known = _known(world)
    back: defaultdict[tuple[str, Hashable], dict[str, Any]] = defaultdict(dict)
    done, findings = list[PlannedChange](), list[Issue]()
    for change in changes:
        kind, key, name = _meant(change)
        place = change.facility or change.region
        record = known.get(kind, {}).get(key)
        if record is None or not name:
            findings.append(Issue(place, _STAYS.format(what=named(change, plugins)[0])))
        elif not by_system and kind in ("letters", "theme", "role"):
            findings.append(Issue(place, _BY_FILES.format(what=named(change, plugins)[0]), "blocks"))
        elif replace(change, new=getattr(record, name)).as_json()["new"] != change.new:
            findings.append(Issue(place, _AGAIN.format(what=named(change, plugins)[0]), "blocks"))
        else:
            back[kind, key][name] = _as_kept(change.old, name)
            done.append(replace(change, old=change.new, new=change.old))
    writes = RecordWrites()
    written: dict[str, list[Any]] = {
        "theme": writes.themes,
        "role": writes.roles,
        "region": writes.regions,
        "letters": writes.letters,
        "facility": writes.facilities,
        "official": writes.officials,
    }
    for (kind, key), fields in back.items():
        written[kind].append(replace(known[kind][key], **fields))
    return writes, done, findings


def _known(world: RecordSet) -> dict[str, Mapping[Any, Any]]:
    return {
        "theme": world.themes,
        "role": world.roles,
        "region": world.regions,
        "letters": world.letters,
        "facility": world.facilities,
        "official": world.officials,
    }


def _meant(change: PlannedChange) -> tuple[str, Hashable, str]:
    """Returns the kind of record, its key, and the field; "" where the record was made."""
    kind, _, rest = change.what.partition(".")
    if kind == "facility":
        return kind, change.facility, rest
    if kind in ("region", "letters"):
        return kind, change.region, rest
    code, _, name = rest.partition(".")
    return kind, (change.facility, code, change.valid_from) if kind == "official" else code, name


def _as_kept(value: object, name: str) -> object:
    """Returns JSON as the record has it."""
    if isinstance(value, list):
        return tuple(value)
    return date.fromisoformat(value) if name in _DAYS and isinstance(value, str) else value


_AGAIN = Text(
    id="{what} sudah diubah lagi sejak rencana itu; ubah nilainya langsung.",
    en="{what} was changed again since that plan; change the value itself.",
)
_STAYS = Text(
    id="{what} tetap ada: yang sudah dibuat tidak dihapus.",
    en="{what} stays: what was made is not deleted.",
)
_BY_FILES = Text(
    id="{what} hanya diubah melalui berkas; minta administrator membatalkannya dengan guyub facilities revert.",
    en="{what} is changed by files only; ask the administrator to take it back with guyub facilities revert.",
)
