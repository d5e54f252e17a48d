"""Two people with the same list of purchases: what another note has bought is not bought again unseen."""

from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, hidden_in, text_of

PURCHASES = "/f/rutan-pekalongan/funds/purchases/2024-11"
NOTE = {"supplier": "Toko Contoh", "evidence": "N-1", "on": "2024-11-14"}
BOOK = {"_confirmed": "yes"}


def test_an_older_list_of_purchases_says_what_was_bought_and_keeps_the_note(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle
) -> None:
    first, second = visitor("pengelola"), visitor("pengelola")
    first.opens(PURCHASES)
    second.opens(PURCHASES)
    wanted = {"beras.quantity": "25", "gula.quantity": "5", "minyak.quantity": "5"}
    half = NOTE | wanted | {"beras.quantity": "10", "beras.cost": "150.000", "evidence": "N-2"}
    assert second.sends(PURCHASES, hidden_in(second.page) | half | BOOK).status_code == 303
    refused = first.sends(PURCHASES, hidden_in(first.page) | NOTE | wanted | {"gula.cost": "85.000"})
    assert refused.status_code == 409
    assert "25 → 15" in text_of(refused)
    assert 'name="gula.cost" value="85.000"' in refused.text
    assert 'name="beras.quantity" value="15"' in refused.text
    again = NOTE | wanted | {"beras.quantity": "15", "gula.cost": "80.000"}
    assert first.sends(PURCHASES, hidden_in(first.page) | again | BOOK).status_code == 303
