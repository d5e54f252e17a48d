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

from guyub.host import probing
from guyub.host.discovery import Candidate, candidates
from guyub.host.status import Fault, PluginStatus
from guyub.sdk.text import Text

_FATAL = frozenset({"host.hang", "host.exit"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of loading a plugin whose files lay as ``mark`` says; ``fault`` where it did harm."""

    mark: str
    fault: Fault | None = None


def barred(
    trusted: Path,
    say: Callable[[Text], None] = lambda _: None,
    *,
    off: Mapping[str, Fault] | None = None,
    seconds: float = probing.SECONDS,
) -> dict[str, Fault]:
    """By slug those that must not be imported here, each with its reason. ``trusted`` is a file that keeps what is known.

    ``off``: what somebody switched off, with the reason; as long as it is not trusted it is not even tried.
    """
    found = [one for one in candidates() if one.entry is not None]
    known = _standing(trusted, found)
    harmless = {slug for slug, one in known.items() if one.fault is None}
    fatal = {slug: one.fault for slug, one in known.items() if one.fault is not None}
    fatal |= {
        one.status.slug: off[one.status.slug] for one in found if off and one.status.slug in off.keys() - harmless
    }
    unknown = [one for one in found if one.status.slug not in harmless | fatal.keys()]
    if not unknown:
        return fatal
    names = ", ".join(one.status.slug for one in unknown)
    say(Text(id=f"Memeriksa plugin baru: {names} …", en=f"Checking new plugins: {names} …"))
    lying = {one.status.slug: fingerprint(one) for one in unknown}
    probed = [status for status, _ in probing.probe_together(unknown, seconds)]
    _learn(trusted, probed, lying)
    return fatal | _fatal(probed)


def looked_at(trusted: Path, seconds: float = probing.SECONDS) -> list[PluginStatus]:
    """The status of every installed plugin, each loaded in a process of its own, but for those that are known to do harm."""
    found = [one for one in candidates() if one.entry is not None]
    known = _standing(trusted, found)
    harmful = {slug: one.fault for slug, one in known.items() if one.fault is not None}
    lying = {one.status.slug: fingerprint(one) for one in found if one.status.slug not in harmful}
    statuses = probing.probe_all(seconds, harmful)
    _learn(trusted, [one for one in statuses if one.slug in lying], lying)
    return statuses


def _learn(file: Path, probed: Iterable[PluginStatus], lying: Mapping[str, str]) -> None:
    """``lying``: the marks of their files before they were loaded; one that changed meanwhile is looked at again."""
    statuses = {one.slug: one for one in probed}
    fatal = _fatal(statuses.values())
    _write(file, _read(file) | {slug: Verdict(lying[slug], fatal.get(slug)) for slug in statuses})


def forget(trusted: Path, slug: str) -> None:
    """One that did harm is looked at again, though no file of it changed: a slow day is no lasting judgement."""
    known = _read(trusted)
    if slug in known and known[slug].fault is not None:
        _write(trusted, {other: one for other, one in known.items() if other != slug})


def is_trusted(trusted: Path, slug: str) -> bool:
    """Whether a process that starts now imports the plugin without looking at it first. Nothing is imported."""
    found = [one for one in candidates() if one.entry is not None and one.status.slug == slug]
    return any(one.fault is None for one in _standing(trusted, found).values())


def fingerprint(candidate: Candidate) -> str:
    """Of what would be imported: versions, and the files of the package as they lie there. Empty where nobody can tell."""
    assert candidate.entry is not None
    top = candidate.entry.module.partition(".")[0]
    try:
        spec = find_spec(top)
    except Exception:  # a finder or a parent package may raise anything
        return ""
    if spec is None:
        return ""
    folders = [Path(one) for one in spec.submodule_search_locations or ()]
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


def _fatal(probed: Iterable[PluginStatus]) -> dict[str, Fault]:
    return {
        one.slug: Fault(one.code, one.reason, one.remedy)
        for one in probed
        if one.code in _FATAL and one.reason is not None and one.remedy is not None
    }


def _standing(file: Path, found: Iterable[Candidate]) -> dict[str, Verdict]:
    """Of these what is known and still holds, as no file changed since."""
    known = _read(file)
    marks = {one.status.slug: fingerprint(one) for one in found if one.status.slug in known}
    return {slug: known[slug] for slug, mark in marks.items() if mark and mark == known[slug].mark}


def _read(file: Path) -> dict[str, Verdict]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    read = {slug: _verdict(said) for slug, said in kept.items()} if isinstance(kept, dict) else {}
    return {slug: one for slug, one in read.items() if one is not None}


def _verdict(said: object) -> Verdict | None:
    match said:
        case str(mark):
            return Verdict(mark)
        case {
            "mark": str(mark),
            "code": str(code),
            "reason": {"id": str(why), "en": str(why_en)},
            "remedy": {"id": str(what), "en": str(what_en)},
        }:
            return Verdict(mark, Fault(code, Text(id=why, en=why_en), Text(id=what, en=what_en)))
    return None


def _told(one: Verdict) -> object:
    return one.mark if one.fault is None else {"mark": one.mark, **asdict(one.fault)}


def _write(file: Path, known: Mapping[str, Verdict]) -> None:
    """Whole or not at all; without it the next start looks again."""
    try:
        half = file.with_suffix(".new")
        half.write_text(
            json.dumps({slug: _told(one) for slug, one in known.items()}, indent=1, sort_keys=True), encoding="utf-8"
        )
        half.replace(file)
    except OSError:
        pass
