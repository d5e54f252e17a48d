"""Events that were published, each run through a whole month by its own numbers: packages, day and hour, zone, who received.

The numbers are those of press reports (``Event.source`` says which); people, donors and prices are invented, and so is how many
of the packages an orphanage received, which no report tells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from benchmarks.people import families
from guyub.demo.families import DemoHousehold
from guyub.demo.month import DemoPurchase, Rutan, moment
from guyub.facilities import officials as posts
from guyub.facilities.officials import Appointment
from guyub.funds import promises, queries
from guyub.programs import cycle_facts, cycles, distribution, proposal, selection
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.programs.documents import bundle
from guyub.registry.schemas import RegisterHousehold
from tests import places, worlds
from tests.worlds import World, gift

PACKAGE = 5 * 15_673 + 18_132 + 21_010
"""What bansos puts into a package by default, in rupiah."""


TUBAN = [
    {"code": "beras", "name": "Beras", "unit": "kg", "quantity": 5, "price": 15_000},
    {"code": "gula", "name": "Gula pasir", "unit": "kg", "quantity": 1, "price": 13_000},
    {"code": "minyak", "name": "Minyak goreng", "unit": "liter", "quantity": 1, "price": 14_000},
    {"code": "sarden", "name": "Sarden", "unit": "kaleng", "quantity": 1, "price": 15_000},
    {"code": "mi", "name": "Mi instan", "unit": "bungkus", "quantity": 10, "price": 2_300},
    {"code": "susu", "name": "Susu", "unit": "kaleng", "quantity": 1, "price": 10_000},
]
"""The package of Lapas Tuban: its contents and its worth as published, the price of each part invented."""


@dataclass(frozen=True)
class Round:
    """So many households at one hour, before one witness: a team from door to door, or what is left after the coupons."""

    households: int
    at: time
    witness: str = ""
    days_later: int = 0


@dataclass(frozen=True)
class Event:
    """A distribution as it was published; ``received`` are households by category, an institution among them receives
    ``for_institution`` packages."""

    source: str
    code: str
    on: date
    received: Mapping[str, int]
    begins: time = time(9)
    zone: str = "Asia/Jakarta"
    place: str = "Aula"
    absent: int = 0
    names_the_day: str = ""
    abbreviation: str = "WIB"
    people_served: int = 0
    for_institution: int = 1
    rounds: Sequence[Round] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    worth: int = PACKAGE
    villages: Sequence[str] = ()

    @property
    def packages(self) -> int:
        return self.households + self.received.get(INSTITUTION, 0) * (self.for_institution - 1)

    @property
    def households(self) -> int:
        return sum(self.received.values())

    @property
    def ends(self) -> date:
        return self.on + timedelta(days=max((each.days_later for each in self.rounds), default=0))

    @property
    def period(self) -> date:
        return self.on.replace(day=1)

    def __str__(self) -> str:
        return f"{self.code} {self.on:%Y-%m-%d}"


FAMILY, NEIGHBOUR, FORMER, INSTITUTION = "inmate_family", "neighbour", "former_inmate", "institution"
EVENTS = (
    Event(
        "2: keluarga WBP dan warga sekitar",
        "rutan-dua",
        date(2026, 2, 20),
        {FAMILY: 6, NEIGHBOUR: 4},
        names_the_day="Jumat tanggal dua puluh bulan Februari",
    ),
    Event(
        "3: Rutan IIB Kabanjahe, 09.00 WIB",
        "rutan-tiga",
        date(2024, 11, 22),
        {FAMILY: 90},
        names_the_day="Jumat tanggal dua puluh dua bulan November",
    ),
    Event("4: Lapas IIA Pancur Batu", "lapas-empat", date(2024, 11, 22), {FAMILY: 35, NEIGHBOUR: 20}),
    Event(
        "9: Rutan Kelas I Surabaya, 08.00 WIB",
        "rutan-sembilan",
        date(2025, 4, 14),
        {FAMILY: 60, NEIGHBOUR: 35, INSTITUTION: 1},
        begins=time(8),
        people_served=45,
        for_institution=5,
        names_the_day="Senin tanggal empat belas bulan April",
    ),
    Event(
        "10: Rutan IIA Ambon (WIT)",
        "rutan-sepuluh",
        date(2025, 7, 8),
        {FAMILY: 20},
        zone="Asia/Jayapura",
        abbreviation="WIT",
        names_the_day="Selasa tanggal delapan bulan Juli",
    ),
    Event(
        "11: Rutan IIB Rantau (WITA)",
        "rutan-sebelas",
        date(2025, 7, 22),
        {FAMILY: 10},
        zone="Asia/Makassar",
        abbreviation="WITA",
    ),
    Event(
        "12: Rutan IIB Situbondo",
        "rutan-duabelas",
        date(2025, 7, 31),
        {FAMILY: 25},
        place="Ruang pendaftaran kunjungan",
    ),
    Event("13: Lapas IIA Tanjungpinang", "lapas-tigabelas", date(2025, 8, 12), {FAMILY: 10}),
    Event(
        "14: Kanwil Jambi, exactly one hundred",
        "rutan-empatbelas",
        date(2025, 8, 16),
        {FAMILY: 100},
        place="Rumah penerima",
    ),
    Event(
        "15: 5.000 paket melalui sepuluh kelurahan",
        "lapas-limabelas",
        date(2025, 8, 12),
        {INSTITUTION: 10},
        people_served=500,
        for_institution=500,
        names_the_day="Selasa tanggal dua belas bulan Agustus",
    ),
    Event(
        "17: Lapas IIB Kayuagung, simbolis kepada lima keluarga, lainnya sesudahnya",
        "lapas-tujuhbelas",
        date(2025, 11, 7),
        {FAMILY: 30},
        rounds=(Round(5, time(9)), Round(25, time(10), "Pengantar Contoh", days_later=3)),
        names_the_day="Jumat, 7 November 2025 dan Senin, 10 November 2025",
    ),
    Event(
        "16: Lapas Kelas I Semarang",
        "lapas-enambelas",
        date(2025, 10, 10),
        {FAMILY: 20},
        names_the_day="Jumat tanggal sepuluh bulan Oktober",
    ),
    Event(
        "20: warga satu RT dan panti asuhan",
        "lapas-duapuluh",
        date(2022, 4, 22),
        {NEIGHBOUR: 55, INSTITUTION: 1},
        people_served=96,
        for_institution=10,
        names_the_day="Jumat tanggal dua puluh dua bulan April",
    ),
    Event(
        "21: 15 mantan warga binaan di antara 85",
        "lapas-duasatu",
        date(2020, 6, 12),
        {FAMILY: 45, NEIGHBOUR: 25, FORMER: 15},
    ),
    Event(
        "22: kupon, sebagian tidak diambil", "lapas-duadua", date(2021, 7, 16), {FAMILY: 100, NEIGHBOUR: 100}, absent=7
    ),
    Event(
        "8: Lapas IIB Sukabumi, empat tim bermotor dari rumah ke rumah",
        "lapas-delapan",
        date(2025, 2, 14),
        {FAMILY: 20},
        place="Rumah penerima",
        rounds=[Round(5, time(9, 15 * team), f"Ketua Tim {team + 1} Contoh") for team in range(4)],
        names_the_day="Jumat tanggal empat belas bulan Februari",
    ),
    Event(
        "18: Rutan IIB Gresik, menjelang Ramadan",
        "rutan-delapanbelas",
        date(2026, 1, 28),
        {FAMILY: 10},
        names_the_day="Rabu tanggal dua puluh delapan bulan Januari",
    ),
    Event(
        "18: Rutan IIB Blora, dalam bulan Ramadan",
        "rutan-delapanbelas-b",
        date(2026, 2, 27),
        {FAMILY: 10},
        begins=time(16),
        names_the_day="Jumat tanggal dua puluh tujuh bulan Februari",
    ),
    Event(
        "19: Lapas Tuban, paket Rp150.000 di lima kelurahan",
        "lapas-sembilanbelas",
        date(2021, 7, 29),
        {NEIGHBOUR: 50},
        settings={"package": TUBAN},
        worth=150_000,
        villages=("Sidorejo", "Latsari", "Kebonsari", "Doromukti", "Ronggomulyo"),
        names_the_day="Kamis tanggal dua puluh sembilan bulan Juli",
    ),
    Event(
        "22: kupon, sisanya diantar ke rumah",
        "lapas-duadua-b",
        date(2021, 8, 13),
        {FAMILY: 100, NEIGHBOUR: 100},
        rounds=(Round(193, time(9)), Round(7, time(15), "Pengantar Contoh")),
    ),
)


@pytest.fixture(scope="module")
def nation(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "hibah") as made:
        places.add_regions(made.database)
        yield made


def facility_of(nation: World, event: Event, settings: Mapping[str, Any]) -> Rutan:
    """A facility with the people who run its month."""
    name = f"UPT Contoh {event.code.title()}"
    places.add_facilities(
        nation.database, places.small_facility(event.code, zone=event.zone, name=name, long_name=name)
    )
    since = event.period - timedelta(days=400)
    logins = {}
    for role in ("detainee_services", "head", "management", "security"):
        logins[role] = f"{role}.{event.code}"
        worlds.employ(nation.database, logins[role], role, event.code, since=since)
    worlds.activate(nation.database, "bansos", event.code, since=since)
    worlds.activate(nation.database, "hibah", event.code, since=since)
    worlds.configure(
        nation.database,
        "bansos",
        event.code,
        since,
        quota=event.packages,
        categories=[FAMILY, NEIGHBOUR, FORMER, INSTITUTION],
        **settings,
    )
    return Rutan(
        nation.pekalongan.opened,
        event.code,
        logins["detainee_services"],
        logins["head"],
        logins["management"],
        logins["security"],
        f"{logins['security'].title()} Contoh",
    )


def households(event: Event, waiting: int = 0) -> list[DemoHousehold]:
    """As many as received, each of its category, and families that wait."""
    categories = [category for category, count in event.received.items() for _ in range(count)] + [FAMILY] * waiting
    first = EVENTS_OF_THEIR_OWN.index(event) * 300
    made = families(first + len(categories))[first:]
    return [
        _of(category, family, event, place)
        for place, (category, family) in enumerate(zip(categories, made, strict=True))
    ]


def _of(category: str, family: DemoHousehold, event: Event, place: int) -> DemoHousehold:
    kept = family.registration.model_dump(exclude={"inmate"} if category != FAMILY else set())
    kept["category"] = category
    if category == INSTITUTION:
        kept |= {"institution_name": "Panti Asuhan Contoh", "people_served": event.people_served}
        kept["packages"] = event.for_institution
    if event.villages:
        kept |= {"village": event.villages[place % len(event.villages)], "village_code": ""}
    return replace(family, registration=RegisterHousehold(**kept))


def run(
    nation: World, event: Event, *, waiting: int = 0, officials: Sequence[Appointment] = (), **settings: Any
) -> tuple[Rutan, Cycle]:
    """The month from its households to the closed cycle; so many more households wait for their turn."""
    rutan = facility_of(nation, event, {**event.settings, **settings})
    places.managed_by(nation.database, "web", event.code, regions=())
    with nation.database.work(nation.database.as_service("tests", event.code)) as work:
        for official in officials:
            posts.appoint(work, official)
    rutan.register(households(event, waiting), event.period - timedelta(days=20))
    received_on = event.on - timedelta(days=12)
    income = gift("CSR", event.packages * event.worth + 1_000, received_on=received_on.isoformat())
    rutan.receive([income], event.on - timedelta(days=11))
    cycle = _proposed(rutan, event)
    rutan.approve(cycle, event.on - timedelta(days=5))
    with rutan.work_of(rutan.management) as work:
        lines = [
            (line.item, str(line.quantity), int(line.quantity * line.price)) for line in promises.to_buy(work, cycle.id)
        ]
    rutan.shop(cycle, [DemoPurchase(event.on - timedelta(days=2), "Toko (contoh)", "Nota 1", lines)])
    _distribute(rutan, event)
    return rutan, rutan.close(cycle, event.ends, "Selesai.")


def _proposed(rutan: Rutan, event: Event) -> Cycle:
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.open_cycle(
            work,
            rutan.opened.plugins,
            "bansos",
            event.period,
            fund_codes=["CSR"],
            distribution_on=event.on,
            starts_at=event.begins,
            place=event.place,
        )
        selection.score(work, rutan.opened.plugins, cycle)
        selection.select_top(work, cycle)
        proposal.propose(work, rutan.opened.plugins, cycle, event.period)
        return cycles.get(work, "bansos", event.period)


def _distribute(rutan: Rutan, event: Event) -> None:
    """All at the hour at which it began, but for those who do not come."""
    with rutan.work_of(rutan.services) as work:
        distribution.start(work, cycles.get(work, "bansos", event.period))
        cycle = cycles.get(work, "bansos", event.period)
        listed = [recipient.id for recipient in programs.recipients(work, cycle)]
        came, away = listed[event.absent :], listed[: event.absent]
        for each in event.rounds or (Round(len(came), event.begins),):
            now, came = came[: each.households], came[each.households :]
            at = moment(event.on + timedelta(days=each.days_later), each.at, event.zone)
            distribution.hand_over(work, cycle, now, at, Proof(each.witness or rutan.witness_name))
        assert not came
        if away:
            distribution.mark_absent(work, cycle, away, "tidak mengambil kupon")


SOON = ("rutan-dua", "rutan-sepuluh", "lapas-duasatu")
"""Events that every run tries; the others belong to the deep cross-checks."""


@pytest.mark.parametrize(
    "event",
    [pytest.param(each, id=str(each), marks=[] if each.code in SOON else pytest.mark.deep) for each in EVENTS],
)
def test_an_event_is_accounted_for_by_its_own_numbers(nation: World, event: Event):
    rutan, cycle = run(nation, event)
    given, handed = event.households - event.absent, event.packages - event.absent
    with rutan.work_of(rutan.services) as work:
        figures = cycle_facts.figures(work, cycle)
        noon = datetime.combine(event.ends, time(12), UTC)
        kept = bundle.produce(work, cycle, ["handover_record", "activity_report"], None, noon)
        words = " ".join(_words(bundle.content(work, document)) for document in kept)
        listed = programs.recipients(work, cycle)
    with rutan.work_of(rutan.management) as work:
        [fund] = queries.balances(work)
        book = queries.cash_book(work, fund.id)
        left_over = sum(lot.cost for lot in queries.stock(work))
        assert queries.check_ledger(work).problems == ()
    assert (figures.listed, figures.received, figures.absent) == (event.households, given, event.absent)
    assert (figures.packages_listed, figures.packages) == (event.packages, handed)
    assert sum(figures.by_category.values()) == given
    if not event.absent:
        assert figures.by_category == event.received
    assert figures.value == handed * event.worth
    assert (book[-1].balance, sum(row.payment for row in book)) == (1_000, event.packages * event.worth)
    assert left_over == event.absent * event.worth
    assert event.names_the_day in words
    if not event.rounds:
        assert f"{event.begins:%H.%M} {event.abbreviation}" in words
    else:
        assert f"antara pukul {event.rounds[0].at:%H.%M} dan {event.rounds[-1].at:%H.%M}" in words
    assert all(each.witness in words for each in event.rounds)
    institutions = [recipient for recipient in listed if recipient.category == INSTITUTION]
    assert [recipient.packages for recipient in institutions] == [event.for_institution] * len(institutions)
    assert [recipient.value for recipient in institutions] == [event.for_institution * event.worth] * len(institutions)
    if institutions:
        assert f"({event.packages} paket)" in words
    for village in event.villages:
        assert sum(village in recipient.address for recipient in listed) == event.packages // len(event.villages)


ROTATING = Event("6: Lapas Takalar, other families each month", "lapas-enam", date(2024, 12, 14), {FAMILY: 10})
LARGE = Event("7: Lapas Kelas I Medan, signed by a Plh.", "lapas-tujuh", date(2025, 1, 13), {FAMILY: 250})
EVENTS_OF_THEIR_OWN = (*EVENTS, ROTATING, LARGE)


@pytest.mark.deep
def test_families_take_turns_from_month_to_month(nation: World):
    rutan, december = run(nation, ROTATING, waiting=10, cool_down_months=1)
    with rutan.work_of(rutan.services) as work:
        first = {recipient.name for recipient in programs.recipients(work, december)}
        january = cycles.open_next(work, rutan.opened.plugins, december, distribution_on=date(2025, 1, 11))
        selection.score(work, rutan.opened.plugins, january)
        selection.select_top(work, january)
        second = {row.name for row in programs.candidates(work, january, states=("selected",))}
        excluded = {row.name for row in programs.candidates(work, january, states=("excluded",))}
    assert (len(first), len(second), excluded) == (10, 10, first)


@pytest.mark.deep
def test_an_acting_head_signs_for_two_hundred_and_fifty(nation: World):
    acting = Appointment(
        "head", "Contoh Pelaksana", "", "Plh.", "", date(2025, 1, 10), date(2025, 1, 17), ends_former=False
    )
    rutan, cycle = run(nation, LARGE, officials=[acting])
    with rutan.work_of(rutan.services) as work:
        figures = cycle_facts.figures(work, cycle)
        noon = datetime.combine(LARGE.on, time(12), UTC)
        [kept] = bundle.produce(work, cycle, ["handover_record"], None, noon)
        words = _words(bundle.content(work, kept))
    assert (figures.received, figures.value) == (250, 250 * PACKAGE)
    assert "Plh. Kepala" in words
    assert "Contoh Pelaksana" in words


def _words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)
