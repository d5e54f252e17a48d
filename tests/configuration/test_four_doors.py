"""The same change through a plugin's page, the page of many facilities, the API (a session, a token) and the files: what is
previewed, objected to, recorded, listed in the history and taken back is the same."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

import pytest
import tomlkit

from guyub.access import tokens
from guyub.app import create_app
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.plan_history import AppliedPlan, applied
from guyub.configuration.planning import apply_requests, plan_requests
from guyub.configuration.revert import plan_revert, revert
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import apply, load, plan
from guyub.provisioning.export import export
from tests import places
from tests.configuration.test_configuration_of_a_region import fields_of
from tests.conftest import Acting
from tests.visits import NewVisitor, hidden_in, text_of, visitors

TODAY = date(2026, 12, 2)
NOV, DEC = date(2026, 11, 1), date(2026, 12, 2)
JAN, FEB, MARCH = (date(2027, month, 1) for month in (1, 2, 3))
HERE, BESIDE = "rutan-demak", "rutan-blora"
"""Neither runs the programme yet, nor has a value of its own; at the second the engine is asked without any door."""


@dataclass(frozen=True)
class Act:
    """A value of the quota (None: inherited again), locked or not, or a switch, from a day on."""

    on: date
    value: Any = None
    locked: bool = False
    active: bool | None = None


def lock(on: date, value: Any) -> Act:
    return Act(on, value, locked=True)


ON, OFF = Act(JAN, active=True), Act(FEB, active=False)
SEQUENCES: dict[str, Sequence[Act]] = {
    "a value": [Act(JAN, 9)],
    "the same value again": [Act(JAN, 9), Act(JAN, 9)],
    "another value for the same day": [Act(JAN, 9), Act(JAN, 8)],
    "values for later days": [Act(JAN, 9), Act(MARCH, 12)],
    "a lock": [lock(JAN, 9)],
    "a lock on a value that is there": [Act(JAN, 9), lock(JAN, 9)],
    "unlocking": [lock(JAN, 9), Act(FEB, 9)],
    "a reset": [Act(JAN, 9), Act(FEB, None)],
    "a reset of a locked value": [lock(JAN, 9), Act(FEB, None)],
    "from the past": [Act(NOV, 9)],
    "from the middle of a month": [Act(DEC, 9)],
    "activating": [ON],
    "activating and deactivating": [ON, OFF],
    "activating in the middle of a month": [Act(DEC, active=True)],
    "a value of an active plugin": [ON, Act(FEB, 9)],
    "what is not allowed": [Act(JAN, 0)],
}
BEYOND_FILES: dict[str, Sequence[Act]] = {
    "a lock over later values": [Act(FEB, 7), Act(MARCH, 12), lock(JAN, 9)],
    "unlocking with a later lock": [lock(JAN, 9), lock(MARCH, 12), Act(FEB, 9)],
    "before what is recorded": [Act(FEB, 9), Act(JAN, 6)],
}
"""A file says the whole, so that what it says of an earlier day counts for the later ones too."""


@dataclass
class World:
    acting: Acting
    database: Database
    plugins: PluginRegistry
    visitor: NewVisitor
    folder: Path
    rutan: str = HERE

    def recorded(self) -> list[Any]:
        with self.database.work(self.database.as_service("tests", self.rutan)) as work:
            values = work.run(
                "SELECT field, valid_from, value, locked FROM guyub.config_value WHERE facility_id = :here "
                "AND plugin = 'bansos' ORDER BY seq",
                here=work.here.id,
            )
            switches = work.run(
                "SELECT valid_from, active FROM guyub.plugin_activation WHERE facility_id = :here AND plugin = 'bansos' "
                "ORDER BY seq",
                here=work.here.id,
            )
            return [*map(tuple, values), *map(tuple, switches)]

    def history(self) -> list[AppliedPlan]:
        """Oldest first."""
        with self.acting("kanwil") as work:
            return applied(work, "jawa-tengah")[::-1]

    def managed_by(self, door: Literal["files", "web"]) -> None:
        places.managed_by(self.database, door)


@pytest.fixture
def world(
    acting: Acting, database: Database, plugins: PluginRegistry, protector: Protector, tmp_path: Path
) -> Iterator[World]:
    clock = lambda: datetime.combine(TODAY, time(3), UTC)  # noqa: E731
    with visitors(create_app(database, plugins, protector=protector, clock=clock), database) as come:
        made = World(acting, database, plugins, come, tmp_path / "facilities")
        made.managed_by("web")
        yield made


# --- the doors ---------------------------------------------------------------------------------------------------


def by_plugin_page(world: World, act: Act) -> str:
    kanwil = world.visitor("kanwil")
    base = f"/f/{world.rutan}/plugins/bansos/"
    about = {"_valid_from": act.on.isoformat(), "_reason": "Rapat"}
    if act.active is not None:
        path = f"{base}{'activate' if act.active else 'deactivate'}"
    elif act.value is None:
        path = f"{base}reset/quota"
    else:
        path = f"{base}configure"
        about["quota"] = str(act.value)
    assert kanwil.opens(path).status_code == 200
    return _pages(kanwil, path, _whole_form(kanwil, about, act, "quota") if "quota" in about else about)


def _whole_form(kanwil: Any, about: dict[str, Any], act: Act, name: str) -> dict[str, Any]:
    """What a browser sends: all fields as they are shown, but for what is changed."""
    sent = fields_of(kanwil)
    ticked = [other for other in sent.get("_lock", []) if other != name]
    return sent | about | {"_lock": [*ticked, *([name] if act.locked else [])]}


def by_page_of_many(world: World, act: Act) -> str:
    kanwil = world.visitor("kanwil")
    path = "/region/jawa-tengah/configuration/change"
    about: dict[str, Any] = {
        "_valid_from": act.on.isoformat(),
        "_reason": "Rapat",
        "facility": world.rutan,
        "plugin": "bansos",
        "_seen": "yes",
    }
    held = [row for row in world.recorded() if row[0] == "quota" and row[1] <= act.on]
    if act.active is not None:
        about["do"] = "on" if act.active else "off"
    elif act.value is None:
        about |= {"do": "reset", "fields": "quota"}
    elif held and sorted(held, key=lambda row: row[1])[-1][3] and not act.locked:
        about |= {"do": "unlock", "fields": "quota"}
    else:
        about |= {"do": "field", "field": "quota", "quota": str(act.value)}
        about |= {"_locked": "yes"} if act.locked else {}
    kanwil.opens("/region/jawa-tengah/configuration")
    return _pages(kanwil, path, about)


def _pages(kanwil: Any, path: str, about: dict[str, Any]) -> str:
    answer = kanwil.sends(path, about)
    said = text_of(answer)
    if "Terapkan rencana ini" in said:
        assert kanwil.sends(path, hidden_in(kanwil.page) | {"_confirmed": "yes"}).status_code == 303
    return said


def by_api(world: World, act: Act, reader: Any) -> str:
    address = f"/api/v1/f/{world.rutan}/plugins/bansos/configuration"
    reader.opens(f"/f/{world.rutan}/plugins/bansos/configure")
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.page.text)
    assert token
    return _api(reader.client, address, act, {"x-csrf-token": html.unescape(token[1])})


def by_session(world: World, act: Act) -> str:
    return by_api(world, act, world.visitor("kanwil"))


def by_token(world: World, act: Act) -> str:
    with world.acting("kanwil") as work:
        secret = tokens.make(work, "skrip", ["configuration.write"], "", 30)
    client = world.visitor("kanwil").client
    client.cookies.clear()
    address = f"/api/v1/f/{world.rutan}/plugins/bansos/configuration"
    return _api(client, address, act, {"authorization": f"Bearer {secret}"})


def _api(client: Any, address: str, act: Act, headers: dict[str, str]) -> str:
    asked: dict[str, Any] = {"valid_from": act.on.isoformat(), "reason": "Rapat"}
    if act.active is not None:
        asked["active"] = act.active
    else:
        asked |= {"values": {"quota": act.value}, "locked": ["quota"] if act.locked else []}
    told = client.patch(f"{address}?preview=1", json=asked, headers=headers).json()
    saved = client.patch(address, json=asked | {"plan": told["plan"]}, headers=headers)
    assert (saved.status_code == 200) is not any(issue["severity"] == "blocks" for issue in told["issues"])
    return " ".join(issue["text"]["id"] for issue in told["issues"])


def by_files(world: World, act: Act) -> str:
    world.managed_by("files")
    with world.database.work(world.database.as_service("kanwil")) as work:
        export(work, world.plugins, world.folder)
    path = world.folder / "jawa-tengah" / f"{world.rutan}.toml"
    document: Any = tomlkit.parse(path.read_text())
    tables = document.setdefault("plugins", tomlkit.table())
    if "bansos" not in tables:
        tables["bansos"] = {"from": act.on, "active": False}
    table = tables["bansos"]
    if table["from"] != act.on:
        later = list(table.get("later", []))
        part = next((item for item in later if item["from"] == act.on), None)
        if part is None:
            part = {"from": act.on}
            later.append(part)
            table["later"] = sorted(later, key=lambda item: item["from"])
            part = next(item for item in table["later"] if item["from"] == act.on)
    else:
        part = table
    part["reason"] = "Rapat"
    if act.active is not None:
        part["active"] = act.active
    elif act.value is None:
        part["inherit"] = ["quota"]
    else:
        part.setdefault("config", {})["quota"] = act.value
        part["locked"] = ["quota"] if act.locked else []
    path.write_text(tomlkit.dumps(document))
    try:
        with world.database.work(world.database.as_service("kanwil")) as work:
            found = plan(work, world.plugins, load(world.folder, world.plugins), TODAY)
        with world.database.work(world.database.as_service("kanwil")) as work:
            apply(work, world.plugins, load(world.folder, world.plugins), found.digest, TODAY)
        return " ".join(issue.sentence.id for issue in found.issues)
    except Exception as refused:
        return " ".join(finding.sentence.id for finding in getattr(refused, "findings", ()))
    finally:
        world.managed_by("web")


def by_engine(world: World, act: Act) -> str:
    """Without a door: what they are compared with."""
    asked = ChangeRequest("bansos", act.on, (world.rutan,), active=act.active, reason="Rapat")
    if act.active is None:
        names = frozenset({"quota"})
        locked = names if act.locked else frozenset[str]()
        asked = replace(asked, values={"quota": act.value}, locked=locked, unlocked=names - locked)
    with world.acting("kanwil") as work:
        planned = plan_requests(work, world.plugins, [asked], TODAY)
    if not planned.is_blocked:
        with world.acting("kanwil") as work:
            apply_requests(work, world.plugins, [asked], planned.digest, TODAY)
    return " ".join(issue.sentence.id for issue in planned.issues)


Door = Callable[[World, Act], str]
WEB: dict[str, Door] = {
    "a plugin's page": by_plugin_page,
    "the page of many": by_page_of_many,
    "the API, session": by_session,
    "the API, token": by_token,
}
NOTICES = ("Berlaku surut", "tidak terhitung untuk Desember 2026, baru untuk Januari 2027", "isi 1 sampai 100.000")


@dataclass(frozen=True)
class Seen:
    """What one door left behind: rows, history, and which notices it gave for each act."""

    rows: tuple[Any, ...]
    history: tuple[Any, ...]
    notices: tuple[tuple[str, ...], ...]
    back: tuple[Any, ...]


def walked(world: World, door: Door, acts: Sequence[Act]) -> Seen:
    known = len(world.history())
    said = [door(world, act) for act in acts]
    rows, plans = tuple(world.recorded()), world.history()[known:]
    last = plans[-1] if plans else None
    if last is not None:
        with world.acting("kanwil") as work:
            planned = plan_revert(work, world.plugins, last.id, TODAY)
        with world.acting("kanwil") as work:
            revert(work, world.plugins, last.id, planned.digest, TODAY, reason="Keliru")
    return Seen(
        rows,
        tuple(
            (plan.who, tuple((change.what, change.old, change.new, change.valid_from) for change in plan.changes))
            for plan in plans
        ),
        tuple(tuple(notice for notice in NOTICES if notice in text) for text in said),
        tuple(world.recorded()),
    )


def in_turn(doors: dict[str, Door], sequences: dict[str, Sequence[Act]]) -> list[Any]:
    """Every second sequence through one of the doors, in turn; the others and the other doors are cross-checks."""
    return [
        pytest.param(
            door,
            acts,
            id=f"{entrance}-{name}",
            marks=() if place % (2 * len(doors)) == turn else pytest.mark.deep,
        )
        for turn, (entrance, door) in enumerate(doors.items())
        for place, (name, acts) in enumerate(sequences.items())
    ]


@pytest.mark.parametrize(("door", "acts"), in_turn(WEB, SEQUENCES | BEYOND_FILES))
def test_every_door_of_the_web_leaves_the_same(world: World, door: Door, acts: Sequence[Act]):
    assert walked(world, door, acts) == walked(replace(world, rutan=BESIDE), by_engine, acts)


@pytest.mark.parametrize("acts", SEQUENCES.values(), ids=SEQUENCES)
def test_files_leave_the_same(world: World, acts: Sequence[Act]):
    seen, same = walked(world, by_files, acts), walked(replace(world, rutan=BESIDE), by_engine, acts)
    assert (latest(seen.rows), seen.notices) == (latest(same.rows), same.notices)
    assert seen.history == same.history
    assert latest(seen.back) == latest(same.back)


def latest(rows: Sequence[Any]) -> dict[Any, Any]:
    """What counts on each day."""
    return {row[:2] if len(row) == 4 else row[0]: row for row in rows}


# --- a region's own values ---------------------------------------------------------------------------------------

OFFICE = "jawa-tengah"
REGION_PAGE, REGION_API = f"/region/{OFFICE}/plugins/bansos/", f"/api/v1/region/{OFFICE}/plugins/bansos/configuration"
FIELD, FIELD_BESIDE = "quota", "survey_max_age_days"
"""The region sets neither; what the engine does without any door is compared at the second."""
OF_A_REGION = {
    name: acts for name, acts in (SEQUENCES | BEYOND_FILES).items() if all(act.active is None for act in acts)
}
OF_A_REGION["what is not allowed"] = [Act(JAN, -1)]


def region_page(world: World, act: Act) -> str:
    kanwil = world.visitor("kanwil")
    about = {"_valid_from": act.on.isoformat(), "_reason": "Rapat"}
    path = f"{REGION_PAGE}reset/{FIELD}" if act.value is None else f"{REGION_PAGE}configure"
    if act.value is not None:
        about[FIELD] = str(act.value)
    assert kanwil.opens(path).status_code == 200
    return _pages(kanwil, path, _whole_form(kanwil, about, act, FIELD) if FIELD in about else about)


def region_session(world: World, act: Act) -> str:
    reader = world.visitor("kanwil")
    reader.opens(f"{REGION_PAGE}configure")
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.page.text)
    assert token
    return _api(reader.client, REGION_API, act, {"x-csrf-token": html.unescape(token[1])})


def region_token(world: World, act: Act) -> str:
    with world.acting("kanwil") as work:
        secret = tokens.make(work, "skrip", ["configuration.write"], "", 30)
    client = world.visitor("kanwil").client
    client.cookies.clear()
    return _api(client, REGION_API, act, {"authorization": f"Bearer {secret}"})


def region_engine(world: World, act: Act) -> str:
    names = frozenset({FIELD_BESIDE})
    locked = names if act.locked else frozenset[str]()
    asked = ChangeRequest(
        "bansos",
        act.on,
        region=OFFICE,
        values={FIELD_BESIDE: act.value},
        locked=locked,
        unlocked=names - locked,
        reason="Rapat",
    )
    with world.acting("kanwil") as work:
        planned = plan_requests(work, world.plugins, [asked], TODAY)
    if not planned.is_blocked:
        with world.acting("kanwil") as work:
            apply_requests(work, world.plugins, [asked], planned.digest, TODAY)
    return " ".join(issue.sentence.id for issue in planned.issues)


def recorded_of_region(world: World, field: str) -> list[Any]:
    with world.database.work(world.database.as_service("tests")) as work:
        rows = work.run(
            "SELECT valid_from, value, locked FROM guyub.config_value WHERE layer = 'region' AND plugin = 'bansos' "
            "AND field = :field ORDER BY seq",
            field=field,
        )
        return [tuple(row) for row in rows]


def walked_in_region(world: World, door: Door, field: str, acts: Sequence[Act]) -> Any:
    known = len(world.history())
    said = [door(world, act) for act in acts]
    rows, plans = recorded_of_region(world, field), world.history()[known:]
    for plan_ in plans[-1:]:
        with world.acting("kanwil") as work:
            planned = plan_revert(work, world.plugins, plan_.id, TODAY)
        with world.acting("kanwil") as work:
            revert(work, world.plugins, plan_.id, planned.digest, TODAY, reason="Keliru")
    history = [
        (plan_.who, [(change.what.replace(field, "x"), change.old, change.new) for change in plan_.changes])
        for plan_ in plans
    ]
    notices = [[notice for notice in NOTICES[:2] if notice in text] for text in said]
    return rows, history, notices, recorded_of_region(world, field)


REGION: dict[str, Door] = {
    "a plugin's page": region_page,
    "the API, session": region_session,
    "the API, token": region_token,
}


@pytest.mark.parametrize(("door", "acts"), in_turn(REGION, OF_A_REGION))
def test_every_door_of_a_region_leaves_the_same(world: World, door: Door, acts: Sequence[Act]):
    seen = walked_in_region(world, door, FIELD, acts)
    assert seen == walked_in_region(world, region_engine, FIELD_BESIDE, acts)
    assert seen[0] or acts == OF_A_REGION["what is not allowed"]
