-- A stock take explains each difference between what was counted and what the books have. The explanation is where the goods went:
-- an account of its own, so that no transfer of a stock take is without one. Single goods are written off by the same act.
INSERT INTO guyub.journal_kind VALUES ('stock_take', '{funds.stock}');
UPDATE guyub.journal_kind SET done_by = done_by || '{funds.stock}' WHERE kind = 'reversal';
INSERT INTO guyub.account_kind VALUES
    ('spoiled', true, true), ('expired', true, true), ('lost', true, true), ('returned', true, true), ('found', false, true);
INSERT INTO guyub.transfer_rule VALUES
    ('stock_take', 'stock', 'spoiled'), ('stock_take', 'stock', 'expired'), ('stock_take', 'stock', 'lost'),
    ('stock_take', 'stock', 'returned'), ('stock_take', 'found', 'stock');
ALTER TABLE guyub.account
    DROP CONSTRAINT never_below_zero,
    ADD CONSTRAINT never_below_zero CHECK (
        kind IN ('receipts', 'payments', 'distributed', 'spoiled', 'expired', 'lost', 'returned', 'found')
        OR (rupiah >= 0 AND quantity >= 0)),
    DROP CONSTRAINT goods_have_a_lot,
    ADD CONSTRAINT goods_have_a_lot CHECK (
        (kind IN ('stock', 'stock_reserved', 'distributed', 'spoiled', 'expired', 'lost', 'returned')) = (lot_id IS NOT NULL)
        AND (lot_id IS NULL) = (item_id IS NULL));

-- Who counted, and who stood beside: two persons, by name and by account. Without a fund the goods of all funds are meant.
CREATE TABLE guyub.stock_take (
    facility_id   uuid NOT NULL,
    journal_id    uuid NOT NULL,
    fund_id       uuid,
    is_count      boolean NOT NULL,              -- otherwise goods are written off without a count
    counted_by    text NOT NULL CONSTRAINT counter_is_named CHECK (NOT guyub.is_blank(counted_by))
                                CONSTRAINT counter_length CHECK (length(counted_by) <= 120),
    counted_by_id uuid REFERENCES guyub.person,
    witness       text NOT NULL CONSTRAINT witness_is_named CHECK (NOT guyub.is_blank(witness))
                                CONSTRAINT witness_length CHECK (length(witness) <= 120),
    witness_id    uuid REFERENCES guyub.person,
    note          text NOT NULL DEFAULT '' CONSTRAINT note_length CHECK (length(note) <= 500),
    xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (facility_id, journal_id),
    CONSTRAINT counted_before_a_witness CHECK (
        guyub.person_key(witness) <> guyub.person_key(counted_by) AND (counted_by_id <> witness_id) IS NOT FALSE),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id)
);
SELECT guyub.protect('stock_take', 'facility');
GRANT SELECT, INSERT (facility_id, journal_id, fund_id, is_count, counted_by, counted_by_id, witness, witness_id, note)
      ON guyub.stock_take TO {{app}};

-- What of an item the books had on the day of the count, and what was there. Where the first count was wrong, what the second found.
CREATE TABLE guyub.stock_count (
    facility_id uuid NOT NULL,
    journal_id  uuid NOT NULL,
    item_id     uuid NOT NULL,
    unit        text NOT NULL,
    book        numeric(14, 3) NOT NULL CONSTRAINT counted_quantity CHECK (book >= 0 AND counted >= 0 AND recounted >= 0),
    counted     numeric(14, 3) NOT NULL,
    recounted   numeric(14, 3),
    PRIMARY KEY (facility_id, journal_id, item_id),
    CONSTRAINT recount_differs CHECK (recounted <> counted),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.stock_take (facility_id, journal_id),
    FOREIGN KEY (facility_id, item_id, unit) REFERENCES guyub.item (facility_id, id, unit)
);
SELECT guyub.protect('stock_count', 'facility');
GRANT SELECT, INSERT (facility_id, journal_id, item_id, unit, book, counted, recounted) ON guyub.stock_count TO {{app}};

-- Why a quantity left the stock, or came into it ("found").
CREATE TABLE guyub.stock_difference (
    facility_id uuid NOT NULL,
    journal_id  uuid NOT NULL,
    item_id     uuid NOT NULL,
    unit        text NOT NULL,
    reason      text NOT NULL CONSTRAINT explained_from_the_list
                CHECK (reason IN ('spoiled', 'expired', 'lost', 'returned', 'found')) REFERENCES guyub.account_kind,
    quantity    numeric(14, 3) NOT NULL CONSTRAINT explained_quantity CHECK (quantity > 0),
    remark      text NOT NULL DEFAULT '' CONSTRAINT remark_length CHECK (length(remark) <= 200),
    PRIMARY KEY (facility_id, journal_id, item_id, reason),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.stock_take (facility_id, journal_id),
    FOREIGN KEY (facility_id, item_id, unit) REFERENCES guyub.item (facility_id, id, unit)
);
SELECT guyub.protect('stock_difference', 'facility');
GRANT SELECT, INSERT (facility_id, journal_id, item_id, unit, reason, quantity, remark) ON guyub.stock_difference TO {{app}};

-- Who receives and spends keeps the store.
UPDATE guyub.role SET permissions = permissions || '{funds.stock}'
WHERE permissions @> '{funds.receive,funds.spend}' AND NOT permissions @> '{funds.stock}';
