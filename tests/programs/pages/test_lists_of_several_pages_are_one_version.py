"""A list that is read on several pages is of one version: the page after a change says so, and nothing unread is approved."""

import html
import re

import pytest

from guyub.demo.month import Rutan
from guyub.programs import tables
from guyub.programs.cycles import Cycle
from tests.programs.pages.conftest import Books
from tests.programs.pages.test_versions_of_proposals import APPROVAL, MONTH, RETURN, proposed_anew
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

CHANGED = "Usulan berubah sejak Anda membacanya"


@pytest.fixture(autouse=True)
def three_to_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The five of the list stand on two pages."""
    monkeypatch.setattr(tables, "PROPOSED_PAGE", 3)


def link(visitor: Visitor, pattern: str) -> str:
    """The first address of the page in view that matches."""
    found = re.search(rf'href="([^"]*{pattern}[^"]*)"', visitor.page.text)
    assert found, f"no link to {pattern}"
    return html.unescape(found[1])


def versions_in(visitor: Visitor) -> set[str]:
    """What both forms of the page in view send."""
    return set(hidden_in(visitor.page)["version"])


def test_the_next_page_of_a_list_that_changed_says_so_and_approves_nothing(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    came, went = proposed_anew(rutan, books)
    second = karutan.reads(link(karutan, "page=2"))
    assert CHANGED in second
    assert f"Masuk: {came}" in second
    assert f"Keluar: {went}" in second
    assert versions_in(karutan) == {str(proposed.version)}
    back = link(karutan, f'approval\\?version={proposed.version}(?="[^>]*>Sebelumnya)')
    assert karutan.sends(APPROVAL, hidden_in(karutan.page)).status_code == 409
    assert books.cycle().state == "proposed"
    assert CHANGED in karutan.reads(back)
    assert versions_in(karutan) == {str(proposed.version)}


def test_the_pages_after_a_refusal_keep_the_notice(visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    proposed_anew(rutan, books)
    karutan.sends(APPROVAL, hidden_in(karutan.page))
    assert CHANGED in karutan.reads(link(karutan, "page=2"))
    assert versions_in(karutan) == {str(proposed.version)}


def test_who_takes_over_the_new_proposal_reads_it_and_decides_upon_it(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    proposed_anew(rutan, books)
    karutan.opens(link(karutan, "page=2"))
    standing = books.cycle().version
    assert CHANGED not in karutan.reads(link(karutan, f"approval\\?version={standing}"))
    assert CHANGED not in karutan.reads(link(karutan, "page=2"))
    assert versions_in(karutan) == {str(standing)}
    karutan.follows(karutan.sends(APPROVAL, hidden_in(karutan.page)))
    assert books.cycle().state == "approved"


@pytest.mark.parametrize("shape", ["csv", "xlsx", "json"])
def test_the_files_of_a_page_are_of_its_version_or_none_at_all(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books, shape: str
):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    file = link(karutan, f"export={shape}")
    assert karutan.client.get(file).status_code == 200
    proposed_anew(rutan, books)
    assert karutan.client.get(file).status_code == 409


def test_a_change_of_language_keeps_the_version(visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books):
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    way = re.search(r'name="next" value="([^"]+)"', karutan.page.text)
    assert way
    proposed_anew(rutan, books)
    assert CHANGED in karutan.reads(html.unescape(way[1]))


@pytest.mark.parametrize("asked", ["", "0", "-1", "x", "999999", "9" * 40])
def test_an_address_with_a_version_that_never_stood_decides_nothing(
    visitor: NewVisitor, proposed: Cycle, books: Books, asked: str
):
    karutan = visitor("karutan")
    for path in (APPROVAL, RETURN):
        assert CHANGED in karutan.reads(f"{path}?version={asked}")
        sent = {"version": hidden_in(karutan.page)["version"][0], "reason": "periksa lagi"}
        assert karutan.sends(path, sent).status_code == 409
    assert books.cycle().state == "proposed"


def test_a_return_opened_from_the_month_is_of_what_stood_there(
    visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books
):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{MONTH}/")
    way = link(kasubsi, "/return")
    came, _ = proposed_anew(rutan, books)
    assert f"Masuk: {came}" in kasubsi.reads(way)
    answer = kasubsi.sends(RETURN, hidden_in(kasubsi.page) | {"reason": ""})
    assert answer.status_code == 422
    assert hidden_in(answer)["version"] == [str(proposed.version)]
    answer = kasubsi.sends(RETURN, hidden_in(answer) | {"reason": "ditarik"})
    assert answer.status_code == 409
    assert CHANGED in text_of(answer)
    kasubsi.follows(kasubsi.sends(RETURN, hidden_in(answer) | {"reason": "ditarik"}))
    assert books.cycle().state == "planned"
