"""A row that no reader could use is refused; were it there all the same, every page that shows it opens."""

from contextlib import suppress
from datetime import UTC, datetime

import psycopg
import pytest

from guyub.app.application import create_app
from tests.visits import visitors

REFUSED = "23514"
HOME = "/f/rutan-pekalongan/"
MONTH = f"{HOME}cycles/2024-11"
PAIR = '{"id": "Contoh", "en": "Example"}'
NO_SETTINGS = (
    "[]",
    "null",
    "{}",
    '"x"',
    "5",
    '{"kind": 5}',
    f'{{"title": {PAIR}, "benefit": "goods", "rules": [], "criteria": {{}}}}',
    f'{{"title": {PAIR}, "benefit": "x", "rules": [], "criteria": []}}',
    '{"title": {"id": 5, "en": "x"}, "benefit": "goods", "rules": [], "criteria": []}',
    f'{{"title": {PAIR}, "benefit": "goods", "rules": [], "criteria": [{{"key": "x", "label": {PAIR}, "weight": "y"}}]}}',
    f'{{"title": {PAIR}, "benefit": "goods", "rules": [{{"key": "x"}}], "criteria": [5]}}',
    f'{{"title": {PAIR}, "benefit": "goods", "rules": [null], "criteria": []}}',
)
NO_DETAILS = (
    "[]",
    "null",
    '"x"',
    "7",
    '{"households": null, "rupiah": "y"}',
    '{"households": 1.5}',
    '{"rupiah": 1e40}',
    '{"households": [1]}',
)
ACTIONS = (
    "programs.hand_over",
    "programs.approve",
    "programs.plan_distribution",
    "funds.buy",
    "host.configure",
    "access.purpose_view",
)


@pytest.fixture
def opens(own_approved, cluster):
    world = own_approved
    app = create_app(
        world.database,
        world.rutan.opened.plugins,
        protector=cluster.keys.protector(),
        clock=lambda: datetime(2024, 11, 15, 4, tzinfo=UTC),
    )
    with visitors(app, world.database) as new:
        yield lambda login, path: new(login).opens(path).status_code


def commit_as_superuser(world, *statements):
    with world.superuser() as root:
        for statement, *values in statements:
            root.execute(statement.encode(), *values)
        root.commit()


@pytest.mark.parametrize("settings", NO_SETTINGS)
def test_settings_that_no_page_could_read_are_refused(proposed, settings):
    with proposed.attacker() as raw:
        raw.enter("kasubsi", "rutan-pekalongan")
        begin = """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings)
                   SELECT facility_id, program_id, DATE '2025-02-01', 5, 'x', %(settings)s FROM guyub.cycle"""
        assert raw.tries(begin, {"settings": settings}) == REFUSED


@pytest.mark.parametrize("settings", NO_SETTINGS)
def test_pages_open_with_damaged_settings(own_approved, opens, settings):
    commit_as_superuser(
        own_approved,
        ("ALTER TABLE guyub.cycle DROP CONSTRAINT cycle_settings",),
        ("SET session_replication_role = replica",),
        ("UPDATE guyub.cycle SET settings = %s", (settings,)),
        ("UPDATE guyub.rollup_month SET title = (%s::jsonb) -> 'title'", (settings,)),
    )
    pages = [("kasubsi", path) for path in (HOME, f"{HOME}programs/bansos/", f"{MONTH}/", f"{MONTH}/candidates")]
    pages += [("karutan", HOME), ("kanwil", "/region/jawa-tengah/"), ("pengamanan", f"{MONTH}/distribution")]
    assert {page: opens(*page) for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("details", NO_DETAILS)
def test_an_audit_entry_that_no_page_could_read_is_refused(proposed, details):
    with proposed.attacker() as raw:
        raw.enter("pengamanan", "rutan-pekalongan")
        record = "SELECT guyub.audit((guyub.scope())[1], 'programs.hand_over', 'bansos/2024-11', '', %(details)s)"
        assert raw.tries(record, {"details": details}) == REFUSED


def test_pages_open_with_damaged_audit_entries(own_approved, opens):
    commit_as_superuser(own_approved, ("ALTER TABLE guyub.audit_entry DROP CONSTRAINT audit_details",))
    more = ('{"on": "x", "fields": null, "valid_from": [], "kind": "x", "changed": 5}', '{"rupiah": true, "quota": {}}')
    with own_approved.attacker() as raw:
        for details in (*NO_DETAILS, *more):
            for action in ACTIONS:
                for subject in ("bansos/2024-11", "bansos/2024-13", "0000-01"):
                    raw.enter("pengamanan", "rutan-pekalongan")
                    values = {"action": action, "subject": subject, "details": details}
                    raw.sees("SELECT guyub.audit((guyub.scope())[1], %(action)s, %(subject)s, '', %(details)s)", values)
                    raw.connection.commit()
    pages = [
        ("karutan", f"{HOME}audit"),
        ("kasubsi", HOME),
        ("kasubsi", f"{MONTH}/"),
        ("karutan", f"{HOME}purpose/views"),
    ]
    pages += [("kanwil", "/region/jawa-tengah/audit")]
    assert {page: opens(*page) for page in pages} == dict.fromkeys(pages, 200)


def test_other_rows_that_no_page_could_read_are_refused(proposed):
    statements = {
        "a label": "INSERT INTO guyub.package_line (facility_id, cycle_id, line, label, quantity, price)"
        " SELECT facility_id, id, 99, '{}', 1, 1 FROM guyub.cycle",
        "reasons": "UPDATE guyub.entitlement SET reasons = '[]'",
        "points": """UPDATE guyub.entitlement SET reasons = '{"x": "y"}'""",
        "answers": "UPDATE guyub.survey SET answers = '[]'",
        "a moment": "UPDATE guyub.audit_entry SET at = 'infinity'",
    }
    with proposed.superuser() as root:
        root.execute("SET session_replication_role = replica")
        for what, statement in statements.items():
            with pytest.raises(Exception, match="violates check constraint"), root.transaction():
                root.execute(statement.encode())
            assert what


MOMENTS = """
    SELECT c.relname, string_agg(format('%I = %%(moment)s', a.attname), ', ')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'timestamptz'::regtype
      AND c.relname NOT IN ('session', 'person', 'repeatable')
    GROUP BY 1 ORDER BY 1"""
"""All moments but those that say who is signed in, and until when."""


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "0044-03-15 BC"])
def test_pages_open_with_moments_that_no_calendar_has(own_approved, opens, moment):
    changed = 0
    with own_approved.superuser() as root:
        root.execute("SET session_replication_role = replica")
        for table, columns in root.execute(MOMENTS).fetchall():
            with suppress(psycopg.errors.CheckViolation, psycopg.errors.NotNullViolation), root.transaction():
                changed += root.execute(f"UPDATE guyub.{table} SET {columns}".encode(), {"moment": moment}).rowcount
        root.commit()
    assert changed > 50
    pages = [("kasubsi", path) for path in (HOME, f"{HOME}programs/bansos/", f"{MONTH}/", f"{MONTH}/candidates")]
    pages += [("karutan", HOME), ("karutan", f"{HOME}audit"), ("kanwil", "/region/jawa-tengah/")]
    pages += [("pengamanan", f"{MONTH}/distribution"), ("kanwil", "/region/jawa-tengah/audit")]
    assert {page: opens(*page) for page in pages} == dict.fromkeys(pages, 200)
