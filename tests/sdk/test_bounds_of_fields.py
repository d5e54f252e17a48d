"""The bounds of a field hold whatever its type is, beside those that the type has; true and false are no numbers."""

from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import Field, ValidationError, create_model

from guyub.sdk import Config, PackageItem, Percent, Quantity, Rupiah, Secret, Text, field

SAID = Text(id="Contoh", en="Specimen")


def model(annotation, **limits):
    """A configuration of one field."""
    return create_model("Specimen", __base__=Config, it=(annotation, field(SAID, help=SAID, unit=SAID, **limits)))


def takes(made, value):
    try:
        made.model_validate({"it": value})
    except ValidationError:
        return False
    return True


def bounds(made):
    """The JSON schema of the number, also where it may be null or a text."""
    schema = made.model_json_schema()["properties"]["it"]
    return next((item for item in schema.get("anyOf", ()) if item.get("type") in ("integer", "number")), schema)


ALIASES = [Rupiah, Percent, Quantity, Rupiah | None, Percent | None, Quantity | None]


@pytest.mark.parametrize("alias", ALIASES)
@pytest.mark.parametrize(
    ("limits", "said", "taken", "refused"),
    [
        ({"ge": 10}, {"minimum": 10}, (10, 11), (9, 1)),
        ({"gt": 10}, {"exclusiveMinimum": 10}, (11, 12), (10, 1)),
        ({"le": 60}, {"maximum": 60}, (1, 60), (61, 99)),
        ({"lt": 60}, {"exclusiveMaximum": 60}, (1, 59), (60, 99)),
        ({"multiple_of": 5}, {"multipleOf": 5}, (5, 95), (1, 7)),
        ({"ge": 10, "le": 60}, {"minimum": 10, "maximum": 60}, (10, 60), (9, 61)),
        ({"gt": 10, "lt": 60, "multiple_of": 5}, {"exclusiveMinimum": 10, "exclusiveMaximum": 60}, (15,), (10, 11, 60)),
    ],
)
def test_a_bound_of_the_field_holds_and_is_reported_in_the_schema(alias, limits, said, taken, refused):
    made = model(alias, **limits)

    assert all(takes(made, value) for value in taken)
    assert not any(takes(made, value) for value in refused)
    assert {name: bounds(made).get(name) for name in said} == said


@pytest.mark.parametrize(
    ("alias", "limits", "refused"),
    [
        (Rupiah, {"ge": -5}, -1),
        (Rupiah, {"le": 10**18}, 10**16),
        (Percent, {"ge": -10, "le": 600}, 101),
        (Percent, {"gt": -10, "lt": 600}, -1),
        (Quantity, {"gt": -1}, 0),
        (Quantity, {"ge": 0}, 0),
        (Quantity, {"decimal_places": 5}, "1.23456"),
        (Quantity, {"max_digits": 20}, "123456789012345"),
    ],
)
def test_a_field_never_widens_what_its_type_allows(alias, limits, refused):
    assert not takes(model(alias, **limits), refused)
    assert not takes(model(alias | None, **limits), refused)


@pytest.mark.parametrize(("alias", "taken", "refused"), [(Percent, 100, 101), (Rupiah, 0, -1), (Quantity, "0.001", 0)])
def test_without_bounds_of_the_field_those_of_the_type_hold(alias, taken, refused):
    for annotation, wrapped in ((alias, False), (alias | None, False), (tuple[alias, ...], True)):
        made = model(annotation)
        assert takes(made, [taken] if wrapped else taken)
        assert not takes(made, [refused] if wrapped else refused)


Days = Annotated[int, Field(ge=0, le=30)]


@pytest.mark.parametrize("annotation", [Days, Days | None])
def test_the_bounds_of_an_authors_own_type_hold_beside_those_of_the_field(annotation):
    narrower, wider = model(annotation, ge=3, le=9), model(annotation, ge=-5, le=90)

    assert [value for value in (2, 3, 9, 10) if takes(narrower, value)] == [3, 9]
    assert [value for value in (-1, 0, 30, 31) if takes(wider, value)] == [0, 30]
    assert bounds(narrower)["minimum"] == 3
    assert bounds(narrower)["maximum"] == 9


def test_a_narrower_precision_of_a_quantity_holds():
    made = model(Quantity, decimal_places=1)

    assert takes(made, "2.5")
    assert not takes(made, "2.55")


def test_the_length_of_a_secret_may_be_narrowed():
    made = model(Secret, min_length=3, max_length=8)

    assert takes(made, "abc")
    assert not takes(made, "ab")
    assert not takes(made, "a" * 9)


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize(
    "annotation", [int, Decimal, Rupiah, Percent, Quantity, int | None, Decimal | None, Rupiah | None]
)
def test_true_and_false_are_no_numbers(annotation, value):
    assert not takes(model(annotation), value)
    assert not takes(model(tuple[annotation, ...]), [value])
    assert not takes(model(dict[str, annotation]), {"one": value})


def test_true_and_false_are_no_numbers_in_a_line_of_a_table():
    made = model(tuple[PackageItem, ...])
    line = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": 5, "price": 12_000}

    assert takes(made, [line])
    assert not takes(made, [line | {"quantity": True}])
    assert not takes(made, [line | {"price": False}])


def test_true_and_false_stay_answers_to_yes_or_no():
    assert takes(model(bool), True)


@pytest.mark.parametrize("word", ["", " ", "\t"])
def test_an_empty_word_is_no_entry_of_a_list(word):
    assert takes(model(tuple[str, ...]), ["satu"])
    assert not takes(model(tuple[str, ...]), ["satu", word])
    assert not takes(model(tuple[str, ...] | None), [word])


def test_a_text_may_be_empty_where_it_stands_alone():
    assert takes(model(str), "")
