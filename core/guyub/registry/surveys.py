"""Recording what a home visit found: the newest visit to a household stands, the others stay readable."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from guyub.access import audit
from guyub.db.bulk import insert_rows, new_ids
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.registry import questionnaire
from guyub.registry.models import Household, Survey
from guyub.registry.schemas import RecordSurvey
from guyub.registry.service import subject, unknown_household


def record_survey(work: Work, command: RecordSurvey) -> UUID:
    """Keeps the answers with the version that was asked; the surveyor is the actor, stamped by the database.

    Raises ``Invalid`` naming the first question whose answer cannot be kept, and ``NotFound``.
    """
    (survey_id,) = _record(work, [command])
    details = {"questionnaire": f"{command.questionnaire}/{command.version}", "surveyed_on": command.surveyed_on}
    audit.record(work, "registry.survey", subject(command.household_id), details=details)
    return survey_id


def record_surveys(work: Work, commands: Sequence[RecordSurvey]) -> list[UUID]:
    """Records surveys as a set; statements do not depend on how many, but for one for each version that was asked."""
    ids = _record(work, commands)
    if ids:
        audit.record(work, "registry.survey_many", "households", details={"surveys": len(ids)})
    return ids


def _record(work: Work, commands: Sequence[RecordSurvey]) -> list[UUID]:
    work.require("registry.survey")
    if not commands:
        return []
    _require_households(work, {command.household_id for command in commands})
    asked = {(command.questionnaire, command.version) for command in commands}
    versions = {(code, version): questionnaire.get(work, code, version) for code, version in sorted(asked)}
    ids = new_ids(work, len(commands))
    rows = []
    for survey_id, command in zip(ids, commands, strict=True):
        version = versions[command.questionnaire, command.version]
        answers, problems = version.check(command.answers)
        if problems:
            raise problems[0]
        rows.append(
            {
                "id": survey_id,
                "facility_id": work.here.id,
                "household_id": command.household_id,
                "questionnaire_id": version.id,
                "answers": answers,
                "surveyed_on": command.surveyed_on,
            }
        )
    insert_rows(work, Survey, rows)
    work.inserted_many(len(rows), "survey")
    return ids


def _require_households(work: Work, wanted: set[UUID]) -> None:
    household = Household
    households = select(func.count()).where(
        col(household.facility_id) == work.here.id, col(household.active), among(col(household.id), list(wanted))
    )
    if work.scalar(households) != len(wanted):
        raise unknown_household()
