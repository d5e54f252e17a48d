"""The pages of campaigns: a preview before anything happens, and the month at the facility that says who ordered it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guyub.app import create_app
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests.visits import NewVisitor, hidden_in, text_of, visitors

CAMPAIGNS = "/region/jawa-tengah/campaigns"
CAMPAIGN = {
    "title": "Bansos serentak 24 Desember",
    "theme": "akselerasi-13",
    "kind": "bansos/sembako",
    "on": "2024-12-24",
    "quota": "20",
    "ceiling": "250.000",
    "facilities": ["rutan-pekalongan", "rutan-kebumen", "rutan-blora"],
    "quota.rutan-kebumen": "8",
}


@pytest.fixture
def visitor(database: Database, plugins: PluginRegistry, protector: Protector) -> Iterator[NewVisitor]:
    morning = datetime(2024, 12, 2, 2, tzinfo=UTC)
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: morning), database) as come:
        yield come


def issued(visitor: NewVisitor) -> tuple[Any, str]:
    """The regional administrator with an order issued, and its address."""
    office = visitor("kanwil")
    assert office.fills(f"{CAMPAIGNS}/new", CAMPAIGN).status_code == 200
    kept = re.findall(r'name="facilities" value="([^"]+)"', office.page.text)
    answer = office.sends(f"{CAMPAIGNS}/new", hidden_in(office.page) | {"facilities": kept, "issue": "yes"})
    assert answer.status_code == 303, text_of(answer)
    return office, answer.headers["location"]


def test_the_preview_names_who_takes_part_and_who_does_not_with_the_reason(visitor: NewVisitor):
    office = visitor("kanwil")
    page = text_of(office.fills(f"{CAMPAIGNS}/new", CAMPAIGN))
    assert "belum ada yang diubah" in page
    assert "Blora Program ini tidak aktif di UPT ini pada Minggu, 1 Desember 2024" in page
    assert "28 paket" in page
    assert office.reads(CAMPAIGNS).count("Bansos serentak") == 0


def test_a_campaign_is_launched_and_its_page_follows_each_facility(visitor: NewVisitor):
    office, address = issued(visitor)
    page = office.reads(address)
    assert "Kebumen Rencana" in page
    assert f'href="{CAMPAIGNS}"' in office.opens("/region/jawa-tengah/").text
    assert "Bansos serentak 24 Desember" in office.reads(CAMPAIGNS)


def test_the_facilitys_month_shows_the_campaign_with_its_origin(visitor: NewVisitor):
    issued(visitor)
    page = visitor("kasubsi").reads("/f/rutan-pekalongan/cycles/2024-12/")
    assert "Bansos serentak 24 Desember" in page
    assert "Kantor Wilayah" in page
    assert "kuota 20 paket" in page
    assert "Rp250.000" in page


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(visitor: NewVisitor):
    office = visitor("kanwil")
    answer = office.fills(f"{CAMPAIGNS}/new", CAMPAIGN | {"on": "besok"})
    assert answer.status_code == 422
    assert 'value="Bansos serentak 24 Desember"' in answer.text
    assert office.fills(f"{CAMPAIGNS}/new", CAMPAIGN | {"facilities": []}).status_code == 422
    assert office.fills(f"{CAMPAIGNS}/new", CAMPAIGN | {"quota": "banyak"}).status_code == 422
    assert office.fills(f"{CAMPAIGNS}/new", CAMPAIGN | {"ceiling": "mahal"}).status_code == 422


def test_all_that_is_missing_is_said_at_once_each_with_the_way_to_its_field(visitor: NewVisitor):
    answer = visitor("kanwil").fills(
        f"{CAMPAIGNS}/new", CAMPAIGN | {"title": "", "on": "", "quota": "", "ceiling": "x"}
    )
    assert answer.status_code == 422
    summary = answer.text.partition('id="error-summary"')[2].partition("</div>")[0]
    for field in ("title", "on", "quota", "ceiling"):
        assert f'href="#f-{field}"' in summary
        assert f'id="f-{field}-error"' in answer.text


def test_a_campaign_is_cancelled_with_its_reason(visitor: NewVisitor):
    office, address = issued(visitor)
    assert office.fills(f"{address}/cancel", {"reason": " "}).status_code == 422
    page = office.follows(office.fills(f"{address}/cancel", {"reason": "Hari diganti"}))
    assert "Hari diganti" in page
    assert "Rencana UPT sendiri" in page
    assert "dibatalkan: Hari diganti" in visitor("kasubsi").reads("/f/rutan-pekalongan/cycles/2024-12/")


def test_a_campaign_that_was_cancelled_meanwhile_is_shown_before_it_is_cancelled_again(visitor: NewVisitor):
    office, address = issued(visitor)
    cancel = f"{address}/cancel"
    office.opens(cancel)
    form = hidden_in(office.page) | {"reason": "Banjir"}
    assert office.sends(cancel, {"reason": "Banjir", "version": ""}).status_code == 409
    other = visitor("kanwil")
    other.follows(other.fills(cancel, {"reason": "Hari diganti"}))
    answer = office.sends(cancel, form)
    assert answer.status_code == 409
    assert "Banjir" in answer.text
    assert "Dibatalkan: – → " in text_of(answer)


def test_a_campaign_stands_on_the_facilitys_home_with_its_day(visitor: NewVisitor):
    issued(visitor)
    home = visitor("kasubsi").reads("/f/rutan-pekalongan/")
    assert "Bansos serentak 24 Desember, penyaluran Selasa, 24 Desember 2024, 20 paket" in home


def test_a_day_that_is_over_or_far_is_refused_or_asked_about_and_no_input_is_a_fault(visitor: NewVisitor):
    office = visitor("kanwil")
    for wrong in ({"on": "2024-12-01"}, {"ceiling": "99999999999999999999"}):
        assert office.fills(f"{CAMPAIGNS}/new", CAMPAIGN | wrong).status_code == 422
    assert "lebih dari setahun lagi" in text_of(
        office.fills(f"{CAMPAIGNS}/new", CAMPAIGN | {"on": "2026-12-24", "theme": ""})
    )
    office.opens(f"{CAMPAIGNS}/new")
    answer = office.sends(f"{CAMPAIGNS}/new", CAMPAIGN | {"theme": "zzz", "issue": "yes"})
    assert answer.status_code == 422
    assert "tidak berlaku pada hari penyaluran" in text_of(answer)


def test_a_facilitys_people_open_no_page_of_campaigns(visitor: NewVisitor):
    assert visitor("kasubsi").opens(CAMPAIGNS).status_code == 404
    assert visitor("karutan").opens(f"{CAMPAIGNS}/new").status_code == 404


def test_facilities_of_the_form_are_found_and_paged_while_all_that_was_typed_stays(visitor: NewVisitor):
    office = visitor("kanwil")
    first = office.opens(f"{CAMPAIGNS}/new").text
    in_view = re.findall(r'name="quota\.([^"]+)"', first)
    assert len(in_view) == 50
    assert f'formaction="{CAMPAIGNS}/new?page=2"' in first
    typed = CAMPAIGN | {"look": "yes"}
    second = office.sends(f"{CAMPAIGNS}/new?page=2", typed)
    assert second.status_code == 200
    assert 'value="Bansos serentak 24 Desember"' in second.text
    assert not set(in_view) & set(re.findall(r'name="quota\.([^"]+)" value=""', second.text))
    found = office.sends(f"{CAMPAIGNS}/new", typed | {"search": "blora"})
    assert re.findall(
        r'<input class="form-check-input" type="checkbox" name="facilities" value="([^"]+)"', found.text
    ) == ["rutan-blora"]
    hidden = re.findall(r'type="hidden" name="facilities" value="([^"]+)"', found.text)
    assert sorted(hidden) == ["rutan-kebumen", "rutan-pekalongan"]
    assert '<input type="hidden" name="quota.rutan-kebumen" value="8">' in found.text
    assert office.reads(CAMPAIGNS).count("Bansos serentak") == 0


def test_an_address_narrows_the_form_too(visitor: NewVisitor):
    page = visitor("kanwil").opens(f"{CAMPAIGNS}/new?search=pekalongan").text
    assert re.findall(r'name="quota\.([^"]+)"', page) == ["bapas-pekalongan", "lapas-pekalongan", "rutan-pekalongan"]
