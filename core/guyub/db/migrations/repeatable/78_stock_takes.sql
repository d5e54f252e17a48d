-- Stock takes. Goods leave the stock, or come into it, by a count or a write-off that two persons stood beside; each quantity has its
-- explanation, and what was counted is what the books have afterwards. Reserved goods are not written off: their account is another.

-- What lay in each lot at the end of a day, free or reserved; ``without`` leaves out what one journal moved. Balances are known as
-- they are now, so only what moved after that day is read.
CREATE OR REPLACE FUNCTION guyub.stock_on(facility uuid, day date, without uuid DEFAULT NULL)
RETURNS TABLE (lot_id uuid, fund_id uuid, item_id uuid, received_on date, quantity numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH later AS MATERIALIZED (
        SELECT j.id, j.occurred_on FROM guyub.journal j
        WHERE j.facility_id = facility AND facility = ANY (guyub.scope()) AND (j.occurred_on > day OR j.id = without)),
    moved AS MATERIALIZED (
        SELECT a.lot_id, sum(CASE WHEN t.debit_account = a.id THEN t.quantity ELSE -t.quantity END) AS quantity
        FROM later JOIN guyub.transfer t ON t.journal_id = later.id AND t.quantity > 0
        JOIN guyub.account a ON a.id IN (t.debit_account, t.credit_account) AND a.kind IN ('stock', 'stock_reserved')
        WHERE later.id = without
           OR CASE WHEN t.reverses IS NULL THEN later.occurred_on ELSE guyub.counts_on(later.occurred_on, t.reverses) END > day
        GROUP BY a.lot_id)
    SELECT l.id, l.fund_id, l.item_id, l.received_on, sum(a.quantity) - COALESCE(m.quantity, 0)
    FROM guyub.lot l JOIN guyub.account a ON a.lot_id = l.id AND a.kind IN ('stock', 'stock_reserved')
    LEFT JOIN moved m ON m.lot_id = l.id
    WHERE l.facility_id = facility AND facility = ANY (guyub.scope()) GROUP BY l.id, m.quantity;
END $$;
GRANT EXECUTE ON FUNCTION guyub.stock_on TO {{app}};

CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.stock_take FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('stock_take');
CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.stock_count FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('stock_take');
CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.stock_difference FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('stock_take');
CREATE OR REPLACE TRIGGER in_its_unit BEFORE INSERT ON guyub.stock_count FOR EACH ROW EXECUTE FUNCTION guyub.take_unit_of_item();
CREATE OR REPLACE TRIGGER in_its_unit BEFORE INSERT ON guyub.stock_difference FOR EACH ROW EXECUTE FUNCTION guyub.take_unit_of_item();

-- An account is named by the name of its person.
CREATE OR REPLACE FUNCTION guyub.keep_names_of_counters() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (VALUES (NEW.counted_by_id, NEW.counted_by), (NEW.witness_id, NEW.witness)) AS n (id, name)
        JOIN guyub.person p ON p.id = n.id WHERE guyub.person_key(p.full_name) <> guyub.person_key(n.name)) THEN
        PERFORM guyub.refuse('GU005', 'an account is named by the name of its person');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_names BEFORE INSERT ON guyub.stock_take FOR EACH ROW EXECUTE FUNCTION guyub.keep_names_of_counters();

