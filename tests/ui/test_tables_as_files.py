"""A table of a page as data: typed values, stable names, nothing that a spreadsheet would compute."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from guyub.ui.collected_files import FILES
from guyub.ui.render import PageContext, Pages

NOW = datetime(2024, 11, 16, 2, 14, tzinfo=UTC)
PAGE = PageContext(lang="id", path="/x", here="/x?state=all&page=3&after=7", csrf_token="t", now=NOW, downloads=True)
TEMPLATE = """{% set outside = rupiah(77) %}
{% call(row, cell) ui.table(t("Daftar {n} penerima", "List of {n} recipients", n=grouped(2)),
     [t("Nama", "Name"), t("NIK", "NIK"), (t("Nilai", "Value"), "number"), (t("Jumlah", "Quantity"), "number"),
      t("Tanggal", "Day"), t("Pukul", "At"), t("Bulan", "Month"), (t("Jiwa", "Members"), "number"), t("Skor", "Score"),
      t("Luar", "Outside"), (t("Tindakan", "Action"), "action")], rows) %}
  <th scope="row"{{ cell() }}><span>{{ row.name }}<span class="d-block small">{{ row.place }}</span></span></th>
  <td{{ cell() }}>{{ row.nik }}</td><td{{ cell() }}>{{ rupiah(row.value) if row.value is not none else "–" }}</td>
  <td{{ cell() }}>{{ quantity(row.quantity) }} {{ row.unit }}</td><td{{ cell() }}>{{ weekday_date(row.day) }}</td>
  <td{{ cell() }}>{{ moment(row.at) }}</td><td{{ cell() }}>{{ period(row.day) }}</td><td{{ cell() }}>{{ row.members }}</td>
  <td{{ cell(value=row.score) }}><details><summary>{{ quantity(row.score) }}</summary>{{ t("rinci", "details") }}</details></td>
  <td{{ cell() }}>{{ outside }}</td><td{{ cell() }}><a href="/{{ row.members }}">x</a></td>
{% endcall %}"""
ROW = {
    "name": "Siti & Ani",
    "place": "Desa <Contoh>",
    "nik": "0012345678901234",
    "value": 1_500_000,
    "quantity": Decimal("2.5"),
    "unit": "kg",
    "day": date(2024, 11, 16),
    "at": NOW,
    "members": 4,
    "score": Decimal("85.5"),
}


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "x.html").write_text(TEMPLATE)
    return Pages({"x": tmp_path})


def table(pages: Pages, *changes: dict[str, Any], lang: str = "id") -> Any:
    rows = [ROW | change for change in changes]
    return pages.table("x/x.html", replace(PAGE, lang=lang), "list_of_n_recipients", rows=rows)


def files(found: Any) -> tuple[list[list[str]], list[list[Any]], list[dict[str, Any]]]:
    made = {shape: write(found, NOW) for shape, (write, _) in FILES.items()}
    text = made["csv"].decode("utf-8-sig")
    sheet = CalamineWorkbook.from_filelike(BytesIO(made["xlsx"])).get_sheet_by_index(0).to_python()
    return list(csv.reader(StringIO(text), delimiter=";")), sheet, json.loads(made["json"])


def test_values_keep_their_types_in_every_file(pages):
    written, sheet, told = files(table(pages, {}))
    assert written[0][:5] == ["Nama", "NIK", "Nilai", "Jumlah", "Jumlah (satuan)"]
    assert written[1] == [
        "Siti & Ani; Desa <Contoh>",
        "0012345678901234",
        "1500000",
        "2,5",
        "kg",
        "2024-11-16",
        "2024-11-16T09:14:00+07:00",
        "2024-11-01",
        "4",
        "85,5",
        "77",
    ]
    assert told == [
        {
            "name": "Siti & Ani; Desa <Contoh>",
            "nik": "0012345678901234",
            "value": 1_500_000,
            "quantity": 2.5,
            "quantity_unit": "kg",
            "day": "2024-11-16",
            "at": "2024-11-16T09:14:00+07:00",
            "month": "2024-11-01",
            "members": 4,
            "score": 85.5,
            "outside": 77,
        }
    ]
    assert sheet[1][1:8] == [
        "0012345678901234",
        1_500_000,
        2.5,
        "kg",
        date(2024, 11, 16),
        datetime(2024, 11, 16, 9, 14),
        date(2024, 11, 1),
    ]


def test_names_are_the_same_in_both_languages_and_headings_are_not(pages):
    here, there = files(table(pages, {})), files(table(pages, {}, lang="en"))
    assert list(here[2][0]) == list(there[2][0])
    assert there[0][0][:3] == ["Name", "NIK", "Value"]


def test_nothing_is_nothing(pages):
    written, sheet, told = files(table(pages, {"value": None, "nik": "–"}))
    assert (written[1][1], written[1][2]) == ("", "")
    assert (told[0]["nik"], told[0]["value"]) == (None, None)
    assert sheet[1][2] == ""


def test_a_column_with_other_words_beside_quantities_stays_text(pages):
    written, _, told = files(table(pages, {}, {"unit": "kg per jiwa dan bulan"}))
    assert "Jumlah (satuan)" not in written[0]
    assert [row["quantity"] for row in told] == ["2.5 kg", "2.5 kg per jiwa dan bulan"]


@pytest.mark.parametrize("typed", ["=1+1", "+62", "-x", "@SUM(A1)", "  =1"])
def test_no_text_is_computed_by_a_spreadsheet(pages, typed):
    written, sheet, told = files(table(pages, {"nik": typed}))
    assert written[1][1] == f"'{typed.strip()}"
    assert sheet[1][1] == typed.strip()
    assert told[0]["nik"] == typed.strip()


def test_a_negative_number_is_a_number(pages):
    written, _, told = files(table(pages, {"value": -5}))
    assert (written[1][2], told[0]["value"]) == ("-5", -5)


def test_a_stored_text_cannot_pass_for_a_value(pages):
    _, _, told = files(table(pages, {"nik": f"{chr(0xE000)}0{chr(0xE001)}"}))
    assert told[0]["nik"] == f"{chr(0xE000)}0{chr(0xE001)}"


def test_an_empty_table_has_its_headings(pages):
    written, sheet, told = files(table(pages))
    assert len(written) == len(sheet) == 1
    assert written[0][0] == sheet[0][0] == "Nama"
    assert told == []


def test_a_page_without_that_table_has_none(pages):
    assert pages.table("x/x.html", PAGE, "another", rows=[]) is None


def test_the_links_keep_the_filter_and_leave_the_page_of_the_list(pages):
    html = pages.render("x/x.html", PAGE, rows=[ROW])
    assert 'href="/x?state=all&amp;table=list_of_n_recipients&amp;export=xlsx"' in html
    assert "0012345678901234" in html
    assert chr(0xE000) not in html


def test_an_answer_to_a_form_offers_no_files(pages):
    assert "export=" not in pages.render("x/x.html", replace(PAGE, downloads=False), rows=[ROW])


SEVERAL = """{% call(row, cell) ui.table(t("Bulan", "Months"), [t("UPT", "Facility"), t("Tahap", "State"),
     (t("Menerima", "Served"), "number", [t("Pada daftar", "Listed")]), t("Kata", "Words"), (t("Jumlah", "Quantity"), "number")],
     [1]) %}
  <th scope="row"{{ cell() }}><a href="/x">Rutan Contoh</a><span class="d-block not-in-files">
    <a href="/y">{{ t("rinci", "more") }}</a></span></th>
  <td{{ cell() }}>{{ ui.badge(t("Selesai", "Closed"), "success") }}</td>
  <td{{ cell(1200, 5000) }}>{{ t("{a} dari {b}", "{a} of {b}", a=grouped(1200), b=grouped(5000)) }}</td>
  <td{{ cell() }}>{{ t("batas {on}", "due {on}", on=day(on)) }}</td>
  <td{{ cell() }}>{{ quantity(ten) }} kg</td>
{% endcall %}
{{ ui.bars(t("Menurut keadaan", "By state"), [(t("Selesai", "Closed"), 3, "3")],
     [t("Keadaan", "State"), (t("Bulan", "Months"), "number")]) }}"""


def several(tmp_path: Path, lang: str, name: str) -> tuple[list[list[str]], list[list[Any]], list[dict[str, Any]]]:
    (tmp_path / "x.html").write_text(SEVERAL)
    found = Pages({"x": tmp_path}).table(
        "x/x.html", replace(PAGE, lang=lang), name, on=date(2024, 12, 5), ten=Decimal("10.000")
    )
    return files(found)


def test_a_cell_may_be_several_columns_of_a_file_and_what_leads_elsewhere_stays_out(tmp_path):
    written, _, told = several(tmp_path, "id", "months")
    assert written == [
        ["UPT", "Tahap", "Menerima", "Pada daftar", "Kata", "Jumlah", "Jumlah (satuan)"],
        ["Rutan Contoh", "Selesai", "1200", "5000", "batas 5 Desember 2024", "10", "kg"],
    ]
    assert told[0]["state"] == "closed"
    assert (told[0]["served"], told[0]["listed"], told[0]["words"]) == (1200, 5000, "due 2024-12-05")


def test_json_says_the_same_in_every_language(tmp_path):
    assert several(tmp_path, "id", "months")[2] == several(tmp_path, "en", "months")[2]


def test_bars_are_a_table_in_a_file(tmp_path):
    assert several(tmp_path, "id", "by_state")[0] == [["Keadaan", "Bulan"], ["Selesai", "3"]]
