"""Goods of one month alone are added, refused and taken off on their page and in the API."""

import re
from decimal import Decimal
from typing import Any

import pytest

from guyub.demo.month import Rutan
from guyub.programs import cycle_facts
from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, Visitor, text_of

PAGE = "/f/rutan-pekalongan/cycles/2024-11/goods"
API = "/api/v1/f/rutan-pekalongan/cycles/2024-11"
EGGS = {"code": "telur", "quantity": "2", "price": 2_000, "reason": "panen ayam"}


def package_of(rutan: Rutan, cycle: Cycle) -> dict[str, tuple[Decimal, str]]:
    with rutan.work_of("kasubsi") as work:
        return {line.code: (line.quantity, line.reason) for line in cycle_facts.package(work, cycle)}


def sends(reader: Visitor, address: str, asked: dict[str, Any], match: str | None = None) -> Any:
    page = reader.opens(PAGE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, "this page has no form"
    headers = {"X-CSRF-Token": token[1]} | ({} if match is None else {"If-Match": match})
    return reader.client.post(address, json=asked, headers=headers)


def test_the_page_adds_goods_in_a_known_unit_and_takes_them_off(rutan: Rutan, planned: Cycle, visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.reads(PAGE)
    filled = {"code": "telur", "quantity": "1 papan", "price": "2.000", "reason": "panen ayam"}
    assert kasubsi.sends(PAGE, filled).status_code == 303
    assert package_of(rutan, planned)["telur"] == (30, "panen ayam")
    assert "panen ayam" in kasubsi.reads(PAGE)
    assert kasubsi.sends(PAGE, {"off": "telur", "why": "panen gagal"}).status_code == 303
    assert "telur" not in package_of(rutan, planned)


def test_the_page_names_the_nearest_goods_and_keeps_what_was_typed(rutan: Rutan, planned: Cycle, visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.reads(PAGE)
    answer = kasubsi.sends(PAGE, {"code": "telor", "quantity": "2", "price": "2.000", "reason": "panen ayam"})
    assert answer.status_code == 422
    assert "Telur ayam (telur)" in text_of(answer)
    assert 'value="2.000"' in answer.text
    answer = kasubsi.sends(PAGE, {"code": "telur", "quantity": "2", "price": "2.000.000", "reason": "panen ayam"})
    assert answer.status_code == 422
    assert "tidak sesuai pengaturan program" in text_of(answer)
    assert "telur" not in package_of(rutan, planned)


def test_a_page_of_before_shows_what_moved(rutan: Rutan, planned: Cycle, visitor: NewVisitor):
    kasubsi, beside = visitor("kasubsi"), visitor("kasubsi")
    kasubsi.reads(PAGE)
    beside.reads(PAGE)
    filled = {"code": "telur", "quantity": "2", "price": "2.000", "reason": "panen ayam"}
    assert beside.sends(PAGE, filled).status_code == 303
    assert kasubsi.sends(PAGE, filled | {"code": "garam"}).status_code == 409
    assert "garam" not in package_of(rutan, planned)


def test_the_api_adds_goods_to_the_package_that_was_read(rutan: Rutan, planned: Cycle, visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    read = kasubsi.client.get(f"{API}/package")
    added = sends(kasubsi, f"{API}/goods", EGGS, read.headers["etag"])
    assert added.status_code == 201, added.text
    assert [(line["code"], line["reason"]) for line in added.json()][-1] == ("telur", "panen ayam")
    assert kasubsi.client.get(f"{API}/package").headers["etag"] == added.headers["etag"]
    stale = sends(kasubsi, f"{API}/goods/telur/take-off", {"reason": "panen gagal"}, read.headers["etag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "web.not_matching")
    assert "telur" in package_of(rutan, planned)
    done = sends(kasubsi, f"{API}/goods/telur/take-off", {"reason": "panen gagal"}, added.headers["etag"])
    assert [line["code"] for line in done.json()] == ["beras", "gula", "minyak"]


@pytest.mark.parametrize(
    ("quantity", "price"),
    [(30, 2_000), ("1 papan", "2.000"), ("30", "Rp2 ribu"), ("30 butir", "2,000"), ("30,0", "2000.00")],
)
def test_the_api_reads_texts_as_the_page_does_and_numbers_as_they_are(
    rutan: Rutan, planned: Cycle, visitor: NewVisitor, quantity: object, price: object
):
    added = sends(visitor("kasubsi"), f"{API}/goods", EGGS | {"quantity": quantity, "price": price})
    assert added.status_code == 201, added.text
    assert (float(added.json()[-1]["quantity"]), added.json()[-1]["price"]) == (30, 2_000)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"code": "telor"}, "funds.item_unknown", "code"),
        ({"code": "beras"}, "programs.goods_in_package", "code"),
        ({"quantity": "0"}, "form.quantity", "quantity"),
        ({"quantity": "2 karung"}, "form.quantity", "quantity"),
        ({"price": "mahal"}, "form.rupiah", "price"),
        ({"price": 2_000_000}, "programs.goods_out_of_bounds", "quantity"),
        ({"per_member": True}, "programs.goods_out_of_bounds", "at_most"),
    ],
)
def test_the_api_refuses_goods_with_their_code_and_field(
    planned: Cycle, visitor: NewVisitor, changed: dict[str, Any], code: str, field: str
):
    refused = sends(visitor("kasubsi"), f"{API}/goods", EGGS | changed)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)


def test_a_second_line_with_a_cap_fits_where_it_is_capped(rutan: Rutan, planned: Cycle, visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    for code in ("telur", "mi"):
        asked = EGGS | {"code": code, "per_member": True, "at_most": "5"}
        assert sends(kasubsi, f"{API}/goods", asked).status_code == 201
    assert package_of(rutan, planned).keys() >= {"telur", "mi"}
