"""A table is declared once: the page, its filters, order and pages, and the three files come from it."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from guyub.sdk import Amount, Code, Column, Filter, Sentence, Table, TableRows, Text
from guyub.ui.render import PageContext, Pages
from guyub.ui.table_files import FILES, table_file, written
from guyub.ui.tables import every_row

ZONE = "Asia/Jakarta"
NOW = datetime(2024, 11, 16, 2, 14, tzinfo=UTC)
PAGE = PageContext(lang="id", path="/x", here="/x", csrf_token="t", now=NOW, downloads=True)
TEMPLATE = """{% macro name(row) %}<a href="/{{ row.members }}">{{ row.name }}</a>{% endmacro %}
{{ ui.table(given, {"name": name}) }}"""


@dataclass(frozen=True)
class Visit:
    name: str = "Siti & Ani"
    place: str = "Desa <Contoh>"
    nik: str = "0012345678901234"
    value: int | None = 1_500_000
    quantity: Decimal = Decimal("2.5")
    day: date = date(2024, 11, 16)
    members: int = 4
    state: str = "closed"


def words(text: str) -> Text:
    return Text(id=f"{text} (id)", en=text)


STATES = {"closed": Code("closed", words("Closed"), "success"), "open": Code("open", words("Open"))}
VISITS: Table[Visit] = Table(
    name="visits_at_home",
    caption=words("Visits"),
    main=True,
    columns=(
        Column("no", words("No."), kind="position"),
        Column("name", words("Name"), lambda row: (row.name, row.place), cell="name", names_row=True),
        Column("nik", words("NIK")),
        Column("value", words("Value"), kind="money"),
        Column("quantity", words("Quantity"), lambda row: Amount(row.quantity, "kg"), kind="amount"),
        Column("day", words("Day"), kind="weekday"),
        Column("at", words("At"), lambda row: NOW, kind="moment"),
        Column("month", words("Month"), lambda row: row.day, kind="period"),
        Column("members", words("Members"), kind="number"),
        Column("state", words("State"), lambda row: STATES[row.state]),
        Column("since", words("Since"), lambda row: Sentence(Text(id="sejak {day}", en="since {day}"), day=row.day)),
        Column("listed", words("Listed"), lambda row: 5, kind="number", on_page=False),
        Column("hint", words("Hint"), lambda row: "page only", in_files=False),
    ),
    filters=(Filter("state", words("State"), lambda row: STATES[row.state]),),
    page_size=20,
)


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "x.html").write_text(TEMPLATE)
    return Pages({"x": tmp_path})


@pytest.fixture
def draw(pages: Pages) -> Any:
    def drawn(given: TableRows[Any], here: str = "/x", lang: str = "id") -> str:
        return pages.render("x/x.html", replace(PAGE, here=here, lang=lang), given=given)

    return drawn


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def names(html: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<a href="/\d+">(.*?)</a>', html)]


def files(given: TableRows[Any], here: str = "/x", lang: str = "id") -> Any:
    made = {}
    for shape in FILES:
        rows = every_row(given, here, None, lang, ZONE)
        file, _ = written(table_file(given, rows, lang, ZONE, NOW), shape)
        with file:
            made[shape] = file.read()
    sheet = CalamineWorkbook.from_filelike(BytesIO(made["xlsx"])).get_sheet_by_index(0).to_python()
    read = csv.reader(StringIO(made["csv"].decode("utf-8-sig")), delimiter=";")
    return list(read), sheet, json.loads(made["json"])


def some(count: int) -> list[Visit]:
    return [Visit(name=f"Contoh {n:03}", value=n, state="open" if n % 2 else "closed") for n in range(1, count + 1)]


def test_a_file_reads_a_whole_list_row_by_row_and_only_another_order_needs_all_of_it():
    read = []

    def every(work: Any) -> Iterator[Visit]:
        for visit in some(9):
            read.append(visit)
            yield visit

    given = VISITS.of((), every=every)
    rows = iter(every_row(given, "/x?state=open&search=contoh", None, "id", ZONE))
    assert [next(rows).value, len(read)] == [1, 1]
    assert [next(rows).value, len(read)] == [3, 3]
    newest = every_row(given, "/x?state=open&sort=-value", None, "id", ZONE)
    assert [visit.value for visit in newest] == [9, 7, 5, 3, 1]


def test_one_declaration_gives_the_page_and_three_files(draw):
    given = VISITS.of([Visit()])
    page = draw(given)
    row = text(page[page.index("<tbody>") : page.index("</tbody>")])
    assert row == (
        "1 Siti & Ani 0012345678901234 Rp1.500.000 2,5 kg Sabtu, 16 November 2024 "
        "16 November 2024 pukul 09.14 WIB November 2024 4 Closed (id) sejak 16 November 2024 page only"
    )
    assert '<th scope="row"' in page
    written_csv, sheet, objects = files(given)
    heads = "No. Name NIK Value Quantity Quantity+ Day At Month Members State Since Listed"
    assert [head.removesuffix(" (id)") for head in written_csv[0]] == [
        head.replace("+", " (id) (satuan)") for head in heads.split()
    ]
    assert written_csv[1] == [
        *("1", "Siti & Ani; Desa <Contoh>", "0012345678901234", "1500000", "2,5", "kg", "2024-11-16"),
        *("2024-11-16T09:14:00+07:00", "2024-11-01", "4", "Closed (id)", "sejak 16 November 2024", "5"),
    ]
    assert objects == [
        {
            "no": 1,
            "name": "Siti & Ani; Desa <Contoh>",
            "nik": "0012345678901234",
            "value": 1_500_000,
            "quantity": 2.5,
            "quantity_unit": "kg",
            "day": "2024-11-16",
            "at": "2024-11-16T09:14:00+07:00",
            "month": "2024-11-01",
            "members": 4,
            "state": "closed",
            "since": "since 2024-11-16",
            "listed": 5,
        }
    ]
    assert sheet[1][2:7] == ["0012345678901234", 1_500_000, 2.5, "kg", date(2024, 11, 16)]
    assert sheet[1][7] == datetime(2024, 11, 16, 9, 14)


def test_json_says_the_same_in_every_language():
    assert files(VISITS.of([Visit()]))[2] == files(VISITS.of([Visit()]), lang="en")[2]


def test_nothing_is_a_dash_on_the_page_and_nothing_in_a_file(draw):
    given = VISITS.of([Visit(value=None, nik="")])
    assert "–" in text(draw(given))
    written_csv, sheet, objects = files(given)
    assert (written_csv[1][2], written_csv[1][3], sheet[1][3]) == ("", "", "")
    assert (objects[0]["nik"], objects[0]["value"]) == (None, None)


def test_an_empty_table_has_its_headings():
    written_csv, sheet, objects = files(VISITS.of([]))
    assert len(written_csv) == len(sheet) == 1
    assert objects == []


@pytest.mark.parametrize("typed", ["=1+1", "+62", "-x", "@SUM(A1)", "  =1"])
def test_no_text_is_computed_by_a_spreadsheet(typed):
    written_csv, sheet, objects = files(VISITS.of([Visit(nik=typed)]))
    assert written_csv[1][2] == f"'{typed}"
    assert sheet[1][2] == objects[0]["nik"] == typed


def test_a_short_list_has_no_tools(draw):
    page = draw(VISITS.of(some(5)))
    assert "sort=" not in page
    assert 'name="search"' not in page
    assert "rel=" not in page


def test_a_list_longer_than_a_screen_is_searched_sorted_and_paged_by_its_address(draw):
    given = VISITS.of(some(45))
    page = draw(given)
    assert len(names(page)) == 20
    assert 'href="/x?page=2"' in page
    assert 'href="/x?sort=value"' in page
    assert names(draw(given, "/x?page=3")) == [f"Contoh {n:03}" for n in range(41, 46)]
    assert names(draw(given, "/x?page=99"))[-1] == "Contoh 045"
    assert names(draw(given, "/x?sort=-value"))[0] == "Contoh 045"
    assert names(draw(given, "/x?search=contoh+017")) == ["Contoh 017"]
    assert names(draw(given, "/x?state=open&sort=-value&page=2"))[0] == "Contoh 005"
    assert "Tidak ada yang cocok" in text(draw(given, "/x?search=tidak+ada"))


def test_an_order_keeps_the_filter_and_leaves_the_page(draw):
    page = draw(VISITS.of(some(45)), "/x?month=2024-11&state=open&page=2")
    assert 'href="/x?month=2024-11&amp;state=open&amp;sort=value"' in page
    assert '<input type="hidden" name="month" value="2024-11">' in page


def test_the_heading_says_by_what_the_rows_stand(draw):
    assert 'aria-sort="descending"' in draw(VISITS.of(some(45)), "/x?sort=-value")
    assert 'href="/x?sort=-value"' in draw(VISITS.of(some(45)), "/x?sort=value")


def test_a_file_has_all_rows_of_the_filter_in_the_order_of_the_page():
    objects = files(VISITS.of(some(45)), "/x?state=open&sort=-value&page=2")[2]
    assert [row["value"] for row in objects] == list(range(45, 0, -2))


def test_rows_without_a_value_are_last_in_either_order():
    rows = [Visit(name="Contoh 1", value=None), Visit(name="Contoh 2", value=2), *some(20)]
    for order in ("value", "-value"):
        assert files(VISITS.of(rows), f"/x?sort={order}")[2][-1]["value"] is None


def test_what_an_address_asks_in_vain_is_not_heeded(draw):
    given = VISITS.of(some(45))
    for here in ("/x?sort=unknown", "/x?page=0", "/x?page=-3", "/x?page=%C2%B2", "/x?page=99999999999999999999"):
        assert len(names(draw(given, here))) == 20 or "page=99" in here


def test_another_table_of_a_page_has_its_own_names_in_the_address(draw):
    given = replace(VISITS, main=False).of(some(45))
    page = draw(given, "/x?visits_at_home.page=2&sort=-value")
    assert names(page)[0] == "Contoh 021"
    assert 'id="visits-at-home"' in page
    assert "visits_at_home.page=3#visits-at-home" in page


def test_the_links_of_files_keep_the_filter_and_leave_the_page(draw):
    page = draw(VISITS.of(some(45)), "/x?state=open&page=3&after=7")
    assert 'href="/x?state=open&amp;table=visits_at_home&amp;export=xlsx"' in page


def test_an_answer_to_a_form_offers_no_files(pages):
    assert "export=" not in pages.render("x/x.html", replace(PAGE, downloads=False), given=VISITS.of(some(2)))


def test_totals_are_a_last_line_of_the_page(draw):
    page = draw(VISITS.of(some(2), totals={"value": 3}))
    assert text(page[page.index("<tfoot>") : page.index("</tfoot>")]) == "Jumlah Rp3"


def test_columns_can_be_left_out(draw):
    given = VISITS.of([Visit()], without=["nik"])
    assert "0012345678901234" not in draw(given)
    assert "nik" not in files(given)[2][0]


def test_a_long_list_is_read_row_by_row_and_only_for_its_file(draw):
    taken = []

    def every(work: object) -> Any:
        for visit in some(30):
            taken.append(visit.name)
            yield visit

    asked = VISITS.query({"page": "2", "state": "open"})
    start = VISITS.start(asked, 30)
    given = VISITS.part(some(30)[start : start + 20], every, total=30, first=start + 1)
    page = draw(given, "/x?page=2&state=open")
    assert names(page)[0] == "Contoh 021"
    assert ">21</" in re.sub(r"<td[^>]*>", "<td>", page)
    assert not taken
    rows = iter(every_row(given, "/x", None, "id", ZONE))
    next(rows)
    assert taken == ["Contoh 001"]


def test_a_declaration_with_two_columns_of_one_key_is_refused():
    with pytest.raises(TypeError, match="one key"):
        Table(name="x", caption=words("X"), columns=(Column("a", words("A")), Column("a", words("B"))))


def test_a_negative_number_is_a_number():
    written_csv, _, objects = files(VISITS.of([Visit(value=-5)]))
    assert (written_csv[1][3], objects[0]["value"]) == ("-5", -5)


def test_bars_are_a_table_in_a_file(tmp_path):
    (tmp_path / "x.html").write_text("{{ ui.bars(given) }}")
    by_state: Table[tuple[str, int]] = Table(
        name="by_state",
        caption=words("By state"),
        columns=(
            Column("state", words("State"), lambda row: STATES[row[0]].label),
            Column("months", words("Months"), lambda row: row[1], kind="number"),
        ),
    )
    given = by_state.of([("closed", 3), ("open", 1)])
    page = Pages({"x": tmp_path}).render("x/x.html", PAGE, given=given)
    assert text(page[page.index("<tbody>") : page.index("</tbody>")]) == "Closed (id) 3 Open (id) 1"
    assert "table=by_state&amp;export=csv" in page
    assert files(given)[2] == [{"state": "Closed", "months": 3}, {"state": "Open", "months": 1}]


def test_a_form_around_a_table_is_sent_by_its_order_and_pages(tmp_path):
    (tmp_path / "x.html").write_text('{{ ui.table(given, {"name": name}, in_form=true) }}')
    page = Pages({"x": tmp_path}).render(
        "x/x.html", PAGE, given=VISITS.of(some(45), address="/x?state=open"), name=lambda row: row.name
    )
    assert 'formaction="/x?state=open&amp;sort=value"' in page
    assert 'formaction="/x?state=open&amp;page=2"' in page
    assert "<form" not in page
    assert 'href="/x?sort' not in page


def test_a_list_within_a_form_can_be_fixed(draw):
    page = draw(replace(VISITS, fixed=True).of(some(45)))
    assert len(names(page)) == 45
    assert "sort=" not in page


def test_a_cell_that_says_nothing_is_left_out_of_its_card(draw):
    quiet = replace(VISITS, columns=(*VISITS.columns[:2], replace(VISITS.columns[2], quiet=lambda row: row.nik == "")))
    page = draw(quiet.of([Visit(nik=""), Visit()]))
    assert page.count("d-none d-md-table-cell") == 1


def test_only_a_word_that_no_column_holds_is_broken(draw):
    page = draw(VISITS.of([Visit(name="Bapas Nusakambangan", nik="3375••••••••9900")]))
    assert "text-break" not in page
    assert draw(VISITS.of([Visit(nik="Contoh" * 9)])).count("text-break") == 1


def test_a_caption_that_is_not_shown_takes_no_room(draw):
    page = draw(VISITS.of([Visit()]))
    caption = re.search(r"<caption[^>]*>.*?</caption>", page)
    assert caption
    assert caption[0] == '<caption class="p-0"><span class="visually-hidden">Visits (id)</span></caption>'


def test_what_stands_below_a_cell_has_a_column_of_its_own_in_a_file(draw):
    below = (Column("village", words("Village"), lambda row: row.place),)
    split = replace(VISITS, columns=(replace(VISITS.columns[2], below=below),))
    page = draw(split.of([Visit(), Visit(place="")]))
    assert text(page).count("0012345678901234 Desa <Contoh>") == 1
    assert "Village" not in page
    written_csv, sheet, objects = files(split.of([Visit()]))
    assert written_csv == [["NIK (id)", "Village (id)"], ["0012345678901234", "Desa <Contoh>"]]
    assert sheet[1] == ["0012345678901234", "Desa <Contoh>"]
    assert objects == [{"nik": "0012345678901234", "village": "Desa <Contoh>"}]
    with pytest.raises(TypeError, match="one key"):
        replace(VISITS, columns=(*VISITS.columns, replace(VISITS.columns[2], key="other", below=VISITS.columns[:1])))
