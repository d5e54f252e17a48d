"""The consequences of a change: open months, money that waits, promises that were made. They are shown and block nothing.

The rooms that keep them stand above this one: each registers what it answers (``guyub.operations.consequences``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, null
from sqlalchemy.orm import Mapped

from guyub.db.unit_of_work import Work
from guyub.sdk.text import Text

ConsequenceKind = Literal["open_cycle", "fund", "promised", "one_approver"]
PluginAt = tuple[str, str]
"""The code of a facility and the slug of a plugin."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """``amount`` in rupiah, 0 where no money is meant; ``reference`` is the month of a cycle or the code of a fund.

    ``text`` is for where the facility's ``name`` stands beside it, ``text_of_many`` is about any number of facilities and takes
    their ``amount``.
    """

    facility: str
    name: str
    plugin: str
    kind: ConsequenceKind
    reference: str
    amount: int
    text: Text
    text_of_many: Text

    @property
    def sentence(self) -> Text:
        return Text.join(": ", (self.name, self.text))

    def as_json(self) -> dict[str, Any]:
        return {
            "facility": self.facility,
            "plugin": self.plugin,
            "kind": self.kind,
            "reference": self.reference,
            "amount": self.amount,
            "id": self.sentence.id,
            "en": self.sentence.en,
        }


@dataclass(frozen=True, slots=True)
class TouchedPlugins:
    """Holds what a plan touches: ``off`` are the plugins that are deactivated, ``changed``: those whose values in
    effect change, with the first month that this counts for. ``titles`` of the plugins by slug; ``values`` are what each field
    of ``changed`` becomes, the last where a field changes on several days."""

    titles: Mapping[str, Text]
    off: Set[PluginAt]
    changed: Mapping[PluginAt, date | None]
    values: Mapping[PluginAt, Mapping[str, object]] = field(default_factory=dict)

    @property
    def every(self) -> Set[PluginAt]:
        return self.off | self.changed.keys()

    def title(self, slug: str) -> Text:
        return self.titles.get(slug, Text.same(slug))


ConsequenceSource = Callable[[Work, TouchedPlugins], Iterable[Consequence]]
OpenedMonths = Callable[[Mapped[UUID]], ScalarSelect[Any]]
_SOURCES: list[ConsequenceSource] = []
_OPENED: list[OpenedMonths] = []


def register(source: ConsequenceSource, opened: OpenedMonths | None = None) -> None:
    """Adds what a room answers: the consequences that it knows of (one query at most, none where nothing is touched). The room
    that keeps months also gives a column: the months that were opened at a facility, a JSON array of slug and first day."""
    _SOURCES.append(source)
    if opened is not None:
        _OPENED.append(opened)


def consequences(work: Work, touched: TouchedPlugins) -> tuple[Consequence, ...]:
    """Returns what the rooms know; no query where nothing is touched."""
    if not touched.every:
        return ()
    return tuple(consequence for source in _SOURCES for consequence in source(work, touched))


def opened_months(facility_id: Mapped[UUID]) -> ColumnElement[Any]:
    """Returns the column of the months that were ever opened at a facility, in whatever state, to be read by ``months_of``."""
    return _OPENED[0](facility_id) if _OPENED else null()


def months_of(opened: Sequence[tuple[str, str]] | None) -> frozenset[tuple[str, date]]:
    return frozenset((slug, date.fromisoformat(month)) for slug, month in opened or ())
