"""The map of tiles: every place by name, its state in word and shape, and a way there."""

import re

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from guyub.reports.facility_map import MARKS
from guyub.reports.lateness import SHOWN
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
    drawn = str(tile_map(TILES, "UPT <semua>"))
    assert drawn.count("<svg") == len(TILES)
    assert drawn.count('href="/f/a/"') == 1
    assert drawn.count("<title>Rutan A: Selesai</title>") == 1
    assert re.findall(r">([^<>]+)</text>", drawn)[:3] == ["Rutan Kelas IIA", "Pekalongan", "Selesai"]
    assert "<B>" not in drawn
    assert "<semua>" not in drawn
    assert "style=" not in drawn


def test_the_order_of_the_tiles_is_the_order_given():
    many = [Tile(f"Rutan {n}", "x", "open", "neutral", f"/f/{n}/", str(n)) for n in range(8)]
    assert re.findall(r"<title>(\d)</title>", str(tile_map(many, "UPT"))) == list("01234567")


def test_what_is_too_long_for_a_tile_ends_in_dots_and_stands_whole_in_its_title():
    name = "Lapas Khusus IIA Karanganyar Nusakambangan di Pulau Nusakambangan"
    drawn = str(tile_map([Tile(name, "Belum dibuka sama sekali", "open", "neutral", "/f/a/", f"{name}: Belum")], "UPT"))
    lines = re.findall(r">([^<>]+)</text>", drawn)
    assert max(map(len, lines)) <= 17
    assert [line for line in lines if line.endswith("…")] == ["Nusakambangan di…", "Belum dibuka…"]
    assert f"<title>{name}: Belum</title>" in drawn


def test_a_map_without_places_and_a_course_without_value_are_drawn_empty():
    assert "<a" not in str(tile_map([], "UPT"))
    assert 'height="0' in str(columns([(0, "Januari: Rp0")], "Nilai"))
    assert str(columns([(5, "a"), (10, "b")], "Nilai")).count("<rect") == 2


def test_the_regions_page_draws_a_tile_for_each_facility_with_its_state(visitor_on: AsOf, closed: Cycle):
    kanwil = visitor_on(THURSDAY)("kanwil")
    kanwil.reads(JATENG)
    assert "<title>Rutan IIA Pekalongan: Selesai</title>" in kanwil.page.text
    assert "<title>Rutan IIB Kebumen: Terlambat</title>" in kanwil.page.text
    assert "<title>Rutan IIB Salatiga: Tanpa program</title>" in kanwil.page.text


def test_a_facility_opens_to_its_months_without_a_household(visitor_on: AsOf, rutan: Rutan, closed: Cycle):
    kanwil = visitor_on(THURSDAY)("kanwil")
    page = kanwil.reads(f"{JATENG}facilities/rutan-pekalongan/cycles?months=36")
    assert "November 2024 1 dari 1 – 5 5 dari 5 Rp582.550 Rp750.000" in page
    assert "Perjalanan 36 bulan" in page
    assert november.PLACE not in page
    assert kanwil.opens(f"{JATENG}facilities/rutan-lain/cycles").status_code == 404
    assert visitor_on(THURSDAY)("karutan").opens(f"{JATENG}facilities/rutan-pekalongan/cycles").status_code == 404
