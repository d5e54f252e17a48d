"""The rules and criteria of bansos, executed by PostgreSQL over households of the registry."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from guyub.db.unit_of_work import Database, Work
from guyub.facilities import service
from guyub.facilities.records import RegionRecord
from guyub.sdk.facility import Facility
from guyub.sdk.program import ProgramContext
from guyub.sdk.queries import household
from guyub_bansos.config import BansosConfig
from guyub_bansos.program import StapleFood
from tests import places
from tests.damaged_rows import household_of_facts, inmate_of_status, survey_of_answers

NOVEMBER = date(2024, 11, 1)
RUTAN = Facility(UUID(int=1), "rutan-contoh", "Rutan Contoh", "Asia/Jakarta", "jawa-tengah")
POOREST: dict[str, Any] = {
    "monthly_income": 600_000,
    "breadwinner_detained": True,
    "earth_floor": True,
    "bamboo_walls": True,
    "no_own_toilet": True,
    "other_aid": False,
    "welfare_decile": 1,
}


class Registry:
    """Households of one new facility, within one transaction."""

    def __init__(self, work: Work) -> None:
        self.work = work
        code = f"contoh-{uuid4().hex[:12]}"
        service.save_regions(work, [RegionRecord(code, "Wilayah Contoh", "Kantor Wilayah Contoh", "", "")])
        service.save_facilities(work, [places.small_facility(code, code)])
        self.facility: UUID = work.run("SELECT id FROM guyub.facility WHERE code = :code", code=code).scalar_one()

    def household(
        self, answers: dict[str, Any] | None = None, *, surveyed_on: date = date(2024, 10, 20), **facts: Any
    ) -> UUID:
        """A household, with the answers of its survey where there is one."""
        added = household_of_facts(self.work, self.facility, {"category": "inmate_family", **facts})
        if answers is not None:
            survey_of_answers(self.work, self.facility, added, answers, surveyed_on)
        return added

    def shares(self, household_id: UUID, config: BansosConfig | None = None, served: date | None = None) -> Any:
        """What each criterion gives this household, by key; booleans as they are."""
        criteria = StapleFood().criteria(self._context(config))
        return self._row({criterion.key: criterion.expression for criterion in criteria}, household_id, served)

    def unmet(self, household_id: UUID, config: BansosConfig | None = None, served: date | None = None) -> set[str]:
        """The keys of the rules that this household does not meet."""
        rules = StapleFood().eligibility(self._context(config))
        row = self._row({rule.key: func.coalesce(rule.expression, False) for rule in rules}, household_id, served)
        return {key for key, met in row.items() if not met}

    def _context(self, config: BansosConfig | None) -> ProgramContext[BansosConfig]:
        return ProgramContext(config or BansosConfig(), RUTAN, NOVEMBER)

    def _row(self, columns: dict[str, Any], household_id: UUID, served: date | None) -> dict[str, Any]:
        # A hand-over needs a whole month's cycle; here a copy of the view says when the last one was.
        self.work.run("DROP TABLE IF EXISTS pg_temp.household_facts")
        self.work.run("CREATE TEMP TABLE household_facts ON COMMIT DROP AS SELECT * FROM guyub.household_facts")
        self.work.run("UPDATE pg_temp.household_facts SET last_served = :served", served=served)
        statement = select(*(expression.label(key) for key, expression in columns.items())).where(
            household.household_id == household_id
        )
        over = {"schema_translate_map": {"guyub": "pg_temp" if served else "guyub"}}
        return dict(self.work.session.execute(statement, execution_options=over).one()._mapping)


@pytest.fixture
def registry(database: Database) -> Iterator[Registry]:
    with database.work(database.as_service("tests")) as work:
        yield Registry(work)


def test_a_household_that_meets_every_criterion_in_full_gets_all_points(registry: Registry):
    neediest = registry.household(
        POOREST, adults=1, children_under_5=2, children_of_school_age=3, elderly=1, disabled=1
    )
    shares = registry.shares(neediest)
    assert {key: Decimal(share) for key, share in shares.items()} == dict.fromkeys(shares, Decimal(1))
    assert len(shares) == 10


def test_a_household_of_which_nothing_is_known_gets_no_points_but_for_never_having_been_served(registry: Registry):
    shares = registry.shares(registry.household())
    assert {key for key, share in shares.items() if share} == {"waiting"}


@pytest.mark.parametrize(
    ("income", "members", "share"),
    [
        (0, 1, 1),
        (600_000, 2, 1),
        (650_000, 1, Decimal("0.5")),
        (1_300_000, 2, Decimal("0.5")),
        (930_000, 1, Decimal("0.1")),
        (1_000_000, 1, 0),
        (9_000_000, 1, 0),
    ],
)
def test_income_counts_per_member_and_falls_evenly(registry: Registry, income: int, members: int, share: Decimal):
    family = registry.household({"monthly_income": income}, adults=members)
    assert registry.shares(family)["income"] == share


def test_a_household_without_members_divides_by_nothing(registry: Registry):
    nobody = registry.household({"monthly_income": 500_000}, adults=0)
    assert registry.shares(nobody)["income"] == 0


def test_an_institution_is_as_many_as_it_serves_and_needs_no_home_survey(registry: Registry):
    institution = registry.household(
        {"monthly_income": 1_300_000}, category="institution", adults=0, people_served=3000
    )
    assert registry.shares(institution)["income"] == 1
    served = select(household.members).where(household.household_id == institution)
    assert registry.work.session.execute(served).scalar_one() == 3000
    unsurveyed = registry.household(category="institution")
    assert registry.unmet(unsurveyed, BansosConfig(categories=("institution",))) == set()


@pytest.mark.parametrize(
    ("statuses", "counts"),
    [
        ((), True),
        (("detainee",), True),
        (("released",), False),
        (("transferred",), False),
        (("client",), False),
        (("released", "convict"), True),
    ],
)
def test_a_detained_breadwinner_counts_while_an_inmate_is_inside(
    registry: Registry, statuses: tuple[str, ...], counts: bool
):
    family = registry.household({"breadwinner_detained": True})
    for status in statuses:
        inmate_of_status(registry.work, registry.facility, family, status)
    assert bool(registry.shares(family)["breadwinner_detained"]) is counts
    fact = select(household.inmate_inside).where(household.household_id == family)
    assert registry.work.session.execute(fact).scalar_one() is (counts if statuses else None)


@pytest.mark.parametrize(("decile", "share"), [(1, "1"), (2, "0.75"), (4, "0.25"), (5, "0"), (10, "0")])
def test_the_first_four_deciles_count_less_and_less(registry: Registry, decile: int, share: str):
    assert registry.shares(registry.household({"welfare_decile": decile}))["welfare_decile"] == Decimal(share)


def test_each_sign_of_poor_housing_is_a_third(registry: Registry):
    shares = registry.shares(registry.household({"earth_floor": True, "bamboo_walls": False}))
    assert round(shares["housing"], 3) == Decimal("0.333")


def test_one_child_gives_a_part_and_many_never_more_than_all(registry: Registry):
    one = registry.shares(registry.household(children_under_5=1, children_of_school_age=1))
    many = registry.shares(registry.household(children_under_5=5, children_of_school_age=9))
    assert (one["children_under_5"], round(one["school_age"], 3)) == (Decimal("0.5"), Decimal("0.333"))
    assert (many["children_under_5"], many["school_age"]) == (1, 1)


@pytest.mark.parametrize(
    ("served", "share"),
    [
        (date(2024, 11, 1), "0"),
        (date(2024, 8, 1), "0.25"),
        (date(2023, 11, 1), "1"),
        (date(2020, 1, 1), "1"),
        (date(2024, 12, 1), "0"),
    ],
)
def test_the_longer_the_wait_the_more_it_counts(registry: Registry, served: date, share: str):
    assert registry.shares(registry.household(), served=served)["waiting"] == Decimal(share)


def test_only_surveyed_households_of_the_selected_categories_may_receive(registry: Registry):
    assert registry.unmet(registry.household({})) == set()
    assert registry.unmet(registry.household({}, category="neighbour")) == set()
    assert registry.unmet(registry.household({}, category="former_inmate")) == {"category"}
    assert registry.unmet(registry.household(category="institution")) == {"category"}


def test_rotation_makes_those_served_lately_wait_their_turn(registry: Registry):
    family, rotation = registry.household({}), BansosConfig(cool_down_months=3)
    assert registry.unmet(family, rotation) == set()
    assert registry.unmet(family, rotation, served=date(2024, 10, 1)) == {"rotation"}
    assert registry.unmet(family, rotation, served=date(2024, 8, 1)) == {"rotation"}
    assert registry.unmet(family, rotation, served=date(2024, 7, 1)) == set()


def test_a_survey_grows_too_old(registry: Registry):
    half_a_year = BansosConfig(survey_max_age_days=180)
    assert registry.unmet(registry.household({}, surveyed_on=date(2024, 5, 5)), half_a_year) == set()
    assert registry.unmet(registry.household({}, surveyed_on=date(2024, 5, 4)), half_a_year) == {"survey_recent"}


def test_other_aid_excludes_only_where_the_facility_chose_so_and_only_when_it_is_known(registry: Registry):
    aided, unknown = registry.household({"other_aid": True}), registry.household({})
    single = BansosConfig(exclude_other_aid=True)
    assert registry.unmet(aided) == set()
    assert registry.unmet(aided, single) == {"no_other_aid"}
    assert registry.unmet(unknown, single) == set()
