"""The survey of a home visit: a form made from the questionnaire, with what was answered before as a hint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.registry import questionnaire, repeats
from guyub.registry.household_detail import HouseholdDetail
from guyub.registry.pages import family_seen
from guyub.registry.pages.forms import SentForm, field_text
from guyub.registry.pages.household import name_of, on_the_list
from guyub.registry.questionnaire import Questionnaire, SurveyQuestion
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import RecordSurvey
from guyub.registry.surveys import record_survey
from guyub.sdk.errors import Invalid
from guyub.sdk.money import parse_rupiah
from guyub.sdk.text import Text
from guyub.ui.parsing import parse_whole_number
from guyub.ui.problems import by_field
from guyub.ui.seen import NEVER, Difference, seen_in
from guyub.ui.typed_values import day_at

router = APIRouter(prefix="/f/{facility}/households/{household_id}/survey")

_RECORDED = Text(
    id="Survei dengan tanggal dan jawaban yang sama sudah tersimpan; tidak dicatat dua kali.",
    en="A survey of the same day with the same answers is kept already; it was not recorded twice.",
)
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as the form shows it; ``before`` is what the last visit found, None where nothing was."""

    question: SurveyQuestion
    name: str
    before: Any


@router.get("")
def blank(request: Request, work: FacilityWork, household_id: UUID) -> Response:
    work.require("registry.survey")
    household = on_the_list(work, household_id)
    asked = questionnaire.get(work)
    return _form(request, work, household, asked, {})


@router.post("")
def record(request: Request, work: FacilityWork, clock: Clock, household_id: UUID, form: FormInput) -> Response:
    seen = seen_in(form)
    work.require("registry.survey")
    household = family_seen.held(work, household_id)
    # Answered was what the page asked, even where a newer version has come since.
    asked = questionnaire.get(work, version=None if seen.version == NEVER else seen.version)
    answers = {question.key: _answer(question, field_text(form, _name(question))) for question in asked.questions}
    visited_on, problems = _day(field_text(form, "surveyed_on"), clock.today(work))
    problems += _at_fields(asked.check(answers)[1])
    survey: RecordSurvey | None = None
    if visited_on and not problems:
        survey = RecordSurvey(
            household_id=household_id,
            answers=answers,
            surveyed_on=visited_on,
            questionnaire=asked.code,
            version=asked.version,
        )
        if repeats.is_recorded(work, survey):
            return http.redirect(request, f"/f/{work.here.code}/households/{household_id}", _RECORDED, "warning")
    moved = family_seen.moved_since(seen, family_seen.seen_of_visits(household, asked.version))
    if survey is None or visited_on is None or moved is not None:
        return _form(request, work, household, asked, form, problems, moved)
    record_survey(work, survey)
    recorded = Text(
        id="Survei keluarga {name} tanggal {day} tersimpan.", en="The survey of {name}'s household on {day} is saved."
    ).format(name=name_of(household), day=visited_on)
    return http.redirect(request, f"/f/{work.here.code}/households/{household_id}", recorded)


def _name(question: SurveyQuestion) -> str:
    return f"answer.{question.key}"


def _answer(question: SurveyQuestion, text: str) -> Any:
    """Returns what was typed as the kind of answer that is asked for; as it is where it cannot be read, for the check to
    refuse."""
    try:
        match question.kind:
            case "rupiah":
                return parse_rupiah(text) if text else None
            case "integer":
                return parse_whole_number(text) if text else None
            case "boolean":
                return _YES_NO.get(text)
            case "text":
                return text
    except ValueError:
        return text


def _day(text: str, today: date) -> tuple[date | None, list[Invalid]]:
    try:
        day = day_at(text, "surveyed_on")
    except Invalid as refusal:
        return None, [refusal]
    if day > today:
        not_yet = RegistryRefusal.SURVEY_DAY.invalid("surveyed_on")
        return None, [not_yet]
    return day, []


def _at_fields(problems: Sequence[Invalid]) -> list[Invalid]:
    return [Invalid(problem.code, problem.what, problem.remedy, f"answer.{problem.field}") for problem in problems]


def _form(
    request: Request,
    work: Work,
    household: HouseholdDetail,
    asked: Questionnaire,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    moved: Sequence[Difference] | None = None,
) -> Response:
    last = next((visit for visit in household.visits if visit.stands), None)
    before = last.by_key if last else {}
    return http.render(
        request,
        work,
        "registry/survey.html",
        status=422 if problems else 200 if moved is None else 409,
        moved=moved,
        seen=family_seen.seen_of_visits(household, asked.version),
        household=household,
        name=name_of(household),
        questionnaire=asked,
        asked=[_Asked(question, _name(question), before.get(question.key)) for question in asked.questions],
        last=last,
        typed=typed,
        problems=by_field(problems),
    )
