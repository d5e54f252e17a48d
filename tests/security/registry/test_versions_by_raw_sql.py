"""Nobody writes over a household or a member that they have not read as it stands."""

import pytest

CHANGED = "GU022"


@pytest.fixture
def officer(proposed):
    with proposed.attacker() as attacker:
        attacker.enter("kasubsi", "rutan-pekalongan")
        yield attacker


@pytest.mark.parametrize(("table", "column"), [("household", "rt"), ("member", "sex")])
def test_an_edit_names_the_version_that_stands(officer, table: str, column: str) -> None:
    value = {"rt": "'099'", "sex": "'male'"}[column]
    other = {"rt": "'098'", "sex": "''"}[column]
    somebody = f"SELECT id FROM guyub.{table} WHERE {column} NOT IN ({value}, {other}) ORDER BY id LIMIT 1"
    id_ = officer.value(somebody)
    this = f"UPDATE guyub.{table} SET {column} = {value}"
    assert officer.tries(f"{this} WHERE id = '{id_}'") == CHANGED
    assert officer.tries(f"{this}, read_revision = revision - 1 WHERE id = '{id_}'") == CHANGED
    assert officer.tries(f"{this}, read_revision = revision + 1 WHERE id = '{id_}'") == CHANGED
    assert officer.tries(f"UPDATE guyub.{table} SET revision = 7 WHERE id = '{id_}'") == "42501"
    assert officer.tries(f"{this}, read_revision = revision WHERE id = '{id_}'") == "1 rows"
    # What was named once does not stand for the next change.
    assert officer.tries(f"UPDATE guyub.{table} SET {column} = {other} WHERE id = '{id_}'") == CHANGED
