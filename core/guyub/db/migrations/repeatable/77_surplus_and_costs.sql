-- What a note takes of free money beside the goods that are promised: goods for the stock of the fund, and costs. Only from a fund
-- that pays for the cycle of the note; goods that are paid are of a kind that the note buys for that cycle, others came free of
-- charge; what is paid is less than twenty times what the cycle needs of it, or a figure was mistyped; costs say what they were for, and of a fund they never come to more than its terms allow.
CREATE OR REPLACE FUNCTION guyub.keep_surplus_and_costs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    IF EXISTS (
        SELECT FROM changed n JOIN guyub.account taker ON taker.id = n.debit_account
        WHERE (n.purpose <> '') <> (taker.kind = 'expenses' AND n.reverses IS NULL)) THEN
        PERFORM guyub.refuse('GU005', 'an expense says what it was for, nothing else does');
    END IF;
    IF EXISTS (
        SELECT FROM changed n JOIN guyub.journal j ON j.id = n.journal_id AND j.kind = 'purchase'
        JOIN guyub.account giver ON giver.id = n.credit_account AND giver.kind = 'cash'
        JOIN guyub.account taker ON taker.id = n.debit_account AND taker.kind IN ('stock', 'expenses')
        WHERE NOT EXISTS (SELECT FROM guyub.reservation r WHERE r.facility_id = j.facility_id AND r.holder_id = j.holder_id
                          AND r.fund_id = n.fund_id AND r.withdrawn_at IS NULL)) THEN
        PERFORM guyub.refuse('GU005', 'surplus goods and costs are paid by a fund of the same cycle');
    END IF;
    IF EXISTS (
        SELECT FROM changed n JOIN guyub.account giver ON giver.id = n.credit_account AND giver.kind = 'cash'
        JOIN guyub.account taker ON taker.id = n.debit_account AND taker.kind = 'stock'
        WHERE n.reverses IS NULL AND n.rupiah > 0 AND NOT EXISTS (
            SELECT FROM guyub.transfer t JOIN guyub.account bought ON bought.id = t.debit_account AND bought.kind = 'stock_reserved'
            WHERE t.journal_id = n.journal_id AND t.fund_id = n.fund_id AND bought.item_id = taker.item_id)) THEN
        PERFORM guyub.refuse('GU005', 'surplus goods are of a kind that the same note buys for a cycle');
    END IF;
    SELECT i.name, i.unit, sum(x.beyond) AS beyond, sum(x.needed) AS needed INTO wrong
    FROM (SELECT t.journal_id, taker.item_id,
                 CASE WHEN taker.kind = 'stock' AND giver.kind = 'cash' AND t.rupiah > 0 THEN t.quantity ELSE 0 END AS beyond,
                 CASE WHEN taker.kind = 'stock_reserved' THEN t.quantity ELSE 0 END AS needed
          FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id AND j.kind = 'purchase'
          JOIN guyub.account giver ON giver.id = t.credit_account JOIN guyub.account taker ON taker.id = t.debit_account
          WHERE t.journal_id IN (SELECT n.journal_id FROM changed n JOIN guyub.account a ON a.id = n.debit_account AND a.kind = 'stock')) x
    JOIN guyub.item i ON i.id = x.item_id
    GROUP BY x.journal_id, i.id HAVING sum(x.beyond) > 19 * sum(x.needed) LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse('GU057', 'surplus_too_large', jsonb_build_object(
            'item', wrong.name, 'unit', wrong.unit, 'quantity', wrong.beyond + wrong.needed, 'needed', wrong.needed)::text);
    END IF;
    SELECT f.name, f.incidental_costs AS allowed, a.rupiah AS spent INTO wrong
    FROM (SELECT DISTINCT n.debit_account FROM changed n WHERE n.reverses IS NULL) x
    JOIN guyub.account a ON a.id = x.debit_account AND a.kind = 'expenses' JOIN guyub.fund f ON f.id = a.fund_id
    WHERE a.rupiah > f.incidental_costs LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse('GU057', 'more costs than the fund allows', jsonb_build_object(
            'fund', wrong.name, 'allowed', wrong.allowed, 'spent', wrong.spent)::text);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "25_surplus_and_costs" AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_surplus_and_costs();
