-- Goods that an office declares for its facilities, or the nation for all: they are picked from a list and counted in one unit.
-- A facility has goods of its own (guyub.item) once it uses them.
CREATE TABLE guyub.catalogue_item (
    id        uuid PRIMARY KEY DEFAULT uuidv7(),
    region_id uuid REFERENCES guyub.region,      -- NULL: for all regions
    code      text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name      text NOT NULL CONSTRAINT goods_are_named CHECK (NOT guyub.is_blank(name))
                            CONSTRAINT text_length CHECK (length(name) <= 120),
    unit      text NOT NULL CONSTRAINT tidy_unit CHECK (guyub.is_unit(unit)),
    CONSTRAINT catalogued_once UNIQUE NULLS NOT DISTINCT (region_id, code)
);
CREATE UNIQUE INDEX catalogue_named_once ON guyub.catalogue_item (region_id, guyub.name_key(name)) NULLS NOT DISTINCT;
SELECT guyub.protect('catalogue_item', 'own');
CREATE POLICY read_inherited ON guyub.catalogue_item FOR SELECT TO {{app}}
    USING (region_id IS NULL OR (SELECT guyub.scope_is_system())
           OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])));
CREATE POLICY write_by_keeper ON guyub.catalogue_item FOR INSERT TO {{app}} WITH CHECK (guyub.may_configure(NULL, region_id));
GRANT SELECT, INSERT (region_id, code, name, unit) ON guyub.catalogue_item TO {{app}};

-- What one unit of an item holds of its own unit, as an office declares it: 1 sak of beras = 25 kg. The newest row counts; one
-- without a factor takes the unit back. It holds where a facility counts the goods in that base.
CREATE TABLE guyub.catalogue_unit (
    seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    region_id uuid REFERENCES guyub.region,
    code      text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_-]{0,39}$'),
    base      text NOT NULL,
    unit      text NOT NULL,
    factor    numeric(14, 6) CONSTRAINT factor_of_unit CHECK (factor > 0 AND factor <= 1000000),
    CONSTRAINT tidy_unit CHECK (guyub.is_unit(unit) AND guyub.is_unit(base))
);
CREATE INDEX catalogue_unit_of ON guyub.catalogue_unit (code, region_id);
SELECT guyub.protect('catalogue_unit', 'own');
CREATE POLICY read_inherited ON guyub.catalogue_unit FOR SELECT TO {{app}}
    USING (region_id IS NULL OR (SELECT guyub.scope_is_system())
           OR region_id IN (SELECT f.region_id FROM guyub.facility f WHERE f.id = ANY ((SELECT guyub.scope())::uuid[])));
CREATE POLICY write_by_keeper ON guyub.catalogue_unit FOR INSERT TO {{app}} WITH CHECK (guyub.may_configure(NULL, region_id));
GRANT SELECT, INSERT (region_id, code, base, unit, factor) ON guyub.catalogue_unit TO {{app}};

-- The same as a facility declares it, before what its office does.
CREATE TABLE guyub.item_unit (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    facility_id uuid NOT NULL,
    item_id     uuid NOT NULL,
    unit        text NOT NULL CONSTRAINT tidy_unit CHECK (guyub.is_unit(unit)),
    factor      numeric(14, 6) CONSTRAINT factor_of_unit CHECK (factor > 0 AND factor <= 1000000),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id)
);
CREATE INDEX item_unit_of ON guyub.item_unit (facility_id, item_id);
SELECT guyub.protect('item_unit', 'facility');
GRANT SELECT, INSERT (facility_id, item_id, unit, factor) ON guyub.item_unit TO {{app}};

-- What holds everywhere and for all goods: 1 gram is 0,001 kg. `base` is the key of the unit in which goods are counted.
CREATE TABLE guyub.measure (
    base   text NOT NULL,
    unit   text NOT NULL CONSTRAINT tidy_unit CHECK (guyub.is_unit(unit)),
    factor numeric(14, 6) NOT NULL CONSTRAINT factor_of_unit CHECK (factor > 0 AND factor <= 1000000),
    PRIMARY KEY (base, unit)
);
SELECT guyub.protect('measure', 'open');
GRANT SELECT ON guyub.measure TO {{app}};
INSERT INTO guyub.measure VALUES
    ('kg', 'gram', 0.001), ('kg', 'ons', 0.1), ('kg', 'kuintal', 100), ('kg', 'ton', 1000), ('g', 'kg', 1000),
    ('l', 'ml', 0.001), ('ml', 'liter', 1000), ('buah', 'lusin', 12), ('buah', 'kodi', 20), ('butir', 'lusin', 12);

-- A quantity as the paper has it, beside that of the books: 80 sak, where 2.000 kg entered the lots of that journal.
CREATE TABLE guyub.written_quantity (
    facility_id uuid NOT NULL,
    journal_id  uuid NOT NULL,
    item_id     uuid NOT NULL,
    line        integer NOT NULL CHECK (line BETWEEN 1 AND 1000),
    quantity    numeric(14, 3) NOT NULL CHECK (quantity > 0),
    unit        text NOT NULL CONSTRAINT tidy_unit CHECK (guyub.is_unit(unit)),
    factor      numeric(14, 6) NOT NULL,        -- as it was declared then
    PRIMARY KEY (facility_id, journal_id, item_id, line),
    FOREIGN KEY (facility_id, item_id) REFERENCES guyub.item (facility_id, id),
    FOREIGN KEY (facility_id, journal_id) REFERENCES guyub.journal (facility_id, id)
);
SELECT guyub.protect('written_quantity', 'facility');
GRANT SELECT, INSERT (facility_id, journal_id, item_id, line, quantity, unit) ON guyub.written_quantity TO {{app}};

-- What every office hands out, in the unit of its price on the market.
INSERT INTO guyub.catalogue_item (code, name, unit) VALUES
    ('beras', 'Beras', 'kg'), ('gula', 'Gula pasir', 'kg'), ('minyak', 'Minyak goreng', 'liter'), ('telur', 'Telur ayam', 'butir'),
    ('mi', 'Mi instan', 'bungkus'), ('tepung', 'Tepung terigu', 'kg'), ('garam', 'Garam', 'kg'), ('kecap', 'Kecap', 'botol'),
    ('teh', 'Teh', 'kotak'), ('kopi', 'Kopi', 'bungkus'), ('susu', 'Susu', 'kaleng'), ('sarden', 'Sarden', 'kaleng'),
    ('biskuit', 'Biskuit', 'bungkus'), ('sabun', 'Sabun mandi', 'buah'), ('sembako', 'Paket sembako', 'paket');
INSERT INTO guyub.catalogue_unit (code, base, unit, factor) VALUES ('telur', 'butir', 'papan', 30);

-- Goods that the facilities of a region have and count alike are in its catalogue.
INSERT INTO guyub.catalogue_item (region_id, code, name, unit)
SELECT f.region_id, i.code, min(i.name), min(i.unit)
FROM guyub.item i JOIN guyub.facility f ON f.id = i.facility_id
WHERE NOT EXISTS (SELECT FROM guyub.catalogue_item c WHERE c.region_id IS NULL AND c.code = i.code)
GROUP BY f.region_id, i.code HAVING count(DISTINCT guyub.unit_key(i.unit)) = 1
ON CONFLICT DO NOTHING;
