"""The worlds that tests of several rooms share: the story's facilities with their people, and an attacker with raw SQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from guyub.access import people, sign_in
from guyub.access.roles import RoleRecord, RoleScope, save_roles
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.bulk_write import ActivationAt, ValueAt, activate_many, set_many
from guyub.configuration.store import LayerName
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import DemoPurchase, DemoReceipt, Rutan, moment
from guyub.operations.context import AppContext
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import cycles, distribution, proposal, queries, selection
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from tests import sample_plugins
from tests.filled import copy_of

PEKALONGAN = "rutan-pekalongan"
KEBUMEN = "rutan-kebumen"
SURVEYED, RECEIVED, APPROVED = date(2024, 11, 8), date(2024, 11, 6), date(2024, 11, 12)
STEPS = ("planned", "proposed", "approved", "bought", "distributing", "served", "closed")


def pekalongan(cluster: Any, installation: Installation, database: Database, plugins: PluginRegistry) -> Rutan:
    """Rutan Pekalongan run by the people of ``tests/conftest.py``."""
    opened = AppContext(cluster.home, cluster.keys, installation, database, plugins, cluster.keys.protector())
    return Rutan(opened, PEKALONGAN, "kasubsi", "karutan", "pengelola", "pengamanan", "Pengamanan Contoh Empat")


def kebumen(here: Rutan) -> Rutan:
    """Rutan Kebumen of the same installation; its manager and its witness are employed for it."""
    employ(here.opened.database, "pengelola.kebumen", "management", KEBUMEN)
    employ(here.opened.database, "pengamanan.kebumen", "security", KEBUMEN)
    return _of_kebumen(here)


def _of_kebumen(here: Rutan) -> Rutan:
    return Rutan(
        here.opened,
        KEBUMEN,
        "kasubsi.kebumen",
        "karutan.kebumen",
        "pengelola.kebumen",
        "pengamanan.kebumen",
        "Saksi Contoh",
    )


def employ(
    database: Database, login: str, role: str, facility: str = "", *, region: str = "", since: date = date(2024, 1, 1)
) -> None:
    """Gives a role to a person, who is made where new."""
    with database.work(database.as_service("tests")) as work:
        if work.run("SELECT 1 FROM guyub.person WHERE login = :login", login=login).first() is None:
            work.run(
                "SELECT guyub.create_person(:key, :login, :name, '', 'no password')",
                key=database.service_key,
                login=login,
                name=f"{login.title()} Contoh",
            )
        people.assign_role(
            work, key=database.service_key, login=login, role=role, facility=facility, region=region, valid_from=since
        )


def add_role(database: Database, code: str, scope: RoleScope, *permissions: str) -> None:
    """A role that only tests know."""
    with database.work(database.as_service("tests")) as work:
        save_roles(work, [RoleRecord(code, scope, {}, permissions)])


def permit(database: Database, role: str, *permissions: str) -> None:
    """A role may more than its file says."""
    with database.work(database.as_service("tests")) as work:
        row = work.run("SELECT scope, titles, permissions FROM guyub.role WHERE code = :code", code=role).one()
        save_roles(work, [RoleRecord(role, row.scope, row.titles, (*row.permissions, *permissions))])


def employ_local_admin(database: Database, *more: str) -> None:
    """``admin.lokal`` configures Pekalongan, and nothing else; ``more`` are further permissions."""
    add_role(database, "local_admin", "facility", "facilities.configure", *more)
    employ(database, "admin.lokal", "local_admin", PEKALONGAN)


def november_until(rutan: Rutan, step: str) -> Cycle:
    """The month of November 2024 as far as ``step``, one of ``STEPS``; with all its people, money and goods."""
    rutan.register(families.PEKALONGAN if rutan.code == PEKALONGAN else families.KEBUMEN, SURVEYED)
    incomes = november.INCOMES if rutan.code == PEKALONGAN else november.INCOMES[1:]
    funds = rutan.receive(incomes, RECEIVED)
    goes_on = STEPS.index(step)
    if goes_on == 0:
        return planned(rutan, funds)
    cycle = rutan.propose(
        november.PERIOD, funds, november.PLACE, november.DISTRIBUTION, november.BEGINS, "inmate_family"
    )
    if goes_on >= STEPS.index("approved"):
        rutan.approve(cycle, APPROVED)
    if goes_on >= STEPS.index("bought"):
        rutan.shop(cycle, november.SHOPPING if rutan.code == PEKALONGAN else _SHOPPING_OF_KEBUMEN)
    if goes_on >= STEPS.index("distributing"):
        everyone = frozenset(range(1, 100)) if step == "distributing" else frozenset[int]()
        rutan.hand_over(cycle, moment(november.DISTRIBUTION, november.BEGINS), not_yet=everyone)
    if goes_on >= STEPS.index("closed"):
        rutan.close(cycle, november.DISTRIBUTION, "Semua paket diterima.")
    return cycle


_SHOPPING_OF_KEBUMEN = (
    DemoPurchase(
        date(2024, 11, 14),
        "Toko Makmur (contoh)",
        "Nota 88",
        (
            ("beras", "10", 156_000),
            ("gula", "2", 36_000),
            ("minyak", "2", 42_000),
        ),
    ),
)


def gift(fund: str, money: int = 0, goods: Sequence[tuple[str, str, int]] = (), **terms: Any) -> DemoReceipt:
    """Money and goods (code, quantity, value) of the sample source, with any terms."""
    lines = [{"code": code, "quantity": quantity, "value": value} for code, quantity, value in goods]
    form = {"fund": fund, "received_on": "2024-11-05", "money": money, "goods": lines, **terms}
    return DemoReceipt("hibah", "gifts", "gift", form)


def planned(rutan: Rutan, funds: Sequence[str]) -> Cycle:
    """November opened and scored, with the five neediest families of inmates selected."""
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.open_cycle(
            work,
            rutan.opened.plugins,
            "bansos",
            november.PERIOD,
            fund_codes=funds,
            distribution_on=november.DISTRIBUTION,
            starts_at=time(9),
            place=november.PLACE,
        )
        selection.score(work, rutan.opened.plugins, cycle)
        selection.select_top(work, cycle, category="inmate_family")
    return cycle


def proposed(rutan: Rutan, plugin: str, funds: Sequence[str], period: date = november.PERIOD) -> Cycle:
    """Any programme's month, its highest scores proposed."""
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.open_cycle(
            work,
            rutan.opened.plugins,
            plugin,
            period,
            fund_codes=funds,
            distribution_on=max(period, november.DISTRIBUTION),
            place="Aula",
        )
        selection.score(work, rutan.opened.plugins, cycle)
        selection.select_top(work, cycle)
        proposal.propose(work, rutan.opened.plugins, cycle)
        return cycles.get(work, plugin, period)


