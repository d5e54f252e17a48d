"""People of every role who walk through a rutan with much in it, and how much each address asked of the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from sqlalchemy import event

from guyub.access import purposes, sign_in
from guyub.app import create_app
from guyub.db.unit_of_work import SessionCredential
from guyub.programs import cycles
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.documents.bundle import BEFORE
from tests import large_rutan, worlds
from tests.large_rutan import LARGE, NOW, STEPS, Sizes
from tests.visits import TestClient, Visitor
from tests.walking import Walk
from tests.worlds import PEKALONGAN, World

BASE = f"/f/{PEKALONGAN}"
REGION = "/region/jawa-tengah"
WITHIN = (BASE, f"{REGION}/audit", f"{REGION}/facilities", f"{REGION}/recap", f"{REGION}/programs", "/national")
"""Where lists grow with the facility; what else there is of the region does not."""

STARTS = (f"{BASE}/", f"{REGION}/", f"{REGION}/audit", f"{REGION}/recap", "/national")


class CountedWalk(Walk):
    """Keeps what every address answered, and how many statements it took."""

    def __init__(self, visitor: Visitor, world: World, *starts: str, within: tuple[str, ...] = WITHIN) -> None:
        super().__init__(visitor, *starts, within=within)
        self.engine = world.database.engine
        self.statuses: dict[str, int] = {}
        self.statements: dict[str, int] = {}
        self.bytes: dict[str, int] = {}

    def kind(self, path: str) -> str:
        """The third and later pages of a list are alike; that the last one holds what is left is tried by itself."""
        kind = re.sub(r"[?&]page=1\b", "", super().kind(path))
        return re.sub(r"([?&])(seen=|page=(?!2\b))\d+", r"\1\2*", kind)

    def opens(self, path: str) -> Any:
        sent: list[str] = []
        remember = lambda *arguments: sent.append(arguments[2])  # noqa: E731
        event.listen(self.engine, "before_cursor_execute", remember)
        answer = super().opens(path)
        event.remove(self.engine, "before_cursor_execute", remember)
        self.statuses[path] = answer.status_code
        self.statements[self.kind(path)] = len(sent)
        self.bytes[path] = len(answer.content)
        return answer


@dataclass
class Walked:
    """A filled rutan, with what everybody found in it."""

    world: World
    application: FastAPI
    roles: list[str]
    """Logins of people who hold one role each."""
    walks: dict[str, CountedWalk] = field(default_factory=dict)
    clients: list[TestClient] = field(default_factory=list)

    def comes(self, login: str) -> Visitor:
        client = TestClient(self.application, follow_redirects=False, raise_server_exceptions=False)
        client.cookies.set("guyub_session", sign_in.session_for(self.world.database, login, "tests"))
        client.cookies.set("guyub_lang", "en")
        self.clients.append(client)
        return Visitor(client)

    def walks_as(self, login: str, name: str = "", within: tuple[str, ...] = WITHIN) -> CountedWalk:
        visitor = self.comes(login)
        visitor.opens(f"{BASE}/")  # what is remembered from the first page on is not counted
        walk = self.walks[name or login] = CountedWalk(visitor, self.world, *STARTS, within=within)
        walk.go()
        return walk


@contextmanager
def walked(cluster: Any, sizes: Sizes = LARGE) -> Iterator[Walked]:
    """A rutan of this size with its papers and one person of each role; nobody has walked yet."""
    with large_rutan.a_large_rutan(cluster, sizes) as world:
        papers(world)
        application = create_app(world.database, world.plugins, protector=cluster.keys.protector(), clock=lambda: NOW)
        made = Walked(world, application, one_of_each_role(world))
        yield made
        for client in made.clients:
            client.close()


def one_of_each_role(world: World) -> list[str]:
    """Logins of people who hold one role each, at the facility, in its region or for the country."""
    with world.database.work(world.database.as_service("tests")) as work:
        roles = work.run("SELECT code, scope FROM guyub.role ORDER BY code").all()
    for code, scope in roles:
        place = {"facility": {"facility": PEKALONGAN}, "region": {"region": "jawa-tengah"}, "national": {}}[scope]
        worlds.employ(world.database, f"role.{code}", code, **place)
    return [f"role.{code}" for code, _ in roles]


def papers(world: World) -> None:
    """All papers of the closed month, and those of a month that is approved."""
    rutan = world.pekalongan
    for step in ("closed", "approved"):
        with rutan.work_of(rutan.services) as work:
            cycle = cycles.get(work, "bansos", STEPS[step])
            kinds = BEFORE if step == "approved" else tuple(document_bundle.KINDS)
            document_bundle.produce(work, cycle, kinds, cycle.period.replace(day=16), NOW)


def state_a_purpose(world: World, login: str) -> None:
    token = sign_in.session_for(world.database, login, "tests")
    with world.database.work(SessionCredential(token, PEKALONGAN)) as work:
        purposes.state(work, "audit", "Memeriksa pertanggungjawaban", "60")
