-- What the homes of a region and of the nation read: each month of a programme, counted. Triggers keep it in the transaction
-- of what it counts, by sums over the rows of a statement; the application reads it and writes none of it. The views at the
-- end count the same anew from the books: they are what a rebuild writes, and what the kept figures are compared with.
-- Households are counted (listed, received) and packages that were handed over: an institution receives several.

-- A month has a list from its proposal on: what is picked before is a draft, and what was cancelled serves nobody.
CREATE OR REPLACE FUNCTION guyub.has_list(cycle_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE RETURN cycle_state NOT IN ('planned', 'cancelled');
GRANT EXECUTE ON FUNCTION guyub.has_list TO {{app}};
-- Who is on it; whether the month has one is the cycle's to say.
CREATE OR REPLACE FUNCTION guyub.is_listed(entitlement_state text) RETURNS boolean
LANGUAGE sql IMMUTABLE RETURN entitlement_state NOT IN ('candidate', 'excluded');
GRANT EXECUTE ON FUNCTION guyub.is_listed TO {{app}};

-- With a list that begins or ends its households are counted at once; between the two the entitlements themselves count.
CREATE OR REPLACE FUNCTION guyub.roll_up_lists(begun uuid[], ended uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM guyub.rollup_families f USING guyub.cycle c
    WHERE c.id = ANY (begun || ended) AND f.facility_id = c.facility_id AND f.cycle_id = c.id;
    INSERT INTO guyub.rollup_families (facility_id, cycle_id, period, category, listed, received, packages)
    SELECT e.facility_id, e.cycle_id, c.period, e.category, count(*), count(*) FILTER (WHERE e.state = 'received'),
           COALESCE(sum(e.packages) FILTER (WHERE e.state = 'received'), 0)
    FROM guyub.entitlement e JOIN guyub.cycle c ON c.id = e.cycle_id
    WHERE e.cycle_id = ANY (begun) AND guyub.is_listed(e.state) GROUP BY 1, 2, 3, 4;
    UPDATE guyub.rollup_month m SET listed = COALESCE(n.listed, 0), received = COALESCE(n.received, 0), packages = COALESCE(n.packages, 0)
    FROM guyub.cycle c LEFT JOIN (
        SELECT f.cycle_id, sum(f.listed)::integer AS listed, sum(f.received)::integer AS received,
               sum(f.packages)::integer AS packages
        FROM guyub.rollup_families f WHERE f.cycle_id = ANY (begun) GROUP BY 1) n ON n.cycle_id = c.id
    WHERE c.id = ANY (begun || ended) AND m.facility_id = c.facility_id AND m.cycle_id = c.id;
END $$;

CREATE OR REPLACE FUNCTION guyub.roll_up_cycles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    begun uuid[];
    ended uuid[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO guyub.rollup_month (facility_id, cycle_id, plugin, code, period, title, state, distribution_on)
        SELECT n.facility_id, n.id, p.plugin, n.code, n.period, n.settings -> 'title', n.state, n.distribution_on
        FROM changed n JOIN guyub.program p ON p.id = n.program_id;
    ELSE
        SELECT array_agg(n.id) FILTER (WHERE guyub.has_list(n.state)), array_agg(n.id) FILTER (WHERE NOT guyub.has_list(n.state))
        INTO begun, ended FROM changed n JOIN guyub.rollup_month m ON m.facility_id = n.facility_id AND m.cycle_id = n.id
        WHERE guyub.has_list(m.state) <> guyub.has_list(n.state);
        IF begun IS NOT NULL OR ended IS NOT NULL THEN PERFORM guyub.roll_up_lists(begun, ended); END IF;
        UPDATE guyub.rollup_month m
        SET title = n.settings -> 'title', state = n.state, distribution_on = n.distribution_on
        FROM changed n WHERE m.facility_id = n.facility_id AND m.cycle_id = n.id
          AND (m.title, m.state, m.distribution_on) IS DISTINCT FROM (n.settings -> 'title', n.state, n.distribution_on);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER roll_up_new AFTER INSERT ON guyub.cycle REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_cycles();
CREATE OR REPLACE TRIGGER roll_up_changed AFTER UPDATE ON guyub.cycle REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_cycles();

-- Of months with a list: old rows count down and new ones up, without a join of the two; planned anew each time, for one row or
-- for fifty thousand.
CREATE OR REPLACE FUNCTION guyub.roll_up_entitlements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    emptied uuid[];
    gone    text := 'SELECT facility_id, cycle_id, category, state, packages, -1 AS sign FROM previous';
    come    text := 'SELECT facility_id, cycle_id, category, state, packages, 1 AS sign FROM changed';
BEGIN
    EXECUTE format($q$
        WITH summed AS MATERIALIZED (
            SELECT facility_id, cycle_id, category,
                   COALESCE(sum(sign) FILTER (WHERE guyub.is_listed(state)), 0)::integer AS listed,
                   COALESCE(sum(sign) FILTER (WHERE state = 'received'), 0)::integer AS received,
                   COALESCE(sum(sign * packages) FILTER (WHERE state = 'received'), 0)::integer AS packages
            FROM (%s) counted GROUP BY 1, 2, 3),
        delta AS MATERIALIZED (
            SELECT s.*, c.period FROM summed s JOIN guyub.cycle c ON c.id = s.cycle_id WHERE guyub.has_list(c.state)),
        families AS (
            INSERT INTO guyub.rollup_families AS f (facility_id, cycle_id, period, category, listed, received, packages)
            SELECT d.facility_id, d.cycle_id, d.period, d.category, d.listed, d.received, d.packages
            FROM delta d WHERE d.listed <> 0 OR d.received <> 0 OR d.packages <> 0
            ON CONFLICT (facility_id, cycle_id, category)
            DO UPDATE SET listed = f.listed + excluded.listed, received = f.received + excluded.received,
                          packages = f.packages + excluded.packages
            RETURNING f.cycle_id, f.listed),
        months AS (
            UPDATE guyub.rollup_month m SET listed = m.listed + d.listed, received = m.received + d.received, packages = m.packages + d.packages
            FROM (SELECT facility_id, cycle_id, sum(listed) AS listed, sum(received) AS received, sum(packages) AS packages FROM delta GROUP BY 1, 2) d
            WHERE m.facility_id = d.facility_id AND m.cycle_id = d.cycle_id AND (d.listed <> 0 OR d.received <> 0 OR d.packages <> 0))
        SELECT array_agg(cycle_id) FROM families WHERE listed = 0 $q$,
        CASE TG_OP WHEN 'INSERT' THEN come WHEN 'DELETE' THEN gone ELSE gone || ' UNION ALL ' || come END) INTO emptied;
    IF emptied IS NOT NULL THEN
        DELETE FROM guyub.rollup_families f
        USING guyub.cycle c
        WHERE c.id = ANY (emptied) AND f.facility_id = c.facility_id AND f.cycle_id = c.id AND f.listed = 0;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER roll_up_new AFTER INSERT ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_entitlements();
CREATE OR REPLACE TRIGGER roll_up_gone AFTER DELETE ON guyub.entitlement REFERENCING OLD TABLE AS previous
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_entitlements();
CREATE OR REPLACE TRIGGER roll_up_changed AFTER UPDATE ON guyub.entitlement REFERENCING NEW TABLE AS changed OLD TABLE AS previous
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_entitlements();

CREATE OR REPLACE FUNCTION guyub.roll_up_funds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO guyub.rollup_fund (facility_id, fund_id, plugin, source, sensitive)
        SELECT n.facility_id, n.id, n.plugin, n.source, n.sensitive FROM changed n;
    ELSE
        UPDATE guyub.rollup_fund r SET sensitive = n.sensitive
        FROM changed n WHERE r.facility_id = n.facility_id AND r.fund_id = n.id AND r.sensitive <> n.sensitive;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER roll_up_new AFTER INSERT ON guyub.fund REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_funds();
CREATE OR REPLACE TRIGGER roll_up_changed AFTER UPDATE ON guyub.fund REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_funds();

-- Only what comes in from outside and what goes out to households is counted: promises and purchases stay within the fund.
CREATE OR REPLACE FUNCTION guyub.roll_up_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE $q$
        WITH moved AS MATERIALIZED (
            SELECT n.facility_id, n.fund_id, f.plugin, f.source, j.holder_id, date_trunc('month', j.booked_on)::date AS period,
                   'receipts' IN (giver.kind, taker.kind) AS comes_in,
                   sum(CASE WHEN giver.kind = 'receipts' OR taker.kind IN ('distributed', 'payments') THEN n.rupiah
                            ELSE -n.rupiah END) AS rupiah
            FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.fund f ON f.id = n.fund_id
            JOIN guyub.account giver ON giver.id = n.credit_account JOIN guyub.account taker ON taker.id = n.debit_account
            WHERE giver.kind IN ('receipts', 'distributed', 'payments') OR taker.kind IN ('receipts', 'distributed', 'payments')
            GROUP BY 1, 2, 3, 4, 5, 6, 7),
        funds AS (
            UPDATE guyub.rollup_fund r SET received = r.received + d.received, spent = r.spent + d.spent
            FROM (SELECT facility_id, fund_id, COALESCE(sum(rupiah) FILTER (WHERE comes_in), 0) AS received,
                         COALESCE(sum(rupiah) FILTER (WHERE NOT comes_in), 0) AS spent FROM moved GROUP BY 1, 2) d
            WHERE r.facility_id = d.facility_id AND r.fund_id = d.fund_id),
        income AS (
            INSERT INTO guyub.rollup_income AS r (facility_id, period, plugin, source, received)
            SELECT facility_id, period, plugin, source, sum(rupiah) FROM moved WHERE comes_in GROUP BY 1, 2, 3, 4
            ON CONFLICT (facility_id, period, plugin, source) DO UPDATE SET received = r.received + excluded.received),
        spending AS (
            INSERT INTO guyub.rollup_spending AS r (facility_id, cycle_id, period, plugin, source, spent)
            SELECT m.facility_id, m.holder_id, c.period, m.plugin, m.source, sum(m.rupiah)
            FROM moved m JOIN guyub.cycle c ON c.id = m.holder_id WHERE NOT m.comes_in GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT (facility_id, cycle_id, plugin, source) DO UPDATE SET spent = r.spent + excluded.spent)
        UPDATE guyub.rollup_month m SET value = m.value + d.spent
        FROM (SELECT facility_id, holder_id, sum(rupiah) AS spent FROM moved WHERE NOT comes_in GROUP BY 1, 2) d
        WHERE m.facility_id = d.facility_id AND m.cycle_id = d.holder_id $q$;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER roll_up_new AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.roll_up_transfers();

-- The same from the books, column for column.
CREATE OR REPLACE VIEW guyub.counted_families WITH (security_invoker = true) AS
SELECT e.facility_id, e.cycle_id, c.period, e.category, e.listed, e.received, e.packages
FROM (SELECT facility_id, cycle_id, category, count(*)::integer AS listed,
             count(*) FILTER (WHERE state = 'received')::integer AS received,
             COALESCE(sum(packages) FILTER (WHERE state = 'received'), 0)::integer AS packages
      FROM guyub.entitlement WHERE guyub.is_listed(state) GROUP BY 1, 2, 3) e
JOIN guyub.cycle c ON c.id = e.cycle_id AND guyub.has_list(c.state);

CREATE OR REPLACE VIEW guyub.counted_moves WITH (security_invoker = true) AS
SELECT t.facility_id, t.fund_id, f.plugin, f.source, j.holder_id AS cycle_id, date_trunc('month', j.booked_on)::date AS period,
       a.kind = 'receipts' AS comes_in,
       CASE WHEN (a.kind = 'receipts') = (a.id = t.credit_account) THEN t.rupiah ELSE -t.rupiah END AS rupiah
FROM guyub.account a JOIN guyub.transfer t ON a.id IN (t.credit_account, t.debit_account)
JOIN guyub.journal j ON j.id = t.journal_id JOIN guyub.fund f ON f.id = t.fund_id
WHERE a.kind IN ('receipts', 'distributed', 'payments');

CREATE OR REPLACE VIEW guyub.counted_spending WITH (security_invoker = true) AS
SELECT m.facility_id, m.cycle_id, c.period, m.plugin, m.source, sum(m.rupiah)::bigint AS spent
FROM guyub.counted_moves m JOIN guyub.cycle c ON c.id = m.cycle_id WHERE NOT m.comes_in GROUP BY 1, 2, 3, 4, 5;

CREATE OR REPLACE VIEW guyub.counted_income WITH (security_invoker = true) AS
SELECT facility_id, period, plugin, source, sum(rupiah)::bigint AS received
FROM guyub.counted_moves WHERE comes_in GROUP BY 1, 2, 3, 4;

CREATE OR REPLACE VIEW guyub.counted_fund WITH (security_invoker = true) AS
SELECT f.facility_id, f.id AS fund_id, f.plugin, f.source, f.sensitive,
       COALESCE(sum(m.rupiah) FILTER (WHERE m.comes_in), 0)::bigint AS received,
       COALESCE(sum(m.rupiah) FILTER (WHERE NOT m.comes_in), 0)::bigint AS spent
FROM guyub.fund f LEFT JOIN guyub.counted_moves m ON m.fund_id = f.id GROUP BY f.id;

CREATE OR REPLACE VIEW guyub.counted_month WITH (security_invoker = true) AS
SELECT c.facility_id, c.id AS cycle_id, p.plugin, c.code, c.period, c.settings -> 'title' AS title, c.state, c.distribution_on,
       COALESCE(f.listed, 0)::integer AS listed, COALESCE(f.received, 0)::integer AS received,
       COALESCE(s.spent, 0)::bigint AS value, COALESCE(f.packages, 0)::integer AS packages
FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id
LEFT JOIN (SELECT cycle_id, sum(listed) AS listed, sum(received) AS received, sum(packages) AS packages FROM guyub.counted_families GROUP BY 1) f
    ON f.cycle_id = c.id
LEFT JOIN (SELECT cycle_id, sum(spent) AS spent FROM guyub.counted_spending GROUP BY 1) s ON s.cycle_id = c.id;

CREATE OR REPLACE FUNCTION guyub.rollup_parts() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp RETURN '{month,families,spending,income,fund}'::text[];

-- Each row that is kept and not counted, and each that is counted and not kept, of the facilities in scope: none, or somebody
-- with the owner's rights has been at work. Figures only, as attendance() gives them.
CREATE OR REPLACE FUNCTION guyub.rollup_problems() RETURNS TABLE (facility text, part text, kept boolean, figures jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    allowed uuid[] := guyub.scope();
    p text;
BEGIN
    FOREACH p IN ARRAY guyub.rollup_parts() LOOP
        RETURN QUERY EXECUTE format($q$
            WITH kept AS MATERIALIZED (SELECT * FROM guyub.rollup_%1$I WHERE facility_id = ANY ($1)),
                 counted AS MATERIALIZED (SELECT * FROM guyub.counted_%1$I WHERE facility_id = ANY ($1)),
                 apart AS (SELECT true AS is_kept, to_jsonb(k) AS figures FROM (TABLE kept EXCEPT TABLE counted) k
                           UNION ALL SELECT false, to_jsonb(c) FROM (TABLE counted EXCEPT TABLE kept) c)
            SELECT f.code, %1$L, a.is_kept, a.figures FROM apart a JOIN guyub.facility f ON f.id = (a.figures ->> 'facility_id')::uuid
            ORDER BY f.code, a.figures ->> 'cycle_id', a.figures ->> 'fund_id', a.is_kept DESC $q$, p) USING allowed;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION guyub.rollup_problems TO {{app}};

-- Counts everything anew. Whoever is about to write waits: nothing is counted twice or missed.
CREATE OR REPLACE FUNCTION guyub.rebuild_rollup() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    p text;
    written bigint;
    total bigint := 0;
BEGIN
    IF NOT guyub.scope_is_system() THEN PERFORM guyub.refuse('GU001', 'the roll-up is rebuilt from the command line'); END IF;
    LOCK TABLE guyub.rollup_month, guyub.rollup_families, guyub.rollup_spending, guyub.rollup_income, guyub.rollup_fund
        IN EXCLUSIVE MODE;
    FOREACH p IN ARRAY guyub.rollup_parts() LOOP
        EXECUTE format('DELETE FROM guyub.rollup_%I', p);
        EXECUTE format('INSERT INTO guyub.rollup_%1$I SELECT * FROM guyub.counted_%1$I', p);
        GET DIAGNOSTICS written = ROW_COUNT;
        total := total + written;
        EXECUTE format('ANALYZE guyub.rollup_%I', p);
    END LOOP;
    RETURN total;
END $$;
GRANT EXECUTE ON FUNCTION guyub.rebuild_rollup TO {{app}};
