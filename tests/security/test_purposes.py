"""A purpose opens the people of one facility to one person, for reading, until its end: attacked with raw SQL."""

import json
from datetime import datetime

import pytest

PEKALONGAN, KEBUMEN = "rutan-pekalongan", "rutan-kebumen"
STATE = "SELECT guyub.state_purpose(%(where)s, %(kind)s, %(words)s, %(minutes)s)"
WHY = "Pengaduan nomor 12 tentang daftar November"
PERSONAL = [
    "household",
    "member",
    "name_word",
    "inmate",
    "inmate_register",
    "inmate_link",
    "survey",
    "entitlement",
    "entitlement_line",
    "recipient_snapshot",
    "handover",
    "handover_line",
]


def stated(thief, where, login="kanwil", *, kind="complaint", words=WHY, minutes=15):
    """A purpose of this person, committed; what came of it."""
    thief.enter(login, None)
    outcome = thief.tries(STATE, {"where": where, "kind": kind, "words": words, "minutes": minutes})
    if outcome == "1 rows":
        thief.connection.commit()
    return outcome


@pytest.fixture
def world(own_distributing):
    return own_distributing


@pytest.fixture
def thief(world):
    with world.attacker() as one:
        yield one


def household(thief):
    return thief.value("SELECT count(*) FROM guyub.household")


def as_if_stated(world, *, login="kanwil", since="now() - interval '20 minutes'", until="now() - interval '1 second'"):
    """A purpose of another time, as only the server's administrator can make one."""
    with world.superuser() as root:
        root.execute(
            f"""INSERT INTO guyub.purpose_grant (facility_id, person_id, kind, explanation, opened_at, expires_at)
                SELECT %(where)s, id, 'audit', %(words)s, {since}, {until} FROM guyub.person WHERE login = %(login)s""".encode(),
            {"where": world.pekalongan, "words": WHY, "login": login},
        )
        root.commit()


def test_a_purpose_opens_every_personal_table_of_its_facility_and_of_no_other(world, thief):
    assert stated(thief, world.pekalongan) == "1 rows"
    thief.enter("kanwil", PEKALONGAN)
    assert household(thief) == 12
    for table in PERSONAL:
        assert thief.sees(f"SELECT DISTINCT facility_id FROM guyub.{table}") == [(world.pekalongan,)], table
    for elsewhere in (KEBUMEN, None):
        thief.enter("kanwil", elsewhere)
        assert thief.sees("SELECT guyub.personal_scope()") == [([],)]
        assert household(thief) == 0


def test_a_purpose_is_of_one_person(world, thief):
    with world.superuser() as root:
        root.execute(
            """INSERT INTO guyub.person (login, full_name, password_hash) VALUES ('kanwil.dua', 'Kanwil Contoh Dua', 'x')"""
        )
        root.execute(
            """INSERT INTO guyub.role_assignment (person_id, role_code, region_id, valid_from, granted_by)
               SELECT p.id, 'region_admin', r.id, '2024-01-01', 'x' FROM guyub.person p, guyub.region r
               WHERE p.login = 'kanwil.dua' AND r.code = 'jawa-tengah'"""
        )
        root.commit()
    stated(thief, world.pekalongan)
    thief.enter("kanwil.dua", PEKALONGAN)
    assert household(thief) == 0


@pytest.mark.parametrize("table", PERSONAL)
def test_what_is_open_for_a_purpose_is_not_written(world, thief, table):
    stated(thief, world.pekalongan)
    with world.superuser() as root:
        [row] = root.execute(
            f"SELECT to_jsonb(t) FROM guyub.{table} t WHERE facility_id = %s LIMIT 1".encode(), (world.pekalongan,)
        ).fetchone()
        if "id" in row:
            row["id"] = root.execute("SELECT uuidv7()::text").fetchone()[0]
        columns = {
            deed: [
                name
                for (name,) in root.execute(
                    """SELECT attname FROM pg_attribute WHERE attrelid = ('guyub.' || %(table)s)::regclass AND attnum > 0
                       AND NOT attisdropped AND attgenerated = ''
                       AND has_column_privilege(%(app)s, attrelid, attnum, %(deed)s)""",
                    {"table": table, "app": f"{world.installation.roles}_app", "deed": deed},
                ).fetchall()
            ]
            for deed in ("INSERT", "UPDATE")
        }
    thief.enter("kanwil", PEKALONGAN)
    if columns["INSERT"]:
        names = ", ".join(columns["INSERT"])
        outcome = thief.tries(
            f"INSERT INTO guyub.{table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::guyub.{table}, %(row)s::jsonb)",
            {"row": json.dumps(row)},
        )
        assert outcome in {"42501", "GU001", "GU002", "GU003", "GU004"}
    for name in columns["UPDATE"]:
        assert thief.tries(f"UPDATE guyub.{table} SET {name} = {name}") in {"0 rows", "42501", "GU002"}, name
    assert thief.tries(f"DELETE FROM guyub.{table}") in {"0 rows", "42501", "GU002"}


