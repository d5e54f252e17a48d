"""Text too long and days that nobody means, written by raw SQL."""

import pytest

from guyub.db import limits
from guyub.db.unit_of_work import Database
from guyub.sdk.errors import Refusal
from tests.facilities.test_what_can_be_meant import KUDUS

FACILITY = "UPDATE guyub.facility SET {} WHERE id = :here"
APPOINT = """INSERT INTO guyub.official (facility_id, role_code, title, name, valid_from, valid_until)
             VALUES (:here, 'chief', {}, {}, {}, {})"""
VALUE = """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from, reason, actor)
           VALUES ('facility', :here, 'bansos', 'quota', '5', {}, {}, 'tests')"""
SWITCH = """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, reason, actor)
            VALUES (:here, 'bansos', true, {}, {}, 'tests')"""
LONG, ONE_CHARACTER_MORE = "repeat('x', {})", "repeat('x', {} + 1)"


def attack(database: Database, sql: str) -> str:
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests", KUDUS)) as work:
        work.run(sql, here=work.here.id)
    return refused.value.code


TOO_LONG = (
    "db.reason_too_long",
    "facilities.name_too_long",
    "facilities.place_too_long",
    "facilities.letter_too_long",
)
OTHER_DAYS = (
    "facilities.opening_ahead",
    "facilities.closing_ahead",
    "facilities.closing_before_name",
    "facilities.name_ahead",
    "facilities.before_known_name",
)
"""What is refused of a day before it is compared with what anybody can mean."""


@pytest.mark.parametrize(
    ("sql", "most"),
    [
        (FACILITY.format("name = {}"), limits.NAME),
        (FACILITY.format("long_name = {}"), limits.LONG_NAME),
        (FACILITY.format("city = {}"), limits.PLACE),
        (FACILITY.format("letter_place = {}"), limits.PLACE),
        (FACILITY.format("letter_template = {}"), limits.PLACE),
        (FACILITY.format("letterhead = ARRAY[{}]"), limits.LETTERHEAD),
        (APPOINT.format("'T'", "{}", "'2026-01-01'", "NULL"), limits.NAME),
        (APPOINT.format("{}", "'N'", "'2026-01-01'", "NULL"), limits.NAME),
        (VALUE.format("'2026-01-01'", "{}"), limits.REASON),
        (SWITCH.format("'2026-01-01'", "{}"), limits.REASON),
        ("SELECT guyub.audit(:here, 'tests', 'x', {}, '{{}}')", limits.REASON),
    ],
)
def test_the_database_takes_text_up_to_its_limit_and_no_letter_more(database: Database, sql: str, most: int):
    assert attack(database, sql.format(ONE_CHARACTER_MORE.format(most))) in TOO_LONG
    with database.work(database.as_service("tests", KUDUS)) as work:
        work.run(sql.format(LONG.format(most)), here=work.here.id)


@pytest.mark.parametrize("day", ["0001-01-01", "0202-03-01", "1899-12-31", "2101-01-01", "9999-12-31", "-infinity"])
@pytest.mark.parametrize(
    "sql",
    [
        FACILITY.format("opened_on = {}"),
        FACILITY.format("closed_on = {}"),
        FACILITY.format("name_from = {}, name = 'Lain'"),
        APPOINT.format("'T'", "'N'", "{}", "NULL"),
        VALUE.format("{}", "''"),
        SWITCH.format("{}", "''"),
        "UPDATE guyub.theme SET valid_until = {} WHERE :here IS NOT NULL",
    ],
)
def test_the_database_takes_no_day_that_nobody_means(database: Database, sql: str, day: str):
    assert attack(database, sql.format(f"date '{day}'")) in ("db.implausible_day", *OTHER_DAYS)
