"""The first real run: Rutan Kelas IIA Pekalongan, five packages at the Aula on Saturday 16 November 2024.

Facility, day, place, number and kind of packages and the two kinds of funds are those of the published report; people,
donor, amounts and numbers of documents are invented and say so.
"""

from datetime import date, time

from guyub.demo import families, staff
from guyub.demo.month import DemoPurchase, DemoReceipt, Rutan, moment
from guyub.operations.context import AppContext, Progress
from guyub.programs.cycles import Cycle
from guyub.sdk.text import Text

PERIOD = date(2024, 11, 1)
DISTRIBUTION = date(2024, 11, 16)
BEGINS = time(9, 0)
PLACE = "Aula Rutan Kelas IIA Pekalongan"

INCOMES = (
    DemoReceipt(
        "csr_funding",
        "csr",
        "csr_cash",
        {
            "donor": "PT Batik Sejahtera (contoh)",
            "agreement_number": "PKS-12/CSR/2024",
            "agreement_date": "2024-11-04",
            "received_on": "2024-11-05",
            "evidence_number": "BAST-07/2024",
            "purpose": "paket sembako keluarga warga binaan yang kurang mampu",
            "amount": 400_000,
        },
    ),
    DemoReceipt(
        "canteen_profit",
        "canteen",
        "monthly_statement",
        {
            "month": "2024-10-01",
            "canteen_sales": 14_750_000,
            "canteen_costs": 13_900_000,
            "canteen_share": 200_000,
            "food_supply_margin": 150_000,
            "basis_number": "BA-03/KOP/2024",
            "received_on": "2024-11-06",
            "voucher_number": "BKK-17",
        },
    ),
)

SECOND_GIFT = DemoReceipt(
    "csr_funding",
    "csr",
    "csr_cash",
    {
        **INCOMES[0].form,
        "received_on": "2024-12-02",
        "evidence_number": "BAST-09/2024",
        "amount": 500_000,
    },
)
"""The same donor's gift for December, under the same agreement."""

SHOPPING = (
    DemoPurchase(
        date(2024, 11, 14),
        "Toko Sumber Pangan (contoh)",
        "Nota 0412",
        (
            ("beras", "25", 387_500),
            ("gula", "5", 90_000),
            ("minyak", "5", 105_050),
        ),
    ),
)


def rutan_pekalongan(opened: AppContext) -> Rutan:
    return Rutan(
        opened,
        staff.PEKALONGAN,
        "kasubsi.pekalongan",
        "karutan.pekalongan",
        "pengelolaan.pekalongan",
        "kpr.pekalongan",
        "Joko Contoh Prasetyo",
    )


def run(rutan: Rutan, say: Progress) -> Cycle:
    """Runs the month from an empty registry to the closed cycle."""
    cycle = until_handed_over(rutan, say)
    return rutan.close(cycle, DISTRIBUTION, "Semua paket diterima; sisa dana kembali ke sumbernya.")


def until_handed_over(rutan: Rutan, say: Progress) -> Cycle:
    """Runs the month from an empty registry to the last hand-over."""
    say(Text(id="Mendata dan menyurvei 12 keluarga calon …", en="Registering and visiting 12 candidate households …"))
    rutan.register(families.PEKALONGAN, date(2024, 11, 8))
    say(Text(id="Mencatat CSR dan keuntungan kantin/bama …", en="Booking CSR and canteen profit …"))
    funds = rutan.receive(INCOMES, date(2024, 11, 6))
    say(
        Text(
            id="Menghitung skor, memilih lima keluarga, mengusulkan …",
            en="Scoring, choosing five households, proposing …",
        )
    )
    cycle = rutan.propose(PERIOD, funds, PLACE, DISTRIBUTION, BEGINS, "inmate_family")
    say(Text(id="Menyetujui dan mencadangkan dana …", en="Approving and reserving the money …"))
    rutan.approve(cycle, date(2024, 11, 12))
    say(Text(id="Membeli barang …", en="Buying the goods …"))
    rutan.shop(cycle, SHOPPING)
    say(
        Text(id="Menyerahkan lima paket pada 16 November 2024 …", en="Handing over five packages on 16 November 2024 …")
    )
    rutan.hand_over(cycle, moment(DISTRIBUTION, BEGINS), thumbprints=frozenset({3}))
    return cycle
