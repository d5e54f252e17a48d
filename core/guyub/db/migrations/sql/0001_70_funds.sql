-- The ledger of money and goods. One row of transfer moves value between two accounts of one fund: it balances because
-- it cannot do otherwise. Balances stand on the account, change only through the transfer's trigger, and never go below zero.

-- How a unit is kept, and how it is compared: "Kg", " KG. " and "kilogram" are kg. guyub.sdk.quantities has both for people.
CREATE FUNCTION guyub.tidy_unit(unit text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(guyub.single_spaced(guyub.without_unseen(normalize(unit, NFC))), ' .');
GRANT EXECUTE ON FUNCTION guyub.tidy_unit TO {{app}};
CREATE FUNCTION guyub.unit_key(unit text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT CASE
              WHEN key IN ('kgs', 'kilo', 'kilos', 'kilogram', 'kilograms', 'kilogramme', 'kilogrammes') THEN 'kg'
              WHEN key IN ('gr', 'grm', 'gram', 'grams', 'gramme', 'grammes') THEN 'g'
              WHEN key IN ('lt', 'ltr', 'liter', 'liters', 'litre', 'litres') THEN 'l'
              WHEN key IN ('mililiter', 'milliliter', 'milliliters', 'millilitre', 'millilitres') THEN 'ml'
              WHEN key IN ('bh') THEN 'buah'
              WHEN key IN ('bks', 'bgks') THEN 'bungkus'
              WHEN key IN ('btl') THEN 'botol'
              WHEN key IN ('btr') THEN 'butir'
              WHEN key IN ('klg') THEN 'kaleng'
              WHEN key IN ('lbr') THEN 'lembar'
              WHEN key IN ('lsn') THEN 'lusin'
              WHEN key IN ('pack', 'packs') THEN 'pak'
              WHEN key IN ('sachets', 'saset') THEN 'sachet'
              ELSE key END
        FROM (SELECT guyub.tidy_unit(casefold(normalize(guyub.tidy_unit(unit), NFKC) COLLATE pg_unicode_fast))) AS k (key));
GRANT EXECUTE ON FUNCTION guyub.unit_key TO {{app}};
CREATE FUNCTION guyub.is_unit(unit text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN unit IS NULL OR (unit COLLATE "C" = guyub.tidy_unit(unit) AND length(unit) BETWEEN 1 AND 20);
GRANT EXECUTE ON FUNCTION guyub.is_unit TO {{app}};

-- How the names of goods are compared.
CREATE FUNCTION guyub.name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(guyub.single_spaced(guyub.without_unseen(casefold(normalize(name, NFKC) COLLATE pg_unicode_fast))));
GRANT EXECUTE ON FUNCTION guyub.name_key TO {{app}};

-- What goods are and how they are counted: whoever names a quantity of an item names it in the item's unit.
CREATE TABLE guyub.item (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    code        text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name        text NOT NULL CONSTRAINT goods_are_named CHECK (NOT guyub.is_blank(name)),
    unit        text NOT NULL CONSTRAINT tidy_unit CHECK (guyub.is_unit(unit)),
    UNIQUE (facility_id, code),
    UNIQUE (facility_id, id),
    UNIQUE (facility_id, id, unit)
);
-- On paper goods have their name alone: two codes with one name would be told apart by nobody.
CREATE UNIQUE INDEX goods_named_once ON guyub.item (facility_id, guyub.name_key(name));
SELECT guyub.protect('item', 'facility');
GRANT SELECT, INSERT ON guyub.item TO {{app}};

-- Numbers without gaps, per facility, series and year.
CREATE TABLE guyub.number_series (
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    series      text NOT NULL,
    year        integer NOT NULL,
    last        integer NOT NULL DEFAULT 0,
    PRIMARY KEY (facility_id, series, year)
);
SELECT guyub.protect('number_series', 'own');

CREATE TABLE guyub.fund (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id  uuid NOT NULL REFERENCES guyub.facility,
    code         text NOT NULL,
    name         text NOT NULL,
    plugin       text NOT NULL,               -- the funding source that opened it
    source       text NOT NULL,               -- its key within the plugin
    programs     text[] NOT NULL DEFAULT '{}',   -- restrictions: empty means any
    categories   text[] NOT NULL DEFAULT '{}',
    areas        text[] NOT NULL DEFAULT '{}',
    usable_from  date,
    usable_until date,
    sensitive    boolean NOT NULL DEFAULT false,
    opened_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT plausible_days CHECK (guyub.is_valid_date(usable_from) AND guyub.is_valid_date(usable_until)),
    UNIQUE (facility_id, code),
    UNIQUE (facility_id, id)
);
SELECT guyub.protect('fund', 'facility');
GRANT SELECT,
      INSERT (id, facility_id, code, name, plugin, source, programs, categories, areas, usable_from, usable_until, sensitive)
      ON guyub.fund TO {{app}};

-- What happens in the books, and who may do it (any one of these permissions).
CREATE TABLE guyub.journal_kind (
    kind    text PRIMARY KEY,
    done_by text[] NOT NULL
);
SELECT guyub.protect('journal_kind', 'open');
GRANT SELECT ON guyub.journal_kind TO {{app}};
INSERT INTO guyub.journal_kind VALUES
    ('receipt', '{funds.receive}'), ('reservation', '{programs.approve,funds.topup}'), ('purchase', '{funds.spend}'),
    ('hand_over', '{programs.handover}'), ('release', '{programs.close,programs.approve}'),
    ('reversal', '{programs.handover,funds.receive,funds.spend}');

CREATE TABLE guyub.journal (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL REFERENCES guyub.facility,
    kind        text NOT NULL REFERENCES guyub.journal_kind,
    booked_on     date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(booked_on)),
    number      integer NOT NULL,
    memo        text NOT NULL CONSTRAINT posting_is_described CHECK (NOT guyub.is_blank(memo)),
    evidence    text NOT NULL DEFAULT '' CONSTRAINT evidence_says_something CHECK (guyub.is_reason(evidence)),     -- number of the paper that proves it
    holder_id   uuid,                         -- the cycle it serves
    recorded_at timestamptz NOT NULL,
    recorded_by uuid REFERENCES guyub.person,
    recorded_label text NOT NULL,
    -- The transaction that it was written in: what belongs to it is written there too. Numbers of transactions begin anew in
    -- another cluster, so the moment at which the transaction began goes with it.
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    began_at    timestamptz NOT NULL DEFAULT transaction_timestamp(),
    UNIQUE (facility_id, id)
);
CREATE INDEX journal_holder ON guyub.journal (holder_id);
SELECT guyub.protect('journal', 'facility');
GRANT SELECT, INSERT (facility_id, kind, booked_on, memo, evidence, holder_id) ON guyub.journal TO {{app}};

-- What a funding source recorded: the filled form as it was understood, with its evidence.
CREATE TABLE guyub.fund_receipt (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL,
    fund_id     uuid NOT NULL,
    journal_id  uuid NOT NULL,
    plugin      text NOT NULL,
    kind        text NOT NULL,
    form        jsonb NOT NULL,
    sensitive   boolean NOT NULL DEFAULT false,
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id)
);
CREATE INDEX fund_receipt_fund ON guyub.fund_receipt (fund_id);
SELECT guyub.protect('fund_receipt', 'facility');
GRANT SELECT, INSERT (facility_id, fund_id, journal_id, plugin, kind, form, sensitive) ON guyub.fund_receipt TO {{app}};

