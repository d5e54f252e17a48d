"""The feed of planned distributions: what RFC 5545 asks of a file, and what calendars may know."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from icalendar import Calendar

from guyub.access import tokens
from guyub.demo.month import Rutan
from guyub.programs import closing, cycles
from guyub.programs.cycles import Cycle
from guyub.reports.calendar import Distribution, feed
from tests.conftest import Acting
from tests.reports.conftest import AsOf

NOW = datetime(2024, 11, 14, 2, tzinfo=UTC)
DISTRIBUTION = Distribution(
    UUID("0193aaaa-0000-7000-8000-000000000001"),
    "Rutan Kelas IIA Pekalongan",
    "Asia/Jakarta",
    "Bantuan sosial sembako",
    date(2024, 11, 1),
    "approved",
    date(2024, 11, 16),
    time(9),
    "Aula, lantai 2; gedung A",
    40,
    0,
    NOW,
)


def with_(**changes: Any) -> Distribution:
    return replace(DISTRIBUTION, **changes)


def event_of(one: Distribution) -> Any:
    (event,) = Calendar.from_ical(feed("x", [one], NOW)).walk("VEVENT")
    return event


def test_lines_end_in_cr_lf_and_are_at_most_75_octets():
    content = feed("Penyaluran", [with_(facility="Lembaga Pemasyarakatan Perempuan “Contoh” – " * 4)], NOW)
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"VERSION:2.0\r\n" in content
    assert b"PRODID:" in content


def test_commas_semicolons_and_line_ends_are_escaped():
    content = feed("x", [DISTRIBUTION], NOW).replace(b"\r\n ", b"")
    assert rb"LOCATION:Aula\, lantai 2\; gedung A\, Rutan Kelas IIA Pekalongan" in content
    assert rb"\nTahap: Disetujui\nKuota: 40 paket" in content


def test_an_hour_is_given_in_utc_and_a_day_without_one_is_the_whole_day():
    content = feed("x", [DISTRIBUTION], NOW)
    assert b"DTSTART:20241116T020000Z\r\n" in content
    assert b"DTSTAMP:20241114T020000Z\r\n" in content
    whole = feed("x", [with_(starts_at=None)], NOW)
    assert b"DTSTART;VALUE=DATE:20241116\r\n" in whole
    assert b"DTEND;VALUE=DATE:20241117\r\n" in whole
    assert b"DTSTART:20241116T000000Z\r\n" in feed("x", [with_(zone="Asia/Jayapura")], NOW)


def test_the_uid_stays_and_the_status_follows_the_month():
    first, moved = event_of(DISTRIBUTION), event_of(with_(on=date(2024, 11, 20), state="cancelled"))
    assert first["uid"] == moved["uid"]
    assert (first["status"], moved["status"]) == ("CONFIRMED", "CANCELLED")
    assert event_of(with_(state="planned"))["status"] == "TENTATIVE"


def test_a_feed_of_a_facility_shows_its_days_and_that_of_the_region_those_of_all(
    visitor_on: AsOf, rutan: Rutan, proposed: Cycle, acting: Acting, plugins: Any
):
    with acting("kasubsi.kebumen") as work:
        cycles.open_cycle(work, plugins, "bansos", date(2024, 11, 1), distribution_on=date(2024, 11, 20))
        here = tokens.make(work, "ponsel", ["calendar"], "f/rutan-kebumen", 365)
    with acting("kanwil") as work:
        above = tokens.make(work, "ponsel", ["calendar"], "region/jawa-tengah", 365)
    client = visitor_on(date(2024, 11, 14))("kasubsi").client
    client.cookies.clear()

    def feed_of(secret: str) -> Any:
        answer = client.get(f"/calendar/{secret}.ics")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert b"Contoh" not in answer.content
        return Calendar.from_ical(answer.content).walk("VEVENT")

    assert [str(item["summary"]) for item in feed_of(here)] == ["Bantuan sosial sembako – Rutan Kelas IIB Kebumen"]
    assert len(feed_of(above)) == 2


def test_a_month_that_was_cancelled_stays_in_the_feed_as_cancelled(
    visitor_on: AsOf, rutan: Rutan, proposed: Cycle, acting: Acting
):
    with acting("kasubsi") as work:
        secret = tokens.make(work, "ponsel", ["calendar"], "", 30)
    with rutan.work_of(rutan.head) as work:
        closing.cancel(work, proposed, date(2024, 11, 13), "contoh", version=proposed.version)
    answer = visitor_on(date(2024, 11, 14))("kasubsi").client.get(f"/calendar/{secret}.ics")
    assert b"STATUS:CANCELLED" in answer.content


def test_a_day_that_is_moved_raises_its_number_and_its_moment(
    visitor_on: AsOf, rutan: Rutan, proposed: Cycle, acting: Acting
):
    with acting("kasubsi") as work:
        secret = tokens.make(work, "ponsel", ["calendar"], "", 30)
    client = visitor_on(date(2024, 11, 14))("kasubsi").client

    def event() -> Any:
        (found,) = Calendar.from_ical(client.get(f"/calendar/{secret}.ics").content).walk("VEVENT")
        return found

    before = event()
    with rutan.work_of("kasubsi") as work:
        cycles.plan_distribution(work, proposed, date(2024, 11, 20), time(9), "Aula")
    moved = event()
    assert moved["sequence"] == before["sequence"] + 1
    assert moved["last-modified"].dt >= before["last-modified"].dt
    with rutan.work_of("kasubsi") as work:
        cycles.plan_distribution(work, proposed, date(2024, 11, 20), time(9), "Aula")
    assert event()["sequence"] == moved["sequence"]
    assert client.head(f"/calendar/{secret}.ics").status_code == 200


def test_an_address_that_opens_nothing_says_no_more_than_that(visitor_on: AsOf, rutan: Rutan):
    client = visitor_on(date(2024, 11, 14))("kasubsi").client
    assert client.get("/calendar/tidak-ada.ics").status_code == 404
