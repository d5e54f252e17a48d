"""More families wait than a page holds: each of them can be ticked, by paging or by name."""

import html
import re

import pytest

from guyub.programs.cycles import Cycle
from guyub.programs.pages import distribution
from tests.programs.pages.conftest import Books
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

LIST = "/f/rutan-pekalongan/cycles/2024-11/distribution"


@pytest.fixture(autouse=True)
def three_to_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The five who wait stand on two pages."""
    monkeypatch.setattr(distribution, "PAGE", 3)


def ticks(visitor: Visitor) -> dict[str, bool]:
    """The households that can be ticked in the page in view, and whether they are."""
    found = re.findall(r'name="household" value="([^"]+)"([^>]*)>', visitor.page.text)
    return {household: "checked" in rest for household, rest in found}


def next_page(visitor: Visitor) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', visitor.page.text)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("form", ["many", "absent"])
def test_everybody_who_waits_can_be_ticked(visitor: NewVisitor, begun: Cycle, books: Books, form: str):
    kasubsi, ids = visitor("kasubsi"), [str(recipient.id) for recipient in books.recipients()]
    kasubsi.opens(f"{LIST}/{form}")
    assert list(ticks(kasubsi)) == ids[:3]
    kasubsi.opens(next_page(kasubsi))
    assert list(ticks(kasubsi)) == ids[3:]
    kasubsi.opens(f"{LIST}/{form}?name=5")
    assert list(ticks(kasubsi)) == ids[4:]
    values = {"household": ids[4:], "mark": "signature", "witness": books.witness, "reason": "sakit", "whom": "ticked"}
    kasubsi.follows(kasubsi.sends(f"{LIST}/{form}", values))
    states = [recipient.state for recipient in books.recipients()]
    assert states == ["approved"] * 4 + ["received" if form == "many" else "absent"]


@pytest.mark.parametrize("form", ["many", "absent"])
def test_an_error_leaves_page_search_and_ticks(visitor: NewVisitor, begun: Cycle, books: Books, form: str):
    kasubsi, ids = visitor("kasubsi"), [str(recipient.id) for recipient in books.recipients()]
    kasubsi.opens(f"{LIST}/{form}?page=2")
    answer = kasubsi.sends(f"{LIST}/{form}", hidden_in(kasubsi.page) | {"household": ids[4:], "whom": "ticked"})
    assert answer.status_code == 422
    assert ticks(kasubsi) == {ids[3]: False, ids[4]: True}
    kasubsi.opens(f"{LIST}/{form}?name=4")
    kasubsi.sends(f"{LIST}/{form}", hidden_in(kasubsi.page) | {"household": ids[3:4], "whom": "ticked"})
    assert ticks(kasubsi) == {ids[3]: True}


def test_a_search_without_a_result_says_so_and_keeps_the_way_back(visitor: NewVisitor, begun: Cycle):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{LIST}/many?name=Tidakada")
    assert ticks(kasubsi) == {}
    assert "Tidak ada keluarga yang menunggu dengan nama atau nomor itu." in text_of(kasubsi.page)
    assert 'name="name"' in kasubsi.page.text
