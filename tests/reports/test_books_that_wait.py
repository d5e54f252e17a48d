"""Homes of a facility and of its region list the cash books whose month is over and which are not closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from guyub.access import sign_in
from guyub.app import create_app
from guyub.db.unit_of_work import SessionCredential
from guyub.funds import book_closing
from guyub.reports import attention, region, region_attention
from tests import worlds
from tests.visits import visitors
from tests.worlds import RECEIVED, World, gift

TODAY = date(2024, 12, 3)


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    """Two funds at Pekalongan, one at Kebumen, all of November."""
    with worlds.a_world(cluster, "hibah") as made:
        made.pekalongan.receive([gift("SATU", 2_000_000), gift("DUA", 1_000_000)], RECEIVED)
        made.kebumen.receive([gift("TIGA", 1_000_000)], RECEIVED)
        yield made


def at_the_facility(world: World) -> list[tuple[str, list[tuple[str, str, str]]]]:
    with world.pekalongan.work_of("pengelola") as work:
        items = attention.of_facility(work, world.plugins, [], [], {}, TODAY)
    return [
        (item.what.id, [(book.name, book.detail.id, book.url) for book in item.records])
        for item in items
        if "buku kas" in item.what.id
    ]


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
        (
            "2 buku kas menunggu ditutup",
            [
                ("Hibah DUA", "1 bulan, sejak November 2024", "/f/rutan-pekalongan/funds/fund/DUA/close"),
                ("Hibah SATU", "1 bulan, sejak November 2024", "/f/rutan-pekalongan/funds/fund/SATU/close"),
            ],
        )
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


def test_twelve_books_are_one_alert_with_a_list(world: World):
    world.pekalongan.receive([gift(f"D{number:02}", 100_000) for number in range(10)], RECEIVED)
    [(what, books)] = at_the_facility(world)
    assert (what, len(books)) == ("12 buku kas menunggu ditutup", 12)
    morning = datetime(2024, 12, 3, 2, tzinfo=UTC)
    protector = world.pekalongan.opened.protector
    application = create_app(world.database, world.plugins, protector=protector, clock=lambda: morning)
    with visitors(application, world.database) as come:
        page = come("karutan").opens("/f/rutan-pekalongan/").text
    assert page.count("buku kas menunggu ditutup") == 1
    assert page.count("/funds/fund/D0") == 10
