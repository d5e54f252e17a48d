-- A kept document knows the day that it bears and the facts that it rests on, by topic: where those of today differ it is outdated
-- (repeatable/92_basis_of_documents.sql). A cash book is that of a fund until a day. Documents of 0.1.0 know none of it.
ALTER TABLE guyub.document
    ADD COLUMN stated_on date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(stated_on)),
    ADD COLUMN basis jsonb CHECK (jsonb_typeof(basis) = 'object'),
    ADD COLUMN book_fund_id uuid,
    ADD COLUMN book_until date CONSTRAINT plausible_book CHECK (guyub.is_valid_date(book_until)),
    ADD CHECK ((book_fund_id IS NULL) = (book_until IS NULL)),
    ADD FOREIGN KEY (facility_id, book_fund_id) REFERENCES guyub.fund (facility_id, id);
GRANT INSERT (stated_on, basis, book_fund_id, book_until) ON guyub.document TO {{app}};
