"""A folder for the whole country: what is wrong in a few files, however it is wrong, and nothing applied behind your back."""

from datetime import date

import pytest

from guyub.provisioning import apply, load, plan
from guyub.provisioning.diagnostics import FilesRefused
from guyub.sdk.errors import Refusal

PLACES = 532


@pytest.fixture
def country(files):
    """As many files as the country has facilities."""
    text = files.path("rutan-pekalongan").read_text(encoding="utf-8")
    known = len([path for path in files.root.rglob("*.toml") if path.name not in ("national.toml", "region.toml")])
    for number in range(PLACES - known):
        files.add(f"rutan-contoh-{number}", text.replace("Rutan Kelas IIA Pekalongan", f"Rutan Contoh {number}"))
    return files


def counts(database):
    with database.work(database.as_service("tests")) as work:
        return work.run(
            "SELECT (SELECT count(*) FROM guyub.facility), (SELECT count(*) FROM guyub.config_value),"
            " (SELECT count(*) FROM guyub.applied_plan), (SELECT count(*) FROM guyub.audit_entry)"
        ).one()


def test_of_532_files_three_wrong_ones_are_all_named_with_their_lines_and_none_is_applied(country, database, plugins):
    half = country.change("rutan-contoh-7", 'zone = "Asia/Jakarta"', 'zone = "Asia/Jakar')
    nested = country.change("rutan-contoh-100", "price = 18_132", 'price = "mahal"')
    unknown = country.change("rutan-contoh-400", "quota = 5", "qouta = 5")
    before = counts(database)
    with pytest.raises(FilesRefused) as refused, database.work(database.as_service("tests")) as work:
        apply(work, plugins, load(country.root, plugins))
    folder = "facilities/jawa-tengah"
    assert [(finding.path, finding.line) for finding in refused.value.findings] == [
        (f"{folder}/rutan-contoh-100.toml", nested),
        (f"{folder}/rutan-contoh-400.toml", unknown),
        (f"{folder}/rutan-contoh-7.toml", half),
    ]
    assert "“qouta” tidak dikenal; mungkin maksud Anda “quota”" in refused.value.findings[1].sentence.id
    assert counts(database) == before


def test_a_file_that_breaks_off_is_reported_at_the_line_where_it_ends(files):
    path = files.path("rutan-kudus")
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[: whole.index("[plugins.bansos.config]") + len("[plugins.ban")], encoding="utf-8")
    line = path.read_text(encoding="utf-8").count("\n") + 1
    assert files.finding().startswith(f"facilities/jawa-tengah/rutan-kudus.toml:{line}: Penulisan TOML salah")


def test_a_key_that_stands_twice_is_reported(files):
    line = files.change("rutan-kudus", 'paper = "F4"', 'paper = "F4"\npaper = "A4"') + 1
    finding = files.finding()
    assert f"rutan-kudus.toml:{line}: “paper” " in finding
    assert f"baris {line - 1};" in finding


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            '{ code = "beras", name = "Beras", unit = "kg", quantity = 5, harga = 15_673 }',
            "(package.0): “harga” tidak dikenal",
        ),
        (
            '{ code = "beras", name = "Beras", unit = "kg", quantity = 5, price = -1 }',
            "(package.0.price): -1 tidak diterima",
        ),
        ('{ code = "beras", name = "Beras", unit = "kg", quantity = "banyak", price = 1 }', "(package.0.quantity)"),
        ('"beras"', "package.0"),
    ],
)
def test_a_wrong_row_of_a_package_is_reported_at_its_line(files, wrong, said):
    begin = files.add(
        "rutan-banjarnegara",
        f"\n[plugins.bansos]\nfrom = 2027-01-01\n[plugins.bansos.config]\npackage = [\n    {wrong},\n]\n",
    )
    found = files.findings()
    assert any(item.startswith(f"facilities/jawa-tengah/rutan-banjarnegara.toml:{begin + 5}: ") for item in found)
    assert any(said in item for item in found)


def test_errors_in_a_later_table_are_reported_at_their_lines(files):
    later = '[[plugins.bansos.later]]\nfrom = 2027-01-01\nalasan = "lain"\n'
    later = f"\n{later}[plugins.bansos.later.config]\nkuota = 9\nquota = 0\n"
    begin = files.add("rutan-kudus", later)
    assert [finding.split(": ", 1)[0].rpartition(":")[2] for finding in files.findings()] == [
        str(begin + 3),
        str(begin + 5),
        str(begin + 6),
    ]


def test_a_later_table_that_does_not_come_later_or_has_no_day_is_reported(files):
    begin = files.add(
        "rutan-kudus", "\n[[plugins.bansos.later]]\nfrom = 2024-01-01\n[plugins.bansos.later.config]\nquota = 9\n"
    )
    assert f"rutan-kudus.toml:{begin + 2}: 2024-01-01 tidak sesudah 2025-01-01" in files.finding()
    begin = files.add("rutan-kebumen", "\n[[plugins.bansos.later]]\n[plugins.bansos.later.config]\nquota = 9\n")
    assert any(f"rutan-kebumen.toml:{begin + 1}: " in finding and "from" in finding for finding in files.findings())


@pytest.mark.parametrize(
    ("name", "old", "new", "known"),
    [
        ("national", "[roles.head]\nscope", "[roles.head]\nscop", "scope"),
        ("region", "office_name", "ofice_name", "office_name"),
        ("rutan-kudus", "long_name", "longname", "long_name"),
        ("rutan-kudus", "[plugins.bansos.config]", "[plugins.bansos.confg]", "config"),
        ("rutan-pekalongan", "reason = ", "reasn = ", "reason"),
        ("region", "locked = ", "loked = ", "locked"),
        ("region", "[plugins.bansos]", "[plugin.bansos]", "plugins"),
    ],
)
def test_an_unknown_key_is_reported_with_the_nearest_known_one(files, name, old, new, known):
    line = files.change(name, old, new) + new.count("\n")
    assert any(f":{line}: " in finding and f"mungkin maksud Anda “{known}”" in finding for finding in files.findings())


def test_a_plan_of_yesterday_is_refused_and_nothing_is_changed(files, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    declared = files.load()
    with database.work(database.as_service("tests")) as work:
        yesterday = plan(work, plugins, declared, date(2026, 1, 1))
        today = plan(work, plugins, declared)
    before = counts(database)
    assert [change.as_json() for change in yesterday.changes] == [change.as_json() for change in today.changes]
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        apply(work, plugins, declared, yesterday.digest)
    assert refused.value.code == "configuration.plan_moved"
    assert "hari sudah berubah" in refused.value.what.id
    assert counts(database) == before


def test_of_two_administrators_with_two_plans_the_second_reads_that_the_world_moved(files, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    first = files.load()
    files.change("rutan-kudus", "quota = 8", "quota = 9")
    second = files.load()
    with database.work(database.as_service("satu")) as work:
        one = plan(work, plugins, first)
    with database.work(database.as_service("dua")) as work:
        two = plan(work, plugins, second)
    with database.work(database.as_service("satu")) as work:
        apply(work, plugins, first, one.digest)
    before = counts(database)
    with pytest.raises(Refusal) as refused, database.work(database.as_service("dua")) as work:
        apply(work, plugins, second, two.digest)
    assert refused.value.code == "configuration.plan_moved"
    assert counts(database) == before
