-- What a receipt of goods has beside what enters the stock: what arrived, and what of it was damaged and not accepted, with its reason.
-- What was accepted is what is booked. `promised` is all that the agreement of the fund promises of the item, as this receipt states
-- it: the newest statement counts, and what has not arrived yet is expected. NULL: the receipt states nothing.
CREATE TABLE guyub.goods_arrival (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    facility_id uuid NOT NULL,
    journal_id  uuid NOT NULL,
    item_id     uuid NOT NULL,
    line        integer NOT NULL CHECK (line BETWEEN 1 AND 1000),
    unit        text NOT NULL,
    promised    numeric(14, 3) CONSTRAINT promised_quantity CHECK (promised > 0 AND promised < 'NaN'),
    promised_on date CONSTRAINT plausible_days CHECK (guyub.is_valid_date(promised_on)),
    arrived     numeric(14, 3) NOT NULL CONSTRAINT arrived_quantity CHECK (arrived > 0 AND arrived < 'NaN'),
    damaged     numeric(14, 3) NOT NULL DEFAULT 0 CONSTRAINT damaged_of_arrived CHECK (damaged >= 0 AND damaged < arrived),
    reason      text NOT NULL DEFAULT '' CONSTRAINT reason_of_damage_length CHECK (length(reason) <= 200),
    UNIQUE (facility_id, journal_id, item_id, line),
    CONSTRAINT promise_has_a_day CHECK ((promised IS NULL) = (promised_on IS NULL)),
    CONSTRAINT damage_has_a_reason CHECK (damaged = 0 OR NOT guyub.is_blank(reason)),
    FOREIGN KEY (facility_id, item_id, unit) REFERENCES guyub.item (facility_id, id, unit),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id)
);
CREATE INDEX goods_arrival_promised ON guyub.goods_arrival (facility_id) WHERE promised IS NOT NULL;
SELECT guyub.protect('goods_arrival', 'facility');
GRANT SELECT, INSERT (facility_id, journal_id, item_id, line, unit, promised, promised_on, arrived, damaged, reason)
      ON guyub.goods_arrival TO {{app}};

-- Receipts of before arrived whole: nobody wrote anything else.
INSERT INTO guyub.goods_arrival (facility_id, journal_id, item_id, line, unit, arrived)
SELECT l.facility_id, l.journal_id, l.item_id, row_number() OVER (PARTITION BY l.journal_id ORDER BY min(t.seq)), i.unit, sum(t.quantity)
FROM guyub.fund_receipt r
JOIN guyub.lot l ON l.facility_id = r.facility_id AND l.journal_id = r.journal_id
JOIN guyub.item i ON i.facility_id = l.facility_id AND i.id = l.item_id
JOIN guyub.transfer t ON t.journal_id = l.journal_id AND t.lot_id = l.id AND t.reverses IS NULL
GROUP BY l.id, i.unit HAVING sum(t.quantity) > 0
ORDER BY min(t.seq);

-- Who counted and who stood beside are two persons: by their accounts where both have one, since two may share a name.
ALTER TABLE guyub.stock_take
    DROP CONSTRAINT counted_before_a_witness,
    ADD CONSTRAINT counted_before_a_witness CHECK (
        CASE WHEN counted_by_id IS NOT NULL AND witness_id IS NOT NULL THEN counted_by_id <> witness_id
             ELSE guyub.person_key(witness) <> guyub.person_key(counted_by) END);
