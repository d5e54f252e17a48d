"""A facility closes when nothing is open behind it; afterwards nothing begins at it and everything can be read."""

import re
from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities import queries
from guyub.sdk.errors import Refusal
from tests import places, worlds
from tests.visits import NewVisitor, Visitor, text_of

KUDUS, DEMAK = "rutan-kudus", "rutan-demak"
LAST_DAY = date(2026, 6, 30)


def close(database: Database, code: str, day: date = LAST_DAY, successor: str = "") -> None:
    places.close_facility(database, code, day, successor)


@pytest.fixture
def kanwil(visitor: NewVisitor) -> Visitor:
    return visitor("kanwil")


@pytest.fixture
def pekalongan(cluster: Any, installation: Any, database: Database, plugins: Any) -> Any:
    return worlds.pekalongan(cluster, installation, database, plugins)


def test_a_merged_facility_names_its_successor(database: Database):
    close(database, KUDUS, successor=DEMAK)
    with database.work(database.as_service("tests", KUDUS)) as work:
        here = queries.facility(work)
    assert (here.closed_on, here.successor, here.successor_code) == (LAST_DAY, "Rutan Kelas IIB Demak", DEMAK)


def test_the_pages_of_a_closed_facility_refuse_in_the_same_words(kanwil: Any, database: Database):
    places.managed_by(database, "web", KUDUS, regions=())
    kanwil.opens("/f/rutan-kudus/officials/new")
    close(database, KUDUS, successor=DEMAK)
    said = "Rutan Kelas IIB Kudus sudah ditutup sejak 30 Juni 2026."
    appointed = kanwil.sends(
        "/f/rutan-kudus/officials/new",
        {"role": "head", "name": "Baru Contoh", "since": "2026-07-01", "until": "2026-07-02", "acting": "Plh."},
    )
    assert (appointed.status_code, said in text_of(appointed)) == (409, True)
    for path in ("bansos/configure", "bansos/activate"):
        answer = kanwil.opens(f"/f/rutan-kudus/plugins/{path}")
        assert (answer.status_code, said in text_of(answer)) == (409, True), path
        assert "Rutan Kelas IIB Demak" in text_of(answer)
    assert kanwil.opens("/f/rutan-kudus/plugins/bansos/deactivate").status_code == 200


def test_the_api_of_a_closed_facility_refuses_in_the_same_words(kanwil: Any, database: Database):
    places.managed_by(database, "web", KUDUS, regions=())
    kanwil.opens("/f/rutan-kudus/plugins/bansos/configure")
    token = re.search(r'name="csrf_token" value="([^"]+)"', kanwil.page.text)
    assert token
    close(database, KUDUS, successor=DEMAK)
    for how in ("", "?preview=1"):
        answer = kanwil.client.patch(
            f"/api/v1/f/rutan-kudus/plugins/bansos/configuration{how}",
            json={"values": {"quota": 6}, "valid_from": "2026-07-01", "reason": "Contoh"},
            headers={"x-csrf-token": token[1]},
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "facilities.closed")


def test_a_facility_with_a_cycle_under_way_stays_open(database: Database, pekalongan: Any):
    worlds.november_until(pekalongan, "proposed")
    with pytest.raises(Refusal) as refused:
        close(database, worlds.PEKALONGAN)
    assert refused.value.code == "facilities.open_cycle"
    assert "1 periode" in refused.value.what.id
    assert "November 2024" in refused.value.what.id
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        assert queries.facility(work).closed_on is None


def test_a_facility_with_money_left_stays_open_and_its_past_stays_readable_when_it_closes(
    database: Database, pekalongan: Any
):
    worlds.november_until(pekalongan, "closed")
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        left = work.run(
            "SELECT sum(rupiah) FROM guyub.account WHERE kind IN ('cash', 'cash_reserved', 'stock', 'stock_reserved')"
        ).scalar_one()
    assert left > 0
    with pytest.raises(Refusal) as refused:
        close(database, worlds.PEKALONGAN)
    assert refused.value.code == "facilities.money_left"
    assert f"{int(left):,}".replace(",", ".") in refused.value.what.id
