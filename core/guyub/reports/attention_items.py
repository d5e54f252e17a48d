"""Describes what needs attention: its level, its remedy and the page that fixes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guyub.sdk.panels import Tone
from guyub.sdk.text import Text

AttentionLevel = Literal["danger", "warning", "info"]
ORDER: tuple[AttentionLevel, ...] = ("danger", "warning", "info")
TONES: Mapping[Tone, AttentionLevel] = {"danger": "danger", "warning": "warning", "good": "info", "plain": "info"}


@dataclass(frozen=True, slots=True)
class AffectedRecord:
    """One of several records that a matter concerns, by name, with the page that fixes it."""

    name: str
    detail: Text
    url: str


@dataclass(frozen=True, slots=True)
class Attention:
    """``danger``: late or held up; ``warning``: somebody has to look; ``info``: somebody's turn. ``url`` may be empty. What waits
    for the reader's own decision (``decides``) stands before all else."""

    kind: AttentionLevel
    what: Text
    remedy: Text
    url: str = ""
    records: tuple[AffectedRecord, ...] = ()
    decides: bool = False

    @property
    def place(self) -> tuple[bool, int]:
        """Returns where it stands among others."""
        return not self.decides, ORDER.index(self.kind)
