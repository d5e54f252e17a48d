"""The parts of the score as SQL over the facts of a household: each gives 0 to 1, and what is not known counts 0.

PostgreSQL's LEAST and GREATEST skip NULL, so an unknown fact is turned into 0 before it is compared.
"""

from datetime import date

from sqlalchemy import Integer, Numeric, and_, case, cast, extract, func, literal

from guyub.sdk import Criterion, Text, household
from guyub.sdk.queries import Expression
from guyub_bansos.config import BansosConfig

FULL_WAIT_MONTHS = 12
"""Months without a package after which waiting counts in full."""


def criteria(config: BansosConfig, period: date) -> list[Criterion]:
    """Returns the criteria that have a weight, in the order in which staff read them; ``period`` is the first of the month.

    Income and housing come from the BPS fourteen criteria of poverty, the decile from DTSEN. A strict nine of the
    fourteen would leave out most of the urban poor; hence the additions: breadwinner detained, young and school-age
    children, elderly and disabled members, no other aid (PKH, BPNT, BLT) and waiting.
    """
    every = (
        Criterion(
            "income",
            Text(id="Penghasilan per jiwa", en="Income per member"),
            config.weight_income,
            income_per_member(config.income_poorest, config.income_enough),
        ),
        Criterion(
            "breadwinner_detained",
            Text(id="Pencari nafkah ditahan", en="Breadwinner detained"),
            config.weight_breadwinner_detained,
            breadwinner_detained(),
        ),
        Criterion(
            "children_under_5",
            Text(id="Balita", en="Children under five"),
            config.weight_children_under_5,
            share_of(household.children_under_5, 2),
        ),
        Criterion(
            "school_age",
            Text(id="Anak usia sekolah", en="Children of school age"),
            config.weight_school_age,
            share_of(household.children_of_school_age, 3),
        ),
        Criterion(
            "elderly", Text(id="Lanjut usia", en="Elderly members"), config.weight_elderly, household.elderly > 0
        ),
        Criterion(
            "disabled",
            Text(id="Penyandang disabilitas", en="Members with a disability"),
            config.weight_disabled,
            household.disabled > 0,
        ),
        Criterion("housing", Text(id="Kondisi rumah", en="Poor housing"), config.weight_housing, poor_housing()),
        Criterion(
            "welfare_decile",
            Text(id="Desil kesejahteraan 1–4", en="Welfare decile 1–4"),
            config.weight_welfare_decile,
            low_decile(),
        ),
        Criterion(
            "no_other_aid",
            Text(id="Tidak menerima bantuan lain", en="Receives no other aid"),
            config.weight_no_other_aid,
            household.other_aid.is_(False),
        ),
        Criterion(
            "waiting",
            Text(id="Lama menunggu sejak paket terakhir", en="Months since the last package"),
            config.weight_waiting,
            waiting(period),
        ),
    )
    return [criterion for criterion in every if criterion.weight]


def income_per_member(poorest: int, enough: int) -> Expression:
    """Returns 1 up to ``poorest`` rupiah a month and member, evenly down to 0 at ``enough``; unknown income or nobody: 0.

    The idea is criterion 12 of the BPS fourteen (income of the head of household), per member because dependants count;
    its rupiah limit is of about 2005, so both ends are configuration.
    """
    each = cast(household.monthly_income, Numeric) / func.nullif(household.members, 0)
    return _between_0_and_1((enough - each) / (enough - poorest))


def share_of(count: Expression, full: int) -> Expression:
    """Returns the share of ``count`` dependants out of the ``full`` that give all points.

    The number of dependants is an addition to the BPS fourteen; one child of several gives a part, not all.
    """
    return _between_0_and_1(cast(count, Numeric) / full)


def breadwinner_detained() -> Expression:
    """Returns the answer of the last survey, as long as no linked inmate has left since: of a household without one it stands."""
    return and_(household.breadwinner_detained.is_(True), household.inmate_inside.is_not(False))


def poor_housing() -> Expression:
    """Returns a third each for an earth floor, bamboo walls and no own toilet: criteria 2, 3 and 4 of the BPS fourteen."""
    signs = (household.earth_floor, household.bamboo_walls, household.no_own_toilet)
    met = sum((case((sign.is_(True), 1), else_=0) for sign in signs), start=literal(0, Integer))
    return cast(met, Numeric) / len(signs)


def low_decile() -> Expression:
    """Returns 1 for decile 1 down to a quarter for decile 4, then 0.

    Deciles of DTSEN (Inpres 4/2025), whose first four are the usual ones for aid; many households are not listed: then 0.
    """
    return _between_0_and_1(cast(5 - household.welfare_decile, Numeric) / 4)


def waiting(period: date) -> Expression:
    """Months since the last package out of a year; a household never served has waited in full.

    After the practice of rotating monthly packages among households.
    """
    served = extract("year", household.last_served) * 12 + extract("month", household.last_served)
    months = cast(period.year * 12 + period.month - served, Numeric)
    return case((household.last_served.is_(None), 1), else_=_between_0_and_1(months / FULL_WAIT_MONTHS))


def _between_0_and_1(value: Expression) -> Expression:
    return func.least(1, func.greatest(0, func.coalesce(value, 0)), type_=Numeric)
