"""Institutions receive packages by number: lists take it over, a quota counts it, and goods, books and papers say it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from guyub.app import create_app
from guyub.demo import families
from guyub.demo.month import DemoPurchase, Rutan
from guyub.funds import promises
from guyub.programs import closing, cycle_facts, cycles, list_findings, overview, proposal, queries, selection
from guyub.programs.cycles import Cycle
from guyub.programs.documents import bundle
from guyub.registry import packages, service
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import NewMember, NewPackageNumber, RegisterHousehold
from guyub.reports import rollup
from guyub.sdk.errors import Invalid
from guyub.sdk.queries import household, households
from tests import worlds
from tests.visits import visitors
from tests.worlds import PEKALONGAN, SURVEYED, World, gift

NOVEMBER = date(2024, 11, 1)
DAY = date(2024, 11, 16)
NOON = datetime(2024, 11, 16, 12, tzinfo=UTC)


def rice(quantity: str, **more: Any) -> dict[str, Any]:
    return {"code": "beras", "name": "Beras", "unit": "kg", "quantity": quantity, "price": 15_000, **more}


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, "paket", "hibah") as made:
        yield made


@pytest.fixture
def rutan(world: World) -> Rutan:
    """Twelve families, and an orphanage of 96 children that receives ten packages."""
    world.pekalongan.register(families.PEKALONGAN, SURVEYED)
    orphanage = RegisterHousehold(
        category="institution",
        institution_name="Panti Asuhan Contoh",
        people_served=96,
        packages=10,
        recipient=NewMember(full_name="Hasan Contoh", nik="3375010708609906"),
    )
    with world.pekalongan.work_of("kasubsi") as work:
        service.register_household(work, world.pekalongan.opened.protector, orphanage, SURVEYED)
    worlds.configure(world.database, "paket", PEKALONGAN, quota=15, package=[rice("5"), rice("0.5", per_member=True)])
    world.pekalongan.receive([gift("UMUM", 50_000_000)], SURVEYED)
    return world.pekalongan


def scored(rutan: Rutan) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        cycle = cycles.open_cycle(
            work, rutan.opened.plugins, "paket", NOVEMBER, fund_codes=["UMUM"], distribution_on=DAY, place="Aula"
        )
        selection.score(work, rutan.opened.plugins, cycle)
        return cycles.get(work, "paket", NOVEMBER)


def orphanage_of(rutan: Rutan, cycle: Cycle) -> queries.Candidate:
    with rutan.work_of("kasubsi") as work:
        return next(row for row in queries.candidates(work, cycle) if row.category == "institution")


def test_a_quota_counts_packages_and_who_does_not_fit_is_passed_over(world: World, rutan: Rutan):
    cycle = scored(rutan)
    with rutan.work_of("kasubsi") as work:
        everybody = queries.candidates(work, cycle, states=("candidate",))
        for wanted in (15, 12, 9):
            selection.select_top(work, cycle, places_wanted=wanted)
            expected, free = set(), wanted
            for row in sorted(everybody, key=lambda row: (-row.score, row.household_id)):
                if row.packages <= free:
                    expected.add(row.id)
                    free -= row.packages
            assert {row.id for row in queries.candidates(work, cycle, states=("selected",))} == expected
            assert selection.places(work, cycle) == wanted - free
        selection.select_top(work, cycle)
        for row in queries.candidates(work, cycle, states=("candidate",)):
            selection.choose(work, cycle, row.id, True, "uji")
        assert (selection.selected(work, cycle), selection.places(work, cycle)) == (13, 22)
        with pytest.raises(Invalid) as refused:
            proposal.propose(work, rutan.opened.plugins, cycle, NOVEMBER)
    assert refused.value.code == "programs.quota"
    assert "22" in refused.value.what.id


def listed(rutan: Rutan) -> Cycle:
    """The orphanage and five families, proposed and approved."""
    cycle = scored(rutan)
    orphanage = orphanage_of(rutan, cycle)
    with rutan.work_of("kasubsi") as work:
        selection.choose(work, cycle, orphanage.id, True, "panti asuhan")
        for row in queries.candidates(work, cycle, states=("candidate",))[:5]:
            selection.choose(work, cycle, row.id, True, "uji")
        proposal.propose(work, rutan.opened.plugins, cycle, NOVEMBER)
        cycle = cycles.get(work, "paket", NOVEMBER)
    with rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, cycle, date(2024, 11, 11), version=cycle.version)
        return cycles.get(work, "paket", NOVEMBER)


def test_ten_packages_are_reserved_handed_over_counted_and_written(rutan: Rutan):
    cycle = listed(rutan)
    with rutan.work_of("kasubsi") as work:
        [panti] = [row for row in queries.recipients(work, cycle) if row.packages > 1]
        package = cycle_facts.package_of(work, cycle, panti.id)
        figures = cycle_facts.figures(work, cycle)
    assert (panti.name, panti.packages) == ("Panti Asuhan Contoh · Hasan Contoh", 10)
    # Each person counts once, however many packages come.
    assert [line.quantity for line in package] == [Decimal(50), Decimal(48)]
    assert (figures.listed, figures.packages_listed, figures.packages) == (6, 15, 0)
    with rutan.work_of("pengelola") as work:
        lines = [
            (line.item, str(line.quantity), int(line.quantity * line.price)) for line in promises.to_buy(work, cycle.id)
        ]
    rutan.shop(cycle, [DemoPurchase(date(2024, 11, 14), "Toko (contoh)", "Nota 1", lines)])
    worlds.served(rutan, cycle)
    with rutan.work_of("kasubsi") as work:
        figures = cycle_facts.figures(work, cycle)
        assert (figures.received, figures.packages) == (6, 15)
        [line] = overview.months(work, "paket")
        assert (line.received, line.packages) == (6, 15)
        closing.close(work, cycle, DAY)
        assert bundle.summary(work, cycle)["packages"] == 15
        assert bundle.summary(work, cycle)["households"] == 6
        cycle = cycles.get(work, "paket", NOVEMBER)
        kinds = ["decree", "recipient_list", "receipts", "handover_record", "chat_report", "activity_report"]
        made = {document.kind: document for document in bundle.produce(work, cycle, kinds, DAY, NOON)}
        words = {kind: _words(bundle.content(work, document)) for kind, document in made.items()}
    assert "6 (enam) penerima (15 paket)" in words["decree"]
    assert "10 paket" in words["recipient_list"]
    assert "10 paket, seluruhnya beras 98 kg" in words["receipts"]
    assert "6 (enam) penerima (15 paket)" in words["handover_record"]
    assert "Paket : 15 dari target 15" in words["chat_report"]
    assert "Jumlah paket 15 15" in words["activity_report"]
    with rutan.opened.database.work(rutan.opened.database.as_service("tests")) as work:
        assert rollup.check(work).ok
    region_reads_packages(rutan)
    plugin_reads_packages(rutan)


def region_reads_packages(rutan: Rutan) -> None:
    """The regional office reads 6 recipients and 15 packages: API, page, recap as workbook and as text."""
    application = create_app(
        rutan.opened.database, rutan.opened.plugins, protector=rutan.opened.protector, clock=lambda: NOON
    )
    base = "/region/jawa-tengah"
    with visitors(application, rutan.opened.database) as come:
        kanwil = come("kanwil")
        said = kanwil.client.get(f"/api/v1{base}/overview?month=2024-11").json()
        assert (said["received"], said["packages"]) == (6, 15)
        assert (said["trend"][-1]["received"], said["trend"][-1]["packages"]) == (6, 15)
        assert "15 paket" in kanwil.reads(f"{base}/?month=2024-11")
        assert "Paket diserahkan : 15" in kanwil.reads(f"{base}/recap?month=2024-11")
        book = kanwil.client.get(f"{base}/recap/recap.xlsx?month=2024-11")
        sheet = load_workbook(BytesIO(book.content), read_only=True).worksheets[0]
        facts = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row and row[0]}
        assert facts["Paket diserahkan"] == 15


def plugin_reads_packages(rutan: Rutan) -> None:
    with rutan.work_of("kasubsi") as work:
        published = work.all(select(household.category, household.packages).select_from(households))
    assert {(row.category, row.packages) for row in published if row.packages > 1} == {("institution", 10)}


def test_a_month_has_another_number_with_a_reason_and_the_next_begins_anew(rutan: Rutan):
    cycle = scored(rutan)
    orphanage = orphanage_of(rutan, cycle)
    family = next(row for row in _candidates(rutan, cycle) if row.category != "institution")
    with rutan.work_of("kasubsi") as work:
        selection.set_packages(work, cycle, orphanage.id, 4, "separuh anak pulang", read=10)
        row = queries.candidate(work, cycle, orphanage.id)
        assert (row.packages, row.packages_reason) == (4, "separuh anak pulang")
        for entitlement, count, reason, code in (
            (orphanage.id, 5, " ", "programs.no_reason_for_packages"),
            (orphanage.id, 4, "uji", "registry.packages_already"),
            (orphanage.id, 0, "uji", "registry.packages"),
            (orphanage.id, 16, "uji", "programs.packages_above_quota"),
            (family.id, 2, "uji", "registry.packages_of_institutions"),
        ):
            with pytest.raises(Invalid) as refused:
                selection.set_packages(work, cycle, entitlement, count, reason)
            assert refused.value.code == code
        selection.choose(work, cycle, orphanage.id, True, "uji")
        assert [finding.kind for finding in list_findings.differences(work, cycle)] == []
        selection.score(work, rutan.opened.plugins, cycle)
    assert orphanage_of(rutan, cycle).packages == 10


def _candidates(rutan: Rutan, cycle: Cycle) -> list[queries.Candidate]:
    with rutan.work_of("kasubsi") as work:
        return queries.candidates(work, cycle)


def test_a_number_that_changes_after_the_scoring_is_a_finding_of_the_list(rutan: Rutan):
    cycle = scored(rutan)
    orphanage = orphanage_of(rutan, cycle)
    act = NewPackageNumber(packages=12, occurred_on=date(2024, 11, 5), reason="dua kamar baru")
    with rutan.work_of("kasubsi") as work:
        selection.choose(work, cycle, orphanage.id, True, "uji")
        packages.set_packages(work, orphanage.household_id, act, date(2024, 11, 6))
        [finding] = list_findings.differences(work, cycle)
    assert finding.kind == "packages"
    assert "12" in finding.text.id


def test_a_family_is_refused_more_than_one_package_at_registration():
    with pytest.raises(ValueError, match="Only an institution"):
        RegisterHousehold(category="neighbour", packages=2, recipient=NewMember(full_name="Sari Contoh"))
    assert RegistryRefusal.PACKAGES_OF_INSTITUTIONS.value == "registry.packages_of_institutions"


def _words(content: bytes) -> str:
    if not content.startswith(b"%PDF"):
        return content.decode()
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)
