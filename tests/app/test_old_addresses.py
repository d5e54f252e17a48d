"""Addresses that pages once had lead to where the pages are now, for good."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guyub.app import create_app, old_addresses
from tests import worlds
from tests.visits import NewVisitor, visitors

NOW = datetime(2024, 11, 18, 2, tzinfo=UTC)
HERE = "/f/rutan-pekalongan"
OLD = {
    f"{HERE}/trail?kind=programs": f"{HERE}/audit?kind=programs",
    f"{HERE}/looked": f"{HERE}/purpose/views",
    f"{HERE}/programs/bansos/2024-11": f"{HERE}/cycles/2024-11/",
    f"{HERE}/programs/bansos/2024-11/": f"{HERE}/cycles/2024-11/",
    f"{HERE}/programs/bansos/2024-11/distribution?state=waiting": f"{HERE}/cycles/2024-11/distribution?state=waiting",
    f"{HERE}/funds/purchases/bansos/2024-11": f"{HERE}/funds/purchases/2024-11",
    f"{HERE}/funds/purchases/bansos/2024-11/top-up?item=gula": f"{HERE}/funds/purchases/2024-11/top-up?item=gula",
    f"/api/v1{HERE}/programs/bansos/cycles/2024-11": f"/api/v1{HERE}/cycles/2024-11",
    "/region/jawa-tengah/trail": "/region/jawa-tengah/audit",
    "/region/jawa-tengah/months/rutan-kebumen?month=2024-11": (
        "/region/jawa-tengah/facilities/rutan-kebumen/cycles?month=2024-11"
    ),
    "/region/jawa-tengah/configuration/hand-over": "/region/jawa-tengah/configuration/managed-by/facilities",
}


@pytest.fixture(scope="module")
def come(cluster: Any) -> Iterator[NewVisitor]:
    with worlds.a_world(cluster, until="distributing") as world:
        application = create_app(world.database, world.plugins, protector=cluster.keys.protector(), clock=lambda: NOW)
        with visitors(application, world.database) as come:
            yield come


@pytest.mark.parametrize("old", OLD)
def test_an_old_address_leads_to_the_page_for_good(come: NewVisitor, old: str):
    login = "kanwil" if "/region/" in old else "karutan"
    answer = come(login).client.get(old, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, OLD[old])
    if "managed-by" not in old and "hand-over" not in old and "top-up" not in old:
        assert come(login).client.get(old, follow_redirects=True).status_code == 200


def test_every_address_that_moved_is_walked():
    walked = {old.partition("?")[0] for old in OLD}
    for old, _ in old_addresses.MOVED:
        example = old.format(facility="rutan-pekalongan", region="jawa-tengah", code="rutan-kebumen")
        assert example in walked


def test_a_form_that_is_sent_to_an_old_address_stays_a_form(come: NewVisitor):
    answer = come("kanwil").client.post("/region/jawa-tengah/trail", follow_redirects=False)
    assert answer.status_code in (308, 403)


@pytest.mark.parametrize(
    "old",
    [
        f"{HERE}/programs/bansos/2031-01/",
        f"{HERE}/programs/nirgendwo/2024-11/",
        f"{HERE}/programs/bansos/0000-01",
        f"{HERE}/programs/bansos/2024-13/candidates",
        f"{HERE}/funds/purchases/bansos/9999-12",
    ],
)
def test_a_month_that_never_was_is_not_found_there_either(come: NewVisitor, old: str):
    assert come("karutan").client.get(old, follow_redirects=False).status_code == 404
