"""Installations that a worker fills once: each test gets a copy of its own, which it may change as it likes.

To take Rutan Pekalongan through its month costs about a second; to copy the database of it costs 30 ms.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from guyub.db.installation import Installation


@dataclass(frozen=True, slots=True)
class Filled:
    """An installation that nobody is connected to, and what filling it returned."""

    installation: Installation
    outcome: Any = None


def copy_of(
    cluster: Any, contents: Hashable, fill: Callable[[Installation], Any], begin: Filled | None = None
) -> Filled:
    """A copy of what ``fill`` makes of a new installation, or of ``begin``; two of the same ``contents`` are alike."""
    template = cluster.templates.get(contents)
    if template is None:
        installation = cluster.copy(begin and begin.installation)
        template = cluster.templates[contents] = Filled(installation, fill(installation))
    return Filled(cluster.copy(template.installation), template.outcome)
