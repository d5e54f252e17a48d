"""What was changed by another door since the files were applied, and what a plan touches that is at work: told, with names."""

from dataclasses import replace
from datetime import date

import pytest

from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.issues import Issue
from guyub.configuration.plan import digest_of
from guyub.configuration.planning import apply_requests
from guyub.provisioning import apply, load, plan
from guyub.sdk.errors import Refusal
from guyub.sdk.words import format_date
from tests import damaged_rows, places, worlds
from tests.stored_values import set_values

REGION, KUDUS, PEKALONGAN = "jawa-tengah", "rutan-kudus", "rutan-pekalongan"
JANUARY = date(2027, 1, 1)


def handed_to(database, door):
    """The region and one of its facilities change hands."""
    places.managed_by(database, door, KUDUS)


def planned(database, plugins, declared):
    with database.work(database.as_service("tests")) as work:
        return plan(work, plugins, declared)


def drifted(found):
    """Place, plugin and field of what another door changed, with the sentence."""
    return {
        (finding.place, finding.plugin, finding.field): finding.sentence
        for finding in found.issues
        if "di luar berkas" in finding.sentence.id
    }


@pytest.mark.parametrize(
    ("place", "wish", "field"),
    [
        (REGION, ChangeRequest("bansos", JANUARY, region=REGION, values={"ceiling": 300_000}), "ceiling"),
        (KUDUS, ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9}), "quota"),
        (KUDUS, ChangeRequest("bansos", JANUARY, (KUDUS,), active=False), ""),
    ],
)
def test_what_the_web_changed_at_a_place_that_files_manage_again_is_reported_with_who_and_when(
    files, acting, database, plugins, place, wish, field
):
    handed_to(database, "web")
    with acting("kanwil") as work:
        apply_requests(work, plugins, [wish], None)
    handed_to(database, "files")
    found = planned(database, plugins, files.load())
    assert [(change.facility or change.region, change.valid_from) for change in found.changes] == [(place, JANUARY)]
    said = drifted(found)
    assert set(said) == {(place, "bansos", field)}
    (sentence,) = said.values()
    with database.work(database.as_service("tests")) as work:
        today = work.run("SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date").scalar_one()
    assert f"oleh kanwil pada {format_date(today)}" in sentence.id
    assert f"by kanwil on {format_date(today, 'en')}" in sentence.en
    assert not found.is_blocked


def test_what_was_changed_outside_comes_back_when_the_files_are_applied_and_is_reported_no_more(
    files, acting, database, plugins
):
    handed_to(database, "web")
    with acting("kanwil") as work:
        apply_requests(work, plugins, [ChangeRequest("bansos", JANUARY, (KUDUS,), values={"quota": 9})], None)
    handed_to(database, "files")
    with database.work(database.as_service("tests")) as work:
        apply(work, plugins, files.load())
    again = planned(database, plugins, files.load())
    assert (again.changes, drifted(again)) == ((), {})


def test_a_value_that_a_program_set_and_no_file_names_is_reported_as_well(files, database, plugins):
    with database.work(database.as_service("program")) as work:
        lapas = work.run("SELECT id FROM guyub.facility WHERE code = 'rutan-demak'").scalar_one()
        set_values(work, "bansos", {"quota": 9}, valid_from=JANUARY, reason="x", facility_id=lapas)
    found = planned(database, plugins, files.load())
    assert found.changes == ()
    assert "oleh program pada" in drifted(found)["rutan-demak", "bansos", "quota"].id


def test_what_the_files_themselves_change_is_no_drift(files, database, plugins):
    files.change("rutan-kudus", "quota = 8", "quota = 9")
    assert drifted(planned(database, plugins, files.load())) == {}


@pytest.fixture(scope="module")
def november(cluster):
    """Rutan Pekalongan with its month approved: packages are promised, and money of both sources waits."""
    with worlds.a_world(cluster, until="approved") as made:
        yield made


def of_files(world, files):
    with world.database.work(world.database.as_service("tests")) as work:
        return plan(work, world.plugins, load(files.root, world.plugins))


def test_files_that_change_nothing_have_no_consequence(november, files):
    assert of_files(november, files).consequences == ()


def test_a_value_that_changes_under_an_open_month_tells_the_month_and_what_is_promised(november, files):
    files.change(PEKALONGAN, "quota = 5", "quota = 6")
    found = of_files(november, files).consequences
    assert [(item.facility, item.plugin, item.kind, item.reference) for item in found] == [
        (PEKALONGAN, "bansos", "open_cycle", "2024-11"),
        (PEKALONGAN, "bansos", "promised", "2024-11"),
    ]
    assert (
        "Bansos sembako bulan November 2024 masih terbuka: daftar dan isi bantuannya sudah disetujui"
        in found[0].sentence.id
    )
    with november.database.work(november.database.as_service("tests", PEKALONGAN)) as work:
        promised = work.run(
            "SELECT sum(a.rupiah) FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id"
            " WHERE r.facility_id = :here",
            here=work.here.id,
        ).scalar_one()
    assert found[1].amount == promised > 0


