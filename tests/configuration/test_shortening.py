"""However much a plugin sends, its part of a page stays short, and no code of it runs while the page is drawn."""

import pytest

from guyub.plugins import truncation
from guyub.plugins.hook_results import card_in_place, shown
from guyub.sdk.panels import AttentionItem, Card, HealthCheck, Line, Panel
from guyub.sdk.text import Text

TITLE = Text(id="Infak", en="Infak")
LONG = "x" * 10_000
LINE = Line(Text(id=LONG, en="short"), LONG)


def shown_of(*items: object) -> list[object]:
    return [item.item for item in shown([("infak", list(items))], {"infak": TITLE}, card_in_place)]


def test_five_hundred_huge_cards_are_cut_and_it_is_said():
    found = shown_of(*[Card(Text(id=LONG, en=LONG), LONG, [LINE] * 500)] * 500)
    assert len(found) == truncation.MOST_ITEMS + 1
    last = found.pop()
    assert isinstance(last, Card)
    assert "480 lagi tidak ditampilkan" in str(last.lines[0].value)
    card = found[0]
    assert isinstance(card, Card)
    assert len(card.title.id) == len(card.figure) == truncation.LONGEST + 1
    assert len(card.lines) == truncation.MOST_LINES + 1
    assert "470 baris lagi" in str(card.lines[-1].value)
    assert len(card.lines[0].label.id) == len(card.lines[0].value) == truncation.LONGEST + 1
    assert card.lines[0].label.en == "short"


@pytest.mark.parametrize(
    "item", [Panel(TITLE, [LINE]), AttentionItem(TITLE), HealthCheck(TITLE, False, TITLE), Card(TITLE, "5")]
)
def test_what_is_short_stays_and_every_kind_has_its_note(item: object):
    assert len(shown_of(item)) == 1
    many = shown_of(*[item] * 100)
    assert len(many) == truncation.MOST_ITEMS + 1
    assert type(many[-1]) is type(item)


def test_no_text_of_a_plugins_own_kind_reaches_a_page():
    with pytest.raises(TypeError, match="cannot be derived from"):
        type("Loud", (Text,), {})
    sly = type("Sly", (str,), {"__html__": lambda self: 1 / 0})
    with pytest.raises(TypeError, match="two str"):
        Text(id=sly("x"), en="x")
    with pytest.raises(TypeError, match="text"):
        Card(TITLE, sly("5"))
