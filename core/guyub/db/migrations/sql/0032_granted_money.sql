-- How much was granted on a request for money, as a figure: what was reserved for its goods by who approved it.
ALTER TABLE guyub.money_request ADD COLUMN granted bigint;
UPDATE guyub.money_request m SET granted = COALESCE(NULLIF((
    SELECT sum(t.rupiah) FROM guyub.transfer t JOIN guyub.account a ON a.id = t.debit_account JOIN guyub.reservation r ON r.id = a.reservation_id
    WHERE r.item_id = m.item_id AND t.journal_id = (
        SELECT j.id FROM guyub.journal j JOIN guyub.transfer x ON x.journal_id = j.id JOIN guyub.account h ON h.id = x.debit_account
        JOIN guyub.reservation k ON k.id = h.reservation_id AND k.item_id = m.item_id
        WHERE j.facility_id = m.facility_id AND j.holder_id = m.holder_id AND j.kind = 'reservation'
          AND j.recorded_by IS NOT DISTINCT FROM m.decided_by AND j.recorded_at <= m.decided_at
        ORDER BY x.seq DESC LIMIT 1)), 0), m.amount)
WHERE m.decision = 'approved';
ALTER TABLE guyub.money_request ADD
    CHECK ((decision IS NOT DISTINCT FROM 'approved') = (granted IS NOT NULL) AND granted > 0);