CREATE TABLE guyub.lot (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id uuid NOT NULL,
    fund_id     uuid NOT NULL,
    item_id     uuid NOT NULL,
    unit        text NOT NULL,
    received_on date NOT NULL CONSTRAINT plausible_days CHECK (guyub.is_valid_date(received_on)),
    journal_id  uuid NOT NULL,
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id),
    FOREIGN KEY (facility_id, item_id, unit) REFERENCES guyub.item (facility_id, id, unit),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id),
    UNIQUE (facility_id, id),
    UNIQUE (facility_id, id, fund_id, item_id)
);
SELECT guyub.protect('lot', 'facility');
GRANT SELECT, INSERT (id, facility_id, fund_id, item_id, received_on, journal_id) ON guyub.lot TO {{app}};

-- A promise of value to one cycle: goods in stock, or money for an item still to be bought, or money to be paid out.
CREATE TABLE guyub.reservation (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    seq         bigint GENERATED ALWAYS AS IDENTITY,
    facility_id uuid NOT NULL,
    holder_id   uuid NOT NULL,
    holder_code text NOT NULL DEFAULT '',      -- by which pages name the holder; stamped by who guards it
    journal_id  uuid NOT NULL,
    program     text NOT NULL,
    period      date NOT NULL CONSTRAINT plausible_month CHECK (guyub.is_month(period)),
    fund_id     uuid NOT NULL,
    item_id     uuid,
    category    text NOT NULL,
    area        text NOT NULL DEFAULT '',      -- village code; '' where no fund of the cycle restricts areas
    quantity    numeric(14, 3) NOT NULL CHECK (quantity >= 0),
    unit        text,                          -- of the item; money has none
    price       bigint NOT NULL CHECK (price >= 0),   -- rupiah per unit, the snapshot
    from_stock  boolean NOT NULL,
    made_by     uuid REFERENCES guyub.person,
    made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id),
    FOREIGN KEY (facility_id, item_id, unit) REFERENCES guyub.item (facility_id, id, unit),
    CONSTRAINT goods_have_a_unit CHECK ((item_id IS NULL) = (unit IS NULL)),
    CHECK (item_id IS NOT NULL OR NOT from_stock),
    UNIQUE (facility_id, id),
    UNIQUE (facility_id, id, fund_id),
    UNIQUE (facility_id, id, fund_id, item_id)
);
CREATE INDEX reservation_holder ON guyub.reservation (holder_id);
CREATE INDEX reservation_holder_code ON guyub.reservation (facility_id, holder_code);
SELECT guyub.protect('reservation', 'facility');
GRANT SELECT,
      INSERT (id, facility_id, holder_id, journal_id, program, period, fund_id, item_id, category, area, quantity, price,
              from_stock)
      ON guyub.reservation TO {{app}};

