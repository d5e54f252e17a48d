"""Closing a book, adding money and taking back a receipt bind what their form showed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import added_money
from guyub.programs.cycles import Cycle
from tests.funds.test_closing_pages import CLOSE, october
from tests.funds.test_reversed_receipts import REVERSE
from tests.visits import NewVisitor, hidden_in, text_of

COUNTED = {"month": "2024-10", "cash_in_hand": "150.000", "bank": "250.000"}


def test_a_book_that_has_grown_since_its_page_was_opened_is_shown_anew(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    treasurer = visitor("pengelola")
    treasurer.opens(CLOSE)
    gift = november.INCOMES[0]
    more = {
        **gift.form,
        "received_on": "2024-10-21",
        "agreement_date": "2024-10-10",
        "evidence_number": "BAST-08/2024",
        "amount": 50_000,
    }
    rutan.receive([type(gift)(gift.plugin, gift.source, gift.kind, more)], date(2024, 11, 6))
    answer = treasurer.sends(CLOSE, COUNTED)
    assert answer.status_code == 409
    assert "Saldo akhir bulan: Rp400.000 → Rp450.000" in text_of(answer)
    assert 'value="150.000"' in answer.text
    assert treasurer.sends(CLOSE, COUNTED | {"cash_in_hand": "200.000"}).status_code == 303


def test_of_four_closings_at_once_from_four_forms_one_counts(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    people = [visitor("pengelola") for _ in range(4)]
    sent = []
    for person in people:
        person.opens(CLOSE)
        sent.append(COUNTED | {"csrf_token": person.token} | person.shown_by(CLOSE))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: people[n].client.post(CLOSE, data=sent[n]), range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    told = next(answer for answer in answers if answer.status_code == 409)
    assert "Bulan yang ditutup: Oktober 2024 → November 2024" in text_of(told)


def test_a_form_without_what_it_showed_closes_no_book_and_takes_no_receipt_back(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    treasurer = visitor("pengelola")
    for page, typed in ((CLOSE, COUNTED), (REVERSE, {"reason": "Salah dana"})):
        treasurer.opens(page)
        answer = treasurer.client.post(page, data={"csrf_token": treasurer.token, **typed})
        assert answer.status_code == 409
        assert "Formulirnya lama" in text_of(answer)


def test_the_second_who_takes_a_receipt_back_reads_that_it_was_done(visitor: NewVisitor, rutan: Rutan):
    rutan.receive(november.INCOMES, date(2024, 11, 6))
    first, second = visitor("pengelola"), visitor("pengelola")
    second.opens(REVERSE)
    first.fills(REVERSE, {"reason": "Salah dana"})
    answer = second.sends(REVERSE, {"reason": "Salah juga"})
    assert answer.status_code == 409
    assert "Dibatalkan: – → 14 November 2024" in text_of(answer)


def test_more_money_is_added_to_what_was_seen(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    page = "/f/rutan-pekalongan/funds/purchases/2024-11/top-up"
    karutan = visitor("karutan")
    karutan.opens(f"{page}?item=beras")
    form = hidden_in(karutan.page) | {"amount": "2.000", "reason": "harga naik"}
    with rutan.work_of("karutan") as work:
        added_money.top_up(work, approved.id, "beras", 1_000, reason="lebih mahal", on=date(2024, 11, 13))
    answer = karutan.sends(page, form)
    assert answer.status_code == 409
    assert "Dicadangkan: Rp" in text_of(answer)
    assert 'value="2.000"' in answer.text
    assert "harga naik" in answer.text
    assert karutan.sends(page, form | {"version": ""}).status_code == 409
    assert karutan.sends(page, form | karutan.shown_by(page)).status_code == 303
