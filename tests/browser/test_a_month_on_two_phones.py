"""A month of 250 recipients on phones, as months go: a return, two deaths, a withdrawal, a dearer purchase, a late paper.

Who proposes and who approves sit side by side, and who keeps the money joins them. No page is wider than the phone, and the books
hold at the end.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.funds import queries

from .. import large_rutan, worlds
from ..large_rutan import STEPS, Sizes
from ..visits import Clock
from ..worlds import PEKALONGAN, World
from .conftest import NewPerson, Person, follow, served

BASE = f"/f/{PEKALONGAN}"
MONTH = f"{BASE}/cycles/2024-11"
SHOPPING = f"{BASE}/funds/purchases/2024-11"
PHONE = 360
SIZES = Sizes(months=len(STEPS), funds=2)
PLANNED = (("beras", 1_250, 15_673), ("gula", 250, 18_132), ("minyak", 250, 21_010))
"""What is to be bought (item, quantity, planned price) for 250 packages."""

pytestmark = [pytest.mark.deep, pytest.mark.timeout(900)]


@pytest.fixture
def world(cluster: Any, clock: Clock) -> Iterator[World]:
    """A rutan with all its people and money before its first month."""
    clock.becomes("2024-11-08 08:00")
    with worlds.a_world(cluster) as made:
        large_rutan.settled(made, SIZES)
        yield made


@pytest.fixture
def address(cluster: Any, clock: Clock, world: World) -> Iterator[str]:
    with served(world.database, world.plugins, cluster.keys.protector(), clock) as where:
        yield where


def test_a_month_is_driven_on_phones_as_months_go(person: NewPerson, clock: Clock, world: World):
    kasubsi, karutan, pengelola = (person(login, PHONE) for login in ("kasubsi", "karutan", "pengelola"))
    open_and_select(kasubsi)
    propose(kasubsi)

    returned(karutan, "Periksa lagi dua keluarga teratas.")
    sees(kasubsi, f"{MONTH}/", "Periksa lagi dua keluarga teratas.")
    gone = [died(kasubsi, place) for place in (1, 2)]
    sees(kasubsi, f"{MONTH}/propose", *gone, "diarsipkan: Meninggal dunia")
    for name in gone:
        take_off_and_take_the_next(kasubsi, name)
    propose(kasubsi)
    approve(karutan, "250")

    withdraw(karutan, "Satu dana masih ditinjau Kanwil.")
    propose(kasubsi)
    approve(karutan, "250")

    clock.becomes("2024-11-12 08:00")
    buy_dearer(pengelola, karutan)

    clock.becomes("2024-11-16 09:00")
    hand_over(kasubsi, absent=3)
    go(kasubsi, f"{MONTH}/close")
    kasubsi.press("Tutup bulan ini")
    sees(kasubsi, f"{MONTH}/", "247 dari 250")

    clock.becomes("2024-12-03 09:00")
    close_the_book(pengelola)
    late_receipt(pengelola)
    assert_the_books_hold(world)


def go(somebody: Person, path: str) -> None:
    somebody.go(path)
    fits(somebody)


def fits(somebody: Person) -> None:
    assert somebody.page.evaluate("document.documentElement.scrollWidth") <= PHONE, somebody.page.url


def sees(somebody: Person, path: str, *texts: str) -> None:
    go(somebody, path)
    somebody.sees(*texts)


def fill(somebody: Person, **values: object) -> None:
    for name, value in values.items():
        somebody.page.locator(f"main [name='{name}']").first.fill(str(value))


def open_and_select(kasubsi: Person) -> None:
    go(kasubsi, f"{BASE}/programs/bansos/open")
    fill(kasubsi, on="2024-11-16", at="09.00", place="Aula")
    kasubsi.press("Buka dan nilai keluarga")
    go(kasubsi, f"{MONTH}/candidates")
    kasubsi.press("Pilih skor tertinggi")
    kasubsi.sees("250")


def propose(kasubsi: Person) -> None:
    go(kasubsi, f"{MONTH}/propose")
    kasubsi.press("Kirim usulan")
    fits(kasubsi)


def returned(karutan: Person, reason: str) -> None:
    go(karutan, f"{MONTH}/approval")
    fill(karutan, reason=reason)
    karutan.press("Kembalikan kepada pengusul")
    fits(karutan)


def approve(karutan: Person, *texts: str) -> None:
    sees(karutan, f"{MONTH}/approval", *texts)
    karutan.press("Setujui dan cadangkan dana")
    karutan.sees("Disetujui")
    fits(karutan)


def withdraw(karutan: Person, reason: str) -> None:
    go(karutan, f"{MONTH}/withdraw")
    fill(karutan, reason=reason)
    karutan.press("Tarik persetujuan")
    karutan.sees("Persetujuan ditarik.")
    fits(karutan)


def died(kasubsi: Person, place: int) -> str:
    """The household at this place of the list is archived; returns its name."""
    go(kasubsi, f"{MONTH}/candidates?state=chosen")
    link = kasubsi.page.locator("main tbody tr th a").nth(place - 1)
    name = link.inner_text().strip()
    follow(kasubsi.page, link)
    follow(kasubsi.page, kasubsi.page.get_by_text("Lihat data keluarga dan survei"))
    fits(kasubsi)
    kasubsi.go(kasubsi.page.url.removeprefix(kasubsi.address).partition("?")[0] + "/archive")
    fits(kasubsi)
    fill(kasubsi, reason="Meninggal dunia")
    kasubsi.press("Arsipkan")
    return name


def take_off_and_take_the_next(kasubsi: Person, name: str) -> None:
    go(kasubsi, f"{MONTH}/propose")
    finding = kasubsi.page.locator("main li").filter(has_text=name).first
    follow(kasubsi.page, finding.get_by_role("link", name="Keluarkan"))
    fits(kasubsi)
    kasubsi.press("Keluarkan dan ambil berikutnya")
    fits(kasubsi)


def buy_dearer(pengelola: Person, karutan: Person) -> None:
    """The rice costs Rp300 more a kilogram than planned: the head adds what is missing."""
    note(pengelola, dearer=300)
    pengelola.sees("Rp375.000")
    amount = 1_250 * 300
    go(karutan, f"{SHOPPING}/top-up?item=beras&amount={amount}")
    fill(karutan, reason="Harga beras naik.")
    karutan.press("Setujui tambahan dana")
    fits(karutan)
    note(pengelola, dearer=300)
    pengelola.press("Catat ke pembukuan")
    pengelola.sees("Semua barang sudah dibeli")
    fits(pengelola)


def note(pengelola: Person, dearer: int) -> None:
    go(pengelola, SHOPPING)
    fill(pengelola, supplier="Toko Contoh", evidence="Nota 1", on="2024-11-12")
    for item, quantity, price in PLANNED:
        cost = quantity * (price + (dearer if item == "beras" else 0))
        fill(pengelola, **{f"{item}.quantity": quantity, f"{item}.cost": cost})
    pengelola.press("Lanjut: periksa dahulu")
    fits(pengelola)


def hand_over(kasubsi: Person, absent: int) -> None:
    go(kasubsi, f"{MONTH}/")
    kasubsi.press("Mulai penyaluran")
    fits(kasubsi)
    waiting = 250
    while waiting > absent:
        go(kasubsi, f"{MONTH}/distribution/many")
        boxes = kasubsi.page.locator("main input[name=household]").all()
        for box in boxes[: min(len(boxes), waiting - absent)]:
            box.check()
        witness = kasubsi.page.locator("main [name=witness]").first
        witness.select_option(label=witness.locator("option", has_text="Pengamanan Contoh Empat").inner_text())
        kasubsi.press("Catat penyerahan")
        kasubsi.sees(f"Diserahkan kepada {min(len(boxes), waiting - absent)} keluarga.")
        waiting -= min(len(boxes), waiting - absent)
    go(kasubsi, f"{MONTH}/distribution/absent")
    kasubsi.page.locator("main input[name=whom][value=all]").check()
    fill(kasubsi, reason="tidak datang")
    follow(kasubsi.page, kasubsi.page.locator("main form button.btn-primary, main form button.btn-danger").first)
    kasubsi.sees(f"{absent} keluarga ditandai tidak hadir.")
    fits(kasubsi)


FUND = f"{BASE}/funds/fund/CSR-PKS-1-CSR-2024"


def close_the_book(pengelola: Person) -> None:
    go(pengelola, f"{FUND}/close")
    balance = pengelola.page.locator("main strong").filter(has_text="Rp").first.inner_text()
    fill(pengelola, cash_in_hand=balance.removeprefix("Rp"), bank="0")
    pengelola.press("Tutup buku November 2024")
    fits(pengelola)


def late_receipt(pengelola: Person) -> None:
    """A paper of 20 November is refused with its remedy, and booked today as a late entry."""
    go(pengelola, f"{BASE}/funds/receive/csr_funding/csr/csr_cash")
    fill(
        pengelola,
        donor="PT Sejahtera 1 (contoh)",
        agreement_number="PKS-1/CSR/2024",
        agreement_date="2024-11-04",
        received_on="2024-11-20",
        evidence_number="BAST-20/2024",
        purpose="paket sembako",
        amount="1.500.000",
    )
    pengelola.press("Lanjut: periksa dahulu")
    fits(pengelola)
    pengelola.page.locator("main [name=late]").first.check()
    pengelola.press("Lanjut: periksa dahulu")
    pengelola.sees("susulan")
    fits(pengelola)
    pengelola.press("Catat ke pembukuan")
    sees(pengelola, FUND, "BAST-20/2024")


def assert_the_books_hold(world: World) -> None:
    with world.pekalongan.work_of("pengelola") as work:
        assert queries.check_ledger(work).problems == ()
        for fund in queries.balances(work):
            book = queries.cash_book(work, fund.id)
            assert min(row.balance for row in book) >= 0
            late = [(row.on.isoformat(), row.late_for and row.late_for.isoformat()) for row in book if row.late_for]
            assert late == ([("2024-12-03", "2024-11-20")] if fund.code == "CSR-PKS-1-CSR-2024" else [])
