"""A month of 120 candidates and 110 recipients through the pages, from scoring to close; every step is seen at both widths."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator

from .. import large_rutan, worlds
from ..large_rutan import STEPS, Sizes
from ..visits import Clock
from ..worlds import PEKALONGAN
from .conftest import NewPerson, Person, follow, served

BASE = f"/f/{PEKALONGAN}"
MONTH = f"{BASE}/cycles/2024-11"
WHY = "mendesak sekali"
SIZES = Sizes(candidates=120, recipients=110, months=len(STEPS))
BEYOND_ITS_CARD = """() => [...document.querySelectorAll(".card table")]
  .filter(table => table.getBoundingClientRect().right > table.closest(".card").getBoundingClientRect().right + 1
                   && !table.closest(".table-wide"))
  .map(table => table.innerText.slice(0, 80))"""
"""A table that is wider than its card does not widen the page, so nothing else notices it."""

pytestmark = [pytest.mark.deep, pytest.mark.timeout(900)]


@pytest.fixture
def address(cluster: Any, clock: Clock) -> Iterator[str]:
    """Where the application answers, over a rutan with all its people and money before its first month."""
    clock.becomes("2024-11-08 08:00")
    with worlds.a_world(cluster) as world:
        large_rutan.settled(world, SIZES)
        with served(world.database, world.plugins, cluster.keys.protector(), clock) as where:
            yield where


def test_a_month_of_more_households_than_a_page_holds(person: NewPerson, clock: Clock):
    kasubsi, karutan, pengelola = person("kasubsi"), person("karutan"), person("pengelola")
    read_on(kasubsi, f"{BASE}/households", "households", "1–50", SIZES.households)

    open_and_score(kasubsi)
    kasubsi.fill({"Jumlah paket": "109"})
    kasubsi.press("Pilih skor tertinggi")
    kasubsi.sees("Terpilih 109 dari kuota 110")
    read_on(kasubsi, f"{MONTH}/candidates", "candidates", "1–50", 600)
    read_on(kasubsi, f"{MONTH}/candidates?state=chosen", "chosen", "1–50", 109)
    favoured = put_on_by_hand(kasubsi)
    seen(kasubsi, f"{MONTH}/propose", "propose", "110")
    kasubsi.press("Kirim usulan")

    read_on(karutan, f"{MONTH}/approval", "approval", "1–100", 110)
    karutan.sees(WHY)
    karutan.go(f"{MONTH}/approval")
    karutan.press("Setujui dan cadangkan dana")
    karutan.sees("Disetujui")

    clock.becomes("2024-11-12 08:00")
    buy(pengelola)

    clock.becomes("2024-11-16 09:00")
    kasubsi.go(f"{MONTH}/")
    kasubsi.press("Mulai penyaluran")
    read_on(kasubsi, f"{MONTH}/distribution", "distribution", "1–100", 110)
    serve_and_undo(kasubsi, favoured)
    serve_many(kasubsi)
    mark_the_rest_absent(kasubsi)
    for state in ("received", "absent"):
        seen(kasubsi, f"{MONTH}/distribution?state={state}", f"distribution-{state}")

    seen(kasubsi, f"{MONTH}/close", "close", "100")
    kasubsi.press("Tutup bulan ini")
    seen(kasubsi, f"{MONTH}/", "closed", "100 dari 110")
    kasubsi.go(f"{MONTH}/documents")
    kasubsi.page.set_default_timeout(120_000)
    kasubsi.press("Buat dokumen")
    seen(kasubsi, f"{MONTH}/documents", "documents", "LAPORAN PELAKSANAAN")

    clock.becomes("2024-11-20 09:00")
    seen(karutan, f"{BASE}/", "home", "600")
    seen(pengelola, f"{BASE}/funds", "funds", "PT Sejahtera 12")
    seen(pengelola, f"{BASE}/funds/fund/CSR-PKS-1-CSR-2024", "fund")
    seen(karutan, f"{BASE}/audit", "trail")
    karutan.press("Lebih lama")
    both_widths(karutan, "trail-2")
    kanwil = person("kanwil")
    seen(kanwil, "/region/jawa-tengah/recap?month=2024-11", "recap", "100")


def read_on(somebody: Person, path: str, name: str, first: str, total: int) -> None:
    """The list from its first page to its last: each says which rows it shows, the last ends with the total."""
    grouped = f"{total:,}".replace(",", ".")
    seen(somebody, path, name, f"{first} dari {grouped}")
    pages = 1
    while somebody.page.locator("main [rel=next]").count():
        follow(somebody.page, somebody.page.locator("main [rel=next]"))
        pages += 1
        if pages == 2:
            both_widths(somebody, f"{name}-2")
    both_widths(somebody, f"{name}-last")
    somebody.sees(f"–{grouped} dari {grouped}")
    assert pages == -(-total // int(first.partition("–")[2]))


def seen(somebody: Person, path: str, name: str, *texts: str) -> None:
    somebody.go(path)
    somebody.sees(*texts)
    both_widths(somebody, name)


def both_widths(somebody: Person, name: str) -> None:
    for width in (1280, 360):
        somebody.picture(f"large-{name}-{width}", width)
        somebody.page.set_viewport_size({"width": width, "height": 860})
        assert somebody.page.evaluate(BEYOND_ITS_CARD) == [], f"{name} at {width}"
    somebody.page.set_viewport_size({"width": 1280, "height": 860})


def open_and_score(kasubsi: Person) -> None:
    kasubsi.go(f"{BASE}/programs/bansos/open")
    for name, value in {"on": "2024-11-16", "at": "09.00", "place": "Aula Rutan Kelas IIA Pekalongan"}.items():
        field(kasubsi, name).fill(value)
    both_widths(kasubsi, "open")
    kasubsi.press("Buka dan nilai keluarga")
    seen(kasubsi, f"{MONTH}/candidates", "scored", "600 keluarga dinilai; kuota 110")


def put_on_by_hand(kasubsi: Person) -> str:
    """The name of a household with a low score that is put on the list all the same."""
    kasubsi.go(f"{MONTH}/candidates?state=not")
    row = kasubsi.page.locator("main tbody tr").last
    name = row.locator("th a").inner_text()
    follow(kasubsi.page, row.locator("th a"))
    both_widths(kasubsi, "candidate")
    field(kasubsi, "reason").fill(WHY)
    kasubsi.press("Masukkan ke daftar")
    kasubsi.sees("Keluarga ini masuk daftar.")
    return name


def buy(pengelola: Person) -> None:
    pengelola.go(f"{MONTH}/")
    pengelola.press("Catat belanja")
    for name, value in {"supplier": "Toko Contoh", "evidence": "Nota 1", "on": "2024-11-12"}.items():
        field(pengelola, name).fill(value)
    for item, quantity, cost in (("beras", 550, 8_620_000), ("gula", 110, 1_980_000), ("minyak", 110, 2_310_000)):
        field(pengelola, f"{item}.quantity").fill(str(quantity))
        field(pengelola, f"{item}.cost").fill(str(cost))
    both_widths(pengelola, "purchases")
    pengelola.press("Lanjut: periksa dahulu")
    both_widths(pengelola, "note")
    pengelola.press("Catat ke pembukuan")
    both_widths(pengelola, "bought")
    pengelola.sees("Semua barang sudah dibeli")


def serve_and_undo(kasubsi: Person, name: str) -> None:
    """The desk says nothing of why this household is on the list, neither before nor after a hand-over is undone."""
    kasubsi.go(f"{MONTH}/distribution")
    kasubsi.fill({"Nama atau nomor urut": name})
    kasubsi.press("Tampilkan")
    follow(kasubsi.page, row_of(kasubsi, name))
    both_widths(kasubsi, "desk")
    assert WHY not in kasubsi.page.content()
    choose_the_witness(kasubsi)
    kasubsi.press("Serahkan sekarang")
    kasubsi.go(f"{MONTH}/distribution?state=received")
    follow(kasubsi.page, row_of(kasubsi, name))
    both_widths(kasubsi, "desk-served")
    kasubsi.press("Batalkan penyerahan ini")
    field(kasubsi, "reason").fill("salah nama")
    kasubsi.page.locator("main form button.btn-danger").click()
    kasubsi.page.wait_for_url(re.compile("/distribution$"))
    kasubsi.go(f"{MONTH}/distribution?name={name.replace(' ', '+')}")
    follow(kasubsi.page, row_of(kasubsi, name))
    both_widths(kasubsi, "desk-undone")
    kasubsi.sees("salah nama")
    assert WHY not in kasubsi.page.content()


def serve_many(kasubsi: Person) -> None:
    kasubsi.go(f"{MONTH}/distribution/many")
    both_widths(kasubsi, "many")
    kasubsi.sees("Semua 110 keluarga yang belum tercatat", "1–100 dari 110")
    boxes = kasubsi.page.locator("main input[name=household]")
    assert boxes.count() == 100
    follow(kasubsi.page, kasubsi.page.locator("main [rel=next]"))
    both_widths(kasubsi, "many-2")
    kasubsi.sees("101–110 dari 110")
    assert boxes.count() == 10
    kasubsi.go(f"{MONTH}/distribution/many")
    for box in boxes.all():
        box.check()
    choose_the_witness(kasubsi)
    kasubsi.press("Catat penyerahan")
    kasubsi.sees("Diserahkan kepada 100 keluarga.")


def mark_the_rest_absent(kasubsi: Person) -> None:
    kasubsi.go(f"{MONTH}/distribution/absent")
    both_widths(kasubsi, "absent")
    kasubsi.page.locator("main input[name=whom][value=all]").check()
    field(kasubsi, "reason").fill("tidak datang")
    follow(kasubsi.page, kasubsi.page.locator("main form button.btn-primary, main form button.btn-danger").first)
    kasubsi.sees("10 keluarga ditandai tidak hadir.")


def choose_the_witness(kasubsi: Person) -> None:
    witness = field(kasubsi, "witness")
    witness.select_option(label=witness.locator("option", has_text="Pengamanan Contoh Empat").inner_text())


def row_of(somebody: Person, name: str) -> Locator:
    return somebody.page.locator("main").get_by_role("link").filter(has_text=re.compile(rf"{name}\b")).first


def field(somebody: Person, name: str) -> Locator:
    return somebody.page.locator(f"main [name='{name}']").first
