-- What doctor finds in the books. The triggers let none of this in; whoever can switch them off can write it, and is found by
-- what does not fit together. Everything is joined from the outside: what names a row that is not there is a problem too.
-- Reads every transfer and account in scope.
CREATE OR REPLACE FUNCTION guyub.ledger_problems() RETURNS TABLE (id uuid, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH moved AS (
        SELECT m.account, sum(m.rupiah) AS rupiah, sum(m.quantity) AS quantity
        FROM (SELECT t.debit_account AS account, t.rupiah, t.quantity FROM guyub.transfer t
              UNION ALL SELECT t.credit_account, -t.rupiah, -t.quantity FROM guyub.transfer t) m GROUP BY m.account),
    part AS MATERIALIZED (
        SELECT t.id, t.journal_id, t.xid, 'transfer' AS what, CASE WHEN t.reverses IS NULL THEN '{receipt,reservation,release,purchase,hand_over,stock_take}'
                                                                   ELSE '{reversal}' END::text[] AS kinds FROM guyub.transfer t
        UNION ALL SELECT r.id, r.journal_id, r.xid, 'receipt', '{receipt}' FROM guyub.fund_receipt r
        UNION ALL SELECT l.id, l.journal_id, l.xid, 'lot', '{receipt,purchase,stock_take}' FROM guyub.lot l
        UNION ALL SELECT k.journal_id, k.journal_id, k.xid, 'stock take', '{stock_take}' FROM guyub.stock_take k
        UNION ALL SELECT v.id, v.journal_id, v.xid, 'reservation', '{reservation}' FROM guyub.reservation v),
    line AS MATERIALIZED (
        SELECT t.id, t.seq, t.fund_id, t.lot_id, t.rupiah, t.quantity, t.reverses, t.journal_id, j.kind AS journal_kind,
               giver.kind AS gives, taker.kind AS takes, giver.lot_id AS from_lot, taker.lot_id AS into_lot,
               CASE WHEN k.kind = 'hand_over' THEN k.occurred_on ELSE j.occurred_on END AS counts_on, j.booked_on
        FROM guyub.transfer t LEFT JOIN guyub.journal j ON j.id = t.journal_id
        LEFT JOIN guyub.account giver ON giver.id = t.credit_account LEFT JOIN guyub.account taker ON taker.id = t.debit_account
        LEFT JOIN guyub.transfer undone ON undone.id = t.reverses LEFT JOIN guyub.journal k ON k.id = undone.journal_id)
    SELECT a.id, 'balance is not the sum of its transfers'
    FROM guyub.account a LEFT JOIN moved m ON m.account = a.id
    WHERE a.rupiah <> COALESCE(m.rupiah, 0)
       OR (a.lot_id IS NOT NULL AND a.quantity <> COALESCE(m.quantity, 0))
    UNION ALL
    SELECT min(a.id::text)::uuid, 'the accounts of a fund do not add up to zero'
    FROM guyub.account a GROUP BY a.fund_id HAVING sum(a.rupiah) <> 0
    UNION ALL
    SELECT p.id, CASE WHEN j.id IS NULL THEN format('a %s has no journal', p.what)
                      WHEN j.xid <> p.xid THEN format('a %s was not written together with its journal', p.what)
                      ELSE format('a %s stands in a journal of another kind', p.what) END
    FROM part p LEFT JOIN guyub.journal j ON j.id = p.journal_id
    WHERE j.id IS NULL OR j.xid <> p.xid OR NOT j.kind = ANY (p.kinds)
    UNION ALL
    SELECT n.id, 'a transfer moves value as its journal may not'
    FROM line n WHERE n.journal_kind IS NOT NULL AND n.reverses IS NULL
      AND NOT EXISTS (SELECT FROM guyub.transfer_rule r
                      WHERE (r.journal_kind, r.credit_kind, r.debit_kind) = (n.journal_kind, n.gives, n.takes))
    UNION ALL
    SELECT n.id, 'a reversal does not swap the sides of what it takes back'
    FROM guyub.transfer n LEFT JOIN guyub.transfer o ON o.id = n.reverses AND o.reverses IS NULL
    WHERE n.reverses IS NOT NULL AND (o.credit_account, o.debit_account) IS DISTINCT FROM (n.debit_account, n.credit_account)
    UNION ALL
    SELECT n.id, 'goods came into a lot by another journal than the one that opened it'
    FROM line n LEFT JOIN guyub.lot l ON l.id = n.into_lot
    WHERE n.reverses IS NULL AND n.into_lot IS NOT NULL AND n.from_lot IS NULL AND l.journal_id IS DISTINCT FROM n.journal_id
    UNION ALL
    SELECT l.id, CASE WHEN l.received_on IS DISTINCT FROM j.occurred_on THEN 'a lot came on another day than its journal'
                      ELSE 'a lot is counted in another unit than its item' END
    FROM guyub.lot l JOIN guyub.journal j ON j.id = l.journal_id LEFT JOIN guyub.item i ON i.id = l.item_id
    WHERE l.received_on IS DISTINCT FROM j.occurred_on OR l.unit IS DISTINCT FROM i.unit
    UNION ALL
    SELECT j.id, 'goods were counted or written off without a stock take'
    FROM guyub.journal j
    WHERE j.kind = 'stock_take' AND NOT EXISTS (SELECT FROM guyub.stock_take k WHERE k.facility_id = j.facility_id AND k.journal_id = j.id)
    UNION ALL
    SELECT COALESCE(d.journal_id, m.journal_id), 'a stock take explains another quantity than it moved'
    FROM guyub.stock_difference d
    FULL JOIN (SELECT n.journal_id, l.item_id, CASE n.takes WHEN 'stock' THEN n.gives ELSE n.takes END AS reason, sum(n.quantity) AS quantity
               FROM line n LEFT JOIN guyub.lot l ON l.id = n.lot_id WHERE n.journal_kind = 'stock_take' GROUP BY 1, 2, 3) m
        ON m.journal_id = d.journal_id AND m.item_id = d.item_id AND m.reason = d.reason
    WHERE d.quantity IS DISTINCT FROM m.quantity
    UNION ALL
    SELECT DISTINCT b.place, 'on a day there was less than nothing'
    FROM (SELECT COALESCE(x.lot_id, x.fund_id) AS place, sum(x.amount) OVER (PARTITION BY x.fund_id, x.lot_id ORDER BY x.counts_on, x.seq) AS balance
          FROM (SELECT n.fund_id, n.lot_id, n.counts_on, min(n.seq) AS seq,
                       sum(CASE WHEN n.lot_id IS NULL THEN n.rupiah ELSE n.quantity END
                           * ((n.takes IN ('stock', 'stock_reserved'))::integer - (n.gives IN ('stock', 'stock_reserved'))::integer)) AS amount
                FROM line n WHERE n.lot_id IS NOT NULL GROUP BY n.fund_id, n.lot_id, n.counts_on, n.journal_id
                UNION ALL
                SELECT n.fund_id, NULL, n.counts_on, min(n.seq),
                       sum(n.rupiah * ((n.takes IN ('cash', 'cash_reserved'))::integer - (n.gives IN ('cash', 'cash_reserved'))::integer))
                FROM line n GROUP BY n.fund_id, n.counts_on, n.journal_id) x) b
    WHERE b.balance < 0
    UNION ALL
    SELECT DISTINCT b.fund_id, 'on a day the book had less than nothing'
    FROM (SELECT x.fund_id, sum(x.amount) OVER (PARTITION BY x.fund_id ORDER BY x.booked_on, x.seq) AS balance
          FROM (SELECT n.fund_id, n.booked_on, min(n.seq) AS seq,
                       sum(n.rupiah * ((n.takes IN ('cash', 'cash_reserved'))::integer - (n.gives IN ('cash', 'cash_reserved'))::integer)) AS amount
                FROM line n GROUP BY n.fund_id, n.booked_on, n.journal_id) x) b
    WHERE b.balance < 0
    UNION ALL
    SELECT c.id, 'a closed book is not what its entries add up to'
    FROM guyub.book_closing c CROSS JOIN LATERAL (
        SELECT COALESCE(sum(l.rupiah) FILTER (WHERE l.rupiah > 0), 0) AS received, COALESCE(-sum(l.rupiah) FILTER (WHERE l.rupiah < 0), 0) AS paid,
               count(*) AS lines
        FROM guyub.cash_lines(c.fund_id, c.month, (c.month + interval '1 month')::date - 1) l) b
    LEFT JOIN LATERAL (SELECT p.balance FROM guyub.book_closing p WHERE p.facility_id = c.facility_id AND p.fund_id = c.fund_id
                       AND p.month < c.month ORDER BY p.month DESC LIMIT 1) p ON true
    WHERE (c.opening, c.received, c.paid, c.lines) IS DISTINCT FROM (COALESCE(p.balance, 0), b.received, b.paid, b.lines)
    UNION ALL
    SELECT v.id, CASE WHEN v.made_by IS DISTINCT FROM j.recorded_by THEN 'a reservation was made by another hand than its journal'
                      ELSE 'a reservation is of another purpose than its journal' END
    FROM guyub.reservation v JOIN guyub.journal j ON j.id = v.journal_id AND j.xid = v.xid
    WHERE v.made_by IS DISTINCT FROM j.recorded_by OR v.holder_id IS DISTINCT FROM j.holder_id
    UNION ALL
    SELECT h.id, CASE WHEN e.id IS NULL THEN 'a hand-over is of nobody on a list'
                      WHEN h.journal_id IS NOT NULL AND j.id IS NULL THEN 'a hand-over has no journal'
                      WHEN j.kind <> 'hand_over' OR j.holder_id IS DISTINCT FROM e.cycle_id
                          THEN 'a hand-over stands in a journal of another kind or purpose'
                      WHEN j.recorded_by IS DISTINCT FROM h.given_by THEN 'a hand-over was made by another hand than its journal'
                      ELSE 'a hand-over was made on another day than its journal' END
    FROM guyub.handover h LEFT JOIN guyub.entitlement e ON e.id = h.entitlement_id LEFT JOIN guyub.journal j ON j.id = h.journal_id
    LEFT JOIN guyub.facility f ON f.id = h.facility_id
    WHERE e.id IS NULL
       OR (h.journal_id IS NOT NULL
           AND (j.id IS NULL OR j.kind <> 'hand_over' OR j.holder_id IS DISTINCT FROM e.cycle_id
                OR j.recorded_by IS DISTINCT FROM h.given_by OR j.occurred_on IS DISTINCT FROM (h.handed_at AT TIME ZONE f.zone)::date))
    UNION ALL
    SELECT j.id, CASE WHEN w.is_written THEN 'a journal is by another hand than its entry in the audit log'
                      ELSE 'a journal has no entry in the audit log' END
    FROM guyub.journal j
    LEFT JOIN (SELECT e.chain, e.xid, true AS is_written, jsonb_agg(DISTINCT jsonb_build_array(e.actor, e.actor_label)) AS hands
               FROM guyub.audit_entry e GROUP BY e.chain, e.xid) w ON w.chain = j.facility_id AND w.xid = j.xid
    WHERE w.is_written IS NULL OR NOT w.hands @> jsonb_build_array(jsonb_build_array(j.recorded_by, j.recorded_label))
$$;
GRANT EXECUTE ON FUNCTION guyub.ledger_problems TO {{app}};
