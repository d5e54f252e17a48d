"""The map of tiles: every place by name, its state in word and shape, and a way there."""

import re

from guyub.cli.demonstration import november
from guyub.cli.demonstration.month import Rutan
from guyub.programs.cycles import Cycle
from guyub.reports.region import SHOWN
from guyub.reports.tiles import MARKS
from guyub.ui.charts import Tile, columns, tile_map
from tests.reports.conftest import AsOf
from tests.reports.test_region_overview import JATENG, THURSDAY

TILES = [
    Tile("Rutan Kelas IIA Pekalongan", "Selesai", "check", "success", "/f/a/", "Rutan A: Selesai"),
    Tile("Rutan <B>", "Terlambat", "warning", "warning", "/f/b/", "Rutan <B>: Terlambat"),
]


def test_each_state_has_a_symbol_of_its_own_or_shares_it_with_its_neighbour():
    assert MARKS.keys() == SHOWN.keys()
    assert len({mark for mark, _ in MARKS.values()}) >= len(MARKS) - 1


def test_a_tile_says_name_and_state_in_words_and_leads_to_its_place():
    drawn = str(tile_map(TILES, "UPT"))
    # One map for wide screens and one for phones, of which one is shown.
    assert drawn.count("<svg") == 2
    assert drawn.count('href="/f/a/"') == 2
    assert drawn.count("<title>Rutan A: Selesai</title>") == 2
    assert re.findall(r">([^<>]+)</text>", drawn)[:3] == ["Rutan Kelas IIA", "Pekalongan", "Selesai"]
    assert "<B>" not in drawn
    assert "style=" not in drawn


def test_the_order_of_the_tiles_is_the_order_given_row_by_row():
    many = [Tile(f"Rutan {n}", "x", "open", "neutral", f"/f/{n}/", str(n)) for n in range(8)]
    wide = str(tile_map(many, "UPT")).split("</svg>")[0]
    assert re.findall(r"translate\((\d+ \d+)\)\"><g", wide) == [
        "0 0", "188 0", "376 0", "564 0", "752 0", "0 84", "188 84", "376 84",
    ]  # fmt: skip


def test_a_map_without_places_and_a_course_without_value_are_drawn_empty():
    assert "<a" not in str(tile_map([], "UPT"))
    assert 'height="0' in str(columns([(0, "Januari: Rp0")], "Nilai"))
    assert str(columns([(5, "a"), (10, "b")], "Nilai")).count("<rect") == 2


def test_the_regions_page_draws_a_tile_for_each_facility_with_its_state(visitor_on: AsOf, closed: Cycle):
    kanwil = visitor_on(THURSDAY)("kanwil")
    kanwil.reads(JATENG)
    assert "<title>Rutan IIA Pekalongan: Selesai</title>" in kanwil.page.text
    assert "<title>Rutan IIB Kebumen: Belum dibuka</title>" in kanwil.page.text
    assert "<title>Rutan IIB Salatiga: Tanpa program</title>" in kanwil.page.text


def test_a_facility_opens_to_its_months_without_a_family(visitor_on: AsOf, rutan: Rutan, closed: Cycle):
    kanwil = visitor_on(THURSDAY)("kanwil")
    page = kanwil.reads(f"{JATENG}months/rutan-pekalongan?months=36")
    assert "November 2024 1 dari 1 5 dari 5 Rp582.550 Rp750.000" in page
    assert "Perjalanan 36 bulan" in page
    assert november.PLACE not in page
    assert kanwil.opens(f"{JATENG}months/rutan-lain").status_code == 404
    assert visitor_on(THURSDAY)("karutan").opens(f"{JATENG}months/rutan-pekalongan").status_code == 404