def test_the_books_stay_as_shut_to_the_reader_as_without_a_purpose(world, thief):
    stated(thief, world.pekalongan)
    thief.enter("kanwil", PEKALONGAN)
    assert thief.tries("UPDATE guyub.cycle SET state = 'closed'") in {"GU003", "GU004", "42501"}
    assert thief.value("SELECT guyub.permitted('registry.read', %(here)s)", {"here": world.pekalongan}) is False


def test_documents_that_name_people_stay_shut(world, thief):
    with world.superuser() as root:
        root.execute("SET session_replication_role = replica")
        root.execute(
            """INSERT INTO guyub.document (facility_id, cycle_id, kind, title, file_name, media_type, content, personal,
                                           made_by, made_at)
               SELECT c.facility_id, c.id, 'test', 'x', 'x.pdf', 'application/pdf', 'x', true, 'x', now() FROM guyub.cycle c"""
        )
        root.commit()
    stated(thief, world.pekalongan)
    thief.enter("kanwil", PEKALONGAN)
    assert thief.value("SELECT count(*) FROM guyub.document WHERE personal") == 0


def test_a_purpose_ends_on_its_minute_within_an_open_transaction_too(world, thief):
    as_if_stated(world, until="clock_timestamp() + interval '700 milliseconds'")
    thief.enter("kanwil", PEKALONGAN)
    assert household(thief) == 12
    thief.connection.execute("SELECT pg_sleep(0.8)")
    assert household(thief) == 0
    thief.enter("kanwil", PEKALONGAN)
    assert household(thief) == 0


def test_a_purpose_that_is_over_or_has_not_begun_opens_nothing(world, thief):
    as_if_stated(world)
    as_if_stated(world, since="now() + interval '1 hour'", until="now() + interval '2 hours'")
    thief.enter("kanwil", PEKALONGAN)
    assert household(thief) == 0


def test_ending_it_closes_it_for_good(world, thief):
    stated(thief, world.pekalongan)
    thief.enter("kanwil", PEKALONGAN)
    assert thief.sees("SELECT guyub.end_purpose(%(here)s)", {"here": world.pekalongan}) == [(True,)]
    assert household(thief) == 0
    thief.connection.commit()
    thief.enter("kanwil", PEKALONGAN)
    assert household(thief) == 0
    assert thief.tries("DELETE FROM guyub.purpose_end") == "42501"


def test_nobody_ends_the_purpose_of_another(world, thief):
    stated(thief, world.pekalongan)
    thief.enter("karutan", PEKALONGAN)
    assert thief.sees("SELECT guyub.end_purpose(%(here)s)", {"here": world.pekalongan}) == [(False,)]


def test_a_purpose_goes_with_the_role(world, thief):
    stated(thief, world.pekalongan)
    with world.superuser() as root:
        root.execute(
            "UPDATE guyub.role_assignment SET valid_until = current_date - 2 FROM guyub.person p "
            "WHERE p.id = person_id AND p.login = 'kanwil'"
        )
        root.execute(
            """INSERT INTO guyub.role VALUES ('watcher', 'region', '{}', '{reports.read}');
               INSERT INTO guyub.role_assignment (person_id, role_code, region_id, valid_from, granted_by)
               SELECT p.id, 'watcher', r.id, '2024-01-01', 'x' FROM guyub.person p, guyub.region r
               WHERE p.login = 'kanwil' AND r.code = 'jawa-tengah'"""
        )
        root.commit()
    thief.enter("kanwil", PEKALONGAN)
    assert household(thief) == 0


