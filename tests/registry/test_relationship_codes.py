"""What people are to an inmate and to the head of a household: English codes, a label for each, and no other code is kept."""

import pytest

from guyub.registry import labels
from tests.worlds import superuser


@pytest.mark.parametrize(
    ("constraint", "codes"),
    [
        ("inmate_link_relationship_check", set(labels.RELATIONSHIPS)),
        ("member_relation_check", {"", *labels.HOUSEHOLD_RELATIONS}),
    ],
)
def test_the_database_keeps_the_codes_that_have_a_label_and_no_other(installation, constraint, codes):
    with superuser(installation) as root:
        kept = root.execute(
            """SELECT array_agg(code[1]) FROM pg_constraint k,
                      regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') code WHERE k.conname = %s""",
            [constraint],
        ).fetchone()
    assert kept is not None
    assert set(kept[0]) == codes
