"""More money for a dearer note is asked for on the list of purchases and decided on the approver's page, once."""

from typing import Any

import pytest

from guyub.demo.month import Rutan
from guyub.funds import money_requests, promises, queries
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Refusal
from tests.visits import NewVisitor, hidden_in, text_of

SHOPPING = "/f/rutan-pekalongan/funds/purchases/2024-11"
NOTE = {
    "supplier": "Toko Contoh",
    "evidence": "Nota 7",
    "on": "2024-11-14",
    "gula.quantity": "5",
    "gula.cost": "93.160",
}


def asks(rutan: Rutan, cycle: Cycle, amount: int = 2_500, login: str = "pengelola") -> None:
    with rutan.work_of(login) as work:
        money_requests.ask(work, cycle.id, {"gula": amount}, supplier="Toko", evidence="Nota 7")


def held(rutan: Rutan, cycle: Cycle) -> int:
    with rutan.work_of("pengelola") as work:
        assert queries.check_ledger(work).ok
        return next(line.held for line in promises.to_buy(work, cycle.id) if line.item == "gula")


def request_page(rutan: Rutan) -> str:
    with rutan.work_of("karutan") as work:
        [asked] = money_requests.waiting(work)
    return f"{SHOPPING}/requests/{asked.id}"


def test_the_buyer_asks_in_one_press_and_the_head_approves_in_one(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    before = held(rutan, approved)
    clerk, head = visitor("pengelola"), visitor("karutan")
    refused = clerk.fills(SHOPPING, NOTE)
    assert refused.status_code == 409
    clerk.page = refused
    asked = {name: value for name, value in hidden_in(refused).items() if name.startswith("need.")}
    assert asked == {"need.gula": ["2500"]}
    answer = clerk.sends(f"{SHOPPING}/requests", asked | {"supplier": "Toko Contoh", "evidence": "Nota 7"})
    assert "menunggu keputusan" in clerk.follows(answer)
    page = request_page(rutan)
    assert clerk.opens(page).status_code == 403
    assert "Tambah Rp2.500 untuk Gula pasir?" in head.reads(page)
    assert "Rp2.500 ditambahkan untuk Gula pasir." in head.follows(head.sends(page, {}))
    assert held(rutan, approved) == before + 2_500
    assert "Periksa sebelum dicatat" in text_of(clerk.fills(SHOPPING, NOTE))


def test_all_that_was_typed_of_the_note_comes_back_with_the_request(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    clerk, head = visitor("pengelola"), visitor("karutan")
    rice = {"beras.quantity": "10.000 gram", "beras.cost": "156.000"}
    costs = {"bonus": "kecap", "bonus.quantity": "2"}
    sent = NOTE | rice | costs | {"on": "13-11-2024"}
    clerk.page = clerk.fills(SHOPPING, sent)
    back = clerk.sends(f"{SHOPPING}/requests", {name: values[0] for name, values in hidden_in(clerk.page).items()})
    form = clerk.opens(back.headers["location"])
    for name, value in sent.items():
        assert f'name="{name}"' in form.text
        assert f'value="{value}"' in form.text or name == "bonus", name
    assert 'value="kecap" selected' in form.text
    page = request_page(rutan)
    head.opens(page)
    head.sends(page, {})
    assert "Isi dengan nota Nota 7" in clerk.reads(SHOPPING)
    form = clerk.opens(back.headers["location"])
    typed = {name: values[0] for name, values in hidden_in(form).items()}
    assert 'value="10.000 gram"' in form.text
    assert "Periksa sebelum dicatat" in text_of(clerk.sends(SHOPPING, typed | sent))


def test_a_declined_request_has_a_reason_that_the_buyer_reads(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    before = held(rutan, approved)
    asks(rutan, approved)
    page, head = request_page(rutan), visitor("karutan")
    head.opens(page)
    assert head.sends(page, {"decision": "declined", "reason": " "}).status_code == 422
    assert "Permintaan Rp2.500 ditolak." in head.follows(
        head.sends(page, {"decision": "declined", "reason": "cari toko lain"})
    )
    assert "cari toko lain" in visitor("pengelola").reads(SHOPPING)
    assert held(rutan, approved) == before
    asks(rutan, approved, 1_000)


def test_a_request_waits_once_and_is_decided_once(rutan: Rutan, approved: Cycle, visitor: NewVisitor):
    asks(rutan, approved)
    with pytest.raises(Refusal) as refused:
        asks(rutan, approved)
    assert refused.value.code == "funds.asked_before"
    page, head = request_page(rutan), visitor("karutan")
    head.opens(page)
    token = {"csrf_token": head.token}
    head.sends(page, token)
    answer = head.sends(page, token)
    assert answer.status_code == 409
    assert "sudah diputuskan" in text_of(answer)


@pytest.mark.parametrize("login", ["kasubsi", "karutan"])
def test_only_who_may_spend_asks(rutan: Rutan, approved: Cycle, login: str):
    with pytest.raises(Refusal):
        asks(rutan, approved, login=login)


def test_what_the_funds_do_not_hold_is_not_approved(visitor: NewVisitor, rutan: Rutan, approved: Cycle):
    asks(rutan, approved, 90_000_000)
    page, head = request_page(rutan), visitor("karutan")
    head.opens(page)
    assert head.sends(page, {}).status_code == 422
    assert money_is_waiting(rutan) == [90_000_000]


def money_is_waiting(rutan: Rutan) -> list[Any]:
    with rutan.work_of("karutan") as work:
        return [asked.amount for asked in money_requests.waiting(work)]


@pytest.mark.parametrize(("typed", "given"), [("2.000", 2_000), ("3.000", 3_000)])
def test_the_approver_gives_another_amount_than_was_asked_for(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle, typed: str, given: int
):
    before = held(rutan, approved)
    asks(rutan, approved)
    page, head = request_page(rutan), visitor("karutan")
    head.opens(page)
    assert f"Rp{typed} ditambahkan untuk Gula pasir." in head.follows(head.sends(page, {"amount": typed}))
    assert held(rutan, approved) == before + given
    assert f"Rp{typed} dari Rp2.500 yang diminta" in visitor("pengelola").reads(SHOPPING)


@pytest.mark.parametrize("typed", ["0", "90.000.000", "seribu"])
def test_an_amount_that_cannot_be_given_is_refused_at_its_field(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle, typed: str
):
    before = held(rutan, approved)
    asks(rutan, approved)
    page, head = request_page(rutan), visitor("karutan")
    head.opens(page)
    answer = head.sends(page, {"amount": typed})
    assert answer.status_code == 422
    assert 'id="f-amount-error"' in answer.text
    assert (held(rutan, approved), money_is_waiting(rutan)) == (before, [2_500])
