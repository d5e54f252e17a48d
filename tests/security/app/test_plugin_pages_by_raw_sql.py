"""What a page of a plugin does by SQL: nothing when it is opened, its own facility's when it is sent, never the core's."""

from typing import Any

import pytest
from sqlalchemy import text

from guyub.db.unit_of_work import Database
from tests import plugin_on_the_web as infak
from tests.app.test_plugin_pages import FORM, GIFT, PAGE
from tests.visits import NewVisitor, text_of

ITEM = "INSERT INTO guyub.item (facility_id, code, name, unit) VALUES (:here, 'x', 'X', 'kg')"


@pytest.mark.parametrize("attempt", ["SQL", "audit", "receive", "commit"])
def test_a_page_that_is_only_opened_writes_nothing(
    visitor: NewVisitor, calls: dict[str, Any], database: Database, attempt: str
):
    def tries(visit: Any) -> Any:
        if attempt == "SQL":
            visit.session.execute(text("UPDATE guyub.session SET opened_from = 'plugin'"))
            visit.session.execute(text(ITEM), {"here": visit.facility.id})
        elif attempt == "audit":
            visit.audit("see", "x")
        elif attempt == "receive":
            visit.receive("box", None)
        else:
            visit.session.commit()
        return visit.file(b"", "x", "text/plain")

    calls["collections"] = tries
    visitor("pengelola").opens(PAGE)
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        assert work.run("SELECT count(*) FROM guyub.item WHERE code = 'x'").scalar_one() == 0
        assert work.run("SELECT count(*) FROM guyub.audit_entry WHERE action LIKE 'infak%'").scalar_one() == 0


def test_what_a_sent_page_writes_by_sql_is_kept(visitor: NewVisitor, calls: dict[str, Any], database: Database):
    def writes(visit: Any) -> Any:
        visit.session.execute(text(ITEM), {"here": visit.facility.id})
        return visit.redirect("/collections")

    calls["collect"] = writes
    pengelola = visitor("pengelola")
    pengelola.follows(pengelola.fills(FORM, GIFT))
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        assert work.run("SELECT count(*) FROM guyub.item WHERE code = 'x'").scalar_one() == 1


@pytest.mark.parametrize("statement", ["UPDATE guyub.fund SET name = 'x'", "SELECT * FROM guyub.person"])
def test_reaching_for_a_table_of_the_core_is_the_plugins_error_and_not_the_readers(
    visitor: NewVisitor, calls: dict[str, Any], statement: str
):
    def reaches(visit: Any) -> None:
        visit.session.execute(text(statement))

    calls["collect"] = reaches
    pengelola = visitor("pengelola")
    pengelola.opens(FORM)
    answer = pengelola.sends(FORM, GIFT)
    assert answer.status_code == 500
    assert "Infak" in text_of(answer)
    assert "Kode: E-" in text_of(answer)
    assert "lingkup kerja Anda" not in text_of(answer)
