"""The API of the catalogue lists goods, adds some and declares their units; `If-Match` binds a write to what a GET answered."""

import re
from datetime import date
from typing import Any

from guyub.demo.month import DemoReceipt, Rutan
from tests.visits import NewVisitor, Visitor

GOODS = "/api/v1/f/rutan-pekalongan/goods"


def sends(reader: Visitor, address: str, asked: dict[str, Any], match: str | None = None) -> Any:
    page = reader.opens("/f/rutan-pekalongan/funds").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, "this page has no form"
    headers = {"X-CSRF-Token": token[1]} | ({} if match is None else {"If-Match": match})
    return reader.client.post(address, json=asked, headers=headers)


def test_the_api_of_the_catalogue_adds_goods_and_units_to_what_was_read(visitor: NewVisitor):
    pengelola = visitor("pengelola")
    read = pengelola.client.get(GOODS)
    added = sends(pengelola, GOODS, {"name": "Sarung", "unit": "buah"}, read.headers["etag"])
    assert (added.status_code, added.json()["code"]) == (201, "sarung")
    unit = {"unit": "bal", "holds": "100"}
    stale = sends(pengelola, f"{GOODS}/sarung/units", unit, read.headers["etag"])
    assert (stale.status_code, stale.json()["code"]) == (412, "web.not_matching")
    declared = sends(pengelola, f"{GOODS}/sarung/units", unit)
    assert ("bal", 100) in [(each["unit"], float(each["holds"])) for each in declared.json()["units"]]
    twice = sends(pengelola, GOODS, {"name": "sarung", "unit": "buah"})
    assert (twice.status_code, twice.json()["code"], twice.json()["field"]) == (422, "funds.goods_twice", "name")
    known = sends(pengelola, f"{GOODS}/beras/units", {"unit": "gram", "holds": "2"})
    assert known.status_code == 422
    assert sends(visitor("karutan"), GOODS, {"name": "Kurma", "unit": "kg"}).status_code == 403


def test_it_tells_what_agreements_promise(rutan: Rutan, visitor: NewVisitor):
    assert visitor("karutan").client.get(f"{GOODS}/promised").json() == []
    line = {"code": "beras", "unit": "kg", "value": "230000", "promised": "100", "quantity": "80", "damaged": "3"}
    form = {
        "donor": "PT Batik Sejahtera (contoh)",
        "agreement_number": "PKS-15/CSR/2024",
        "agreement_date": "2024-11-01",
        "received_on": "2024-11-08",
        "evidence_number": "BAST-15",
        "lines": [line | {"reason": "basah"}],
    }
    rutan.receive([DemoReceipt("csr_funding", "csr", "csr_goods", form)], date(2024, 11, 14))
    [told] = visitor("karutan").client.get(f"{GOODS}/promised").json()
    quantities = [float(told[name]) for name in ("promised", "arrived", "damaged", "expected")]
    assert (told["fund"], told["code"], quantities) == ("CSR-PKS-15-CSR-2024", "beras", [100, 80, 3, 20])
