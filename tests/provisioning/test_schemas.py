"""The schemas by which editors complete the files: right files pass, wrong ones do not, and what is kept is up to date."""

import json
import re
import tomllib
from datetime import date
from typing import Any

import jsonschema
import pytest

from guyub.facilities.classes import CLASSES, is_class_of, normal_class
from guyub.provisioning.files import packaged_folder
from guyub.provisioning.json_schema import FOLDER, KINDS, schema_of
from guyub.provisioning.json_schema_rules import class_pattern

REPOSITORY_FILES = sorted(packaged_folder().rglob("*.toml"))


def kind_of(path) -> str:
    return "facility" if path.stem not in KINDS else path.stem


def as_an_editor_reads(value: Any) -> Any:
    """A day in TOML is a string with a format to a schema."""
    if isinstance(value, dict):
        return {name: as_an_editor_reads(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_an_editor_reads(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def findings(plugins, kind: str, text: str) -> list[str]:
    validator = jsonschema.Draft7Validator(schema_of(kind, plugins))
    return [error.json_path for error in validator.iter_errors(as_an_editor_reads(tomllib.loads(text)))]


def test_every_file_that_comes_with_guyub_passes_the_schema_of_its_kind(plugins):
    validators = {kind: jsonschema.Draft7Validator(schema_of(kind, plugins)) for kind in KINDS}
    for path in REPOSITORY_FILES:
        data = as_an_editor_reads(tomllib.loads(path.read_text(encoding="utf-8")))
        assert [error.message for error in validators[kind_of(path)].iter_errors(data)] == [], path.name


def test_every_file_names_its_schema_in_the_way_that_editors_look_for(plugins):
    for path in REPOSITORY_FILES:
        up = "./" if kind_of(path) == "national" else "../"
        assert path.read_text(encoding="utf-8").splitlines()[0] == f"#:schema {up}{FOLDER}/{kind_of(path)}.json"


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_that_are_kept_are_those_of_the_declarations(plugins, kind):
    kept = json.loads((packaged_folder() / FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    assert kept == schema_of(kind, plugins), "run: guyub facilities schema facilities"
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
def test_a_wrong_file_does_not_pass(plugins, old, new, where):
    text = (packaged_folder() / "jawa-tengah" / "rutan-kudus.toml").read_text(encoding="utf-8")
    assert findings(plugins, "facility", text) == []
    assert old in text
    assert where in findings(plugins, "facility", text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('class = "IIB"', 'class = "III"', "$.class"),
        ('class = "IIB"', 'class = "IIB"\nvariant = "narkotika"', "$.variant"),
        ('class = "IIB"', 'class = "IIB"\nmerged_into = "rutan-demak"', "$"),
        ('name = "Rutan Kelas IIB Kudus"', 'name = "   "', "$.name"),
        ("quota = 8", 'quota = "8"', "$.plugins.bansos.config.quota"),
        (
            "quota = 8",
            'package = [{ code = "a", name = "A", unit = "kg", quantity = "2.1234", price = 1 }]',
            "$.plugins.bansos.config.package[0].quantity",
        ),
    ],
)
def test_what_the_loader_finds_in_one_file_the_editor_finds_as_well(plugins, files, old, new, where):
    files.change("rutan-kudus", old, new)
    text = files.path("rutan-kudus").read_text(encoding="utf-8")
    assert where in findings(plugins, "facility", text)
    assert "rutan-kudus.toml" in "".join(files.findings())


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"audit.read",\n    "registry.read"', '"audit.reed",\n    "registry.read"', "$.roles.head.permissions[0]"),
        ('default = { id = "Kepala UPT"', 'umum = { id = "Kepala UPT"', "$.roles.head.titles"),
        ('first = "programs.propose"', 'first = "programs.prepose"', "$.separations[0].first"),
    ],
)
def test_roles_are_checked_by_the_editor_as_well(plugins, files, old, new, where):
    files.change("national", old, new)
    assert where in findings(plugins, "national", files.path("national").read_text(encoding="utf-8"))
    assert files.findings()


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("form", ["{}", "Kelas {}", "klas. {}", "kls {}", "Kelas {}-", "{} "])
def test_the_editor_takes_a_class_as_the_loader_does(kind, form):
    for item in ("I", "II", "III", "IIA", "IIB", "II A", "2a", "2-B", "ii b", "3", "IV", "C"):
        given = form.format(item).rstrip("-")
        assert bool(re.search(class_pattern(CLASSES[kind]), given)) == is_class_of(kind, normal_class(given)), given


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_file_is_described_and_no_developer_speaks(plugins, kind):
    schema = schema_of(kind, plugins)
    own = [name for name in schema["definitions"] if "." not in name]
    tables = [name for name in schema["definitions"] if name.endswith((".table", ".later"))]
    for part in (schema, *(schema["definitions"][name] for name in (*own, *tables))):
        assert [key for key, one in part["properties"].items() if " | " not in one.get("description", "")] == []
        assert not {"title", "description"} & set(part)
        assert not [key for key, one in part["properties"].items() if "title" in one]
    assert "``" not in json.dumps(schema)


def test_each_plugin_has_its_own_later_tables(plugins):
    definitions = schema_of("facility", plugins)["definitions"]
    for slug in ("bansos", "canteen_profit"):
        later = definitions[f"{slug}.table"]["properties"]["later"]
        assert later["items"] == {"$ref": f"#/definitions/{slug}.later"}
