"""Fills an empty installation: the region from its files, people in their posts, and what happened so far."""

from datetime import UTC, date, datetime, time

from guyub.configuration import management
from guyub.demo import families, november, staff
from guyub.demo.month import DemoPurchase, Rutan, moment
from guyub.operations.context import AppContext, Progress, whoami
from guyub.provisioning import packaged_folder
from guyub.provisioning.loading import load
from guyub.provisioning.plan import apply
from guyub.sdk.text import Text

TODAY = moment(date(2024, 12, 2), time(8))
"""When the demonstration is opened for the first time: the Monday on which December's list is drawn up."""


_TO_BE_TRIED = "Peragaan: konfigurasi dapat dicoba melalui web"


def settle(opened: AppContext, passwords: dict[str, str], say: Progress) -> None:
    """Makes facilities, configuration and people. What the files said is from then on changed through the web, to be tried."""
    say(Text(id="Memuat wilayah Jawa Tengah …", en="Loading the region Jawa Tengah …"))
    with opened.database.work(opened.database.as_service(whoami())) as work:
        files = load(packaged_folder(), opened.plugins)
        apply(work, opened.plugins, files)
        for region in files.regions:
            management.change_region_managed_by(work, region, "web", _TO_BE_TRIED)
        management.change_managed_by_of_many(work, list(files.facilities), "web", _TO_BE_TRIED)
        staff.employ(work, opened.database.service_key, passwords)


def live_through(opened: AppContext, say: Progress) -> None:
    """Runs November 2024 at two rutan, one of which closed its books, and opens December from the last month where the
    demonstration begins."""
    pekalongan = november.rutan_pekalongan(opened)
    closed = november.run(pekalongan, say)
    say(Text(id="Menutup buku kas November 2024 …", en="Closing the cash books of November 2024 …"))
    pekalongan.close_books(TODAY.date())
    say(Text(id="Membuka Desember 2024 dari bulan lalu …", en="Opening December 2024 from the last month …"))
    pekalongan.receive([november.SECOND_GIFT], TODAY.date())
    pekalongan.open_next(closed, date(2024, 12, 14))
    say(
        Text(id="Rutan Kebumen: satu bulan dari keuntungan kantin …", en="Rutan Kebumen: a month from canteen profit …")
    )
    _month_of_kebumen(opened)


def shift_to(today: datetime = TODAY) -> float:
    """Seconds between now and the day on which the demonstration begins."""
    return (datetime.now(UTC) - today).total_seconds()


def _month_of_kebumen(opened: AppContext) -> None:
    """Runs the month of a rutan that runs the programme from canteen profit alone; its distribution is still open for
    one family.
    """
    rutan = Rutan(
        opened,
        staff.KEBUMEN,
        "kasubsi.kebumen",
        "karutan.kebumen",
        "pengelolaan.kebumen",
        "kpr.kebumen",
        "Dwi Contoh Santoso",
    )
    rutan.register(families.KEBUMEN, date(2024, 11, 14))
    funds = rutan.receive([november.INCOMES[1]], date(2024, 11, 8))
    on = date(2024, 11, 23)
    cycle = rutan.propose(
        november.PERIOD, funds, "Ruang Kunjungan Rutan Kelas IIB Kebumen", on, time(8, 30), "inmate_family"
    )
    rutan.approve(cycle, date(2024, 11, 18))
    goods = (("beras", "10", 156_000), ("gula", "2", 36_000), ("minyak", "2", 42_000))
    rutan.shop(cycle, [DemoPurchase(date(2024, 11, 20), "Toko Makmur (contoh)", "Nota 88", goods)])
    rutan.hand_over(cycle, moment(on, time(8, 30)), not_yet=frozenset({2}))
