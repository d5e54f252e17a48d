"""The API proposes, confirms and declines replacements; `If-Match` binds a write to what a GET answered."""

import re
from typing import Any

import pytest

from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, Visitor

MONTH = "/api/v1/f/rutan-pekalongan/cycles/2024-11"
API = f"{MONTH}/replacements"


def sends(reader: Visitor, address: str, asked: dict[str, Any], match: str | None = None) -> Any:
    page = reader.opens("/f/rutan-pekalongan/cycles/2024-11/replacements").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, "this page has no form"
    headers = {"X-CSRF-Token": token[1]} | ({} if match is None else {"If-Match": match})
    return reader.client.post(address, json=asked, headers=headers)


def read(reader: Visitor, address: str = API) -> tuple[Any, str]:
    answer = reader.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json(), answer.headers["etag"]


def test_one_proposes_and_another_confirms(visitor: NewVisitor, approved: Cycle):
    kasubsi, karutan = visitor("kasubsi"), visitor("karutan")
    assert read(kasubsi)[0] == []
    proposed = sends(kasubsi, API, {"number": 2, "reason": "pindah"}, read(kasubsi)[1])
    assert proposed.status_code == 201, proposed.text
    [line] = proposed.json()
    assert (line["number"], line["state"]) == (2, "waiting")
    assert read(kasubsi) == ([line], proposed.headers["etag"])
    assert sends(kasubsi, f"{API}/{line['id']}", {"confirmed": True}).status_code == 403
    confirmed = sends(karutan, f"{API}/{line['id']}", {"confirmed": True}, read(karutan)[1])
    assert confirmed.status_code == 200, confirmed.text
    assert [one["state"] for one in confirmed.json()] == ["confirmed"]


@pytest.mark.parametrize("tag", ['"of-long-ago"', "", '""'])
def test_what_was_read_and_stands_no_more_is_412_and_changes_nothing(visitor: NewVisitor, approved: Cycle, tag: str):
    kasubsi, karutan = visitor("kasubsi"), visitor("karutan")
    refused = sends(kasubsi, API, {"number": 2, "reason": "pindah"}, tag)
    assert refused.status_code == 412
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "web.not_matching"
    assert read(kasubsi)[0] == []
    before = read(karutan)[1]
    [line] = sends(kasubsi, API, {"number": 2, "reason": "pindah"}).json()
    assert sends(karutan, f"{API}/{line['id']}", {"confirmed": True}, before).status_code == 412
    assert read(kasubsi)[0] == [line]


def test_documents_are_made_upon_those_that_were_read(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    address = f"{MONTH}/documents"
    before = read(kasubsi, address)[1]
    assert sends(kasubsi, address, {"kinds": ["decree"]}, before).status_code == 201
    assert sends(kasubsi, address, {"kinds": ["decree"]}, before).status_code == 412
    assert sends(kasubsi, f"{address}/decree/number", {"number": "57"}, before).status_code == 412
    assert sends(kasubsi, f"{address}/decree/number", {"number": "57"}, read(kasubsi, address)[1]).status_code == 201


def test_a_month_is_opened_of_those_that_were_offered(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    of_program = "/api/v1/f/rutan-pekalongan/programs/bansos"
    before = read(kasubsi, f"{of_program}/months")[1]
    assert sends(kasubsi, f"{of_program}/cycles", {"month": "2024-12"}, '"other"').status_code == 412
    assert sends(kasubsi, f"{of_program}/cycles", {"month": "2024-12"}, before).status_code == 201
    assert sends(kasubsi, f"{of_program}/cycles", {"month": "2025-01"}, before).status_code == 412


def test_a_place_where_nobody_waits_is_refused(visitor: NewVisitor, approved: Cycle):
    answer = sends(visitor("kasubsi"), API, {"number": 99, "reason": "pindah"})
    assert (answer.status_code, answer.json()["code"]) == (409, "programs.not_waiting")
