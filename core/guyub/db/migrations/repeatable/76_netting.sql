-- A note may be dearer on one line by what it saves on the others, fund by fund: it takes no more out of the free money of a fund than
-- it sets free itself, and for goods that it buys.
CREATE OR REPLACE FUNCTION guyub.keep_netting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM changed n JOIN guyub.account giver ON giver.id = n.credit_account AND giver.kind = 'cash'
        JOIN guyub.account taker ON taker.id = n.debit_account AND taker.kind = 'cash_reserved'
        JOIN guyub.journal j ON j.id = n.journal_id AND j.kind = 'purchase') THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT n.journal_id FROM changed n) x
        JOIN guyub.transfer t ON t.journal_id = x.journal_id
        JOIN guyub.account giver ON giver.id = t.credit_account JOIN guyub.account taker ON taker.id = t.debit_account
        GROUP BY t.journal_id, t.fund_id
        HAVING sum(t.rupiah) FILTER (WHERE giver.kind = 'cash')
             > COALESCE(sum(t.rupiah) FILTER (WHERE taker.kind = 'cash'), 0)) THEN
        PERFORM guyub.refuse('GU005', 'a note takes no more free money of a fund than it saves');
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT n.journal_id FROM changed n) x
        JOIN guyub.transfer t ON t.journal_id = x.journal_id
        JOIN guyub.account giver ON giver.id = t.credit_account JOIN guyub.account taker ON taker.id = t.debit_account
        GROUP BY t.journal_id, COALESCE(giver.reservation_id, taker.reservation_id)
        HAVING sum(t.rupiah) FILTER (WHERE giver.kind = 'cash')
             > COALESCE(sum(t.rupiah) FILTER (WHERE taker.kind = 'stock_reserved'), 0)) THEN
        PERFORM guyub.refuse('GU005', 'what a note saves pays for goods of the same note');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "20_netting" AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_netting();
