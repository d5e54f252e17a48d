"""Classes that there are not, written by raw SQL."""

import pytest

from guyub.db.unit_of_work import Database
from guyub.sdk.errors import Refusal


@pytest.mark.parametrize(
    ("assignment", "code"),
    [
        ("facility_class = 'III'", "facilities.class"),
        ("facility_class = 'Kelas IIA'", "facilities.class"),
        ("facility_type = 'lpas'", "facilities.class"),
        ("variant = 'narkotika'", "facilities.variant"),
    ],
)
def test_a_rutan_of_a_class_that_there_is_not_is_refused(database: Database, assignment, code):
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        work.run(f"UPDATE guyub.facility SET {assignment} WHERE code = 'rutan-kudus'")
    assert refused.value.code == code
