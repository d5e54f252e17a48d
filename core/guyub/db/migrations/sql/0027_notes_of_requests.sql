-- What was typed of a note that is dearer than what is reserved: it is shown again once more money was decided on. Name by name, as the
-- form sent it.
ALTER TABLE guyub.money_request ADD COLUMN note jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT note_as_typed CHECK (jsonb_typeof(note) = 'object' AND length(note::text) <= 60000);
GRANT INSERT (note) ON guyub.money_request TO {{app}};
