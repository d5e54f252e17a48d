"""What a reader asks of a table, as an address."""

from guyub.sdk.page_tables import TableQuery


def test_an_address_keeps_what_is_asked_but_for_what_changes_and_leads_to_the_first_page():
    asked = TableQuery({"name": "contoh 1", "state": "chosen"}, "", "household", True, 3)
    assert asked.address("/x") == "/x?name=contoh+1&state=chosen&sort=-household"
    assert asked.address("/x", state="not") == "/x?name=contoh+1&state=not&sort=-household"
    assert asked.address("/x", state="", name="", sort="") == "/x"
