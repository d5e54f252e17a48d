"""The resolver and the lock, proven against a model that knows nothing of them: random layers, locks, days, resets, moves."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from guyub.configuration import resolution
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.merge import ValueOrigin, merged
from guyub.configuration.state import configuration_state
from guyub.db.errors import refusal_of
from guyub.db.unit_of_work import Work
from guyub.facilities import service
from guyub.sdk import Config, Invalid, Plugin, Text, field
from tests import places
from tests.stored_values import set_values

LAYERS = ("national", "region", "facility")
HOME, AWAY = "jawa-tengah", "contoh"
FIRST = date(2025, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(6)]
DEFAULT = -1


def words(id: str) -> Text:
    return Text(id=id, en=id)


class PairConfig(Config):
    left: int = field(words("Kiri"), help=words("Kiri."), default=DEFAULT)
    right: int = field(words("Kanan"), help=words("Kanan."), default=DEFAULT)


class Pair(Plugin):
    slug = "pair_contoh"
    title = words("Pasangan contoh")
    summary = words("Hanya untuk pengujian.")
    config = PairConfig


@dataclass(frozen=True)
class Write:
    """``value`` None takes back; ``region`` is whose value it is at the layer of that name."""

    layer: str
    field: str
    value: int | None
    locked: bool
    day: date
    region: str = ""


@dataclass(frozen=True)
class Move:
    """The facility comes under a region."""

    region: str
    day: date


writes = st.builds(
    Write,
    layer=st.sampled_from(LAYERS),
    field=st.sampled_from(("left", "right")),
    value=st.none() | st.integers(0, 99),
    locked=st.booleans(),
    day=st.sampled_from(DAYS),
    region=st.sampled_from((HOME, AWAY)),
)
moves = st.builds(Move, region=st.sampled_from((HOME, AWAY)), day=st.sampled_from(DAYS))
stories = st.lists(writes | writes | writes | moves, max_size=16)


class Model:
    """A list of what was accepted, and a person who reads it from the first line to the last."""

    def __init__(self) -> None:
        self.accepted: list[Write] = []
        self.moved: list[Move] = [Move(HOME, date.min)]

    def can_move(self, wanted: Move) -> bool:
        """After the last move, as the same day told again means today; and staying is none."""
        return wanted.day > self.moved[-1].day and wanted.region != self.moved[-1].region

    def region_on(self, day: date) -> str:
        return [item.region for item in self.moved if item.day <= day][-1]

    def said_by(self, layer: str, name: str, on: date) -> tuple[int, Write] | None:
        said = None
        for number, one in enumerate(self.accepted):
            if one.layer != layer or one.field != name or one.day > on:
                continue
            if layer == "region" and one.region != self.region_on(on):
                continue
            if said is None or one.day >= said[1].day:
                said = (number, one)
        return said

    def refuses(self, wanted: Write) -> bool:
        if wanted.value is None:
            return False
        above = LAYERS[: LAYERS.index(wanted.layer)]
        said = [self.said_by(layer, wanted.field, wanted.day) for layer in above]
        return any(item is not None and item[1].locked for item in said)

    def answer(self, name: str, on: date) -> tuple[int, str, bool, str]:
        """Value, layer, whether it is locked, and which write it comes from."""
        answer: tuple[int, str, bool, str] = (DEFAULT, "default", False, "")
        for layer in LAYERS:
            said = self.said_by(layer, name, on)
            if said is None or said[1].value is None:
                continue
            answer = (said[1].value, layer, said[1].locked, str(said[0]))
            if said[1].locked:
                break
        return answer


def tidy(one: Write) -> Write:
    """A facility locks nothing and nobody locks what has no value: the database has a check for it."""
    locked = one.locked and one.layer != "facility" and one.value is not None
    return Write(one.layer, one.field, one.value, locked, one.day, one.region)


def _recorded(work: Work, one: Write, reason: str, place: dict[str, Any]) -> bool:
    """Tries it; whether the database refused it, for its lock."""
    locked = frozenset({one.field} if one.locked else ())
    try:
        with work.session.begin_nested():
            set_values(
                work, "pair_contoh", {one.field: one.value}, valid_from=one.day, reason=reason, locked=locked, **place
            )
    except DBAPIError as error:
        refusal = refusal_of(error)
        if not (isinstance(refusal, Invalid) and refusal.code == "host.locked"):
            raise
        return True
    return False


def _moved(work: Work, one: Move) -> None:
    service.save_facilities(
        work, [replace(places.record_in(work, work.here.code), region=one.region, name_from=one.day)]
    )


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
def test_every_field_on_every_day_is_what_the_model_says_and_the_database_refuses_what_it_refuses(database, story):
    model = Model()
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        service.save_regions(work, [places.ANOTHER_REGION])
        regions = dict(work.run("SELECT code, id FROM guyub.region").all())
        for item in story:
            if isinstance(item, Move):
                if model.can_move(item):
                    _moved(work, item)
                    model.moved.append(item)
                continue
            wanted = tidy(item)
            layers: dict[str, dict[str, Any]] = {
                "national": {},
                "region": {"region_id": regions[wanted.region]},
                "facility": {"facility_id": work.here.id},
            }
            refused = _recorded(work, wanted, str(len(model.accepted)), layers[wanted.layer])
            assert refused == model.refuses(wanted)
            if not refused:
                model.accepted.append(wanted)
        world = configuration_state(work, plugin_registry([]))
        for day in (FIRST - timedelta(days=1), *DAYS):
            found = resolution.resolve(work, Pair(), work.here.id, day)
            layers = world.layers(world.units[work.here.code], "pair_contoh")
            state = merged(Pair(), layers.on(day), day)
            for name in ("left", "right"):
                origin = found.origins[name]
                answer = (getattr(found.config, name), origin.layer, origin.locked, origin.reason)
                assert answer == model.answer(name, day)
                assert state.origins.get(name, ValueOrigin("default")) == origin, "as previews and plans see it"
        work.session.rollback()
