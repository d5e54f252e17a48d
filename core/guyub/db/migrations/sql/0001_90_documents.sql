-- Every paper that was made for a cycle, as it was made: printing one again adds a row and changes none.

CREATE TABLE guyub.document (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL,
    cycle_id    uuid NOT NULL,
    kind        text NOT NULL,
    title       text NOT NULL,
    number      text NOT NULL DEFAULT '',
    file_name   text NOT NULL CHECK (file_name ~ '^[a-z0-9][a-z0-9.-]{0,119}$'),
    media_type  text NOT NULL,
    sha256      text NOT NULL GENERATED ALWAYS AS (encode(sha256(content), 'hex')) STORED,
    content     bytea NOT NULL CHECK (content <> ''),
    personal    boolean NOT NULL,             -- names people who receive something: read within the personal scope only
    made_by     text NOT NULL,
    made_at     timestamptz NOT NULL,
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
);
CREATE INDEX document_cycle ON guyub.document (cycle_id, file_name, seq DESC);

-- Who made it and when come from the verified scope and the clock.
CREATE FUNCTION guyub.stamp_document() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.made_by := COALESCE((SELECT p.full_name FROM guyub.person p WHERE p.id = guyub.actor()), guyub.actor_label());
    NEW.made_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER stamp_document BEFORE INSERT ON guyub.document FOR EACH ROW EXECUTE FUNCTION guyub.stamp_document();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.document
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
