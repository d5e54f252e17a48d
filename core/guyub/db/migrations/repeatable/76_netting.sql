-- A note may be dearer on one line by what it saves on the others, fund by fund, and as a whole by the tolerance of its programme: it
-- takes no more out of the free money of a fund than that, and for goods that it buys.

-- By how many percent a note may be dearer than what is reserved for its goods, as the configuration of the programme says on a day:
-- the highest lock, or else the value of the nearest layer; 0 where no layer says anything.
CREATE OR REPLACE FUNCTION guyub.tolerance_on(facility uuid, program text, day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(CASE WHEN jsonb_typeof(x.value) = 'number' THEN least(greatest(floor((x.value #>> '{}')::numeric), 0), 100)::integer END, 0)
    FROM (SELECT guyub.setting_on(facility, program, 'price_tolerance', day) AS value) x
$$;
-- The same for readers: triggers ask the one above, since a scope can be left before they run.
CREATE OR REPLACE FUNCTION guyub.price_tolerance(facility uuid, program text, day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN facility = ANY (guyub.scope()) THEN guyub.tolerance_on(facility, program, day) ELSE 0 END
$$;
GRANT EXECUTE ON FUNCTION guyub.price_tolerance TO {{app}};

CREATE OR REPLACE FUNCTION guyub.keep_netting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM changed n JOIN guyub.account giver ON giver.id = n.credit_account AND giver.kind = 'cash'
        JOIN guyub.account taker ON taker.id = n.debit_account AND taker.kind = 'cash_reserved'
        JOIN guyub.journal j ON j.id = n.journal_id AND j.kind = 'purchase') THEN
        RETURN NULL;
    END IF;
    -- By promise: what it took of the free money, what it saved, what its goods cost. What was reserved for them is the rest.
    IF EXISTS (
        SELECT FROM (
            SELECT t.journal_id, t.fund_id, r.program,
                   COALESCE(sum(t.rupiah) FILTER (WHERE giver.kind = 'cash'), 0) AS taken,
                   COALESCE(sum(t.rupiah) FILTER (WHERE taker.kind = 'cash'), 0) AS saved,
                   COALESCE(sum(t.rupiah) FILTER (WHERE taker.kind = 'stock_reserved'), 0) AS spent
            FROM (SELECT DISTINCT n.journal_id FROM changed n) x
            JOIN guyub.transfer t ON t.journal_id = x.journal_id
            JOIN guyub.account giver ON giver.id = t.credit_account JOIN guyub.account taker ON taker.id = t.debit_account
            JOIN guyub.reservation r ON r.id = COALESCE(giver.reservation_id, taker.reservation_id)
            GROUP BY t.journal_id, t.fund_id, r.id) p
        JOIN guyub.journal j ON j.id = p.journal_id
        GROUP BY j.id, p.fund_id, p.program
        HAVING sum(p.taken) - sum(p.saved)
             > floor(COALESCE(sum(p.spent - p.taken + p.saved) FILTER (WHERE p.spent > 0), 0)
                     * guyub.tolerance_on(j.facility_id, p.program, j.occurred_on) / 100)) THEN
        PERFORM guyub.refuse('GU005', 'a note takes no more free money of a fund than it saves and than is tolerated');
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT n.journal_id FROM changed n) x
        JOIN guyub.transfer t ON t.journal_id = x.journal_id
        JOIN guyub.account giver ON giver.id = t.credit_account JOIN guyub.account taker ON taker.id = t.debit_account
        JOIN guyub.reservation r ON r.id = COALESCE(giver.reservation_id, taker.reservation_id)
        GROUP BY t.journal_id, r.id
        HAVING sum(t.rupiah) FILTER (WHERE giver.kind = 'cash')
             > COALESCE(sum(t.rupiah) FILTER (WHERE taker.kind = 'stock_reserved'), 0)) THEN
        PERFORM guyub.refuse('GU005', 'free money pays for goods of the same note');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "20_netting" AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_netting();
