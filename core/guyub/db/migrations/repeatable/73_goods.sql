-- The catalogue of goods as a facility has it: its own goods, then those of its region, then those of the nation.

CREATE OR REPLACE FUNCTION guyub.goods_at(facility uuid)
RETURNS TABLE (item_id uuid, code text, name text, unit text, keeper text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (g.code) g.item_id, g.code, g.name, g.unit, g.keeper
    FROM (SELECT i.id, i.code, i.name, i.unit, 'facility', 1 FROM guyub.item i WHERE i.facility_id = facility
          UNION ALL
          SELECT NULL, c.code, c.name, c.unit, CASE WHEN c.region_id IS NULL THEN 'nation' ELSE 'region' END,
                 CASE WHEN c.region_id IS NULL THEN 3 ELSE 2 END
          FROM guyub.catalogue_item c
          WHERE (c.region_id IS NULL OR c.region_id = (SELECT f.region_id FROM guyub.facility f WHERE f.id = facility))
            -- What the facility has under another code is offered once.
            AND NOT EXISTS (SELECT FROM guyub.item i WHERE i.facility_id = facility AND i.code <> c.code
                            AND guyub.name_key(i.name) = guyub.name_key(c.name))
         ) AS g (item_id, code, name, unit, keeper, rank)
    ORDER BY g.code, g.rank
$$;
GRANT EXECUTE ON FUNCTION guyub.goods_at TO {{app}};

-- In which other units a facility reads quantities of its goods: `factor` is what one of them holds of the unit of the goods.
CREATE OR REPLACE FUNCTION guyub.units_at(facility uuid)
RETURNS TABLE (code text, unit text, factor numeric, keeper text)
LANGUAGE sql STABLE AS $$
    WITH goods AS MATERIALIZED (SELECT * FROM guyub.goods_at(facility)),
    declared AS (
        SELECT g.code, u.unit, u.factor, 'facility' AS keeper, 1 AS rank, u.seq
        FROM goods g JOIN guyub.item_unit u ON u.facility_id = facility AND u.item_id = g.item_id
        UNION ALL
        SELECT g.code, u.unit, u.factor, CASE WHEN u.region_id IS NULL THEN 'nation' ELSE 'region' END,
               CASE WHEN u.region_id IS NULL THEN 3 ELSE 2 END, u.seq
        FROM goods g JOIN guyub.catalogue_unit u ON u.code = g.code AND guyub.unit_key(u.base) = guyub.unit_key(g.unit)
        WHERE u.region_id IS NULL OR u.region_id = (SELECT f.region_id FROM guyub.facility f WHERE f.id = facility)
    ),
    newest AS (
        SELECT DISTINCT ON (d.code, guyub.unit_key(d.unit), d.rank) d.*
        FROM declared d ORDER BY d.code, guyub.unit_key(d.unit), d.rank, d.seq DESC
    ),
    nearest AS (
        SELECT DISTINCT ON (n.code, guyub.unit_key(n.unit)) n.code, n.unit, n.factor, n.keeper
        FROM newest n WHERE n.factor IS NOT NULL ORDER BY n.code, guyub.unit_key(n.unit), n.rank
    )
    SELECT n.code, n.unit, n.factor, n.keeper FROM nearest n
    UNION ALL
    SELECT g.code, m.unit, m.factor, 'measure' FROM goods g JOIN guyub.measure m ON m.base = guyub.unit_key(g.unit)
$$;
GRANT EXECUTE ON FUNCTION guyub.units_at TO {{app}};

CREATE OR REPLACE FUNCTION guyub.factor_of_unit(facility uuid, item uuid, unit text) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN guyub.unit_key(factor_of_unit.unit) = guyub.unit_key(i.unit) THEN 1
                ELSE (SELECT u.factor FROM guyub.units_at(facility) u
                      WHERE u.code = i.code AND guyub.unit_key(u.unit) = guyub.unit_key(factor_of_unit.unit)) END
    FROM guyub.item i WHERE i.facility_id = facility AND i.id = item
$$;
GRANT EXECUTE ON FUNCTION guyub.factor_of_unit TO {{app}};

-- A unit is declared once by whoever keeps the goods: it is not the unit of the goods, nor one that holds everywhere.
CREATE OR REPLACE FUNCTION guyub.check_declared_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text;
BEGIN
    IF TG_TABLE_NAME = 'item_unit' THEN
        SELECT i.unit INTO own FROM guyub.item i WHERE i.facility_id = NEW.facility_id AND i.id = NEW.item_id;
        IF NOT guyub.scope_is_system() AND NOT guyub.permitted('funds.receive', NEW.facility_id)
           AND NOT guyub.permitted('facilities.configure', NEW.facility_id) THEN
            PERFORM guyub.refuse('GU004', 'units of goods are declared by who receives goods');
        END IF;
    ELSE
        own := NEW.base;
    END IF;
    IF guyub.unit_key(own) = guyub.unit_key(NEW.unit)
       OR EXISTS (SELECT FROM guyub.measure m WHERE m.base = guyub.unit_key(own)
                  AND guyub.unit_key(m.unit) = guyub.unit_key(NEW.unit)) THEN
        PERFORM guyub.refuse('GU050', 'this unit is known already', jsonb_build_object('unit', NEW.unit, 'base', own)::text);
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER check_declared_unit BEFORE INSERT ON guyub.item_unit
FOR EACH ROW EXECUTE FUNCTION guyub.check_declared_unit();
CREATE OR REPLACE TRIGGER check_declared_unit BEFORE INSERT ON guyub.catalogue_unit
FOR EACH ROW EXECUTE FUNCTION guyub.check_declared_unit();

-- A quantity is written in a unit that is declared for its goods, by the step that books it.
CREATE OR REPLACE TRIGGER of_this_step BEFORE INSERT ON guyub.written_quantity
FOR EACH ROW EXECUTE FUNCTION guyub.of_this_step('receipt', 'purchase');
CREATE OR REPLACE FUNCTION guyub.take_factor_of_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept guyub.item;
BEGIN
    SELECT * INTO kept FROM guyub.item i WHERE i.facility_id = NEW.facility_id AND i.id = NEW.item_id;
    NEW.factor := guyub.factor_of_unit(NEW.facility_id, NEW.item_id, NEW.unit);
    IF NEW.factor IS NULL AND kept.id IS NOT NULL THEN
        PERFORM guyub.refuse('GU020', 'a unit that is not declared for the item',
                             jsonb_build_object('item', kept.name, 'given', NEW.unit, 'used', kept.unit)::text);
    END IF;
    NEW.factor := COALESCE(NEW.factor, 1);      -- an item that is not there is refused by its key
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER take_factor_of_unit BEFORE INSERT ON guyub.written_quantity
FOR EACH ROW EXECUTE FUNCTION guyub.take_factor_of_unit();

-- What was written is what was booked: the quantities of the paper make up those of its lots.
CREATE OR REPLACE FUNCTION guyub.check_written_quantity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written numeric;
    booked  numeric;
BEGIN
    SELECT sum(w.quantity * w.factor) INTO written FROM guyub.written_quantity w
    WHERE w.facility_id = NEW.facility_id AND w.journal_id = NEW.journal_id AND w.item_id = NEW.item_id;
    SELECT sum(t.quantity) INTO booked
    FROM guyub.transfer t JOIN guyub.account a ON a.id = t.debit_account JOIN guyub.lot l ON l.id = a.lot_id
    WHERE t.journal_id = NEW.journal_id AND l.journal_id = NEW.journal_id AND l.item_id = NEW.item_id AND t.reverses IS NULL;
    -- What was damaged is written and not booked.
    booked := booked + COALESCE((SELECT sum(a.damaged) FROM guyub.goods_arrival a
                                 WHERE a.facility_id = NEW.facility_id AND a.journal_id = NEW.journal_id AND a.item_id = NEW.item_id), 0);
    IF written IS DISTINCT FROM booked THEN
        PERFORM guyub.refuse('GU051', 'what is written is not what is booked', jsonb_build_object(
            'written', written, 'booked', booked)::text);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS check_written_quantity ON guyub.written_quantity;
CREATE CONSTRAINT TRIGGER check_written_quantity AFTER INSERT ON guyub.written_quantity
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guyub.check_written_quantity();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.written_quantity
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.item_unit
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.catalogue_unit
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.catalogue_item
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
