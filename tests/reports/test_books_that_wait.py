"""Homes of a facility and of its region list the cash books whose month is over and which are not closed."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from guyub.access import sign_in
from guyub.db.unit_of_work import SessionCredential
from guyub.funds import book_closing
from guyub.reports import attention, region, region_attention
from tests import worlds
from tests.worlds import RECEIVED, World, gift

TODAY = date(2024, 12, 3)


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    """Two funds at Pekalongan, one at Kebumen, all of November."""
    with worlds.a_world(cluster, "hibah") as made:
        made.pekalongan.receive([gift("SATU", 2_000_000), gift("DUA", 1_000_000)], RECEIVED)
        made.kebumen.receive([gift("TIGA", 1_000_000)], RECEIVED)
        yield made


def at_the_facility(world: World) -> list[tuple[str, str]]:
    with world.pekalongan.work_of("pengelola") as work:
        items = attention.of_facility(work, world.plugins, [], [], {}, TODAY)
    return [(item.what.id, item.url) for item in items if "Buku kas" in item.what.id]


def at_the_office(world: World) -> list[tuple[str, list[tuple[str, str]]]]:
    token = sign_in.session_for(world.database, "kanwil", "tests")
    with world.database.work(SessionCredential(token)) as work:
        office: UUID = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
        view = region.overview(work, world.plugins, office, TODAY, TODAY)
        groups = region_attention.of_region(world.plugins, "jawa-tengah", view.rows, TODAY)
    return [
        (group.what.id, [(place.code, place.detail.id) for place in group.places])
        for group in groups
        if "buku kas" in group.what.id
    ]


def test_each_home_lists_them_until_they_are_closed(world: World):
    assert at_the_facility(world) == [
        ("Buku kas Hibah DUA: November 2024 belum ditutup", "/f/rutan-pekalongan/funds/fund/DUA/close"),
        ("Buku kas Hibah SATU: November 2024 belum ditutup", "/f/rutan-pekalongan/funds/fund/SATU/close"),
    ]
    assert at_the_office(world) == [
        (
            "3 buku kas menunggu ditutup",
            [("rutan-pekalongan", "2 buku, sejak November 2024"), ("rutan-kebumen", "1 buku, sejak November 2024")],
        )
    ]
    with world.pekalongan.work_of("pengelola") as work:
        for fund, money in (("SATU", 2_000_000), ("DUA", 1_000_000)):
            book_closing.close(work, fund, date(2024, 11, 1), TODAY, cash_in_hand=money, bank=0)
    assert at_the_facility(world) == []
    assert at_the_office(world) == [("1 buku kas menunggu ditutup", [("rutan-kebumen", "1 buku, sejak November 2024")])]
