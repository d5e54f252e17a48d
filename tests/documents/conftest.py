"""A closed November made by hand, for papers that are drawn up without a database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader

from guyub.documents.blocks import Document
from guyub.documents.rendering import Printed, to_pdf
from guyub.facilities.queries import FacilityProfile, OfficialOnDay, Region, ThemeOnDay
from guyub.funds.queries import CashRow, FundBalance, Spending
from guyub.programs.cycle_facts import Figures, GoodsGiven
from guyub.programs.cycles import Cycle
from guyub.programs.documents.facts import DocumentLine, Facts
from guyub.programs.documents.in_books import Purchase, Returned
from guyub.programs.queries import Recipient

SATURDAY = date(2024, 11, 16)
CSR, CANTEEN = UUID(int=101), UUID(int=102)
NAMES = (
    "Siti Contoh Aminah",
    "Muhammad Contoh Abdurrahman Wahid Nur Hidayatullah bin Contoh",
    "Dewi Contoh",
    "Nur Contoh",
    "Sri Contoh Wahyuningsih",
)
PACKAGE = (
    DocumentLine("Beras", "kg", Decimal(5), 15_673),
    DocumentLine("Gula pasir", "kg", Decimal(1), 18_132),
    DocumentLine("Minyak goreng", "liter", Decimal(1), 21_010),
)


@pytest.fixture
def november() -> Facts:
    """Five families of Rutan Pekalongan, each served for Rp116.510 from two funds."""
    recipients = [_recipient(number, name) for number, name in enumerate(NAMES, start=1)]
    return Facts(
        cycle=_cycle(),
        on=SATURDAY,
        facility=_facility(),
        officials={
            "head": OfficialOnDay(
                "head", "Kepala Rutan Kelas IIA Pekalongan", "Bagus Contoh", "198001012005011001", "Plh."
            ),
            "detainee_services": OfficialOnDay(
                "detainee_services", "Kepala Subseksi Pelayanan Tahanan", "Ratna Contoh", "198501012008012001", ""
            ),
            "management": OfficialOnDay("management", "Kepala Subseksi Pengelolaan", "Hendra Contoh", "", ""),
        },
        theme=ThemeOnDay(
            "akselerasi-13", "13 Program Akselerasi Menteri Imigrasi dan Pemasyarakatan", "pemberian bansos"
        ),
        recipients=recipients,
        packages={recipient.id: PACKAGE for recipient in recipients},
        judged=12,
        figures=Figures(5, 5, 0, {"inmate_family": 4, "neighbour": 1}, 582_550),
        goods=[
            GoodsGiven("Beras", "kg", Decimal(25), 387_500),
            GoodsGiven("Gula pasir", "kg", Decimal(5), 90_000),
            GoodsGiven("Minyak goreng", "liter", Decimal(5), 105_050),
        ],
        closed_books={CSR: {}, CANTEEN: {}},
        spending=[
            Spending("CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)", "CSR-PKS-12", "csr_funding", "csr", 400_000),
            Spending("Keuntungan kantin dan bama Oktober 2024", "KANTIN-2024-10", "canteen_profit", "canteen", 182_550),
        ],
        funds=[
            FundBalance(
                CSR,
                "CSR-PKS-12",
                "CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)",
                "csr_funding",
                "csr",
                False,
                400_000,
                0,
                0,
                0,
                400_000,
            ),
            FundBalance(
                CANTEEN,
                "KANTIN-2024-10",
                "Keuntungan kantin dan bama Oktober 2024",
                "canteen_profit",
                "canteen",
                True,
                350_000,
                167_450,
                0,
                0,
                182_550,
            ),
        ],
        cash_books={
            CSR: [
                CashRow(date(2024, 10, 30), "BKM-001/2024", "Penerimaan CSR tahap I", "BAST-06", 100_000, 0, 100_000),
                CashRow(
                    date(2024, 11, 5),
                    "BKM-002/2024",
                    "Penerimaan CSR dari PT Batik Sejahtera (contoh)",
                    "BAST-07/2024 (contoh)",
                    300_000,
                    0,
                    400_000,
                ),
                CashRow(
                    date(2024, 11, 14),
                    "BKK-001/2024",
                    "Belanja di Toko Sumber Pangan (contoh)",
                    "Nota 0412 (contoh)",
                    0,
                    387_500,
                    12_500,
                    holder_id=UUID(int=99),
                ),
            ],
            CANTEEN: [
                CashRow(date(2024, 11, 6), "BKM-003/2024", "Keuntungan kantin dan bama", "BKK-17", 350_000, 0, 350_000)
            ],
        },
        costs=[],
        purchases=[
            Purchase(date(2024, 11, 14), "Belanja di Toko Sumber Pangan (contoh)", "Nota 0412 (contoh)", 582_550)
        ],
        returned=[Returned("", "", Decimal(0), 4_985)],
        kept=[],
        decided_on=date(2024, 11, 12),
        surveyed=(date(2024, 11, 7), date(2024, 11, 8)),
        reserved=[
            Spending("CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)", "CSR-PKS-12", "csr_funding", "csr", 391_825),
            Spending("Keuntungan kantin dan bama Oktober 2024", "KANTIN-2024-10", "canteen_profit", "canteen", 195_710),
        ],
    )


@pytest.fixture
def november_in_money(november: Facts) -> Facts:
    """The same five as a programme that pays Rp300.000 each."""
    settings = {"title": {"id": "Bantuan pendidikan", "en": "School aid"}, "benefit": "money"}
    line = (DocumentLine("Bantuan pendidikan", "", Decimal(1), 300_000),)
    return replace(
        november,
        cycle=replace(november.cycle, settings=settings, closing_note=""),
        recipients=[replace(recipient, value=300_000) for recipient in november.recipients],
        packages={recipient.id: line for recipient in november.recipients},
        figures=replace(november.figures, value=1_500_000),
        goods=[GoodsGiven("Bantuan pendidikan", "", Decimal(0), 1_500_000)],
        spending=[replace(november.spending[0], amount=1_500_000)],
        costs=[],
        purchases=[],
        returned=[],
        kept=[],
    )


def _recipient(number: int, name: str) -> Recipient:
    handed = datetime(2024, 11, 16, 2, 0, tzinfo=UTC) + timedelta(minutes=2 * number)
    return Recipient(
        UUID(int=number),
        number,
        name,
        f"3375••••••••990{number}",
        "RT 007/RW 008, Panjang Wetan, Pekalongan Utara",
        "neighbour" if number == 5 else "inmate_family",
        "" if number == 5 else "wife",
        "" if number == 5 else "Joko Contoh Warga",
        "received",
        "",
        "",
        handed,
        "Ratna Contoh",
        "Budi Contoh Saksi",
        "Wati Contoh" if number == 4 else "",
        "thumbprint" if number == 3 else "signature",
        116_510,
    )


def _cycle() -> Cycle:
    settings = {"title": {"id": "Bantuan sosial sembako", "en": "Staple-food aid"}, "benefit": "goods"}
    return Cycle(
        UUID(int=99),
        "bansos",
        "sembako",
        "2024-11",
        date(2024, 11, 1),
        "closed",
        5,
        "sembako",
        settings,
        SATURDAY,
        time(9, 0),
        "Aula Rutan Kelas IIA Pekalongan",
        True,
        "",
        "",
        "",
        "",
        None,
        "Semua paket diterima.",
        7,
        None,
    )


def _facility() -> FacilityProfile:
    return FacilityProfile(
        UUID(int=1),
        "rutan-pekalongan",
        "Rutan Kelas IIA Pekalongan",
        "Rumah Tahanan Negara Kelas IIA Pekalongan",
        "rutan",
        "IIA",
        "Kota Pekalongan",
        "33.75",
        "Pekalongan",
        "Asia/Jakarta",
        "F4",
        (
            "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",
            "DIREKTORAT JENDERAL PEMASYARAKATAN",
            "KANTOR WILAYAH JAWA TENGAH",
            "RUMAH TAHANAN NEGARA KELAS IIA PEKALONGAN",
            "Jalan Contoh Nomor 1, Pekalongan 51100",
        ),
        "W.13.PAS.PAS.40-{class}-{seq:04} TAHUN {year}",
        "files",
        Region(
            UUID(int=2),
            "jawa-tengah",
            "Jawa Tengah",
            "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah",
            "W.13",
            "Semarang",
        ),
    )


@pytest.fixture
def printed() -> Printed:
    return Printed("Ratna Contoh", datetime(2024, 11, 16, 4, 30, tzinfo=UTC), "Asia/Jakarta")


@pytest.fixture
def pdf_of(printed: Printed) -> Callable[[Document], PdfReader]:
    return lambda document: PdfReader(BytesIO(to_pdf(document, printed)))


@pytest.fixture
def words_of(pdf_of: Callable[[Document], PdfReader]) -> Callable[[Document], str]:
    """All text of a document, lines joined by single spaces."""
    return lambda document: " ".join(" ".join(page.extract_text() for page in pdf_of(document).pages).split())
