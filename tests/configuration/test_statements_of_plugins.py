"""What SQL the host takes from a plugin: rows are read and written, nothing else, however it is spelt."""

import itertools

import pytest

from guyub.plugins.sql_policy import reading_of

ROWS = [
    "SELECT 1",
    "  select code from infak.entry where note = %(note)s and id = $1",
    "(SELECT 1) UNION (SELECT 2);",
    "/* every month */ SELECT 'commit; rollback' -- ; commit",
    "SELECT $$; commit$$, $tag$ '; set role x $$ $tag$",
    "SELECT E'\\'; commit; --', e'it''s'",
    "SELECT 'C:\\', 1",
    'SELECT "set_config", "a""b; commit" FROM infak."entry; commit"',
    "SELECT /* outer /* inner ' */ still ; commit */ 1",
    "VALUES (1), (2)",
    "TABLE infak.entry",
    "INSERT INTO infak.entry (facility_id) VALUES (%(id)s) RETURNING id",
    "UPDATE infak.entry SET note = 'reset all' WHERE id = 1",
    "DELETE FROM infak.entry",
    "MERGE INTO infak.entry e USING other o ON true WHEN NOT MATCHED THEN INSERT VALUES (1)",
    "WITH gone AS (DELETE FROM infak.entry RETURNING id) INSERT INTO infak.old SELECT id FROM gone",
    "SELECT set_config FROM infak.entry",
    "SELECT pg_advisory_xact_lock(42)",
    "SELECT name$commit FROM infak.entry",
    "SAVEPOINT sa_savepoint_1",
]

OTHERS = [
    "COMMIT",
    "commit work",
    "END",
    "ABORT",
    "ROLLBACK",
    "ROLLBACK TO SAVEPOINT x",
    "BEGIN",
    "START TRANSACTION",
    "SAVEPOINT mine",
    "RELEASE mine",
    "PREPARE TRANSACTION 'x'",
    "DISCARD ALL",
    "SET ROLE postgres",
    "SET LOCAL ROLE postgres",
    "SET search_path TO infak",
    "SET LOCAL search_path TO infak",
    "SET TIME ZONE 'Asia/Jayapura'",
    "SET statement_timeout = 1",
    "SET datestyle = 'SQL, DMY'",
    "SET LOCAL row_security = off",
    "SET CONSTRAINTS ALL DEFERRED",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "RESET ALL",
    "RESET ROLE",
    "LISTEN zz",
    "UNLISTEN *",
    "NOTIFY zz",
    "PREPARE zz AS SELECT 1",
    "EXECUTE zz",
    "DEALLOCATE ALL",
    "CREATE TEMP TABLE zz (a int)",
    "CREATE TABLE infak.x (a int)",
    "DROP TABLE infak.entry",
    "ALTER TABLE infak.entry ADD x int",
    "TRUNCATE infak.entry",
    "GRANT ALL ON x TO y",
    "DECLARE zz CURSOR WITH HOLD FOR SELECT 1",
    "FETCH 1 FROM zz",
    "COPY (SELECT 1) TO STDOUT",
    "LOCK TABLE guyub.facility",
    "DO $$ begin commit; end $$",
    "CALL infak.deed()",
    "EXPLAIN ANALYZE DELETE FROM infak.entry",
    "VACUUM",
    "LOAD 'x'",
    "SHOW search_path",
]

LASTING = [
    "SELECT set_config('search_path', 'infak', false)",
    "SELECT pg_catalog.SET_CONFIG ('guyub.facilities', 'x', true)",
    "SELECT \"set_config\"('row_security', 'off', true)",
    "SELECT \"pg_catalog\" . \"set_config\" /* here */ ('a.b', 'c', true)",
    "SELECT pg_advisory_lock(42)",
    "SELECT pg_try_advisory_lock_shared(42)",
    "SELECT pg_advisory_unlock_all()",
    "INSERT INTO infak.entry SELECT set_config('a.b', 'c', false)",
    "WITH x AS (SELECT pg_notify('a', 'b')) SELECT * FROM x",
    "SELECT query_to_xml('select set_config(1)', true, true, '')",
    "SELECT pg_terminate_backend(1)",
    "SELECT U&\"set\\005fconfig\"('a.b', 'c', false)",
    "SELECT 1 AS a INTO TEMP zz",
    "SELECT * INTO zz FROM infak.entry",
]

