-- One chained entry per operation. The chain of a facility is its id; the nil id is the installation's own chain.

CREATE TABLE guyub.audit_chain (
    id   uuid PRIMARY KEY,
    seq  bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT '\x'
);
SELECT guyub.protect('audit_chain', 'own', configuring => true);
CREATE POLICY in_scope ON guyub.audit_chain FOR SELECT TO {{app}}
    USING (id = ANY ((SELECT guyub.scope())::uuid[])
           OR (id = '00000000-0000-0000-0000-000000000000' AND (SELECT guyub.scope_is_system())));
GRANT SELECT ON guyub.audit_chain TO {{app}};

CREATE TABLE guyub.audit_entry (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    nth         bigint GENERATED ALWAYS AS IDENTITY UNIQUE,   -- its place among those of all chains
    chain       uuid NOT NULL REFERENCES guyub.audit_chain,
    facility_id uuid GENERATED ALWAYS AS (NULLIF(chain, '00000000-0000-0000-0000-000000000000'::uuid)) STORED,
    seq         bigint NOT NULL,
    at          timestamptz NOT NULL CONSTRAINT audit_moment CHECK (isfinite(at)),
    actor       uuid,
    actor_label text NOT NULL,
    action      text NOT NULL,
    subject     text NOT NULL,
    reason      text NOT NULL DEFAULT '' CONSTRAINT reason_length CHECK (length(reason) <= 500)
                CONSTRAINT reason_says_something CHECK (guyub.is_reason(reason)),
    details     jsonb NOT NULL DEFAULT '{}' CONSTRAINT audit_details CHECK (
                    jsonb_typeof(details) = 'object' AND guyub.is_count(details -> 'rupiah')
                    AND guyub.is_count(details -> 'households')),
    previous    bytea NOT NULL,
    hash        bytea NOT NULL,
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),   -- the transaction of the operation, by which its rows are found
    UNIQUE (chain, seq)
);
CREATE INDEX audit_entry_when ON guyub.audit_entry (chain, at DESC);
SELECT guyub.protect('audit_entry', 'own', configuring => true);
CREATE POLICY in_scope ON guyub.audit_entry FOR SELECT TO {{app}}
    USING (facility_id = ANY ((SELECT guyub.scope())::uuid[]) OR (facility_id IS NULL AND (SELECT guyub.scope_is_system())));
GRANT SELECT ON guyub.audit_entry TO {{app}};
