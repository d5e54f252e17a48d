-- What the documents of a cycle rest on, by topic: a digest that another act changes. For every reader of the facility, also those
-- who see no people: nothing of it can be read back.
CREATE OR REPLACE FUNCTION guyub.cycle_basis(cycle uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH c AS MATERIALIZED (
        SELECT y.*, p.zone FROM guyub.cycle y JOIN guyub.facility p ON p.id = y.facility_id
        WHERE y.id = cycle AND y.facility_id = ANY (guyub.scope())),
    listed AS MATERIALIZED (
        SELECT e.id, e.category, e.state, e.state_reason, s.number,
               row(s.full_name, s.nik_masked, s.address, s.relationship, s.inmate_name)::text AS person
        FROM c JOIN guyub.entitlement e ON e.cycle_id = c.id JOIN guyub.recipient_snapshot s ON s.entitlement_id = e.id
        WHERE e.state NOT IN ('candidate', 'excluded')),
    handed AS MATERIALIZED (
        SELECT h.entitlement_id, (h.handed_at AT TIME ZONE c.zone)::date AS day,
               row(h.id, h.handed_at, h.given_by, h.witness, h.proxy_name, h.proxy_letter, h.proof)::text AS said
        FROM c CROSS JOIN listed l JOIN guyub.handover h ON h.entitlement_id = l.id AND h.reversed_at IS NULL),
    days AS MATERIALIZED (SELECT array_agg(DISTINCT day ORDER BY day) AS days FROM handed)
    SELECT jsonb_build_object(
        'plan', (SELECT md5(row(c.distribution_on, c.starts_at, c.place, c.settings -> 'title',
                                NULLIF(days.days, ARRAY[c.distribution_on]))::text) FROM days),
        'list', (SELECT md5(string_agg(row(l.id, l.number, l.category, l.person)::text, ',' ORDER BY l.number, l.id)) FROM listed l),
        'package', (SELECT md5(string_agg(row(n.entitlement_id, n.line, n.item_id, n.quantity, n.price)::text, ','
                                          ORDER BY n.entitlement_id, n.line))
                    FROM listed l JOIN guyub.entitlement_line n ON n.entitlement_id = l.id),
        'hand_over', (SELECT md5(string_agg(row(l.id, l.state = 'received', l.state = 'absent', h.said,
                                                CASE WHEN l.state = 'absent' THEN l.state_reason END)::text, ','
                                            ORDER BY l.number, l.id))
                      FROM listed l LEFT JOIN handed h ON h.entitlement_id = l.id),
        'approval', (SELECT md5(string_agg(row(j.id, j.occurred_on, f.name)::text, ',' ORDER BY j.id, f.id))
                     FROM (SELECT DISTINCT r.journal_id, r.fund_id FROM guyub.reservation r
                           WHERE r.holder_id = c.id AND r.withdrawn_at IS NULL) r
                     JOIN guyub.journal j ON j.id = r.journal_id JOIN guyub.fund f ON f.id = r.fund_id),
        'money', (SELECT md5(row(count(*), max(t.seq))::text)
                  FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
                  WHERE j.holder_id = c.id AND j.kind <> 'reservation'),
        'state', md5(row(c.state = 'closed', c.closing_note)::text))
    FROM c
$$;
GRANT EXECUTE ON FUNCTION guyub.cycle_basis TO {{app}};

-- What a facility was on a day: its name and letterhead, who signs, the ministry's programme.
CREATE OR REPLACE FUNCTION guyub.day_basis(facility uuid, day date) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'officials', (SELECT md5(string_agg(row(o.role_code, o.title, o.name, o.nip, o.acting)::text, ','
                                            ORDER BY o.role_code, o.acting, o.valid_from))
                      FROM guyub.official o
                      WHERE o.facility_id = p.id AND o.role_code IN ('head', 'detainee_services', 'management', 'treasurer')
                        AND day BETWEEN o.valid_from AND COALESCE(o.valid_until, 'infinity')),
        'facility', md5(row(p.city, p.letter_place, p.zone, p.paper, p.letter_template, n.name)::text),
        'theme', (SELECT md5(string_agg(row(t.code, t.label, t.detail)::text, ',' ORDER BY t.code)) FROM guyub.theme t
                  WHERE day BETWEEN t.valid_from AND COALESCE(t.valid_until, 'infinity')))
    FROM guyub.facility p
    LEFT JOIN LATERAL (
        SELECT row(f.name, f.long_name, f.region_id, f.letterhead)::text AS name FROM guyub.facility_name f
        WHERE f.facility_id = p.id
        ORDER BY (f.valid_from <= day) DESC, CASE WHEN f.valid_from <= day THEN f.valid_from END DESC NULLS LAST, f.valid_from, f.seq DESC
        LIMIT 1) n ON true
    WHERE p.id = facility AND p.id = ANY (guyub.scope())
$$;
GRANT EXECUTE ON FUNCTION guyub.day_basis TO {{app}};

-- What a cash book says until a day, and whether its month is closed.
CREATE OR REPLACE FUNCTION guyub.book_basis(fund uuid, until date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT md5(row(f.name, (SELECT row(count(*), sum(l.rupiah), md5(string_agg(l.journal_id::text, ',' ORDER BY l.journal_id)))::text
                            FROM guyub.cash_lines(f.id, '-infinity', until) l),
                   (SELECT b.closed_on FROM guyub.book_closing b
                    WHERE b.facility_id = f.facility_id AND b.fund_id = f.id AND b.month = date_trunc('month', until)::date))::text)
    FROM guyub.fund f WHERE f.id = fund AND f.facility_id = ANY (guyub.scope())
$$;
GRANT EXECUTE ON FUNCTION guyub.book_basis TO {{app}};