UNREADABLE = [
    "SELECT 'open",
    'SELECT "open',
    "SELECT $$ open",
    "SELECT $a$ open $b$",
    "SELECT /* open /* */",
    "SELECT E'open\\'",
    "SELECT E'a'\n'\\'; COMMIT; --'",
    "",
    "-- nothing",
]


@pytest.mark.parametrize("statement", ROWS)
def test_one_statement_about_rows_is_taken(statement):
    assert reading_of(statement).refused == ""


@pytest.mark.parametrize("statement", OTHERS)
def test_any_other_kind_of_statement_is_refused_and_named(statement):
    first = statement.split()[0].upper()

    assert reading_of(statement).refused.startswith(first)


@pytest.mark.parametrize("statement", LASTING)
def test_a_call_whose_effect_outlasts_the_plugins_is_refused(statement):
    assert reading_of(statement).refused


@pytest.mark.parametrize("statement", UNREADABLE)
def test_what_cannot_be_read_to_its_end_is_refused(statement):
    assert reading_of(statement).refused


NOISE = ["", " ", "\t\n", "-- ' \n", "-- $$ \r", "/* ' */", '/* /* $$ */ " */', "/**/"]
QUOTES = [
    "'it''s'",
    "'\\'",
    "E'\\''",
    "e'\\\\'",
    "E''''",
    "$$'$$",
    '$$"$$',
    "$a$ $$ $b$ ' $a$",
    '"a""\'"',
    "B'1'",
    "N'\\'",
    "U&'\\0041'",
    "'--'",
    "'/*'",
    "$_$/*$_$",
    "1",
    "a$b",
]
ENDS = ["commit", "COMMIT", "Rollback", "set role x", "reset all", "select 2", "(select 2)", '"x"', "$$x$$"]


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize("end", ENDS)
def test_no_spelling_hides_a_second_statement(quote, end):
    for before, between, after in itertools.product(NOISE, repeat=3):
        statement = f"{before}SELECT {quote}{between};{after}{end} -- {quote}"
        assert reading_of(statement).refused, statement


@pytest.mark.parametrize("quote", QUOTES)
def test_what_only_looks_like_a_second_statement_is_taken(quote):
    for before, after in itertools.product(NOISE, repeat=2):
        statement = f"{before}SELECT {quote}, '; commit', $q$; commit$q${after};{before}"
        assert reading_of(statement).refused == "", statement


def test_the_trick_with_dollars_is_seen_through():
    assert reading_of("select $$'$$; commit; select $$'$$").refused == "a second statement (COMMIT)"


@pytest.mark.parametrize("statement", ["SELECT 1", "-- x\n(select 1)", "VALUES (1)", "TABLE infak.entry"])
def test_what_surely_changes_nothing_is_known(statement):
    assert reading_of(statement).only_reads


@pytest.mark.parametrize("statement", ["WITH x AS (DELETE FROM a RETURNING b) SELECT * FROM x", "UPDATE a SET b = 1"])
def test_what_may_write_is_not_taken_for_reading(statement):
    assert not reading_of(statement).only_reads


OF_ANOTHER = [
    "SELECT * FROM zakat.receipt",
    "select note from ZAKAT . receipt",
    'SELECT * FROM "zakat"."receipt"',
    'SELECT * FROM infak.entry JOIN zakat/* here */."receipt" USING (id)',
    "INSERT INTO zakat.receipt DEFAULT VALUES",
    "WITH gone AS (DELETE FROM Zakat.receipt RETURNING 1) SELECT * FROM gone",
    "SELECT * FROM guyub.zakat.receipt",
    "SELECT nextval('zakat.receipt_id_seq')",
    'SELECT nextval($$ "zakat".receipt_id_seq $$)',
    "SELECT E'zakat.receipt'::regclass",
]


@pytest.mark.parametrize("statement", OF_ANOTHER)
def test_a_schema_is_seen_however_it_is_spelt(statement):
    assert "zakat" in reading_of(statement).before_dots


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT zakat FROM infak.entry",
        'SELECT "Zakat".note FROM infak.entry "Zakat"',
        "SELECT 'zakat. Diterima' /* zakat.receipt */ -- zakat.receipt",
        "SELECT entry.zakat FROM infak.entry",
    ],
)
def test_a_word_alone_is_no_schema(statement):
    assert "zakat" not in reading_of(statement).before_dots


@pytest.mark.parametrize("function", ["table_to_xml", "schema_to_xml_and_xmlschema", "DATABASE_TO_XML"])
def test_functions_that_read_whole_schemas_are_refused(function):
    assert reading_of(f"SELECT {function}('x', true, false, '')").refused