def test_a_programme_that_is_deactivated_in_an_open_month_is_asked_to_be_closed_first(november, files):
    files.change(
        PEKALONGAN, "[plugins.bansos]\nfrom = 2024-11-01", "[plugins.bansos]\nfrom = 2024-11-01\nactive = false"
    )
    found = of_files(november, files)
    assert [consequence.kind for consequence in found.consequences if consequence.plugin == "bansos"] == [
        "open_cycle",
        "promised",
    ]
    assert not found.is_blocked


def test_a_source_that_is_deactivated_tells_each_fund_that_still_holds_money_and_how_much(november, files):
    off = "[plugins.csr_funding]\nfrom = 2024-11-01"
    files.change(PEKALONGAN, off, f"{off}\nactive = false")
    funds = [consequence for consequence in of_files(november, files).consequences if consequence.kind == "fund"]
    assert [(fund.facility, fund.plugin, fund.amount) for fund in funds] == [(PEKALONGAN, "csr_funding", 400_000)]
    assert "masih berisi Rp400.000; uangnya tetap dapat dipakai" in funds[0].sentence.id


def test_a_fund_that_is_not_named_leaves_no_gap_in_the_sentence(november, files):
    off = "[plugins.csr_funding]\nfrom = 2024-11-01"
    files.change(PEKALONGAN, off, f"{off}\nactive = false")
    with damaged_rows.funds_are_sensitive(november.installation):
        (fund,) = (consequence for consequence in of_files(november, files).consequences if consequence.kind == "fund")
    assert "ana dari Dana CSR masih berisi" in fund.sentence.id


def test_what_would_begin_at_a_facility_after_its_last_day_stands_against_the_plan(november, files):
    path = "rutan-kudus"
    files.change(path, 'name = "Rutan Kelas IIB Kudus"', 'name = "Rutan Kelas IIB Kudus"\nclosed = 2024-10-31')
    found = of_files(november, files)
    against = [(finding.place, finding.sentence.id) for finding in found.issues if finding.is_blocking]
    assert against == []
    files.change(path, "quota = 8", "quota = 9")
    found = of_files(november, files)
    against = [(finding.place, finding.sentence.id) for finding in found.issues if finding.is_blocking]
    ((place, said),) = against
    assert place == path
    assert said.startswith(
        "Rutan Kelas IIB Kudus sudah ditutup sejak 31 Oktober 2024. Sesudah hari itu tidak ada yang dapat"
    )
    assert "jawa-tengah/rutan-kudus.toml" in said


def test_a_facility_whose_file_closes_it_in_an_open_month_stands_against_the_plan(november, files):
    files.change(
        PEKALONGAN, 'name = "Rutan Kelas IIA Pekalongan"', 'name = "Rutan Kelas IIA Pekalongan"\nclosed = 2024-11-30'
    )
    found = of_files(november, files)
    against = [(finding.place, finding.sentence.id) for finding in found.issues if finding.is_blocking]
    assert against == [
        (
            PEKALONGAN,
            "Rutan Kelas IIA Pekalongan belum dapat ditutup: 1 periode belum selesai, yang terlama November 2024.",
        )
    ]


def test_the_digest_is_of_the_consequences_and_findings_as_well(november, files, database, plugins):
    files.change(PEKALONGAN, "quota = 5", "quota = 6")
    read = of_files(november, files)
    assert read.consequences
    known = digest_of(read)
    assert known == digest_of(replace(read, consequences=read.consequences[::-1], issues=read.issues[::-1]))
    assert known != digest_of(replace(read, consequences=read.consequences[1:]))
    more = Issue(PEKALONGAN, read.consequences[0].sentence)
    assert known != digest_of(replace(read, issues=(*read.issues, more)))


def test_a_month_that_was_opened_after_the_plan_was_read_makes_it_another_plan(
    cluster, installation, database, plugins, files
):
    here = worlds.pekalongan(cluster, installation, database, plugins)
    files.change(PEKALONGAN, "quota = 5", "quota = 6")
    read = planned(database, plugins, files.load())
    assert read.consequences == ()
    worlds.november_until(here, worlds.STEPS[0])
    assert planned(database, plugins, files.load()).consequences
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests")) as work:
        apply(work, plugins, files.load(), read.digest)
    assert refused.value.code == "configuration.plan_moved"


def test_two_approvers_where_one_may_approve_are_said_before_they_apply(november, files):
    files.change(PEKALONGAN, "quota = 5", "quota = 5\nsecond_approval_above = 1_000_000")

    def people() -> list[str]:
        return [item.text.id for item in of_files(november, files).consequences if item.kind == "one_approver"]

    [sentence] = people()
    assert "Bansos sembako akan meminta dua penyetuju, tetapi yang boleh menyetujui di sini 1 orang" in sentence
    assert "second_approver" in sentence
    worlds.employ(november.database, "penyetuju", "second_approver", PEKALONGAN)
    assert people() == []
