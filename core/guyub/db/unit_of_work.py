"""One unit of work: one transaction, entered through one door, for one actor, within one scope."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import (
    ARRAY,
    Case,
    Engine,
    Insert,
    Interval,
    Select,
    Text,
    UpdateBase,
    case,
    cast,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session
from sqlmodel import col

from guyub.db.any_date import reading_any_date
from guyub.db.errors import no_connection_left, refusal_of, unavailable
from guyub.db.keeper import Keeper
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.refusal_register import NO_PERMISSION, NO_PURPOSE, REGISTER, Violation
from guyub.db.time_limits import LONG_PAGES, PAGES, Limits
from guyub.db.typed_reads import TypedReads, part_of
from guyub.sdk.facility import Facility


@dataclass(frozen=True, slots=True)
class SessionCredential:
    """A person with a session token, at one facility (its code) or wherever their roles reach."""

    token: str
    facility: str | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An address or a program that reads for a person: what their token reaches, read only, nothing about people.

    ``purpose`` is one that the token was made for: "calendar", "api.read", or "configuration.write", which writes that alone.
    """

    token: str
    purpose: str
    facility: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceCredential:
    """The command line or a job: the service key, a label for the audit log, and the facilities (None: all)."""

    key: str
    label: str
    facilities: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CodeName:
    code: str
    name: str


LENT = frozenset({"registry.read", "programs.read"})
"""What the pages of a facility lend to who reads there for a stated purpose; nothing else comes with it."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """The reason for which someone of an office above reads about the people of this one facility, and until when (an aware
    moment)."""

    id: UUID
    kind: str
    explanation: str
    until: datetime
    minutes_left: int


@dataclass(slots=True)
class Trial:
    """Holds whether what was tried is taken back when its block ends (``Work.trial``)."""

    is_taken_back: bool = False

    def take_back(self) -> None:
        self.is_taken_back = True


@dataclass(frozen=True, slots=True)
class Work(TypedReads):
    """The open transaction that a service gets, and who is behind it. The transaction ends with the ``with`` block."""

    session: Session
    person_id: UUID | None
    person_name: str
    login: str
    facility: Facility | None
    permissions: frozenset[str]
    facilities: tuple[CodeName, ...] = ()
    regions: tuple[CodeName, ...] = ()
    epoch: int = 0
    plugin_generation: int = 0
    """How often plugins were disabled or enabled for the whole installation."""
    is_system: bool = False
    purpose: Purpose | None = None
    is_national: bool = False

    @property
    def here(self) -> Facility:
        """Returns the one facility of this work; only a page or command of a facility may ask."""
        if self.facility is None:
            raise RuntimeError("this work was not entered for one facility")
        return self.facility

    def may(self, permission: str) -> bool:
        return self.is_system or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises ``Forbidden`` when the actor lacks the permission; the database asks again where it matters most."""
        if not self.may(permission):
            if permission in LENT and self.may("access.purpose"):
                raise REGISTER.needed(Violation(NO_PURPOSE, permission))
            raise REGISTER.needed(Violation(NO_PERMISSION, permission, self.person_name or self.login))

    def run(self, sql: str, /, **values: object) -> Any:
        """Executes one statement of SQL text with named parameters. Reads of tables are typed: ``rows``, ``all``, ``scalar``."""
        return self.session.execute(text(sql), values)

    def change(self, statement: UpdateBase) -> int:
        """Executes an ``insert()``, ``update()`` or ``delete()`` of a model and returns how many rows it wrote.

        Only columns that the statement names are written, and none is read back unless it says so: a role may hold the right
        to no others.
        """
        if isinstance(statement, Insert):
            statement = statement.inline()
        options = {"preserve_rowcount": True, "synchronize_session": False}
        result: Any = self.session.execute(statement, execution_options=options)
        rows: int = result.rowcount
        return rows

    def inserted_many(self, rows: int, *tables: str) -> None:
        """Tells the planner about a large insert at once; small ones are left to autovacuum."""
        self.scalar(select(func.guyub.refresh_statistics(rows, *tables)))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Tries what may be refused and then shown again on its form: a refusal leaves nothing of this block, and the work
        goes on.

        It ends with what the database checks at the end of a transaction, so that this is refused here too and not after the
        page was made. Attempts follow one another; none stands within another. Raises ``Refusal`` as ``Database.work`` does.
        """
        try:
            with self.session.begin_nested():
                yield
                self.run("SET CONSTRAINTS ALL IMMEDIATE")
                self.run("SET CONSTRAINTS ALL DEFERRED")
        except DBAPIError as error:
            raise refusal_of(error) from error

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """Does what the block does, to see what comes of it: it stays unless the block takes it back. What was read or raised in
        between goes on, and a refusal leaves nothing of the block.
        """
        trial = Trial()
        with self.session.begin_nested() as step:
            yield trial
            if trial.is_taken_back:
                step.rollback()

    def take_time(self) -> None:
        """Lets this transaction take longer than a page does, for work on thousands of rows or on files.

        From here on no statement of ours is prepared, so the plans that are kept are those of foreign keys and functions: made
        anew for each row, a key costs three times as much.
        """
        driver: Any = self.session.connection().connection.driver_connection
        driver.prepare_threshold = None
        longer = LONG_PAGES.settings
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        plans = func.set_config("plan_cache_mode", "auto", True)
        self.session.execute(select(plans, *(_raised(name, longer[name]) for name in names)))


def _raised(name: str, value: str) -> Case[Any]:
    """Returns the statement's part that sets a time limit, unless it is longer already, or none (0)."""
    current = cast(func.current_setting(name), Interval)
    is_shorter = current.between(timedelta(milliseconds=1), cast(value, Interval))
    return case((is_shorter, func.set_config(name, value, True)))


