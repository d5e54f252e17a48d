"""Which distributions offer a plugin, from their metadata alone: nothing of theirs is imported, no broken one hides others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distributions, version

from packaging.requirements import InvalidRequirement, Requirement

from guyub.plugins import status as words
from guyub.plugins.status import PluginStatus, QuarantineReason
from guyub.sdk.text import Text

ENTRY_POINT_GROUP = "guyub"


@dataclass(frozen=True, slots=True)
class DiscoveredPlugin:
    """A slug that distributions offer. ``fault`` is what their metadata already tells; otherwise ``entry`` may be loaded."""

    status: PluginStatus
    entry: EntryPoint | None
    fault: QuarantineReason | None = None


def installed() -> list[EntryPoint]:
    """Returns the entry points of what may be loaded, in the order of their slugs."""
    return [candidate.entry for candidate in candidates() if candidate.entry is not None]


def candidates() -> list[DiscoveredPlugin]:
    """Returns the plugins in the order of their slugs; a distribution whose metadata cannot be read stands under its own
    name."""
    entries: list[EntryPoint] = []
    unreadable: list[DiscoveredPlugin] = []
    for distribution in _distributions():
        try:
            entries += [entry for entry in distribution.entry_points if entry.group == ENTRY_POINT_GROUP]
        except Exception as error:  # a file that somebody wrote by hand may be anything
            unreadable.append(_unreadable(distribution, error))
    return sorted([*of_entries(entries), *unreadable], key=lambda item: item.status.slug)


def of_entries(entries: list[EntryPoint]) -> list[DiscoveredPlugin]:
    """Returns one candidate for each slug. A slug that two distributions claim is refused to both."""
    by_slug: dict[str, dict[tuple[str, str], EntryPoint]] = {}
    for entry in entries:
        by_slug.setdefault(entry.name, {})[_name_of(entry.dist), entry.value] = entry
    return [_candidate(slug, list(claims.values())) for slug, claims in sorted(by_slug.items())]


def _candidate(slug: str, claims: list[EntryPoint]) -> DiscoveredPlugin:
    names = [_name_of(claim.dist) for claim in claims]
    versions = [_version_of(claim.dist) for claim in claims]
    status = PluginStatus(slug, ", ".join(names), ", ".join(versions), "ready")
    if len(claims) > 1:
        fault: QuarantineReason | None = words.claimed_twice(slug, names)
    else:
        lacking = list(_lacking(claims[0].dist))
        fault = words.lacks_distributions(lacking) if lacking else None
    if fault is not None:
        return DiscoveredPlugin(words.quarantined(status, fault), None, fault)
    return DiscoveredPlugin(status, claims[0])


def _distributions() -> Iterator[Distribution]:
    """Yields the distributions with plugins, each once: what comes first on the path hides what comes later, as when
    importing."""
    seen: set[str] = set()
    for distribution in distributions():
        name = _name_of(distribution).lower().replace("-", "_")
        if name in seen:
            continue
        seen.add(name)
        try:
            declared = distribution.read_text("entry_points.txt") or ""
        except (OSError, UnicodeDecodeError):
            continue
        if f"[{ENTRY_POINT_GROUP}]" in declared:
            yield distribution


def _lacking(distribution: Distribution | None) -> Iterator[str]:
    """Requirements of the distribution that are not met, as they stand in its metadata."""
    for line in (distribution.requires or ()) if distribution else ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            if requirement.specifier.contains(version(requirement.name), prereleases=True):
                continue
        except PackageNotFoundError:
            pass
        yield f"{requirement.name}{requirement.specifier}"


def _unreadable(distribution: Distribution, error: Exception) -> DiscoveredPlugin:
    name = _name_of(distribution)
    status = PluginStatus(name, name, _version_of(distribution), "ready")
    fault = words.import_failed(status, error)
    fault = replace(
        fault,
        code="host.metadata",
        reason=Text(
            id="Berkas entry_points.txt-nya tidak dapat dibaca.", en="Its file entry_points.txt cannot be read."
        ),
    )
    return DiscoveredPlugin(words.quarantined(status, fault), None, fault)


def _name_of(distribution: Distribution | None) -> str:
    # Without a METADATA file there is no name, whatever the types say.
    name: str | None = distribution.metadata["Name"] if distribution else None
    return name or "?"


def _version_of(distribution: Distribution | None) -> str:
    version: str | None = distribution.metadata["Version"] if distribution else None
    return version or "?"
