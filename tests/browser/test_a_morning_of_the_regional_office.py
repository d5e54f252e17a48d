"""Monday 25 November 2024 at the regional office: one change for all rutan IIB, one stop, three reminders, one recap."""

from datetime import date
from typing import Any

import pytest

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests.visits import Clock

from ..worlds import activate, november_until, pekalongan
from .conftest import NewPerson, Person

REGION = "/region/jawa-tengah"
MATRIX = f"{REGION}/configuration"
LATE = ("Rutan Kelas IIB Blora", "Rutan Kelas IIB Kebumen", "Rutan Kelas IIB Kudus")
WITHOUT_CANTEEN = ("rutan-kebumen", "rutan-kudus")


@pytest.mark.deep
def test_the_administrator_changes_a_class_stops_a_source_reminds_and_sends_the_recap(
    person: NewPerson,
    clock: Clock,
    cluster: Any,
    installation: Installation,
    database: Database,
    plugins: PluginRegistry,
):
    november_until(pekalongan(cluster, installation, database, plugins), "closed")
    for code in ("rutan-blora", "rutan-kebumen", "rutan-kudus"):
        activate(database, "bansos", code, since=date(2024, 11, 1))
        activate(database, "canteen_profit", code, since=date(2024, 11, 1))
    clock.becomes("2024-11-25 08:00")
    office = person("kanwil")

    office.go(f"{REGION}/")
    office.sees("Perlu perhatian", *LATE)
    office.picture("region-home")
    office.picture("region-home-phone", 360)

    take_over(office)
    raise_the_ceiling(office)
    stop_the_canteen(office)
    remind_the_three(office)
    send_the_recap(office)

    with database.work(database.as_service("tests")) as work:
        classes = dict(work.run("SELECT code, facility_class FROM guyub.facility WHERE facility_type = 'rutan'").all())
        ids = dict(work.run("SELECT code, id FROM guyub.facility").all())
        for code, facility_class in classes.items():
            found = plugins.resolve(work, "bansos", ids[code], date(2024, 12, 1))
            is_iib = facility_class == "IIB"
            assert (found.config.ceiling, found.origins["ceiling"].locked) == (300_000 if is_iib else 250_000, is_iib)
        for code in WITHOUT_CANTEEN:
            assert "canteen_profit" in plugins.active(work, ids[code], date(2024, 11, 30))
            assert "canteen_profit" not in plugins.active(work, ids[code], date(2024, 12, 1))
        assert "canteen_profit" in plugins.active(work, ids["rutan-blora"], date(2024, 12, 1))


def take_over(office: Person) -> None:
    """From the files to the web, region and facilities."""
    office.go(f"{MATRIX}/managed-by")
    fill(office, "_reason", "Diatur melalui web mulai hari ini")
    office.press("Kelola nilai wilayah melalui web")
    office.go(MATRIX)
    office.page.get_by_label("Semua UPT yang ditampilkan").check()
    choose(office, "do", "web")
    office.press("Lanjut")
    fill(office, "_reason", "Diatur melalui web mulai hari ini")
    office.press("Alihkan")
    office.sees("dikelola melalui web")


def raise_the_ceiling(office: Person) -> None:
    """The region's own lock stands in the way until its office takes it off."""
    begin_the_ceiling(office)
    office.sees("Rencana ini tidak dapat diterapkan", "dikunci")
    assert office.page.get_by_role("button", name="Terapkan rencana ini").count() == 0

    office.go(f"{REGION}/plugins/bansos/configure")
    office.page.locator("#lock-ceiling").uncheck()
    fill(office, "_reason", "Batas rutan kelas IIB akan dinaikkan")
    office.press("Lihat akibatnya")
    office.picture("region-lock-off")
    office.press("Terapkan rencana ini")

    begin_the_ceiling(office)
    office.sees("Rp300.000", "Batas nilai")
    office.picture("region-plan")
    office.press("Terapkan rencana ini")
    office.sees("Perubahan yang diterapkan", "Harga beras naik")


def begin_the_ceiling(office: Person) -> None:
    office.go(f"{MATRIX}?type=rutan&class=IIB")
    office.page.get_by_label("Semua UPT yang ditampilkan").check()
    choose(office, "do", "field")
    choose(office, "plugin", "bansos")
    office.press("Lanjut")
    choose(office, "field", "ceiling")
    office.press("Lanjut")
    fill(office, "ceiling", "300.000")
    office.page.locator("main [name=_locked]").check()
    fill(office, "_valid_from", "2024-12-01")
    fill(office, "_reason", "Harga beras naik")
    office.press("Lihat rencananya")


def stop_the_canteen(office: Person) -> None:
    office.go(MATRIX)
    for code in WITHOUT_CANTEEN:
        office.page.locator(f"#pick-{code}").check()
    choose(office, "do", "off")
    choose(office, "plugin", "canteen_profit")
    office.press("Lanjut")
    fill(office, "_valid_from", "2024-12-01")
    fill(office, "_reason", "Kantin direnovasi")
    office.press("Lihat rencananya")
    office.press("Terapkan rencana ini")
    office.sees("Kantin direnovasi", "Rutan Kelas IIB Kebumen", "Rutan Kelas IIB Kudus")
    office.go(MATRIX)
    office.picture("region-matrix")
    office.picture("region-matrix-phone", 360)


def remind_the_three(office: Person) -> None:
    office.go(f"{REGION}/reminders")
    office.sees(*LATE)
    assert office.page.locator("main input[name=keys]").count() == 3
    office.press("Kirim pengingat")
    office.sees("Sudah dikirim", "Belum dibaca", *LATE)


def send_the_recap(office: Person) -> None:
    office.go(f"{REGION}/recap?month=2024-11")
    office.sees("1 dari 4 UPT", *LATE, "Rp582.550")
    office.picture("region-recap")
    with office.page.expect_download() as downloading:
        office.page.locator("main").get_by_role("link", name="Excel", exact=True).click()
    assert downloading.value.suggested_filename.endswith(".xlsx")
    fill(office, "note", "Grup WA Bidang Pelayanan")
    office.press("Catat sudah dikirim")
    office.sees("Pengiriman dicatat.", "Grup WA Bidang Pelayanan")


def fill(office: Person, name: str, value: str) -> None:
    office.page.locator(f"main [name='{name}']").first.fill(value)


def choose(office: Person, name: str, value: str) -> None:
    office.page.locator(f"main select[name='{name}']").first.select_option(value)
