"""Bansos is not installed any more: its past stays readable, its future is refused with the remedy, all else works."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import entry_points

import pytest

from guyub.cli.demonstration import november
from guyub.cli.demonstration.month import Rutan
from guyub.db.keys import Protector
from guyub.db.work import Database
from guyub.documents import keeping
from guyub.funds import queries as funds_read
from guyub.host.plugin_host import PluginHost
from guyub.programs import cycles, paperwork, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from guyub.web import create_app
from tests.visits import NewVisitor, visitors

from .conftest import Books

PRINTED = datetime(2024, 11, 16, 6, tzinfo=UTC)


@pytest.fixture
def without() -> PluginHost:
    return PluginHost([entry for entry in entry_points(group="guyub") if entry.name != "bansos"])


@pytest.fixture
def visitor(database: Database, without: PluginHost, protector: Protector) -> Iterator[NewVisitor]:
    application = create_app(database, without, protector=protector, clock=lambda: PRINTED)
    with visitors(application, database) as come:
        yield come


def test_its_status_is_missing_with_the_remedy_and_the_others_are_ready(rutan: Rutan, without: PluginHost):
    status = without.status("bansos")
    assert status.state == "missing"
    assert status.reason
    assert status.remedy
    assert "bansos" in status.reason.id
    assert {one.slug for one in without.statuses() if one.state == "ready"} >= {"canteen_profit", "csr_funding"}
    with rutan.work_of("kasubsi") as work:
        matters = without.attention_items(work, november.DISTRIBUTION)
    assert any("bansos" in str(one) for one in matters)


def test_the_cash_book_the_month_and_its_papers_stay_readable(rutan: Rutan, closed: Cycle, without: PluginHost):
    with rutan.work_of("kasubsi") as work:
        made = paperwork.produce(work, closed, ["handover_record", "cash_book"], november.DISTRIBUTION, PRINTED)
    bare = replace(rutan, opened=replace(rutan.opened, host=without))
    with bare.work_of("kasubsi") as work:
        (month,) = cycles.all_of(work, "bansos")
        assert (month.title.id, month.state) == ("Bantuan sosial sembako", "closed")
        assert [one.state for one in programs.recipients(work, month)] == ["received"] * 5
        listed = programs.candidates(work, month)
        assert programs.points(month, listed[0].reasons)
        kept = keeping.newest(work, month.id)
        assert {one.file_name for one in kept} == {one.file_name for one in made}
        assert all(paperwork.content(work, one).startswith(b"%PDF") for one in kept)
    with bare.work_of("pengelola") as work:
        fund = funds_read.balances(work)[0]
        assert [row.balance for row in funds_read.cash_book(work, fund.id)] == [400_000, 12_500]
        assert funds_read.check_ledger(work).ok


def test_money_still_comes_in_without_it(rutan: Rutan, without: PluginHost):
    bare = replace(rutan, opened=replace(rutan.opened, host=without))
    (code,) = bare.receive([november.INCOMES[0]], date(2024, 11, 6))
    with bare.work_of("pengelola") as work:
        assert funds_read.fund(work, code).free == 400_000


def test_no_month_is_opened_or_scored_without_it(rutan: Rutan, planned: Cycle, without: PluginHost):
    def open_december() -> None:
        with rutan.work_of("kasubsi") as work:
            cycles.open_cycle(work, without, "bansos", date(2024, 12, 1))

    def score() -> None:
        with rutan.work_of("kasubsi") as work:
            selection.score(work, without, planned)

    for step in (open_december, score):
        with pytest.raises(Refusal) as refused:
            step()
        assert refused.value.code == "host.plugin_not_ready"
        assert "bansos" in refused.value.what.id
    with rutan.work_of("kasubsi") as work:
        assert [one.period for one in cycles.all_of(work)] == [november.PERIOD]


def test_its_spending_is_not_approved_without_it(rutan: Rutan, proposed: Cycle, without: PluginHost):
    with rutan.work_of("karutan") as work, pytest.raises(Refusal) as refused:
        proposal.approve(work, without, proposed, date(2024, 11, 12))
    assert refused.value.code == "programs.review_blocks"
    with rutan.work_of("kasubsi") as work:
        assert cycles.get(work, "bansos", november.PERIOD).state == "proposed"
        assert work.run("SELECT count(*) FROM guyub.reservation").scalar_one() == 0


def test_its_pages_and_books_open_without_it(rutan: Rutan, closed: Cycle, funds: list[str], visitor: NewVisitor):
    kasubsi, month = visitor("kasubsi"), "/f/rutan-pekalongan/programs/bansos/2024-11"
    assert "Plugin “bansos” tidak terpasang." in kasubsi.reads("/f/rutan-pekalongan/")
    assert "Rp582.550" in kasubsi.reads(f"{month}/")
    assert "Sulastri Contoh" in kasubsi.reads(f"{month}/distribution")
    kasubsi.reads(f"{month}/documents")
    book = visitor("pengelola").opens(f"/f/rutan-pekalongan/funds/fund/{funds[0]}/cash-book.pdf?month=2024-11")
    assert (book.status_code, book.content[:4]) == (200, b"%PDF")


def test_a_month_that_was_approved_with_it_is_served_and_closed_through_the_pages(
    rutan: Rutan, begun: Cycle, books: Books, visitor: NewVisitor
):
    kasubsi, month = visitor("kasubsi"), "/f/rutan-pekalongan/programs/bansos/2024-11"
    kasubsi.fills(f"{month}/distribution/many", {"whom": "all", "mark": "signature", "witness": books.witness})
    kasubsi.reads(f"{month}/close")
    assert "Bulan ini ditutup." in kasubsi.follows(kasubsi.sends(f"{month}/close", {"note": ""}))
    assert books.cycle().state == "closed"
