"""Documents say what happened: their day, who signs, funds, values, proxies and nouns come from the acts of the month."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import event

from guyub.db.unit_of_work import Database, Work
from guyub.demo import november
from guyub.demo.month import DemoReceipt, Rutan, moment
from guyub.documents.blocks import Document
from guyub.facilities import officials
from guyub.facilities.officials import Appointment
from guyub.funds import queries as books
from guyub.programs import cycles, distribution, queries
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.documents import recipient_list as lists
from guyub.programs.documents.decree import decree
from guyub.programs.documents.facts import DocumentLine, Facts, gather
from guyub.programs.documents.minutes import handover_record
from guyub.sdk.errors import Invalid
from tests import months, places, worlds
from tests.months import Step

Acting = Callable[..., AbstractContextManager[Work]]
Words = Callable[[Document], str]
LATER = datetime(2024, 12, 20, 5, 0, tzinfo=UTC)
PLH_DAY = date(2024, 12, 10)


@pytest.fixture
def steps_of_month() -> Mapping[str, Step]:
    return {"bought": months.bought}


@pytest.fixture
def plh(database: Database) -> None:
    """From 10 to 15 December somebody else stands in for the head."""
    places.managed_by(database, "web", worlds.PEKALONGAN)
    stands_in = Appointment("head", "Tono Contoh Plh", "", "Plh.", "", PLH_DAY, date(2024, 12, 15), ends_former=False)
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        officials.appoint(work, stands_in)


def served_on(rutan: Rutan, *hours: datetime, proxy: str = "") -> Cycle:
    """Each family in its turn at one of these moments; with ``proxy`` somebody else collects for the first of them."""
    with rutan.work_of(rutan.services) as work:
        distribution.start(work, cycles.get(work, "bansos", november.PERIOD))
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        for place, row in enumerate(queries.recipients(work, cycle)):
            letter = {"proxy_name": proxy, "proxy_letter": "SK-1/XI/2024 (contoh)"} if proxy and place == 0 else {}
            proof = Proof(rutan.witness_name, **letter)
            distribution.hand_over(work, cycle, [row.id], hours[min(place, len(hours) - 1)], proof)
        return cycle


def made(acting: Acting, cycle: Cycle, kind: str, on: date | None = None, at: datetime = LATER) -> str:
    """Makes a document and returns its words."""
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", cycle.period)
        kept = document_bundle.produce(work, cycle, [kind], on, at)
        return "\n".join(words(document_bundle.content(work, paper), paper.file_name) for paper in kept)


def words(content: bytes, name: str) -> str:
    if name.endswith(".txt"):
        return content.decode()
    if name.endswith(".xlsx"):
        sheets = openpyxl.load_workbook(BytesIO(content)).worksheets
        return " ".join(str(cell) for sheet in sheets for row in sheet.values for cell in row if cell is not None)
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return " ".join(text.replace("-\n", "-").replace("/\n", "/").split())


NUMBERED = ("decree", "handover_record", "activity_report")
SIGNED_BY_THE_HEAD = (*NUMBERED, "recipient_list", "recipient_list_filled", "chat_report")


@pytest.mark.parametrize("kind", SIGNED_BY_THE_HEAD)
def test_a_day_that_is_stated_decides_what_is_dated_and_who_signs(
    rutan: Rutan, acting: Acting, bought: Cycle, plh: None, kind: str
):
    served_on(rutan, moment(november.DISTRIBUTION, time(9)))
    said = made(acting, bought, kind, PLH_DAY)
    assert "Tono Contoh Plh" in said
    assert "Bagus Contoh Wicaksono" not in said
    if kind == "decree":
        assert said.count("10 Desember 2024") == 3
        assert "12 November 2024" not in said
    elif kind == "handover_record":
        assert "Pada hari ini Selasa tanggal sepuluh bulan Desember" in said
        assert "yang diserahkan pada Sabtu, 16 November 2024" in said
    elif kind != "chat_report":
        assert "Pekalongan, 10 Desember 2024" in said


@pytest.mark.parametrize("kind", NUMBERED)
def test_the_year_of_the_number_is_that_of_the_day_of_the_document(
    rutan: Rutan, acting: Acting, bought: Cycle, kind: str
):
    served_on(rutan, moment(november.DISTRIBUTION, time(9)))
    january = datetime(2025, 1, 9, tzinfo=UTC)
    assert "TAHUN 2024" in made(acting, bought, kind, date(2024, 12, 31), january)
    assert "TAHUN 2025" in made(acting, bought, kind, date(2025, 1, 3), january)


def test_without_a_day_each_document_bears_that_of_its_act(rutan: Rutan, acting: Acting, bought: Cycle, plh: None):
    served_on(rutan, moment(date(2024, 11, 18), time(10)))
    assert "pada tanggal 12 November 2024" in made(acting, bought, "decree")
    assert "Pada hari ini Senin tanggal delapan belas bulan November" in made(acting, bought, "handover_record")
    assert "Pekalongan, 18 November 2024" in made(acting, bought, "recipient_list")
    book = made(acting, bought, "cash_book", PLH_DAY)
    assert "Pekalongan, 30 November 2024" in book
    assert "Tono Contoh Plh" not in book


@pytest.mark.parametrize(
    ("kind", "on", "code", "nearest"),
    [
        ("decree", date(1999, 12, 10), "documents.day_early", date(2024, 11, 12)),
        ("decree", date(2030, 12, 10), "documents.day_late", date(2024, 12, 20)),
        ("handover_record", date(2024, 11, 15), "documents.day_early", date(2024, 11, 16)),
        ("activity_report", date(2024, 11, 12), "documents.day_early", date(2024, 11, 16)),
        ("recipient_list", date(2030, 1, 1), "documents.day_late", date(2024, 12, 20)),
        ("receipts", date(2024, 11, 11), "documents.day_early", date(2024, 11, 12)),
        ("recipient_list_filled", date(2024, 12, 21), "documents.day_late", date(2024, 12, 20)),
        ("cash_book", date(1999, 1, 1), "documents.day_early", date(2024, 11, 12)),
        ("chat_report", date(2024, 11, 1), "documents.day_early", date(2024, 11, 16)),
        ("recap", date(2029, 11, 1), "documents.day_late", date(2024, 12, 20)),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_nearest_right_one(
    rutan: Rutan, acting: Acting, bought: Cycle, kind: str, on: date, code: str, nearest: date
):
    served_on(rutan, moment(november.DISTRIBUTION, time(9)))
    with pytest.raises(Invalid) as refused:
        made(acting, bought, kind, on)
    assert (refused.value.code, refused.value.field) == (code, "on")
    assert f"{nearest.day} " in refused.value.remedy.id
    assert str(nearest.year) in refused.value.remedy.en


@pytest.mark.parametrize(
    "kind", ["recipient_list", "recipient_list_filled", "handover_record", "activity_report", "chat_report", "recap"]
)
def test_days_and_hours_are_those_of_the_hand_over_and_a_difference_is_pointed_out(
    rutan: Rutan, acting: Acting, bought: Cycle, kind: str
):
    served_on(rutan, moment(date(2024, 11, 14), time(8, 10)), moment(date(2024, 11, 15), time(9, 30)))
    said = made(acting, bought, kind)
    assert "Kamis, 14 November 2024 dan Jumat, 15 November 2024" in said
    if kind != "handover_record":
        assert "08.10 sampai dengan 09.30 WIB" in said
    if kind.startswith("recipient_list"):
        assert "16 November 2024" not in said
    else:
        assert "Sabtu, 16 November 2024 pukul 09.00 WIB" in said
        assert "encana" in said


def test_an_acknowledgement_carries_the_value_of_what_was_handed_over_and_before_it_the_plan(
    rutan: Rutan, acting: Acting, bought: Cycle
):
    before = made(acting, bought, "receipts")
    assert before.count("Nilai rencana : Rp117.507") == 5
    assert "Senilai" not in before
    served_on(rutan, moment(date(2024, 11, 15), time(9)))
    after = made(acting, bought, "receipts")
    assert after.count("Senilai : Rp116.510") == 5
    assert "encana" not in after
    assert after.count("Pekalongan, 15 November 2024") == 5


def test_a_proxy_signs_in_the_name_of_the_recipient(rutan: Rutan, acting: Acting, bought: Cycle):
    cycle = served_on(rutan, moment(november.DISTRIBUTION, time(9)), proxy="Paman Contoh")
    with acting("kasubsi") as work:
        first = queries.recipients(work, cycle)[0]
    slip = made(acting, bought, "receipts").partition("001.02/")[0]
    assert f"atas nama {first.name}" in slip
    assert "Paman Contoh surat kuasa SK-1/XI/2024 (contoh)" in slip
    assert "Diwakili Paman Contoh" in made(acting, bought, "recipient_list")
    assert "1 (satu) keluarga diwakili dengan surat kuasa" in made(acting, bought, "activity_report")


def test_the_decree_names_the_funds_that_pay_with_what_was_reserved_of_each(
    rutan: Rutan, acting: Acting, bought: Cycle
):
    said = made(acting, bought, "decree")
    with acting("kasubsi") as work:
        csr, canteen = books.balances(work)
    assert (
        f"paling banyak sebesar Rp587.535 (lima ratus delapan puluh tujuh ribu lima ratus tiga puluh lima rupiah) dibebankan "
        f"pada {csr.name} sebesar Rp391.825 dan {canteen.name} sebesar Rp195.710."
    ) in said


def test_a_fund_that_pays_nothing_is_not_in_the_decree_and_goods_count_at_their_value(rutan: Rutan, acting: Acting):
    """Rice in kind that is worth more than the plan pays for all rice; the last fund pays nothing at all."""
    rutan.register(november.families.PEKALONGAN, date(2024, 11, 8))
    form = {key: value for key, value in november.INCOMES[0].form.items() if key != "amount"}
    in_kind = DemoReceipt("csr_funding", "csr", "csr_goods", {**form, "lines": _GOODS})
    funds = rutan.receive([in_kind, november.INCOMES[1]], date(2024, 11, 6))
    cycle = rutan.propose(november.PERIOD, funds, "Aula", november.DISTRIBUTION, time(9), "inmate_family")
    rutan.approve(cycle, worlds.APPROVED)
    said = made(acting, cycle, "decree")
    with acting("kasubsi") as work:
        given, idle = books.balances(work)
    assert "paling banyak sebesar Rp1.175.000 (" in said
    assert f"dibebankan pada {given.name}." in said
    assert idle.name not in said
    assert "yang dicadangkan Rp1.175.000" in said


_GOODS = [
    {"code": "beras", "name": "Beras", "unit": "kg", "quantity": "25", "value": 775_000},
    {"code": "gula", "name": "Gula pasir", "unit": "kg", "quantity": "5", "value": 180_000},
    {"code": "minyak", "name": "Minyak goreng", "unit": "liter", "quantity": "5", "value": 220_000},
]


def test_a_list_of_one_category_names_no_other(words_of: Words, november: Facts):
    for category, called in (
        ("inmate_family", "KELUARGA WARGA BINAAN"),
        ("neighbour", "MASYARAKAT SEKITAR"),
        ("former_inmate", "MANTAN WARGA BINAAN"),
        ("institution", "LEMBAGA SOSIAL"),
    ):
        of_one = _replaced(november, category)
        assert f"BANTUAN SOSIAL SEMBAKO BAGI {called} PERIODE" in words_of(decree(of_one))
    assert "BAGI KELUARGA WARGA BINAAN DAN MASYARAKAT SEKITAR" in words_of(decree(november))


def test_institutions_are_not_called_families(words_of: Words, november: Facts):
    of_one = _replaced(november, "institution")
    for draw in (decree, handover_record):
        assert "5 (lima) penerima" in words_of(draw(of_one))
        assert "(lima) keluarga" not in words_of(draw(of_one))


@pytest.mark.parametrize("title", ["Pemeriksaan kesehatan", "Pelatihan keterampilan"])
def test_what_a_programme_gives_is_called_by_its_own_nouns(words_of: Words, november: Facts, title: str):
    line = (DocumentLine(title, "kali", november.goods[1].quantity, 50_000),)
    settings = {"title": {"id": title, "en": title}, "benefit": "goods"}
    facts = replace(
        november,
        cycle=replace(november.cycle, settings=settings),
        packages={row.id: line for row in november.recipients},
    )
    for draw in (decree, lists.to_sign, handover_record, lambda facts: lists.receipts(facts, "001/TT/XI/2024")):
        assert "paket" not in words_of(draw(facts))


def _replaced(facts: Facts, category: str) -> Facts:
    return replace(facts, recipients=[replace(row, category=category) for row in facts.recipients])


def test_a_slip_without_a_nik_says_nothing_of_one(words_of: Words, november: Facts):
    unknown = replace(november, recipients=[replace(row, nik_masked="") for row in november.recipients])
    assert "NIK" not in words_of(lists.receipts(unknown, "001/TT/XI/2024"))


def test_the_report_lists_what_there_is(rutan: Rutan, acting: Acting, bought: Cycle):
    served_on(rutan, moment(november.DISTRIBUTION, time(9)))
    alone = made(acting, bought, "activity_report")
    assert "Lampiran: 1. Bukti belanja: Nota 0412." in alone
    assert "Persetujuan Kepala Rumah Tahanan Negara Kelas IIA Pekalongan atas daftar penerima" in alone
    made(acting, bought, "decree", PLH_DAY)
    made(acting, bought, "handover_record")
    after = made(acting, bought, "activity_report")
    assert "Keputusan penetapan penerima; 2. Berita acara serah terima; 3. Bukti belanja: Nota 0412." in after.replace(
        "Lampiran: 1. ", ""
    )
    for said in (alone, after):
        assert "oto dokumentasi" not in said
        assert "Tanda terima" not in said


def test_lines_of_a_cash_book_say_what_was_bought(acting: Acting, bought: Cycle):
    said = made(acting, bought, "cash_book")
    assert "Belanja di Toko Sumber Pangan (contoh): Beras 25 kg (Nota 0412)" in said
    assert "Gula pasir 5 kg, Minyak goreng 5 liter (Nota 0412)" in said


def test_several_hand_over_days_of_many_funds_cost_no_statement_more(rutan: Rutan, acting: Acting):
    """Twelve funds are read as two are: in sets."""
    rutan.register(november.families.PEKALONGAN, date(2024, 11, 8))
    first = november.INCOMES[0]
    many = [
        DemoReceipt(
            first.plugin,
            first.source,
            first.kind,
            {**first.form, "agreement_number": f"PKS-{n}/2024", "evidence_number": f"BAST-{n}/2024"},
        )
        for n in range(12)
    ]
    funds = rutan.receive(many, date(2024, 11, 6))
    tallies = []
    for few in (funds[:2], funds):
        with rutan.work_of(rutan.services) as work:
            if tallies:
                cycle = cycles.get(work, "bansos", november.PERIOD)
                cycles.choose_funds(work, cycle, few)
            else:
                cycle = cycles.open_cycle(work, rutan.opened.plugins, "bansos", november.PERIOD, fund_codes=few)
        counted = [0]

        def count(*_: Any, counted: list[int] = counted) -> None:
            counted[0] += 1

        with rutan.work_of(rutan.services) as work:
            cycle = cycles.get(work, "bansos", november.PERIOD)
            event.listen(rutan.opened.database.engine, "before_cursor_execute", count)
            gather(work, cycle, date(2024, 11, 16))
            event.remove(rutan.opened.database.engine, "before_cursor_execute", count)
        tallies.append(counted[0])
    assert tallies[0] == tallies[1] < 25
