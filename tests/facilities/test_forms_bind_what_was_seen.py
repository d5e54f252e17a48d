"""Officials and the identity of a facility: a form that is older than what holds changes nothing, and keeps what was typed."""

import re
from datetime import date, timedelta

import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities import service
from guyub.ui.seen import seen_in
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

KUDUS = "/f/rutan-kudus"
NEW, IDENTITY = f"{KUDUS}/officials/new", f"{KUDUS}/profile/identity"
STAND_IN = {"role": "head", "name": "Wakil Contoh Satu", "acting": "Plh.", "since": "2026-07-01", "until": "2026-07-05"}


@pytest.fixture
def office(visitor: NewVisitor, database: Database) -> Visitor:
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        service.set_managed_by(work, "web")
    return visitor("kanwil")


def names(database: Database) -> list[str]:
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        return list(work.run("SELECT name FROM guyub.official ORDER BY name").scalars())


def test_an_official_who_was_recorded_meanwhile_is_shown_first(
    office: Visitor, visitor: NewVisitor, database: Database
):
    office.opens(NEW)
    form = (
        hidden_in(office.page) | STAND_IN | {"name": "Wakil Contoh Dua", "since": "2026-07-10", "until": "2026-07-12"}
    )
    other = visitor("kanwil")
    other.follows(other.fills(NEW, STAND_IN))
    answer = office.sends(NEW, form)
    assert answer.status_code == 409
    assert "Wakil Contoh Satu, 2026-07-01 – 2026-07-05" in text_of(answer)
    assert 'value="Wakil Contoh Dua"' in answer.text
    assert "Wakil Contoh Dua" not in names(database)
    office.follows(office.sends(NEW, form | office.shown_by(NEW)))
    assert "Wakil Contoh Dua" in names(database)


def test_a_post_that_was_ended_meanwhile_is_not_ended_unseen(office: Visitor, visitor: NewVisitor, database: Database):
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        post = work.run("SELECT id FROM guyub.official WHERE valid_until IS NULL ORDER BY name LIMIT 1").scalar_one()
    end = f"{KUDUS}/officials/{post}/end"
    office.opens(end)
    form = hidden_in(office.page) | {"until": "2026-09-30", "reason": "pensiun"}
    other = visitor("kanwil")
    other.follows(other.fills(end, {"until": "2026-07-31", "reason": "pindah"}))
    answer = office.sends(end, form)
    assert answer.status_code == 409
    assert "2026-07-31" in text_of(answer)
    assert "pensiun" in answer.text
    assert 'value="2026-09-30"' in answer.text


@pytest.mark.parametrize("path", [NEW, IDENTITY])
def test_a_form_that_says_nothing_of_what_it_showed_is_shown_anew(office: Visitor, path: str):
    office.opens(path)
    answer = office.sends(path, STAND_IN | {"version": "", "reason": "uji"})
    assert answer.status_code == 409
    assert "Formulirnya lama" in text_of(answer)


def test_what_was_left_alone_shows_what_holds_now(office: Visitor, visitor: NewVisitor):
    """Row V2: the first reader changes the paper; the second, with the older form, the place of letters."""
    office.opens(IDENTITY)
    shown = hidden_in(office.page)
    held = _controls(office)
    other = visitor("kanwil")
    other.opens(IDENTITY)
    preview = other.sends(IDENTITY, held | {"paper": "A4", "reason": "kertas"})
    assert preview.status_code == 200, text_of(preview)
    other.follows(other.sends(IDENTITY, hidden_in(other.page) | {"confirm": "yes"}))
    answer = office.sends(IDENTITY, shown | held | {"letter_place": "Kota Kudus", "reason": "tempat"})
    assert answer.status_code == 409
    assert "Kertas: F4 → A4" in text_of(answer)
    assert 'value="Kota Kudus"' in answer.text
    assert '<option value="A4" selected>' in answer.text


def _controls(person: Visitor) -> dict[str, str]:
    """What the controls of the identity form hold, as its hidden field says it."""
    return dict(seen_in(person.shown_by(IDENTITY)).shown)


def bounds(person: Visitor, name: str) -> tuple[date, date]:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', person.page.text)
    assert field
    ends = re.search(r'min="(\S+)" max="(\S+)"', field[0])
    assert ends, field[0]
    return date.fromisoformat(ends[1]), date.fromisoformat(ends[2])


@pytest.mark.parametrize(("end", "step", "status"), [(0, 0, 200), (1, 0, 200), (0, -1, 422), (1, 1, 422)])
def test_the_last_day_of_a_facility_is_within_the_bounds_that_are_shown(
    office: Visitor, end: int, step: int, status: int
):
    close = f"{KUDUS}/profile/close"
    office.opens(close)
    day = bounds(office, "closed_on")[end] + timedelta(days=step)
    assert office.sends(close, {"closed_on": day.isoformat(), "reason": "uji"}).status_code == status


@pytest.mark.parametrize(("step", "status"), [(0, 303), (-1, 422)])
def test_a_post_ends_within_the_bounds_that_are_shown(office: Visitor, database: Database, step: int, status: int):
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        post = work.run("SELECT id FROM guyub.official WHERE valid_until IS NULL ORDER BY name LIMIT 1").scalar_one()
    end = f"{KUDUS}/officials/{post}/end"
    office.opens(end)
    day = bounds(office, "until")[0] + timedelta(days=step)
    assert office.sends(end, {"until": day.isoformat(), "reason": "uji"}).status_code == status
