"""November 2024 at Rutan Pekalongan through the pages, by the people whose work it is."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator

from tests.visits import Clock

from .conftest import NewPerson, Person, follow

HOME = "/f/rutan-pekalongan/"
MONTH = "/f/rutan-pekalongan/cycles/2024-11/"

FAMILIES = (
    ("Sulastri Contoh", "3375024402619901", "2", "500000"),
    ("Murni Contoh", "3375034503629902", "1", "700000"),
    ("Nur Aini Contoh", "3375044705649904", "0", "900000"),
)
"""Name, NIK, children under five, income: one more than there are packages."""


@pytest.mark.deep
def test_a_month_is_run_through_the_pages_by_several_people(person: NewPerson, clock: Clock):
    kasubsi, karutan, pengelola = person("kasubsi"), person("karutan"), person("pengelola")

    for name, nik, children, income in FAMILIES:
        register(kasubsi, name, nik, children)
        survey(kasubsi, income)
    kasubsi.go("/f/rutan-pekalongan/households")
    kasubsi.sees("Sulastri Contoh", "3375••••••••9901")
    kasubsi.picture("households")

    receive_csr(pengelola, "240000")
    pengelola.sees("Rp240.000")
    pengelola.picture("fund")

    open_november(kasubsi)
    kasubsi.go(MONTH + "candidates")
    kasubsi.fill({"Jumlah paket": "2"})
    kasubsi.press("Pilih skor tertinggi")
    kasubsi.go(MONTH + "candidates")
    kasubsi.picture("candidates")
    kasubsi.go(MONTH + "propose")
    kasubsi.press("Kirim usulan")
    kasubsi.go(MONTH + "approval")
    assert kasubsi.page.get_by_role("button", name="Setujui dan cadangkan dana").count() == 0

    karutan.go(MONTH + "approval")
    karutan.sees("Sulastri Contoh", "Murni Contoh")
    karutan.picture("approval")
    karutan.press("Setujui dan cadangkan dana")
    karutan.sees("Disetujui")

    buy(pengelola)

    clock.becomes("2024-11-16 09:00")
    kasubsi.go(MONTH)
    kasubsi.press("Mulai penyaluran")
    kasubsi.picture("distribution-phone", 360)
    for name in ("Sulastri Contoh", "Murni Contoh"):
        hand_over(kasubsi, name)
    kasubsi.go(MONTH + "distribution")
    kasubsi.sees("Semua keluarga sudah tercatat")
    kasubsi.picture("distribution")

    kasubsi.go(MONTH + "close")
    kasubsi.press("Tutup bulan ini")
    kasubsi.sees("2 dari 2")
    make_documents(kasubsi)

    karutan.go(HOME)
    karutan.picture("month-closed")
    karutan.picture("month-closed-phone", 360)


def test_the_regional_office_sees_the_month_and_no_names(person: NewPerson, clock: Clock):
    clock.becomes("2024-11-20 10:00")
    kanwil = person("kanwil")
    kanwil.go("/region/jawa-tengah/")
    kanwil.sees("Rutan Kelas IIA Pekalongan")
    kanwil.picture("region")
    kanwil.picture("region-phone", 360)
    kanwil.press("Program, sumber dana dan nilai sendiri tiap UPT")
    kanwil.sees("Rutan Kelas IIB Salatiga", "Tanpa program (57)")


def register(kasubsi: Person, name: str, nik: str, children: str) -> None:
    kasubsi.go("/f/rutan-pekalongan/households/new")
    kasubsi.page.get_by_label("Keluarga warga binaan", exact=True).check()
    kasubsi.fill({"Nama lengkap": name})
    field(kasubsi, "recipient.nik").fill(nik)
    field(kasubsi, "recipient.sex").select_option("female")
    field(kasubsi, "village").fill("Klego")
    field(kasubsi, "children_under_5").fill(children)
    field(kasubsi, "adults").fill("1")
    fill_names(kasubsi, {"inmate.full_name": f"Warga {name}", "inmate.register_number": f"A.III {nik[-2:]}/2024"})
    field(kasubsi, "inmate.relationship").select_option("wife")
    field(kasubsi, "inmate.status").select_option("detainee")
    kasubsi.press("Daftarkan")
    kasubsi.sees(name)


def survey(kasubsi: Person, income: str) -> None:
    kasubsi.press("Survei sekarang")
    kasubsi.page.locator("main [name$='monthly_income']").fill(income)
    for group in kasubsi.page.get_by_role("radio", name="Tidak", exact=True).all():
        group.check()
    kasubsi.press("Simpan survei")


def receive_csr(pengelola: Person, amount: str) -> None:
    pengelola.go("/f/rutan-pekalongan/funds/receive/csr_funding/csr/csr_cash")
    fill_names(
        pengelola,
        {
            "donor": "PT Sejahtera (contoh)",
            "agreement_number": "PKS-1/2024",
            "agreement_date": "2024-11-04",
            "received_on": "2024-11-05",
            "evidence_number": "BAST-1/2024",
            "purpose": "sembako",
            "amount": amount,
        },
    )
    follow(pengelola.page, pengelola.page.locator("main form button.btn-primary").last)
    pengelola.sees("Setelah dicatat, penerimaan tidak dapat diubah atau dihapus.")
    pengelola.press("Catat ke pembukuan")
    pengelola.go("/f/rutan-pekalongan/funds")


def open_november(kasubsi: Person) -> None:
    kasubsi.go("/f/rutan-pekalongan/programs/bansos/open")
    fill_names(kasubsi, {"on": "2024-11-16", "at": "09.00", "place": "Aula Rutan Kelas IIA Pekalongan"})
    for box in kasubsi.page.locator("main form input[type=checkbox]").all():
        box.check()
    kasubsi.press("Buka dan nilai keluarga")
    kasubsi.go(MONTH)
    kasubsi.sees("November 2024", "Rencana")


def buy(pengelola: Person) -> None:
    pengelola.go(MONTH)
    pengelola.press("Catat belanja")
    fill_names(pengelola, {"supplier": "Toko Contoh", "evidence": "Nota 1", "on": "2024-11-05"})
    for item, quantity, cost in (("beras", "10", "155000"), ("gula", "2", "36000"), ("minyak", "2", "42000")):
        fill_names(pengelola, {f"{item}.quantity": quantity, f"{item}.cost": cost})
    pengelola.picture("purchases")
    pengelola.press("Lanjut: periksa dahulu")
    pengelola.picture("note")
    pengelola.press("Catat ke pembukuan")
    pengelola.sees("Rp233.000")


def hand_over(kasubsi: Person, name: str) -> None:
    kasubsi.go(MONTH + "distribution")
    follow(kasubsi.page, kasubsi.page.locator("main").get_by_role("link").filter(has_text=name).first)
    witness = field(kasubsi, "witness")
    witness.select_option(label=witness.locator("option", has_text="Pengamanan Contoh Empat").inner_text())
    kasubsi.press("Serahkan sekarang")


def make_documents(kasubsi: Person) -> None:
    kasubsi.go(MONTH + "documents")
    kasubsi.press("Buat dokumen")
    kasubsi.sees("Berita acara", "LAPORAN PELAKSANAAN")
    with kasubsi.page.expect_download() as downloading:
        kasubsi.page.get_by_role("link", name="Unduh").first.click()
    assert downloading.value.path().stat().st_size > 1000
    kasubsi.picture("documents")


def field(somebody: Person, name: str) -> Locator:
    return somebody.page.locator(f"main [name='{name}']").first


def fill_names(somebody: Person, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        field(somebody, name).fill(value)
