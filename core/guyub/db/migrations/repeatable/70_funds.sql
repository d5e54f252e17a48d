-- The ledger of money and goods. One row of transfer moves value between two accounts of one fund: it balances because
-- it cannot do otherwise. Balances stand on the account, change only through the transfer's trigger, and never go below zero.

-- What two ways to write one unit have in common; the same words as SAME_UNITS in guyub.sdk.quantities, kept alike by a test.
CREATE OR REPLACE FUNCTION guyub.unit_key(unit text) RETURNS text
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

-- A row that says another unit than its item's is refused, one that says none has the item's.
CREATE OR REPLACE FUNCTION guyub.take_unit_of_item() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept guyub.item;
BEGIN
    IF NEW.item_id IS NULL THEN RETURN NEW; END IF;
    SELECT * INTO kept FROM guyub.item i WHERE i.facility_id = NEW.facility_id AND i.id = NEW.item_id;
    IF guyub.unit_key(NEW.unit) <> guyub.unit_key(kept.unit) THEN
        PERFORM guyub.refuse('GU020', 'another unit than that of the item',
                             jsonb_build_object('item', kept.name, 'given', NEW.unit, 'used', kept.unit)::text);
    END IF;
    NEW.unit := COALESCE(kept.unit, NEW.unit, '');    -- an item that is not there is refused by its key
    RETURN NEW;
END $$;

-- A facility that writes its own package writes it in the units of its goods, or its next month could not be opened. A line of
-- goods is known by its code and unit, whatever the field is called. What it inherits is compared when a month is opened: an
-- office cannot know the goods of every facility.
CREATE OR REPLACE FUNCTION guyub.require_units_of_items() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT l.place - 1 AS place, l.line ->> 'unit' AS given, i.name, i.unit INTO wrong
    FROM jsonb_array_elements(NEW.value) WITH ORDINALITY AS l (line, place)
    JOIN guyub.item i ON i.facility_id = NEW.facility_id AND i.code = lower(btrim(l.line ->> 'code'))
    WHERE jsonb_typeof(l.line) = 'object' AND jsonb_typeof(l.line -> 'unit') = 'string'
      AND guyub.unit_key(l.line ->> 'unit') <> guyub.unit_key(i.unit)
    ORDER BY l.place LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse('GU020', 'another unit than that of the item', jsonb_build_object(
            'item', wrong.name, 'given', wrong.given, 'used', wrong.unit,
            'field', concat_ws('.', NEW.field, wrong.place, 'unit'))::text);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "40_units_of_items" AFTER INSERT ON guyub.config_value
