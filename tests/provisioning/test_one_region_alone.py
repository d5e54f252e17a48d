"""A region's folder is planned and applied without those of other regions, and nothing outside it is spoken of."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from guyub.cli.facilities_commands import app
from guyub.provisioning import apply, load, plan
from guyub.provisioning.diagnostics import FilesRefused
from guyub.sdk.errors import Refusal
from tests.stored_values import set_values

HERE = "jawa-tengah"
REGION = """name = "Contoh Timur"
office_name = "Kanwil Contoh Timur"
letterhead = ["KANWIL CONTOH TIMUR"]
"""
FACILITY = """name = "Rutan Contoh"
long_name = "Rumah Tahanan Negara Contoh"
type = "rutan"
class = "IIB"
city = "Kota Contoh"
city_code = "33.19"
place = "Contoh"
zone = "Asia/Makassar"
"""


@pytest.fixture
def other(files):
    """The folder of another region beside that of Jawa Tengah."""
    folder = files.root / "contoh-timur"
    folder.mkdir()
    (folder / "region.toml").write_text(REGION)
    (folder / "rutan-contoh.toml").write_text(FACILITY)
    return folder


def planned(database, plugins, root, region=""):
    with database.work(database.as_service("tests")) as work:
        return plan(work, plugins, load(root, plugins, region))


def test_only_what_its_files_say_of_that_region_is_planned(files, other, database, plugins):
    files.change("national", 'label = "13 ', 'label = "Lain 13 ')
    files.change("rutan-kudus", "quota = 8", "quota = 9")
    (change,) = planned(database, plugins, files.root, HERE).changes
    assert (change.facility, change.what, change.new) == ("rutan-kudus", "config.bansos.quota", 9)
    assert {one.region for one in planned(database, plugins, files.root, "contoh-timur").changes} == {"contoh-timur"}
    assert {issue.code for issue in planned(database, plugins, files.root, HERE).issues} == {"configuration.backdated"}


def test_errors_of_other_regions_are_not_in_the_way(files, other, database, plugins):
    (other / "rutan-contoh.toml").write_text("name = 5")
    with pytest.raises(FilesRefused):
        load(files.root, plugins)
    assert planned(database, plugins, files.root, HERE).changes == ()


def test_values_above_the_region_still_count(files, other, database, plugins):
    (other / "rutan-contoh.toml").write_text(FACILITY + "\n[plugins.bansos]\nfrom = 2027-01-01\n")
    with database.work(database.as_service("tests")) as work:
        set_values(work, "bansos", {"quota": 3}, valid_from=date(2027, 1, 1), reason="", locked=frozenset({"quota"}))
    found = planned(database, plugins, files.root, "contoh-timur")
    assert [(one.field, one.after.value) for one in found.effects if one.field == "quota"] == [("quota", 3)]
    (other / "rutan-contoh.toml").write_text(FACILITY + "\n[plugins.bansos]\nfrom = 2027-01-01\nconfig = {quota = 4}\n")
    assert planned(database, plugins, files.root, "contoh-timur").is_blocked


def test_applied_alone_it_leaves_the_rest_as_it_is(files, other, database, plugins):
    with database.work(database.as_service("tests")) as work:
        done = apply(work, plugins, load(files.root, plugins, "contoh-timur"))
    assert {one.region for one in done.changes} == {"contoh-timur"}
    assert planned(database, plugins, files.root).changes == ()


def test_a_region_without_a_folder_is_refused_with_those_there_are(files, plugins):
    with pytest.raises(Refusal) as refused:
        load(files.root, plugins, "jawa-tengha")
    assert refused.value.code == "provisioning.no_region"
    assert HERE in refused.value.remedy.en


@pytest.mark.deep
def test_the_command_names_the_region_again_where_it_says_what_to_do(files, other, home_folder, monkeypatch):
    monkeypatch.setenv("GUYUB_HOME", str(home_folder / "home"))
    monkeypatch.delenv("GUYUB_DATABASE_URL", raising=False)

    def guyub(*arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    assert guyub("apply", files.root).exit_code == 0
    files.change("rutan-kudus", "quota = 8", "quota = 9")
    shown = guyub("plan", files.root, "--region", HERE)
    assert f"--region {HERE} --plan " in shown.stdout
    digest = json.loads(guyub("plan", files.root, "--region", HERE, "--json").stdout)["digest"]
    assert guyub("apply", files.root, "--region", HERE, "--plan", digest).exit_code == 0
