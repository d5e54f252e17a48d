"""The API makes the documents of a month, records their letter numbers and hands all of them over, as page and command do."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest

from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, Visitor

API = "/api/v1/f/rutan-pekalongan/cycles/2024-11/documents"


def sends(reader: Visitor, below: str, **asked: Any) -> Any:
    """With the token of a page of the reader's own, as a script sends it."""
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', reader.opens("/f/rutan-pekalongan/cycles/2024-11/documents").text
    )
    assert token, "this page has no form"
    return reader.client.post(f"{API}{below}", json=asked, headers={"X-CSRF-Token": token[1]})


def test_documents_are_made_and_come_as_one_zip(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    assert kasubsi.client.get(f"{API}.zip").status_code == 404
    made = sends(kasubsi, "", kinds=["decree", "receipts"])
    assert made.status_code == 201, made.text
    assert [(one["kind"], one["outdated"]) for one in made.json()] == [("decree", False), ("receipts", False)]
    assert len(sends(kasubsi, "").json()) == 3
    answer = kasubsi.client.get(f"{API}.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert len(archive.namelist()) == 4


def test_a_number_is_recorded_on_its_letter(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    answer = sends(kasubsi, "/decree/number", number="57")
    assert answer.status_code == 201, answer.text
    [letter] = answer.json()
    assert "57" in letter["number"]
    assert kasubsi.client.get(API).json() == [letter]


@pytest.mark.parametrize(
    ("below", "asked", "code", "field"),
    [
        ("/receipts/number", {"number": "1"}, "documents.no_letter", "number.receipts"),
        ("/decree/number", {"number": " "}, "form.missing", "number.decree"),
        ("/decree/number", {"number": "1", "on": "besok"}, "form.date", "on"),
        ("", {"kinds": ["skep"]}, "documents.unknown_kind", "kind"),
        ("", {"on": "1/1/1999"}, "documents.day_early", "on"),
    ],
)
def test_what_cannot_be_made_is_refused_at_its_field(
    visitor: NewVisitor, approved: Cycle, below: str, asked: dict[str, Any], code: str, field: str
):
    answer = sends(visitor("kasubsi"), below, **asked)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


def test_who_may_not_make_documents_makes_none_here_either(visitor: NewVisitor, approved: Cycle):
    answer = sends(visitor("pengelola"), "/decree/number", number="57")
    assert answer.status_code == 403
