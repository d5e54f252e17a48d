"""Holds the conditions that a household must meet, each with the reason that staff read when it is not met."""

from datetime import date, timedelta

from sqlalchemy import or_

from guyub.sdk import Rule, Text, household
from guyub_bansos.config import BansosConfig

_HAS_NO_HOME = household.category == "institution"
"""No home survey is asked of an institution."""


def rules(config: BansosConfig, period: date) -> list[Rule]:
    """Returns the conditions that the configuration asks for; ``period`` is the first of the month of distribution."""
    conditions = [
        Rule(
            "category",
            Text(
                id="Kategori penerima ini tidak dilayani program.",
                en="The programme does not serve this category of recipients.",
            ),
            household.category.in_(config.categories),
        )
    ]
    if config.survey_required:
        conditions.append(
            Rule(
                "surveyed",
                Text(id="Rumahnya belum disurvei.", en="Their home has not been surveyed."),
                or_(household.surveyed.is_(True), _HAS_NO_HOME),
            )
        )
    if config.survey_max_age_days:
        oldest = period - timedelta(days=config.survey_max_age_days)
        conditions.append(
            Rule(
                "survey_recent",
                Text(
                    id="Surveinya sudah lebih dari {days} hari pada awal bulan penyaluran.",
                    en="Their survey is more than {days} days old at the start of the month.",
                    en_one="Their survey is more than {days} day old at the start of the month.",
                ).format(days=config.survey_max_age_days),
                or_(household.surveyed_on.is_(None), household.surveyed_on >= oldest, _HAS_NO_HOME),
            )
        )
    if config.cool_down_months:
        conditions.append(
            Rule(
                "rotation",
                Text(
                    id="Sudah menerima dalam {months} bulan terakhir; menunggu giliran.",
                    en="Received within the last {months} months; waiting their turn.",
                    en_one="Received within the last {months} month; waiting their turn.",
                ).format(months=config.cool_down_months),
                or_(
                    household.last_served.is_(None),
                    household.last_served < months_before(period, config.cool_down_months),
                ),
            )
        )
    if config.exclude_other_aid:
        conditions.append(
            Rule(
                "no_other_aid",
                Text(
                    id="Sudah menerima bantuan sosial lain (PKH, BPNT, BLT).",
                    en="Already receives other aid (PKH, BPNT, BLT).",
                ),
                household.other_aid.is_not(True),
            )
        )
    return conditions


def months_before(period: date, months: int) -> date:
    """Returns the first day of the month ``months`` before that of ``period``."""
    year, month = divmod(period.year * 12 + period.month - 1 - months, 12)
    return date(year, month + 1, 1)
