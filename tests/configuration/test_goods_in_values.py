"""A package names goods of the catalogue, in the unit in which they are counted, whichever door its value comes through."""

import shutil
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from guyub.configuration.plan import Plan
from guyub.db.models import RegionModel
from guyub.db.unit_of_work import Database
from guyub.funds import catalogue
from guyub.funds.catalogue import Keeper
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import load, packaged_folder, plan
from tests import config_changes as changes
from tests import places
from tests.visits import NewVisitor

ON = date(2027, 1, 1)
LINE = {"code": "beras", "name": "Beras", "unit": "kg", "quantity": "5", "price": 15_673}
HERE = "rutan-pekalongan"
WRONG: list[Any] = [
    ({"code": "bers"}, "package.0.code", "beras"),
    ({"unit": "sak"}, "package.0.unit", "kg"),
]


def said_of(planned: Plan) -> list[str]:
    return [issue.sentence.id for issue in planned.issues if issue.is_blocking]


@pytest.mark.parametrize(("changed", "path", "nearest"), WRONG)
@pytest.mark.parametrize("place", [{"facility": HERE}, {"region": "jawa-tengah"}])
def test_unknown_goods_and_another_unit_block_a_change_of_a_facility_and_of_a_region(
    acting: Any,
    database: Database,
    plugins: PluginRegistry,
    place: dict[str, str],
    changed: dict[str, str],
    path: str,
    nearest: str,
):
    places.managed_by(database, "web")
    with acting("kanwil") as work:
        right = changes.request("bansos", {"package": [LINE]}, ON, **place)
        assert said_of(changes.preview(work, plugins, right)) == []
        wrong = changes.request("bansos", {"package": [LINE | changed]}, ON, **place)
        [sentence] = said_of(changes.preview(work, plugins, wrong))
    assert path in sentence
    assert nearest in sentence


def test_goods_that_an_office_adds_are_known_to_its_packages(acting: Any, database: Database, plugins: PluginRegistry):
    places.managed_by(database, "web")
    asked = changes.request("bansos", {"package": [LINE | {"code": "kurma"}]}, ON, region="jawa-tengah")
    with acting("kanwil") as work:
        assert len(said_of(changes.preview(work, plugins, asked))) == 1
        region = work.scalar(select(col(RegionModel.id)).where(col(RegionModel.code) == "jawa-tengah"))
        catalogue.add_goods(work, Keeper(office=True, region_id=region), "Kurma", "kg")
        assert said_of(changes.preview(work, plugins, asked)) == []


@pytest.mark.parametrize(("changed", "path", "nearest"), WRONG)
def test_a_file_names_goods_of_the_catalogue(
    database: Database, plugins: PluginRegistry, tmp_path: Any, changed: dict[str, str], path: str, nearest: str
):
    shutil.copytree(packaged_folder(), tmp_path / "facilities")
    file = tmp_path / "facilities" / "jawa-tengah" / "rutan-pekalongan.toml"
    [(name, value)] = changed.items()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f'{name} = "{LINE[name]}"', f'{name} = "{value}"', 1), encoding="utf-8")
    with database.work(database.as_service("tests")) as work:
        [sentence] = said_of(plan(work, plugins, load(tmp_path / "facilities", plugins)))
    assert path in sentence
    assert nearest in sentence


def test_the_api_refuses_them_and_names_the_field(visitor: NewVisitor, database: Database):
    places.managed_by(database, "web")
    kanwil = visitor("kanwil")
    kanwil.opens("/f/rutan-pekalongan/")
    address = f"/api/v1/f/{HERE}/plugins/bansos/configuration"
    body = {"values": {"package": [LINE | {"code": "bers"}]}, "valid_from": ON.isoformat(), "reason": "Surat edaran"}
    answer = kanwil.client.patch(address, json=body, headers={"x-csrf-token": kanwil.token})
    assert answer.status_code == 422, answer.text
    assert "package.0.code" in answer.json()["title"]
