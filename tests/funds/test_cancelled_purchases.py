"""A note that was recorded by mistake is cancelled by a new entry: once, as a whole, and only while all of it is there."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import DemoPurchase, Rutan, moment
from guyub.funds import cancelled_purchases, promises, purchase_list, queries
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from tests.visits import NewVisitor, text_of

HERE = "/f/rutan-pekalongan/funds"
SHOPPING = f"{HERE}/purchases/2024-11"
CANCEL = f"{SHOPPING}/notes/2024/1/cancel"
ON = date(2024, 11, 14)
RICE = DemoPurchase(date(2024, 11, 13), "Toko Sumber Pangan (contoh)", "Nota 0412", (("beras", "25", 387_500),))


def figures(rutan: Rutan) -> dict[str, tuple[int, int, int]]:
    with rutan.work_of("pengelola") as work:
        assert queries.check_ledger(work).ok
        return {fund.code: (fund.free, fund.reserved, fund.stock) for fund in queries.balances(work)}


def wanted(rutan: Rutan, cycle: Cycle) -> dict[str, tuple[Decimal, int]]:
    with rutan.work_of("pengelola") as work:
        lines = purchase_list.needed_items(promises.to_buy(work, cycle.id))
    return {line.item: (line.quantity, line.held) for line in lines}


def cancels(rutan: Rutan, cycle: Cycle, login: str = "pengelola", number: int = 1, on: date = ON, **more: Any) -> None:
    with rutan.work_of(login) as work:
        note = cancelled_purchases.note_of(work, cycle.id, 2024, number)
        cancelled_purchases.cancel(work, cycle.id, note, **{"reason": "salah harga", "on": on, **more})


def test_a_cancelled_note_leaves_everything_reserved_as_it_was(rutan: Rutan, approved: Cycle):
    before, still = figures(rutan), wanted(rutan, approved)
    rutan.shop(approved, [RICE])
    assert figures(rutan) != before
    cancels(rutan, approved)
    assert (figures(rutan), wanted(rutan, approved)) == (before, still)


def test_the_cash_book_shows_the_note_and_what_cancelled_it(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    rutan.shop(approved, [RICE])
    cancels(rutan, approved)
    with rutan.work_of("pengelola") as work:
        fund = queries.fund(work, "CSR-PKS-12-CSR-2024")
        lines = [(row.on, row.voucher, row.receipt, row.payment) for row in queries.cash_book(work, fund.id)]
        memo = queries.cash_book(work, fund.id)[-1].memo
    assert lines[1:] == [(date(2024, 11, 13), "BKK-001/2024", 0, 387_500), (ON, "BKR-001/2024", 387_500, 0)]
    assert memo == "Pembatalan belanja di Toko Sumber Pangan (contoh): salah harga"


def test_the_right_note_is_recorded_after_it_under_the_same_number(rutan: Rutan, approved: Cycle):
    """On its own day the note did not happen, so the money is there for the right one of that day."""
    rutan.shop(approved, [RICE])
    cancels(rutan, approved, on=RICE.on)
    rutan.shop(approved, [RICE])
    with pytest.raises(Refusal) as refused:
        cancels(rutan, approved)
    assert refused.value.code == "funds.cancelled_before"
    cancels(rutan, approved, number=2)


def test_a_note_whose_goods_were_handed_over_stays(rutan: Rutan, approved: Cycle):
    rutan.shop(approved, november.SHOPPING)
    absent = frozenset(range(2, 100))
    rutan.hand_over(approved, moment(november.DISTRIBUTION, november.BEGINS), not_yet=absent)
    with pytest.raises(Refusal) as refused:
        cancels(rutan, approved, on=november.DISTRIBUTION)
    assert refused.value.code == "funds.purchase_used"
    assert "Beras 5 kg" in refused.value.what.id


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": "  "}, "funds.no_reason_to_cancel"),
        ({"on": date(2024, 11, 12)}, "funds.before_original"),
        ({"on": date(2099, 1, 1)}, "funds.not_yet"),
    ],
)
def test_a_cancellation_has_its_reason_and_its_day(rutan: Rutan, approved: Cycle, changed: dict[str, Any], code: str):
    rutan.shop(approved, [RICE])
    with pytest.raises(Refusal) as refused:
        cancels(rutan, approved, **changed)
    assert refused.value.code == code


def test_only_who_may_spend_cancels(rutan: Rutan, approved: Cycle, visitor: NewVisitor):
    rutan.shop(approved, [RICE])
    for login in ("kasubsi", "karutan"):
        with pytest.raises(Refusal):
            cancels(rutan, approved, login)
        assert visitor(login).opens(CANCEL).status_code == 403
    assert visitor("kasubsi.kebumen").opens(CANCEL).status_code in (403, 404)


def test_the_page_shows_what_goes_back_and_cancels_with_a_reason_and_a_day(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle
):
    rutan.shop(approved, [RICE])
    clerk = visitor("pengelola")
    assert "Batalkan nota" in clerk.reads(SHOPPING)
    page = clerk.reads(CANCEL)
    assert "Rabu, 13 November 2024" in page
    assert 'name="on" value="2024-11-13"' in clerk.page.text
    assert "Beras 25 kg, Rp387.500 dari CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)" in page
    answer = clerk.sends(CANCEL, {"on": "2024-11-12", "reason": "salah harga"})
    assert (answer.status_code, 'id="f-on-error"' in answer.text) == (422, True)
    answer = clerk.sends(CANCEL, {"on": "2024-11-14", "reason": " "})
    assert (answer.status_code, 'id="f-reason-error"' in answer.text) == (422, True)
    page = clerk.follows(clerk.sends(CANCEL, {"on": "2024-11-14", "reason": "salah harga"}))
    assert "Nota Nota 0412 senilai Rp387.500 dibatalkan; uangnya dicadangkan lagi." in page
    assert "Dibatalkan 14 November 2024" in page
    assert "Beras Masih perlu 25 kg" in page
    assert "sudah dibatalkan pada 14 November 2024" in clerk.reads(CANCEL)
    assert text_of(clerk.opens(f"{SHOPPING}/notes/2024/9/cancel")).count("nomor 9/2024")
