"""The plan as it is printed: whatever is the same at all facilities of a region is one line, and the whole is one page."""

from guyub.cli import plan_text
from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.pages.plan_view import of_changes
from guyub.configuration.plan_summary import groups
from guyub.configuration.planning import plan_requests
from guyub.provisioning import apply, plan
from tests import places

PAGE = 60


def printed(database, plugins, files, *, everything=False):
    with database.work(database.as_service("tests")) as work:
        return plan_text.page(plan(work, plugins, files.load()), plugins, everything=everything).splitlines()


def facilities(files):
    return sorted(path for path in files.root.glob("jawa-tengah/*.toml") if path.name != "region.toml")


def all_on_other_paper(files):
    for path in facilities(files):
        text = path.read_text(encoding="utf-8").replace('paper = "F4"\n', "")
        head, zone, rest = text.partition('zone = "Asia/Jakarta"\n')
        path.write_text(f'{head}{zone}paper = "A4"\n{rest}', encoding="utf-8")


def test_one_change_at_59_facilities_is_one_line_with_their_number_and_the_first_of_them(files, database, plugins):
    all_on_other_paper(files)
    assert len(facilities(files)) == 59
    assert printed(database, plugins, files) == [
        "59 perubahan di 59 UPT | 59 changes at 59 facilities",
        "  facility.paper: F4 → A4",
        "      59 UPT | facilities: bapas-klaten, bapas-magelang, bapas-nusakambangan, bapas-pati"
        " dan 55 lainnya | and 55 more",
    ]


def test_all_of_them_are_named_on_demand(files, database, plugins):
    all_on_other_paper(files)
    named = printed(database, plugins, files, everything=True)[2]
    assert all(path.stem in named for path in facilities(files))


def test_a_plugin_activated_everywhere_with_values_is_a_page(files, database, plugins):
    for number, path in enumerate(facilities(files)):
        if "[plugins.bansos]" not in path.read_text(encoding="utf-8"):
            values = f"quota = {3 + number % 4}"
            files.add(path.stem, f"\n[plugins.bansos]\nfrom = 2027-01-01\n[plugins.bansos.config]\n{values}\n")
    lines = printed(database, plugins, files)
    assert sum("plugin.bansos: ya | yes, mulai 1 Januari 2027 | from 1 January 2027" in line for line in lines) == 1
    assert sum("config.bansos.quota" in line for line in lines) == 4
    assert len(lines) <= PAGE


def test_new_facilities_and_their_officials_stand_together_and_each_remains_in_the_json(files, database, plugins):
    text = files.path("rutan-kudus").read_text(encoding="utf-8")
    for number in range(59):
        files.add(f"rutan-contoh-{number:02}", text.replace("Rutan Kelas IIB Kudus", f"Rutan Contoh {number}"))
    with database.work(database.as_service("tests")) as work:
        found = plan(work, plugins, files.load())
    lines = plan_text.page(found, plugins, everything=False).splitlines()
    assert "  facility: baru | new" in lines
    assert "  official.head: baru | new, mulai 1 Januari 2024 | from 1 January 2024" in lines
    assert len(lines) <= PAGE
    together = [group for group in groups(found.changes, found.effects) if group.change.what == "facility"]
    assert [(len(item.facilities), item.as_json()["new"]) for item in together] == [(59, None)]
    assert sum(item["what"] == "facility" for item in plan_text.as_json(found)["changes"]) == 59


def test_a_value_of_the_region_tells_who_follows_and_who_keeps_its_own(files, database, plugins):
    files.change("region", "ceiling = 250_000", "ceiling = 300_000\nquota = 9")
    lines = printed(database, plugins, files)
    (at,) = [n for n, line in enumerate(lines) if "config.bansos.quota: 9" in line]
    assert lines[at].endswith("(wilayah | region jawa-tengah)")
    below = lines[at + 1 : at + 3]
    assert any(line.startswith("      tetap memakai nilainya sendiri | keep their own: ") for line in below)
    (at,) = [
        n
        for n, line in enumerate(lines)
        if line.startswith("  bansos.ceiling: 250.000 → 300.000, mulai 1 November 2024")
    ]
    assert lines[at + 1].startswith("      tetap | stays: Kantor Wilayah")


def test_a_person_reads_the_same_page_of_wishes(acting, database, plugins):
    places.managed_by(database, "web")
    codes = places.codes_of(database)
    with acting("kanwil") as work:
        found = plan_requests(
            work,
            plugins,
            [ChangeRequest("bansos", work.run("SELECT DATE '2027-01-01'").scalar_one(), codes, active=True)],
        )
    lines = plan_text.page(found, plugins, everything=False).splitlines()
    assert len(lines) <= PAGE
    assert sum("plugin.bansos" in line for line in lines) == 1