FOR EACH ROW WHEN (NEW.layer = 'facility' AND jsonb_typeof(NEW.value) = 'array') EXECUTE FUNCTION guyub.require_units_of_items();
CREATE OR REPLACE FUNCTION guyub.number_in_series(facility uuid, series text, year integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO guyub.number_series AS n (facility_id, series, year, last) VALUES (facility, number_in_series.series, number_in_series.year, 1)
    ON CONFLICT (facility_id, series, year) DO UPDATE SET last = n.last + 1 RETURNING last
$$;
-- For papers; the numbers of journals are taken by the journals alone, or a gap could be made.
CREATE OR REPLACE FUNCTION guyub.allocate_number(facility uuid, series text, year integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (facility = ANY (guyub.scope())) IS NOT TRUE OR EXISTS (SELECT FROM guyub.journal_kind k WHERE k.kind = series) THEN
        PERFORM guyub.refuse('GU001', 'this series is not for the taking');
    END IF;
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('documents.make', facility) THEN
        PERFORM guyub.refuse('GU004', 'numbers of papers are taken by a person who may make papers');
    END IF;
    RETURN guyub.number_in_series(facility, series, year);
END $$;
GRANT EXECUTE ON FUNCTION guyub.allocate_number TO {{app}};

CREATE OR REPLACE FUNCTION guyub.stamp_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT NEW.facility_id = ANY (guyub.scope()) THEN PERFORM guyub.refuse('GU001', 'journal outside the scope'); END IF;
    IF NOT guyub.scope_is_system() AND NOT EXISTS (
        SELECT FROM guyub.journal_kind k, unnest(k.done_by) permission
        WHERE k.kind = NEW.kind AND guyub.permitted(permission, NEW.facility_id)) THEN
        PERFORM guyub.refuse('GU004', format('a %s needs a person who may do it', NEW.kind));
    END IF;
    NEW.recorded_at := clock_timestamp();
    NEW.recorded_by := guyub.actor();
    NEW.recorded_label := guyub.actor_label();
    NEW.number := guyub.number_in_series(NEW.facility_id, NEW.kind, extract(year FROM NEW.booked_on)::integer);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_journal BEFORE INSERT ON guyub.journal FOR EACH ROW EXECUTE FUNCTION guyub.stamp_journal();

-- Nobody adds to what another wrote, nor to what they wrote before: a journal and all that belongs to it is one step of one
-- actor, in one transaction. Its kind was permitted to that actor when it was opened.
CREATE OR REPLACE FUNCTION guyub.is_written_now(j guyub.journal) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(j.xid = pg_current_xact_id_if_assigned() AND j.began_at = transaction_timestamp()
                    AND j.recorded_label = s.part[3] AND j.recorded_by IS NOT DISTINCT FROM NULLIF(s.part[2], '')::uuid, false)
    FROM guyub.verified_scope() AS s (part)
$$;

CREATE OR REPLACE FUNCTION guyub.of_this_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    j guyub.journal;
BEGIN
    SELECT * INTO j FROM guyub.journal WHERE id = NEW.journal_id AND facility_id = NEW.facility_id;
    IF (j.kind = ANY (TG_ARGV) AND guyub.is_written_now(j)) IS NOT TRUE THEN
        PERFORM guyub.refuse('GU005', format('a %s belongs to a journal of the same step, by the same hand', TG_TABLE_NAME));
    END IF;
    IF TG_TABLE_NAME = 'reservation' THEN
        IF NEW.holder_id IS DISTINCT FROM j.holder_id THEN
            PERFORM guyub.refuse('GU005', 'what is reserved for one purpose stands in no journal of another');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.fund_receipt FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('receipt');

-- One sensitive receipt makes its fund sensitive, whichever came first; nothing makes it plain again.
CREATE OR REPLACE FUNCTION guyub.mark_sensitive() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE guyub.fund SET sensitive = true WHERE id = NEW.fund_id AND NEW.sensitive AND NOT sensitive;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER mark_sensitive AFTER INSERT ON guyub.fund_receipt FOR EACH ROW EXECUTE FUNCTION guyub.mark_sensitive();

CREATE OR REPLACE FUNCTION guyub.keep_terms() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (to_jsonb(NEW) - '{sensitive,book_from,book_until,books_closed_until}'::text[])
       <> (to_jsonb(OLD) - '{sensitive,book_from,book_until,books_closed_until}'::text[])
       OR (OLD.sensitive AND NOT NEW.sensitive) OR (OLD.books_closed_until IS NOT NULL
                                                    AND (NEW.books_closed_until >= OLD.books_closed_until) IS NOT TRUE) THEN
        PERFORM guyub.refuse('GU002', 'the terms of a fund stay as they were when it was opened');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_terms BEFORE UPDATE ON guyub.fund FOR EACH ROW EXECUTE FUNCTION guyub.keep_terms();
CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON guyub.fund FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.lot FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('receipt', 'purchase', 'stock_take');
CREATE OR REPLACE TRIGGER in_its_unit BEFORE INSERT ON guyub.lot FOR EACH ROW EXECUTE FUNCTION guyub.take_unit_of_item();
CREATE OR REPLACE TRIGGER in_its_unit BEFORE INSERT ON guyub.reservation FOR EACH ROW EXECUTE FUNCTION guyub.take_unit_of_item();

CREATE OR REPLACE FUNCTION guyub.check_restrictions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f guyub.fund;
BEGIN
    SELECT * INTO f FROM guyub.fund WHERE id = NEW.fund_id AND facility_id = NEW.facility_id;
    IF f.programs <> '{}' AND NOT NEW.program = ANY (f.programs) THEN
        PERFORM guyub.refuse('GU007', 'the fund is not for this programme', f.name);
    ELSIF f.categories <> '{}' AND NOT NEW.category = ANY (f.categories) THEN
        PERFORM guyub.refuse('GU007', 'the fund is not for this category of beneficiaries', f.name);
    ELSIF f.areas <> '{}' AND NOT NEW.area = ANY (f.areas) THEN
        PERFORM guyub.refuse('GU007', 'the fund is not for this area', f.name);
    END IF;
    NEW.made_by := guyub.actor();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER check_restrictions BEFORE INSERT ON guyub.reservation
FOR EACH ROW EXECUTE FUNCTION guyub.check_restrictions();
CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.reservation FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('reservation');

-- Balances move before the row is there. So the application may not choose a transfer's id: with a known one and
-- ON CONFLICT DO NOTHING the row would stay away and the balances would have moved.
CREATE OR REPLACE FUNCTION guyub.post_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    giver    guyub.account;
    taker    guyub.account;
    original guyub.transfer;
    first    guyub.journal;
    j        guyub.journal;
    goods_out boolean;
    goods_in  boolean;
    undone_rupiah bigint;
    undone_quantity numeric;
BEGIN
    IF NOT NEW.facility_id = ANY (guyub.scope()) THEN PERFORM guyub.refuse('GU001', 'transfer outside the scope'); END IF;
    PERFORM FROM guyub.account WHERE id IN (NEW.credit_account, NEW.debit_account) ORDER BY id FOR UPDATE;
    SELECT * INTO giver FROM guyub.account WHERE id = NEW.credit_account;
    SELECT * INTO taker FROM guyub.account WHERE id = NEW.debit_account;
    SELECT * INTO j FROM guyub.journal WHERE id = NEW.journal_id;
    IF giver.facility_id <> NEW.facility_id OR taker.facility_id <> NEW.facility_id OR j.facility_id <> NEW.facility_id
       OR giver.fund_id <> taker.fund_id THEN
        PERFORM guyub.refuse('GU005', 'both sides of a transfer belong to one fund of one facility');
    END IF;
    IF NOT guyub.is_written_now(j) THEN
        PERFORM guyub.refuse('GU005', 'a transfer belongs to a journal of the same step, by the same hand');
    END IF;
    IF EXISTS (SELECT FROM guyub.reservation r WHERE r.id IN (giver.reservation_id, taker.reservation_id)
               AND r.holder_id IS DISTINCT FROM j.holder_id) THEN
        PERFORM guyub.refuse('GU005', 'what is reserved for one purpose moves in no journal of another');
    END IF;
    goods_out := giver.lot_id IS NOT NULL;
    goods_in := taker.lot_id IS NOT NULL;

    IF NEW.reverses IS NOT NULL THEN
        SELECT * INTO original FROM guyub.transfer WHERE id = NEW.reverses;
        SELECT * INTO first FROM guyub.journal WHERE id = original.journal_id;
        SELECT COALESCE(sum(t.rupiah), 0), COALESCE(sum(t.quantity), 0) INTO undone_rupiah, undone_quantity
        FROM guyub.transfer t WHERE t.reverses = NEW.reverses;
        IF j.kind <> 'reversal' OR original.reverses IS NOT NULL
           OR (original.credit_account, original.debit_account) IS DISTINCT FROM (NEW.debit_account, NEW.credit_account)
           OR undone_rupiah + NEW.rupiah > original.rupiah OR undone_quantity + NEW.quantity > original.quantity THEN
            PERFORM guyub.refuse('GU005', 'a reversal swaps the sides of one earlier transfer and gives back no more than it moved');
        END IF;
        -- Only a hand-over serves many at once and is undone in parts; a promise is released, never reversed.
        IF first.kind NOT IN ('receipt', 'purchase', 'stock_take', 'hand_over')
           OR (first.kind <> 'hand_over' AND (NEW.rupiah, NEW.quantity) <> (original.rupiah, original.quantity)) THEN
            PERFORM guyub.refuse('GU005', format('a %s is not reversed like this', first.kind));
        END IF;
        -- Taken back by those who may do it: a journal of reversal is open to all who may take back anything.
        IF NOT guyub.scope_is_system() AND NOT EXISTS (
            SELECT FROM guyub.journal_kind k, unnest(k.done_by) permission
            WHERE k.kind = first.kind AND guyub.permitted(permission, NEW.facility_id)) THEN
            PERFORM guyub.refuse('GU004', format('taking back a %s needs a person who may do it', first.kind));
        END IF;
    ELSE
        IF NOT EXISTS (SELECT FROM guyub.transfer_rule r WHERE r.journal_kind = j.kind
                       AND r.credit_kind = giver.kind AND r.debit_kind = taker.kind) THEN
            PERFORM guyub.refuse('GU005', format('a %s may not move value from %s to %s', j.kind, giver.kind, taker.kind));
        END IF;
        IF giver.reservation_id IS NOT NULL AND taker.reservation_id IS NOT NULL
           AND giver.reservation_id <> taker.reservation_id THEN
            PERFORM guyub.refuse('GU005', 'what is reserved for one purpose does not move to another');
        END IF;
        IF goods_out AND goods_in AND giver.lot_id <> taker.lot_id THEN
            PERFORM guyub.refuse('GU005', 'goods keep their lot');
        END IF;
        -- Goods come into a lot once, with the paper that opened it: those of a later day are another lot.
        IF goods_in AND NOT goods_out
           AND (SELECT l.journal_id FROM guyub.lot l WHERE l.id = taker.lot_id) IS DISTINCT FROM NEW.journal_id THEN
            PERFORM guyub.refuse('GU005', 'goods come into a lot with the journal that opened it');
        END IF;
        IF (goods_out OR goods_in) <> (NEW.quantity > 0) THEN
            PERFORM guyub.refuse('GU005', 'goods move with a quantity, money without one');
        END IF;
        -- Goods leave a lot at its cost: the last of them take what is left, so that the parts add up to the whole.
        IF goods_out AND NEW.quantity <= giver.quantity THEN
            NEW.rupiah := CASE WHEN NEW.quantity = giver.quantity THEN giver.rupiah
                               ELSE round(giver.rupiah * NEW.quantity / giver.quantity) END;
        END IF;
    END IF;

    NEW.fund_id := giver.fund_id;
    NEW.lot_id := COALESCE(giver.lot_id, taker.lot_id);
    UPDATE guyub.account SET rupiah = rupiah - NEW.rupiah, quantity = quantity - CASE WHEN goods_out THEN NEW.quantity ELSE 0 END
    WHERE id = giver.id RETURNING rupiah, quantity INTO NEW.credit_rupiah_after, NEW.credit_quantity_after;
    UPDATE guyub.account SET rupiah = rupiah + NEW.rupiah, quantity = quantity + CASE WHEN goods_in THEN NEW.quantity ELSE 0 END
    WHERE id = taker.id RETURNING rupiah, quantity INTO NEW.debit_rupiah_after, NEW.debit_quantity_after;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER post_transfer BEFORE INSERT ON guyub.transfer FOR EACH ROW EXECUTE FUNCTION guyub.post_transfer();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.journal
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.fund_receipt
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.lot
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON guyub.reservation
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
-- Of a reservation nothing changes but that its approval was withdrawn.
CREATE OR REPLACE FUNCTION guyub.keep_reservation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR to_jsonb(NEW) - 'withdrawn_at' <> to_jsonb(OLD) - 'withdrawn_at' THEN
        PERFORM guyub.refuse('GU002', 'a reservation stays as it was made');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_reservation BEFORE UPDATE ON guyub.reservation FOR EACH ROW EXECUTE FUNCTION guyub.keep_reservation();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.transfer
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- Who may write what: guyub.demand_right, after all else that refuses. Goods come into the catalogue with receipts and with packages of months.
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.fund REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('funds.receive');
CREATE OR REPLACE TRIGGER written_by_right_new AFTER INSERT ON guyub.item REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user = '{{app}}') EXECUTE FUNCTION guyub.demand_right('funds.receive', 'facilities.configure', 'programs.open', 'programs.campaign');