LENT_TO_PLUGIN = "guyub_lent_to_plugin"
"""Stands in the ``info`` of a connection on which a plugin has run SQL, until the pool has cleaned it."""
_CLEANING = "RESET ALL; CLOSE ALL; UNLISTEN *; DISCARD TEMP; SELECT pg_advisory_unlock_all()"
"""All of a session but its prepared statements, which psycopg counts on. Settings go back to those of the connection."""
_PREPARED_AFTER = 5
"""After how many runs psycopg prepares a statement, as it does by itself; in work that takes its time, never."""


def _cleaned(connection: Any, record: Any) -> None:
    """Cleans a connection, so that whoever gets it next finds no setting, lock or temporary table of a plugin; failing
    that, they get another one."""
    if connection is None:
        return
    connection.prepare_threshold = _PREPARED_AFTER
    if not record.info.pop(LENT_TO_PLUGIN, False):
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CLEANING)
        connection.commit()
    except psycopg.Error as error:
        record.invalidate(error)


_EVERY_SESSION = "-c plan_cache_mode=force_custom_plan"
"""Each run of a prepared statement is planned for its own values: the plan for any value reads a whole facility to find a
name. It is an option of the connection, so it outranks settings of role and database, and RESET ALL goes back to it."""


_CONNECTIONS = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 5}
"""Of one process. The web lends its threads to fewer requests than this at a time (``guyub.app.health.THREADS``), so requests
wait for a thread and find a connection; whoever finds none within five seconds is refused. The embedded server takes 60."""
_CONNECT_SECONDS, _PROBE_SECONDS = 5, 2