-- Where the act ends, everything about it fits together: the book as it was on that day, the count, the explanations and what moved.
CREATE OR REPLACE FUNCTION guyub.stock_take_problem(t guyub.stock_take, OUT word text, OUT detail jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    day   date := (SELECT j.occurred_on FROM guyub.journal j WHERE j.facility_id = t.facility_id AND j.id = t.journal_id);
    wrong record;
BEGIN
    IF t.is_count IS DISTINCT FROM EXISTS (SELECT FROM guyub.stock_count c WHERE c.facility_id = t.facility_id AND c.journal_id = t.journal_id)
       OR NOT t.is_count AND NOT EXISTS (SELECT FROM guyub.stock_difference d
                                         WHERE d.facility_id = t.facility_id AND d.journal_id = t.journal_id AND d.reason <> 'found') THEN
        word := 'nothing_counted';
        RETURN;
    END IF;
    SELECT i.name, i.unit, c.book, COALESCE(b.quantity, 0) AS found INTO wrong
    FROM guyub.stock_count c JOIN guyub.item i ON i.facility_id = c.facility_id AND i.id = c.item_id
    LEFT JOIN (SELECT s.item_id, sum(s.quantity) AS quantity FROM guyub.stock_on(t.facility_id, day, t.journal_id) s
               WHERE t.fund_id IS NULL OR s.fund_id = t.fund_id GROUP BY s.item_id) b ON b.item_id = c.item_id
    WHERE c.facility_id = t.facility_id AND c.journal_id = t.journal_id AND c.book <> COALESCE(b.quantity, 0) ORDER BY i.name LIMIT 1;
    IF FOUND THEN
        word := 'book_differs';
        detail := to_jsonb(wrong);
        RETURN;
    END IF;
    SELECT i.name, i.unit, COALESCE(c.difference, 0) AS difference, COALESCE(d.quantity, 0) AS explained INTO wrong
    FROM (SELECT x.item_id, COALESCE(x.recounted, x.counted) - x.book AS difference
          FROM guyub.stock_count x WHERE x.facility_id = t.facility_id AND x.journal_id = t.journal_id) c
    FULL JOIN (SELECT x.item_id, sum(CASE x.reason WHEN 'found' THEN x.quantity ELSE -x.quantity END) AS quantity,
                      count(*) > 1 AND bool_or(x.reason = 'found') AS is_both
               FROM guyub.stock_difference x WHERE x.facility_id = t.facility_id AND x.journal_id = t.journal_id GROUP BY x.item_id) d
        ON d.item_id = c.item_id
    JOIN guyub.item i ON i.facility_id = t.facility_id AND i.id = COALESCE(c.item_id, d.item_id)
    WHERE t.is_count AND (c.item_id IS NULL OR d.is_both OR c.difference <> COALESCE(d.quantity, 0)) ORDER BY i.name LIMIT 1;
    IF FOUND THEN
        word := 'unexplained';
        detail := to_jsonb(wrong);
        RETURN;
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT d.item_id, d.reason, d.quantity FROM guyub.stock_difference d
                     WHERE d.facility_id = t.facility_id AND d.journal_id = t.journal_id) d
        FULL JOIN (SELECT l.item_id, CASE WHEN taker.kind = 'stock' THEN giver.kind ELSE taker.kind END AS reason, sum(m.quantity) AS quantity,
                          bool_and(t.fund_id IS NULL OR m.fund_id = t.fund_id) AS is_in_scope
                   FROM guyub.transfer m JOIN guyub.lot l ON l.id = m.lot_id
                   JOIN guyub.account giver ON giver.id = m.credit_account JOIN guyub.account taker ON taker.id = m.debit_account
                   WHERE m.journal_id = t.journal_id GROUP BY 1, 2) m ON m.item_id = d.item_id AND m.reason = d.reason
        WHERE d.quantity IS DISTINCT FROM m.quantity OR NOT m.is_in_scope OR (NOT t.is_count AND d.reason = 'found')) THEN
        word := 'moved_otherwise';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION guyub.check_stock_take() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    problem record;
BEGIN
    SELECT * INTO problem FROM guyub.stock_take_problem(NEW);
    IF problem.word IS NOT NULL THEN
        PERFORM guyub.refuse('GU078', problem.word, COALESCE(problem.detail, '{}')::text);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_stock_take ON guyub.stock_take;
CREATE CONSTRAINT TRIGGER check_stock_take AFTER INSERT ON guyub.stock_take
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guyub.check_stock_take();

-- No entry of the books is a stock take without one.
CREATE OR REPLACE FUNCTION guyub.demand_stock_take() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM guyub.stock_take t WHERE t.facility_id = NEW.facility_id AND t.journal_id = NEW.id) THEN
        PERFORM guyub.refuse('GU078', 'nothing_counted', '{}');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS demand_stock_take ON guyub.journal;
CREATE CONSTRAINT TRIGGER demand_stock_take AFTER INSERT ON guyub.journal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'stock_take') EXECUTE FUNCTION guyub.demand_stock_take();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.stock_take
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.stock_count
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.stock_difference
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
