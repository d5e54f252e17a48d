"""Holds what looks as if it were registered already without a number that says so: it is shown before it is registered again.

Whoever asks waits until those who register the same name at the same facility are done, so that of several who press at once the
second sees what the first has registered.
"""

from uuid import UUID

from sqlalchemy import func, literal, select, true
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.registry import questionnaire
from guyub.registry.models import Household, Member, QuestionnaireModel, Survey
from guyub.registry.schemas import NewMember, RecordSurvey, RegisterHousehold, RegistrationWarning
from guyub.sdk.text import Text

_KNOWN_HOUSEHOLD = Text(
    id="Keluarga atas nama {name} di {place} sudah terdaftar pada {day}: pastikan bukan keluarga yang sama.",
    en="A household of {name} at {place} was registered on {day}: make sure that it is not the same.",
)
_KNOWN_MEMBER = Text(
    id="{name} sudah tercatat sebagai anggota keluarga ini: pastikan bukan orang yang sama.",
    en="{name} is recorded as a member of this household: make sure that it is not the same person.",
)


def of_household(work: Work, command: RegisterHousehold) -> list[RegistrationWarning]:
    """Returns a warning for a household whose recipient has the same name in the same village, where a NIK does not tell the
    two apart."""
    _wait_for(work, command.recipient.full_name)
    lacks_nik = true() if not command.recipient.nik else col(Member.nik_index).is_(None)
    known = (
        select(col(Member.full_name), col(Household.village), col(Household.city), col(Household.created_at))
        .join(Household, col(Household.id) == col(Member.household_id))
        .where(
            col(Member.facility_id) == work.here.id,
            col(Member.is_recipient),
            col(Member.active),
            func.casefold(col(Member.full_name)) == func.casefold(literal(command.recipient.full_name)),
            func.casefold(col(Household.village)) == func.casefold(literal(command.village)),
            lacks_nik,
        )
        .order_by(col(Household.created_at).desc())
        .limit(1)
    )
    return [
        RegistrationWarning(
            "recipient.full_name",
            _KNOWN_HOUSEHOLD.format(
                name=row.full_name, place=row.village or row.city or "–", day=row.created_at.date()
            ),
        )
        for row in work.all(known)
    ]


def of_member(work: Work, household_id: UUID, command: NewMember) -> list[RegistrationWarning]:
    """Returns a warning for somebody of the same name in the same household."""
    _wait_for(work, str(household_id))
    known = select(col(Member.full_name)).where(
        col(Member.facility_id) == work.here.id,
        col(Member.household_id) == household_id,
        col(Member.active),
        func.casefold(col(Member.full_name)) == func.casefold(literal(command.full_name)),
    )
    return [RegistrationWarning("full_name", _KNOWN_MEMBER.format(name=name)) for name in work.scalars(known.limit(1))]


def is_recorded(work: Work, command: RecordSurvey) -> bool:
    """Returns whether the same answers of the same visit to this household are kept already."""
    _wait_for(work, str(command.household_id))
    asked = questionnaire.get(work, command.questionnaire, command.version)
    answers, _ = asked.check(command.answers)
    same = (
        select(func.count())
        .select_from(Survey)
        .join(QuestionnaireModel, col(QuestionnaireModel.id) == col(Survey.questionnaire_id))
        .where(
            col(Survey.facility_id) == work.here.id,
            col(Survey.household_id) == command.household_id,
            col(Survey.surveyed_on) == command.surveyed_on,
            col(Survey.questionnaire_id) == asked.id,
            col(Survey.answers) == answers,
        )
    )
    return bool(work.scalar(same))


def _wait_for(work: Work, name: str) -> None:
    key = f"guyub.repeats:{work.here.id}:{name.casefold()}"
    work.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
