"""What the registry is told is normalised, and every mistake is named at once."""

from typing import Any

import pytest
from pydantic import ValidationError

from guyub.registry.schemas import RegisterHousehold, registration_warnings
from guyub.ui.problems import problems_of

GOOD: dict[str, Any] = {
    "category": "inmate_family",
    "recipient": {"full_name": "  Siti   Contoh ", "nik": "3375.0157.0890.9901", "sex": "female"},
    "inmate": {
        "full_name": "Budi Contoh",
        "relationship": "wife",
        "status": "detainee",
        "register_number": "A.III 45/2024",
    },
    "phone": "0812-3456-7890",
    "rt": "RT 7",
    "rw": "8",
}


def fields_refused(**changes: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        RegisterHousehold.model_validate(GOOD | changes)
    return [problem.field for problem in problems_of(refused.value)]


def test_what_was_typed_is_kept_in_one_form():
    command = RegisterHousehold.model_validate(GOOD)
    assert command.recipient.full_name == "Siti Contoh"
    assert command.recipient.nik == "3375015708909901"
    assert (command.phone, command.rt, command.rw) == ("+6281234567890", "007", "008")
    assert registration_warnings(command) == []


def test_every_error_is_named_by_its_field_in_both_languages():
    with pytest.raises(ValidationError) as refused:
        RegisterHousehold.model_validate(
            GOOD
            | {"recipient": {"full_name": "", "nik": "12"}, "phone": "1", "rt": "x", "adults": "banyak", "category": ""}
        )
    problems = problems_of(refused.value)
    assert {problem.field for problem in problems} == {
        "recipient.full_name",
        "recipient.nik",
        "phone",
        "rt",
        "adults",
        "category",
    }
    assert all(p.what.id and p.what.en and p.remedy.id and p.remedy.en for p in problems)


def test_an_error_never_repeats_a_personal_number_in_a_log():
    with pytest.raises(ValidationError) as refused:
        RegisterHousehold.model_validate(GOOD | {"family_card": "33750116112400", "adults": -1})
    assert "33750116112400" not in str(refused.value)


def test_the_household_of_an_inmate_names_the_inmate_and_a_neighbour_never_does():
    assert fields_refused(inmate=None) == ["inmate.full_name"]
    assert fields_refused(category="neighbour") == ["inmate.full_name"]
    assert RegisterHousehold.model_validate(GOOD | {"category": "neighbour", "inmate": None}).inmate is None


def test_a_sibling_may_receive_for_an_inmate():
    inmate = GOOD["inmate"] | {"relationship": "younger_sibling"}
    assert RegisterHousehold.model_validate(GOOD | {"inmate": inmate}).inmate


def test_a_household_of_nobody_is_refused():
    assert fields_refused(adults=0) == ["adults"]
    assert RegisterHousehold.model_validate(GOOD | {"adults": 0, "elderly": 1}).elderly == 1


def test_counts_have_limits_that_the_message_states():
    with pytest.raises(ValidationError) as refused:
        RegisterHousehold.model_validate(GOOD | {"children_under_5": 31})
    (problem,) = problems_of(refused.value)
    assert problem.remedy.id == "Isi paling banyak 30."


def test_a_missing_or_odd_nik_is_accepted_with_a_warning_at_its_field():
    unknown = RegisterHousehold.model_validate(GOOD | {"recipient": {"full_name": "Siti Contoh"}})
    assert [warning.field for warning in registration_warnings(unknown)] == ["recipient.nik"]
    odd = RegisterHousehold.model_validate(
        GOOD
        | {
            "recipient": GOOD["recipient"] | {"sex": "male"},
            "members": [{"full_name": "Contoh Dua", "nik": "3375010008909902"}],
            "family_card": "3375015708909901",
        }
    )
    assert [warning.field for warning in registration_warnings(odd)] == [
        "recipient.nik",
        "members.0.nik",
        "family_card",
    ]
