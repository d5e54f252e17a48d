"""Who sees people: those who work with them. And what is kept of their numbers, addresses and telephones: nothing readable."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import time
from typing import Any

import psycopg
import pytest

from guyub.cli.demonstration import families, november
from guyub.cli.demonstration.month import moment
from guyub.funds import queries as books
from guyub.programs import cycles, overview, paperwork, proposal, queries
from tests import worlds
from tests.worlds import KEBUMEN, PEKALONGAN, Attacker, World

ABOUT_PEOPLE = (
    "household", "member", "name_word", "inmate", "inmate_register", "inmate_link", "survey", "recipient_snapshot",
    "entitlement", "entitlement_line", "handover", "handover_line", "household_facts",
)  # fmt: skip
ABOUT_THE_MONTH = (
    "cycle",
    "package_line",
    "cycle_fund",
    "fund",
    "journal",
    "transfer",
    "account",
    "reservation",
    "lot",
)


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    """Both facilities, the papers of the month kept, a NIK revealed."""
    with worlds.a_world(cluster) as made:
        for rutan in (made.pekalongan, made.kebumen):
            cycle = worlds.november_until(rutan, "closed")
            with rutan.work_of(rutan.services) as work:
                closed = cycles.get(work, "bansos", cycle.period)
                paperwork.produce_all(work, closed, november.DISTRIBUTION, moment(november.DISTRIBUTION, time(12)))
        worlds.employ(made.database, "petugas.tu", "clerk", PEKALONGAN)
        yield made


def readable(content: bytes) -> Iterator[bytes]:
    """A file as it lies there, and what is packed in it: members of a ZIP (XLSX), streams of a PDF."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from map(archive.read, archive.namelist())
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            continue


def everything(superuser: psycopg.Connection) -> Iterator[tuple[str, bytes]]:
    """Each row of the schema as text, and each binary value unpacked."""
    tables = superuser.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind = 'r'"
    ).fetchall()
    for (table,) in tables:
        for (row,) in superuser.execute(f"SELECT t::text FROM guyub.{table} t".encode()):
            yield table, row.encode()
    for (content,) in superuser.execute("SELECT content FROM guyub.document"):
        for part in readable(content):
            yield "document", part


def test_no_number_telephone_or_street_stands_anywhere_in_the_database(superuser: psycopg.Connection):
    secrets = [
        secret
        for family in (*families.PEKALONGAN, *families.KEBUMEN)
        for secret in (
            family.registration.recipient.nik, family.registration.family_card, family.registration.phone,
            family.registration.street,
        )
    ]  # fmt: skip
    assert len(set(secrets)) == 60
    sought = re.compile("|".join(re.escape(secret) for secret in secrets).encode())
    read = 0
    for table, text in everything(superuser):
        read += 1
        assert not sought.search(text), table
    assert read > 700
    names = b"|".join({b"Sulastri Contoh", b"Pekalongan Timur"})
    assert any(re.search(names, text) for table, text in everything(superuser) if table == "member")


def test_what_was_searched_includes_what_is_packed(superuser: psycopg.Connection):
    """A name that stands in the recap's sheet is found: so a number would have been."""
    assert any(b"Sulastri Contoh" in text for table, text in everything(superuser) if table == "document")


@pytest.mark.parametrize(
    ("who", "facility"),
    [("kanwil", None), ("kanwil", PEKALONGAN), ("pengelola", PEKALONGAN), ("petugas.tu", PEKALONGAN)],
)
def test_those_who_do_not_work_with_people_see_none_of_them(attacker: Attacker, who: str, facility: str | None):
    attacker.enter(who, facility)
    assert attacker.value("SELECT guyub.personal_scope()") == []
    for table in ABOUT_PEOPLE:
        assert attacker.value(f"SELECT count(*) FROM guyub.{table}") == 0, table
    for table in ABOUT_THE_MONTH:
        assert attacker.value(f"SELECT count(*) FROM guyub.{table}") > 0, table
    kinds = attacker.sees("SELECT DISTINCT kind FROM guyub.document WHERE personal")
    assert kinds == []
    assert attacker.value("SELECT count(*) FROM guyub.document") > 0


@pytest.mark.parametrize("who", ["kasubsi", "karutan", "pengamanan"])
def test_those_who_do_see_them_at_their_own_facility(attacker: Attacker, who: str):
    attacker.enter(who, PEKALONGAN)
    for table in ABOUT_PEOPLE:
        assert attacker.value(f"SELECT count(*) FROM guyub.{table}") > 0, table
    assert attacker.sees("SELECT DISTINCT facility_id FROM guyub.member") == attacker.sees(
        "SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan'"
    )


