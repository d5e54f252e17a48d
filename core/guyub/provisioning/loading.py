"""Reads a folder: all that it declares, or every finding of every file at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import facility_checks, file_checks, file_text_checks
from guyub.provisioning.desired import DesiredState, desired_state
from guyub.provisioning.diagnostics import FilesRefused
from guyub.provisioning.file_models import FacilityFile, FileModel, NationalFile, RegionFile
from guyub.provisioning.files import SourceFile, sources
from guyub.provisioning.plugin_values import check_layer, layers_of
from guyub.ui.validation_messages import explain, outermost_left_out

M = TypeVar("M", bound=FileModel)


def load(folder: Path, plugins: PluginRegistry, region: str = "") -> DesiredState:
    """Returns what the files of a folder declare, checked against the plugins of this host; no database is asked.

    With ``region`` (its code) only that region's files are read, below those of the nation, and nothing else is spoken of.

    Raises ``FilesRefused`` with every finding of every file, and ``Refusal`` where there is no such folder.
    """
    source_files = sources(folder, region)
    national = next(source for source in source_files if source.kind == "national")
    regions = {source.code: source for source in source_files if source.kind == "region"}
    facilities = [source for source in source_files if source.kind == "facility"]
    national_file = _read(national, NationalFile)
    region_files = {code: _read(source, RegionFile) for code, source in regions.items()}
    facility_files = [_read(source, FacilityFile) for source in facilities]
    _check(plugins, national, regions, facilities)
    findings = [finding for source in source_files for finding in source.findings]
    if findings:
        raise FilesRefused(findings)
    assert national_file is not None
    declared = desired_state(
        (national, national_file),
        [(source, file) for source, file in zip(regions.values(), region_files.values(), strict=True) if file],
        [(source, file) for source, file in zip(facilities, facility_files, strict=True) if file],
    )
    return declared.of_region(region) if region else declared


def _read(source: SourceFile, model: type[M]) -> M | None:
    if source.data is None:
        return None
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        for item in outermost_left_out(error.errors(include_url=False)):
            source.fault(item["loc"], explain(model, item))
        return None


def _check(
    plugins: PluginRegistry, national: SourceFile, regions: Mapping[str, SourceFile], facilities: Sequence[SourceFile]
) -> None:
    roles = file_checks.facility_roles(national)
    file_checks.check_national(national, plugins)
    file_checks.check_codes(facilities)
    file_text_checks.check_letterheads(national, list(regions.values()), facilities)
    for source in (national, *regions.values(), *facilities):
        file_text_checks.check_values(source)
    facility_checks.check_places(regions, facilities)
    for source in (*regions.values(), *facilities):
        file_checks.check_letter_template(source)
    for source in facilities:
        file_checks.check_facility(source, roles)
    layers = {source: layers_of(source) for source in (national, *regions.values(), *facilities)}
    for source, by_slug in layers.items():
        above = _above(source, national, regions)
        all_read = all(source_file.data is not None for source_file in above)
        for slug, layer in by_slug.items():
            inherited = [layers[source_file][slug] for source_file in above if slug in layers[source_file]]
            check_layer(plugins, layer, inherited, all_read=all_read)


def _above(source: SourceFile, national: SourceFile, regions: Mapping[str, SourceFile]) -> list[SourceFile]:
    if source is national:
        return []
    in_region = source.kind == "facility" and source.region in regions
    return [national, regions[source.region]] if in_region else [national]
