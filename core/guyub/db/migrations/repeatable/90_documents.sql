-- Every paper that was made for a cycle, as it was made: printing one again adds a row and changes none.

-- Who made it and when come from the verified scope and the clock.
CREATE OR REPLACE FUNCTION guyub.stamp_document() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.made_by := COALESCE((SELECT p.full_name FROM guyub.person p WHERE p.id = guyub.actor()), guyub.actor_label());
    NEW.made_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_document BEFORE INSERT ON guyub.document FOR EACH ROW EXECUTE FUNCTION guyub.stamp_document();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.document
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
