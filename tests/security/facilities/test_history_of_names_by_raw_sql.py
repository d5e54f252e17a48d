"""The history of names, attacked by raw SQL."""

import psycopg
import pytest

from guyub.db.unit_of_work import Database


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE guyub.facility_name SET name = 'Lain'",
        "DELETE FROM guyub.facility_name",
        "TRUNCATE guyub.facility_name",
        """INSERT INTO guyub.facility_name (facility_id, valid_from, region_id, name, long_name, facility_type, facility_class,
                                            variant, letterhead, actor)
           SELECT id, '2020-01-01', region_id, 'Lain', 'Lain', 'rutan', '', '', '{}', 'x' FROM guyub.facility""",
    ],
)
def test_nobody_writes_the_history_of_names_past_its_trigger(database: Database, attempt: str):
    with pytest.raises(Exception) as refused, database.work(database.as_service("tests")) as work:  # noqa: PT011
        work.run(attempt)
    assert refused.value.__class__.__name__ in {"Refusal", "Forbidden"}


def test_not_even_the_owner_changes_a_name_that_was(installation):
    url = installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute("UPDATE guyub.facility_name SET name = 'Lain'")
