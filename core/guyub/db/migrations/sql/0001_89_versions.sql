-- A decision binds what was seen. What is proposed has a version, the revision of its cycle: it rises with every proposal and
-- return, and with the quota, day, hour and place; list, package and funds change in planning only, so never without it.
-- Whoever approves or returns a proposal, or cancels a month, names the version that they read, and it must be the one that
-- stands. Approval raises it as well: who read a proposal does not cancel an approved list.

-- What stood in each version, so that somebody who read an older one is shown what changed. Households are named by their ids
-- alone: who reads them needs the scope for people, and anonymising a household leaves nothing behind here.
CREATE TABLE guyub.proposal (
    facility_id     uuid NOT NULL,
    cycle_id        uuid NOT NULL,
    version         integer NOT NULL,
    proposed_by     uuid REFERENCES guyub.person,
    kept_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    quota           integer NOT NULL,
    distribution_on date,
    starts_at       time,
    place           text NOT NULL,
    value           bigint NOT NULL,           -- rupiah of all packages at the planned prices
    package         jsonb NOT NULL,            -- its lines, in order
    households      uuid[] NOT NULL,
    funds           uuid[] NOT NULL,           -- in order of payment
    PRIMARY KEY (cycle_id, version),
    FOREIGN KEY (facility_id, cycle_id) REFERENCES guyub.cycle (facility_id, id)
);
SELECT guyub.protect('proposal', 'personal');
GRANT SELECT ON guyub.proposal TO {{app}};
