"""Two facilities side by side: what is in effect at each, and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration.activations import RegionFacility, region_facilities
from guyub.configuration.many_tables import comparison
from guyub.configuration.merge import merged, shown
from guyub.configuration.pages.region_common import base_of, place_called
from guyub.configuration.pages.value_text import value_lines
from guyub.configuration.store import StoredAt, stored_at
from guyub.db.unit_of_work import Work
from guyub.http import Clock, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of

router = APIRouter(prefix="/region/{region}/configuration")

_RUNS = Text(id="Berjalan hari ini", en="Runs today")
_YES = {True: Text(id="ya", en="yes"), False: Text(id="tidak", en="no")}


@dataclass(frozen=True, slots=True)
class Side:
    value: tuple[Text, ...]
    origin: Text


@dataclass(frozen=True, slots=True)
class Pair:
    """One field at both facilities."""

    plugin: Text
    field: Text
    first: Side
    second: Side
    differs: bool


@router.get("/compare")
def compare(
    request: Request, work: RegionWork, plugins: Plugins, clock: Clock, a: str = "", b: str = "", same: str = ""
) -> Response:
    """Raises ``NotFound`` for a code that is no facility of this region."""
    office = work.office
    work.require("facilities.configure")
    today = clock.today(work)
    places = region_facilities(work, office.id, today)
    first, second = (place_called(code, places, office) for code in (a, b))
    pairs: list[Pair] = []
    refusals: list[Refusal] = []
    if first is not None and second is not None:
        runs = [frozenset(plugins.active(work, place.id, today)) for place in (first, second)]
        pairs, refusals = _pairs(plugins, _both(work, first, second, today), runs, today)
    kept = [pair for pair in pairs if pair.differs or same]
    return http.render(
        request,
        work,
        "configuration/compare.html",
        places=places,
        first=first,
        second=second,
        refusals=refusals,
        pairs=kept,
        comparison=comparison(first, second, kept) if first and second else None,
        count=len(pairs),
        same=same,
        url=base_of(office.code),
        a=a,
        b=b,
    )


def _both(work: Work, first: RegionFacility, second: RegionFacility, on: date) -> tuple[StoredAt, StoredAt]:
    return stored_at(work, first.id, on), stored_at(work, second.id, on)


def _pairs(
    plugins: PluginRegistry, both: tuple[StoredAt, StoredAt], runs: Sequence[frozenset[str]], on: date
) -> tuple[list[Pair], list[Refusal]]:
    """Returns whether each plugin that is ready runs, every field of it, and why some could not be read."""
    pairs: list[Pair] = []
    refusals: list[Refusal] = []
    for plugin in plugins.ready().values():
        here, there = (plugin.slug in run for run in runs)
        nowhere = Text(id="", en="")
        pairs.append(
            Pair(plugin.title, _RUNS, Side((_YES[here],), nowhere), Side((_YES[there],), nowhere), here != there)
        )
        try:
            pairs += _of(plugin, both, on)
        except Refusal as refusal:
            refusals.append(refusal)
    return pairs, refusals


def _of(plugin: Plugin, both: tuple[StoredAt, StoredAt], on: date) -> Sequence[Pair]:
    states = [merged(plugin, stored_at.of(plugin.slug), on) for stored_at in both]
    pairs = []
    for field in fields_of(plugin.config):
        left, other = (shown(plugin, state, field.name) for state in states)
        first, second = value_lines(field, left.value), value_lines(field, other.value)
        # As they are read: 5 and 5,0 are the same, and whether two secrets are alike is nobody's to see.
        pairs.append(
            Pair(
                plugin.title,
                field.title,
                Side(first, left.origin.sentence),
                Side(second, other.origin.sentence),
                first != second,
            )
        )
    return pairs
