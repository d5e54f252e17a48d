"""The folder of files: where it is, what lies in it, and the text of each file with its place."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from guyub.facilities.records import FACILITY_CODE, REGION_CODE
from guyub.provisioning import toml_positions, toml_reading
from guyub.provisioning.diagnostics import FileProblem
from guyub.provisioning.refusals import ProvisioningRefusal
from guyub.sdk.text import Text

NATIONAL = "national.toml"
REGION = "region.toml"
NO_UTF8 = Text(
    id="Berkas bukan teks UTF-8; simpan ulang sebagai UTF-8.", en="The file is no UTF-8 text; save it as such."
)


@dataclass(eq=False)
class SourceFile:
    """One file. ``code`` is that of the facility or region it is about; ``data`` is None where it could not be read."""

    label: str
    kind: Literal["national", "region", "facility"]
    region: str
    code: str
    text: str = ""
    data: dict[str, Any] | None = None
    findings: list[FileProblem] = field(default_factory=list)

    def fault(self, path: toml_positions.Path, sentence: Text) -> None:
        """Notes a finding at a key; the same one is noted once."""
        self.fault_at(toml_positions.line_of(self._lines, path), sentence)

    def fault_at(self, line: int, sentence: Text) -> None:
        finding = FileProblem(self.label, line, sentence)
        if finding not in self.findings:
            self.findings.append(finding)

    @cached_property
    def _lines(self) -> dict[toml_positions.Path, int]:
        return toml_positions.scan(self.text) if self.data is not None else {}


def packaged_folder() -> Path:
    """Returns the files that come with Guyub: packed into its wheel, or beside ``core/`` in its repository."""
    packed = Path(str(resources.files("guyub.provisioning"))) / "data"
    beside = Path(str(resources.files("guyub"))).parents[1] / "facilities"
    for folder in (packed, beside):
        if folder.is_dir():
            return folder
    raise ProvisioningRefusal.NO_DATA.refusal()


def sources(folder: Path, region: str = "") -> list[SourceFile]:
    """Returns every ``.toml`` file of the folder, in the order of paths; a file in the wrong place or name carries a
    finding.

    With ``region`` (its code) only ``national.toml`` and what lies in the folder of that region.

    So does what was meant as one and cannot be read; folders that are links are followed, and what begins with a dot is
    passed over. Raises ``Refusal`` when there is no such folder.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise ProvisioningRefusal.NO_FOLDER.refusal(folder=folder)
    paths = sorted(_meant(root))
    if region:
        paths = [path for path in paths if path.parts[0] == region or path.as_posix().lower() == NATIONAL]
        if not any(path.parts[0] == region for path in paths):
            known = ", ".join(sorted(item.name for item in root.iterdir() if item.is_dir()))
            raise ProvisioningRefusal.NO_REGION.refusal(folder=folder, region=region, known=known)
    source_files = [_source(root, path) for path in paths]
    return [*source_files, *_missing(root, source_files)]


def _meant(root: Path) -> Iterator[Path]:
    """Yields what is or was meant as one of our files, relative to ``root``; folders that cannot be listed as well."""
    unlisted: list[Path] = []
    for place, folders, files in os.walk(
        root, onerror=lambda error: unlisted.append(Path(error.filename)), followlinks=True
    ):
        here = Path(place)
        named = {name: _MEANT.search(name) is not None for name in (*folders, *files) if not name.startswith(".")}
        yield from ((here / name).relative_to(root) for name, is_meant in named.items() if is_meant)
        folders[:] = [folder for folder in folders if named.get(folder) is False and not _is_above(here / folder)]
    yield from (path.relative_to(root) for path in unlisted)


def _is_above(folder: Path) -> bool:
    """Returns whether a link leads back to a folder that it lies in."""
    return folder.is_symlink() and folder.resolve() in (folder.absolute(), *folder.absolute().parents)