def test_of_a_package_only_what_differs_is_printed_by_the_names_of_its_columns(files, database, plugins):
    files.change("rutan-pekalongan", "quantity = 5, price = 15_673", 'quantity = "7.5", price = 19_000')
    files.change("rutan-pekalongan", 'code = "gula", name = "Gula pasir"', 'code = "telur", name = "Telur"')
    page = "\n".join(printed(database, plugins, files))
    assert (
        "config.bansos.package: Beras: jumlah 5 → 7,5, harga satuan Rp15.673 → Rp19.000; ditambah: Telur; dihapus: Gula"
        in page
    )
    assert "Beras: quantity 5 → 7.5, unit price Rp15.673 → Rp19.000; added: Telur; removed: Gula pasir" in page


def test_what_is_written_otherwise_and_says_the_same_is_said_to(files, database, plugins):
    files.change(
        "rutan-pekalongan", "quantity = 5, price = 15_673", 'quantity = "5", price = 15_673, per_member = false'
    )
    assert "config.bansos.package: isinya sama, ditulis lain" in "\n".join(printed(database, plugins, files))


def test_letterheads_that_follow_the_one_above_them_are_one_line(files, database, plugins):
    files.change("region", '["KANTOR WILAYAH JAWA TENGAH"]', '["KANTOR WILAYAH JAWA TENGAH", "JALAN CONTOH 1"]')
    files.change("national", '"DIREKTORAT JENDERAL PEMASYARAKATAN"', '"DIREKTORAT CONTOH"')
    files.change("rutan-kudus", 'place = "Kudus"', 'place = "Kudus"\nletterhead = ["RUTAN KUDUS"]')
    lines = printed(database, plugins, files)
    assert len(lines) <= 8
    (at,) = [n for n, line in enumerate(lines) if "mengikuti kepala surat di atasnya" in line]
    assert lines[at + 2].startswith("      58 UPT | facilities: ")
    with database.work(database.as_service("tests")) as work:
        found = plan(work, plugins, files.load())
    (together,) = [group for group in groups(found.changes, found.effects) if group.follows_letters]
    assert (together.as_json()["old"], together.as_json()["count"]) == (None, 58)
    shown = of_changes(found.changes, plugins, {})
    assert sum("mengikuti kepala surat di atasnya" in str(item.after) for item in shown) == 1


def test_what_is_taken_out_of_a_file_reads_as_empty_and_not_as_inherited(files, database, plugins):
    files.change("rutan-kudus", 'place = "Kudus"', 'place = "Kudus"\nopened = 2024-01-31')
    with database.work(database.as_service("tests")) as work:
        apply(work, plugins, files.load())
    files.change("rutan-kudus", "\nopened = 2024-01-31", "")
    files.change("region", 'capital = "Semarang"\n', "")
    assert printed(database, plugins, files)[:4] == [
        "2 perubahan di 1 UPT | 2 changes at 1 facility",
        "  region.capital: Semarang → kosong | Semarang → empty (wilayah | region jawa-tengah)",
        "  facility.opened_on: 31 Januari 2024 → kosong | 31 January 2024 → empty",
        "      1 UPT | facility: rutan-kudus",
    ]


def test_a_value_that_is_inherited_again_says_so_with_its_day(files, database, plugins):
    files.change("rutan-kudus", "quota = 8", "")
    page = "\n".join(printed(database, plugins, files))
    assert "config.bansos.quota: 8 → warisan | 8 → inherited, mulai 1 Januari 2025 | from 1 January 2025" in page
    assert "bansos.quota: 8 → 5, mulai 1 Januari 2025 | from 1 January 2025" in page
    assert "menjadi | to: Bawaan plugin | Plugin default" in page


def test_a_new_region_is_printed_without_the_names_of_columns(files, database, plugins):
    text = files.path("region").read_text().replace("Jawa Tengah", "Contoh Utara").replace("W.13", "W.99")
    files.add("../contoh-utara/region", text)
    page = "\n".join(printed(database, plugins, files))
    assert "letters: KANTOR WILAYAH JAWA TENGAH; {kanwil_code}.PAS-{class}-{seq} TAHUN {year}" in page
    assert "letterhead" not in page


def test_the_same_finding_at_several_places_is_printed_once_with_them(files, database, plugins):
    for rutan in ("rutan-kudus", "rutan-surakarta"):
        text = files.path(rutan).read_text(encoding="utf-8")
        files.path(rutan).write_text(text[: text.index("[plugins.bansos]")], encoding="utf-8")
    lines = printed(database, plugins, files)
    assert any(line.startswith("      2 × rutan-kudus, rutan-surakarta") for line in lines)
