"""The files written from the database: planned afterwards they show nothing, and what stood in them stays."""

import random
from datetime import date, timedelta

import pytest

from guyub.host.configuration import set_values
from guyub.provisioning import apply, load, plan
from guyub.provisioning.exporting import BY_WEB, export
from guyub.sdk.errors import Refusal

TODAY = date(2026, 11, 25)
DAYS = [TODAY + timedelta(days) for days in (-400, -90, -1, 0, 1, 40, 300)]


def exported(database, host, folder):
    with database.work(database.as_service("tests")) as work:
        return export(work, host, folder)


def shown(database, host, folder):
    with database.work(database.as_service("tests")) as work:
        return plan(work, host, load(folder, host))


def shuffled_world(work, host, seed):
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
            host.set_active(work, slug, ids[code], chance.random() < 0.5, day, "coba")
    last = DAYS[-1] + timedelta(1)
    set_values(
        work, "bansos", {"quota": 4}, valid_from=last, reason="kunci", region_id=region, locked=frozenset({"quota"})
    )
    for code in codes:  # nothing of their own under a lock that is to come
        set_values(work, "bansos", {"quota": None}, valid_from=last, reason="kunci", facility_id=ids[code])
    work.run("UPDATE guyub.facility SET name = name || ' Baru' WHERE code = :code", code=codes[0])
    work.run("UPDATE guyub.facility SET letterhead = ARRAY['SATU', 'DUA'] WHERE code = :code", code=codes[0])
    work.run("UPDATE guyub.facility SET letter_template = 'X-{seq}', paper = 'A4' WHERE code = :code", code=codes[1])
    work.run(
        "INSERT INTO guyub.official (facility_id, role_code, title, name, acting, valid_from, valid_until) "
        "VALUES (:id, 'head', 'Kepala Sementara', 'Contoh', 'Plh.', '2024-05-01', '2024-05-09')",
        id=ids[codes[2]],
    )


@pytest.mark.parametrize("seed", range(6))
def test_what_is_exported_into_an_empty_folder_or_over_other_files_plans_nothing(files, database, host, tmp_path, seed):
    with database.work(database.as_service("tests")) as work:
        shuffled_world(work, host, seed)
    for folder in (tmp_path / "empty", files.root):
        exported(database, host, folder)
        found = shown(database, host, folder)
        assert [change.as_json() for change in found.changes] == []
        assert not found.is_blocked
        assert exported(database, host, folder).written == ()


def test_comments_and_order_stay_and_a_changed_value_changes_its_line_alone(files, database, host):
    exported(database, host, files.root)
    path = files.path("rutan-kudus")
    before = path.read_text().splitlines()
    assert any(line.startswith("# Nama pejabat hanya contoh") for line in before)
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        set_values(work, "bansos", {"quota": 9}, valid_from=date(2025, 1, 1), reason="x", facility_id=work.here.id)
    assert [path.name for path in exported(database, host, files.root).written] == ["rutan-kudus.toml"]
    after = path.read_text().splitlines()
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        ("quota = 8", "quota = 9")
    ]


def test_the_files_that_come_with_guyub_are_exported_as_they_are_but_for_the_line_of_their_schema(
    files, database, host
):
    before = {path: path.read_text() for path in files.root.rglob("*.toml")}
    exported(database, host, files.root)
    for path, text in before.items():
        kept = [line for line in path.read_text().splitlines() if not line.startswith("#:schema ")]
        assert kept == [line for line in text.splitlines() if not line.startswith("#:schema ")], path.name


def test_a_value_of_a_later_day_is_written_as_one_and_changes_nothing(database, host, tmp_path):
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        set_values(work, "bansos", {"quota": 9}, valid_from=date(2027, 1, 1), reason="x", facility_id=work.here.id)
        host.set_active(work, "bansos", work.here.id, False, date(2028, 1, 1), "berakhir")
    exported(database, host, tmp_path)
    text = (tmp_path / "jawa-tengah" / "rutan-kudus.toml").read_text()
    assert "[[plugins.bansos.later]]\nfrom = 2027-01-01" in text
    assert "active = false" in text
    with database.work(database.as_service("tests")) as work:
        assert apply(work, host, load(tmp_path, host)).changes == ()


def test_a_facility_managed_by_the_web_is_written_too_and_its_file_says_so(files, database, host):
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET managed_by = 'web', paper = 'A4' WHERE code = 'rutan-kudus'")
    done = exported(database, host, files.root)
    assert done.by_web == ("rutan-kudus",)
    text = files.path("rutan-kudus").read_text()
    assert BY_WEB in text
    assert 'paper = "A4"' in text
    found = shown(database, host, files.root)
    assert (found.changes, found.is_blocked) == ((), False)


def test_a_file_that_is_no_toml_is_named_and_nothing_is_written(files, database, host):
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET paper = 'A4'")
    files.path("rutan-kudus").write_text("name = ")
    before = files.path("rutan-blora").read_text()
    with pytest.raises(Refusal, match="rutan-kudus"):
        exported(database, host, files.root)
    assert files.path("rutan-blora").read_text() == before
