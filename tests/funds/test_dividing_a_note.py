"""A note for goods that several funds pay for is divided so that it is booked whenever together they have the money."""

from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guyub.funds import added_money, note_division
from guyub.funds.note_division import BookedItem, BoughtPart, TooDear
from guyub.funds.promises import ToBuy
from guyub.sdk.errors import Invalid

NAMES = UUID(int=0)


def fund(name: str) -> UUID:
    return uuid5(NAMES, name)


def promise(
    name: str,
    quantity: int,
    held: int,
    item: str = "beras",
    category: str = "inmate_family",
    only: tuple[str, ...] = (),
    area: str = "",
    areas: tuple[str, ...] = (),
) -> ToBuy:
    return ToBuy(
        uuid5(NAMES, f"{name} {item} {category} {area}"),
        fund(name),
        name,
        uuid5(NAMES, item),
        item,
        item,
        "kg",
        1_000,
        Decimal(quantity),
        held,
        "bansos",
        category,
        area,
        only,
        areas,
    )


def divided(
    lines: list[ToBuy], *bought: tuple[str, int, int], percent: int = 0, **free: int
) -> list[tuple[str, str, int, int]]:
    """The parts of a note: fund, item, cost and what is missing."""
    parts = note_division.divide(items(*bought), lines, {fund(name): amount for name, amount in free.items()}, percent)
    demand_true(parts, items(*bought))
    return [(part.line.fund, part.line.item, part.cost, part.missing) for part in parts]


def items(*bought: tuple[str, int, int]) -> list[BookedItem]:
    return [BookedItem(item, Decimal(quantity), cost) for item, quantity, cost in bought]


def demand_true(parts: list[BoughtPart], bought: list[BookedItem]) -> None:
    """Nobody pays less than nothing, each item costs what the note says, and no fund nets more than it saves."""
    assert all(part.cost >= 0 and 0 < part.quantity <= part.line.quantity for part in parts)
    for item in bought:
        of_item = [part for part in parts if part.line.item == item.item]
        assert (sum(part.cost for part in of_item), sum(part.quantity for part in of_item)) == (
            item.cost,
            item.quantity,
        )
    for name in {part.line.fund for part in parts}:
        of_fund = [part for part in parts if part.line.fund == name]
        assert sum(part.netted for part in of_fund) == sum(part.lent for part in of_fund)
        assert all(part.lent <= part.saved for part in of_fund)


def test_money_added_to_one_of_two_funds_pays_a_note_of_both():
    lines = [promise("A", 10, 10_000), promise("B", 15, 15_000 + 2_500)]
    assert divided(lines, ("beras", 25, 27_500)) == [("A", "beras", 10_000, 0), ("B", "beras", 17_500, 0)]


def test_a_part_of_the_goods_is_bought_where_most_money_is_held():
    lines = [promise("A", 10, 10_000), promise("B", 15, 15_000 + 3_000)]
    assert divided(lines, ("beras", 10, 12_000)) == [("B", "beras", 12_000, 0)]
    assert divided(lines, ("beras", 10, 10_000)) == [("A", "beras", 10_000, 0)]


def test_what_two_funds_save_on_rice_pays_for_sugar_of_one_of_them():
    lines = [promise("A", 10, 10_000), promise("B", 10, 10_000), promise("B", 5, 5_000, "gula")]
    assert divided(lines, ("beras", 20, 16_000), ("gula", 5, 9_000)) == [
        ("A", "beras", 10_000, 0),
        ("B", "beras", 6_000, 0),
        ("B", "gula", 9_000, 0),
    ]
    assert divided(lines, ("beras", 20, 16_000), ("gula", 5, 9_001))[-1] == ("B", "gula", 9_001, 1)


def test_savings_reach_a_third_fund_by_goods_that_it_shares_with_the_second():
    lines = [
        promise("A", 10, 10_000),
        promise("B", 10, 10_000),
        promise("B", 10, 10_000, "gula"),
        promise("C", 10, 10_000, "gula"),
        promise("C", 1, 1_000, "minyak"),
        promise("A", 1, 5_000, "teh"),
    ]
    note = (("beras", 20, 20_000), ("gula", 20, 20_000), ("minyak", 1, 3_000), ("teh", 1, 3_000))
    assert sum(missing for *_, missing in divided(lines, *note)) == 0


@pytest.mark.parametrize(
    ("free", "cost", "missing"),
    [
        ({"A": 0, "B": 2_500}, 26_250, 0),  # 5 percent of 25.000, all of it from B
        ({"A": 0, "B": 2_500}, 26_251, 1),
        ({"A": 600, "B": 650}, 26_250, 0),
        ({"A": 600, "B": 649}, 26_250, 1),
        ({"A": 5_000, "B": 0}, 26_250, 0),
        ({"A": 0, "B": 0}, 25_001, 1),
        ({"A": 400, "B": 400, "C": 450}, 26_250, 1_250 - 800),  # C pays for nothing of it
    ],
)
def test_the_tolerance_of_a_note_is_drawn_from_whichever_of_its_funds_has_it(
    free: dict[str, int], cost: int, missing: int
):
    lines = [promise("A", 10, 10_000), promise("B", 15, 15_000)]
    assert sum(part[3] for part in divided(lines, ("beras", 25, cost), percent=5, **free)) == missing


