"""Reading a folder: every mistake of every file at once, or all that it declares."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from guyub.host.plugin_host import PluginHost
from guyub.provisioning import checks, place_checks, text_checks
from guyub.provisioning.declarations import Declaration, FacilityFile, NationalFile, RegionFile
from guyub.provisioning.declared import Declared, declared
from guyub.provisioning.folder import Source, sources
from guyub.provisioning.mistakes import FilesRefused
from guyub.provisioning.plugin_values import check_layer, layers_of
from guyub.ui.sentences import explain, outermost_left_out

M = TypeVar("M", bound=Declaration)


def load(folder: Path, host: PluginHost) -> Declared:
    """What the files of a folder declare, checked against the plugins of this host; no database is asked.

    Raises ``FilesRefused`` with every mistake of every file, and ``Refusal`` where there is no such folder.
    """
    found = sources(folder)
    national = next(source for source in found if source.kind == "national")
    regions = {source.code: source for source in found if source.kind == "region"}
    facilities = [source for source in found if source.kind == "facility"]
    national_file = _read(national, NationalFile)
    region_files = {code: _read(source, RegionFile) for code, source in regions.items()}
    facility_files = [_read(source, FacilityFile) for source in facilities]
    _check(host, national, regions, facilities)
    mistakes = [mistake for source in found for mistake in source.mistakes]
    if mistakes:
        raise FilesRefused(mistakes)
    assert national_file is not None
    return declared(
        (national, national_file),
        [(source, file) for source, file in zip(regions.values(), region_files.values(), strict=True) if file],
        [(source, file) for source, file in zip(facilities, facility_files, strict=True) if file],
    )


def _read(source: Source, model: type[M]) -> M | None:
    if source.data is None:
        return None
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        for one in outermost_left_out(error.errors(include_url=False)):
            source.fault(one["loc"], explain(model, one))
        return None


def _check(host: PluginHost, national: Source, regions: Mapping[str, Source], facilities: Sequence[Source]) -> None:
    roles = checks.facility_roles(national)
    checks.check_national(national, host)
    checks.check_codes(facilities)
    text_checks.check_letterheads(national, list(regions.values()), facilities)
    for source in (national, *regions.values(), *facilities):
        text_checks.check_values(source)
    place_checks.check_places(regions, facilities)
    for source in (*regions.values(), *facilities):
        checks.check_letter_template(source)
    for source in facilities:
        checks.check_facility(source, roles)
    layers = {source: layers_of(source) for source in (national, *regions.values(), *facilities)}
    for source, by_slug in layers.items():
        above = _above(source, national, regions)
        all_read = all(one.data is not None for one in above)
        for slug, layer in by_slug.items():
            inherited = [layers[one][slug] for one in above if slug in layers[one]]
            check_layer(host, layer, inherited, all_read=all_read)


def _above(source: Source, national: Source, regions: Mapping[str, Source]) -> list[Source]:
    if source is national:
        return []
    in_region = source.kind == "facility" and source.region in regions
    return [national, regions[source.region]] if in_region else [national]
