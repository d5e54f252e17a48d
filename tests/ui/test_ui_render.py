"""The frame and the functions that every template has."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from guyub.sdk.text import Text
from guyub.ui.render import STATIC, Pages, icon, static

from .conftest import HERE, APage


@pytest.fixture
def say(tmp_path: Path, a_page: APage):
    """``say("{{ ... }}", "en", x=1)``: what a template of that text prints."""

    def render(source: str, lang: str = "id", /, **data: object) -> str:
        (tmp_path / "page.html").write_text(source)
        return Pages({"room": tmp_path}).render("room/page.html", a_page(lang), **data).strip()

    return render


def test_a_text_is_printed_in_the_readers_language_by_itself(say):
    greeting = Text(id="Selamat pagi & siang", en="Good morning & noon")
    assert say("{{ greeting }}", "id", greeting=greeting) == "Selamat pagi &amp; siang"
    assert say("{{ greeting }}", "en", greeting=greeting) == "Good morning &amp; noon"


def test_a_sentence_in_place_follows_the_language_and_fills_its_placeholders(say):
    source = '{{ t("{n} keluarga di {place}", "{n} households in {place}", n=5, place=place) }}'
    place = Text(id="Kota", en="Town")
    assert say(source, "id", place=place) == "5 keluarga di Kota"
    assert say(source, "en", place=place) == "5 households in Town"


def test_what_people_typed_never_becomes_markup(say):
    assert say("{{ name }}", name="<script>x</script>") == "&lt;script&gt;x&lt;/script&gt;"
    assert say('{{ t("Halo {name}", "Hello {name}", name=name) }}', name="<b>") == "Halo &lt;b&gt;"
    assert "<b>" not in say("{{ ui.badge(name) }}{{ field.text('n', name, name, name) }}", name='"><b>')


@pytest.mark.parametrize(
    ("source", "indonesian", "english"),
    [
        ("{{ rupiah(1500000) }}", "Rp1.500.000", "Rp1.500.000"),
        ("{{ 1500000 | rupiah }}", "Rp1.500.000", "Rp1.500.000"),
        ("{{ quantity(half) }}", "2,5", "2.5"),
        ("{{ day(on) }}", "16 November 2024", "16 November 2024"),
        ("{{ on | weekday_date }}", "Sabtu, 16 November 2024", "Saturday, 16 November 2024"),
        ("{{ moment(at) }}", "16 November 2024 pukul 09.00 WIB", "16 November 2024 at 09.00 WIB"),
        ("{{ period(on) }}", "November 2024", "November 2024"),
    ],
)
def test_figures_and_days_are_written_as_offices_write_them(say, source: str, indonesian: str, english: str):
    data = {"half": Decimal("2.500"), "on": date(2024, 11, 16), "at": datetime(2024, 11, 16, 2, tzinfo=UTC)}
    assert say(source, "id", **data) == indonesian
    assert say(source, "en", **data) == english


def test_a_permission_is_asked_of_the_reader(say):
    assert say('{{ may("registry.read") }} {{ may("registry.write") }}') == "True False"


def test_an_unknown_name_is_an_error_not_an_empty_place(say):
    with pytest.raises(UndefinedError):
        say("{{ nothing_like_it }}")


def test_an_icon_that_is_not_packed_is_an_error():
    with pytest.raises(LookupError, match="no-such-icon"):
        icon("no-such-icon")


def test_an_icon_alone_says_what_it_means_and_beside_words_is_silent():
    assert 'aria-hidden="true"' in icon("cash")
    assert 'role="img" aria-label="Dana &amp; kas"' in icon("cash", "Dana & kas")


def test_every_icon_of_the_list_is_in_the_sprite():
    listed = {line for line in (STATIC.parent / "icons.txt").read_text().split("\n") if line and line[0] != "#"}
    packed = set(re.findall(r'id="icon-([a-z0-9-]+)"', (STATIC / "vendor/icons.svg").read_text()))
    assert listed == packed


def test_the_address_of_a_static_file_changes_with_its_content():
    assert re.fullmatch(r"/static/guyub\.css\?v=[0-9a-f]{12}", static("guyub.css"))
    assert static("guyub.css").partition("=")[2] != static("guyub.js").partition("=")[2]


def test_nobody_takes_the_frames_place(tmp_path: Path):
    with pytest.raises(ValueError, match="ui"):
        Pages({"ui": tmp_path})


def test_a_page_cannot_be_given_another_reader(say):
    with pytest.raises(ValueError, match="page"):
        say("x", page="someone else")


@pytest.fixture
def framed(tmp_path: Path):
    (tmp_path / "page.html").write_text(
        '{% extends "ui/base.html" %}{% block title %}{{ t("Uji", "Test") }}{% endblock %}'
        '{% block content %}<h1>{{ t("Uji", "Test") }}</h1>{% endblock %}'
    )
    return Pages({"room": tmp_path})


def test_the_frame_names_the_place_the_reader_and_the_way_out(framed: Pages, a_page: APage):
    page = framed.render("room/page.html", a_page())
    assert "<title>Uji · Rutan Kelas IIA Pekalongan · Guyub</title>" in page
    assert "Kasubsi Contoh Satu" in page
    assert 'action="/sign-out"' in page
    assert "Keluarga terdaftar." in page
    assert "Peragaan: data contoh." in page
    assert 'href="#main"' in page
    assert 'id="main"' in page


def test_the_frame_marks_where_the_reader_is(framed: Pages, a_page: APage):
    page = framed.render("room/page.html", a_page())
    assert re.findall(r'href="([^"]+)" aria-current="page"', page) == [f"{HERE}/households"] * 2
    home = framed.render("room/page.html", a_page(path=f"{HERE}/"))
    assert re.findall(r'href="([^"]+)" aria-current="page"', home) == [f"{HERE}/"] * 2


def test_switching_the_language_comes_back_to_the_same_page(framed: Pages, a_page: APage):
    page = framed.render("room/page.html", a_page("en"))
    assert '<html lang="en">' in page
    assert 'name="language" value="id"' in page
    assert 'name="next" value="/f/rutan-pekalongan/households/new?from=list"' in page


def test_a_selected_theme_is_on_the_page_and_none_leaves_it_to_the_device(framed: Pages, a_page: APage):
    assert 'data-bs-theme="dark"' in framed.render("room/page.html", a_page(theme="dark"))
    assert "data-bs-theme" not in framed.render("room/page.html", a_page())


def test_without_a_reader_there_is_no_menu_and_no_way_out(framed: Pages, a_page: APage):
    page = framed.render("room/page.html", a_page(reader="", facility=None, facilities=(), navigation=()))
    assert "/sign-out" not in page
    assert 'class="side"' not in page
    assert 'action="/language"' in page


def test_the_own_stylesheet_stays_small():
    assert (STATIC / "guyub.css").stat().st_size < 12 * 1024


def test_markup_made_by_components_is_not_escaped_twice(say):
    assert "&lt;" not in say("{{ ui.card is defined }}{% call ui.card('x') %}{{ ui.badge('y') }}{% endcall %}")
    assert Markup("<b>") == say("{{ bold }}", bold=Markup("<b>"))
