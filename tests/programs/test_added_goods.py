"""Goods of one month alone: added to its package with a reason, within the locks, frozen by the proposal, taken off again."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import cycle_commands, cycle_goods_commands
from guyub.demo import families
from guyub.demo.month import Rutan
from guyub.programs import added_goods, cycle_facts, cycles, proposal, queries, selection
from guyub.programs.added_goods import AddedGoods
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import PEKALONGAN, SURVEYED, World, gift

NOVEMBER, DAY = date(2024, 11, 1), date(2024, 11, 16)
GARDEN = AddedGoods("gula", Decimal("0.5"), 18_000)


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "paket", "hibah") as made:
        made.pekalongan.register(families.PEKALONGAN[:9], SURVEYED)
        made.pekalongan.receive([gift("UMUM", 5_000_000)], SURVEYED)
        yield made


@pytest.fixture
def rutan(world: World) -> Rutan:
    return world.pekalongan


@pytest.fixture
def planned(rutan: Rutan) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        plugins = rutan.opened.plugins
        cycle = cycles.open_cycle(
            work, plugins, "paket", NOVEMBER, fund_codes=["UMUM"], distribution_on=DAY, place="Aula"
        )
        selection.score(work, plugins, cycle)
        selection.select_top(work, cycle)
        return cycles.get(work, "paket", NOVEMBER)


def add(rutan: Rutan, cycle: Cycle, goods: AddedGoods = GARDEN, reason: str = "panen kebun", **more: Any) -> None:
    with rutan.work_of("kasubsi") as work:
        added_goods.add(work, rutan.opened.plugins, cycle, DAY, goods, reason, **more)


def package_of(rutan: Rutan, cycle: Cycle) -> list[tuple[str, Decimal, str]]:
    with rutan.work_of("kasubsi") as work:
        return [(line.code, line.quantity, line.reason) for line in cycle_facts.package(work, cycle)]


def test_added_goods_stand_in_the_package_with_their_reason_and_are_frozen_by_the_proposal(
    rutan: Rutan, planned: Cycle
):
    before = package_of(rutan, planned)
    add(rutan, planned)
    assert package_of(rutan, planned) == [*before, ("gula", Decimal("0.5"), "panen kebun")]
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, planned, NOVEMBER)
        first = queries.recipients(work, planned)[0]
        lines = [(line.code, line.quantity) for line in cycle_facts.package_of(work, planned, first.id)]
    assert lines == [(code, quantity) for code, quantity, _ in [*before, ("gula", Decimal("0.5"), "")]]
    with pytest.raises(Refusal):
        add(rutan, planned, AddedGoods("telur", Decimal(10), 2_000))


def test_added_goods_are_taken_off_again_and_the_package_itself_is_not(rutan: Rutan, planned: Cycle):
    before = package_of(rutan, planned)
    add(rutan, planned)
    with rutan.work_of("kasubsi") as work:
        added_goods.take_off(work, planned, "gula", "panen gagal")
        with pytest.raises(Refusal) as refused:
            added_goods.take_off(work, planned, before[0][0], "uji")
    assert refused.value.code == "programs.not_added_goods"
    assert package_of(rutan, planned) == before


@pytest.mark.parametrize(
    ("goods", "reason", "code"),
    [
        (GARDEN, " ", "programs.no_reason_to_add_goods"),
        (AddedGoods("gulla", Decimal(1), 18_000), "uji", "funds.item_unknown"),
        (AddedGoods("beras", Decimal(1), 15_500), "uji", "programs.goods_in_package"),
        (AddedGoods("gula", Decimal(0), 18_000), "uji", "form.quantity"),
        (AddedGoods("gula", Decimal(1), 0), "uji", "form.rupiah"),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_code(
    rutan: Rutan, planned: Cycle, goods: AddedGoods, reason: str, code: str
):
    with pytest.raises(Refusal) as refused:
        add(rutan, planned, goods, reason)
    assert refused.value.code == code


def test_a_package_that_the_region_locks_takes_no_other_goods(world: World, rutan: Rutan, planned: Cycle):
    package = [{"code": "beras", "name": "Beras", "unit": "kg", "quantity": "5", "price": 15_500}]
    worlds.configure_region(world.database, "paket", "jawa-tengah", locked=True, package=package)
    with pytest.raises(Refusal) as refused:
        add(rutan, planned)
    assert refused.value.code == "programs.package_locked"


def test_goods_are_added_to_the_month_that_was_read(rutan: Rutan, planned: Cycle):
    add(rutan, planned)
    with pytest.raises(Refusal) as refused:
        add(rutan, planned, AddedGoods("telur", Decimal(10), 2_000), version=planned.version)
    assert refused.value.code == "programs.proposal_changed"


def test_the_command_adds_goods_in_a_declared_unit_and_takes_them_off(
    rutan: Rutan, planned: Cycle, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(rutan.opened))
    here = ["--facility", PEKALONGAN, "--as", "kasubsi", "--reason", "panen kebun"]

    def run(*command: str) -> Any:
        return CliRunner().invoke(cycle_goods_commands.app, [*command, *here])

    assert run("add-goods", "--cycle", "2024-11", "gula", "--quantity", "500 gram", "--price", "18.000").exit_code == 0
    assert package_of(rutan, planned)[-1] == ("gula", Decimal("0.5"), "panen kebun")
    refused = run("add-goods", "--cycle", "2024-11", "gulla", "--quantity", "1", "--price", "18.000")
    assert refused.exception.code == "funds.item_unknown"
    assert run("take-off-goods", "--cycle", "2024-11", "gula").exit_code == 0
    assert [code for code, _, _ in package_of(rutan, planned)] == ["beras"]
