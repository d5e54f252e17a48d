"""What files cannot say, and values written for an earlier version of a plugin: exported, and planned again."""

import json
from datetime import date
from importlib.metadata import EntryPoint, entry_points
from typing import ClassVar

import pytest
from pydantic import SecretStr

from guyub.cli import plan_text
from guyub.configuration.assembly import plugin_registry
from guyub.provisioning import apply, load, plan
from guyub.provisioning.export import export
from guyub.sdk import Config, Plugin, Secret, Text, field
from tests import config_changes as changes
from tests.config_changes import set_active
from tests.stored_values import set_values

KUDUS = "rutan-kudus"
JANUARY, MARCH = date(2025, 1, 1), date(2025, 3, 1)
TOKEN = "sandi-yang-tidak-boleh-keluar"


def words(said: str) -> Text:
    return Text(id=said, en=said)


class GatewayConfig(Config):
    address: str = field(words("Alamat"), help=words("Contoh."), default="contoh.invalid")
    token: Secret | None = field(words("Sandi"), help=words("Contoh."), default=None)


class Gateway(Plugin):
    slug = "gerbang_contoh"
    title = words("Gerbang contoh")
    summary = words("Hanya untuk pengujian.")
    config = GatewayConfig


def _renamed(old):
    if "percentage" in old:
        old["share"] = old.pop("percentage")
    return old


class InfakConfig(Config):
    share: int = field(words("Bagian"), help=words("Contoh."), default=10, ge=1, le=100)


class Infak(Plugin):
    slug = "infak_contoh"
    title = words("Infak contoh")
    summary = words("Hanya untuk pengujian.")
    config = InfakConfig
    config_version = 2
    config_migrations: ClassVar = {1: _renamed}


gateway, infak = Gateway(), Infak()


@pytest.fixture
def plugins(protector):
    names = {"gerbang_contoh": "gateway", "infak_contoh": "infak"}
    ours = [EntryPoint(slug, f"{__name__}:{name}", "guyub") for slug, name in names.items()]
    return plugin_registry([*entry_points(group="guyub"), *ours], protector)


@pytest.fixture
def sealed(database, plugins, protector):
    """A secret at a facility, beside a value that is none."""
    values = {"token": SecretStr(TOKEN), "address": "kudus.invalid"}
    with database.work(database.as_service("tests")) as work:
        kudus = work.run("SELECT id FROM guyub.facility WHERE code = :code", code=KUDUS).scalar_one()
        set_active(work, plugins, "gerbang_contoh", kudus, True, JANUARY, "coba")
        changes.apply(work, plugins, changes.request("gerbang_contoh", values, JANUARY, "coba", facility=KUDUS))


def exported(database, plugins, folder):
    with database.work(database.as_service("tests")) as work:
        return export(work, plugins, folder)


def applied(database, plugins, folder):
    with database.work(database.as_service("tests")) as work:
        return apply(work, plugins, load(folder, plugins))


def resolved(database, plugins, slug, on):
    with database.work(database.as_service("tests", KUDUS)) as work:
        return plugins.resolve(work, slug, work.here.id, on).config


def test_a_secret_is_left_out_of_the_files_and_said_to_be(sealed, files, database, plugins):
    done = exported(database, plugins, files.root)
    assert [(item.place, item.what, item.is_secret) for item in done.left_out] == [
        (KUDUS, "gerbang_contoh.token", True)
    ]
    text = files.path(KUDUS).read_text(encoding="utf-8")
    assert "# Rahasia tidak ditulis di sini | secrets are not written here: gerbang_contoh.token" in text
    assert 'address = "kudus.invalid"' in text
    for path in files.root.rglob("*.toml"):
        assert TOKEN not in path.read_text(encoding="utf-8")
        assert "token =" not in path.read_text(encoding="utf-8")


def test_files_without_the_secret_plan_nothing_and_leave_it_where_it_is(sealed, files, database, plugins):
    exported(database, plugins, files.root)
    assert applied(database, plugins, files.root).changes == ()
    files.change(KUDUS, "kudus.invalid", "lain.invalid")
    assert [change.what for change in applied(database, plugins, files.root).changes] == [
        "config.gerbang_contoh.address"
    ]
    found = resolved(database, plugins, "gerbang_contoh", MARCH)
    assert (found.address, found.token.get_secret_value()) == ("lain.invalid", TOKEN)


def test_a_plan_never_shows_a_secret(sealed, files, database, plugins):
    exported(database, plugins, files.root)
    files.change(KUDUS, "kudus.invalid", "lain.invalid")
    with database.work(database.as_service("tests")) as work:
        found = plan(work, plugins, load(files.root, plugins))
    told = json.dumps(plan_text.as_json(found)) + plan_text.page(found, plugins, everything=True)
    assert TOKEN not in told
    assert "token" not in told


@pytest.fixture
def of_an_earlier_version(database, plugins):
    with database.work(database.as_service("tests")) as work:
        kudus = work.run("SELECT id FROM guyub.facility WHERE code = :code", code=KUDUS).scalar_one()
        set_active(work, plugins, "infak_contoh", kudus, True, JANUARY, "coba")
        set_values(
            work,
            "infak_contoh",
            {"percentage": 30},
            valid_from=JANUARY,
            reason="v1",
            facility_id=kudus,
            config_version=1,
        )


def test_a_value_of_an_earlier_version_is_written_under_its_name_of_today(
    of_an_earlier_version, files, database, plugins
):
    exported(database, plugins, files.root)
    text = files.path(KUDUS).read_text(encoding="utf-8")
    assert "share = 30" in text
    assert "percentage" not in text
    assert applied(database, plugins, files.root).changes == ()


def test_a_change_of_it_is_reported_from_what_it_is_worth_today_and_counts_from_its_day(
    of_an_earlier_version, files, database, plugins
):
    exported(database, plugins, files.root)
    files.change(KUDUS, "share = 30", "share = 40")
    files.change(KUDUS, "[plugins.infak_contoh]\nfrom = 2025-01-01", "[plugins.infak_contoh]\nfrom = 2025-03-01")
    (change,) = applied(database, plugins, files.root).changes
    assert (change.what, change.old, change.new, change.valid_from) == ("config.infak_contoh.share", 30, 40, MARCH)
    assert resolved(database, plugins, "infak_contoh", JANUARY).share == 30
    assert resolved(database, plugins, "infak_contoh", MARCH).share == 40
    assert applied(database, plugins, files.root).changes == ()


def test_the_name_of_an_earlier_version_in_a_file_is_an_error(files):
    begin = files.add(
        KUDUS, "\n[plugins.infak_contoh]\nfrom = 2025-01-01\n[plugins.infak_contoh.config]\npercentage = 30\n"
    )
    assert files.finding().startswith(f"facilities/jawa-tengah/{KUDUS}.toml:{begin + 4}: ")
    assert "“percentage” tidak dikenal" in files.finding()
