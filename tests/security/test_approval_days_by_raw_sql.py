"""An approval has its day: after the proposal, and when the money and the goods that it promises were there and free."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guyub.demo import november
from guyub.programs import closing, cycles, proposal, selection
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.security.conftest import World
from tests.worlds import PEKALONGAN, gift

TOO_EARLY = "GU021"

JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
             VALUES ((guyub.scope())[1], 'reservation', %(on)s, 'x', %(holder)s) RETURNING id"""
PROMISE = """INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, item_id, category,
                                            quantity, price, from_stock)
             SELECT c.facility_id, c.id, %(journal)s, 'bansos', c.period, f.id, l.item_id, 'inmate_family', 1, l.price, false
             FROM guyub.cycle c JOIN guyub.package_line l ON l.cycle_id = c.id JOIN guyub.cycle_fund n ON n.cycle_id = c.id
             JOIN guyub.fund f ON f.id = n.fund_id AND f.plugin = 'csr_funding' LIMIT 1 RETURNING id, fund_id"""
ACCOUNT = """INSERT INTO guyub.account (facility_id, fund_id, kind, reservation_id)
             VALUES ((guyub.scope())[1], %(fund)s, 'cash_reserved', %(promise)s) RETURNING id"""
MONEY = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
           SELECT facility_id, %(journal)s, fund_id, id, %(takes)s, 1000 FROM guyub.account
           WHERE kind = 'cash' AND fund_id = %(fund)s"""
APPROVES = (
    "UPDATE guyub.cycle SET state = 'approved', approved_from = %(at)s, decided_version = revision WHERE id = %(cycle)s"
)


@pytest.mark.parametrize(
    ("on", "outcome"), [("2000-01-01", TOO_EARLY), ("2024-11-04", TOO_EARLY), ("2024-11-05", "1 rows")]
)
def test_money_is_promised_on_a_day_on_which_it_is_there(proposed: World, on: str, outcome: str):
    """The company's gift came on the 5th."""
    with proposed.attacker() as attacker:
        attacker.enter("karutan", PEKALONGAN)
        values: dict[str, Any] = {"on": on, "holder": proposed.cycle.id}
        values["journal"] = attacker.value(JOURNAL, values)
        [(values["promise"], values["fund"])] = attacker.sees(PROMISE, values)
        values["takes"] = attacker.value(ACCOUNT, values)
        assert attacker.tries(MONEY, values, half_way=True) == outcome


@pytest.mark.parametrize("on", [date(2000, 1, 1), date(2024, 10, 1), date(2024, 11, 4), date(2024, 11, 5)])
def test_the_head_approves_on_no_day_before_the_money_and_reads_the_earliest(proposed: World, on: date):
    """The profit of the canteen, which pays a part, came on the 6th."""
    with pytest.raises(Refusal) as refused:
        proposed.rutan.approve(proposed.cycle, on)
    assert refused.value.code == "funds.before_free_money"
    assert refused.value.remedy is not None
    assert "November 2024" in refused.value.remedy.id


def test_the_day_of_the_money_is_early_enough(own_proposed: World):
    own_proposed.rutan.approve(own_proposed.cycle, date(2024, 11, 6))


@pytest.fixture
def gifts(cluster: Any) -> Iterator[worlds.World]:
    with worlds.a_world(cluster, "hibah", "paket") as made:
        yield made


def test_goods_are_promised_to_one_month_at_a_time(gifts: worlds.World):
    """November had them until it was cancelled on the 30th; December's promise of the 20th is none of theirs."""
    rutan = gifts.pekalongan
    rutan.register(worlds.families.PEKALONGAN, worlds.SURVEYED)
    rutan.receive([gift("BARANG", 0, [("beras", "25", 350_000)])], worlds.RECEIVED)
    first = worlds.approved(rutan, "paket", ["BARANG"])
    with rutan.work_of("karutan") as work:
        closing.cancel(work, first, date(2024, 11, 30), "batal", version=first.version)
    worlds.proposed(rutan, "paket", ["BARANG"], date(2024, 12, 1))

    def approve(on: date) -> None:
        with rutan.work_of("karutan") as work:
            second = cycles.get(work, "paket", date(2024, 12, 1))
            proposal.approve(work, gifts.plugins, second, on, version=second.version)

    with pytest.raises(Refusal) as refused:
        approve(date(2024, 11, 20))
    assert refused.value.code == "funds.before_free_goods"
    assert refused.value.remedy is not None
    assert "30 November 2024" in refused.value.remedy.id
    approve(date(2024, 11, 30))


def without_a_package(world: worlds.World, period: date) -> Any:
    """A proposal that promises nothing."""
    rutan = world.pekalongan
    rutan.register(worlds.families.PEKALONGAN, worlds.SURVEYED)
    funds = rutan.receive(november.INCOMES, worlds.RECEIVED)
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.open_cycle(
            work, world.plugins, "bansos", period, fund_codes=funds, distribution_on=period, place="Aula"
        )
        work.run("DELETE FROM guyub.package_line WHERE cycle_id = :cycle", cycle=cycle.id)
        selection.score(work, world.plugins, cycle)
        selection.select_top(work, cycle)
        proposal.propose(work, world.plugins, cycle)
    return cycle.id


@pytest.mark.parametrize(
    ("at", "outcome"),
    [("1900-01-01", TOO_EARLY), ("2024-07-31 12:00+07", TOO_EARLY), ("2024-08-01 00:00+07", "1 rows")],
)
def test_a_month_that_is_entered_afterwards_was_approved_near_it(gifts: worlds.World, at: str, outcome: str):
    cycle = without_a_package(gifts, date(2024, 11, 1))
    with worlds.attacker(gifts.installation, gifts.database) as attacker:
        attacker.enter("karutan", PEKALONGAN)
        assert attacker.tries(APPROVES, {"at": at, "cycle": cycle}) == outcome


@pytest.mark.parametrize(("days", "outcome"), [(300, TOO_EARLY), (1, TOO_EARLY), (0, "1 rows")])
def test_the_present_month_is_approved_after_it_was_proposed(gifts: worlds.World, days: int, outcome: str):
    with gifts.pekalongan.work_of("kasubsi") as work:
        today: date = work.run("SELECT (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date").scalar_one()
    cycle = without_a_package(gifts, today.replace(day=1))
    with worlds.attacker(gifts.installation, gifts.database) as attacker:
        attacker.enter("karutan", PEKALONGAN)
        moment = attacker.value("SELECT clock_timestamp() - make_interval(days => %(days)s)", {"days": days})
        assert attacker.tries(APPROVES, {"at": moment, "cycle": cycle}) == outcome
