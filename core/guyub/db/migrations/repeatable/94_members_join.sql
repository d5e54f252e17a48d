-- Who is added to a household after it was registered has joined it: an act with its day and its reason, in the same transaction. Asked
-- at the commit, since the act names the member who is there already.
CREATE OR REPLACE FUNCTION guyub.member_has_joined() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Whoever was entered with the household belongs to its registration.
    IF NOT EXISTS (SELECT FROM guyub.household_event e
                   WHERE e.facility_id = NEW.facility_id AND e.member_id = NEW.id AND e.kind = 'joined')
       AND NOT EXISTS (SELECT FROM guyub.household h
                       WHERE h.facility_id = NEW.facility_id AND h.id = NEW.household_id AND h.created_at = transaction_timestamp()) THEN
        PERFORM guyub.refuse('GU030', 'member_has_joined');
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS member_has_joined ON guyub.member;
CREATE CONSTRAINT TRIGGER member_has_joined AFTER INSERT ON guyub.member DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION guyub.member_has_joined();