@pytest.mark.parametrize("table", [one for one in ABOUT_PEOPLE if one not in {"household_facts", "name_word"}])
def test_the_regional_office_writes_nothing_about_people_either(attacker: Attacker, table: str):
    attacker.enter("kasubsi", PEKALONGAN)
    (columns,) = attacker.sees(
        """SELECT string_agg(column_name, ', ') FROM information_schema.column_privileges WHERE table_schema = 'guyub'
           AND table_name = %(table)s AND privilege_type = 'INSERT' AND grantee = current_user AND column_name <> 'id'""",
        {"table": table},
    )
    attacker.connection.execute(f"CREATE TEMP TABLE copied AS SELECT {columns[0]} FROM guyub.{table}".encode())
    attacker.connection.commit()
    try:
        attacker.enter("kanwil")
        outcome = attacker.tries(f"INSERT INTO guyub.{table} ({columns[0]}) SELECT {columns[0]} FROM copied")
        assert outcome == "42501" or outcome.startswith("GU")
    finally:
        attacker.leave()
        attacker.connection.execute("DROP TABLE copied")
        attacker.connection.commit()


def test_the_figures_of_a_month_are_the_same_for_those_who_see_its_people_and_those_who_do_not(world: World):
    told = []
    for login in ("kasubsi", "pengelola", "petugas.tu"):
        with world.pekalongan.work_of(login) as work:
            cycle = cycles.get(work, "bansos", november.PERIOD)
            told.append(
                (
                    queries.figures(work, cycle), queries.counts(work, cycle), queries.goods_given(work, cycle),
                    books.spending(work, cycle.id), overview.months(work), proposal.coverage(work, cycle),
                )
            )  # fmt: skip
    assert told[0] == told[1] == told[2]
    figures = told[0][0]
    assert (figures.received, figures.value, figures.by_category) == (5, 582_550, {"inmate_family": 5})


def test_the_regional_office_counts_households_of_all_its_facilities_and_of_no_other(attacker: Attacker, world: World):
    count = (
        "SELECT category, state, sum(households)::integer "
        "FROM guyub.attendance(ARRAY(SELECT id FROM guyub.cycle)) GROUP BY 1, 2"
    )
    attacker.enter("kanwil")
    assert ("inmate_family", "received", 7) in attacker.sees(count)
    all_cycles = [one for (one,) in attacker.sees("SELECT id FROM guyub.cycle")]
    attacker.enter("kasubsi.kebumen", KEBUMEN)
    asked = attacker.sees(
        "SELECT DISTINCT cycle_id FROM guyub.attendance(%(cycles)s)", {"cycles": all_cycles}
    )  # fmt: skip
    assert asked == attacker.sees("SELECT id FROM guyub.cycle")
    assert len(asked) == 1
    attacker.leave()
    assert attacker.sees("SELECT * FROM guyub.attendance(%(cycles)s)", {"cycles": all_cycles}) == []
    assert attacker.sees("SELECT * FROM guyub.package_needs(%(cycle)s, true)", {"cycle": all_cycles[0]}) == []
    assert attacker.sees("SELECT * FROM guyub.served_elsewhere(%(cycle)s)", {"cycle": all_cycles[0]}) == []


def test_a_scope_without_people_does_not_ask_who_was_served_elsewhere(attacker: Attacker):
    attacker.enter("kanwil")
    assert attacker.sees("SELECT s.* FROM guyub.cycle c, guyub.served_elsewhere(c.id) s") == []


def test_staff_read_the_names_of_those_they_work_with(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    logins = {login for (login,) in attacker.sees("SELECT login FROM guyub.person")}
    assert {"kasubsi", "karutan", "pengelola", "pengamanan", "kanwil"} <= logins
    assert not any(login.endswith(".kebumen") for login in logins)
    attacker.enter("kanwil")
    assert "kasubsi.kebumen" in {login for (login,) in attacker.sees("SELECT login FROM guyub.person")}


def test_the_trail_of_a_month_names_no_number_and_no_recipient(world: World):
    with world.pekalongan.work_of("kasubsi") as work:
        told = str(work.run("SELECT jsonb_agg(to_jsonb(a)) FROM guyub.audit_entry a").scalar_one())
    assert "kasubsi" in told
    for family in families.PEKALONGAN:
        assert family.registration.recipient.full_name not in told
        assert family.registration.recipient.nik not in told
