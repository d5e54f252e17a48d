"""Goods are counted or written off by two persons; each difference is explained, booked at its cost, and can be taken back."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import queries, receipts, stock_card, stock_take_records, stock_takes, store
from guyub.funds.stock_takes import CheckedTake, Present, WrittenLine
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid, Refusal
from tests import worlds
from tests.visits import NewVisitor

HERE = "/f/rutan-pekalongan/funds"
STOCK = f"{HERE}/stock"
ON = date(2024, 11, 14)
SITI, BUDI = Present("Siti Contoh"), Present("Budi Contoh")


@pytest.fixture
def rice(rutan: Rutan, plugins: PluginRegistry, funds: list[str]) -> str:
    """A gift of 30 kg of rice for Rp400.000 and 7 kg of sugar for Rp100.000; on the 8th."""
    with rutan.work_of("pengelola") as work:
        receipts.receive(
            work,
            plugins,
            "csr_funding",
            "csr",
            "csr_goods",
            {
                "donor_identity": "9120000000000",
                "agreement_date": date(2024, 11, 1),
                "donor": "PT Batik Sejahtera (contoh)",
                "agreement_number": "PKS-15/CSR/2024",
                "evidence_number": "BAST-15/2024",
                "received_on": date(2024, 11, 8),
                "lines": [
                    {"code": "beras", "unit": "kg", "quantity": "30", "value": "400000"},
                    {"code": "gula", "unit": "kg", "quantity": "7", "value": "100000"},
                ],
            },
            ON,
        )
        return queries.balances(work)[-1].code


def booked(rutan: Rutan, *lines: WrittenLine, login: str = "pengelola", **more: Any) -> CheckedTake:
    values: dict[str, Any] = {"is_count": True, "on": ON, "counter": SITI, "witness": BUDI, **more}
    with rutan.work_of(login) as work:
        return stock_takes.book(work, lines, **values)


def store_of(rutan: Rutan, on: date = ON) -> dict[str, Decimal]:
    with rutan.work_of("pengelola") as work:
        assert queries.check_ledger(work).ok, queries.check_ledger(work).problems
        return {code: item.book for code, item in store.stored_items(work, on).items()}


def written_off(*explained: tuple[str, str, str]) -> list[WrittenLine]:
    return [WrittenLine(code, explained={reason: Decimal(quantity)}) for code, reason, quantity in explained]


def test_a_count_with_explained_differences_brings_the_books_to_what_is_there(rutan: Rutan, rice: str):
    loss = {"spoiled": Decimal(2), "lost": Decimal("0.5")}
    take = booked(
        rutan,
        WrittenLine("beras", Decimal("27.5"), explained=loss, remark="kena hujan"),
        WrittenLine("gula", Decimal(8), explained={"found": Decimal(1)}),
        fund_code=rice,
    )
    assert store_of(rutan) == {"beras": Decimal("27.5"), "gula": Decimal(8)}
    assert store_of(rutan, date(2024, 11, 13)) == {"beras": Decimal(30), "gula": Decimal(7)}
    assert [(part.reason, part.rupiah) for line in take.lines for part in line.parts] == [
        ("spoiled", 26_667),
        ("lost", 6_667),
        ("found", 14_286),
    ]
    with rutan.work_of("pengelola") as work:
        fund = queries.fund(work, rice)
        assert (fund.stock, fund.written_off, fund.found) == (500_000 - 33_334 + 14_286, 33_334, 14_286)
        assert fund.received + fund.found == fund.free + fund.reserved + fund.stock + fund.used + fund.written_off
        [recorded] = stock_take_records.takes(work)
        assert (recorded.number, recorded.lost, recorded.found, recorded.counted_by) == (
            1,
            33_334,
            14_286,
            "Siti Contoh",
        )
        item = store.stored_items(work, ON)["beras"].item_id
        card = [(row.on.day, row.reason, row.came, row.left, row.balance) for row in stock_card.card(work, item)]
    assert card == [
        (8, "receipts", 30, 0, 30),
        (14, "spoiled", 0, 2, 28),
        (14, "lost", 0, Decimal("0.5"), Decimal("27.5")),
    ]


def test_a_recount_explains_a_wrong_first_count_and_moves_nothing(rutan: Rutan, rice: str):
    booked(rutan, WrittenLine("beras", Decimal(25), Decimal(30)), fund_code=rice)
    with rutan.work_of("pengelola") as work:
        [take] = stock_take_records.takes(work)
        [count] = stock_take_records.counts_of(work, take.id)
        assert (count.counted, count.recounted, count.difference) == (25, 30, 0)
        assert stock_take_records.differences_of(work, take.id) == []
        with pytest.raises(Refusal) as refused:
            stock_take_records.reverse(work, take, reason="keliru", on=ON)
    assert refused.value.code == "funds.nothing_to_undo"


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (WrittenLine("beras", Decimal(28)), "funds.difference_unexplained", "beras.why"),
        (WrittenLine("beras", Decimal(28), explained={"lost": Decimal(1)}), "funds.explained_otherwise", "beras.why"),
        (WrittenLine("beras", Decimal(31), explained={"lost": Decimal(1)}), "funds.explained_otherwise", "beras.why"),
        (WrittenLine("beras", Decimal(30), explained={"lost": Decimal(1)}), "funds.explained_otherwise", "beras.why"),
        (WrittenLine("beras", Decimal("1e12")), "funds.too_much", "beras.counted"),
        (WrittenLine("kurma", Decimal(1)), "funds.not_in_store", "kurma.counted"),
    ],
)
def test_each_difference_needs_its_explanation(rutan: Rutan, rice: str, line: WrittenLine, code: str, field: str):
    with pytest.raises(Invalid) as refused:
        booked(rutan, line, fund_code=rice)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("people", "code"),
    [
        ({"witness": Present("  ")}, "funds.no_witness"),
        ({"counter": Present("")}, "funds.no_counter"),
        ({"witness": Present("Ibu SITI  contoh")}, "funds.witness_counts"),
        ({"witness": Present("x" * 200)}, "text_too_long"),
    ],
)
def test_two_persons_stand_beside_the_goods(rutan: Rutan, rice: str, people: dict[str, Any], code: str):
    with pytest.raises(Invalid) as refused:
        booked(rutan, WrittenLine("beras", Decimal(30)), fund_code=rice, **people)
    assert code in refused.value.code


def test_goods_are_written_off_without_a_count_and_come_back_when_that_is_taken_back(rutan: Rutan, rice: str):
    booked(rutan, *written_off(("gula", "spoiled", "2"), ("beras", "returned", "5")), is_count=False, fund_code=rice)
    assert store_of(rutan) == {"beras": Decimal(25), "gula": Decimal(5)}
    with rutan.work_of("pengelola") as work:
        [take] = stock_take_records.takes(work)
        stock_take_records.reverse(work, take, reason="salah barang", on=ON)
    assert store_of(rutan) == {"beras": Decimal(30), "gula": Decimal(7)}
    with rutan.work_of("pengelola") as work, pytest.raises(Refusal) as refused:
        stock_take_records.reverse(work, take, reason="salah barang", on=ON)
    assert refused.value.code == "funds.undone_before"


def test_goods_leave_the_oldest_lot_first_and_the_last_of_it_takes_the_rest_of_its_cost(rutan: Rutan, rice: str):
    for quantity in ("1", "2", "4"):
        booked(rutan, *written_off(("gula", "expired", quantity)), is_count=False, fund_code=rice)
    with rutan.work_of("pengelola") as work:
        assert [take.lost for take in stock_take_records.takes(work)] == [57_143, 28_571, 14_286]
        assert queries.fund(work, rice).stock == 400_000


def test_reserved_goods_are_not_written_off_and_the_cycle_is_named(rutan: Rutan, approved: Cycle):
    rutan.shop(approved, november.SHOPPING)
    with pytest.raises(Invalid) as refused:
        booked(rutan, *written_off(("beras", "spoiled", "2")), is_count=False)
    assert (refused.value.code, refused.value.field) == ("funds.reserved_short", "beras.spoiled")
    assert "2024-11 (bansos) 25 kg" in refused.value.what.id


@pytest.mark.parametrize(
    ("on", "code"), [(date(2024, 11, 7), "funds.not_in_store"), (date(2099, 1, 1), "funds.not_yet")]
)
def test_a_count_is_of_a_day_on_which_the_goods_were_there(rutan: Rutan, rice: str, on: date, code: str):
    with pytest.raises(Refusal) as refused:
        booked(rutan, *written_off(("beras", "lost", "1")), is_count=False, on=on, fund_code=rice)
    assert refused.value.code == code


def test_only_who_keeps_the_store_counts_it(rutan: Rutan, rice: str, visitor: NewVisitor):
    for login in ("kasubsi", "karutan"):
        with pytest.raises(Refusal):
            booked(rutan, WrittenLine("beras", Decimal(30)), login=login)
        assert visitor(login).opens(f"{STOCK}/count").status_code == 403
        assert visitor(login).opens(f"{STOCK}/takes").status_code == 200


def test_the_page_asks_for_explanations_shows_what_would_be_booked_and_books_it(
    visitor: NewVisitor, rutan: Rutan, rice: str
):
    clerk = visitor("pengelola")
    form = f"{STOCK}/count?fund={rice}"
    assert "Menurut buku 30 kg; bebas 30 kg" in clerk.reads(form)
    people = {"on": "2024-11-14", "counted_by": "Siti Contoh", "witness": "another", "witness_name": "Budi Contoh"}
    answer = clerk.sends(form, {**people, "beras.counted": "28"})
    assert (answer.status_code, 'name="beras.spoiled"' in answer.text) == (422, True)
    page = clerk.sends(form, {**people, "beras.counted": "28 kg", "beras.spoiled": "2000 gram"})
    assert page.status_code == 200
    assert "Rp26.667" in page.text
    with rutan.work_of("pengelola") as work:
        assert stock_take_records.takes(work) == []
    done = clerk.follows(
        clerk.sends(form, {**people, "beras.counted": "28", "beras.spoiled": "2", "_confirmed": "yes"})
    )
    assert "Stok dihitung" in done
    assert "001/BA-SO/XI/2024" in done
    assert "001/BA-PB/XI/2024" in done
    for kind in ("count", "disposal"):
        assert clerk.opens(f"{STOCK}/takes/2024/1/{kind}.pdf").content.startswith(b"%PDF")
    assert clerk.opens(f"{STOCK}/takes/2024/1/return.pdf").status_code == 404
    assert "28 kg" in clerk.reads(f"{STOCK}/card/beras")
    worlds.permit(rutan.opened.database, "management", "documents.make")
    worlds.permit(rutan.opened.database, "management", "documents.read")
    kept = f"{STOCK}/takes/2024/1/documents"
    assert "Belum ada yang disimpan." in clerk.reads(kept)
    assert "Usang" not in clerk.follows(clerk.fills(kept, {}))
    [address, *_] = re.findall(r'href="([^"]*/funds/minutes/[^"]+)"', clerk.page.text)
    assert clerk.client.get(address).content.startswith(b"%PDF")
    back = f"{STOCK}/takes/2024/1/reverse"
    clerk.reads(back)
    answer = clerk.sends(back, {"on": "2024-11-14", "reason": " "})
    assert (answer.status_code, 'id="f-reason-error"' in answer.text) == (422, True)
    assert "Dibatalkan pada" in clerk.follows(clerk.sends(back, {"on": "2024-11-14", "reason": "salah hitung"}))
    assert "Usang" in clerk.reads(kept)
    assert store_of(rutan)["beras"] == 30


def test_two_colleagues_of_one_name_are_two_and_one_under_two_names_is_one():
    one, other = uuid4(), uuid4()
    stock_takes.demand_two(Present("Budi Contoh", one), Present("BUDI contoh", other))
    for witness in (Present("Budi C.", one), Present(" budi  contoh ")):
        with pytest.raises(Invalid) as refused:
            stock_takes.demand_two(Present("Budi Contoh", one), witness)
        assert refused.value.code == "funds.witness_counts"
