-- A purchase that is dearer than what is reserved for it: who buys asks for more, who may add decides once.
CREATE TABLE guyub.money_request (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    seq           bigint GENERATED ALWAYS AS IDENTITY,
    facility_id   uuid NOT NULL,
    holder_id     uuid NOT NULL,                 -- the cycle that goods are bought for
    holder_code   text NOT NULL,
    item_id       uuid NOT NULL,
    amount        bigint NOT NULL CONSTRAINT asked_amount CHECK (amount BETWEEN 1 AND 9000000000000000),
    supplier      text NOT NULL DEFAULT '' CONSTRAINT supplier_length CHECK (length(supplier) <= 120),
    evidence      text NOT NULL DEFAULT '' CONSTRAINT evidence_length CHECK (length(evidence) <= 80),
    asked_at      timestamptz NOT NULL,
    asked_by      uuid REFERENCES guyub.person,
    asked_label   text NOT NULL,
    decision      text CONSTRAINT decided_one_way CHECK (decision IN ('approved', 'declined')),
    reason        text NOT NULL DEFAULT '' CONSTRAINT reason_length CHECK (length(reason) <= 500),
    decided_at    timestamptz,
    decided_by    uuid REFERENCES guyub.person,
    decided_label text NOT NULL DEFAULT '',
    CONSTRAINT declined_with_a_reason CHECK (decision IS DISTINCT FROM 'declined' OR NOT guyub.is_blank(reason)),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id)
);
CREATE UNIQUE INDEX asked_once ON guyub.money_request (holder_id, item_id) WHERE decision IS NULL;
CREATE INDEX money_request_waiting ON guyub.money_request (facility_id) WHERE decision IS NULL;
SELECT guyub.protect('money_request', 'facility');
GRANT SELECT, INSERT (facility_id, holder_id, item_id, amount, supplier, evidence), UPDATE (decision, reason)
      ON guyub.money_request TO {{app}};