def test_a_fund_pays_no_share_of_goods_that_its_terms_do_not_allow():
    families, others = "inmate_family", "neighbour"
    lines = [promise("A", 10, 10_000), promise("B", 15, 17_500, category=others, only=(others,))]
    assert divided(lines, ("beras", 25, 27_500)) == [("A", "beras", 11_000, 1_000), ("B", "beras", 16_500, 0)]
    back = [promise("A", 10, 12_500, only=(families, others)), promise("B", 15, 15_000, category=others)]
    assert divided(back, ("beras", 25, 27_500)) == [("A", "beras", 12_500, 0), ("B", "beras", 15_000, 0)]
    areas = [promise("A", 10, 10_000, area="Kauman"), promise("B", 15, 17_500, area="Medono", areas=("Medono",))]
    assert divided(areas, ("beras", 25, 27_500))[0] == ("A", "beras", 11_000, 1_000)


def added(lines: list[ToBuy], amount: int, **free: int) -> list[tuple[str, int, int, int]]:
    parts = added_money.divide(lines, amount, {fund(name): rupiah for name, rupiah in free.items()})
    return [(part.line.fund, part.share, part.given, part.missing) for part in parts]


def test_added_money_is_divided_by_quantity_and_what_a_fund_has_not_by_the_others():
    lines = [promise("A", 10, 0), promise("B", 15, 0), promise("C", 25, 0)]
    assert added(lines, 5_000, A=9_000, B=9_000, C=9_000) == [
        ("A", 1_000, 1_000, 0),
        ("B", 1_500, 1_500, 0),
        ("C", 2_500, 2_500, 0),
    ]
    assert added(lines, 5_000, A=0, B=2_000, C=3_000) == [
        ("A", 1_000, 0, 0),
        ("B", 1_500, 2_000, 0),
        ("C", 2_500, 3_000, 0),
    ]
    assert added(lines, 5_001, A=0, B=2_000, C=3_000)[0] == ("A", 1_000, 0, 1)


def test_the_refusal_of_too_much_says_what_is_missing_in_which_fund_and_how_much_is_possible():
    lines, free = [promise("A", 10, 0), promise("B", 15, 0)], {fund("A"): 100, fund("B"): 2_000}
    with pytest.raises(Invalid) as refused:
        added_money.demand_free(lines, 2_500, free)
    assert (refused.value.code, refused.value.field) == ("funds.not_enough_free", "amount")
    assert refused.value.what.id == (
        "beras: tambahan Rp2.500 kurang Rp400. A: bagian Rp1.000, bebas Rp100, kurang Rp400; B: bagian Rp1.500, bebas Rp2.000."
    )
    assert "Paling banyak Rp2.100" in refused.value.remedy.id
    assert sum(part.given for part in added_money.demand_free(lines, 2_100, free)) == 2_100


@settings(max_examples=150, deadline=None, database=None)
@given(data=st.data())
def test_what_a_refusal_says_is_needed_is_enough_and_not_a_rupiah_less(data: st.DataObject):
    """Up to three funds, some with nothing free, buy a part of two kinds of goods; what is added is divided as it would be."""
    names = data.draw(st.lists(st.sampled_from("ABC"), min_size=1, max_size=3, unique=True))
    lines = [promise(name, data.draw(st.integers(1, 9)), data.draw(st.integers(0, 9_000))) for name in names]
    lines += [promise(name, 5, 5_000, "gula") for name in names[:2]]
    free = {fund(name): data.draw(st.sampled_from([0, 500, 100_000])) for name in names}
    promised = sum(line.quantity for line in lines if line.item == "beras")
    quantity = data.draw(st.integers(1, int(promised)))
    note = items(("beras", quantity, data.draw(st.integers(1, 60_000))), ("gula", 1, data.draw(st.integers(1, 4_000))))
    percent = data.draw(st.sampled_from([0, 10]))
    parts = note_division.divide(note, lines, free, percent)
    demand_true(parts, note)
    if not any(part.missing for part in parts):
        return
    refusal = TooDear(parts, note, lines, free, percent)

    def missing_after(amounts: dict[str, int]) -> int:
        given = {
            part.line.reservation_id: part.given + part.missing
            for item, amount in amounts.items()
            for part in added_money.divide([line for line in lines if line.item == item], amount, free)
        }
        raised = [ToBuy(**{**as_words(line), "held": line.held + given.get(line.reservation_id, 0)}) for line in lines]
        return sum(part.missing for part in note_division.divide(note, raised, free, percent))

    needed = refusal.needed()
    assert missing_after(needed) == 0
    last = list(needed)[-1]
    assert missing_after({**needed, last: needed[last] - 1}) > 0


def as_words(line: ToBuy) -> dict[str, object]:
    return {name: getattr(line, name) for name in ToBuy.__dataclass_fields__}