def _source(root: Path, path: Path) -> SourceFile:
    label = f"{root.name}/{path.as_posix()}"
    place = path.parts[0] if len(path.parts) > 1 else ""
    source = SourceFile(label, "facility", place, _MEANT.sub("", path.name))
    if len(path.parts) == 1 and path.name.lower() == NATIONAL:
        source = SourceFile(label, "national", "", "national")
    elif len(path.parts) == 2 and path.name.lower() == REGION:
        source = SourceFile(label, "region", place, place)
    finding = _of_the_name(root, path)
    if finding is not None:
        source.fault_at(1, finding)
        return source
    if source.kind != "national":
        _check_code(source, REGION_CODE if source.kind == "region" else FACILITY_CODE)
    if source.kind == "facility" and len(path.parts) != 2:
        source.fault_at(
            1,
            Text(
                id="Berkas UPT berada langsung di dalam folder wilayahnya, misalnya {root}/jawa-tengah/{name}.",
                en="The file of a facility lies directly in the folder of its region, as {root}/jawa-tengah/{name}.",
            ).format(root=root.name, name=path.name),
        )
    _read(source, root / path)
    return source


def _of_the_name(root: Path, path: Path) -> Text | None:
    """Returns what keeps it from being one of our files at all."""
    right = _MEANT.sub(".toml", path.name)
    if right.lower() in (NATIONAL, REGION):
        right = right.lower()
    if not (root / path).exists():
        return _NO_TARGET
    if not (root / path).is_file():
        return _NO_FILE if _MEANT.search(path.name) else _UNLISTED
    return _RENAME.format(name=right) if path.name != right else None


_MEANT = re.compile(r"\.toml(\.txt)?$", re.IGNORECASE)
"""Editors on Windows hide ``.txt``, and add it."""
_RENAME = Text(
    id="Berkas ini tidak terbaca dengan nama itu; ganti namanya menjadi {name}.",
    en="This file is not read under that name; rename it to {name}.",
)
_NO_TARGET = Text(
    id="Tautan ini menunjuk ke berkas yang tidak ada; perbaiki atau hapus tautannya.",
    en="This link leads to no file; fix or remove the link.",
)
_NO_FILE = Text(
    id="Ini bukan berkas biasa; ganti namanya agar tidak berakhir dengan .toml.",
    en="This is no plain file; give it a name that does not end in .toml.",
)
_UNLISTED = Text(
    id="Isi folder ini tidak dapat dibaca; periksa izinnya.",
    en="What lies in this folder cannot be read; check its permissions.",
)


def _check_code(source: SourceFile, pattern: str) -> None:
    if not re.fullmatch(pattern, source.code):
        source.fault_at(
            1,
            Text(
                id="Kode “{code}” tidak dapat dipakai; gunakan huruf kecil, angka dan tanda hubung, misalnya rutan-kudus.",
                en="The code “{code}” cannot be used; take lower-case letters, digits and hyphens, as rutan-kudus.",
            ).format(code=source.code),
        )


def _read(source: SourceFile, path: Path) -> None:
    try:
        # Editors on Windows put a mark in front of UTF-8, which TOML does not allow.
        source.text = path.read_text(encoding="utf-8-sig")
        source.data = toml_reading.read(source.text)
    except OSError as error:
        source.fault_at(
            1,
            Text(id="Berkas tidak dapat dibaca ({reason}).", en="The file cannot be read ({reason}).").format(
                reason=error.strerror
            ),
        )
    except UnicodeDecodeError as error:
        source.fault_at(
            error.object.count(b"\n", 0, error.start) + 1,
            NO_UTF8,
        )
    except toml_reading.NotRead as error:
        source.fault_at(error.line, error.sentence)


def _missing(root: Path, source_files: list[SourceFile]) -> Iterator[SourceFile]:
    regions = {source.region for source in source_files if source.kind == "region"}
    if not any(source.kind == "national" for source in source_files):
        yield _absent(SourceFile(f"{root.name}/{NATIONAL}", "national", "", "national"))
    for region in sorted({source.region for source in source_files if source.region} - regions):
        yield _absent(SourceFile(f"{root.name}/{region}/{REGION}", "region", region, region))


def _absent(source: SourceFile) -> SourceFile:
    source.fault_at(
        1,
        Text(id="Berkas ini belum ada; setiap folder memerlukannya.", en="This file is missing; each folder needs it."),
    )
    return source
