"""The ceiling of an order holds for what households get: through purchases, added money and goods that were given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guyub.access import sign_in
from guyub.db.unit_of_work import SessionCredential
from guyub.demo import families, november
from guyub.funds import added_money, ledger, promises, purchases
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.note_division import BookedItem
from guyub.funds.promises import ToBuy
from guyub.programs import cycles, proposal, selection
from guyub.programs.campaigns import queries as campaign_queries
from guyub.programs.campaigns import service as campaigns
from guyub.programs.campaigns.assessment import CampaignRequest
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from tests import damaged_rows, worlds
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, World, gift

CEILING = 120_000


@dataclass
class Ordered:
    """Rutan Pekalongan under an order for November with that ceiling."""

    world: World
    campaign: UUID

    def proposed(self, funds: list[str]) -> Cycle:
        rutan = self.world.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        with rutan.work_of(rutan.services) as work:
            cycle = cycles.get(work, "bansos", november.PERIOD)
            cycles.choose_funds(work, cycle, funds)
            cycles.plan_distribution(work, cycle, november.DISTRIBUTION, november.BEGINS, november.PLACE)
            selection.score(work, rutan.opened.plugins, cycle)
            selection.select_top(work, cycle, category="inmate_family")
            proposal.propose(work, rutan.opened.plugins, cycle)
            return cycles.get(work, "bansos", november.PERIOD)

    def approved(self) -> Cycle:
        csr = november.INCOMES[0]
        rich = replace(csr, form={**csr.form, "amount": 900_000})
        cycle = self.proposed(self.world.pekalongan.receive([rich], RECEIVED))
        self.world.pekalongan.approve(cycle, APPROVED)
        return cycle

    def adds(self, cycle: Cycle, item: str, amount: int) -> None:
        rutan = self.world.pekalongan
        with rutan.work_of(rutan.head) as work:
            added_money.top_up(work, cycle.id, item, amount, reason="harga naik", on=APPROVED)

    def buys(self, cycle: Cycle, item: str, quantity: int, cost: int) -> None:
        rutan = self.world.pekalongan
        with rutan.work_of(rutan.management) as work:
            bought = [BookedItem(item, Decimal(quantity), cost)]
            purchases.buy(work, cycle.id, bought, supplier="Toko (contoh)", evidence=f"Nota {item}", on=APPROVED)

    def spends(self, cycle: Cycle, line: ToBuy, quantity: Decimal) -> None:
        """All the money of a promise for a part of it, past the service that buys."""
        held = AccountKey(line.fund_id, "cash_reserved", None, None, line.reservation_id)
        rutan = self.world.pekalongan
        with rutan.work_of(rutan.management) as work:
            journal = ledger.open_journal(work, "purchase", APPROVED, "Belanja", evidence="1", holder_id=cycle.id)
            (lot,) = ledger.new_lots(work, journal, APPROVED, [(line.fund_id, line.item_id)])
            goods = AccountKey(line.fund_id, "stock_reserved", line.item_id, lot, line.reservation_id)
            ledger.post(work, journal, [Move(held, goods, line.held, quantity)])

    def places(self) -> list[campaign_queries.AtFacility]:
        token = sign_in.session_for(self.world.database, "kanwil", "tests")
        with self.world.database.work(SessionCredential(token)) as work:
            return campaign_queries.facilities_of(work, self.campaign)


@pytest.fixture
def ordered(cluster: Any) -> Iterator[Ordered]:
    with worlds.a_world(cluster, "hibah") as world:
        token = sign_in.session_for(world.database, "kanwil", "tests")
        campaign = CampaignRequest(
            "Bansos serentak", "bansos", "sembako", november.DISTRIBUTION, {PEKALONGAN: 5}, CEILING
        )
        with world.database.work(SessionCredential(token)) as work:
            region = work.run("SELECT id FROM guyub.region WHERE code = 'jawa-tengah'").scalar_one()
            issued = campaigns.issue(work, world.plugins, region, campaign, november.PERIOD)
        yield Ordered(world, issued.campaign_id)


def test_added_money_that_lifts_a_household_above_the_ceiling_is_refused_with_the_price_that_fits(ordered: Ordered):
    cycle = ordered.approved()
    with pytest.raises(Refusal, match=r"above the ceiling of the regional office's campaign, Rp120\.000") as refused:
        ordered.adds(cycle, "beras", 100_000)
    said = refused.value.what.id
    assert "Beras" in said
    fits = re.search(r"paling banyak Rp([\d.]+) per kg", said)
    assert fits is not None
    price = int(fits[1].replace(".", ""))
    rutan = ordered.world.pekalongan
    with rutan.work_of(rutan.management) as work:
        rice = [line for line in promises.to_buy(work, cycle.id) if line.item == "beras"]
    quantity, held = int(sum(line.quantity for line in rice)), sum(line.held for line in rice)
    more = price * quantity - held
    assert 0 < more < 100_000
    # What it names may be spent, and no rupiah per unit more.
    with pytest.raises(Refusal, match="above the ceiling"):
        ordered.adds(cycle, "beras", more + 2 * quantity)
    ordered.adds(cycle, "beras", more)
    ordered.buys(cycle, "beras", quantity, price * quantity)


def test_the_database_refuses_dear_goods_whoever_posts_them(ordered: Ordered):
    cycle = ordered.approved()
    rutan = ordered.world.pekalongan
    with rutan.work_of(rutan.management) as work:
        line = next(item for item in promises.to_buy(work, cycle.id) if item.item == "beras")
    with pytest.raises(Refusal, match="above the ceiling"):
        ordered.spends(cycle, line, line.quantity / 5)


def test_goods_in_stock_that_are_dearer_than_planned_are_refused_at_the_approval(ordered: Ordered):
    funds = ordered.world.pekalongan.receive([gift("DEAR", 700_000, [("beras", "10", 400_000)])], RECEIVED)
    cycle = ordered.proposed(funds)
    with pytest.raises(Refusal, match=r"goods in stock make a package .* above the ceiling.*Beras|Rice"):
        ordered.world.pekalongan.approve(cycle, APPROVED)


def test_goods_in_stock_within_the_ceiling_are_approved_and_a_cheap_item_makes_room_for_a_dear_one(ordered: Ordered):
    funds = ordered.world.pekalongan.receive([gift("CHEAP", 700_000, [("beras", "25", 100_000)])], RECEIVED)
    cycle = ordered.proposed(funds)
    ordered.world.pekalongan.approve(cycle, APPROVED)
    ordered.adds(cycle, "gula", 90_000)
    ordered.buys(cycle, "gula", 5, 180_000)


def test_a_note_at_the_planned_price_and_a_cheaper_part_of_it_are_bought_as_ever(ordered: Ordered):
    cycle = ordered.approved()
    ordered.buys(cycle, "beras", 10, 100_000)
    rutan = ordered.world.pekalongan
    with rutan.work_of(rutan.management) as work:
        rest = {line.item: 0 for line in promises.to_buy(work, cycle.id)}
        for line in promises.to_buy(work, cycle.id):
            rest[line.item] += line.held
    for item, quantity in (("gula", 5), ("minyak", 5)):
        ordered.buys(cycle, item, quantity, rest[item])


def test_the_campaigns_page_tells_the_dearest_package_that_was_given_and_marks_what_is_above(ordered: Ordered):
    cycle = ordered.approved()
    rutan = ordered.world.pekalongan
    rutan.shop(cycle, november.SHOPPING)
    rutan.hand_over(cycle, november.moment(november.DISTRIBUTION, november.BEGINS))
    (place,) = ordered.places()
    assert (place.received, place.above) == (5, 0)
    assert 100_000 < place.dearest <= CEILING
    damaged_rows.order_of_a_lower_ceiling(ordered.world.installation, 100_000)
    assert [place.above for place in ordered.places()] == [5]


def test_a_reader_without_the_place_in_scope_sees_no_amount(ordered: Ordered):
    with ordered.world.database.work(ordered.world.database.as_service("tests")) as work:
        assert work.run("SELECT count(*) FROM guyub.campaign_handed_over(:id)", id=ordered.campaign).scalar_one() == 0
