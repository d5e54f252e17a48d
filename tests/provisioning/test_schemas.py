"""The schemas by which editors complete the files: right files pass, wrong ones do not, and what is kept is up to date."""

import json
import tomllib
from datetime import date
from typing import Any

import jsonschema
import pytest

from guyub.provisioning.folder import packaged_folder
from guyub.provisioning.schemas import FOLDER, KINDS, schema_of

REPOSITORY_FILES = sorted(packaged_folder().rglob("*.toml"))


def kind_of(path) -> str:
    return "facility" if path.stem not in KINDS else path.stem


def as_an_editor_reads(value: Any) -> Any:
    """A day in TOML is a string with a format to a schema."""
    if isinstance(value, dict):
        return {name: as_an_editor_reads(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_an_editor_reads(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def mistakes(host, kind: str, text: str) -> list[str]:
    validator = jsonschema.Draft7Validator(schema_of(kind, host))
    return [error.json_path for error in validator.iter_errors(as_an_editor_reads(tomllib.loads(text)))]


def test_every_file_that_comes_with_guyub_passes_the_schema_of_its_kind(host):
    validators = {kind: jsonschema.Draft7Validator(schema_of(kind, host)) for kind in KINDS}
    for path in REPOSITORY_FILES:
        data = as_an_editor_reads(tomllib.loads(path.read_text(encoding="utf-8")))
        assert [error.message for error in validators[kind_of(path)].iter_errors(data)] == [], path.name


def test_every_file_names_its_schema_in_the_way_that_editors_look_for(host):
    for path in REPOSITORY_FILES:
        up = "./" if kind_of(path) == "national" else "../"
        assert path.read_text(encoding="utf-8").splitlines()[0] == f"#:schema {up}{FOLDER}/{kind_of(path)}.json"


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_that_are_kept_are_those_of_the_declarations(host, kind):
    kept = json.loads((packaged_folder() / FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    assert kept == schema_of(kind, host), "run: guyub facilities schema facilities"
    jsonschema.Draft7Validator.check_schema(kept)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("quota = 8", "quota = 0", "$.plugins.bansos.config.quota"),
        ("quota = 8", "kuota = 8", "$.plugins.bansos.config"),
        ('paper = "F4"', 'paper = "Folio"', "$.paper"),
        ('type = "rutan"', 'type = "rumah"', "$.type"),
        ('city_code = "33.19"', 'city_code = "3319"', "$.city_code"),
        ('place = "Kudus"', 'tempat = "Kudus"', "$"),
        ("[plugins.csr_funding]", "[plugins.csr]", "$.plugins"),
        ('role = "head"\n', "", "$.officials[0]"),
    ],
)
def test_a_wrong_file_does_not_pass(host, old, new, where):
    text = (packaged_folder() / "jawa-tengah" / "rutan-kudus.toml").read_text(encoding="utf-8")
    assert mistakes(host, "facility", text) == []
    assert old in text
    assert where in mistakes(host, "facility", text.replace(old, new, 1))
