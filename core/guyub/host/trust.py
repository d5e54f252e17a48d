"""Before other people's code is imported here: what is new or changed is loaded in another process first.

A plugin that ends its process, or never finishes, would take the server with it. What once loaded without that is trusted
as long as its files stay as they are, so that a start costs no probe.
"""

import json
import sys
from collections.abc import Callable, Mapping
from hashlib import blake2s
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from guyub.host import probing
from guyub.host.discovery import Candidate, candidates
from guyub.host.status import Fault
from guyub.sdk.text import Text

_FATAL = frozenset({"host.hang", "host.exit"})


def barred(
    trusted: Path,
    say: Callable[[Text], None] = lambda _: None,
    *,
    off: Mapping[str, Fault] | None = None,
    seconds: float = probing.SECONDS,
) -> dict[str, Fault]:
    """By slug those that must not be imported here, each with its reason. ``trusted`` is a file that keeps what is known.

    ``off``: what somebody switched off, with the reason; as long as it is not trusted it is not even tried. What failed is
    looked at again each time: a slow day is no lasting judgement.
    """
    known = _read(trusted)
    found = [one for one in candidates() if one.entry is not None]
    marks = {one.status.slug: fingerprint(one) for one in found}
    untrusted = [
        one for one in found if not marks[one.status.slug] or known.get(one.status.slug) != marks[one.status.slug]
    ]
    fatal = {one.status.slug: off[one.status.slug] for one in untrusted if off and one.status.slug in off}
    unknown = [one for one in untrusted if one.status.slug not in fatal]
    if not unknown:
        return fatal
    names = ", ".join(one.status.slug for one in unknown)
    say(Text(id=f"Memeriksa plugin baru: {names} …", en=f"Checking new plugins: {names} …"))
    for status, _ in probing.probe_together(unknown, seconds):
        if status.code in _FATAL and status.reason is not None and status.remedy is not None:
            fatal[status.slug] = Fault(status.code, status.reason, status.remedy)
            known.pop(status.slug, None)
        else:
            known[status.slug] = marks[status.slug]
    _write(trusted, known)
    return fatal


def is_trusted(trusted: Path, slug: str) -> bool:
    """Whether a process that starts now imports the plugin without looking at it first. Nothing is imported."""
    known = _read(trusted).get(slug)
    return any(one.entry and one.status.slug == slug and fingerprint(one) == known for one in candidates())


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


def _read(file: Path) -> dict[str, str]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {slug: mark for slug, mark in kept.items() if isinstance(mark, str)} if isinstance(kept, dict) else {}


def _write(file: Path, known: Mapping[str, str]) -> None:
    """Whole or not at all; without it the next start looks again."""
    try:
        half = file.with_suffix(".new")
        half.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
        half.replace(file)
    except OSError:
        pass
