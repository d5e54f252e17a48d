"""On the forms of the day: nothing is handed over before the approval, the goods and the month, and the first moment is named."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs import distribution
from guyub.programs.cycles import Cycle
from tests import damaged_rows
from tests.programs.pages.conftest import Books
from tests.visits import Clock, NewVisitor, hidden_in, text_of

MONTH = "/f/rutan-pekalongan/cycles/2024-11"
LIST = f"{MONTH}/distribution"
TOO_EARLY = [("31-10-2024", "09.00"), ("06-11-2024", "08.00"), ("13-11-2024", "23.59")]


def form(books: Books, on: str, at: str) -> dict[str, Any]:
    return {"mark": "signature", "witness": books.witness, "on": on, "at": at}


@pytest.mark.parametrize(("on", "at"), TOO_EARLY)
def test_a_hand_over_before_its_time_is_refused_at_its_day(
    visitor: NewVisitor, begun: Cycle, books: Books, on: str, at: str
):
    """Approved on the 12th, the goods came on the 14th."""
    kasubsi, first = visitor("kasubsi"), books.recipients()[0]
    many = form(books, on, at) | {"whom": "all"}
    for path, values in ((f"{LIST}/{first.id}", form(books, on, at)), (f"{LIST}/many", many)):
        answer = kasubsi.fills(path, values)
        assert answer.status_code == 422
        assert 'href="#f-on"' in answer.text
        assert "sebelum barangnya datang: paling awal 14 November 2024" in text_of(answer)
    kasubsi.follows(kasubsi.fills(f"{LIST}/{first.id}", form(books, "14-11-2024", "00.00")))
    assert books.recipients()[0].handed_at == datetime(2024, 11, 13, 17, tzinfo=UTC)


def test_an_hour_before_the_approval_of_the_same_day_is_refused_at_the_hour(
    visitor: NewVisitor, proposed: Cycle, books: Books, clock: Clock, rutan: Rutan
):
    clock.now = datetime(2024, 11, 16, 3, 0, tzinfo=UTC)  # 10.00 WIB
    karutan, kasubsi = visitor("karutan"), visitor("kasubsi")
    karutan.opens(f"{MONTH}/approval")
    assert karutan.sends(f"{MONTH}/approval", hidden_in(karutan.page)).status_code == 303
    on = date(2024, 11, 16)
    rutan.shop(
        proposed, [november.DemoPurchase(on, item.supplier, item.note, item.bought) for item in november.SHOPPING]
    )
    with rutan.work_of("kasubsi") as work:
        distribution.start(work, books.cycle())
    clock.now = datetime(2024, 11, 16, 5, 0, tzinfo=UTC)
    first = books.recipients()[0]
    answer = kasubsi.fills(f"{LIST}/{first.id}", form(books, "16-11-2024", "08.10"))
    assert answer.status_code == 422
    assert 'href="#f-at"' in answer.text
    assert "sebelum daftarnya disetujui: paling awal 16 November 2024 pukul 10.00 WIB" in text_of(answer)
    kasubsi.follows(kasubsi.sends(f"{LIST}/{first.id}", form(books, "16-11-2024", "10.00")))


def test_nobody_receives_or_is_absent_in_a_month_that_has_not_begun(
    visitor: NewVisitor, begun: Cycle, books: Books, clock: Clock
):
    clock.now = datetime(2024, 10, 31, 16, 59, tzinfo=UTC)  # one minute before November, in WIB
    kasubsi, first = visitor("kasubsi"), books.recipients()[0]
    page = kasubsi.fills(f"{LIST}/{first.id}", form(books, "", ""))
    assert page.status_code == 422
    for path, field in ((f"{LIST}/{first.id}/absent", "absence"), (f"{LIST}/absent", "reason")):
        kasubsi.opens(path.removesuffix("/absent") if field == "absence" else path)
        answer = kasubsi.sends(path, {field: "sakit", "whom": "all"})
        assert answer.status_code == 422
        assert "paling awal 16 November 2024" in text_of(answer)
    assert {recipient.state for recipient in books.recipients()} == {"approved"}


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (datetime(2024, 10, 16, 3, 0, tzinfo=UTC), 409),
        (datetime(2024, 10, 31, 16, 59, tzinfo=UTC), 409),
        (datetime(2024, 10, 31, 17, 0, tzinfo=UTC), 303),
    ],
)
def test_a_distribution_begins_in_its_month_or_not_at_all(
    visitor: NewVisitor, approved: Cycle, rutan: Rutan, books: Books, clock: Clock, now: datetime, status: int
):
    rutan.shop(approved, november.SHOPPING)
    clock.now = now
    kasubsi = visitor("kasubsi")
    page = kasubsi.reads(f"{MONTH}/")
    assert ("paling awal 1 November 2024" in page) == (status == 409)
    answer = kasubsi.sends(f"{MONTH}/start", {"version": str(books.cycle().version)})
    assert answer.status_code == status
    assert status == 303 or "programs.month_not_begun" in answer.text
    assert books.cycle().state == ("distributing" if status == 303 else "approved")


def test_a_hand_over_before_its_month_says_that_it_waits_for_the_month(
    visitor: NewVisitor, rutan: Rutan, begun: Cycle, books: Books
):
    """Approved in October, and the goods came then."""
    damaged_rows.approved_and_received_early(rutan.opened.installation, date(2024, 10, 28), date(2024, 10, 29))
    answer = visitor("kasubsi").fills(f"{LIST}/{books.recipients()[0].id}", form(books, "31-10-2024", "09.00"))
    assert answer.status_code == 422
    assert "sebelum bulannya mulai: paling awal 1 November 2024" in text_of(answer)
