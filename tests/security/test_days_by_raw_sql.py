"""No act lies before what it needs: the money, the goods, the approval, the month; whatever SQL is sent."""

from datetime import date, time
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import moment
from guyub.funds import ledger
from guyub.programs import distribution, queries
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import PEKALONGAN, Attacker

TOO_EARLY = "GU021"

JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
             VALUES ((guyub.scope())[1], %(kind)s, %(on)s, 'x', %(holder)s) RETURNING id"""
TAKES_BACK = """INSERT INTO guyub.transfer
                    (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, reverses)
                SELECT t.facility_id, %(journal)s, t.fund_id, t.debit_account, t.credit_account, t.rupiah, t.id
                FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id
                WHERE j.kind = 'receipt' AND t.rupiah = 400000"""


def journal(attacker: Attacker, kind: str, on: str, holder: Any = None) -> str:
    return attacker.tries(JOURNAL, {"kind": kind, "on": on, "holder": holder})


def opened(attacker: Attacker, kind: str, on: str, holder: Any = None) -> Any:
    return attacker.value(JOURNAL, {"kind": kind, "on": on, "holder": holder})


@pytest.mark.parametrize(
    ("on", "outcome"), [("2024-10-01", TOO_EARLY), ("2024-11-11", TOO_EARLY), ("2024-11-12", "1 rows")]
)
@pytest.mark.parametrize(("kind", "who"), [("purchase", "pengelola"), ("reservation", "karutan")])
def test_nothing_is_bought_or_promised_more_before_the_approval(approved, kind, who, on, outcome):
    with approved.attacker() as thief:
        thief.enter(who, PEKALONGAN)
        assert journal(thief, kind, on, approved.cycle.id) == outcome


@pytest.mark.parametrize(("kind", "who"), [("receipt", "pengelola"), ("reversal", "pengelola")])
def test_nothing_is_booked_on_a_day_to_come(approved, kind, who):
    with approved.attacker() as thief:
        thief.enter(who, PEKALONGAN)
        thief.connection.execute("SELECT set_config('TimeZone', 'Pacific/Auckland', true)")
        assert journal(thief, kind, "2099-01-01") == TOO_EARLY


@pytest.mark.parametrize("on", ["2024-10-31", "2024-11-11", "2024-11-13", "2099-01-01"])
def test_nothing_is_handed_over_before_month_approval_and_goods(distributing, on):
    with distributing.attacker() as thief:
        thief.enter("kasubsi", PEKALONGAN)
        assert journal(thief, "hand_over", on, distributing.cycle.id) == TOO_EARLY
        assert journal(thief, "hand_over", "2024-11-14", distributing.cycle.id) == "1 rows"


@pytest.mark.parametrize(
    "at",
    [
        moment(date(2024, 11, 15), time(9)),  # another day than the journal's
        moment(date(2024, 11, 17), time(9)),
        moment(date(2024, 11, 11), time(9)),
        moment(date(2099, 1, 1), time(9)),
    ],
)
def test_a_hand_over_is_of_the_day_of_its_journal(distributing, monkeypatch, at):
    honest = ledger.open_journal

    def on_the_day(work, kind, on, memo, **rest):
        return honest(work, kind, november.DISTRIBUTION, memo, **rest | {"booked_on": None})

    monkeypatch.setattr(ledger, "open_journal", on_the_day)
    with distributing.rutan.work_of("kasubsi") as work:
        [waiting] = [recipient.id for recipient in queries.recipients(work, distributing.cycle, states=("approved",))]
    with pytest.raises(Refusal) as refused, distributing.rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, distributing.cycle, [waiting], at, Proof("Saksi Contoh"))
    assert refused.value.code in ("programs.moment", "programs.moment_to_come", "funds.another_day")


def test_goods_came_on_the_day_of_their_paper(approved):
    lot = """INSERT INTO guyub.lot (facility_id, fund_id, item_id, received_on, journal_id)
             SELECT f.facility_id, f.id, i.id, %(on)s, %(journal)s FROM guyub.fund f, guyub.item i LIMIT 1"""
    with approved.attacker() as thief:
        thief.enter("pengelola", PEKALONGAN)
        ours = opened(thief, "receipt", "2024-11-12")
        assert thief.tries(lot, {"on": "2024-11-11", "journal": ours}) == TOO_EARLY


@pytest.mark.parametrize("other", ["2024-11-11 10:00+07", "2024-11-13 00:00+07", "2000-01-01"])
def test_an_approval_holds_from_the_day_of_its_promises(own_proposed, other):
    """The moment is given by whoever approves; it is not another day than that of the money that they promise."""
    rutan, cycle = own_proposed.rutan, own_proposed.cycle
    rutan.approve(cycle, worlds.APPROVED)
    with own_proposed.attacker() as thief:
        thief.enter("karutan", PEKALONGAN)
        before = thief.value("SELECT approved_from FROM guyub.cycle")
        assert before.isoformat() in ("2024-11-11T17:00:00+00:00", "2024-11-12T00:00:00+07:00")
        assert thief.tries("UPDATE guyub.cycle SET approved_from = %(moment)s", {"moment": other}) == "1 rows"
        assert thief.value("SELECT approved_from FROM guyub.cycle") == before


@pytest.mark.parametrize(("on", "outcome"), [("2024-11-04", TOO_EARLY), ("2024-11-05", "1 rows")])
def test_a_receipt_is_not_taken_back_before_it_came(proposed, on, outcome):
    """The gift of Rp400.000 came on 5 November."""
    with proposed.attacker() as thief:
        thief.enter("pengelola", PEKALONGAN)
        assert thief.tries(TAKES_BACK, {"journal": opened(thief, "reversal", on)}) == outcome


@pytest.mark.parametrize(("months", "outcome"), [(0, "1 rows"), (1, TOO_EARLY), (12, TOO_EARLY)])
def test_no_distribution_begins_before_its_month(own_approved, months, outcome):
    """The month lies where the clock of the database has come, or has not."""
    with worlds.superuser(own_approved.installation) as root:
        root.execute("SET session_replication_role = replica")
        root.execute(
            """UPDATE guyub.cycle SET (period, code, distribution_on) = (m, to_char(m, 'YYYY-MM'), m + 15)
               FROM (SELECT (date_trunc('month', guyub.latest_moment() AT TIME ZONE 'Asia/Jakarta')
                              + make_interval(months => %s))::date AS m) moved""",
            (months,),
        )
    with own_approved.attacker() as thief:
        thief.enter("kasubsi", PEKALONGAN)
        assert thief.tries("UPDATE guyub.cycle SET state = 'distributing', decided_version = revision") == outcome


@pytest.mark.parametrize(
    ("terms", "outcome"),
    [
        ("usable_from = '2024-11-12', usable_until = '2024-11-12'", "1 rows"),
        ("usable_from = '2024-11-13'", TOO_EARLY),
        ("usable_until = '2024-11-11'", TOO_EARLY),
    ],
)
def test_a_fund_pays_on_the_days_of_its_terms_alone(approved, terms, outcome):
    """Rp1 more is promised on 12 November; the terms are written past every trigger."""
    with approved.superuser() as root:
        root.execute(b"SET session_replication_role = replica")
        root.execute(f"UPDATE guyub.fund SET {terms}".encode())
        root.commit()
    promised = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
                  SELECT free.facility_id, %(journal)s, free.fund_id, free.id, held.id, 1
                  FROM guyub.account free JOIN guyub.account held ON held.fund_id = free.fund_id AND held.kind = 'cash_reserved'
                  WHERE free.kind = 'cash' AND free.rupiah > 0 LIMIT 1"""
    with approved.attacker() as thief:
        thief.enter("karutan", PEKALONGAN)
        ours = opened(thief, "reservation", "2024-11-12", approved.cycle.id)
        assert thief.tries(promised, {"journal": ours}) == outcome
