"""Questions of a home visit as data with a version, and the answers checked against them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.registry.models import QuestionnaireModel
from guyub.registry.refusals import RegistryRefusal
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text

STANDARD = "rumah-tangga"


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """``kind`` decides what an answer is: rupiah and whole numbers are ``int``, yes or no ``bool``, a note ``str``."""

    key: str
    kind: Literal["rupiah", "integer", "boolean", "text"]
    label: Text
    help: Text
    required: bool = True
    least: int = 0
    most: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Questionnaire:
    id: UUID
    code: str
    version: int
    title: Text
    questions: tuple[SurveyQuestion, ...]

    def check(self, answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[Invalid]]:
        """Returns the answers as they are kept, unanswered ones left out, and every refusal, each naming its question's
        key."""
        kept: dict[str, Any] = {}
        problems = [_unknown(key) for key in answers if key not in {question.key for question in self.questions}]
        for question in self.questions:
            answer = answers.get(question.key)
            if answer is None or answer == "":
                if question.required:
                    problems.append(_missing(question))
            elif _fits(question, answer):
                kept[question.key] = answer
            else:
                problems.append(_unfit(question))
        return kept, problems


# The keys are columns of the published view `household_facts`; criteria of programmes are written over them.
_STANDARD_TITLE = Text(id="Survei rumah tangga", en="Household survey")
STANDARD_QUESTIONS = (
    SurveyQuestion(
        "monthly_income",
        "rupiah",
        Text(id="Penghasilan keluarga sebulan", en="Household income a month"),
        Text(id="Semua anggota bersama-sama; 0 bila tidak ada.", en="Of all members together; 0 where there is none."),
    ),
    SurveyQuestion(
        "breadwinner_detained",
        "boolean",
        Text(id="Pencari nafkah sedang ditahan", en="The breadwinner is detained"),
        Text(id="Sebelum ditahan, warga binaan itu menafkahi keluarga ini.", en="The inmate used to provide for them."),
    ),
    SurveyQuestion(
        "earth_floor",
        "boolean",
        Text(id="Lantai tanah, bambu atau kayu murahan", en="Floor of earth, bamboo or cheap wood"),
        Text(id="Sebagian besar lantai rumah.", en="Most of the floor."),
    ),
    SurveyQuestion(
        "bamboo_walls",
        "boolean",
        Text(
            id="Dinding bambu, rumbia, kayu rendah atau tembok tanpa plester",
            en="Walls of bamboo, thatch, poor wood or unplastered",
        ),
        Text(id="Sebagian besar dinding rumah.", en="Most of the walls."),
    ),
    SurveyQuestion(
        "no_own_toilet",
        "boolean",
        Text(id="Tidak memiliki jamban sendiri", en="No toilet of their own"),
        Text(id="Termasuk yang memakai bersama keluarga lain.", en="A shared one counts as none."),
    ),
    SurveyQuestion(
        "other_aid",
        "boolean",
        Text(id="Menerima bantuan lain", en="Receives other aid"),
        Text(id="PKH, BPNT, BLT Dana Desa dan sejenisnya.", en="PKH, BPNT, village cash aid and the like."),
    ),
    SurveyQuestion(
        "welfare_decile",
        "integer",
        Text(id="Desil kesejahteraan (DTSEN)", en="Welfare decile (DTSEN)"),
        Text(id="1 paling miskin, 10 paling mampu; kosongkan bila tidak terdata.", en="1 is poorest; may stay empty."),
        required=False,
        least=1,
        most=10,
    ),
    SurveyQuestion(
        "evidence",
        "text",
        Text(id="Catatan bukti", en="Evidence"),
        Text(
            id="Yang dilihat atau ditunjukkan, misalnya SKTM; tanpa perkara dan tanpa data kesehatan.",
            en="What was seen or shown, such as a certificate of indigence; nothing of the case or of health.",
        ),
        required=False,
        most=500,
    ),
)


def ensure_questionnaire(work: Work) -> UUID:
    """Makes the standard questionnaire known and returns its id; calling it again changes nothing. A system's work."""
    questions = [asdict(question) for question in STANDARD_QUESTIONS]
    first = insert(QuestionnaireModel).values(
        code=STANDARD, version=1, title=asdict(_STANDARD_TITLE), questions=questions
    )
    work.change(first.on_conflict_do_nothing(index_elements=["code", "version"]))
    return get(work).id


def get(work: Work, code: str = STANDARD, version: int | None = None) -> Questionnaire:
    """Returns the questionnaire of that version, or its newest. Raises ``NotFound``."""
    model = QuestionnaireModel
    columns = (col(model.id), col(model.code), col(model.version), col(model.title), col(model.questions))
    of_code = select(*columns).where(col(model.code) == code)
    if version is not None:
        of_code = of_code.where(col(model.version) == version)
    for row in work.all(of_code.order_by(col(model.version).desc()).limit(1)):
        questions = tuple(map(_question, row.questions))
        return part_of(row, Questionnaire, title=Text(**row.title), questions=questions)
    raise RegistryRefusal.NO_QUESTIONNAIRE.not_found(code=code)


def _question(kept: Mapping[str, Any]) -> SurveyQuestion:
    return SurveyQuestion(**{**kept, "label": Text(**kept["label"]), "help": Text(**kept["help"])})


def _fits(question: SurveyQuestion, answer: object) -> bool:
    match question.kind:
        case "boolean":
            return isinstance(answer, bool)
        case "text":
            return isinstance(answer, str) and len(answer) <= question.most
        case "rupiah" | "integer":
            # bool is an int to Python, not to a survey
            return (
                isinstance(answer, int) and not isinstance(answer, bool) and question.least <= answer <= question.most
            )


def _missing(question: SurveyQuestion) -> Invalid:
    return RegistryRefusal.UNANSWERED.invalid(question.key, label=question.label)


def _unfit(question: SurveyQuestion) -> Invalid:
    remedies = {
        "boolean": Text(id="Pilih ya atau tidak.", en="Choose yes or no."),
        "text": Text(id="Tulis paling panjang {most} karakter.", en="Write {most} characters at most."),
        "rupiah": Text(id="Tulis rupiah bulat, misalnya 600.000.", en="Write whole rupiah, for example 600.000."),
        "integer": Text(id="Tulis bilangan {least} sampai {most}.", en="Write a number from {least} to {most}."),
    }
    return RegistryRefusal.ANSWER.invalid(
        question.key,
        label=question.label,
        remedy=remedies[question.kind].format(least=question.least, most=question.most),
    )


def _unknown(key: str) -> Invalid:
    return RegistryRefusal.UNKNOWN_QUESTION.invalid(key, key=key)
