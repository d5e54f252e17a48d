"""Rutan Pekalongan with more of everything than a page holds, and a month at each of its steps.

600 households, 270 of them candidates, 250 recipients in each of 36 months, 12 funds, names of every kind of script, more than
300 entries of the audit log: made by the services in sets, by the people whose work it is, on days that follow one another.
``filled`` at another size makes the same facility with little in it, to compare the two.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from benchmarks.people import families
from guyub.db.installation import Installation
from guyub.demo.month import DemoPurchase, DemoReceipt, Rutan, moment
from guyub.funds import promises, purchase_list
from guyub.programs import cycles, distribution, queries, selection
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.registry import service
from guyub.registry.schemas import ChangeHousehold
from tests import worlds
from tests.filled import copy_of
from tests.worlds import PEKALONGAN, World

NOW = datetime(2025, 4, 16, 3, tzinfo=UTC)
"""When people look at it: Wednesday, 16 April 2025, 10.00 WIB."""

STEPS = {
    "closed": date(2024, 11, 1),
    "served": date(2024, 12, 1),
    "begun": date(2025, 1, 1),
    "approved": date(2025, 2, 1),
    "proposed": date(2025, 3, 1),
    "scored": date(2025, 4, 1),
}
"""A month for each step: ``served`` has most families absent, ``begun`` most of them waiting and one hand-over undone."""

NAMES = (
    "Keluarga Contoh",
    "Hj. Nur 'Aini binti Contoh, S.Pd.",
    "D’Angelo Ñusa-Müller Contoh",
    "ꦱꦶꦠꦶ Contoh",
    "陈大文 Contoh",
    "سيتي Contoh",
    "सीता Contoh",
    "Siti 😀 Contoh",
    "R.A. Contoh Kusumaningrum Wijayakusuma Mangkudiningrat Hadiningrat",
    "Ø Contoh",
)
"""Of every kind of script; each household has its number behind its name."""
_PRICE = 117_507


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each; a candidate is a household that was visited, and ``corrected`` households make audit entries.

    Months before those of ``STEPS`` are closed.
    """

    households: int = 600
    candidates: int = 270
    recipients: int = 250
    funds: int = 12
    corrected: int = 300
    months: int = 36

    @property
    def periods(self) -> list[date]:
        """Returns the months before those of ``STEPS``, in their order."""
        newest = STEPS["closed"].year * 12 + STEPS["closed"].month - 1
        months = [divmod(newest - back, 12) for back in range(self.months - len(STEPS), 0, -1)]
        return [date(year, month + 1, 1) for year, month in months]

    @property
    def begins(self) -> date:
        """Returns the first month."""
        return (self.periods or [STEPS["closed"]])[0]


LARGE = Sizes()
SMALL = Sizes(households=14, candidates=9, recipients=8, funds=2, corrected=3, months=len(STEPS))
"""Less than a page of anything."""


@contextmanager
def a_large_rutan(cluster: Any, sizes: Sizes = LARGE) -> Iterator[World]:
    """An installation of its own, filled: a copy of the one that this worker fills once for each size."""

    def fill(installation: Installation) -> None:
        with worlds.world_in(cluster, installation, keep=True) as world:
            filled(world, sizes)

    copy = copy_of(cluster, sizes, fill)
    with worlds.world_in(cluster, copy.installation) as world:
        yield world


def filled(world: World, sizes: Sizes = LARGE) -> Mapping[str, Cycle]:
    """Fills Rutan Pekalongan; its months by step."""
    funds = settled(world, sizes)
    for period in sizes.periods:
        _month(world.pekalongan, "closed", period, funds, sizes)
    return {step: _month(world.pekalongan, step, period, funds, sizes) for step, period in STEPS.items()}


def settled(world: World, sizes: Sizes = LARGE) -> list[str]:
    """The people and the money of Rutan Pekalongan before its first month; the codes of the funds."""
    served_every_month = {"quota": sizes.recipients, "cool_down_months": 0, "survey_max_age_days": 0}
    for plugin in ("bansos", "csr_funding"):
        worlds.activate(world.database, plugin, PEKALONGAN, since=sizes.begins)
    for since in sorted({sizes.begins, STEPS["closed"]}):  # from here on the facility's own file says something else
        worlds.configure(world.database, "bansos", PEKALONGAN, since, **served_every_month)
    _people(world.pekalongan, sizes)
    return world.pekalongan.receive(
        [_gift(number, sizes) for number in range(1, sizes.funds + 1)], sizes.begins.replace(day=7)
    )


def address(step: str) -> str:
    """Where the month of a step stands, without a slash at its end."""
    return f"/f/{PEKALONGAN}/cycles/{STEPS[step]:%Y-%m}"


