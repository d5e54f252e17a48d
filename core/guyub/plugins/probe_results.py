"""Before other people's code is imported here: what is new or changed is loaded in another process first.

A plugin that ends its process, or never finishes, would take the server with it. What once loaded without that is trusted
as long as its files stay as they are, so that a start costs no probe; what did not is remembered just as long, with its
reason, so that nobody waits for it twice.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2s
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from guyub.plugins import probing
from guyub.plugins.discovery import DiscoveredPlugin, candidates
from guyub.plugins.status import PluginStatus, QuarantineReason
from guyub.sdk.text import Text

_FATAL = frozenset({"host.hang", "host.exit"})


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Holds what came of loading a plugin whose files lay as ``mark`` says; ``fault`` where it did harm."""

    mark: str
    fault: QuarantineReason | None = None


def blocked_plugins(
    trusted: Path,
    say: Callable[[Text], None] = lambda _: None,
    *,
    off: Mapping[str, QuarantineReason] | None = None,
    seconds: float = probing.SECONDS,
) -> dict[str, QuarantineReason]:
    """Returns by slug the plugins that must not be imported here, each with its reason. ``trusted`` is a file that keeps
    what is known.

    ``off``: what somebody disabled, with the reason; as long as it is not trusted it is not even tried.
    """
    with_entry = [candidate for candidate in candidates() if candidate.entry is not None]
    known = _standing(trusted, with_entry)
    harmless = {slug for slug, result in known.items() if result.fault is None}
    fatal = {slug: result.fault for slug, result in known.items() if result.fault is not None}
    fatal |= {
        discovered.status.slug: off[discovered.status.slug]
        for discovered in with_entry
        if off and discovered.status.slug in off.keys() - harmless
    }
    unknown = [discovered for discovered in with_entry if discovered.status.slug not in harmless | fatal.keys()]
    if not unknown:
        return fatal
    names = ", ".join(discovered.status.slug for discovered in unknown)
    say(Text(id="Memeriksa plugin baru: {names} …", en="Checking new plugins: {names} …").format(names=names))
    lying = {discovered.status.slug: fingerprint(discovered) for discovered in unknown}
    probed = [status for status, _ in probing.probe_together(unknown, seconds)]
    _learn(trusted, probed, lying)
    return fatal | _fatal(probed)


def looked_at(trusted: Path, seconds: float = probing.SECONDS) -> list[PluginStatus]:
    """Returns the status of every installed plugin, each loaded in a process of its own, but for those that are known to do
    harm."""
    with_entry = [candidate for candidate in candidates() if candidate.entry is not None]
    known = _standing(trusted, with_entry)
    harmful = {slug: result.fault for slug, result in known.items() if result.fault is not None}
    lying = {
        discovered.status.slug: fingerprint(discovered)
        for discovered in with_entry
        if discovered.status.slug not in harmful
    }
    statuses = probing.probe_all(seconds, harmful)
    _learn(trusted, [status for status in statuses if status.slug in lying], lying)
    return statuses


def _learn(file: Path, probed: Iterable[PluginStatus], lying: Mapping[str, str]) -> None:
    """Records what a probe showed.

    ``lying``: the marks of their files before they were loaded; one that changed meanwhile is looked at again.
    """
    statuses = {status.slug: status for status in probed}
    fatal = _fatal(statuses.values())
    _write(file, _read(file) | {slug: ProbeResult(lying[slug], fatal.get(slug)) for slug in statuses})


def forget(trusted: Path, slug: str) -> None:
    """Forgets a result: a plugin that did harm is looked at again, though no file of it changed: a slow day is no
    lasting judgement."""
    known = _read(trusted)
    if slug in known and known[slug].fault is not None:
        _write(trusted, {other: result for other, result in known.items() if other != slug})


def is_trusted(trusted: Path, slug: str) -> bool:
    """Returns whether a process that starts now imports the plugin without looking at it first. Nothing is imported."""
    with_entry = [
        candidate for candidate in candidates() if candidate.entry is not None and candidate.status.slug == slug
    ]
    return any(probe_result.fault is None for probe_result in _standing(trusted, with_entry).values())


def fingerprint(candidate: DiscoveredPlugin) -> str:
    """Returns a mark of what would be imported: versions, and the files of the package as they lie there. Empty where
    nobody can tell."""
    assert candidate.entry is not None
    top = candidate.entry.module.partition(".")[0]
    try:
        spec = find_spec(top)
    except Exception:  # a finder or a parent package may raise anything
        return ""
    if spec is None:
        return ""
    folders = [Path(location) for location in spec.submodule_search_locations or ()]
    files = [file for folder in folders for file in folder.rglob("*.py")] or [Path(spec.origin or "")]
    status = candidate.status
    mark = blake2s(
        f"{sys.version} {version('guyub')} {status.distribution} {status.version} {candidate.entry.value}".encode()
    )
    try:
        for file in sorted(files):
            there = file.stat()
            mark.update(f"{file} {there.st_mtime_ns} {there.st_size}\n".encode())
    except OSError:
        return ""
    return mark.hexdigest()


def _fatal(probed: Iterable[PluginStatus]) -> dict[str, QuarantineReason]:
    return {
        status.slug: QuarantineReason(status.code, status.reason, status.remedy)
        for status in probed
        if status.code in _FATAL and status.reason is not None and status.remedy is not None
    }


def _standing(file: Path, discovered: Iterable[DiscoveredPlugin]) -> dict[str, ProbeResult]:
    """Returns what is known of these plugins and still holds, as no file changed since."""
    known = _read(file)
    marks = {
        discovered.status.slug: fingerprint(discovered) for discovered in discovered if discovered.status.slug in known
    }
    return {slug: known[slug] for slug, mark in marks.items() if mark and mark == known[slug].mark}


def _read(file: Path) -> dict[str, ProbeResult]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    read = {slug: _verdict(stored) for slug, stored in kept.items()} if isinstance(kept, dict) else {}
    return {slug: result for slug, result in read.items() if result is not None}


def _verdict(stored: object) -> ProbeResult | None:
    match stored:
        case str(mark):
            return ProbeResult(mark)
        case {
            "mark": str(mark),
            "code": str(code),
            "reason": {"id": str(why), "en": str(why_en)},
            "remedy": {"id": str(what), "en": str(what_en)},
        }:
            return ProbeResult(mark, QuarantineReason(code, Text(id=why, en=why_en), Text(id=what, en=what_en)))
    return None


def _as_json(result: ProbeResult) -> object:
    return result.mark if result.fault is None else {"mark": result.mark, **asdict(result.fault)}


def _write(file: Path, known: Mapping[str, ProbeResult]) -> None:
    """Writes the results whole or not at all; without it the next start looks again."""
    try:
        half = file.with_suffix(".new")
        half.write_text(
            json.dumps({slug: _as_json(result) for slug, result in known.items()}, indent=1, sort_keys=True),
            encoding="utf-8",
        )
        half.replace(file)
    except OSError:
        pass
