-- Minutes of a stock take and of a receipt of goods are kept as the documents of a cycle are: a document belongs to a cycle or to an
-- entry of the books, and to one of them.
ALTER TABLE guyub.document
    ALTER COLUMN cycle_id DROP NOT NULL,
    ADD COLUMN journal_id uuid,
    ADD CHECK (num_nonnulls(cycle_id, journal_id) = 1),
    ADD FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id);
CREATE INDEX document_journal ON guyub.document (journal_id, file_name, seq DESC) WHERE journal_id IS NOT NULL;
GRANT INSERT (journal_id) ON guyub.document TO {{app}};
