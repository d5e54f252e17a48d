-- Arrivals of goods. A receipt books what was accepted of what arrived, no more and no less; nothing arrives before the day on which
-- its fund was promised it.

-- The day of the first promise of an item to a fund, of those that stand.
CREATE OR REPLACE FUNCTION guyub.first_promise(fund uuid, item uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT min(a.promised_on)
    FROM guyub.fund_receipt r JOIN guyub.goods_arrival a ON a.facility_id = r.facility_id AND a.journal_id = r.journal_id
    WHERE r.fund_id = fund AND a.item_id = item AND a.promised IS NOT NULL AND NOT guyub.is_undone(r.journal_id)
$$;

CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.goods_arrival FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('receipt');
CREATE OR REPLACE TRIGGER in_its_unit BEFORE INSERT ON guyub.goods_arrival FOR EACH ROW EXECUTE FUNCTION guyub.take_unit_of_item();

-- Where the receipt ends, its goods fit together: each item that enters the stock arrived, and what was accepted is what is booked.
CREATE OR REPLACE FUNCTION guyub.check_goods_arrival() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT i.name, i.unit, COALESCE(a.quantity, 0) AS accepted, COALESCE(b.quantity, 0) AS booked INTO wrong
    FROM (SELECT x.item_id, sum(x.arrived - x.damaged) AS quantity FROM guyub.goods_arrival x
          WHERE x.facility_id = NEW.facility_id AND x.journal_id = NEW.journal_id GROUP BY x.item_id) a
    FULL JOIN (SELECT l.item_id, sum(t.quantity) AS quantity FROM guyub.transfer t JOIN guyub.lot l ON l.id = t.lot_id
               WHERE t.journal_id = NEW.journal_id AND l.facility_id = NEW.facility_id AND t.reverses IS NULL
               GROUP BY l.item_id) b ON b.item_id = a.item_id
    JOIN guyub.item i ON i.facility_id = NEW.facility_id AND i.id = COALESCE(a.item_id, b.item_id)
    WHERE a.quantity IS DISTINCT FROM b.quantity ORDER BY i.name LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse('GU079', 'what was accepted is not what is booked', to_jsonb(wrong)::text);
    END IF;
    SELECT i.name, j.occurred_on AS arrived_on, p.day AS promised_on INTO wrong
    FROM guyub.goods_arrival a JOIN guyub.journal j ON j.facility_id = a.facility_id AND j.id = a.journal_id
    JOIN guyub.item i ON i.facility_id = a.facility_id AND i.id = a.item_id
    LEFT JOIN guyub.fund_receipt r ON r.facility_id = a.facility_id AND r.journal_id = a.journal_id
    CROSS JOIN LATERAL (SELECT COALESCE(a.promised_on, guyub.first_promise(r.fund_id, a.item_id)) AS day) p
    WHERE a.facility_id = NEW.facility_id AND a.journal_id = NEW.journal_id AND j.occurred_on < p.day ORDER BY i.name LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse('GU079', 'goods arrive not before they were promised', to_jsonb(wrong)::text);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_goods_arrival ON guyub.goods_arrival;
CREATE CONSTRAINT TRIGGER check_goods_arrival AFTER INSERT ON guyub.goods_arrival
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guyub.check_goods_arrival();
-- Nor does a receipt bring goods that did not arrive.
DROP TRIGGER IF EXISTS check_goods_arrival ON guyub.fund_receipt;
CREATE CONSTRAINT TRIGGER check_goods_arrival AFTER INSERT ON guyub.fund_receipt
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guyub.check_goods_arrival();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.goods_arrival
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- What the agreements of the funds of a facility promised of goods, what of it arrived and was damaged, fund by fund and item by item:
-- the newest receipt that states a promise counts, those that were taken back do not. `promised_on` and `evidence` are of that
-- receipt. With a fund, all goods that its receipts brought.
CREATE OR REPLACE FUNCTION guyub.promised_goods(facility uuid, fund uuid DEFAULT NULL)
RETURNS TABLE (fund_id uuid, item_id uuid, promised numeric, promised_on date, first_promised_on date, arrived numeric, damaged numeric,
               evidence text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH stated AS MATERIALIZED (
        SELECT DISTINCT r.fund_id FROM guyub.goods_arrival a
        JOIN guyub.fund_receipt r ON r.facility_id = a.facility_id AND r.journal_id = a.journal_id
        WHERE a.facility_id = facility AND a.promised IS NOT NULL AND fund IS NULL
        UNION ALL SELECT fund WHERE fund IS NOT NULL),
    receipt AS (
        SELECT r.fund_id, a.item_id, max(a.seq) AS seq, sum(a.promised) AS promised, min(a.promised_on) AS promised_on,
               sum(a.arrived) AS arrived, sum(a.damaged) AS damaged, min(j.evidence) AS evidence
        FROM stated s JOIN guyub.fund_receipt r ON r.facility_id = facility AND r.fund_id = s.fund_id
        JOIN guyub.journal j ON j.facility_id = facility AND j.id = r.journal_id
        JOIN guyub.goods_arrival a ON a.facility_id = facility AND a.journal_id = r.journal_id
        WHERE NOT guyub.is_undone(r.journal_id) GROUP BY r.fund_id, a.item_id, a.journal_id)
    SELECT r.fund_id, r.item_id,
           (array_agg(r.promised ORDER BY r.seq DESC) FILTER (WHERE r.promised IS NOT NULL))[1],
           (array_agg(r.promised_on ORDER BY r.seq DESC) FILTER (WHERE r.promised IS NOT NULL))[1],
           min(r.promised_on), sum(r.arrived), sum(r.damaged),
           (array_agg(r.evidence ORDER BY r.seq DESC) FILTER (WHERE r.promised IS NOT NULL))[1]
    FROM receipt r GROUP BY r.fund_id, r.item_id HAVING fund IS NOT NULL OR count(r.promised) > 0
$$;
GRANT EXECUTE ON FUNCTION guyub.promised_goods TO {{app}};
