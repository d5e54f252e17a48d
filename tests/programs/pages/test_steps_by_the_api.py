"""The API proposes, approves, returns and withdraws, marks absences and corrects a closed month, as the pages do."""

import re
from typing import Any

from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, Visitor

MONTH = "/api/v1/f/rutan-pekalongan/cycles/2024-11"
STANDING = f"{MONTH}/standing"


def sends(reader: Visitor, step: str, asked: dict[str, Any], match: str | None = None) -> Any:
    page = reader.opens("/f/rutan-pekalongan/cycles/2024-11/documents").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, "this page has no form"
    headers = {"X-CSRF-Token": token[1]} | ({} if match is None else {"If-Match": match})
    return reader.client.post(f"{MONTH}/{step}", json=asked, headers=headers)


def read(reader: Visitor, address: str = STANDING) -> tuple[Any, str]:
    answer = reader.client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json(), answer.headers["etag"]


def test_one_returns_another_proposes_again_and_the_approver_approves(visitor: NewVisitor, proposed: Cycle):
    kasubsi, karutan = visitor("kasubsi"), visitor("karutan")
    stands, tag = read(karutan)
    assert (stands["state"], stands["selected"], stands["two_approve"]) == ("proposed", 5, "")
    assert sum(share["amount"] for share in stands["shares"]) == stands["value"] > 0
    back = sends(karutan, "return", {"version": stands["version"], "reason": "Satu keluarga pindah."}, tag)
    assert (back.status_code, back.json()["state"]) == (201, "planned")
    again = sends(kasubsi, "proposal", {"version": back.json()["version"], "on": "14 November 2024"})
    assert (again.status_code, again.json()["state"]) == (201, "proposed"), again.text
    version = again.json()["version"]
    own = sends(kasubsi, "approval", {"version": version, "on": "2024-11-14"})
    assert own.status_code == 403
    stale = sends(karutan, "approval", {"version": stands["version"], "on": "2024-11-14"})
    assert (stale.status_code, stale.json()["code"]) == (409, "programs.proposal_changed")
    other = sends(karutan, "approval", {"version": version, "on": "2024-11-14"}, tag)
    assert (other.status_code, other.json()["code"]) == (412, "web.not_matching")
    undated = sends(karutan, "approval", {"version": version, "on": ""})
    assert (undated.status_code, undated.json()["field"]) == (422, "on")
    approved = sends(karutan, "approval", {"version": version, "on": "14/11/2024"}, read(karutan)[1])
    assert (approved.status_code, approved.json()["state"]) == (201, "approved"), approved.text
    withdrawn = sends(karutan, "withdrawal", {"version": approved.json()["version"], "reason": "Harinya berubah."})
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (201, "planned"), withdrawn.text


def test_absences_are_marked_on_their_day_and_once(visitor: NewVisitor, begun: Cycle):
    kasubsi = visitor("kasubsi")
    asked = {"numbers": [1, 2], "reason": "Sakit.", "absent_on": "16 November 2024"}
    early = sends(kasubsi, "absences", asked | {"absent_on": "2024-11-01"})
    assert (early.status_code, early.json()["field"]) == (422, "absent_on")
    assert sends(kasubsi, "absences", asked | {"numbers": [1, 99]}).status_code == 404
    assert sends(kasubsi, "absences", asked | {"numbers": []}).status_code == 422
    assert sends(visitor("karutan"), "absences", asked).status_code == 403
    marked = sends(kasubsi, "absences", asked, read(kasubsi)[1])
    assert (marked.status_code, marked.json()) == (201, {"marked": 2})
    twice = sends(kasubsi, "absences", asked)
    assert (twice.status_code, twice.json()["code"]) == (409, "programs.not_waiting")


def test_a_closed_month_is_corrected_in_the_version_that_was_read(visitor: NewVisitor, closed: Cycle):
    kasubsi = visitor("kasubsi")
    shown, tag = read(kasubsi, f"{MONTH}/corrections")
    asked = {"kind": "taken_back", "number": 1, "reason": "Paketnya kembali.", "version": shown["version"]}
    back = sends(kasubsi, "corrections", asked, tag)
    assert back.status_code == 201, back.text
    [line] = back.json()["corrections"]
    assert (line["kind"], line["reason"]) == ("taken_back", "Paketnya kembali.")
    assert sends(kasubsi, "corrections", asked, tag).status_code == 412
    stale = sends(kasubsi, "corrections", asked)
    assert (stale.status_code, stale.json()["code"]) == (409, "programs.proposal_changed")
    late = {"kind": "handed_over_late", "number": 1, "reason": "Diambil.", "witness": "Saksi Contoh"}
    made = sends(kasubsi, "corrections", late | {"version": back.json()["version"]})
    assert made.status_code == 201, made.text
    assert [each["kind"] for each in made.json()["corrections"]] == ["handed_over_late", "taken_back"]
    nobody = sends(kasubsi, "corrections", late | {"number": 99, "version": made.json()["version"]})
    assert nobody.status_code == 404