def approved(rutan: Rutan, plugin: str, funds: Sequence[str], period: date = november.PERIOD) -> Cycle:
    cycle = proposed(rutan, plugin, funds, period)
    with rutan.work_of(rutan.head) as work:
        proposal.approve(work, rutan.opened.plugins, cycle, APPROVED, version=cycle.version)
        return cycles.get(work, plugin, period)


def served(rutan: Rutan, cycle: Cycle) -> None:
    """Everybody on the list receives, at once."""
    with rutan.work_of(rutan.services) as work:
        distribution.start(work, cycle)
        everyone = [recipient.id for recipient in queries.recipients(work, cycle)]
        distribution.hand_over(work, cycle, everyone, moment(november.DISTRIBUTION, time(9)), Proof("Saksi Contoh"))


@dataclass
class Attacker:
    """Someone who speaks raw SQL as the application's role; ``enter`` is a real sign-in, all else is an attempt."""

    connection: psycopg.Connection[TupleRow]
    database: Database

    def enter(self, login: str, facility: str | None = None) -> None:
        """Begins a transaction of a person, as the application would."""
        self.leave()
        token = sign_in.session_for(self.database, login, "tests")
        self.connection.execute("SELECT guyub.enter(%s, %s)", (token, facility))

    def enter_service(self, *facilities: str) -> None:
        """Begins a transaction of the command line or a job."""
        self.leave()
        self.connection.execute(
            "SELECT guyub.enter_service(%s, 'tests', %s)", (self.database.service_key, list(facilities) or None)
        )

    def leave(self) -> None:
        self.connection.rollback()

    def tries(self, statement: str, values: Mapping[str, Any] | None = None, *, half_way: bool = False) -> str:
        """What came of it: the error's code, or how many rows; whatever succeeded stands until ``leave``.

        What the database would ask at the commit, it is asked at once, unless this is ``half_way`` to something.
        """
        try:
            with self.connection.transaction():
                cursor = self.connection.execute(statement.encode(), values)
                outcome = f"{max(cursor.rowcount, 0)} rows"
                if not half_way:
                    self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error as error:
            return error.sqlstate or type(error).__name__
        return outcome

    def sees(self, query: str, values: Mapping[str, Any] | None = None) -> list[TupleRow]:
        return self.connection.execute(query.encode(), values).fetchall()

    def value(self, query: str, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row."""
        return self.sees(query, values)[0][0]


LEFT = "SELECT set_config('guyub.scope', '', true)"
"""For tests in which several people act in one transaction that is rolled back: a door is left before the next is entered."""


@contextmanager
def attacker(installation: Installation, database: Database) -> Iterator[Attacker]:
    url = installation.app_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        yield Attacker(connection, database)
        connection.rollback()


@contextmanager
def superuser(installation: Installation) -> Iterator[psycopg.Connection[TupleRow]]:
    """The administrator of the server, for whom no policy and no trigger holds."""
    url = installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@dataclass
class World:
    """An installation of its own that several tests read, with both facilities as far as they came."""

    installation: Installation
    database: Database
    plugins: PluginRegistry
    pekalongan: Rutan
    kebumen: Rutan


@contextmanager
def a_world(
    cluster: Any,
    *samples: str,
    without: Sequence[str] = (),
    until: str = "",
    with_kebumen: bool = False,
    fill: Callable[[Any], None] | None = None,
) -> Iterator[World]:
    """A new installation; ``samples`` are plugins of ``tests/sample_plugins.py``, which then run at both facilities.

    With ``until``, one of ``STEPS``, November came so far at Rutan Pekalongan, and at Rutan Kebumen where asked. What
    ``fill`` does to the world it does once for a worker.
    """

    def make(installation: Installation) -> None:
        with world_in(cluster, installation, *samples, without=without, keep=True) as made:
            for sample in samples:
                activate(made.database, sample, PEKALONGAN, KEBUMEN)
            for rutan in (made.pekalongan, made.kebumen)[: 0 if not until else 1 + with_kebumen]:
                november_until(rutan, until)
            if fill is not None:
                fill(made)

    copy = copy_of(cluster, (samples, tuple(without), until, with_kebumen, fill), make)
    with world_in(cluster, copy.installation, *samples, without=without, kebumen_of=_of_kebumen) as made:
        yield made


@contextmanager
def world_in(
    cluster: Any,
    installation: Installation,
    *samples: str,
    without: Sequence[str] = (),
    keep: bool = False,
    kebumen_of: Callable[[Rutan], Rutan] = kebumen,
) -> Iterator[World]:
    """The world of an installation that there is already; with ``keep`` it stays when this ends."""
    database = installation.database()
    plugins = plugin_registry(sample_plugins.entries(*samples, without=without))
    here = pekalongan(cluster, installation, database, plugins)
    try:
        yield World(installation, database, plugins, here, kebumen_of(here))
    finally:
        database.close()
        if not keep:
            cluster.drop(installation)


def activate(
    database: Database, plugin: str, *facilities: str, active: bool = True, since: date = date(2024, 1, 1)
) -> None:
    with database.work(database.as_service("tests")) as work:
        activate_many(work, [ActivationAt(facility, plugin, active, since, "uji") for facility in facilities])


def configure(database: Database, plugin: str, facility: str, since: date = date(2024, 1, 1), **values: Any) -> None:
    """Values of a plugin at a facility, from a day on."""
    with database.work(database.as_service("tests")) as work:
        set_many(work, _values("facility", facility, plugin, since, False, values))


def configure_region(
    database: Database, plugin: str, region: str, since: date = date(2024, 1, 1), *, locked: bool = False, **values: Any
) -> None:
    """Values of a plugin for all facilities of a region, from a day on."""
    with database.work(database.as_service("tests")) as work:
        set_many(work, _values("region", region, plugin, since, locked, values))


def _values(
    layer: LayerName, place: str, plugin: str, since: date, locked: bool, values: Mapping[str, Any]
) -> list[ValueAt]:
    return [ValueAt(layer, place, plugin, name, value, locked, since, "uji") for name, value in values.items()]


SETTINGS = '{"title": {"id": "Contoh", "en": "Example"}, "benefit": "goods", "rules": [], "criteria": []}'
"""Settings that a cycle may be opened with, for tests that insert one by raw SQL."""
