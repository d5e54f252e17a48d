"""What is said of a wrong value names the field by its title and what is allowed, each language in its own words."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError, field_validator, model_validator

from guyub.sdk import Config, Percent, Quantity, Rupiah, Secret, Text, field
from guyub.ui.constraint_text import range_of
from guyub.ui.model_fields import fields_of, with_unit
from guyub.ui.validation_messages import explain, outermost_left_out

KG = Text(id="kg", en="kg")
RUPIAH = Text(id="rupiah", en="rupiah")


def named(indonesian, english, **rest):
    return field(Text(id=indonesian, en=english), help=Text(id="Petunjuk.", en="Hint."), **rest)


class Line(Config):
    price: Rupiah = named("Harga", "Price", unit=RUPIAH, le=9_000)
    label: str = named("Nama", "Name", max_length=5, default="a")


class Specimen(Config):
    amount: Rupiah = named("Uang", "Money", unit=RUPIAH, default=5_000, ge=1_000, le=9_000)
    weight: Quantity | None = named("Berat", "Weight", unit=KG, default=5, le=20)
    exact: Quantity = named("Takaran", "Measure", unit=KG, default=5)
    part: Decimal = named("Bagian", "Part", default=Decimal(1), ge=Decimal("0.5"), lt=Decimal("2.5"))
    step: int = named("Langkah", "Step", default=5, ge=5, le=50, multiple_of=5)
    day: date = named("Hari", "Day", default=date(2024, 1, 1), ge=date(2024, 1, 1), le=date(2024, 12, 31))
    later: date | None = named("Sesudah", "After", default=None, gt=date(2024, 1, 1))
    words: tuple[str, ...] = named("Kata", "Words", default=())
    parts: tuple[Percent, ...] = named("Persen", "Per cent", default=(), max_length=2)
    lines: tuple[Line, ...] = named("Rincian", "Lines", default=())
    low: int = named("Terendah", "Lowest", default=1, ge=1, le=9)
    high: int = named("Tertinggi", "Highest", default=2, ge=1, le=9)
    code: str = named("Kode", "Code", default="a", max_length=3)
    token: Secret | None = named("Kunci", "Key", default=None)

    @field_validator("code")
    @classmethod
    def _free(cls, value: str) -> str:
        if value == "ZZ":
            raise ValueError("ZZ sudah dipakai")
        return value

    @model_validator(mode="after")
    def _ordered(self) -> "Specimen":
        if self.low > self.high:
            raise ValueError("low melebihi high")
        if self.low == self.high:
            raise ValueError("keduanya sama.")
        if self.token is not None and self.token.get_secret_value() == "buka":
            raise ValueError("token terlalu mudah")
        return self


def said(**values):
    with pytest.raises(ValidationError) as caught:
        Specimen.model_validate(values)
    (one,) = outermost_left_out(caught.value.errors(include_url=False))
    return explain(Specimen, one)


@pytest.mark.parametrize(
    ("values", "indonesian", "english"),
    [
        (
            {"amount": 500},
            "“Uang” (amount): 500 tidak diterima; isi 1.000 sampai 9.000 rupiah.",
            "“Money” (amount): 500 is not accepted; enter 1.000 to 9.000 rupiah.",
        ),
        (
            {"amount": True},
            "“Uang” (amount) harus berupa bilangan bulat, bukan true; isi 1.000 sampai 9.000 rupiah.",
            "“Money” (amount) must be a whole number, not true; enter 1.000 to 9.000 rupiah.",
        ),
        (
            {"weight": 21},
            "“Berat” (weight): 21 tidak diterima; isi lebih dari 0 dan paling banyak 20 kg.",
            "“Weight” (weight): 21 is not accepted; enter more than 0 and at most 20 kg.",
        ),
        (
            {"exact": "1.23456"},
            "“Takaran” (exact): “1.23456” tidak diterima; isi lebih dari 0 kg, paling banyak 11 angka di depan koma"
            " dan paling banyak 3 angka di belakang koma.",
            "“Measure” (exact): “1.23456” is not accepted; enter more than 0 kg, at most 11 digits before the decimal"
            " point and at most 3 decimals.",
        ),
        (
            {"exact": float("nan")},
            "“Takaran” (exact): nan tidak diterima; isi lebih dari 0 kg.",
            "“Measure” (exact): nan is not accepted; enter more than 0 kg.",
        ),
        (
            {"part": 3},
            "“Bagian” (part): 3 tidak diterima; isi sedikitnya 0,5 dan kurang dari 2,5.",
            "“Part” (part): 3 is not accepted; enter at least 0.5 and less than 2.5.",
        ),
        (
            {"step": 7},
            "“Langkah” (step): 7 tidak diterima; isi 5 sampai 50, kelipatan 5.",
            "“Step” (step): 7 is not accepted; enter 5 to 50, a multiple of 5.",
        ),
        (
            {"day": date(2026, 1, 1)},
            "“Hari” (day): 2026-01-01 tidak diterima; isi 2024-01-01 sampai 2024-12-31.",
            "“Day” (day): 2026-01-01 is not accepted; enter 2024-01-01 to 2024-12-31.",
        ),
        (
            {"later": date(2023, 1, 1)},
            "“Sesudah” (later): 2023-01-01 tidak diterima; isi tanggal sesudah 2024-01-01.",
            "“After” (later): 2023-01-01 is not accepted; enter a day after 2024-01-01.",
        ),
        (
            {"words": ["satu", " "]},
            "“Kata”, isian ke-2 (words.1): “ ” tidak diterima; isi sedikitnya 1 karakter.",
            "“Words”, entry 2 (words.1): “ ” is not accepted; enter at least 1 character.",
        ),
        (
            {"parts": [1, 101]},
            "“Persen”, isian ke-2 (parts.1): 101 tidak diterima; isi 0 sampai 100.",
            "“Per cent”, entry 2 (parts.1): 101 is not accepted; enter 0 to 100.",
        ),
        (
            {"parts": [1, 2, 3]},
            "“Persen” (parts): daftar berisi 3 tidak diterima; isi paling banyak 2 isian.",
            "“Per cent” (parts): a list of 3 is not accepted; enter at most 2 entries.",
        ),
        (
            {"lines": [{"price": 1}, {"price": 9_001}]},
            "“Rincian”, baris 2, kolom “Harga” (lines.1.price): 9001 tidak diterima; isi 0 sampai 9.000 rupiah.",
            "“Lines”, row 2, column “Price” (lines.1.price): 9001 is not accepted; enter 0 to 9.000 rupiah.",
        ),
        (
            {"lines": [{"price": 1, "labl": "a"}]},
            "“Rincian”, isian ke-1 (lines.0): “labl” tidak dikenal; mungkin maksud Anda “label”.",
            "“Lines”, entry 1 (lines.0): “labl” is not known; did you mean “label”.",
        ),
        (
            {"lines": [1]},
            "“Rincian”, isian ke-1 (lines.0) harus berupa tabel, bukan 1.",
            "“Lines”, entry 1 (lines.0) must be a table, not 1.",
        ),
        (
            {"amount": 10**5000},
            "“Uang” (amount): bilangan yang terlalu panjang tidak diterima; isi 1.000 sampai 9.000 rupiah.",
            "“Money” (amount): a number that is too long is not accepted; enter 1.000 to 9.000 rupiah.",
        ),
    ],
)
def test_a_wrong_value_is_reported_with_its_field_and_all_that_is_allowed(values, indonesian, english):
    sentence = said(**values)

    assert sentence.id == indonesian
    assert sentence.en == english


@pytest.mark.parametrize(
    ("values", "indonesian"),
    [
        ({"code": "ZZ"}, "“Kode” (code): “ZZ” tidak diterima; ZZ sudah dipakai."),
        ({"low": 3, "high": 2}, "“Terendah” (low) 3, “Tertinggi” (high) 2 tidak diterima; low melebihi high."),
        ({"low": 2, "high": 2}, "Isian ini tidak diterima; keduanya sama."),
        ({"token": "buka"}, "Isian ini tidak diterima; token terlalu mudah."),
    ],
)
def test_the_authors_own_words_stand_as_they_are_after_the_fields_that_they_name(values, indonesian):
    assert said(**values).id == indonesian


@pytest.mark.parametrize("value", [True, "x", [], {}, float("inf"), "1e999", 10**30, -1])
@pytest.mark.parametrize("name", ["amount", "weight", "part", "step", "day", "low"])
def test_the_indonesian_of_a_refusal_holds_no_english(name, value):
    sentence = said(**{name: value}).id

    assert not {"should", "input", "must", "than", "equal", "valid", "number"} & set(sentence.lower().split())


def test_a_unit_is_counted_in_the_singular_where_it_is_one():
    class Plan(Config):
        quota: int = field(
            Text(id="Kuota", en="Quota"),
            help=Text(id="Jumlah.", en="How many."),
            unit=Text(id="keluarga", en="households", en_one="household"),
            default=5,
            ge=1,
        )

    (quota,) = fields_of(Plan)
    assert with_unit(Text.same(1), quota.unit, 1) == Text(id="1 keluarga", en="1 household")
    assert with_unit(Text.same(2), quota.unit, 2) == Text(id="2 keluarga", en="2 households")
    assert with_unit(Text.same(2), None, 2) == Text.same(2)
    assert range_of(Plan, ("quota",)) == Text(id="isi sedikitnya 1 keluarga", en="enter at least 1 household")


def test_a_field_that_says_what_nothing_means_says_it_for_zero_only():
    class Plan(Config):
        pause: int = field(
            Text(id="Jeda", en="Pause"),
            help=Text(id="Jumlah.", en="How many."),
            unit=Text(id="bulan", en="months", en_one="month"),
            zero=Text(id="tanpa jeda", en="no pause"),
            default=0,
        )

    (pause,) = fields_of(Plan)
    assert with_unit(Text.same(0), pause.unit, 0, pause.zero) == Text(id="tanpa jeda", en="no pause")
    assert with_unit(Text.same(3), pause.unit, 3, pause.zero) == Text(id="3 bulan", en="3 months")