class Database:
    """The application's way to PostgreSQL, as the role that can neither bypass nor forge its scope.

    ``limits`` are those of each connection; what the address of the database sets itself goes before them. ``keeper`` looks
    after an embedded server, and knows its port.
    """

    def __init__(
        self, url: str, service_key: str, limits: Limits = PAGES, keeper: Keeper | None = None, **engine_options: Any
    ) -> None:
        self.limits = limits
        self.keeper = keeper
        self.engine: Engine = create_engine(
            url, pool_pre_ping=True, hide_parameters=True, **(_CONNECTIONS | engine_options)
        )
        event.listen(self.engine, "do_connect", self._connect)
        event.listen(self.engine, "checkin", _cleaned)
        event.listen(self.engine, "connect", reading_any_date)
        self.service_key = service_key

    def _connect(self, dialect: Any, record: Any, positional: Any, options: dict[str, Any]) -> Any:
        """Adds our options to those that the address of the database has; wakes the keeper when nobody is there."""
        options["options"] = f"{self.limits.options} {options.get('options', '')} {_EVERY_SESSION}"
        options.setdefault("connect_timeout", _CONNECT_SECONDS)
        if self.keeper is None:
            return None  # the engine connects
        options["port"] = self.keeper.port
        try:
            return dialect.connect(*positional, **options)
        except psycopg.OperationalError:
            self.keeper.wake()
            raise

    def probe(self) -> None:
        """Raises ``Unavailable`` unless the database answers at once, on a connection of its own: the pool may be lent out."""
        url = self.engine.url.set(
            drivername="postgresql", port=self.keeper.port if self.keeper else self.engine.url.port
        )
        conninfo = url.render_as_string(hide_password=False)
        options = f"-c statement_timeout={_PROBE_SECONDS}s"
        try:
            with psycopg.connect(
                conninfo, autocommit=True, connect_timeout=_PROBE_SECONDS, options=options
            ) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error as error:
            if self.keeper is not None:
                self.keeper.wake()
            raise unavailable() from error

    @contextmanager
    def work(self, door: SessionCredential | ApiToken | ServiceCredential) -> Iterator[Work]:
        """Opens the transaction, sets its scope, commits at the end; any exception rolls everything back.

        Raises ``Refusal`` for what the database refuses, in words for staff.
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield _enter(session, door)
        except DBAPIError as error:
            raise refusal_of(error) from error
        except TimeoutError as error:
            raise no_connection_left() from error

    def as_service(self, label: str, *facilities: str) -> ServiceCredential:
        return ServiceCredential(self.service_key, label, facilities or None)

    def close(self) -> None:
        self.engine.dispose()


def _enter(session: Session, door: SessionCredential | ApiToken | ServiceCredential) -> Work:
    if isinstance(door, ServiceCredential):
        codes = list(door.facilities) if door.facilities is not None else None
        entered = func.guyub.enter_service(door.key, door.label, cast(codes, ARRAY(Text)))
        answer: Mapping[str, Any] = session.execute(select(entered)).scalar_one()
        facility = _facility(session, codes[0]) if codes is not None and len(codes) == 1 else None
        return Work(
            session,
            None,
            "",
            door.label,
            facility,
            frozenset(),
            epoch=answer["epoch"],
            plugin_generation=answer["plugin_generation"],
            is_system=True,
        )

    answer = _answer(session, door)
    here, purpose = answer["facility"], answer["purpose"]
    return Work(
        session,
        person_id=UUID(answer["person"]["id"]),
        person_name=answer["person"]["name"],
        login=answer["person"]["login"],
        facility=here and Facility(UUID(here["id"]), here["code"], here["name"], here["zone"], here["region"]),
        permissions=frozenset(answer["permissions"]),
        facilities=tuple(CodeName(f["code"], f["name"]) for f in answer["facilities"]),
        regions=tuple(CodeName(r["code"], r["name"]) for r in answer["regions"]),
        epoch=answer["epoch"],
        plugin_generation=answer["plugin_generation"],
        is_national=answer["national"],
        purpose=purpose
        and Purpose(
            UUID(purpose["id"]),
            purpose["kind"],
            purpose["explanation"],
            datetime.fromisoformat(purpose["until"]),
            int(purpose["minutes_left"]),
        ),
    )


def _facility(session: Session, code: str) -> Facility | None:
    place, office = FacilityModel, RegionModel
    of_code: Select[*tuple[Any, ...]] = (
        select(col(place.id), col(place.code), col(place.name), col(place.zone), col(office.code).label("region"))
        .join(office, col(office.id) == col(place.region_id))
        .where(col(place.code) == code)
    )
    row = session.execute(of_code).one_or_none()
    return part_of(row, Facility) if row else None


def _answer(session: Session, door: SessionCredential | ApiToken) -> Mapping[str, Any]:
    if isinstance(door, ApiToken):
        entered = func.guyub.enter_token(door.token, door.purpose, door.facility)
    else:
        entered = func.guyub.enter(door.token, door.facility)
    scope: Mapping[str, Any] = session.execute(select(entered)).scalar_one()
    return scope