CREATE TABLE guyub.account_kind (
    kind    text PRIMARY KEY,
    goods   boolean NOT NULL,
    outside boolean NOT NULL        -- the world beyond the facility: no floor
);
SELECT guyub.protect('account_kind', 'open');
GRANT SELECT ON guyub.account_kind TO {{app}};
INSERT INTO guyub.account_kind VALUES
    ('receipts', false, true), ('cash', false, false), ('cash_reserved', false, false), ('payments', false, true),
    ('stock', true, false), ('stock_reserved', true, false), ('distributed', true, true);

-- What may move where. A reversal swaps the sides of the transfer that it names.
CREATE TABLE guyub.transfer_rule (
    journal_kind text NOT NULL REFERENCES guyub.journal_kind,
    credit_kind  text NOT NULL REFERENCES guyub.account_kind,   -- gives
    debit_kind   text NOT NULL REFERENCES guyub.account_kind,   -- receives
    PRIMARY KEY (journal_kind, credit_kind, debit_kind)
);
SELECT guyub.protect('transfer_rule', 'open');
GRANT SELECT ON guyub.transfer_rule TO {{app}};
INSERT INTO guyub.transfer_rule VALUES
    ('receipt', 'receipts', 'cash'), ('receipt', 'receipts', 'stock'),
    ('reservation', 'cash', 'cash_reserved'), ('reservation', 'stock', 'stock_reserved'),
    ('release', 'cash_reserved', 'cash'), ('release', 'stock_reserved', 'stock'),
    ('purchase', 'cash_reserved', 'stock_reserved'), ('purchase', 'cash_reserved', 'cash'),
    ('hand_over', 'stock_reserved', 'distributed'), ('hand_over', 'cash_reserved', 'payments');

