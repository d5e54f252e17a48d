"""The files of what is recorded, written into a folder: planned afterwards, they show nothing.

Files that are there keep their comments and their order. What a file cannot say is listed: secrets, plugins that are not
installed, and which places the web manages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError

from guyub.db.unit_of_work import Work
from guyub.facilities.record_set import type_on
from guyub.facilities.records import FacilityRecord, OfficialRecord
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.current import CurrentState, current_state
from guyub.provisioning.facility_checks import provinces_of
from guyub.provisioning.file_checks import with_office_code
from guyub.provisioning.files import NATIONAL, NO_UTF8, REGION
from guyub.provisioning.json_schema import reference_of
from guyub.provisioning.refusals import ProvisioningRefusal
from guyub.provisioning.toml_merging import Data, DefaultValue, KeyedRows, merge
from guyub.provisioning.toml_plugin_sections import LeftOut, tables_at
from guyub.provisioning.toml_reading import NotRead, read
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

BY_WEB = "# Dikelola melalui web; berkas ini salinannya | managed through the web; this file is a copy"
_UNWRITTEN = "# Rahasia tidak ditulis di sini | secrets are not written here:"


@dataclass(frozen=True, slots=True)
class Exported:
    """Holds what an export did: ``written`` are the files that changed or are new, of ``count`` in all; ``moved`` those
    of facilities that stand under another region now, from and to; ``left_out`` is what no file can say."""

    count: int
    written: tuple[Path, ...]
    moved: tuple[tuple[Path, Path], ...]
    by_web: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def export(work: Work, plugins: PluginRegistry, folder: Path) -> Exported:
    """Raises ``Refusal`` for a file that is there and cannot be read; then nothing is written."""
    work.require("facilities.configure")
    world = current_state(work, plugins)
    left_out: list[LeftOut] = []
    moved = _moved(folder, world)
    texts = dict(_texts(plugins, world, folder, {new: old for old, new in moved}, left_out))
    changed = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8-sig") != text]
    for path in changed:
        _write(path.resolve(), texts[path])
    for old, _ in moved:
        old.unlink()
    by_web = sorted(world.by_web | world.regions_by_web)
    return Exported(len(texts), tuple(changed), moved, tuple(by_web), tuple(left_out))


def _write(path: Path, text: str) -> None:
    """Writes a file whole or not at all; a link stays one, and what it leads to is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".toml.part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def _moved(folder: Path, world: CurrentState) -> tuple[tuple[Path, Path], ...]:
    """Returns the files of facilities that stand under another region now: of two files for one facility no plan can be
    made."""
    paths: dict[Path, Path] = {}
    for path in sorted(folder.glob("[!.]*/*.toml")):
        record = world.facilities.get(path.stem)
        if record is not None and record.region != path.parent.name and path.is_file():
            new = folder / record.region / path.name
            if not new.exists():
                paths.setdefault(new, path)
    return tuple((old, new) for new, old in paths.items())


def _texts(
    plugins: PluginRegistry, world: CurrentState, folder: Path, moved: Mapping[Path, Path], left_out: list[LeftOut]
) -> Iterator[tuple[Path, str]]:
    """Returns the texts of the files; ``moved`` has by the path of a file where it lies so far."""
    national = _File(folder / NATIONAL, "national")
    data = _national(world) | {"plugins": _plugins(plugins, world, "national", "", national, left_out)}
    yield national.path, national.text(data, by_web=False, secrets=_secrets(left_out, ""))
    for code in sorted(world.regions):
        file = _File(folder / code / REGION, "region")
        data = _region(world, code) | {"plugins": _plugins(plugins, world, "region", code, file, left_out)}
        yield file.path, file.text(data, by_web=code in world.regions_by_web, secrets=_secrets(left_out, code))
    officials = sorted(world.officials.values(), key=lambda item: item.facility)
    of = {code: list(some) for code, some in groupby(officials, key=lambda item: item.facility)}
    for code, record in sorted(world.facilities.items()):
        path = folder / record.region / f"{code}.toml"
        file = _File(path, "facility", moved.get(path, path))
        data = _facility(world, record, of.get(code, []), file.there)
        data = data | {"plugins": _plugins(plugins, world, "facility", code, file, left_out)}
        yield file.path, file.text(data, by_web=code in world.by_web, secrets=_secrets(left_out, code))


class _File:
    """A file of the folder, whether it is there or not."""

    def __init__(self, path: Path, kind: str, so_far: Path | None = None) -> None:
        self.path = path
        self.kind = kind
        there = so_far or path
        try:
            text = there.read_text(encoding="utf-8-sig") if there.exists() else ""
            read(text)
            self.document = tomlkit.parse(text)
        except NotRead as error:
            raise _unreadable(there, error.line, error.sentence) from error
        except UnicodeDecodeError as error:
            raise _unreadable(there, error.object.count(b"\n", 0, error.start) + 1, NO_UTF8) from error
        except ParseError as error:
            raise _unreadable(there, error.line, Text.same(error)) from error
        self.there: Mapping[str, Any] = self.document.unwrap()

    def text(self, data: Data, *, by_web: bool, secrets: list[str]) -> str:
        merge(self.document, data)
        lines = tomlkit.dumps(self.document).replace("\r\n", "\n").split("\n")
        own = ("#:schema ", BY_WEB, _UNWRITTEN)
        kept = [line for line in lines if not line.startswith(own)]
        head = [f"#:schema {reference_of(self.kind)}"]
        head += [BY_WEB] if by_web else []
        head += [f"{_UNWRITTEN} {', '.join(secrets)}"] if secrets else []
        return "\n".join([*head, *kept]).rstrip("\n") + "\n"


