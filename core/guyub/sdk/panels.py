"""Cards, panels and items that plugins add to pages of the core. Paths are of the plugin's own pages ("/collections"); they
are shown as links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from guyub.sdk.checks import require
from guyub.sdk.text import Text

Tone = Literal["plain", "good", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card or panel: what, and its value as it is shown (``format_rupiah`` and the like)."""

    label: Text
    value: Text | str

    def __post_init__(self) -> None:
        require(isinstance(self.label, Text), f"a line's label is a Text, not {self.label!r}")
        require(isinstance(self.value, Text) or type(self.value) is str, f"a line's value is text, not {self.value!r}")


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the facility's dashboard: one figure that matters, and up to a few lines."""

    title: Text
    figure: Text | str = ""
    lines: Sequence[Line] = ()
    path: str = ""
    tone: Tone = "plain"

    def __post_init__(self) -> None:
        _check(self.title, self.path, self.tone)
        require(
            isinstance(self.figure, Text) or type(self.figure) is str, f"a card's figure is text, not {self.figure!r}"
        )
        object.__setattr__(self, "lines", tuple(self.lines))
        require(all(isinstance(line, Line) for line in self.lines), "a card's lines are guyub.sdk.Line")


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel on the page of one household, for those who may read it."""

    title: Text
    lines: Sequence[Line]
    path: str = ""

    def __post_init__(self) -> None:
        _check(self.title, self.path, "plain")
        object.__setattr__(self, "lines", tuple(self.lines))
        require(all(isinstance(line, Line) for line in self.lines), "a panel's lines are guyub.sdk.Line")


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """Something that somebody should do soon, with the page where they can."""

    text: Text
    path: str = ""
    tone: Tone = "warning"

    def __post_init__(self) -> None:
        _check(self.text, self.path, self.tone)


@dataclass(frozen=True, slots=True)
class AttentionAt:
    """An item of one facility, by its id, as the office above is shown it."""

    facility_id: UUID
    item: AttentionItem

    def __post_init__(self) -> None:
        require(isinstance(self.facility_id, UUID), f"a facility is named by its id, not {self.facility_id!r}")
        require(isinstance(self.item, AttentionItem), f"an item is an AttentionItem, not {self.item!r}")


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing that the plugin depends on, and whether it is well; ``remedy`` is shown when it is not."""

    what: Text
    ok: bool
    remedy: Text | None = None

    def __post_init__(self) -> None:
        require(isinstance(self.what, Text), f"a check says a Text, not {self.what!r}")
        require(isinstance(self.ok, bool), f"a check is ok or not, not {self.ok!r}")
        require(self.ok or isinstance(self.remedy, Text), "a failed check names its remedy, a Text")


@dataclass(frozen=True, slots=True)
class Blocker:
    """A reason why a plugin cannot be deactivated at a facility now, and what has to be done first."""

    text: Text
    remedy: Text

    def __post_init__(self) -> None:
        require(isinstance(self.text, Text), f"a blocker says a Text, not {self.text!r}")
        require(isinstance(self.remedy, Text), f"a blocker's remedy is a Text, not {self.remedy!r}")


def _check(text: Text, path: str, tone: str) -> None:
    require(isinstance(text, Text), f"what staff read is a Text, not {text!r}")
    require(not path or path.startswith("/"), f'a path begins with "/", unlike {path!r}')
    require(tone in get_args(Tone), f"no such tone: {tone!r}")
