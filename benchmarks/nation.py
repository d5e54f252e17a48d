"""A generated nation: 33 regional offices, 532 facilities marked "contoh", three years of months, and what they handed over.

Written by SQL, set by set, as the superuser. Triggers are off for the mass (``session_replication_role = replica``): they are
the application's promises, and nobody signs 19,000 approvals here. So the roll-up is not kept either; it is counted once from
what was written by ``guyub.rebuild_rollup()``, the function that ``guyub doctor --fix`` calls. What comes afterwards runs with
all triggers on. The ledger is whole: receipts, reservations and payments that add up; hand-overs to single households are left
out, since no figure reads them (an entitlement that was received stands for its package).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

REGIONS = (
    "Aceh",
    "Bali",
    "Banten",
    "Bengkulu",
    "DI Yogyakarta",
    "DKI Jakarta",
    "Gorontalo",
    "Jambi",
    "Jawa Barat",
    "Jawa Tengah",
    "Jawa Timur",
    "Kalimantan Barat",
    "Kalimantan Selatan",
    "Kalimantan Tengah",
    "Kalimantan Timur",
    "Kepulauan Bangka Belitung",
    "Kepulauan Riau",
    "Lampung",
    "Maluku",
    "Maluku Utara",
    "Nusa Tenggara Barat",
    "Nusa Tenggara Timur",
    "Papua",
    "Papua Barat",
    "Riau",
    "Sulawesi Barat",
    "Sulawesi Selatan",
    "Sulawesi Tengah",
    "Sulawesi Tenggara",
    "Sulawesi Utara",
    "Sumatera Barat",
    "Sumatera Selatan",
    "Sumatera Utara",
)
"""The regional offices; Jawa Tengah's 59 facilities are the ones whose home is measured."""
FACILITIES, OF_JATENG, MONTHS, ENTITLEMENTS = 532, 59, 36, 3_400_000
LAST = date(2024, 11, 1)
TODAY = date(2024, 11, 20)


@dataclass(frozen=True, slots=True)
class Size:
    """``of_jateng`` of the ``facilities`` lie in Jawa Tengah; the ``entitlements`` are spread over all months alike."""

    facilities: int
    of_jateng: int
    months: int
    entitlements: int