def _unreadable(path: Path, line: int, sentence: Text) -> Refusal:
    return ProvisioningRefusal.NOT_TOML.refusal(path=path, line=line, sentence=sentence)


def _secrets(left_out: list[LeftOut], place: str) -> list[str]:
    return sorted(out.what for out in left_out if out.place == place and out.is_secret)


def _plugins(
    plugins: PluginRegistry, world: CurrentState, layer: str, place: str, file: _File, left_out: list[LeftOut]
) -> DefaultValue:
    there = file.there.get("plugins")
    known = there if isinstance(there, Mapping) else {}
    return DefaultValue(tables_at(plugins, world.configured, layer, place, known, left_out), {})


def _national(world: CurrentState) -> dict[str, Any]:
    themes = [
        {"code": theme.code, "label": theme.label, "detail": DefaultValue(theme.detail, ""), "from": theme.valid_from}
        | ({"until": theme.valid_until} if theme.valid_until else {})
        for theme in sorted(world.themes.values(), key=lambda item: (item.valid_from, item.code))
    ]
    return {
        "letterhead": list(world.letters[""].letterhead),
        "themes": KeyedRows(themes, ("code",)),
        "roles": {
            code: {"scope": role.scope, "permissions": _listed(role.permissions), "titles": role.titles}
            for code, role in world.roles.items()
        },
        "separations": KeyedRows(
            [{"first": first, "second": second} for first, second in sorted(world.duties)], ("first", "second")
        ),
    }


def _listed(permissions: tuple[str, ...]) -> DefaultValue:
    """Returns the names in whatever order the file has them."""
    return DefaultValue(list(permissions), None, lambda names: sorted(set(names)) == sorted(permissions))


def _region(world: CurrentState, code: str) -> dict[str, Any]:
    record, letters = world.regions[code], world.letters[code]
    return {
        "name": record.name,
        "office_name": record.office_name,
        "capital": DefaultValue(record.capital, ""),
        "provinces": DefaultValue(list(record.provinces), list(provinces_of((), record.name))),
        "letter_code": DefaultValue(record.letter_code, ""),
        "letter_template": DefaultValue(letters.letter_template, ""),
        "letterhead": list(letters.letterhead),
    }


_NAMES = {
    "facility_type": "type",
    "facility_class": "class",
    "opened_on": "opened",
    "closed_on": "closed",
    "letter_place": "place",
}
_REQUIRED = {"name", "long_name", "type", "city", "city_code", "place", "zone"}


def _facility(
    world: CurrentState, facility: FacilityRecord, officials: list[OfficialRecord], there: Data
) -> dict[str, Any]:
    region, letters = world.regions[facility.region], world.letters[facility.region]
    head = (*world.letters[""].letterhead, *letters.letterhead, facility.long_name.upper())
    template = with_office_code(letters.letter_template, region.letter_code)
    provinces = provinces_of(region.provinces, region.name)
    follows: dict[str, Any] = {"paper": "F4", "letterhead": list(head), "letter_template": template}
    if len(provinces) == 1:  # of several each file says its own
        follows["province"] = provinces[0]
    says = {
        "letter_template": lambda template: with_office_code(template, region.letter_code) == facility.letter_template
    }
    data: dict[str, Any] = {}
    for known in fields(facility):
        name, value = _NAMES.get(known.name, known.name), getattr(facility, known.name)
        if known.name in ("code", "region") or (value is None and name not in there):
            continue
        if value is not None:
            value = list(value) if isinstance(value, tuple) else value
            data[name] = value if name in _REQUIRED else DefaultValue(value, follows.get(name, ""), says.get(name))
    roles = list(world.roles)
    rows = sorted(officials, key=lambda official: (roles.index(official.role_code), official.valid_from))
    return data | {
        "officials": KeyedRows([_official(world, facility, official) for official in rows], ("role", "from"))
    }


def _official(world: CurrentState, at: FacilityRecord, official: OfficialRecord) -> Data:
    role = world.roles.get(official.role_code)
    titles = role.titles if role is not None else {}
    began_as = type_on(world.types[at.code], official.valid_from)
    usual = titles.get(began_as, titles.get("default", {})).get("id", "")
    data: dict[str, Any] = {
        "role": official.role_code,
        "title": DefaultValue(official.title, usual),
        "name": DefaultValue(official.name, ""),
        "nip": DefaultValue(official.nip, ""),
        "acting": DefaultValue(official.acting, ""),
        "from": official.valid_from,
    }
    return data | ({"until": official.valid_until} if official.valid_until else {})
