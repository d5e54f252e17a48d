"""What to add to a history that is never rewritten, so that a value holds from a day on."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from guyub.provisioning.declared import Setting


def steps(timeline: Sequence[Setting], want: Setting, *, unset: Any) -> Iterator[tuple[Setting | None, Setting]]:
    """The settings to add, in the order of their days, each with the one that holds on its day so far.

    ``timeline`` is in the order of days; ``unset`` is what holds before the first. One step is enough unless values were
    recorded for later days: each of these is overruled on its own day.
    """
    later = [known.valid_from for known in timeline if known.valid_from > want.valid_from]
    for day in (want.valid_from, *later):
        have = next((known for known in reversed(timeline) if known.valid_from <= day), None)
        if not _is_same(have or Setting(unset, day), want):
            yield have, replace(want, valid_from=day)


def _is_same(have: Setting, want: Setting) -> bool:
    # As JSON: to Python true is 1 and 5 is 5.0.
    same_value = json.dumps(have.value, sort_keys=True) == json.dumps(want.value, sort_keys=True)
    return same_value and have.locked == want.locked
