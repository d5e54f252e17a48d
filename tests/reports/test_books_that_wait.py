"""Homes of a facility and of its region list the cash books whose month is over and which are not closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guyub.app import create_app
from guyub.funds import book_closing
from tests import worlds
from tests.reports.homes import at_the_facility, at_the_office
from tests.visits import visitors
from tests.worlds import RECEIVED, World, gift

TODAY = date(2024, 12, 3)
WORD = "buku kas"


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    """Two funds at Pekalongan, one at Kebumen, all of November."""
    with worlds.a_world(cluster, "hibah") as made:
        made.pekalongan.receive([gift("SATU", 2_000_000), gift("DUA", 1_000_000)], RECEIVED)
        made.kebumen.receive([gift("TIGA", 1_000_000)], RECEIVED)
        yield made


def test_each_home_lists_them_until_they_are_closed(world: World):
    assert at_the_facility(world, "pengelola", WORD, TODAY) == [
        (
            "2 buku kas menunggu ditutup",
            [
                ("Hibah DUA", "1 bulan, sejak November 2024", "/f/rutan-pekalongan/funds/fund/DUA/close"),
                ("Hibah SATU", "1 bulan, sejak November 2024", "/f/rutan-pekalongan/funds/fund/SATU/close"),
            ],
        )
    ]
    assert at_the_office(world, WORD, TODAY) == [
        (
            "3 buku kas menunggu ditutup",
            [("rutan-pekalongan", "2 buku, sejak November 2024"), ("rutan-kebumen", "1 buku, sejak November 2024")],
        )
    ]
    with world.pekalongan.work_of("pengelola") as work:
        for fund, money in (("SATU", 2_000_000), ("DUA", 1_000_000)):
            book_closing.close(work, fund, date(2024, 11, 1), TODAY, cash_in_hand=money, bank=0)
    assert at_the_facility(world, "pengelola", WORD, TODAY) == []
    assert at_the_office(world, WORD, TODAY) == [
        ("1 buku kas menunggu ditutup", [("rutan-kebumen", "1 buku, sejak November 2024")])
    ]


def test_twelve_books_are_one_alert_with_a_list(world: World):
    world.pekalongan.receive([gift(f"D{number:02}", 100_000) for number in range(10)], RECEIVED)
    [(what, books)] = at_the_facility(world, "pengelola", WORD, TODAY)
    assert (what, len(books)) == ("12 buku kas menunggu ditutup", 12)
    morning = datetime(2024, 12, 3, 2, tzinfo=UTC)
    protector = world.pekalongan.opened.protector
    application = create_app(world.database, world.plugins, protector=protector, clock=lambda: morning)
    with visitors(application, world.database) as come:
        page = come("karutan").opens("/f/rutan-pekalongan/").text
    assert page.count("buku kas menunggu ditutup") == 1
    assert page.count("/funds/fund/D0") == 10