@pytest.mark.parametrize(
    "statement",
    [
        """INSERT INTO guyub.purpose_grant (facility_id, person_id, kind, explanation, expires_at)
           SELECT id, guyub.actor(), 'audit', 'because I want to see them', now() + interval '1 hour' FROM guyub.facility""",
        "UPDATE guyub.purpose_grant SET expires_at = expires_at + interval '1 hour'",
        "UPDATE guyub.purpose_grant SET explanation = 'something else entirely'",
        "DELETE FROM guyub.purpose_grant",
        "INSERT INTO guyub.purpose_end (grant_id, facility_id) SELECT id, facility_id FROM guyub.purpose_grant",
        "DELETE FROM guyub.purpose_end",
        "TRUNCATE guyub.purpose_grant CASCADE",
        "SELECT * FROM guyub.active_purpose(guyub.actor(), guyub.actor())",
    ],
)
def test_a_purpose_has_no_way_in_but_its_door(world, thief, statement):
    stated(thief, world.pekalongan)
    for login in ("kanwil", "karutan"):
        thief.enter(login, PEKALONGAN)
        assert thief.tries(statement) == "42501"
    thief.enter_service()
    assert thief.tries(statement) == "42501"


@pytest.mark.parametrize("table", ["purpose_grant", "purpose_end"])
def test_not_even_the_server_changes_one_by_accident(world, thief, table):
    stated(thief, world.pekalongan)
    with world.superuser() as root, pytest.raises(Exception, match="append-only"):
        root.execute(f"DELETE FROM guyub.{table}".encode())


def test_it_cannot_be_extended_only_stated_again_once_it_is_over(world, thief):
    assert stated(thief, world.pekalongan) == "1 rows"
    assert stated(thief, world.pekalongan, minutes=480) == "GU003"


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 14},
        {"minutes": 481},
        {"minutes": -5},
        {"minutes": None},
        {"words": "ingin tahu"},
        {"words": " " * 30},
        {"words": None},
        {"words": "x" * 501},
        {"kind": "curiosity"},
        {"kind": None},
    ],
)
def test_a_purpose_without_its_reason_or_its_limit_is_none(world, thief, wrong):
    assert stated(thief, world.pekalongan, **wrong) in {"23514", "23502"}
    thief.enter("kanwil", PEKALONGAN)
    assert household(thief) == 0


@pytest.mark.parametrize("login", ["kasubsi", "karutan", "pengelola", "kasubsi.kebumen"])
def test_staff_of_a_facility_state_none(world, thief, login):
    for where in (world.pekalongan, world.kebumen):
        assert stated(thief, where, login) == "GU001"


def test_nobody_states_one_without_a_door_and_no_service_does(world, thief):
    thief.leave()
    values = {"where": world.pekalongan, "kind": "audit", "words": WHY, "minutes": 60}
    assert thief.tries(STATE, values) == "GU001"
    thief.enter_service()
    assert thief.tries(STATE, values) == "GU001"


def test_the_open_facility_stands_in_the_signed_scope_and_cannot_be_put_there(world, thief):
    thief.enter("kanwil", PEKALONGAN)
    [(scope,)] = thief.sees("SELECT current_setting('guyub.scope', true)")
    parts = scope.split("|")
    parts[5] = str(world.pekalongan)
    thief.tries("SELECT set_config('guyub.scope', %(scope)s, true)", {"scope": "|".join(parts)})
    assert thief.sees("SELECT guyub.verified_scope(), guyub.personal_scope()") == [(None, [])]


def test_every_purpose_stands_in_the_facilitys_audit_log_with_its_words(world, thief):
    stated(thief, world.pekalongan, minutes=60)
    thief.enter("kanwil", PEKALONGAN)
    thief.sees("SELECT guyub.end_purpose(%(here)s)", {"here": world.pekalongan})
    thief.connection.commit()
    thief.enter("karutan", PEKALONGAN)
    entries = thief.sees(
        """SELECT action, actor_label, subject, reason, details FROM guyub.audit_entry
           WHERE action LIKE 'access.purpose%%' AND facility_id = %(here)s ORDER BY seq""",
        {"here": world.pekalongan},
    )
    assert [entry[:4] for entry in entries] == [
        ("access.purpose", "kanwil", "complaint", WHY),
        ("access.purpose_end", "kanwil", "complaint", ""),
    ]
    details = entries[0][4]
    assert details["minutes"] == 60
    assert datetime.fromisoformat(details["until"]).tzinfo is not None
