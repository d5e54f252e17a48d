"""The documents of a month on their page: outdated ones are listed and made anew, all come as one ZIP."""

import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from tests.visits import Clock, NewVisitor, hidden_in, text_of

NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"
PAGE = f"{NOVEMBER}/documents"


def kept_in(answer: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_list_of_a_day_that_moved_is_outdated_on_the_page_and_made_anew(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    kasubsi.follows(kasubsi.fills(PAGE, {"kind": ["recipient_list", "decree"]}))
    before = kasubsi.reads(PAGE)
    assert "Usang" not in before
    opened = kasubsi.opens(f"{NOVEMBER}/distribution").text
    assert "?view=1" in opened
    kasubsi.opens(f"{NOVEMBER}/day")
    form = {"on": "2024-11-18", "at": "10.00", "place": "Aula Rutan"}
    kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/day", hidden_in(kasubsi.page) | form))
    page = kasubsi.reads(PAGE)
    assert "1 dokumen usang" in page
    assert "Berubah sejak dibuat: hari, jam, atau tempat" in page
    assert "?view=1" not in kasubsi.opens(f"{NOVEMBER}/distribution").text  # its button makes a new one
    kasubsi.opens(PAGE)
    page = kasubsi.follows(kasubsi.sends(PAGE, {"outdated": "yes"}))
    assert "1 dokumen dibuat dan disimpan" in page
    assert "Usang" not in page
    assert "1 berkas lama" in page


def test_a_day_that_cannot_be_is_refused_on_the_page_and_stays_typed(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    assert "Paling awal 12 November 2024, paling akhir 16 November 2024" in kasubsi.reads(PAGE)
    for typed, nearest in (("01/12/1999", "12 November 2024"), ("2030-12-01", "16 November 2024")):
        kasubsi.opens(PAGE)
        refused = kasubsi.sends(PAGE, {"on": typed})
        assert refused.status_code == 422
        assert f"Tanggal terdekat yang benar {nearest}" in text_of(refused)
        assert typed in refused.text or "1999-12-01" in refused.text
    assert "Belum ada dokumen" in kasubsi.reads(PAGE)


def test_all_documents_come_as_one_zip_in_order_with_a_list_of_them(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle, clock: Clock
):
    kasubsi = visitor("kasubsi")
    assert kasubsi.client.get(f"{NOVEMBER}/documents.zip").status_code == 404
    [visit] = november.SHOPPING
    half = (("beras", "12.5", 193_750), ("minyak", "2.5", 52_525))
    rutan.shop(approved, [replace(visit, note="Nota 0411", bought=half)])
    kasubsi.follows(kasubsi.fills(PAGE, {}))
    rutan.shop(approved, [replace(visit, bought=(*half, visit.bought[1]))])
    answer = kasubsi.opens(f"{NOVEMBER}/documents.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert "rutan-pekalongan-2024-11-dokumen.zip" in answer.headers["content-disposition"]
    files = kept_in(answer)
    names = [name.removeprefix("rutan-pekalongan-2024-11/") for name in files]
    assert names[0] == "01-rutan-pekalongan-2024-11-sk-penetapan-penerima.pdf"
    assert [name.startswith("usang/") for name in names] == [False, False, False, True, True, False]
    listed = files["rutan-pekalongan-2024-11/00-daftar-isi.txt"].decode()
    assert listed.count("\tusang\t") == 2
    api = kasubsi.client.get("/api/v1/f/rutan-pekalongan/cycles/2024-11/documents").json()
    assert [one["outdated"] for one in api] == [False, False, False, True, True]
    assert all(one["sha256"] in listed for one in api)


def test_a_zip_holds_what_its_reader_may_see(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    rutan.shop(approved, november.SHOPPING)
    kasubsi = visitor("kasubsi")
    kasubsi.follows(kasubsi.fills(PAGE, {}))
    names = kept_in(visitor("pengelola").opens(f"{NOVEMBER}/documents.zip"))
    assert not [name for name in names if "penerima" in name or "tanda-terima" in name]
    assert len([name for name in names if "bku" in name]) == 2


def test_a_number_that_the_office_gave_is_recorded_on_the_page(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    page = kasubsi.follows(kasubsi.fills(PAGE, {"number.decree": "57"}))
    assert "1 dokumen dibuat dan disimpan" in page
    number = kasubsi.client.get("/api/v1/f/rutan-pekalongan/cycles/2024-11/documents").json()[0]["number"]
    assert "57" in number
    assert number in page


@pytest.mark.parametrize(
    ("number", "is_odd"),
    [
        ("W13.PAS-UM.01.01-57 TAHUN 2023", True),
        ("UM.01.01/57/2025", True),
        ("W13.PAS-UM.01.01-57 TAHUN 2024", False),
        ("UM.01.01-2023/57", False),
        ("2023", False),
    ],
)
def test_a_number_of_another_year_than_its_letter_is_pointed_out_and_kept(
    visitor: NewVisitor, approved: Cycle, number: str, is_odd: bool
):
    kasubsi = visitor("kasubsi")
    page = kasubsi.follows(kasubsi.fills(PAGE, {"number.decree": number}))
    assert ("menyebut tahun lain" in page) == is_odd
    kept = kasubsi.client.get("/api/v1/f/rutan-pekalongan/cycles/2024-11/documents").json()[0]["number"]
    assert number in kept
