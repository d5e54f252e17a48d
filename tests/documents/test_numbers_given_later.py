"""The office gives a letter its number later: it is recorded on the document and printed from then on, once in a year."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from guyub.db.unit_of_work import Work
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.documents import storage
from guyub.documents.storage import MadeDocument
from guyub.programs import cycles
from guyub.programs.cycles import Cycle
from guyub.programs.documents import bundle as document_bundle
from guyub.sdk.errors import Invalid, Refusal
from tests import months
from tests.months import Step

Acting = Callable[..., AbstractContextManager[Work]]
AT = datetime(2024, 12, 20, 5, tzinfo=UTC)
LETTERS = document_bundle.LETTERS


@pytest.fixture
def steps_of_month() -> Mapping[str, Step]:
    return {"closed": months.closed}


def numbers_after(acting: Acting, numbers: Mapping[str, str], kinds: tuple[str, ...] = LETTERS) -> dict[str, str]:
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        kept = document_bundle.produce(work, cycle, kinds, None, AT, numbers)
        return {document.kind: document.number for document in kept}


@pytest.mark.parametrize("kind", LETTERS)
def test_a_number_is_recorded_on_the_document_and_printed_from_then_on(acting: Acting, closed: Cycle, kind: str):
    assert "……" in numbers_after(acting, {})[kind]
    assert numbers_after(acting, {kind: " W.13-77/XI "})[kind] == "W.13-77/XI"
    again = numbers_after(acting, {})
    assert again[kind] == "W.13-77/XI"
    assert all("……" in number for other, number in again.items() if other != kind)
    with acting("kasubsi") as work:
        rows = work.run("SELECT details FROM guyub.audit_entry WHERE action = 'documents.number'").all()
    assert [row.details for row in rows] == [{"kind": kind, "number": "W.13-77/XI"}]


def test_a_running_number_alone_is_set_into_the_pattern_of_the_facility(acting: Acting, closed: Cycle):
    number = numbers_after(acting, {"decree": "57"})["decree"]
    assert "57" in number
    assert number.endswith("TAHUN 2024")
    assert "……" not in number


def test_a_number_is_corrected_by_a_new_document(acting: Acting, closed: Cycle):
    numbers_after(acting, {"decree": "A-1"})
    assert numbers_after(acting, {"decree": "A-2"})["decree"] == "A-2"
    assert numbers_after(acting, {})["decree"] == "A-2"


def test_a_number_that_is_too_long_is_refused(acting: Acting, closed: Cycle):
    with pytest.raises(Invalid) as refused:
        numbers_after(acting, {"decree": "9/" * 80})
    assert refused.value.field == "number.decree"


def test_a_number_changes_no_day_that_was_chosen_for_the_letter(acting: Acting, closed: Cycle):
    chosen = date(2024, 11, 20)
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        document_bundle.produce(work, cycle, ["handover_record"], chosen, AT)
        [minutes] = document_bundle.record_numbers(work, cycle, {"handover_record": "88"}, AT)
        [moved] = document_bundle.record_numbers(work, cycle, {"handover_record": "88"}, AT, november.DISTRIBUTION)
    assert (minutes.stated_on, moved.stated_on) == (chosen, november.DISTRIBUTION)
    assert "88" in minutes.number


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"cash_book": "7"}, "documents.no_letter"),
        ({"surat": "7"}, "documents.no_letter"),
        ({"decree": " \u200b "}, "form.missing"),
    ],
)
def test_a_number_of_no_letter_or_without_a_sign_is_refused(
    acting: Acting, closed: Cycle, numbers: dict[str, str], code: str
):
    with pytest.raises(Invalid) as refused, acting("kasubsi") as work:
        document_bundle.record_numbers(work, closed, numbers, AT)
    assert (refused.value.code, refused.value.field) == (code, f"number.{next(iter(numbers))}")


def test_a_kind_that_there_is_not_is_named_with_the_nearest(acting: Acting, closed: Cycle):
    with pytest.raises(Invalid) as refused, acting("kasubsi") as work:
        document_bundle.produce(work, closed, ["recipients_list"], None, AT)
    assert refused.value.code == "documents.unknown_kind"
    assert "recipient_list" in refused.value.remedy.id


def test_one_number_stands_on_one_letter_of_a_kind_and_year(rutan: Rutan, acting: Acting, closed: Cycle):
    numbers_after(acting, {"decree": "A-1"})
    with rutan.work_of(rutan.services) as work:
        december = cycles.open_next(work, rutan.opened.plugins, closed, distribution_on=date(2024, 12, 14))
    decree = MadeDocument("decree", "x", "x.pdf", "x", b"x", personal=True, number="a-1", stated_on=date(2024, 12, 1))
    with pytest.raises(Refusal) as refused, acting("kasubsi") as work:
        storage.store(work, december.id, "x", [decree])
    assert refused.value.code == "documents.number_taken"
    for allowed in (
        replace(decree, kind="handover_record"),
        replace(decree, stated_on=date(2025, 1, 2)),
        replace(decree, number="A-2"),
    ):
        with acting("kasubsi") as work:
            storage.store(work, december.id, "x", [allowed])
