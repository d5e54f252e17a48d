"""The bundle of a real month: drawn up from the database, kept for good, seen only by those who may."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl
import psycopg
import pytest
from pypdf import PdfReader

from guyub.db.unit_of_work import Work
from guyub.demo import november as demonstration
from guyub.demo.month import Rutan
from guyub.documents import storage
from guyub.documents.storage import KeptDocument
from guyub.funds import queries as books
from guyub.programs import cycle_facts, cycles
from guyub.programs import queries as programs
from guyub.programs.cycles import Cycle
from guyub.programs.documents import bundle as document_bundle
from guyub.sdk.errors import Forbidden, NotFound, Refusal
from tests.filled import Filled
from tests.months import Step
from tests.worlds import APPROVED

Acting = Callable[..., AbstractContextManager[Work]]
PRINTED = datetime(2024, 11, 16, 5, 0, tzinfo=UTC)


def _run(rutan: Rutan, _before: Mapping[str, Any]) -> Cycle:
    return demonstration.run(rutan, lambda _: None)


def _keep(rutan: Rutan, before: Mapping[str, Any]) -> list[KeptDocument]:
    with rutan.work_of("kasubsi") as work:
        return document_bundle.produce_all(work, before["closed"], demonstration.DISTRIBUTION, PRINTED)


@pytest.fixture
def steps_of_month() -> Mapping[str, Step]:
    return {"closed": _run, "kept": _keep}


@pytest.fixture
def closed(filled_month: Filled) -> Cycle:
    return filled_month.outcome["closed"]


@pytest.fixture
def kept(filled_month: Filled) -> list[KeptDocument]:
    return filled_month.outcome["kept"]


def text_of(work: Work, papers: list[KeptDocument], kind: str) -> str:
    pages = PdfReader(BytesIO(content_of(work, papers, kind))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def content_of(work: Work, papers: list[KeptDocument], kind: str) -> bytes:
    return document_bundle.content(work, next(paper for paper in papers if paper.kind == kind))


def test_a_closed_month_gives_the_whole_bundle(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    kinds = [paper.kind for paper in kept]
    assert list(dict.fromkeys(kinds)) == list(document_bundle.KINDS)
    assert kinds.count("cash_book") == 2
    assert len({paper.file_name for paper in kept}) == len(kept)
    assert {paper.made_by for paper in kept} == {"Kasubsi Contoh Satu"}
    with acting("kasubsi") as work:
        for paper in kept:
            content = document_bundle.content(work, paper)
            assert hashlib.sha256(content).hexdigest() == paper.sha256
            assert len(content) == paper.size


def test_names_and_sums_are_those_of_the_books(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    with acting("kasubsi") as work:
        spent = books.spending(work, closed.id)
        value = cycle_facts.figures(work, closed).value
        names = [recipient.name for recipient in programs.recipients(work, closed)]
        assert sum(item.amount for item in spent) == value > 0
        printed = f"{value:,}".replace(",", ".")
        for kind in ("handover_record", "activity_report", "recipient_list_filled"):
            assert f"Jumlah {printed}" in text_of(work, kept, kind)
        signed = text_of(work, kept, "recipient_list")
        assert len(names) == 5
        assert all(name in signed for name in names)
        assert (
            "Pada hari ini Sabtu tanggal enam belas bulan November tahun dua ribu dua puluh empat (16-11-2024), bertempat di "
            "Aula Rutan Kelas IIA Pekalongan," in text_of(work, kept, "handover_record")
        )
        for paper in kept:
            if paper.media_type == "application/pdf":
                page = PdfReader(BytesIO(document_bundle.content(work, paper))).pages[0]
                assert sorted(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) == [215, 330]


def test_cash_books_end_with_the_money_that_the_ledger_holds(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    with acting("kasubsi") as work:
        balances = {fund.name: fund.free + fund.reserved for fund in books.balances(work)}
        for paper in [item for item in kept if item.kind == "cash_book"]:
            words = text_of(work, [paper], "cash_book")
            name = next(name for name in balances if name in words)
            assert re.search(rf"Saldo sampai dengan [^.]* Rp{balances[name]:,}".replace(",", "."), words)


def test_nobody_s_full_number_stands_on_any_document(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    with acting("kasubsi") as work:
        book = openpyxl.load_workbook(BytesIO(content_of(work, kept, "recap")))
        numbers = [cell.value for cell in book["Penerima"]["C"][3:8]]
        assert all(isinstance(number, str) and "•" in number for number in numbers)
        chat = content_of(work, kept, "chat_report").decode()
        assert not any(
            recipient.name in chat or recipient.address in chat for recipient in programs.recipients(work, closed)
        )
        assert "3375" not in chat


def test_the_summary_adds_up_and_names_every_file(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    with acting("kasubsi") as work:
        summary = json.loads(json.dumps(document_bundle.summary(work, closed)))
    assert summary["facility"] == {"code": "rutan-pekalongan", "name": "Rutan Kelas IIA Pekalongan"}
    assert (summary["cycle"], summary["households"], summary["packages"]) == ("2024-11", 5, 5)
    assert sum(item["amount"] for item in summary["spending"]) == summary["value"]
    assert {item["source"] for item in summary["spending"]} == {"csr_funding", "canteen_profit"}
    for check in ("ledger_check", "audit_check"):
        assert summary[check]["ok"] is True
        assert summary[check]["checked"] > 0
        assert summary[check]["problems"] == []
    assert summary["documents"] == [{"kind": item.kind, "file": item.file_name, "sha256": item.sha256} for item in kept]


def test_printing_again_keeps_both_and_the_slips_their_numbers(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    with acting("kasubsi") as work:
        again = document_bundle.produce(work, closed, ["receipts"], demonstration.DISTRIBUTION, datetime.now(UTC))
        numbers = {item.number for item in storage.of_cycle(work, closed.id) if item.kind == "receipts"}
        newest = {item.file_name: item.id for item in storage.newest(work, closed.id)}
        assert len(storage.of_cycle(work, closed.id)) == len(kept) + 1
    assert numbers == {"001/TT/XI/2024"}
    assert newest[again[0].file_name] == again[0].id


def test_only_what_an_approved_list_gives_is_made_before_the_day(rutan: Rutan, acting: Acting):
    rutan.register(demonstration.families.PEKALONGAN, demonstration.PERIOD)
    funds = rutan.receive(demonstration.INCOMES, demonstration.PERIOD)
    cycle = rutan.propose(
        demonstration.PERIOD,
        funds,
        demonstration.PLACE,
        demonstration.DISTRIBUTION,
        demonstration.BEGINS,
        "inmate_family",
    )
    with acting("kasubsi") as work, pytest.raises(Refusal, match=r"documents\.too_early"):
        document_bundle.produce_all(work, cycle, demonstration.DISTRIBUTION, PRINTED)
    rutan.approve(cycle, APPROVED)
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", demonstration.PERIOD)
        papers = document_bundle.produce_all(work, cycle, APPROVED, PRINTED)
        assert [paper.kind for paper in papers] == ["decree", "recipient_list", "receipts"]  # no fund has paid yet
        with pytest.raises(Refusal, match=r"documents\.no_cash_book"):
            document_bundle.produce(work, cycle, ["cash_book"], APPROVED, PRINTED)
        with pytest.raises(Refusal, match=r"documents\.too_early"):
            document_bundle.produce(work, cycle, ["handover_record"], APPROVED, PRINTED)


def test_who_may_not_read_about_people_gets_no_document_about_them(
    acting: Acting, closed: Cycle, kept: list[KeptDocument]
):
    personal = next(paper for paper in kept if paper.personal)
    with acting("pengelola") as work:
        assert {item.kind for item in storage.of_cycle(work, closed.id)} == {
            "handover_record",
            "activity_report",
            "cash_book",
            "chat_report",
        }
        with pytest.raises(NotFound):
            storage.load(work, personal.id)
        with pytest.raises(Forbidden):
            document_bundle.produce_all(work, closed, demonstration.DISTRIBUTION, PRINTED)
        books_only = document_bundle.produce(work, closed, ["cash_book"], demonstration.DISTRIBUTION, PRINTED)
        assert [item.file_name for item in books_only] == [item.file_name for item in kept if item.kind == "cash_book"]


def test_another_facility_sees_no_document(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    with acting("kasubsi.kebumen") as work:
        assert storage.of_cycle(work, closed.id) == []
        with pytest.raises(NotFound):
            storage.load(work, kept[0].id)


def test_making_and_taking_out_are_in_the_audit_log(acting: Acting, closed: Cycle, kept: list[KeptDocument]):
    personal = next(paper for paper in kept if paper.kind == "recipient_list_filled")
    with acting("kasubsi") as work:
        document_bundle.content(work, personal)
        rows = work.run("SELECT action, details FROM guyub.audit_entry WHERE action LIKE 'documents.%'")
        trail = {row.action: row.details for row in rows}
    assert trail["documents.make"][personal.file_name] == personal.sha256
    assert trail["documents.fetch"] == {"sha256": personal.sha256}


def test_without_a_door_there_are_no_documents(app_role: psycopg.Connection, kept: list[KeptDocument]):
    assert app_role.execute("SELECT count(*) FROM guyub.document").fetchone() == (0,)
