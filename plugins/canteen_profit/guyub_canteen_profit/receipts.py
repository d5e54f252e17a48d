"""The monthly statement, as the cooperative and the facility declare it."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict

from guyub.sdk import Receipt, Rupiah, Text, field

RUPIAH = Text(id="rupiah", en="rupiah")

# A semicolon parts the documents of one statement in the books.
NUMBER = r"^[^;]*$"


def _whole_date(value: Any) -> Any:
    """Returns a whole date of a month field, which sends "2024-11"."""
    return f"{value}-01" if isinstance(value, str) and len(value) == len("2024-11") else value


Month = Annotated[date, BeforeValidator(_whole_date), AfterValidator(lambda day: day.replace(day=1))]
"""A month, kept as its first day; any of its days or "2024-11" is understood."""


class MonthlyStatement(Receipt):
    model_config = ConfigDict(str_strip_whitespace=True)

    key = "monthly_statement"
    title = Text(id="Laporan bulanan kantin dan bama", en="Monthly statement of canteen and food supplies")

    month: Month = field(
        Text(id="Bulan", en="Month"),
        help=Text(id="Bulan yang dilaporkan.", en="The month of the statement."),
        widget="month",
    )
    canteen_sales: Rupiah = field(
        Text(id="Penjualan kantin", en="Canteen sales"),
        help=Text(id="Seluruh penjualan bulan itu.", en="All sales of the month."),
        unit=RUPIAH,
        default=0,
        widget="rupiah",
    )
    canteen_costs: Rupiah = field(
        Text(id="Biaya kantin", en="Canteen costs"),
        help=Text(
            id="Pembelian dan biaya lain bulan itu, termasuk premi.", en="Purchases and other costs, wages included."
        ),
        unit=RUPIAH,
        default=0,
        widget="rupiah",
    )
    canteen_share: Rupiah = field(
        Text(id="Bagian kantin yang disisihkan", en="Canteen share set aside"),
        help=Text(
            id="Tidak melebihi keuntungan kantin (penjualan dikurangi biaya).",
            en="Not more than the canteen's profit (sales less costs).",
        ),
        unit=RUPIAH,
        default=0,
        widget="rupiah",
    )
    food_supply_margin: Rupiah = field(
        Text(id="Keuntungan bama yang dinyatakan", en="Food-supply margin declared"),
        help=Text(
            id="Dicatat apa adanya, wajib dengan dasar tertulis, dan ditandai untuk kantor wilayah.",
            en="Recorded as declared, with a written basis, and flagged to the regional office.",
        ),
        unit=RUPIAH,
        default=0,
        widget="rupiah",
    )
    basis_number: str = field(
        Text(id="Nomor dasar tertulis", en="Number of the written basis"),
        help=Text(
            id="Keputusan rapat koperasi atau surat lain yang menjadi dasar.",
            en="The cooperative's decision or another letter that it rests on.",
        ),
        default="",
        max_length=80,
        pattern=NUMBER,
    )
    acknowledgement_number: str = field(
        Text(id="Nomor pengakuan kantor wilayah", en="Number of the regional acknowledgement"),
        help=Text(
            id="Surat kantor wilayah tentang keuntungan bama, bila sudah ada.",
            en="The regional office's letter about the food-supply margin, where there is one.",
        ),
        default="",
        max_length=80,
        pattern=NUMBER,
    )
    received_on: date = field(
        Text(id="Tanggal diterima", en="Received on"),
        help=Text(
            id="Tanggal uang diserahkan kepada bendahara kegiatan.",
            en="The day when the money was given to the activity's treasurer.",
        ),
    )
    voucher_number: str = field(
        Text(id="Nomor bukti kas", en="Number of the cash voucher"),
        help=Text(id="Bukti kas keluar koperasi.", en="The cooperative's cash voucher."),
        min_length=1,
        max_length=80,
        pattern=NUMBER,
    )

    @property
    def canteen_profit(self) -> int:
        """Sales less costs in rupiah; below zero in a month of loss."""
        return self.canteen_sales - self.canteen_costs

    @property
    def total(self) -> int:
        return self.canteen_share + self.food_supply_margin
