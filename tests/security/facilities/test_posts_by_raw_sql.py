"""Two who hold one post, written by raw SQL."""

import pytest

from guyub.db.unit_of_work import Database
from guyub.sdk.errors import Refusal
from tests.facilities.test_officials import insert


@pytest.mark.parametrize("acting", ["", "Plt."])
def test_the_database_refuses_two_who_hold_one_post_on_one_day(database: Database, acting: str):
    with pytest.raises(Refusal) as refused:
        insert(database, acting, "2026-03-01", "2026-03-31")
    assert refused.value.code == "facilities.two_holders"
    assert refused.value.what.id == (
        "Jabatan Kepala Rutan (Rutan Kelas IIB Kudus) sudah dipegang orang lain pada tanggal tersebut."
    )


def test_a_holder_before_the_present_one_is_no_second(database: Database):
    insert(database, "", "2020-01-01", "2023-12-31")


def test_two_do_not_stand_in_for_one_holder(database: Database):
    insert(database, "Plh.", "2026-03-01", "2026-03-07")
    with pytest.raises(Refusal):
        insert(database, "Plh.", "2026-03-05", "2026-03-09")
