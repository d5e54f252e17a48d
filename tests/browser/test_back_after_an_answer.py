"""Back and Reload after an answer to a form come to the page of the form; whoever sits down next sees nothing of it."""

import pytest

from .conftest import NewPerson

NEW = "/f/rutan-pekalongan/households/new"


@pytest.mark.deep
def test_back_comes_to_the_form_and_after_signing_out_to_nothing(person: NewPerson):
    kasubsi = person("kasubsi")
    page = kasubsi.page
    kasubsi.go(NEW)
    kasubsi.press("Daftarkan")
    assert page.locator("#error-summary").count() == 1
    kasubsi.go("/f/rutan-pekalongan/households")
    answered = page.go_back()
    assert answered is not None
    assert (answered.request.method, answered.status, page.url) == ("GET", 200, kasubsi.address + NEW)
    assert page.locator("#error-summary").count() == 0
    kasubsi.press("Daftarkan")
    page.context.clear_cookies()
    page.reload()
    assert "/sign-in" in page.url
    page.go_back()
    assert page.get_by_text("Daftarkan").count() == 0
