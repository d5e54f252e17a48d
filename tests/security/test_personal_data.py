"""What identifies people is encrypted wherever it lies, stays with their facility, and is shown only with a reason."""

import pytest

from guyub.access import sign_in
from guyub.db.unit_of_work import SessionCredential
from guyub.demo import families
from guyub.registry.reveal import reveal
from guyub.sdk.errors import Forbidden, Invalid, NotFound

PERSONAL = [
    "household",
    "member",
    "name_word",
    "inmate",
    "inmate_register",
    "inmate_link",
    "survey",
    "entitlement",
    "entitlement_line",
    "recipient_snapshot",
    "handover",
    "handover_line",
]


def secrets():
    """Every value that the registry promises to encrypt, as typed and as digits alone."""
    for family in families.PEKALONGAN:
        one = family.registration
        yield from (one.family_card, one.phone, one.phone.lstrip("0"), one.street)
        yield from (member.nik for member in (one.recipient, *one.members))


def everything(root):
    """Each text, json and bytea column of the schema, as one text each; bytes both as text and as hex digits."""
    columns = root.execute(
        """SELECT table_name, column_name, data_type FROM information_schema.columns
           WHERE table_schema = 'guyub' AND data_type IN ('text', 'jsonb', 'bytea', 'ARRAY', 'character varying')"""
    ).fetchall()
    for table, column, kind in columns:
        shown = f"encode({column}, 'escape')" if kind == "bytea" else f"{column}::text"
        [text] = root.execute(
            f"SELECT COALESCE(string_agg({shown}, chr(10)), '') FROM guyub.{table}".encode()
        ).fetchone()
        yield f"{table}.{column}", text


def test_no_secret_stands_anywhere_in_the_clear_after_a_month(closed):
    looked_for = {value for value in secrets() if value}
    assert len(looked_for) > 40
    with closed.superuser() as root:
        texts = dict(everything(root))
    assert len(texts) > 100
    assert "Sulastri Contoh" in texts["member.full_name"]
    found = [(place, value) for place, text in texts.items() for value in looked_for if value in text]
    assert found == []


def test_the_same_secret_never_has_the_same_cipher_and_always_the_same_index(closed, cluster):
    protector = cluster.keys.protector()
    assert protector.encrypt("3375000000009999") != protector.encrypt("3375000000009999")
    with closed.superuser() as root:
        ciphers, different, plain = root.execute(
            """SELECT count(nik_cipher), count(DISTINCT nik_cipher),
                      count(*) FILTER (WHERE nik_index = sha256(convert_to(nik_masked, 'UTF8'))) FROM guyub.member"""
        ).fetchone()
    assert ciphers == different > 0
    assert plain == 0


def test_a_masked_number_does_not_give_the_number_away(closed):
    with closed.superuser() as root:
        masks = root.execute("SELECT nik_masked FROM guyub.member WHERE nik_cipher IS NOT NULL").fetchall()
        masks += root.execute("SELECT nik_masked FROM guyub.recipient_snapshot").fetchall()
        masks += root.execute(
            "SELECT family_card_masked FROM guyub.household WHERE family_card_cipher IS NOT NULL"
        ).fetchall()
    assert masks
    assert all(sum(character.isdigit() for character in mask) <= 8 for (mask,) in masks)


@pytest.mark.parametrize("login", ["kanwil", "pengelola"])
@pytest.mark.parametrize("table", PERSONAL)
def test_who_has_no_business_with_people_sees_no_personal_table(closed, login, table):
    with closed.attacker() as thief:
        for facility in ("rutan-pekalongan", None):
            thief.enter(login, facility)
            assert thief.sees("SELECT guyub.personal_scope()") == [([],)]
            assert thief.sees(f"SELECT count(*) FROM guyub.{table}") == [(0,)]
            assert thief.sees("SELECT count(*) FROM guyub.household_facts") == [(0,)]


