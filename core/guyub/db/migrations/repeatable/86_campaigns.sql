-- An order of a regional office becomes a month of a programme at many facilities, whose staff go on as with any other. Its
-- quota and its ceiling bind them; the day is a wish, since a hall may be taken.

CREATE OR REPLACE FUNCTION guyub.may_run_campaigns(region uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT guyub.scope_is_system() OR EXISTS (
        SELECT FROM guyub.role_assignment a JOIN guyub.role r ON r.code = a.role_code
        CROSS JOIN LATERAL (SELECT guyub.today_at('Asia/Jakarta') AS today) here
        WHERE a.person_id = guyub.actor() AND 'programs.campaign' = ANY (r.permissions)
          AND a.valid_from <= here.today AND (a.valid_until IS NULL OR a.valid_until >= here.today)
          AND (r.scope = 'national' OR (r.scope = 'region' AND a.region_id = region)))
$$;
GRANT EXECUTE ON FUNCTION guyub.may_run_campaigns TO {{app}};

-- Who and when are the database's own. An order changes once: when it is cancelled.
CREATE OR REPLACE FUNCTION guyub.stamp_campaign() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT guyub.may_run_campaigns(NEW.region_id) THEN PERFORM guyub.refuse('GU004', 'an order comes from the regional office'); END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.ordered_by := guyub.actor(); NEW.ordered_label := COALESCE(guyub.actor_label(), ''); NEW.ordered_at := clock_timestamp();
        NEW.cancelled_at := NULL; NEW.cancelled_by := NULL; NEW.cancel_reason := '';
        RETURN NEW;
    END IF;
    IF OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
       OR (to_jsonb(NEW) - '{cancelled_at,cancelled_by,cancel_reason}'::text[])
          <> (to_jsonb(OLD) - '{cancelled_at,cancelled_by,cancel_reason}'::text[]) THEN
        PERFORM guyub.refuse('GU002', 'an order is cancelled once and otherwise never changed');
    END IF;
    IF EXISTS (SELECT FROM guyub.lock_cycles(ARRAY(SELECT c.id FROM guyub.cycle c WHERE c.campaign_id = NEW.id)) held
               WHERE held.state NOT IN ('planned', 'cancelled')) THEN
        PERFORM guyub.refuse('GU016', 'campaign_under_way');
    END IF;
    NEW.cancelled_at := clock_timestamp(); NEW.cancelled_by := guyub.actor();
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_campaign BEFORE INSERT OR UPDATE ON guyub.campaign FOR EACH ROW EXECUTE FUNCTION guyub.stamp_campaign();

-- What was ordered stays with the facilities as their own planned months, so that a corrected order can take them over.
CREATE OR REPLACE FUNCTION guyub.campaign_releases_cycles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE guyub.cycle c SET campaign_id = NULL WHERE c.campaign_id = NEW.id AND c.state = 'planned';
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER campaign_releases_cycles AFTER UPDATE ON guyub.campaign FOR EACH ROW EXECUTE FUNCTION guyub.campaign_releases_cycles();
CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON guyub.campaign
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

CREATE OR REPLACE FUNCTION guyub.check_campaign_facility() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    o guyub.campaign;
    f guyub.facility;
BEGIN
    -- Held, so that it is not cancelled meanwhile.
    SELECT * INTO o FROM guyub.campaign g WHERE g.id = NEW.campaign_id FOR SHARE;
    SELECT * INTO f FROM guyub.facility x WHERE x.id = NEW.facility_id;
    IF o.cancelled_at IS NOT NULL THEN PERFORM guyub.refuse('GU016', 'campaign_cancelled'); END IF;
    IF f.region_id IS DISTINCT FROM o.region_id THEN
        PERFORM guyub.refuse('GU004', 'an order is for the facilities of its own region');
    END IF;
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.campaign', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'an order comes from the regional office');
    END IF;
    IF f.closed_on < o.distribution_on THEN PERFORM guyub.refuse('GU016', 'campaign_to_closed'); END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER check_campaign_facility BEFORE INSERT ON guyub.campaign_facility FOR EACH ROW EXECUTE FUNCTION guyub.check_campaign_facility();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.campaign_facility
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- The packages of one household, in rupiah at planned prices; each household of a cycle counts with its own size.
DROP FUNCTION IF EXISTS guyub.package_value(uuid, integer);
CREATE OR REPLACE FUNCTION guyub.package_value(cycle uuid, members integer, packages integer) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(sum(round(guyub.entitlement_quantity(p.quantity, members, p.per_member, p.at_most, packages) * p.price)), 0)
    FROM guyub.package_line p WHERE p.cycle_id = cycle
$$;

-- A month comes under an order, or leaves it, by the office that orders: the quota comes with it.
CREATE OR REPLACE FUNCTION guyub.campaign_binds_cycle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before uuid := CASE WHEN TG_OP = 'UPDATE' THEN OLD.campaign_id END;
    o record;
BEGIN
    IF NEW.campaign_id IS NOT DISTINCT FROM before THEN
        IF TG_OP = 'UPDATE' AND NEW.campaign_id IS NOT NULL AND NEW.quota <> OLD.quota THEN
            PERFORM guyub.refuse('GU016', 'campaign_quota', OLD.quota::text);
        END IF;
        RETURN NEW;
    END IF;
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('programs.campaign', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'a month comes under an order by the regional office');
    END IF;
    IF NEW.campaign_id IS NULL THEN
        SELECT f.own_quota, g.cancelled_at INTO o FROM guyub.campaign_facility f JOIN guyub.campaign g ON g.id = f.campaign_id
        WHERE f.campaign_id = before AND f.facility_id = NEW.facility_id;
        IF o.cancelled_at IS NULL THEN PERFORM guyub.refuse('GU016', 'campaign_holds'); END IF;
        NEW.quota := o.own_quota;
        RETURN NEW;
    END IF;
    SELECT f.quota, g.* INTO o FROM guyub.campaign_facility f JOIN guyub.campaign g ON g.id = f.campaign_id
    JOIN guyub.program p ON p.id = NEW.program_id AND p.plugin = g.plugin AND p.program_type = g.program_type
    WHERE f.campaign_id = NEW.campaign_id AND f.facility_id = NEW.facility_id AND g.period = NEW.period
      AND g.cancelled_at IS NULL;
    IF o.id IS NULL THEN PERFORM guyub.refuse('GU016', 'campaign_of_another_month'); END IF;
    IF before IS NOT NULL THEN PERFORM guyub.refuse('GU016', 'campaign_holds'); END IF;
    IF NEW.state <> 'planned' THEN PERFORM guyub.refuse('GU016', 'campaign_too_late'); END IF;
    IF TG_OP = 'UPDATE' AND guyub.package_value(NEW.id, 1, 1) > o.ceiling THEN
        PERFORM guyub.refuse('GU016', 'campaign_ceiling', o.ceiling::text);
    END IF;
    NEW.quota := o.quota;
    NEW.distribution_on := o.distribution_on;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER "10_campaign_binds_cycle" BEFORE INSERT OR UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.campaign_binds_cycle();

CREATE OR REPLACE FUNCTION guyub.campaign_binds_package() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ceiling bigint;
BEGIN
    SELECT min(g.ceiling) INTO ceiling FROM (SELECT DISTINCT n.cycle_id FROM changed n) x
    JOIN guyub.cycle c ON c.id = x.cycle_id JOIN guyub.campaign g ON g.id = c.campaign_id
    WHERE g.ceiling < guyub.package_value(c.id, 1, 1);
    IF ceiling IS NOT NULL THEN PERFORM guyub.refuse('GU016', 'campaign_ceiling', ceiling::text); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER within_campaign AFTER INSERT ON guyub.package_line REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.campaign_binds_package();

-- With the proposal the list is known, and with each household's size what it gets.
CREATE OR REPLACE FUNCTION guyub.campaign_binds_list() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    o record;
    listed bigint;
    dearest numeric;
BEGIN
    SELECT f.quota, g.ceiling INTO o FROM guyub.campaign_facility f JOIN guyub.campaign g ON g.id = f.campaign_id
    WHERE f.campaign_id = NEW.campaign_id AND f.facility_id = NEW.facility_id;
    -- The quota counts packages, and the ceiling is that of one of them.
    SELECT sum(sizes.households * sizes.packages), max(guyub.package_value(NEW.id, sizes.members, sizes.packages) / sizes.packages)
    INTO listed, dearest
    FROM (SELECT e.members::integer AS members, e.packages, count(*) AS households FROM guyub.entitlement e
          WHERE e.cycle_id = NEW.id AND e.state = 'selected' GROUP BY 1, 2) sizes;
    IF listed > o.quota THEN PERFORM guyub.refuse('GU016', 'campaign_quota', o.quota::text); END IF;
    IF dearest > o.ceiling THEN PERFORM guyub.refuse('GU016', 'campaign_ceiling', o.ceiling::text); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "10_campaign_binds_list" AFTER UPDATE OF state ON guyub.cycle
FOR EACH ROW WHEN (NEW.state = 'proposed' AND NEW.campaign_id IS NOT NULL) EXECUTE FUNCTION guyub.campaign_binds_list();

-- What each item may cost one package of a cycle, by category, area, size and number of packages: the dearest that is held for it
-- comes first. ``with_money`` counts what is still to be bought at the money held for it, else at the planned price.
DROP FUNCTION IF EXISTS guyub.campaign_highest_shares(uuid, boolean);
CREATE OR REPLACE FUNCTION guyub.campaign_highest_shares(cycle uuid, with_money boolean)
RETURNS TABLE (category text, area text, members integer, packages integer, item_id uuid, quantity numeric, planned numeric, cost numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH by_area AS (SELECT EXISTS (SELECT FROM guyub.reservation r WHERE r.holder_id = cycle AND r.withdrawn_at IS NULL AND r.area <> '') AS asked),
    sizes AS (
        SELECT DISTINCT e.category, CASE WHEN b.asked THEN e.area ELSE '' END AS area, e.members::integer AS members, e.packages
        FROM guyub.entitlement e CROSS JOIN by_area b WHERE e.cycle_id = cycle AND e.state IN ('selected', 'approved')),
    wanted AS (
        SELECT s.category, s.area, s.members, s.packages, p.item_id, sum(share.quantity) AS quantity,
               sum(round(share.quantity * p.price)) AS planned
        FROM sizes s JOIN guyub.package_line p ON p.cycle_id = cycle
        CROSS JOIN LATERAL (SELECT guyub.entitlement_quantity(p.quantity, s.members, p.per_member, p.at_most, s.packages)
                                   / s.packages AS quantity) share
        GROUP BY 1, 2, 3, 4, 5),
    held AS (
        SELECT r.category, r.area, r.item_id, a.quantity, a.rupiah / a.quantity AS unit
        FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id AND a.kind = 'stock_reserved'
        WHERE r.holder_id = cycle AND a.quantity > 0
        UNION ALL
        SELECT r.category, r.area, r.item_id, still.quantity,
               CASE WHEN with_money THEN a.rupiah / still.quantity ELSE r.price END
        FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id AND a.kind = 'cash_reserved'
        CROSS JOIN LATERAL (
            SELECT r.quantity - COALESCE(sum(CASE WHEN t.reverses IS NULL THEN t.quantity ELSE -t.quantity END), 0) AS quantity
            FROM guyub.transfer t WHERE t.quantity > 0 AND a.id IN (t.credit_account, t.debit_account)) still
        WHERE r.holder_id = cycle AND r.withdrawn_at IS NULL AND r.item_id IS NOT NULL AND still.quantity > 0),
    stacked AS (
        SELECT h.*, sum(h.quantity) OVER run - h.quantity AS before
        FROM held h WINDOW run AS (PARTITION BY h.category, h.area, h.item_id ORDER BY h.unit DESC ROWS UNBOUNDED PRECEDING))
    SELECT w.category, w.area, w.members, w.packages, w.item_id, w.quantity, w.planned,
           got.rupiah + (w.quantity - got.quantity) * w.planned / w.quantity
    FROM wanted w CROSS JOIN LATERAL (
        SELECT COALESCE(sum(part.quantity), 0) AS quantity, COALESCE(sum(part.quantity * s.unit), 0) AS rupiah
        FROM stacked s CROSS JOIN LATERAL (SELECT least(s.quantity, greatest(w.quantity - s.before, 0)) AS quantity) part
        WHERE s.category = w.category AND s.area = w.area AND s.item_id = w.item_id) got
$$;

-- No household of these cycles may come to more than the order's ceiling; a fraction of a rupiah of a line is rounding. What
-- is told: the ceiling, what the household would get, the item that makes it dearer, and what may be spent on that.
CREATE OR REPLACE FUNCTION guyub.campaign_check_ceiling(cycles uuid[], with_money boolean, message text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    o record;
    told jsonb;
BEGIN
    FOR o IN SELECT c.id, g.ceiling FROM guyub.cycle c JOIN guyub.campaign g ON g.id = c.campaign_id
             WHERE c.id = ANY (cycles) AND g.ceiling IS NOT NULL ORDER BY c.id LOOP
        WITH shares AS MATERIALIZED (
            SELECT d.*, sum(trunc(d.cost)) OVER (PARTITION BY d.category, d.area, d.members, d.packages) AS total
            FROM guyub.campaign_highest_shares(o.id, with_money) d),
        cause AS (
            SELECT s.item_id, s.total FROM shares s WHERE s.total > o.ceiling AND s.item_id IS NOT NULL
            ORDER BY s.cost - s.planned DESC, s.item_id LIMIT 1)
        SELECT jsonb_build_object('ceiling', o.ceiling, 'value', cause.total, 'item', i.name, 'unit', i.unit, 'most', (
                   SELECT greatest(floor(min((o.ceiling - s.total + trunc(s.cost)) / s.quantity)), 0)
                   FROM shares s WHERE s.item_id = cause.item_id))
        INTO told FROM cause JOIN guyub.item i ON i.id = cause.item_id;
        IF told IS NOT NULL THEN PERFORM guyub.refuse('GU016', message, told::text); END IF;
    END LOOP;
END $$;

-- Goods in stock may have come in dearer than the package was planned.
CREATE OR REPLACE FUNCTION guyub.campaign_binds_stock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.campaign_check_ceiling(ARRAY[NEW.id], true, 'campaign_stock');
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "20_campaign_binds_stock" AFTER UPDATE OF state ON guyub.cycle
FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved' AND NEW.campaign_id IS NOT NULL)
EXECUTE FUNCTION guyub.campaign_binds_stock();

-- After the approval money is added to a promise, or spent on goods: a purchase counts what is bought, since what it saves
-- goes back to the fund a row later.
CREATE OR REPLACE FUNCTION guyub.campaign_binds_spending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    added  uuid[];
    bought uuid[];
BEGIN
    SELECT array_agg(DISTINCT c.id) FILTER (WHERE j.kind = 'reservation'),
           array_agg(DISTINCT c.id) FILTER (WHERE j.kind = 'purchase') INTO added, bought
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id AND j.kind IN ('reservation', 'purchase')
    JOIN guyub.cycle c ON c.id = j.holder_id AND c.campaign_id IS NOT NULL AND c.state IN ('approved', 'distributing');
    IF added IS NOT NULL THEN PERFORM guyub.campaign_check_ceiling(added, true, 'campaign_spending'); END IF;
    IF bought IS NOT NULL THEN PERFORM guyub.campaign_check_ceiling(bought, false, 'campaign_spending'); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER within_campaign AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.campaign_binds_spending();

-- What was given under an order, facility by facility in scope: the dearest package of a household, and how many are above the
-- ceiling by more than a rupiah of rounding for each line. Figures only, as attendance() gives them.
CREATE OR REPLACE FUNCTION guyub.campaign_handed_over(campaign uuid) RETURNS TABLE (facility_id uuid, dearest bigint, above bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT one.facility_id, max(one.rupiah)::bigint, count(*) FILTER (WHERE one.rupiah > g.ceiling + one.lines)
    FROM guyub.campaign g CROSS JOIN LATERAL (
        SELECT h.facility_id, sum(l.rupiah) / e.packages AS rupiah, count(*) AS lines
        FROM guyub.cycle c JOIN guyub.entitlement e ON e.cycle_id = c.id
        JOIN guyub.handover h ON h.entitlement_id = e.id AND h.reversed_at IS NULL
        JOIN guyub.handover_line l ON l.handover_id = h.id
        WHERE c.campaign_id = g.id AND c.facility_id = ANY ((SELECT guyub.scope())::uuid[])
        GROUP BY h.id, e.packages) one
    WHERE g.id = campaign GROUP BY 1
$$;
GRANT EXECUTE ON FUNCTION guyub.campaign_handed_over TO {{app}};

-- What a facility has to carry out a campaign with on a day: money that is free for the programme then, households and how many of
-- them were visited, funding sources that are active and officials in office. Figures only, as attendance() gives them.
CREATE OR REPLACE FUNCTION guyub.campaign_readiness(facilities uuid[], program text, funding text[], on_day date)
RETURNS TABLE (facility_id uuid, free bigint, households bigint, surveyed bigint, sources bigint, officials bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH place AS MATERIALIZED (
        SELECT x.id FROM unnest(facilities) AS x (id) WHERE x.id = ANY ((SELECT guyub.scope())::uuid[])),
    money AS MATERIALIZED (
        SELECT f.facility_id, sum(a.rupiah) AS rupiah
        FROM place p JOIN guyub.fund f ON f.facility_id = p.id JOIN guyub.account a ON a.fund_id = f.id AND a.kind = 'cash'
        WHERE (f.programs = '{}' OR program = ANY (f.programs))
          AND (f.usable_from IS NULL OR f.usable_from <= on_day) AND (f.usable_until IS NULL OR f.usable_until >= on_day)
        GROUP BY 1),
    registered AS MATERIALIZED (
        SELECT h.facility_id, count(*) AS households, count(s.id) AS surveyed
        FROM place p JOIN guyub.household h ON h.facility_id = p.id AND h.active
        LEFT JOIN guyub.survey s ON s.household_id = h.id AND NOT s.superseded GROUP BY 1),
    source AS MATERIALIZED (
        SELECT l.facility_id, count(*) FILTER (WHERE l.active) AS sources FROM (
            SELECT DISTINCT ON (a.facility_id, a.plugin) a.facility_id, a.active
            FROM place p JOIN guyub.plugin_activation a ON a.facility_id = p.id
            WHERE a.plugin = ANY (funding) AND a.valid_from <= on_day
            ORDER BY a.facility_id, a.plugin, a.valid_from DESC, a.seq DESC) l GROUP BY 1),
    official AS MATERIALIZED (
        SELECT o.facility_id, count(DISTINCT o.role_code) AS officials
        FROM place p JOIN guyub.official o ON o.facility_id = p.id
        WHERE o.name <> '' AND o.valid_from <= on_day AND (o.valid_until IS NULL OR o.valid_until >= on_day) GROUP BY 1)
    SELECT p.id, COALESCE(m.rupiah, 0)::bigint, COALESCE(r.households, 0), COALESCE(r.surveyed, 0), COALESCE(s.sources, 0),
           COALESCE(o.officials, 0)
    FROM place p LEFT JOIN money m ON m.facility_id = p.id LEFT JOIN registered r ON r.facility_id = p.id
    LEFT JOIN source s ON s.facility_id = p.id LEFT JOIN official o ON o.facility_id = p.id
$$;
GRANT EXECUTE ON FUNCTION guyub.campaign_readiness TO {{app}};

-- How many places of a quota, which counts packages, the households there take that were surveyed, and the institutions, which never
-- are.
CREATE OR REPLACE FUNCTION guyub.campaign_places(facilities uuid[]) RETURNS TABLE (facility_id uuid, places bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT h.facility_id, sum(h.packages)
    FROM guyub.household h
    WHERE h.facility_id = ANY (facilities) AND h.facility_id = ANY ((SELECT guyub.scope())::uuid[]) AND h.active
      AND (h.category = 'institution' OR EXISTS (SELECT FROM guyub.survey s WHERE s.household_id = h.id AND NOT s.superseded))
    GROUP BY 1
$$;
GRANT EXECUTE ON FUNCTION guyub.campaign_places TO {{app}};

-- Who could take the steps of a campaign at these facilities on a day: people with an account who may propose, who may approve, and
-- both together; the one who proposes never approves. Figures only.
CREATE OR REPLACE FUNCTION guyub.campaign_accounts(facilities uuid[], on_day date)
RETURNS TABLE (facility_id uuid, proposers integer, approvers integer, people integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT held.facility_id,
           count(DISTINCT p.id) FILTER (WHERE 'programs.propose' = ANY (r.permissions))::integer,
           count(DISTINCT p.id) FILTER (WHERE 'programs.approve' = ANY (r.permissions))::integer,
           count(DISTINCT p.id) FILTER (WHERE r.permissions && ARRAY['programs.propose', 'programs.approve'])::integer
    FROM guyub.role_assignment held
    JOIN guyub.person p ON p.id = held.person_id AND p.active
    JOIN guyub.role r ON r.code = held.role_code
    WHERE held.facility_id = ANY (facilities) AND held.facility_id = ANY ((SELECT guyub.scope())::uuid[])
      AND held.valid_from <= on_day AND (held.valid_until IS NULL OR held.valid_until >= on_day)
    GROUP BY held.facility_id
$$;
GRANT EXECUTE ON FUNCTION guyub.campaign_accounts TO {{app}};
