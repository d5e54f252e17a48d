"""The audit log on a page: who did what, when and with which money, in words; nothing about a family for the office above."""

import ast
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest

import guyub
from guyub.access import audit
from guyub.db.unit_of_work import Database
from guyub.demo import families
from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from guyub.programs.tables import RECIPIENTS
from guyub.registry import member_acts
from guyub.reports.audit_log import LONGEST_READ, AuditLogEntry, AuditLogFilter, audited_acts, entries
from guyub.reports.audit_log_text import WORDS, about, entry_text
from guyub.sdk.text import Text
from tests.reports.conftest import AsOf
from tests.reports.test_region_overview import JATENG, THURSDAY

HERE = "/f/rutan-pekalongan/"


def recorded_actions() -> set[str]:
    """Every action that the core's source names in a call that records."""
    found = set()
    for file in Path(guyub.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in (
                "audit.record",
                "AuditEntry",
                "audit.AuditEntry",
                "note_tables",
            ):
                found |= {
                    one.value
                    for argument in call.args[1:]
                    for one in ast.walk(argument)
                    if isinstance(one, ast.Constant)
                    and isinstance(one.value, str)
                    and one.value.split(".")[0] in ROOMS
                    and one.value.count(".") == 1
                }
    return found


ROOMS = ("access", "documents", "events", "facilities", "funds", "host", "programs", "registry", "reports")


def test_every_action_that_is_recorded_has_a_sentence_in_both_languages():
    actions = recorded_actions() | set(member_acts.ACTIONS.values())
    assert len(actions) > 45
    assert actions - WORDS.keys() == set()
    for action, say in WORDS.items():
        said = say({"on": "2024-11-16"})
        assert said.id.strip()
        assert said.en.strip(), action


def test_the_head_reads_who_did_what_and_with_which_money(visitor_on: AsOf, closed: Cycle):
    page = visitor_on(THURSDAY)("karutan").reads(f"{HERE}audit")
    assert "Jejak kegiatan" in page
    assert "Karutan Contoh Dua karutan Disetujui; Rp" in page
    assert "Bansos sembako November 2024" in page
    assert re.search(r"Penerimaan dicatat, bukti [^.]+\. Dana CSR: \S+ Rp400\.000", page)
    assert re.search(r"\d keluarga\. Bansos sembako November 2024 Rp[\d.]+", page)


def test_those_without_the_right_are_refused(visitor_on: AsOf, closed: Cycle):
    assert visitor_on(THURSDAY)("kasubsi").opens(f"{HERE}audit").status_code == 403
    assert visitor_on(THURSDAY)("karutan").opens(f"{JATENG}audit").status_code == 404


def test_the_office_reads_all_its_facilities_and_no_household(visitor_on: AsOf, rutan: Rutan, closed: Cycle):
    with rutan.work_of("kasubsi") as work:
        household = work.run("SELECT id FROM guyub.household LIMIT 1").scalar_one()
        work.run(
            "SELECT guyub.audit(CAST(:here AS uuid), 'registry.archive', :subject, 'Ibu Contoh pindah', '{}')",
            here=work.here.id,
            subject=f"household/{household}",
        )
    kanwil = visitor_on(THURSDAY)("kanwil")
    page = kanwil.reads(f"{JATENG}audit?facility=rutan-pekalongan")
    assert "Rutan Kelas IIA Pekalongan Satu keluarga diarsipkan." in page
    assert "Ibu Contoh" not in page
    assert str(household) not in kanwil.page.text
    for family in families.PEKALONGAN:
        assert family.registration.recipient.full_name not in page
    assert "Ibu Contoh pindah" in visitor_on(THURSDAY)("karutan").reads(f"{HERE}audit")


@pytest.mark.parametrize(
    ("asked", "there", "away"),
    [
        ("kind=funds", "Penerimaan dicatat", "Disetujui"),
        ("who=kasubsi+contoh", "Kasubsi Contoh Satu", "Karutan Contoh Dua"),
        ("who=KasubsiContoh", "Kasubsi Contoh Satu", "Karutan Contoh Dua"),
        ("who=%25", "Tidak ada yang tercatat", "Disetujui"),
        ("facility=rutan-kebumen", "Rencana diterapkan", "Disetujui"),
        ("until=2020-01-01", "Tidak ada yang tercatat", "Disetujui"),
        ("since=2020-01-01&kind=programs", "Disetujui", "Penerimaan dicatat"),
    ],
)
def test_it_is_narrowed_by_place_kind_person_and_days(
    visitor_on: AsOf, closed: Cycle, asked: str, there: str, away: str
):
    page = visitor_on(THURSDAY)("kanwil").reads(f"{JATENG}audit?{asked}")
    assert there in page
    assert away not in page


def test_a_day_that_is_none_is_refused_and_an_odd_mark_is_the_newest_page(visitor_on: AsOf):
    kanwil = visitor_on(THURSDAY)("kanwil")
    assert kanwil.opens(f"{JATENG}audit?since=kemarin").status_code == 422
    assert kanwil.opens(f"{JATENG}audit?after=x&kind=y&who={'a' * 500}").status_code == 200


def test_a_page_holds_a_hundred_and_leads_to_the_earlier_ones_and_a_file_holds_all(
    visitor_on: AsOf, database: Database
):
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        work.run(
            """SELECT count(guyub.audit(CAST(:here AS uuid), 'programs.score', 'bansos/2024-11', '',
                                        jsonb_build_object('households', n))) FROM generate_series(1, 130) n""",
            here=work.here.id,
        )
    karutan = visitor_on(THURSDAY)("karutan")
    assert "130 keluarga dinilai" in karutan.reads(f"{HERE}audit?kind=programs")
    assert " 30 keluarga dinilai" not in karutan.reads(f"{HERE}audit?kind=programs")
    later = re.search(r'rel="next" href="([^"]+)"', karutan.page.text)
    assert later
    earlier = karutan.reads(unescape(later[1]))
    assert " 30 keluarga dinilai" in earlier
    assert "130 keluarga dinilai" not in earlier
    from_its_beginning = karutan.reads(f"{HERE}audit?kind=programs&sort=when")
    assert " 30 keluarga dinilai" in from_its_beginning
    assert "130 keluarga dinilai" not in from_its_beginning
    later = re.search(r'rel="next" href="([^"]+)"', karutan.page.text)
    assert later
    assert "130 keluarga dinilai" in karutan.reads(unescape(later[1]))
    rows = karutan.opens(f"{HERE}audit?kind=programs&export=csv&table=audit_trail").text.splitlines()
    assert len([row for row in rows if "keluarga dinilai" in row]) == 130


def test_what_was_done_at_all_facilities_at_once_is_one_line_and_a_row_for_each_in_a_file(
    visitor_on: AsOf, database: Database
):
    with database.work(database.as_service("tests")) as work:
        work.run(
            """SELECT count(guyub.audit(f.id, 'facilities.template', 'Rutan contoh', '', '{}'))
               FROM guyub.facility f WHERE f.facility_type = 'rutan'"""
        )
        rutan = work.run("SELECT count(*) FROM guyub.facility WHERE facility_type = 'rutan'").scalar_one()
    kanwil = visitor_on(THURSDAY)("kanwil")
    page = kanwil.reads(f"{JATENG}audit?kind=settings")
    assert page.count("Templat konfigurasi disimpan.") == 1
    assert f"{rutan} UPT" in page
    rows = kanwil.opens(f"{JATENG}audit?kind=settings&export=csv&table=audit_trail").text.splitlines()
    assert len([row for row in rows if "Templat konfigurasi disimpan." in row]) == rutan


def test_many_deeds_are_read_in_pages_without_a_gap(database: Database):
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        work.run(
            """SELECT count(guyub.audit(CAST(:here AS uuid), 'programs.score', 'bansos/2024-11', '',
                                        jsonb_build_object('households', n))) FROM generate_series(1, 25) n""",
            here=work.here.id,
        )
        seen: list[int] = []
        after = None
        while True:
            asked = AuditLogFilter("Asia/Jakarta", kind="programs", before=after)
            found = entries(work, asked, rows=LONGEST_READ, facility_id=work.here.id)
            done, after = audited_acts(found, 10)
            seen += [item.first.details["households"] for item in done]
            if after is None:
                break
    assert seen == list(range(25, 0, -1))


@pytest.mark.parametrize("subject", ["bansos/2024-11", "bansos/2024-11-bansos", "bansos/2024-11-bansos-2"])
def test_a_cycle_is_named_by_its_programme_and_month_whatever_its_code(subject: str):
    entry = AuditLogEntry(
        UUID(int=1), datetime(2024, 11, 20, tzinfo=UTC), "", "", "programs.close", subject, "", {}, "", "", "", False
    )
    named = about(entry, {"bansos": Text(id="Bantuan sosial sembako", en="Staple-food aid")})
    assert (named.id, named.en) == ("Bantuan sosial sembako November 2024", "Staple-food aid November 2024")


def test_a_table_that_was_taken_is_named_with_its_month_and_no_path_of_a_page(visitor_on: AsOf, database: Database):
    taken = "cycles/2024-11/distribution"
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        audit.record_export(work, taken, table="distribution_list", caption=RECIPIENTS.caption, shape="csv", rows=5)
    karutan = visitor_on(THURSDAY)("karutan")
    karutan.opens(f"{HERE}audit?kind=access&export=csv&table=audit_trail")
    page = karutan.reads(f"{HERE}audit?kind=access")
    assert "Tabel diunduh: Daftar penyaluran, 5 baris. November 2024" in page
    assert re.search(r"Tabel diunduh: Jejak kegiatan, \d+ baris\.", page)
    assert taken not in karutan.page.text


def test_a_table_that_was_taken_before_its_name_was_recorded_is_reported_by_its_rows():
    entry = AuditLogEntry(
        UUID(int=1),
        datetime(2024, 11, 20, tzinfo=UTC),
        "",
        "",
        "access.export",
        "/f/x/households",
        "",
        {"table": "households", "rows": 7},
        "",
        "",
        "",
        False,
    )
    assert entry_text(entry, {}, {}).id == "Tabel diunduh: 7 baris."
    assert about(entry, {}).id == ""
