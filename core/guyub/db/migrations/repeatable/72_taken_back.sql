-- A receipt, a purchase or a stock take is taken back as a whole, by one entry that names it and nothing else: half a note is no note. What of it
-- was handed over or spent since is not there any more, and balances below zero are refused where it would be taken from.
CREATE OR REPLACE FUNCTION guyub.keep_notes_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM changed n WHERE n.reverses IS NOT NULL) THEN RETURN NULL; END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT n.journal_id, o.journal_id AS first FROM changed n JOIN guyub.transfer o ON o.id = n.reverses) x
        JOIN guyub.journal j ON j.id = x.first AND j.kind IN ('receipt', 'purchase', 'stock_take')
        JOIN guyub.transfer part ON part.journal_id = x.first
        WHERE NOT EXISTS (SELECT FROM changed b WHERE b.reverses = part.id AND b.journal_id = x.journal_id)
           OR EXISTS (SELECT FROM changed b JOIN guyub.transfer o ON o.id = b.reverses
                      WHERE b.journal_id = x.journal_id AND o.journal_id <> x.first)) THEN
        PERFORM guyub.refuse('GU005', 'a receipt, a purchase or a stock take is taken back as a whole, and alone');
    END IF;
    IF EXISTS (
        SELECT FROM changed n JOIN guyub.transfer o ON o.id = n.reverses
        JOIN guyub.journal first ON first.id = o.journal_id AND first.kind = 'purchase'
        JOIN guyub.cycle c ON c.id = first.holder_id
        WHERE NOT guyub.scope_is_system() AND guyub.duties_collide(c, 'funds.spend', guyub.actor())) THEN
        PERFORM guyub.refuse('GU004', 'separation of duties: purchases are another person''s here');
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "20_notes_are_whole" AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_notes_whole();