CREATE TABLE guyub.account (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    facility_id    uuid NOT NULL,
    fund_id        uuid NOT NULL,
    kind           text NOT NULL REFERENCES guyub.account_kind,
    item_id        uuid,
    lot_id         uuid,
    reservation_id uuid,
    rupiah         bigint NOT NULL DEFAULT 0,
    quantity       numeric(14, 3) NOT NULL DEFAULT 0,
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id),
    -- Goods stay with the fund and item of their lot, promises with the fund and item of their reservation.
    FOREIGN KEY (facility_id, lot_id, fund_id, item_id) REFERENCES guyub.lot (facility_id, id, fund_id, item_id),
    FOREIGN KEY (facility_id, reservation_id, fund_id) REFERENCES guyub.reservation (facility_id, id, fund_id),
    FOREIGN KEY (facility_id, reservation_id, fund_id, item_id)
        REFERENCES guyub.reservation (facility_id, id, fund_id, item_id),
    CONSTRAINT never_below_zero CHECK (kind IN ('receipts', 'payments', 'distributed') OR (rupiah >= 0 AND quantity >= 0)),
    CONSTRAINT goods_have_a_lot CHECK ((kind IN ('stock', 'stock_reserved', 'distributed')) = (lot_id IS NOT NULL)
                                       AND (lot_id IS NULL) = (item_id IS NULL)),
    CONSTRAINT money_has_no_quantity CHECK (lot_id IS NOT NULL OR quantity = 0),
    CONSTRAINT reserved_for_someone CHECK ((kind IN ('cash_reserved', 'stock_reserved')) = (reservation_id IS NOT NULL)),
    CONSTRAINT one_account UNIQUE NULLS NOT DISTINCT (facility_id, fund_id, kind, lot_id, reservation_id),
    UNIQUE (facility_id, id)
);
CREATE INDEX account_reservation ON guyub.account (reservation_id) WHERE reservation_id IS NOT NULL;
SELECT guyub.protect('account', 'facility');
GRANT SELECT, INSERT (facility_id, fund_id, kind, item_id, lot_id, reservation_id) ON guyub.account TO {{app}};

CREATE TABLE guyub.transfer (
    id                    uuid PRIMARY KEY DEFAULT uuidv7(),
    seq                   bigint GENERATED ALWAYS AS IDENTITY,
    facility_id           uuid NOT NULL,
    journal_id            uuid NOT NULL,
    fund_id               uuid NOT NULL,
    lot_id                uuid,
    credit_account        uuid NOT NULL,      -- gives
    debit_account         uuid NOT NULL,      -- receives
    rupiah                bigint NOT NULL CHECK (rupiah >= 0),
    quantity              numeric(14, 3) NOT NULL DEFAULT 0 CHECK (quantity >= 0),
    credit_rupiah_after   bigint NOT NULL,
    credit_quantity_after numeric(14, 3) NOT NULL,
    debit_rupiah_after    bigint NOT NULL,
    debit_quantity_after  numeric(14, 3) NOT NULL,
    reverses              uuid,
    xid                   xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CHECK (rupiah > 0 OR quantity > 0),
    CHECK (credit_account <> debit_account),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id),
    FOREIGN KEY (facility_id, fund_id) REFERENCES guyub.fund (facility_id, id),
    FOREIGN KEY (facility_id, lot_id) REFERENCES guyub.lot (facility_id, id),
    FOREIGN KEY (facility_id, credit_account) REFERENCES guyub.account (facility_id, id),
    FOREIGN KEY (facility_id, debit_account) REFERENCES guyub.account (facility_id, id),
    FOREIGN KEY (facility_id, reverses) REFERENCES guyub.transfer (facility_id, id),
    UNIQUE (facility_id, id)
);
CREATE INDEX transfer_journal ON guyub.transfer (journal_id);
CREATE INDEX transfer_credit ON guyub.transfer (credit_account);
CREATE INDEX transfer_debit ON guyub.transfer (debit_account);
CREATE INDEX transfer_reverses ON guyub.transfer (reverses) WHERE reverses IS NOT NULL;
SELECT guyub.protect('transfer', 'facility');
GRANT SELECT,
      INSERT (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
      ON guyub.transfer TO {{app}};
