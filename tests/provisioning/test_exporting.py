"""The files written from the database: planned afterwards they show nothing, and what stood in them stays."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from guyub.configuration.revert import revert
from guyub.facilities import service
from guyub.facilities.records import OfficialRecord
from guyub.provisioning import apply, load, plan
from guyub.provisioning.export import BY_WEB, export
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from tests import places
from tests.config_changes import set_active
from tests.stored_values import set_values

TODAY = date(2026, 11, 25)
MAY = (date(2024, 5, 1), date(2024, 5, 9))
DAYS = [TODAY + timedelta(days) for days in (-400, -90, -1, 0, 1, 40, 300)]


def exported(database, plugins, folder):
    with database.work(database.as_service("tests")) as work:
        return export(work, plugins, folder)


def shown(database, plugins, folder):
    with database.work(database.as_service("tests")) as work:
        return plan(work, plugins, load(folder, plugins))


def shuffled_world(work, plugins, seed):
    """Values with dates and locks at every layer, resets, activations on and off, acting officials, other names."""
    chance = random.Random(seed)
    codes = [row.code for row in work.run("SELECT code FROM guyub.facility ORDER BY code")]
    region = work.run("SELECT id FROM guyub.region").scalar_one()
    ids = dict(work.run("SELECT code, id FROM guyub.facility").all())
    for day in DAYS:
        if chance.random() < 0.6:
            place = chance.choice([{}, {"region_id": region}])
            value = chance.choice([None, chance.randint(1, 30)])
            set_values(work, "bansos", {"quota": value}, valid_from=day, reason="coba", **place)
        for code in chance.sample(codes, 4):
            changes = {"quota": chance.choice([None, 7, 12]), "ceiling": chance.choice([None])}
            set_values(
                work, "bansos", changes, valid_from=day, reason=chance.choice(["", "usul"]), facility_id=ids[code]
            )
        for code in chance.sample(codes, 3):
            slug = chance.choice(["bansos", "csr_funding", "canteen_profit"])
            set_active(work, plugins, slug, ids[code], chance.random() < 0.5, day, "coba")
    last = DAYS[-1] + timedelta(1)
    set_values(
        work, "bansos", {"quota": 4}, valid_from=last, reason="kunci", region_id=region, locked=frozenset({"quota"})
    )
    for code in codes:  # nothing of their own under a lock that is to come
        set_values(work, "bansos", {"quota": None}, valid_from=last, reason="kunci", facility_id=ids[code])
    renamed, on_other_paper = (places.record_in(work, code) for code in codes[:2])
    service.save_facilities(
        work,
        [
            replace(renamed, name=f"{renamed.name} Baru", letterhead=("SATU", "DUA")),
            replace(on_other_paper, letter_template="X-{seq}", paper="A4"),
        ],
    )
    service.save_officials(work, [OfficialRecord(codes[2], "head", "Kepala Sementara", "Contoh", "", "Plh.", *MAY)])


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 6))])
def test_what_is_exported_into_an_empty_folder_or_over_other_files_plans_nothing(
    files, database, plugins, tmp_path, seed
):
    with database.work(database.as_service("tests")) as work:
        shuffled_world(work, plugins, seed)
    for folder in (tmp_path / "empty", files.root):
        exported(database, plugins, folder)
        found = shown(database, plugins, folder)
        assert [change.as_json() for change in found.changes] == []
        assert not found.is_blocked
        assert exported(database, plugins, folder).written == ()


def test_comments_and_order_stay_and_a_changed_value_changes_its_line_alone(files, database, plugins):
    exported(database, plugins, files.root)
    path = files.path("rutan-kudus")
    before = path.read_text().splitlines()
    assert any(line.startswith("# Nama pejabat hanya contoh") for line in before)
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        set_values(work, "bansos", {"quota": 9}, valid_from=date(2025, 1, 1), reason="x", facility_id=work.here.id)
    assert [path.name for path in exported(database, plugins, files.root).written] == ["rutan-kudus.toml"]
    after = path.read_text().splitlines()
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        ("quota = 8", "quota = 9")
    ]


def test_the_files_that_come_with_guyub_are_exported_as_they_are_but_for_the_line_of_their_schema(
    files, database, plugins
):
    before = {path: path.read_text() for path in files.root.rglob("*.toml")}
    exported(database, plugins, files.root)
    for path, text in before.items():
        kept = [line for line in path.read_text().splitlines() if not line.startswith("#:schema ")]
        assert kept == [line for line in text.splitlines() if not line.startswith("#:schema ")], path.name


def test_a_value_of_a_later_day_is_written_as_one_and_changes_nothing(database, plugins, tmp_path):
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        set_values(work, "bansos", {"quota": 9}, valid_from=date(2027, 1, 1), reason="x", facility_id=work.here.id)
        set_active(work, plugins, "bansos", work.here.id, False, date(2028, 1, 1), "berakhir")
    exported(database, plugins, tmp_path)
    text = (tmp_path / "jawa-tengah" / "rutan-kudus.toml").read_text()
    assert "[[plugins.bansos.later]]\nfrom = 2027-01-01" in text
    assert "active = false" in text
    with database.work(database.as_service("tests")) as work:
        assert apply(work, plugins, load(tmp_path, plugins)).changes == ()


def test_a_facility_managed_by_the_web_is_written_too_and_its_file_says_so(files, database, plugins):
    places.managed_by(database, "web", "rutan-kudus", regions=())
    places.change_facility(database, "rutan-kudus", paper="A4")
    done = exported(database, plugins, files.root)
    assert done.by_web == ("rutan-kudus",)
    text = files.path("rutan-kudus").read_text()
    assert BY_WEB in text
    assert 'paper = "A4"' in text
    found = shown(database, plugins, files.root)
    assert (found.changes, found.is_blocked) == ((), False)


def test_a_file_that_is_no_toml_is_named_and_nothing_is_written(files, database, plugins):
    places.change_facility(database, "rutan-blora", paper="A4")
    files.path("rutan-kudus").write_text("name = ")
    before = files.path("rutan-blora").read_text()
    with pytest.raises(Refusal, match="rutan-kudus"):
        exported(database, plugins, files.root)
    assert files.path("rutan-blora").read_text() == before


def test_tables_of_a_plugin_that_is_deactivated_stay_as_they_are_and_the_reason_is_said(files, database, plugins):
    before = {path: path.read_text() for path in files.root.rglob("*.toml")}
    plugins.set_aside(
        "canteen_profit", Text(id="Dinonaktifkan oleh admin.", en="Disabled by admin."), Text(id="", en="")
    )
    done = exported(database, plugins, files.root)
    assert {path: path.read_text() for path in before} == before
    assert {(item.what, item.why.id) for item in done.left_out} == {("canteen_profit", "Dinonaktifkan oleh admin.")}
    exported(database, plugins, files.root / "empty")
    assert not any("canteen_profit" in path.read_text() for path in (files.root / "empty").rglob("*.toml"))


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("rutan-demak", "[plugins.canteen_profit] # mulai kantin\nfrom = 2026-01-01\nactive = false # belum\n"),
        ("region", "[plugins.canteen_profit] # kelak\nfrom = 2026-01-01\n"),
        (
            "rutan-demak",
            "[plugins.belum_terpasang] # kelak\nfrom = 2026-01-01\n[plugins.belum_terpasang.config]\na = 1\n",
        ),
    ],
)
def test_a_table_that_changes_nothing_stays_with_its_comments(files, database, plugins, name, table):
    exported(database, plugins, files.root)
    files.add(
        name,
        f"\n{table}\n# Sebelum tabel berikutnya.\n[plugins.csr_funding]\nfrom = 2026-01-01\nactive = false\n"
        if name != "region"
        else f"\n{table}",
    )
    before = files.path(name).read_text()
    assert exported(database, plugins, files.root).written == ()
    assert files.path(name).read_text() == before


def test_a_table_that_says_what_is_not_recorded_goes(files, database, plugins):
    files.add("rutan-demak", "\n[plugins.canteen_profit]\nfrom = 2026-01-01\n")
    exported(database, plugins, files.root)
    assert "canteen_profit" not in files.path("rutan-demak").read_text()
    assert shown(database, plugins, files.root).changes == ()


def test_a_facility_that_stands_under_another_region_again_takes_its_file_along(files, database, plugins):
    text = files.path("region").read_text().replace("Jawa Tengah", "Contoh Utara").replace("W.13", "W.99")
    files.add("../contoh-utara/region", text)
    old, new = files.root / "contoh-utara" / "rutan-kudus.toml", files.path("rutan-kudus")
    new.write_text(new.read_text().replace('place = "Kudus"', 'place = "Kudus" # alun-alun'))
    with database.work(database.as_service("tests")) as work:
        apply(work, plugins, load(files.root, plugins))
    new.rename(old)
    done = exported(database, plugins, files.root)
    assert done.moved == ((old, new),)
    assert not old.exists()
    assert "# alun-alun" in new.read_text()
    assert shown(database, plugins, files.root).changes == ()


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(files, database, plugins, tmp_path):
    exported(database, plugins, files.root)
    elsewhere = tmp_path / "elsewhere.toml"
    files.path("rutan-kudus").rename(elsewhere)
    files.path("rutan-kudus").symlink_to(elsewhere)
    places.change_facility(database, "rutan-kudus", paper="A4")
    exported(database, plugins, files.root)
    assert files.path("rutan-kudus").is_symlink()
    assert 'paper = "A4"' in elsewhere.read_text()


@pytest.mark.parametrize("wrong", [b'name = "Kud\xfcs"', b"a = " + b"9" * 5000, b"a = " + b"[" * 900])
def test_a_file_that_cannot_be_read_is_named_with_its_line(files, database, plugins, wrong):
    files.path("rutan-kudus").write_bytes(b"# x\n" + wrong)
    with pytest.raises(Refusal, match=r"rutan-kudus\.toml:2: "):
        exported(database, plugins, files.root)


def test_the_reason_of_a_later_change_stands_beside_it_alone(database, plugins, tmp_path):
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        since, later = date(2025, 6, 1), date(2027, 1, 1)
        set_values(work, "bansos", {"quota": 7}, valid_from=since, reason="usulan", facility_id=work.here.id)
        set_values(work, "bansos", {"quota": 9}, valid_from=later, reason="tahun baru", facility_id=work.here.id)
    exported(database, plugins, tmp_path)
    text = (tmp_path / "jawa-tengah" / "rutan-kudus.toml").read_text()
    assert text.count("tahun baru") == text.count("usulan") == 1
    assert text.index("usulan") < text.index("[[plugins.bansos.later]]") < text.index("tahun baru")


def test_a_plan_that_was_taken_back_leaves_no_empty_list_in_the_files(files, database, plugins):
    exported(database, plugins, files.root)
    before = files.path("rutan-kudus").read_text()
    files.change(
        "rutan-kudus",
        "from = 2025-01-01\n[plugins.bansos.config]",
        'from = 2025-01-01\nlocked = ["quota"]\n[plugins.bansos.config]',
    )
    later = '[[plugins.bansos.later]]\nfrom = 2027-01-01\ninherit = ["quota"]\n'
    files.change("rutan-kudus", "quota = 8\n", f"quota = 8\n{later}")
    with database.work(database.as_service("tests")) as work:
        done = apply(work, plugins, load(files.root, plugins))
    exported(database, plugins, files.root)
    assert 'locked = ["quota"]' in files.path("rutan-kudus").read_text()
    with database.work(database.as_service("tests")) as work:
        revert(work, plugins, done.id, None, reason="")
    exported(database, plugins, files.root)
    text = files.path("rutan-kudus").read_text()
    assert "= []" not in text
    assert text.replace(" ", "").count("locked") == before.count("locked")
