"""Every method of a programme type and a funding source, broken in every way: a refusal that names plugin and method."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

from guyub.plugins.crash import PluginCrashed
from guyub.plugins.plugin_proxies import GuardedProgram, GuardedSource
from guyub.sdk import (
    Config,
    Criterion,
    FundingContext,
    FundingSource,
    FundTerms,
    GoodsReceived,
    MoneyLine,
    PackageItem,
    Plugin,
    Posting,
    ProgramContext,
    ProgramType,
    Receipt,
    Refusal,
    Report,
    Rule,
    Text,
    household,
)
from guyub.sdk.facility import Facility

SAID = Text(id="Contoh", en="Specimen")
PLACE = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")
DAY = date(2024, 11, 13)


class Specimen(Plugin):
    slug = "spesimen"
    title = Text(id="Spesimen", en="The specimen")
    summary = SAID


class Kind(ProgramType[Config]):
    key = "paket"
    title = SAID


class Source(FundingSource[Config]):
    key = "kas"
    title = SAID
    receipts = ()


class Paper(Receipt):
    key = "paper"
    title = SAID
    received_on: date = DAY


PROGRAM = ProgramContext(Config(), PLACE, date(2024, 11, 1))
FUNDING = FundingContext(Config(), PLACE)

METHODS: dict[str, tuple[Any, ...]] = {
    "schedule": (Config(),),
    "quota": (Config(),),
    "exclusion_group": (Config(),),
    "eligibility": (PROGRAM,),
    "criteria": (PROGRAM,),
    "package": (PROGRAM,),
    "post": (FUNDING, Paper()),
    "needed": (FUNDING, Paper),
}
OF_SOURCES = {"post", "needed"}
ERRORS = [
    ValueError("Ibu Contoh, NIK 3375019900000001"),
    SystemExit(0),
    RecursionError(),
    GeneratorExit(),
    MemoryError(),
]


def door(method: str, behaviour: Callable[..., Any]) -> Callable[..., Any]:
    """The method as the core calls it, of a plugin that behaves so."""
    plugin = Specimen()
    made: Any
    if method in OF_SOURCES:
        made = GuardedSource(plugin, type("S", (Source,), {method: behaviour})())
    else:
        made = GuardedProgram(plugin, type("K", (Kind,), {method: behaviour})())
    return lambda: getattr(made, method)(*METHODS[method])


def crash(method: str, behaviour: Callable[..., Any]) -> PluginCrashed:
    with pytest.raises(PluginCrashed) as refusal:
        door(method, behaviour)()
    return refusal.value


def raising(error: BaseException) -> Callable[..., Any]:
    def broken(*_: object) -> Any:
        raise error

    return broken


def test_every_method_that_the_core_calls_is_tried_here():
    own = {name for kind in (ProgramType, FundingSource) for name in vars(kind) if not name.startswith("_")}
    assert own - {"benefit", "key", "title", "receipts"} == set(METHODS)
    assert {name for name in vars(Report) if not name.startswith("_")} == {"rows"}, "asked by tests/web"
    assert {name for name in vars(GuardedProgram) if not name.startswith("_")} == set(METHODS) - OF_SOURCES


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("method", METHODS)
def test_an_error_is_a_refusal_with_plugin_method_and_code(
    method: str, error: BaseException, caplog: pytest.LogCaptureFixture
):
    found = crash(method, raising(error))
    for words in (found.what.id, found.what.en):
        assert "spesimen" in words
        assert f".{method}()" in words
        assert type(error).__name__ in words
        assert "NIK" not in words
    code = re.search(r"E-[0-9A-F]{6}", found.what.en)
    assert code is not None
    assert code[0] in caplog.text
    assert found.remedy.id
    assert found.remedy.en


@pytest.mark.parametrize("method", METHODS)
def test_an_interrupt_that_comes_from_no_keyboard_is_a_fault_of_the_plugin(method: str):
    caught: list[BaseException] = []

    def asks() -> None:
        try:
            door(method, raising(KeyboardInterrupt()))()
        except BaseException as error:
            caught.append(error)

    thread = Thread(target=asks)
    thread.start()
    thread.join()
    assert isinstance(caught[0], PluginCrashed)
    with pytest.raises(KeyboardInterrupt):
        door(method, raising(KeyboardInterrupt()))()


@pytest.mark.parametrize("method", METHODS)
def test_a_refusal_of_the_plugin_stays_its_own(method: str):
    refusal = Refusal("spesimen.no", SAID, SAID)
    with pytest.raises(Refusal) as found:
        door(method, raising(refusal))()
    assert found.value is refusal


@pytest.mark.parametrize("answer", [None, 1.5, True, -5, "", "a\nb", object(), [object()], [None], iter(())])
@pytest.mark.parametrize("method", METHODS)
def test_an_answer_of_another_kind_is_a_fault_of_the_plugin(method: str, answer: Any):
    assert "TypeError" in crash(method, lambda *_: answer).what.en


@pytest.mark.parametrize("quota", [0, 10**9])
def test_a_quota_that_no_month_can_have_is_refused(quota: int):
    crash("quota", lambda *_: quota)


@pytest.mark.parametrize("method", ["eligibility", "criteria"])
def test_two_rules_of_one_key_are_refused(method: str):
    one: Any = (
        Rule("a", SAID, household.members > 1)
        if method == "eligibility"
        else Criterion("a", SAID, 1, household.members)
    )
    crash(method, lambda *_: [one, one])


def fund(**terms: Any) -> FundTerms:
    return FundTerms(**{"code": "F-1", "name": "Dana contoh", **terms})


def posting(**given: Any) -> Posting:
    return Posting(**{"fund": fund(), "received_on": DAY, "memo": "Hibah", "evidence": "B-1", "money": 1000, **given})


def goods(**given: Any) -> GoodsReceived:
    line = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": Decimal(1), "value": 0}
    return GoodsReceived(**{**line, **given})


@pytest.mark.parametrize(
    "wrong",
    [
        *({"money": money} for money in (-5, 150000.0, True, "1000", None, 10**19, 0)),
        *({"memo": words} for words in ("", "  ", None, "a\0b")),
        *({"evidence": words} for words in ("", "\t", 7)),
        {"received_on": date(1900, 1, 1)},
        {"received_on": "2024-11-13"},
        {"received_on": date(2024, 11, 14)},
        {"goods": (object,)},
        {"goods": "beras"},
        {"fund": "F-1"},
    ],
    ids=str,
)
def test_a_posting_that_cannot_be_booked_is_refused_as_the_plugins_fault(wrong: dict[str, Any]):
    assert "spesimen" in crash("post", lambda *_: posting(**wrong)).what.id


@pytest.mark.parametrize(
    "wrong",
    [
        *({"code": code} for code in ("", " ", "F" * 300, "INF/ 1\n", "a\tb", " F-1", None)),
        {"name": ""},
        {"categories": ("inmates",)},
        {"categories": "neighbour"},
        {"programs": ("",)},
        {"areas": (1,)},
        {"usable_from": date(2024, 12, 1), "usable_until": date(2024, 11, 1)},
        {"usable_until": "2024-12-01"},
        {"sensitive": 1},
    ],
    ids=str,
)
def test_terms_of_a_fund_that_nobody_could_use_are_refused(wrong: dict[str, Any]):
    crash("post", lambda *_: posting(fund=fund(**wrong)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"name": " "},
        {"quantity": 1},
        {"quantity": Decimal(0)},
        {"quantity": Decimal("NaN")},
        {"value": -1},
        {"value": 1.5},
    ],
    ids=str,
)
def test_goods_without_code_quantity_or_value_are_refused(wrong: dict[str, Any]):
    crash("post", lambda *_: posting(goods=(goods(**wrong),)))


@pytest.mark.parametrize("amount", [-1, 1.5, True, None])
def test_money_of_a_package_is_whole_rupiah(amount: Any):
    crash("package", lambda *_: [MoneyLine(SAID, amount)])


def test_what_is_answered_well_comes_through_as_it_is():
    booked = posting(goods=(goods(),), fund=fund(categories=("neighbour",), usable_from=DAY, usable_until=DAY))
    assert door("post", lambda *_: booked)() is booked
    lines = [MoneyLine(SAID, 5), PackageItem(code="beras", name="Beras", unit="kg", quantity=Decimal(1), price=5)]
    assert door("package", lambda *_: tuple(lines))() == lines
    assert door("quota", lambda *_: 7)() == 7
    assert door("schedule", lambda *_: "FREQ=MONTHLY")() == "FREQ=MONTHLY"
