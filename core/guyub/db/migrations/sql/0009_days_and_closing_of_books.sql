-- An entry has two days: occurred_on is that of the act, which limits and documents compare; booked_on is that of its line in
-- the book, which closing compares. They differ where a book was closed before the paper came.
ALTER TABLE guyub.journal ADD COLUMN occurred_on date;

-- The triggers of an earlier version keep the ledger as it is; a new schema has none yet.
-- Their texts may be longer than texts are from now on, and stay as they are.
ALTER TABLE guyub.journal DROP CONSTRAINT text_length;
ALTER TABLE guyub.journal DISABLE TRIGGER USER;
UPDATE guyub.journal SET occurred_on = booked_on;
-- What undoes a hand-over stands in the book on the day of the hand-over, as it was printed so far.
UPDATE guyub.journal j SET booked_on = undone.booked_on
FROM (SELECT back.journal_id, max(first.booked_on) AS booked_on
      FROM guyub.transfer back JOIN guyub.transfer original ON original.id = back.reverses
      JOIN guyub.journal first ON first.id = original.journal_id AND first.kind = 'hand_over'
      GROUP BY back.journal_id) undone
WHERE undone.journal_id = j.id;
ALTER TABLE guyub.journal ENABLE TRIGGER USER;
ALTER TABLE guyub.journal ADD CONSTRAINT text_length CHECK (length(memo) <= 1000 AND length(evidence) <= 1000) NOT VALID;

ALTER TABLE guyub.journal
    ALTER COLUMN occurred_on SET NOT NULL,
    ADD CONSTRAINT plausible_days_of_acts CHECK (guyub.is_valid_date(occurred_on)),
    ADD CONSTRAINT booked_when_it_happened_or_later CHECK (booked_on >= occurred_on OR kind = 'reversal');
GRANT INSERT (occurred_on) ON guyub.journal TO {{app}};
CREATE INDEX journal_occurred ON guyub.journal (facility_id, occurred_on);
CREATE INDEX journal_booked ON guyub.journal (facility_id, booked_on);
CREATE INDEX journal_late ON guyub.journal (facility_id) WHERE booked_on > occurred_on;

-- The book of a fund: the days of its first and last line, and the last day of the last month that is closed. Kept by what books
-- and what closes.
ALTER TABLE guyub.fund ADD COLUMN book_from date, ADD COLUMN book_until date, ADD COLUMN books_closed_until date;
ALTER TABLE guyub.fund DROP CONSTRAINT text_length;
ALTER TABLE guyub.fund DISABLE TRIGGER USER;
UPDATE guyub.fund f SET book_from = b.first, book_until = b.last
FROM (SELECT t.fund_id, min(j.booked_on) AS first, max(j.booked_on) AS last
      FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id GROUP BY t.fund_id) b
WHERE b.fund_id = f.id;
ALTER TABLE guyub.fund ENABLE TRIGGER USER;
ALTER TABLE guyub.fund ADD CONSTRAINT text_length CHECK (length(code) <= 120 AND length(name) <= 1000) NOT VALID;
ALTER TABLE guyub.fund ADD CONSTRAINT plausible_book CHECK (
    guyub.is_valid_date(book_from) AND guyub.is_valid_date(book_until) AND guyub.is_valid_date(books_closed_until)
    AND book_from <= book_until);

-- The closing of the book of a fund for one month: what the book says, what was counted, who signs.
CREATE TABLE guyub.book_closing (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id   uuid NOT NULL,
    fund_id       uuid NOT NULL,
    month         date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(month)),
    closed_on     date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(closed_on)),
    opening       bigint NOT NULL,               -- rupiah: before the month, received and paid in it, after it
    received      bigint NOT NULL,
    paid          bigint NOT NULL,
    balance       bigint NOT NULL CHECK (balance >= 0),
    lines         integer NOT NULL,
    cash_in_hand  bigint NOT NULL CHECK (cash_in_hand BETWEEN 0 AND 9000000000000000),
    bank          bigint NOT NULL CHECK (bank BETWEEN 0 AND 9000000000000000),
    explanation   text NOT NULL DEFAULT '' CONSTRAINT explanation_length CHECK (char_length(explanation) <= 500),
    signatories   jsonb NOT NULL CONSTRAINT signatories_are_named CHECK (jsonb_typeof(signatories) = 'object'),
    closed_at     timestamptz NOT NULL,
    closed_by     uuid REFERENCES guyub.person,
    closed_label  text NOT NULL,
    xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT counted_or_explained CHECK (cash_in_hand + bank = balance OR NOT guyub.is_blank(explanation)),
    CONSTRAINT adds_up CHECK (opening + received - paid = balance),
    CONSTRAINT closed_once UNIQUE (facility_id, fund_id, month),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id)
);
SELECT guyub.protect('book_closing', 'facility');
GRANT SELECT, INSERT (facility_id, fund_id, month, closed_on, cash_in_hand, bank, explanation, signatories)
      ON guyub.book_closing TO {{app}};

-- What 0.1.0 had under other names.
DROP TRIGGER IF EXISTS keep_day ON guyub.journal;
DROP FUNCTION IF EXISTS guyub.overdrawn(uuid, uuid, text[], uuid);

-- Who receives and spends closes the book.
UPDATE guyub.role SET permissions = permissions || '{funds.close}'
WHERE permissions @> '{funds.receive,funds.spend}' AND NOT permissions @> '{funds.close}';
