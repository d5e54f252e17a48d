-- Lists follow life: what stands on a list is compared with the registry and the claims as they are now, and who gains an
-- identity after the approval is claimed for it.

-- How a listed household differs from what the list has of it, in one pass over the list: a row for each difference.
--   gone        it is archived
--   nobody      nobody receives for it
--   recipient   somebody else receives, or is called otherwise, than was proposed
--   category, size, area    as they were judged
--   packages    an institution receives another number of them, where the month has none of its own
--   no_nik      whoever receives has no NIK, so that double aid cannot be seen
--   inmate      the inmate of the family is no longer inside
--   one_inmate  another household of the list is tied to the same inmate
--   after_death its recipient is recorded as having received on a day after their death, which was entered later
--   passed_over whose score would have a place, but nobody receives for it; while the list is made
--   served      one of its people was served this month at another facility, or is on another list
CREATE OR REPLACE FUNCTION guyub.list_differences(cycle uuid, only_of uuid)
RETURNS TABLE (entitlement_id uuid, household_id uuid, name text, kind text, before text, after text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH listed AS MATERIALIZED (
        SELECT e.id, e.household_id, e.category, e.area, e.members, e.packages, e.packages_reason, h.packages AS packages_now, h.active, h.category AS category_now, h.village_code,
               h.village, CASE WHEN h.category = 'institution' THEN h.people_served
                               ELSE h.children_under_5 + h.children_of_school_age + h.adults + h.elderly END::integer AS members_now,
               m.id AS member_id, concat_ws(' · ', NULLIF(h.institution_name, ''), m.full_name) AS full_name, m.nik_masked, m.nik_index IS NOT NULL AS has_nik,
               s.full_name AS named, s.nik_masked AS numbered, COALESCE(s.full_name, m.full_name, g.full_name, '') AS name,
               COALESCE(g.gone_as, '') AS gone_as, COALESCE(last_act.reason, '') AS act
        FROM guyub.entitlement e JOIN guyub.household h ON h.id = e.household_id
        LEFT JOIN guyub.member m ON m.household_id = h.id AND m.is_recipient AND m.active
        LEFT JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
        LEFT JOIN LATERAL (SELECT x.full_name, x.gone_as FROM guyub.member x WHERE x.household_id = h.id
                           ORDER BY x.is_recipient DESC, x.gone_on DESC NULLS LAST, x.id LIMIT 1) g ON m.id IS NULL
        LEFT JOIN LATERAL (SELECT v.reason FROM guyub.household_event v WHERE v.household_id = h.id AND v.kind IN ('left', 'died', 'moved')
                           ORDER BY v.seq DESC LIMIT 1) last_act ON NOT h.active
        -- A reserve is compared when it is asked for alone.
        WHERE e.cycle_id = cycle AND (e.state IN ('selected', 'approved', 'absent') OR e.id = only_of AND e.state = 'candidate')
          AND (only_of IS NULL OR e.id = only_of)),
    tied AS MATERIALIZED (
        SELECT l.id, k.inmate_id, i.full_name, i.status, i.status_since, count(*) OVER (PARTITION BY k.inmate_id) AS households
        FROM listed l JOIN guyub.inmate_link k ON k.household_id = l.household_id AND k.ended_on IS NULL JOIN guyub.inmate i ON i.id = k.inmate_id
        WHERE l.category_now = 'inmate_family')
    SELECT l.id, l.household_id, l.name, d.kind, d.before, d.after FROM listed l
    CROSS JOIN LATERAL (VALUES
        ('gone', l.act, '', NOT l.active),
        ('nobody', l.gone_as, '', l.active AND l.member_id IS NULL),
        ('recipient', l.named, l.full_name, l.active AND l.member_id IS NOT NULL AND l.named IS NOT NULL
            AND ((l.named, l.numbered) IS DISTINCT FROM (l.full_name, l.nik_masked))
            AND (l.named <> l.full_name OR l.numbered <> '' AND l.nik_masked <> '')),
        ('category', l.category, l.category_now, l.active AND l.category <> l.category_now),
        ('size', l.members::text, l.members_now::text, l.active AND l.members <> l.members_now),
        ('packages', l.packages::text, l.packages_now::text,
            l.active AND l.packages_reason = '' AND l.category = l.category_now AND l.packages <> l.packages_now),
        ('area', l.area, l.village, l.active AND l.area <> l.village_code),
        ('no_nik', '', '', l.active AND l.member_id IS NOT NULL AND NOT l.has_nik AND l.category_now <> 'institution'))
        AS d (kind, before, after, is_so)
    WHERE d.is_so
    UNION ALL
    SELECT l.id, l.household_id, l.name, 'one_inmate', t.full_name, '' FROM tied t JOIN listed l ON l.id = t.id WHERE t.households > 1
    UNION ALL
    SELECT l.id, l.household_id, l.name, 'inmate', t.full_name, t.status || ' ' || COALESCE(t.status_since::text, '')
    FROM tied t JOIN listed l ON l.id = t.id WHERE t.status NOT IN ('detainee', 'convict', 'juvenile')
    UNION ALL
    SELECT e.id, e.household_id, s.full_name, 'after_death', m.gone_on::text, (h.handed_at AT TIME ZONE f.zone)::date::text
    FROM guyub.entitlement e JOIN guyub.facility f ON f.id = e.facility_id
    JOIN guyub.handover h ON h.entitlement_id = e.id AND h.reversed_at IS NULL AND h.collected_by = 'recipient'
    JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
    JOIN guyub.member m ON m.household_id = e.household_id AND m.gone_as = 'died' AND m.full_name = s.full_name
    WHERE e.cycle_id = list_differences.cycle AND (only_of IS NULL OR e.id = only_of) AND m.gone_on < (h.handed_at AT TIME ZONE f.zone)::date
    UNION ALL
    SELECT e.id, e.household_id, COALESCE(g.full_name, ''), 'passed_over', COALESCE(g.gone_as, ''), ''
    FROM guyub.entitlement e JOIN guyub.cycle c ON c.id = e.cycle_id AND c.state = 'planned'
    JOIN guyub.household h ON h.id = e.household_id AND h.active
    LEFT JOIN LATERAL (SELECT concat_ws(' · ', NULLIF(h.institution_name, ''), x.full_name) AS full_name, x.gone_as FROM guyub.member x
                       WHERE x.household_id = h.id ORDER BY x.is_recipient DESC, x.gone_on DESC NULLS LAST, x.id LIMIT 1) g ON true
    WHERE e.cycle_id = list_differences.cycle AND only_of IS NULL AND e.state = 'candidate' AND e.state_reason = ''
      AND NOT EXISTS (SELECT FROM guyub.member m WHERE m.household_id = h.id AND m.is_recipient AND m.active)
      AND e.score >= (SELECT min(x.score) FROM guyub.entitlement x WHERE x.cycle_id = list_differences.cycle AND x.state = 'selected')
    UNION ALL
    SELECT l.id, l.household_id, l.name, 'served', '', s.facility
    FROM guyub.served_elsewhere(cycle) s JOIN listed l ON l.id = s.entitlement_id
$$;
GRANT EXECUTE ON FUNCTION guyub.list_differences TO {{app}};

-- An identity that is filled in, or moves to another household, after the approval is claimed as those before it were. What is
-- claimed elsewhere already stays there: the household is shown as served (guyub.served_elsewhere) and receives nothing more.
CREATE OR REPLACE FUNCTION guyub.claim_later(households uuid[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH held AS MATERIALIZED (
        SELECT e.id, e.facility_id, e.household_id, c.exclusion_group, c.period FROM guyub.entitlement e
        JOIN guyub.cycle c ON c.id = e.cycle_id AND c.state IN ('approved', 'distributing', 'closed')
        WHERE e.household_id = ANY (households) AND (e.state = 'received' OR e.state IN ('approved', 'absent') AND c.state <> 'closed'))
    INSERT INTO guyub.claim (identity, exclusion_group, period, facility_id, entitlement_id)
    SELECT DISTINCT ON (i.identity, h.exclusion_group, h.period) i.identity, h.exclusion_group, h.period, h.facility_id, h.id
    FROM held h CROSS JOIN LATERAL (
        SELECT m.nik_index FROM guyub.member m WHERE m.household_id = h.household_id AND m.active AND m.nik_index IS NOT NULL
        UNION
        SELECT x.family_card_index FROM guyub.household x WHERE x.id = h.household_id AND x.family_card_index IS NOT NULL
    ) AS i (identity)
    ORDER BY i.identity, h.exclusion_group, h.period, h.id
    ON CONFLICT (identity, exclusion_group, period) WHERE released_at IS NULL DO NOTHING
$$;
CREATE OR REPLACE FUNCTION guyub.claim_identities() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'member' THEN
        PERFORM guyub.claim_later(ARRAY(SELECT DISTINCT n.household_id FROM changed n WHERE n.active AND n.nik_index IS NOT NULL));
    ELSE
        PERFORM guyub.claim_later(ARRAY(SELECT n.id FROM changed n WHERE n.family_card_index IS NOT NULL));
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER claim_new AFTER INSERT ON guyub.member REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.claim_identities();
CREATE OR REPLACE TRIGGER claim_changed AFTER UPDATE ON guyub.member REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.claim_identities();
CREATE OR REPLACE TRIGGER claim_changed AFTER UPDATE ON guyub.household REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.claim_identities();

-- Nobody receives who was served elsewhere this month, whenever that came to light.
CREATE OR REPLACE FUNCTION guyub.keep_once_a_month() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken jsonb;
BEGIN
    WITH given AS MATERIALIZED (
        SELECT e.id, e.household_id, c.exclusion_group, c.period FROM changed n
        JOIN guyub.entitlement e ON e.id = n.entitlement_id JOIN guyub.cycle c ON c.id = e.cycle_id),
    known AS MATERIALIZED (
        SELECT g.*, m.nik_index AS identity FROM given g
        JOIN guyub.member m ON m.household_id = g.household_id AND m.active AND m.nik_index IS NOT NULL
        UNION
        SELECT g.*, h.family_card_index FROM given g JOIN guyub.household h ON h.id = g.household_id AND h.family_card_index IS NOT NULL)
    SELECT jsonb_agg(DISTINCT jsonb_build_object('entitlement', k.id, 'facility', f.name)) INTO taken
    FROM known k JOIN guyub.claim cl ON cl.identity = k.identity AND cl.exclusion_group = k.exclusion_group
                                    AND cl.period = k.period AND cl.released_at IS NULL AND cl.entitlement_id <> k.id
    JOIN guyub.facility f ON f.id = cl.facility_id;
    IF taken IS NOT NULL THEN PERFORM guyub.refuse('GU008', 'already served this month', taken::text); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER keep_once_a_month AFTER INSERT ON guyub.handover REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_once_a_month();