def _people(rutan: Rutan, sizes: Sizes) -> None:
    known = [
        replace(
            family,
            registration=family.registration.model_copy(
                update={
                    "recipient": family.registration.recipient.model_copy(
                        update={"full_name": f"{NAMES[place % len(NAMES)]} {place + 1}"}
                    )
                }
            ),
        )
        for place, family in enumerate(families(sizes.households))
    ]
    registered_on = sizes.begins.replace(day=4)
    rutan.register(known[: sizes.candidates], registered_on)
    with rutan.work_of(rutan.services) as work:
        unvisited = [family.registration for family in known[sizes.candidates :]]
        ids = service.register_many(work, rutan.opened.protector, unvisited, registered_on)
    with rutan.work_of(rutan.services) as work:
        for household, registered in zip(ids[: sizes.corrected], unvisited, strict=False):
            kept = registered.model_dump(exclude={"recipient", "members", "family_card", "phone", "street"})
            change = ChangeHousehold(**kept | {"village": "Klego", "village_code": ""})
            service.update_household(work, rutan.opened.protector, household, change, registered_on)


def _gift(number: int, sizes: Sizes) -> DemoReceipt:
    """Funds enough for all months together, in equal parts."""
    return DemoReceipt(
        "csr_funding",
        "csr",
        "csr_cash",
        {
            "donor": f"PT Sejahtera {number} (contoh)",
            "agreement_number": f"PKS-{number}/CSR/{sizes.begins.year}",
            "agreement_date": sizes.begins.replace(day=4).isoformat(),
            "received_on": sizes.begins.replace(day=6).isoformat(),
            "evidence_number": f"BAST-{number}/{sizes.begins.year}",
            "purpose": "paket sembako",
            "amount": sizes.months * sizes.recipients * _PRICE // sizes.funds + 1_000,
        },
    )


def _month(rutan: Rutan, step: str, period: date, funds: list[str], sizes: Sizes) -> Cycle:
    """One month until its step; it is distributed on its 16th."""
    day = period.replace(day=16)
    if step == "scored":
        return _scored(rutan, period, day, funds)
    cycle = rutan.propose(period, funds, "Aula Rutan Kelas IIA Pekalongan", day, time(9), "inmate_family")
    if step == "proposed":
        return cycle
    rutan.approve(cycle, period.replace(day=8))
    if step == "approved":
        return cycle
    _shop(rutan, cycle)
    everyone = frozenset(range(1, sizes.recipients + 1))
    rutan.hand_over(cycle, moment(day, time(9)), not_yet=everyone)
    _the_day(rutan, cycle, step)
    if step == "closed":
        return rutan.close(cycle, day, "Semua yang hadir menerima.")
    return cycle


def _scored(rutan: Rutan, period: date, day: date, funds: list[str]) -> Cycle:
    """Opened and scored; the last of the chosen was put on the list by hand."""
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.open_cycle(
            work,
            rutan.opened.plugins,
            "bansos",
            period,
            fund_codes=funds,
            distribution_on=day,
            starts_at=time(9),
            place="Aula",
        )
        selection.score(work, rutan.opened.plugins, cycle)
        selection.select_top(work, cycle)
        last = queries.candidates(work, cycle, states=("selected",), limit=1_000)[-1]
        selection.choose(work, cycle, last.id, wanted=True, reason="mendesak")
    return cycle


def _shop(rutan: Rutan, cycle: Cycle) -> None:
    """All that the packages still need, at the planned price; what the month before left is not bought again."""
    with rutan.work_of(rutan.management) as work:
        wanted = purchase_list.needed_items(promises.to_buy(work, cycle.id))
    lines = [(item.item, str(item.quantity), round(item.quantity * item.price)) for item in wanted]
    note = f"Nota {cycle.period:%Y-%m}"
    rutan.shop(cycle, [DemoPurchase(cycle.period.replace(day=11), "Toko Sumber Pangan (contoh)", note, lines)])


def _the_day(rutan: Rutan, cycle: Cycle, step: str) -> None:
    """Who came and who did not: all but three, all but a few, or hardly anybody yet."""
    at = moment(cycle.period.replace(day=16), time(9, 10))
    with rutan.work_of(rutan.services) as work:
        now = cycles.get(work, "bansos", cycle.period)
        listed = [recipient.id for recipient in queries.recipients(work, now)]
        came, absent = {
            "closed": (listed[:-3], listed[-3:]),
            "served": (listed[:3], listed[3:-1]),
            "begun": (listed[:1], listed[1:2]),
        }[step]
        distribution.hand_over(work, now, came, at, Proof(rutan.witness_name))
        distribution.mark_absent(work, now, absent, "tidak datang tanpa kabar")
        if step == "begun":
            distribution.undo(work, now, listed[0], "salah nama", at.date())
