"""The plan as it is printed: whatever is the same at all facilities of a region is one line, and the whole is one page."""

from guyub.cli import plan_words
from guyub.provisioning import Wish, plan, plan_wishes
from guyub.provisioning.grouping import groups

PAGE = 60


def printed(database, host, files, *, everything=False):
    with database.work(database.as_service("tests")) as work:
        return plan_words.page(plan(work, host, files.load()), everything=everything).splitlines()


def facilities(files):
    return sorted(path for path in files.root.glob("jawa-tengah/*.toml") if path.name != "region.toml")


def all_on_other_paper(files):
    for path in facilities(files):
        text = path.read_text(encoding="utf-8").replace('paper = "F4"\n', "")
        head, zone, rest = text.partition('zone = "Asia/Jakarta"\n')
        path.write_text(f'{head}{zone}paper = "A4"\n{rest}', encoding="utf-8")


def test_one_change_at_59_facilities_is_one_line_with_their_number_and_the_first_of_them(files, database, host):
    all_on_other_paper(files)
    assert len(facilities(files)) == 59
    assert printed(database, host, files) == [
        "59 perubahan di 59 UPT | 59 changes at 59 facilities",
        "  facility.paper: F4 → A4",
        "      59 UPT: bapas-klaten, bapas-magelang, bapas-nusakambangan, bapas-pati dan 55 lainnya",
    ]


def test_all_of_them_are_named_on_demand(files, database, host):
    all_on_other_paper(files)
    named = printed(database, host, files, everything=True)[2]
    assert all(path.stem in named for path in facilities(files))


def test_a_plugin_switched_on_everywhere_with_values_is_a_page(files, database, host):
    for number, path in enumerate(facilities(files)):
        if "[plugins.bansos]" not in path.read_text(encoding="utf-8"):
            values = f"quota = {3 + number % 4}"
            files.add(path.stem, f"\n[plugins.bansos]\nfrom = 2027-01-01\n[plugins.bansos.config]\n{values}\n")
    lines = printed(database, host, files)
    assert sum("plugin.bansos: ya | yes, sejak 1 Januari 2027" in line for line in lines) == 1
    assert sum("config.bansos.quota" in line for line in lines) == 4
    assert len(lines) <= PAGE


def test_new_facilities_and_their_officials_stand_together_and_each_remains_in_the_json(files, database, host):
    text = files.path("rutan-kudus").read_text(encoding="utf-8")
    for number in range(59):
        files.add(f"rutan-contoh-{number:02}", text)
    with database.work(database.as_service("tests")) as work:
        found = plan(work, host, files.load())
    lines = plan_words.page(found, everything=False).splitlines()
    assert "  facility: baru | new" in lines
    assert "  official.head: baru | new, sejak 1 Januari 2024" in lines
    assert len(lines) <= PAGE
    together = [one for one in groups(found.changes, found.effects) if one.change.what == "facility"]
    assert [(len(one.facilities), one.as_json()["new"]) for one in together] == [(59, None)]
    assert sum(one["what"] == "facility" for one in plan_words.as_json(found)["changes"]) == 59


def test_a_value_of_the_region_tells_who_follows_and_who_keeps_its_own(files, database, host):
    files.change("region", "ceiling = 250_000", "ceiling = 300_000\nquota = 9")
    lines = printed(database, host, files)
    (at,) = [n for n, line in enumerate(lines) if "config.bansos.quota: 9" in line]
    assert lines[at].endswith("(wilayah | region jawa-tengah)")
    assert lines[at + 1].startswith("      tetap memakai nilainya sendiri | keep their own: ")
    assert any(line.startswith("  bansos.ceiling: 250.000 [") and "300.000 [" in line for line in lines)


def test_a_person_reads_the_same_page_of_wishes(acting, database, host):
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.region SET managed_by = 'web'")
        work.run("UPDATE guyub.facility SET managed_by = 'web'")
        codes = tuple(work.run("SELECT code FROM guyub.facility ORDER BY code").scalars())
    with acting("kanwil") as work:
        found = plan_wishes(
            work, host, [Wish("bansos", work.run("SELECT DATE '2027-01-01'").scalar_one(), codes, active=True)]
        )
    lines = plan_words.page(found, everything=False).splitlines()
    assert len(lines) <= PAGE
    assert sum("plugin.bansos" in line for line in lines) == 1
