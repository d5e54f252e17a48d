"""Closing the book of a fund with 100,000 entries, and asking on which days it is overdrawn; beside the bare sum of its lines."""

import argparse
import time
from datetime import date

from sqlalchemy import Connection, create_engine, text

from benchmarks.homes import home_in, new_folder
from guyub.demo import november, region, staff
from guyub.demo.november import rutan_pekalongan
from guyub.funds import book_closing, queries
from guyub.operations.context import AppContext, open_app

ENTRIES = 100_000
MONTH, TODAY = date(2024, 11, 1), date(2024, 12, 2)

# Receipts of Rp3 and payments of Rp1 in turn, over the days of November; as many rows as a large region writes in years.
_FILL = """
    WITH cash AS (SELECT a.* FROM guyub.account a JOIN guyub.fund f ON f.id = a.fund_id
                  WHERE f.code = :fund AND a.kind = 'cash'),
    receipts AS (SELECT a.* FROM guyub.account a JOIN cash c ON c.fund_id = a.fund_id WHERE a.kind = 'receipts'),
    payments AS (INSERT INTO guyub.account (facility_id, fund_id, kind)
                 SELECT facility_id, fund_id, 'payments' FROM cash RETURNING *),
    entry AS (
        INSERT INTO guyub.journal (id, facility_id, kind, occurred_on, booked_on, number, memo, recorded_at, recorded_label)
        SELECT uuidv7(), c.facility_id, CASE WHEN n % 2 = 1 THEN 'receipt' ELSE 'hand_over' END, d.day, d.day, n, 'contoh', now(),
               'benchmark'
        FROM cash c, generate_series(1, :entries) n, LATERAL (SELECT DATE '2024-11-06' + n * 24 / :entries) d (day)
        RETURNING id, facility_id, kind)
    INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, credit_rupiah_after,
                                credit_quantity_after, debit_rupiah_after, debit_quantity_after)
    SELECT e.facility_id, e.id, c.fund_id, CASE e.kind WHEN 'receipt' THEN r.id ELSE c.id END,
           CASE e.kind WHEN 'receipt' THEN c.id ELSE p.id END, CASE e.kind WHEN 'receipt' THEN 3 ELSE 1 END, 0, 0, 0, 0
    FROM entry e, cash c, receipts r, payments p"""
_BALANCES = """
    UPDATE guyub.account a
    SET rupiah = a.rupiah + :entries / 2 * CASE a.kind WHEN 'cash' THEN 2 WHEN 'payments' THEN 1 ELSE -3 END
    FROM guyub.fund f WHERE f.id = a.fund_id AND f.code = :fund AND a.kind IN ('cash', 'payments', 'receipts')"""
_BARE = """
    SELECT sum(CASE WHEN t.debit_account = a.id THEN t.rupiah ELSE -t.rupiah END)
    FROM guyub.account a JOIN guyub.transfer t ON a.id IN (t.debit_account, t.credit_account)
    JOIN guyub.journal j ON j.id = t.journal_id AND j.booked_on BETWEEN '2024-11-01' AND '2024-11-30'
    WHERE a.id = :cash"""
_OVERDRAWN = """SELECT guyub.is_overdrawn(:fund, NULL, '{cash}', (
    SELECT j.id FROM guyub.journal j WHERE j.occurred_on = :day ORDER BY j.id LIMIT 1), false)"""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks books")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    entries = parser.parse_args(arguments).entries
    with new_folder() as folder, open_app(home_in(folder)) as here:
        region.settle(here, staff.new_passwords(), lambda _: None)
        engine = create_engine(here.installation.admin_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as superuser:
            _measure(here, superuser, entries)
        engine.dispose()


def _measure(here: AppContext, superuser: Connection, entries: int) -> None:
    rutan = rutan_pekalongan(here)
    [code] = rutan.receive([november.INCOMES[0]], date(2024, 11, 6))
    superuser.execute(text("SET session_replication_role = replica"))
    for statement in (_FILL, _BALANCES):
        superuser.execute(text(statement), {"fund": code, "entries": entries})
    superuser.execute(text("UPDATE guyub.fund SET book_until = '2024-11-30'"))
    superuser.execute(text("SET session_replication_role = origin"))
    superuser.execute(text("ANALYZE guyub.journal, guyub.transfer, guyub.account"))
    fund, cash = superuser.execute(
        text("SELECT f.id, a.id FROM guyub.fund f JOIN guyub.account a ON a.fund_id = f.id AND a.kind = 'cash'")
    ).one()
    bare = _seconds(lambda: superuser.execute(text(_BARE), {"cash": cash}).scalar_one())
    for name, day in (("of the last day", date(2024, 11, 30)), ("of the first day", date(2024, 11, 6))):
        asked = _seconds(lambda day=day: superuser.execute(text(_OVERDRAWN), {"fund": fund, "day": day}).scalar_one())
        print(f"is a line overdrawn by an entry {name}: {asked:.3f} s, ratio {asked / bare:.2f}")
    with rutan.work_of(rutan.management) as work:
        read = _seconds(lambda: queries.cash_book(work, fund))
        print(f"reading the book of {entries:,} entries: {read:.3f} s, ratio {read / bare:.2f}")
    with rutan.work_of(rutan.management) as work:
        balance = book_closing.book_of_month(work, fund, MONTH).balance
    began = time.perf_counter()
    with rutan.work_of(rutan.management) as work:
        closed = book_closing.close(work, code, MONTH, TODAY, cash_in_hand=balance, bank=0)
    seconds = time.perf_counter() - began
    assert closed.balance == balance
    print(
        f"closing a book of {entries:,} entries: {seconds:.3f} s; the bare sum: {bare:.3f} s; ratio {seconds / bare:.2f}"
    )


def _seconds(act: object) -> float:
    assert callable(act)
    act()
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
