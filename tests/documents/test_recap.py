"""The workbook, read back as Excel reads it: numbers are numbers, NIK are text, nothing is a formula by accident."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from guyub.documents.rendering import Printed
from guyub.programs.documents.facts import Facts
from guyub.programs.documents.recap_workbook import recap


def opened(facts: Facts, printed: Printed, *, values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(recap(facts, printed.at)), data_only=values)


def test_it_has_four_sheets_with_a_frozen_header(november: Facts, printed: Printed):
    book = opened(november, printed)
    assert book.sheetnames == ["Ringkasan", "Penerima", "Barang", "Dana"]
    assert {sheet.freeze_panes for sheet in book} == {"A4"}


def test_nik_are_text_and_masked(november: Facts, printed: Printed):
    cells = [row[2] for row in opened(november, printed)["Penerima"].iter_rows(min_row=4, max_row=8)]
    assert [cell.value for cell in cells] == [recipient.nik_masked for recipient in november.recipients]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


def test_amounts_are_numbers_that_add_up(november: Facts, printed: Printed):
    book = opened(november, printed)
    assert [cell.value for cell in book["Penerima"]["K"][3:]] == [116_510] * 5 + [582_550]
    assert [cell.value for cell in book["Barang"]["D"][3:]] == [387_500, 90_000, 105_050, 582_550]
    assert [cell.value for cell in book["Dana"]["D"][3:]] == [400_000, 182_550, 582_550]


def test_totals_follow_what_is_changed_in_excel(november: Facts, printed: Printed):
    assert opened(november, printed, values=False)["Barang"]["D7"].value == "=SUM(D4:D6)"


def test_a_name_that_looks_like_a_formula_or_a_link_stays_a_name(november: Facts, printed: Printed):
    named = [replace(november.recipients[0], name='=HYPERLINK("http://contoh")'), *november.recipients[1:]]
    cell = opened(replace(november, recipients=named), printed, values=False)["Penerima"]["B4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == ('=HYPERLINK("http://contoh")', "s", None)


@pytest.mark.parametrize(("paper", "code"), [("F4", 14), ("A4", 9)])
def test_it_prints_on_the_facility_s_paper_one_page_wide(november: Facts, printed: Printed, paper: str, code: int):
    facts = replace(november, facility=replace(november.facility, paper=paper))
    for sheet in opened(facts, printed):
        assert int(sheet.page_setup.paperSize) == code
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_money_is_counted_in_households(november_in_money: Facts, printed: Printed):
    row = [cell.value for cell in opened(november_in_money, printed)["Barang"][4]]
    assert row == ["Bantuan pendidikan", 5, "keluarga", 1_500_000]