def test_the_regional_office_finds_no_name_of_a_beneficiary_in_anything_it_reads(closed):
    names = {family.registration.inmate.full_name for family in families.PEKALONGAN if family.registration.inmate}
    names |= {"Sulastri Contoh", "Murni Contoh", "Kasmuri Contoh"}
    with closed.superuser() as root:
        tables = [
            table
            for (table,) in root.execute(
                """SELECT relname FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind IN ('r', 'v')
                   AND has_table_privilege(%s, oid, 'SELECT')""",
                (f"{closed.installation.roles}_app",),
            ).fetchall()
        ]
    assert "household" in tables
    assert "audit_entry" in tables
    assert "event" in tables
    with closed.attacker() as thief:
        thief.enter("kanwil")
        read = {
            table: "\n".join(text for (text,) in thief.sees(f"SELECT to_jsonb(t)::text FROM guyub.{table} t"))
            for table in tables
        }
        assert thief.sees("SELECT count(*) FROM guyub.cycle") == [(1,)]
        # Who signs is public, and some of the invented names are alike.
        del read["official"]
        read["applied_change"] = "\n".join(
            text
            for (text,) in thief.sees(
                "SELECT to_jsonb(t)::text FROM guyub.applied_change t WHERE t.what !~ '^official[.]'"
            )
        )
    assert [(table, name) for table, text in read.items() for name in names if name in text] == []


def test_the_regional_office_counts_households_and_names_none(closed):
    with closed.attacker() as thief:
        thief.enter("kanwil")
        assert thief.sees(
            "SELECT sum(households) FROM guyub.attendance(ARRAY[%(c)s::uuid]) WHERE state = 'received'",
            {"c": closed.cycle.id},
        ) == [(5,)]


def test_the_audit_log_and_the_events_hold_no_name(closed):
    with closed.superuser() as root:
        written = "\n".join(
            text
            for (text,) in root.execute(
                "SELECT to_jsonb(a)::text FROM guyub.audit_entry a UNION ALL SELECT to_jsonb(e)::text FROM guyub.event e"
            ).fetchall()
        )
    for family in families.PEKALONGAN:
        if family.registration.inmate:
            assert family.registration.inmate.full_name not in written
    assert "Sulastri Contoh" not in written


def a_household(work):
    return work.run("SELECT household_id FROM guyub.member WHERE full_name = 'Sulastri Contoh'").scalar_one()


def test_revealing_is_audited_with_its_reason_and_without_the_value(closed, cluster):
    with closed.rutan.work_of("kasubsi") as work:
        [shown] = reveal(work, cluster.keys.protector(), a_household(work), "phone", "mengabari jadwal penyaluran")
        entry = work.run("SELECT * FROM guyub.audit_entry ORDER BY seq DESC LIMIT 1").mappings().one()
        assert shown.value in {family.registration.phone for family in families.PEKALONGAN}
        assert (entry["action"], entry["actor_label"], entry["reason"]) == (
            "registry.reveal",
            "kasubsi",
            "mengabari jadwal penyaluran",
        )
        assert shown.value not in str(dict(entry))


@pytest.mark.parametrize("reason", ["", "   ", "x", "verifikasi", "a b c d", "perlu\u200b\u200b\u200b\u200b ya"])
def test_revealing_needs_a_reason_that_is_a_sentence(closed, cluster, reason):
    with closed.rutan.work_of("kasubsi") as work, pytest.raises(Invalid):
        reveal(work, cluster.keys.protector(), a_household(work), "nik", reason)


@pytest.mark.parametrize("login", ["karutan", "pengamanan"])
def test_revealing_needs_the_permission(closed, cluster, login):
    with closed.rutan.work_of(login) as work, pytest.raises(Forbidden):
        reveal(work, cluster.keys.protector(), a_household(work), "nik", "ingin tahu")


def test_revealing_needs_the_facility(closed, cluster):
    with closed.rutan.work_of("kasubsi") as work:
        household = a_household(work)
    token = sign_in.session_for(closed.database, "kasubsi.kebumen", "tests")
    with closed.database.work(SessionCredential(token, "rutan-kebumen")) as work, pytest.raises(NotFound):
        reveal(work, cluster.keys.protector(), household, "nik", "ingin tahu")
