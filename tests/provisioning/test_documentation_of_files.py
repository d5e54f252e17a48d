import re
from pathlib import Path

import pytest

from guyub.provisioning.file_models import (
    FacilityFile,
    FacilityPlugin,
    FileModel,
    InheritedPlugin,
    NationalFile,
    OfficialInFile,
    RegionFile,
    RoleInFile,
    Separation,
    ThemeInFile,
)

PAGE = Path(__file__).parents[2] / "docs/administrators/facilities.md"


def keys(model: type[FileModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.parametrize(
    ("heading", "model"), [("A facility", FacilityFile), ("A region", RegionFile), ("The nation", NationalFile)]
)
def test_the_page_names_exactly_the_keys_that_a_file_may_have(heading, model):
    part = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == keys(model)


@pytest.mark.parametrize(
    "model", [OfficialInFile, FacilityPlugin, InheritedPlugin, ThemeInFile, RoleInFile, Separation]
)
def test_the_page_names_every_key_of_what_stands_inside(model):
    text = PAGE.read_text(encoding="utf-8")
    assert [key for key in sorted(keys(model)) if f"`{key}`" not in text] == []


def test_the_facility_of_the_page_is_one_that_can_be_loaded(files):
    example = PAGE.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    files.add("rutan-contoh", example)
    assert files.load().facilities["rutan-contoh"].name == "Rutan Kelas IIB Contoh"