def generate(superuser: Connection, size: Size) -> None:
    """Into an installation with roles and without a region. ``superuser`` is on autocommit."""
    others = len(REGIONS) - 1
    values: dict[str, object] = {
        "names": list(REGIONS),
        "facilities": size.facilities,
        "jateng": size.of_jateng,
        "months": size.months,
        "last": LAST,
        "each": -(-(size.facilities - size.of_jateng) // others),
    }
    _run(superuser, _PLACES, values)
    superuser.execute(text("SET session_replication_role = replica"))
    _run(superuser, _MONTHS, values)
    cycles = superuser.execute(text("SELECT count(*) FROM guyub.cycle")).scalar_one()
    per_cycle, more = divmod(size.entitlements, cycles)
    _run(superuser, _LISTS, {"per_cycle": per_cycle, "more": more})
    # What belongs to a journal is of its transaction, and so is an entry in the audit log.
    _run(superuser, ("BEGIN", *_MONEY, "COMMIT"), {})
    superuser.execute(text("SET session_replication_role = origin"))
    superuser.execute(text("VACUUM ANALYZE"))


def _run(superuser: Connection, statements: Sequence[str], values: Mapping[str, object]) -> None:
    for statement in statements:
        superuser.execute(text(statement), values)


# Facilities and their programme: with their triggers.
NAMES = """INSERT INTO guyub.facility_name (facility_id, valid_from, region_id, name, long_name, facility_type, facility_class,
                                         variant, letterhead, actor)
    SELECT f.id, '0001-01-01', f.region_id, f.name, f.long_name, f.facility_type, f.facility_class, f.variant, f.letterhead,
           'bench'
    FROM guyub.facility f WHERE NOT EXISTS (SELECT FROM guyub.facility_name n WHERE n.facility_id = f.id)"""
"""What the triggers write with a facility: what it is called, and under which office it stands, since ever."""

_PLACES = (
    """INSERT INTO guyub.region (code, name, office_name)
       SELECT replace(lower(name), ' ', '-'), name, 'Kantor Wilayah ' || name || ' (contoh)'
       FROM unnest(CAST(:names AS text[])) name""",
    """INSERT INTO guyub.facility (region_id, code, name, long_name, facility_type, city, letter_place, zone)
       SELECT r.id, 'rutan-contoh-' || n, 'Rutan Contoh ' || lpad(n::text, 3, '0') || ' ' || r.name, 'Rutan Contoh ' || n,
              'rutan', 'Kota Contoh ' || n, 'Kota Contoh', 'Asia/Jakarta'
       FROM generate_series(1, :facilities) n
       JOIN (SELECT id, name, row_number() OVER (ORDER BY name = 'Jawa Tengah' DESC, name) AS place FROM guyub.region) r
         ON r.place = CASE WHEN n <= :jateng THEN 1 ELSE 2 + (n - :jateng - 1) / :each END""",
    NAMES,
    "INSERT INTO guyub.program (facility_id, plugin, program_type) SELECT id, 'bansos', 'bansos' FROM guyub.facility",
    """INSERT INTO guyub.person (login, full_name, password_hash) 
       VALUES ('bench.a', 'Contoh A', ''), ('bench.b', 'Contoh B', '')""",
)

# Earlier months are closed but for a few that are late; the last one is at any step, and not opened at every tenth facility.
_MONTHS = (
    """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor, reason)
       SELECT f.id, plugin, true, '2020-01-01', 'bench', 'contoh'
       FROM guyub.facility f, unnest(ARRAY['bansos', 'csr_funding', 'canteen_profit']) plugin""",
    """CREATE TEMP TABLE bench_place AS
       SELECT f.id AS facility_id, p.id AS program_id, row_number() OVER (ORDER BY f.id) AS place
       FROM guyub.facility f JOIN guyub.program p ON p.facility_id = f.id""",
    """INSERT INTO guyub.cycle (facility_id, program_id, code, period, state, quota, exclusion_group, settings,
                                distribution_on, place, opened_by, opened_at, approved_by, approved_at)
       SELECT facility_id, program_id, to_char(period, 'YYYY-MM'), period, state, 500, 'sembako',
              '{"title": {"id": "Bantuan sosial sembako", "en": "Staple-food aid"}, "benefit": "goods",
                "rules": [], "criteria": []}',
              (period + 15 + (place % 10)::integer),
              'Aula',              a.id, period, CASE WHEN state IN ('approved', 'distributing', 'closed') THEN b.id END, period
       FROM (SELECT l.*, (CAST(:last AS date) - make_interval(months => back))::date AS period,
                    CASE WHEN back > 0 AND (place + back) % 211 = 0 THEN 'distributing' WHEN back > 0 THEN 'closed'
                         ELSE (ARRAY['closed', 'closed', 'closed', 'closed', 'distributing', 'distributing', 'approved',
                                     'proposed', 'planned'])[1 + place % 10] END AS state
             FROM bench_place l, generate_series(0, :months - 1) back) made, guyub.person a, guyub.person b
       WHERE state IS NOT NULL AND a.login = 'bench.a' AND b.login = 'bench.b'""",
    """CREATE TEMP TABLE bench_cycle AS
       SELECT id, facility_id, period, distribution_on, state,
              row_number() OVER (ORDER BY facility_id, period) AS number FROM guyub.cycle""",
)

_LISTS = (
    """INSERT INTO guyub.household (facility_id, registered_on, category)
       SELECT l.facility_id, DATE '2024-01-02', (ARRAY['inmate_family', 'inmate_family', 'inmate_family', 'neighbour'])[1 + n % 4]
       FROM bench_place l, generate_series(1, :per_cycle + 1) n""",
    """CREATE TEMP TABLE bench_household AS
       SELECT facility_id, id, category, row_number() OVER (PARTITION BY facility_id ORDER BY id) AS number
       FROM guyub.household""",
    """INSERT INTO guyub.entitlement (facility_id, cycle_id, household_id, category, members, score, reasons, state,
                                      state_reason, absent_on)
       SELECT made.facility_id, made.cycle_id, made.household_id, made.category, 4, 50, '{}'::jsonb, made.state,
              CASE made.state WHEN 'absent' THEN 'Tidak datang' ELSE '' END,
              CASE made.state WHEN 'absent' THEN made.distribution_on END FROM (
       SELECT c.facility_id, c.id AS cycle_id, h.id AS household_id, h.category, c.distribution_on,
              CASE WHEN (h.number + c.number) % 20 = 0 THEN 'excluded' WHEN c.state = 'planned' THEN 'candidate'
                   WHEN c.state IN ('proposed', 'cancelled') THEN 'selected' WHEN c.state = 'approved' THEN 'approved'
                   WHEN (h.number + c.number) % 31 = 0 THEN 'absent'
                   WHEN c.state = 'distributing' AND h.number % 3 = 0 THEN 'approved' ELSE 'received' END AS state
       FROM bench_cycle c JOIN bench_household h ON h.facility_id = c.facility_id
       WHERE h.number <= :per_cycle + CASE WHEN c.number <= :more THEN 1 ELSE 0 END ORDER BY c.number) made""",
)

# A company's gift for each year, canteen profit for each month; both pay for the month's packages, six to four.
_MONEY = (
    """CREATE TEMP TABLE bench_share AS
       SELECT c.id AS cycle_id, c.facility_id, c.period, c.number, s.plugin, s.source, s.since,
              CASE s.plugin WHEN 'csr_funding' THEN value * 6 / 10 ELSE value - value * 6 / 10 END AS rupiah
       FROM bench_cycle c
       JOIN (SELECT e.cycle_id, count(*) * 117500 AS value FROM guyub.entitlement e WHERE e.state = 'received' GROUP BY 1) v
         ON v.cycle_id = c.id
       CROSS JOIN LATERAL (VALUES ('csr_funding', 'csr', date_trunc('year', c.period)::date),
                                  ('canteen_profit', 'canteen', c.period)) s (plugin, source, since)""",
    """CREATE TEMP TABLE bench_fund AS
       SELECT uuidv7() AS id, uuidv7() AS journal_id, uuidv7() AS receipts, uuidv7() AS cash, uuidv7() AS payments, f.*
       FROM (SELECT facility_id, plugin, source, since, sum(rupiah)::bigint AS spent, sum(rupiah)::bigint + 25000 AS received
             FROM bench_share GROUP BY 1, 2, 3, 4) f""",
    """INSERT INTO guyub.fund (id, facility_id, code, name, plugin, source, sensitive)
       SELECT id, facility_id, source || '-' || since, 'Dana contoh ' || since, plugin, source,
              plugin = 'canteen_profit' AND extract(month FROM since)::integer % 4 = 0 FROM bench_fund""",
    """CREATE TEMP TABLE bench_journal AS
       SELECT uuidv7() AS reserves, uuidv7() AS pays, cycle_id, facility_id, period, number
       FROM bench_share GROUP BY cycle_id, facility_id, period, number""",
    """INSERT INTO guyub.journal (id, facility_id, kind, occurred_on, booked_on, number, memo, holder_id, recorded_at,
                                  recorded_label)
       SELECT id, facility_id, kind, booked_on, booked_on, row_number() OVER (PARTITION BY kind ORDER BY booked_on),
              'contoh', holder, now(), 'bench'
       FROM (SELECT journal_id, facility_id, 'receipt', since, CAST(NULL AS uuid) FROM bench_fund
             UNION ALL SELECT reserves, facility_id, 'reservation', period, cycle_id FROM bench_journal
             UNION ALL SELECT pays, facility_id, 'hand_over', period + 15, cycle_id FROM bench_journal)
            j (id, facility_id, kind, booked_on, holder)""",
    """CREATE TEMP TABLE bench_part AS
       SELECT uuidv7() AS reservation_id, uuidv7() AS reserved, s.cycle_id, s.facility_id, s.period, s.rupiah, f.id AS fund_id,
              f.cash, f.payments, j.reserves, j.pays, f.received,
              sum(s.rupiah) OVER (PARTITION BY f.id ORDER BY s.period) AS so_far
       FROM bench_share s JOIN bench_fund f USING (facility_id, plugin, source, since) JOIN bench_journal j USING (cycle_id)""",
    """INSERT INTO guyub.reservation (id, facility_id, holder_id, holder_code, journal_id, program, period, fund_id, category,
                                      quantity, price, from_stock)
       SELECT reservation_id, facility_id, cycle_id, to_char(period, 'YYYY-MM'), reserves, 'bansos', period, fund_id,
              'inmate_family', rupiah, 1, false
       FROM bench_part""",
    """INSERT INTO guyub.account (id, facility_id, fund_id, kind, reservation_id, rupiah)
       SELECT receipts, facility_id, id, 'receipts', CAST(NULL AS uuid), -received FROM bench_fund
       UNION ALL SELECT cash, facility_id, id, 'cash', NULL, received - spent FROM bench_fund
       UNION ALL SELECT payments, facility_id, id, 'payments', NULL, spent FROM bench_fund
       UNION ALL SELECT reserved, facility_id, fund_id, 'cash_reserved', reservation_id, 0 FROM bench_part""",
    """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah,
                                   credit_rupiah_after, credit_quantity_after, debit_rupiah_after, debit_quantity_after)
       SELECT facility_id, journal_id, id, receipts, cash, received, -received, 0, received, 0 FROM bench_fund
       UNION ALL SELECT facility_id, reserves, fund_id, cash, reserved, rupiah, received - so_far, 0, rupiah, 0 FROM bench_part
       UNION ALL SELECT facility_id, pays, fund_id, reserved, payments, rupiah, 0, 0, so_far, 0 FROM bench_part""",
    """WITH written AS (
           SELECT jsonb_populate_record(NULL::guyub.audit_entry, jsonb_build_object(
                      'id', uuidv7(), 'chain', facility_id, 'seq', 1, 'at', now(), 'actor_label', 'bench',
                      'action', 'funds.receive', 'subject', 'contoh', 'reason', '', 'details', CAST('{}' AS jsonb),
                      'previous', '')) AS entry
           FROM (SELECT DISTINCT facility_id FROM bench_fund) f),
           entered AS (
               INSERT INTO guyub.audit_entry (id, chain, seq, at, actor_label, action, subject, details, previous, hash)
               SELECT (entry).id, (entry).chain, (entry).seq, (entry).at, (entry).actor_label, (entry).action, (entry).subject,
                      (entry).details, (entry).previous, guyub.audit_hash(entry)
               FROM written RETURNING chain, seq, hash)
       INSERT INTO guyub.audit_chain (id, seq, hash) SELECT chain, seq, hash FROM entered""",
)
