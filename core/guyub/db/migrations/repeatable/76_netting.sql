-- A note may be dearer on one line by what it saves on the others, fund by fund, and as a whole by the tolerance of its programme: it
-- takes no more out of free money than that, whichever of its funds has it, and for goods that it buys.

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

-- What a fund has free on a day: as much as could leave it as the last act of that day, so that no later line of its free money is
-- negative, nor one of its book from "booked" on where papers were late. Reads what moved from that day on.
CREATE OR REPLACE FUNCTION guyub.free_on(fund uuid, day date, booked date) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    by_book boolean;
    since   date;
    lowest  bigint;
    found   bigint;
BEGIN
    FOREACH by_book IN ARRAY '{false,true}'::boolean[] LOOP
        CONTINUE WHEN by_book AND NOT EXISTS (
            SELECT FROM guyub.fund f JOIN guyub.journal j ON j.facility_id = f.facility_id WHERE f.id = fund AND j.booked_on > j.occurred_on);
        since := CASE WHEN by_book THEN booked ELSE day END;
        WITH held AS MATERIALIZED (
            SELECT a.id, a.facility_id, a.rupiah FROM guyub.account a WHERE a.fund_id = fund AND a.kind = 'cash'),
        move AS (
            SELECT j.id, t.seq, t.rupiah * ((t.debit_account = h.id)::integer - (t.credit_account = h.id)::integer) AS amount,
                   CASE WHEN by_book THEN j.booked_on WHEN k.kind = 'hand_over' THEN k.occurred_on ELSE j.occurred_on END AS day
            FROM held h JOIN guyub.journal j ON j.facility_id = h.facility_id
                 AND (by_book AND j.booked_on > since OR NOT by_book AND j.occurred_on > since)
            JOIN guyub.transfer t ON t.journal_id = j.id AND t.fund_id = fund AND h.id IN (t.debit_account, t.credit_account)
            LEFT JOIN guyub.transfer u ON u.id = t.reverses LEFT JOIN guyub.journal k ON k.id = u.journal_id),
        line AS MATERIALIZED (
            SELECT m.day, min(m.seq) AS place, sum(m.amount) AS amount FROM move m WHERE m.day > since GROUP BY m.id, m.day),
        before AS (
            SELECT (SELECT COALESCE(sum(h.rupiah), 0) FROM held h) - (SELECT COALESCE(sum(l.amount), 0) FROM line l) AS balance)
        SELECT greatest(min(k.balance), 0) INTO found FROM (
            SELECT before.balance + sum(l.amount) OVER (ORDER BY l.day, l.place) AS balance FROM line l, before
            UNION ALL SELECT before.balance FROM before) k;
        lowest := least(COALESCE(lowest, found), found);
    END LOOP;
    RETURN lowest;
END $$;
GRANT EXECUTE ON FUNCTION guyub.free_on TO {{app}};

CREATE OR REPLACE FUNCTION guyub.keep_netting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM changed n JOIN guyub.account giver ON giver.id = n.credit_account AND giver.kind = 'cash'
        JOIN guyub.account taker ON taker.id = n.debit_account AND taker.kind = 'cash_reserved'
        JOIN guyub.journal j ON j.id = n.journal_id AND j.kind = 'purchase') THEN
        RETURN NULL;
    END IF;
    -- By promise: what it took of the free money, what it saved, what its goods cost. What was reserved for them is the rest. What one
    -- fund takes beyond its savings, no other fund saves for it.
    IF EXISTS (
        SELECT FROM (
            SELECT p.journal_id, p.program, greatest(sum(p.taken) - sum(p.saved), 0) AS beyond,
                   COALESCE(sum(p.spent - p.taken + p.saved) FILTER (WHERE p.spent > 0), 0) AS reserved
            FROM (
            SELECT t.journal_id, t.fund_id, r.program,
                   COALESCE(sum(t.rupiah) FILTER (WHERE giver.kind = 'cash'), 0) AS taken,
                   COALESCE(sum(t.rupiah) FILTER (WHERE taker.kind = 'cash'), 0) AS saved,
                   COALESCE(sum(t.rupiah) FILTER (WHERE taker.kind = 'stock_reserved'), 0) AS spent
            FROM (SELECT DISTINCT n.journal_id FROM changed n) x
            JOIN guyub.transfer t ON t.journal_id = x.journal_id
            JOIN guyub.account giver ON giver.id = t.credit_account JOIN guyub.account taker ON taker.id = t.debit_account
            JOIN guyub.reservation r ON r.id = COALESCE(giver.reservation_id, taker.reservation_id)
            GROUP BY t.journal_id, t.fund_id, r.id) p
            GROUP BY p.journal_id, p.fund_id, p.program) of_fund
        JOIN guyub.journal j ON j.id = of_fund.journal_id
        GROUP BY j.id, of_fund.program
        HAVING sum(of_fund.beyond)
             > floor(sum(of_fund.reserved) * guyub.tolerance_on(j.facility_id, of_fund.program, j.occurred_on) / 100)) THEN
        PERFORM guyub.refuse('GU005', 'a note takes no more free money than its funds save and than is tolerated');
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
    PERFORM guyub.demand_tolerance_of_one(x.journal_id) FROM (SELECT DISTINCT n.journal_id FROM changed n) x;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "20_netting" AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_netting();
