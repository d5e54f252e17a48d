"""A connection that has served for long plans as well as a new one: no plan for any value takes over."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from guyub.access import sign_in
from guyub.db.unit_of_work import LENT_TO_PLUGIN, Database, SessionCredential
from guyub.registry import queries
from tests.worlds import PEKALONGAN, superuser

MODE = "SELECT current_setting('plan_cache_mode')"
PLANS = "SELECT COALESCE(sum(generic_plans), 0), COALESCE(max(custom_plans), 0) FROM pg_prepared_statements"
PREPARED = "SELECT count(*) FROM pg_prepared_statements"


def with_one_connection(installation, **query: str) -> Database:
    url = installation.app_url.update_query_dict(query).render_as_string(hide_password=False)
    return Database(url, installation.keys.service_key, pool_size=1, max_overflow=0)


@pytest.fixture
def warm(installation) -> Iterator[Database]:
    opened = with_one_connection(installation)
    yield opened
    opened.close()


def test_a_search_of_two_words_is_planned_for_its_words_at_each_of_12_runs(warm, protector):
    token = sign_in.session_for(warm, "kasubsi", "tests")
    for _ in range(12):
        with warm.work(SessionCredential(token, PEKALONGAN)) as work:
            queries.page(work, protector, queries.HouseholdFilter(text="siti contoh"))
    with warm.engine.connect() as connection:
        generic, custom = connection.execute(text(PLANS)).one()
    assert generic == 0
    assert custom > 5, "nothing was prepared"


def test_a_connection_that_a_plugin_has_used_goes_on_planning_anew(warm):
    with warm.engine.connect() as connection:
        connection.execute(text("SET plan_cache_mode = force_generic_plan"))
        connection.commit()
        connection.info[LENT_TO_PLUGIN] = True
    with warm.engine.connect() as connection:
        assert connection.scalar(text(MODE)) == "force_custom_plan"


def test_long_work_keeps_the_plans_of_keys_and_prepares_no_statement_of_its_own(warm, protector):
    for _ in range(12):
        with warm.work(warm.as_service("tests", PEKALONGAN)) as work:
            work.take_time()
            queries.page(work, protector, queries.HouseholdFilter(text="siti contoh"))
            assert work.run(MODE).scalar_one() == "auto"
            assert work.run(f"{PREPARED} WHERE statement LIKE '%guyub.household%'").scalar_one() == 0


def test_work_after_long_work_on_one_connection_is_planned_anew_and_prepared_again(warm, protector):
    for takes_time in (True, False, False, False, False, False, False, False):
        with warm.work(warm.as_service("tests", PEKALONGAN)) as work:
            if takes_time:
                work.take_time()
            queries.page(work, protector, queries.HouseholdFilter(text="siti contoh"))
    with warm.engine.connect() as connection:
        assert connection.scalar(text(MODE)) == "force_custom_plan"
        assert connection.execute(text(PLANS)).one()[1] > 0


def test_settings_of_role_and_database_do_not_bring_the_general_plan_back(installation, warm):
    database, role = installation.admin_url.database, f"{installation.roles}_app"
    with superuser(installation) as root:
        for owner in (f'DATABASE "{database}"', f'ROLE "{role}" IN DATABASE "{database}"'):
            root.execute(f"ALTER {owner} SET plan_cache_mode = force_generic_plan".encode())
    with warm.engine.connect() as connection:
        assert connection.scalar(text(MODE)) == "force_custom_plan"


def test_options_in_the_address_of_the_database_are_kept(installation):
    opened = with_one_connection(installation, options="-c statement_timeout=54321")
    try:
        with opened.engine.connect() as connection:
            assert connection.scalar(text(MODE)) == "force_custom_plan"
            assert connection.scalar(text("SHOW statement_timeout")) == "54321ms"
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("survey", "household_id"),
        ("inmate_register", "inmate_id"),
        ("member", "household_id"),
        ("inmate_link", "household_id"),
        ("session", "person_id"),
        ("role_assignment", "facility_id"),
    ],
)
def test_rows_that_are_found_by_their_parent_have_an_index_for_it(installation, table, column):
    with superuser(installation) as root:
        found = root.execute(
            """SELECT count(*) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
               WHERE i.indrelid = to_regclass(%s) AND a.attname = %s AND i.indpred IS NULL""",
            (f"guyub.{table}", column),
        ).fetchone()
    assert found == (1,)
