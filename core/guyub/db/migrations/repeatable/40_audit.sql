-- One chained entry per operation. The chain of a facility is its id; the nil id is the installation's own chain.

CREATE OR REPLACE FUNCTION guyub.audit_hash(e guyub.audit_entry) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT sha256(e.previous || convert_to(jsonb_build_array(
        e.id, e.chain, e.seq, e.at, e.actor, e.actor_label, e.action, e.subject, e.reason, e.details)::text, 'UTF8'))
$$;
GRANT EXECUTE ON FUNCTION guyub.audit_hash TO {{app}};

-- The only way in. Who acts comes from the verified scope, when from the clock: neither is an argument.
CREATE OR REPLACE FUNCTION guyub.audit(chain uuid, action text, subject text, reason text, details jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head guyub.audit_chain;
    e    guyub.audit_entry;
BEGIN
    IF guyub.verified_scope() IS NULL THEN PERFORM guyub.refuse('GU001', 'an audit entry needs a scope'); END IF;
    IF (audit.chain = ANY (guyub.scope()) OR (audit.chain = '00000000-0000-0000-0000-000000000000'
                                              AND guyub.scope_is_system())) IS NOT TRUE THEN
        PERFORM guyub.refuse('GU001', 'this chain is outside the scope');
    END IF;
    INSERT INTO guyub.audit_chain (id) VALUES (audit.chain) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM guyub.audit_chain c WHERE c.id = audit.chain FOR UPDATE;
    e.id := uuidv7(); e.chain := audit.chain; e.seq := head.seq + 1; e.at := clock_timestamp();
    e.actor := guyub.actor(); e.actor_label := guyub.actor_label(); e.action := audit.action; e.subject := audit.subject;
    e.reason := COALESCE(audit.reason, ''); e.details := COALESCE(audit.details, '{}'); e.previous := head.hash;
    e.hash := guyub.audit_hash(e);
    INSERT INTO guyub.audit_entry (id, chain, seq, at, actor, actor_label, action, subject, reason, details, previous, hash)
    VALUES (e.id, e.chain, e.seq, e.at, e.actor, e.actor_label, e.action, e.subject, e.reason, e.details, e.previous, e.hash);
    UPDATE guyub.audit_chain c SET seq = e.seq, hash = e.hash WHERE c.id = e.chain;
    RETURN e.id;
END $$;
GRANT EXECUTE ON FUNCTION guyub.audit TO {{app}};

-- One row per broken link: an edited entry, a missing one, one beyond the head, a head whose entry or which itself is gone.
-- What may be read of entries and heads is what is in scope, so a chain out of scope is no problem of this reader.
CREATE OR REPLACE FUNCTION guyub.audit_problems() RETURNS TABLE (chain uuid, seq bigint, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH linked AS (
        SELECT e.chain, e.seq, e.previous, e.hash, guyub.audit_hash(e) AS expected,
               lag(e.seq, 1, 0::bigint) OVER w AS seq_before, lag(e.hash, 1, '\x'::bytea) OVER w AS hash_before
        FROM guyub.audit_entry e WINDOW w AS (PARTITION BY e.chain ORDER BY e.seq))
    SELECT l.chain, l.seq, CASE WHEN l.hash <> l.expected THEN 'edited'
                                WHEN l.seq <> l.seq_before + 1 THEN 'missing before'
                                ELSE 'not linked' END
    FROM linked l
    WHERE l.hash <> l.expected OR l.seq <> l.seq_before + 1 OR l.previous <> l.hash_before
    UNION ALL
    SELECT c.id, c.seq, 'last entries missing' FROM guyub.audit_chain c
    WHERE c.seq > 0
      AND NOT EXISTS (SELECT FROM guyub.audit_entry e WHERE e.chain = c.id AND e.seq = c.seq AND e.hash = c.hash)
    UNION ALL
    SELECT e.chain, e.seq, 'beyond the head' FROM guyub.audit_entry e JOIN guyub.audit_chain c ON c.id = e.chain
    WHERE e.seq > c.seq
    UNION ALL
    SELECT e.chain, max(e.seq), 'head missing' FROM guyub.audit_entry e
    WHERE NOT EXISTS (SELECT FROM guyub.audit_chain c WHERE c.id = e.chain) GROUP BY e.chain
$$;
GRANT EXECUTE ON FUNCTION guyub.audit_problems TO {{app}};

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();
