"""What happens to families, attacked by raw SQL: impossible days and combinations, other hands, other facilities."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from guyub.demo import families
from tests import worlds
from tests.worlds import SURVEYED, Attacker, World

ACT = (
    "INSERT INTO guyub.household_event (facility_id, household_id, member_id, kind, occurred_on, reason) "
    "SELECT facility_id, household_id, id, %(kind)s, %(day)s::date, 'uji' FROM guyub.member WHERE full_name = %(who)s"
)
MOVE = (
    "INSERT INTO guyub.household_event (facility_id, household_id, member_id, to_household_id, kind, occurred_on, reason) "
    "SELECT m.facility_id, m.household_id, m.id, t.household_id, 'moved', '2024-11-10', 'uji' "
    "FROM guyub.member m, guyub.member t WHERE m.full_name = %(who)s AND t.full_name = %(to)s"
)
RECIPIENT = (
    "INSERT INTO guyub.household_event (facility_id, household_id, member_id, kind, photo_consent, relationships, occurred_on, "
    "reason) SELECT m.facility_id, m.household_id, m.id, 'recipient', false, "
    "(SELECT COALESCE(jsonb_object_agg(l.inmate_id, 'other'), '{}') FROM guyub.inmate_link l "
    "WHERE l.household_id = m.household_id), '2024-11-10', 'uji' FROM guyub.member m WHERE m.full_name = %(who)s"
)
UNDO = (
    "INSERT INTO guyub.household_event (facility_id, household_id, member_id, kind, reverses, occurred_on, reason) "
    "SELECT facility_id, household_id, member_id, 'reversed', id, '2024-11-11', 'keliru' FROM guyub.household_event "
    "WHERE kind <> 'reversed' ORDER BY seq DESC LIMIT 1"
)
STATUS = (
    "INSERT INTO guyub.inmate_event (facility_id, inmate_id, status, occurred_on, reason, status_before) "
    "SELECT facility_id, id, %(status)s, %(day)s::date, 'uji', 'x' FROM guyub.inmate ORDER BY id LIMIT 1"
)
SULASTRI, MURNI = (family.registration.recipient.full_name for family in families.PEKALONGAN[:2])
ADDED = "Tamu Contoh"
GUEST = (
    "INSERT INTO guyub.member (facility_id, household_id, full_name) "
    f"SELECT facility_id, household_id, '{ADDED}' FROM guyub.member WHERE full_name = %(who)s"
)


@pytest.fixture(scope="module")
def families_of_two(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster) as made:
        made.pekalongan.register(families.PEKALONGAN[:2], SURVEYED)
        made.kebumen.register(families.PEKALONGAN[:1], SURVEYED)
        yield made


@pytest.fixture
def kasubsi(families_of_two: World) -> Iterator[Attacker]:
    """May change households; a guest of the first household is added, what they try is rolled back."""
    with worlds.attacker(families_of_two.installation, families_of_two.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        assert attacker.tries(GUEST, {"who": SULASTRI}, half_way=True) == "1 rows"
        assert act(attacker, "joined", ADDED, "2024-11-09") == "1 rows"
        yield attacker


def act(attacker: Attacker, kind: str, who: str = SULASTRI, day: str = "2024-11-10") -> str:
    return attacker.tries(ACT, {"kind": kind, "day": day, "who": who})


def test_whoever_is_added_after_the_registration_has_joined_by_an_act(families_of_two: World):
    """Asked at the commit; another's act is none of theirs, nor is one of another kind."""
    with worlds.attacker(families_of_two.installation, families_of_two.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        assert attacker.tries(GUEST, {"who": SULASTRI}) == "GU030"
        for kind, who in (("left", ADDED), ("left", SULASTRI), ("joined", SULASTRI)):
            attacker.enter("kasubsi", worlds.PEKALONGAN)
            assert attacker.tries(GUEST, {"who": SULASTRI}, half_way=True) == "1 rows"
            assert act(attacker, kind, who) == "GU030"
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        assert attacker.tries(GUEST, {"who": SULASTRI}, half_way=True) == "1 rows"
        with pytest.raises(psycopg.Error, match="member_has_joined"):
            attacker.connection.commit()


def test_the_dead_do_not_receive_act_or_come_back(kasubsi: Attacker):
    assert act(kasubsi, "died") == "1 rows"
    who = {"who": SULASTRI}
    assert kasubsi.sees("SELECT active, is_recipient, gone_as FROM guyub.member WHERE full_name = %(who)s", who) == [
        (False, False, "died")
    ]
    assert kasubsi.tries(RECIPIENT, who) == "GU030"
    for kind in ("died", "left", "joined"):
        assert act(kasubsi, kind, day="2024-11-20") == "GU030"
    assert kasubsi.tries(MOVE, {"who": SULASTRI, "to": MURNI}) == "GU030"
    for column in ("active = true", "is_recipient = true", "gone_as = ''", "gone_on = NULL"):
        assert kasubsi.tries(f"UPDATE guyub.member SET {column} WHERE full_name = %(who)s", who) == "42501"


def test_the_dead_stay_dead_when_their_household_is_archived_and_comes_back(kasubsi: Attacker):
    assert act(kasubsi, "died") == "1 rows"
    for active in ("false", "true"):
        assert kasubsi.tries(f"UPDATE guyub.household SET active = {active}") == "2 rows"
    rows = kasubsi.sees("SELECT full_name, active FROM guyub.member ORDER BY full_name = %(who)s", {"who": SULASTRI})
    assert dict(rows)[SULASTRI] is False
    assert all(active for name, active in rows if name != SULASTRI)


def test_one_person_receives_and_is_made_the_recipient_by_an_act_alone(kasubsi: Attacker):
    assert kasubsi.tries("UPDATE guyub.member SET is_recipient = true") == "42501"
    assert act(kasubsi, "died") == "1 rows"
    second = (
        "INSERT INTO guyub.member (facility_id, household_id, full_name, is_recipient) "
        "SELECT facility_id, household_id, 'Selundup Contoh', true FROM guyub.member WHERE full_name = %(who)s"
    )
    assert kasubsi.tries(second, {"who": SULASTRI}) == "GU030"
    assert kasubsi.tries(RECIPIENT.replace("'other'", "'nobody'"), {"who": ADDED}) == "23514"
    no_tie = ("COALESCE(jsonb_object_agg(l.inmate_id, 'other'), '{}')", "COALESCE(max('{}'), '{}')::jsonb")
    assert kasubsi.tries(RECIPIENT.replace(*no_tie), {"who": ADDED}) == "GU030"
    assert kasubsi.tries(RECIPIENT, {"who": ADDED}) == "1 rows"
    assert kasubsi.tries(RECIPIENT, {"who": ADDED}) == "GU030"
    assert kasubsi.value("SELECT count(*) FROM guyub.member WHERE is_recipient") == 2


def test_a_person_leaves_no_day_before_they_came_and_on_none_that_has_not_come(kasubsi: Attacker):
    assert act(kasubsi, "joined", ADDED, "2024-11-10") == "GU030"
    assert act(kasubsi, "left", ADDED, "2024-11-08") == "GU030"
    assert act(kasubsi, "left", ADDED, "2100-01-01") == "GU030"
    assert act(kasubsi, "left", ADDED, "1899-12-31") == "23514"
    assert act(kasubsi, "joined", ADDED, "2024-11-12") == "GU030"
    assert act(kasubsi, "left", ADDED, "2024-11-09") == "1 rows"
    assert act(kasubsi, "joined", ADDED, "2024-11-12") == "1 rows"


def test_a_person_moves_with_the_number_and_is_in_one_household(kasubsi: Attacker):
    nik = "SELECT nik_index FROM guyub.member WHERE full_name = %(who)s"
    before = kasubsi.value(nik, {"who": SULASTRI})
    assert before is not None
    assert kasubsi.tries(MOVE, {"who": SULASTRI, "to": SULASTRI}) == "23514"
    assert kasubsi.tries(MOVE, {"who": SULASTRI, "to": MURNI}) == "1 rows"
    home = "SELECT household_id FROM guyub.member WHERE full_name = %(who)s"
    assert kasubsi.sees(home, {"who": SULASTRI}) == kasubsi.sees(home, {"who": MURNI})
    assert kasubsi.value(nik, {"who": SULASTRI}) == before
    assert kasubsi.value("SELECT is_recipient FROM guyub.member WHERE full_name = %(who)s", {"who": SULASTRI}) is False
    stolen = (
        "INSERT INTO guyub.member (facility_id, household_id, full_name, nik_index, nik_cipher) "
        "SELECT facility_id, household_id, 'Kembar Contoh', nik_index, nik_cipher FROM guyub.member "
        "WHERE full_name = %(who)s"
    )
    assert kasubsi.tries(stolen, {"who": SULASTRI}) == "23505"
    assert kasubsi.tries(UNDO) == "1 rows"
    assert kasubsi.sees(home, {"who": SULASTRI}) != kasubsi.sees(home, {"who": MURNI})


def test_an_act_is_undone_once_by_another_and_never_changed(kasubsi: Attacker):
    assert act(kasubsi, "died") == "1 rows"
    for change in ("UPDATE guyub.household_event SET reason = 'x'", "DELETE FROM guyub.household_event"):
        assert kasubsi.tries(change) == "42501"
    assert kasubsi.tries(UNDO) == "1 rows"
    assert kasubsi.sees("SELECT active, gone_as FROM guyub.member WHERE full_name = %(who)s", {"who": SULASTRI}) == [
        (True, "")
    ]
    assert kasubsi.tries(UNDO) == "23505"
    undo_the_undoing = UNDO.replace("kind <> 'reversed'", "kind = 'reversed'")
    assert kasubsi.tries(undo_the_undoing) == "GU030"
    assert act(kasubsi, "left") == "1 rows"
    other = UNDO.replace("SELECT facility_id, household_id, member_id", "SELECT e.facility_id, m.household_id, m.id")
    other = (
        other.replace("FROM guyub.household_event", "FROM guyub.household_event e, guyub.member m")
        .replace("'reversed', id", "'reversed', e.id")
        .replace("WHERE kind", "WHERE m.full_name = %(who)s AND e.kind")
    )
    assert kasubsi.tries(other, {"who": MURNI}) == "GU030"


def test_the_number_of_people_follows_and_a_household_of_nobody_leaves_the_list(kasubsi: Attacker):
    home = "(SELECT household_id FROM guyub.member WHERE full_name = %(who)s)"
    size = f"SELECT adults, active FROM guyub.household WHERE id = {home}"
    empty = (
        "UPDATE guyub.household SET children_under_5 = 0, children_of_school_age = 0, elderly = 0, adults = 1, "
        f"read_revision = revision WHERE id = {home}"
    )
    assert kasubsi.tries(empty, {"who": MURNI}) == "1 rows"
    counted = ACT.replace("occurred_on, reason", "occurred_on, reason, age_band").replace("'uji'", "'uji', %(band)s")
    values = {"kind": "died", "day": "2024-11-10", "who": MURNI}
    assert kasubsi.tries(counted, values | {"band": "elderly"}) == "GU030"
    assert kasubsi.tries(counted, values | {"band": "adults"}) == "1 rows"
    assert kasubsi.sees(size, {"who": MURNI}) == [(0, False)]


def test_an_inmate_has_one_status_since_a_day_and_by_an_act_alone(kasubsi: Attacker):
    assert kasubsi.tries("UPDATE guyub.inmate SET status = 'released'") == "42501"
    assert kasubsi.tries("UPDATE guyub.inmate SET status_since = NULL") == "42501"
    assert kasubsi.tries(STATUS, {"status": "released", "day": "2100-01-01"}) == "GU030"
    assert kasubsi.tries(STATUS, {"status": "escaped", "day": "2024-11-10"}) == "23514"
    now = "SELECT status, status_since::text FROM guyub.inmate ORDER BY id LIMIT 1"
    before = kasubsi.sees(now)
    assert kasubsi.tries(STATUS, {"status": "released", "day": "2024-11-10"}) == "1 rows"
    assert kasubsi.tries(STATUS, {"status": "released", "day": "2024-11-12"}) == "GU030"
    assert kasubsi.tries(STATUS, {"status": "client", "day": "2024-11-09"}) == "GU030"
    assert kasubsi.sees(now) == [("released", "2024-11-10")]
    twice = STATUS.replace("ORDER BY id LIMIT 1", "CROSS JOIN generate_series(1, 2)")
    assert kasubsi.tries(twice, {"status": "client", "day": "2024-11-12"}) == "GU030"
    undo = (
        "INSERT INTO guyub.inmate_event (facility_id, inmate_id, status, status_before, reverses, occurred_on, reason) "
        "SELECT facility_id, inmate_id, 'convict', 'x', id, '2024-11-12', 'keliru' FROM guyub.inmate_event"
    )
    assert kasubsi.tries(undo) == "1 rows"
    assert kasubsi.sees(now) == before
    assert kasubsi.tries("UPDATE guyub.inmate_event SET reason = 'x'") == "42501"


def test_who_recorded_it_is_who_is_signed_in_and_may(families_of_two: World, kasubsi: Attacker):
    signed = ACT.replace("occurred_on, reason", "occurred_on, reason, recorded_by").replace(
        "'uji'", "'uji', (SELECT id FROM guyub.person WHERE login = 'karutan')"
    )
    assert kasubsi.tries(signed, {"kind": "left", "day": "2024-11-10", "who": ADDED}) == "1 rows"
    assert kasubsi.value("SELECT recorded_by = guyub.actor() FROM guyub.household_event") is True
    kasubsi.enter("karutan", worlds.PEKALONGAN)
    assert act(kasubsi, "left") == "GU004"
    assert kasubsi.tries(STATUS, {"status": "released", "day": "2024-11-10"}) == "GU004"


def test_families_of_another_facility_are_out_of_reach(families_of_two: World, kasubsi: Attacker):
    with families_of_two.kebumen.work_of("kasubsi.kebumen") as work:
        facility, household, member = work.run(
            "SELECT facility_id, household_id, id FROM guyub.member WHERE is_recipient"
        ).one()
        inmate = work.run("SELECT id FROM guyub.inmate").scalar_one()
    theirs = {"facility": facility, "household": household, "member": member, "inmate": inmate}
    left = (
        "INSERT INTO guyub.household_event (facility_id, household_id, member_id, kind, occurred_on, reason) "
        "VALUES ({facility}, %(household)s, %(member)s, 'died', '2024-11-10', 'uji')"
    )
    own = f"(SELECT id FROM guyub.facility WHERE code = '{worlds.PEKALONGAN}')"
    assert kasubsi.tries(left.format(facility="%(facility)s"), theirs) == "GU001"
    assert kasubsi.tries(left.format(facility=own), theirs) == "23503"
    over = (
        "INSERT INTO guyub.household_event (facility_id, household_id, member_id, to_household_id, kind, occurred_on, reason) "
        "SELECT facility_id, household_id, id, %(household)s, 'moved', '2024-11-10', 'uji' FROM guyub.member "
        "WHERE full_name = %(who)s"
    )
    assert kasubsi.tries(over, theirs | {"who": SULASTRI}) == "23503"
    status = (
        "INSERT INTO guyub.inmate_event (facility_id, inmate_id, status, occurred_on, reason, status_before) "
        f"VALUES ({own}, %(inmate)s, 'released', '2024-11-10', 'uji', 'x')"
    )
    assert kasubsi.tries(status, theirs) == "23502"
    skipped = left.format(facility="%(facility)s") + " ON CONFLICT DO NOTHING"
    assert kasubsi.tries(skipped, theirs) == "GU001"


END = "UPDATE guyub.inmate_link SET ended_on = %(day)s::date, end_reason = %(reason)s WHERE relationship = 'guardian'"
SECOND = (
    "INSERT INTO guyub.inmate_link (facility_id, household_id, inmate_id, relationship, ended_on, end_reason, ended_by) "
    "SELECT l.facility_id, l.household_id, i.id, 'guardian', '2024-11-09', 'x', NULL "
    "FROM guyub.inmate_link l, guyub.inmate i WHERE i.id <> l.inmate_id ORDER BY l.id LIMIT 1"
)


def test_a_link_begins_open_and_ends_once_with_day_reason_and_hand(kasubsi: Attacker):
    assert kasubsi.tries(SECOND, half_way=True) == "1 rows"
    kept = "SELECT ended_on, end_reason, ended_by IS NOT NULL FROM guyub.inmate_link WHERE relationship = 'guardian'"
    assert kasubsi.sees(kept) == [(None, "", False)]
    for day, reason in (("2024-11-10", " "), (None, "uji"), ("2099-01-01", "uji")):
        assert kasubsi.tries(END, {"day": day, "reason": reason}) in {"23514", "GU030"}
    assert kasubsi.tries(END, {"day": "2024-11-10", "reason": "salah orang"}, half_way=True) == "1 rows"
    [(_, reason, by_somebody)] = kasubsi.sees(kept)
    assert (reason, by_somebody) == ("salah orang", True)
    assert kasubsi.tries(END, {"day": "2024-11-11", "reason": "lain"}) == "GU030"
    assert (
        kasubsi.tries("UPDATE guyub.inmate_link SET relationship = 'wife' WHERE relationship = 'guardian'") == "GU030"
    )
    assert kasubsi.tries("DELETE FROM guyub.inmate_link") == "42501"
    assert kasubsi.tries("UPDATE guyub.inmate_link SET ended_by = NULL") == "42501"


def test_the_only_link_of_an_inmate_s_family_does_not_end(kasubsi: Attacker):
    only = "UPDATE guyub.inmate_link SET ended_on = '2024-11-10', end_reason = 'uji'"
    assert kasubsi.tries(only) == "GU030"


def test_the_day_of_registration_is_not_changed(kasubsi: Attacker):
    assert kasubsi.sees("SELECT DISTINCT registered_on::text FROM guyub.household") == [(SURVEYED.isoformat(),)]
    assert kasubsi.tries("UPDATE guyub.household SET registered_on = '2020-01-01'") == "42501"
