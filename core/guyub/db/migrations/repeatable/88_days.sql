-- Every act has its day, and is compared with that day: money leaves a fund that has it on that day, goods leave after they
-- came, and what a list brings about lies after its approval.
--
-- The day of an act is given by whoever does it, since papers say when something happened and a month may be entered
-- afterwards; the database's clock says when it was recorded (recorded_at, approved_at) and is the latest that a day may be.
-- An approval is both: a person approves at a moment of the application's clock, a month that is entered afterwards on the
-- day of its promises. So approved_from is the moment from which an approval holds: the one that is given, or else the
-- beginning of the day on which its promises are booked; never later than the clock nor earlier than the proposal, and always
-- on that day.

CREATE OR REPLACE FUNCTION guyub.start_of(day date, zone text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT day::timestamp AT TIME ZONE zone $$;

-- The application and its database may run on two machines, whose clocks differ a little.
CREATE OR REPLACE FUNCTION guyub.latest_moment() RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$ SELECT clock_timestamp() + interval '5 minutes' $$;

-- earliest: the first moment at which the act would be accepted, NULL where there is none.
CREATE OR REPLACE FUNCTION guyub.refuse_day(message text, kind text, facility uuid, earliest timestamptz, named text DEFAULT '', given timestamptz DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone text := (SELECT f.zone FROM guyub.facility f WHERE f.id = facility);
BEGIN
    PERFORM guyub.refuse('GU021', message, jsonb_build_object(
        'kind', kind, 'named', named, 'zone', zone, 'earliest', to_char(earliest AT TIME ZONE zone, 'YYYY-MM-DD"T"HH24:MI'),
        'same_day', (earliest AT TIME ZONE zone)::date IS NOT DISTINCT FROM (given AT TIME ZONE zone)::date)::text);
END $$;

-- --- the approval -------------------------------------------------------------------------------------------------

-- A month that was opened before it ended is worked on as it goes: what the clock says of its steps is when they happened. One
-- that is entered afterwards was proposed at the earliest in the three months before it.
CREATE OR REPLACE FUNCTION guyub.is_entered_afterwards(period date, opened_at timestamptz, zone text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT opened_at >= ((period + interval '1 month')::date::timestamp AT TIME ZONE zone)
$$;
GRANT EXECUTE ON FUNCTION guyub.is_entered_afterwards TO {{app}};
CREATE OR REPLACE FUNCTION guyub.earliest_proposal(cycle uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN guyub.is_entered_afterwards(c.period, c.opened_at, f.zone) THEN (c.period - interval '3 months')::date
                ELSE (greatest(c.opened_at, c.scored_at) AT TIME ZONE f.zone)::date END
    FROM guyub.cycle c JOIN guyub.facility f ON f.id = c.facility_id WHERE c.id = cycle
$$;
GRANT EXECUTE ON FUNCTION guyub.earliest_proposal TO {{app}};

-- The first day on which a proposal can have been approved: its own, never an earlier one.
CREATE OR REPLACE FUNCTION guyub.earliest_approval(cycle uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(c.proposed_on, guyub.earliest_proposal(c.id)) FROM guyub.cycle c WHERE c.id = cycle
$$;
GRANT EXECUTE ON FUNCTION guyub.earliest_approval TO {{app}};

-- The day of a proposal is given by whoever proposes; of a month that is worked on as it goes it is that of the clock where
-- nobody gives one.
CREATE OR REPLACE FUNCTION guyub.stamp_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone  text := (SELECT f.zone FROM guyub.facility f WHERE f.id = NEW.facility_id);
    floor date := guyub.earliest_proposal(NEW.id);
BEGIN
    IF NEW.state = OLD.state OR NEW.state <> 'proposed' THEN
        NEW.proposed_on := CASE NEW.state WHEN 'planned' THEN NULL ELSE OLD.proposed_on END;
        RETURN NEW;
    END IF;
    IF NOT guyub.is_entered_afterwards(NEW.period, NEW.opened_at, zone) THEN
        NEW.proposed_on := COALESCE(NEW.proposed_on, (clock_timestamp() AT TIME ZONE zone)::date);
    END IF;
    IF NEW.proposed_on < floor THEN
        PERFORM guyub.refuse_day('before_the_list', 'proposal', NEW.facility_id, guyub.start_of(floor, zone));
    ELSIF NEW.proposed_on > (guyub.latest_moment() AT TIME ZONE zone)::date THEN
        PERFORM guyub.refuse_day('day_to_come', 'proposal', NEW.facility_id, NULL);
    END IF;
    RETURN NEW;
END $$;
-- After cycle_transition, which says whether the step is taken at all.
CREATE OR REPLACE TRIGGER "50_proposal_on_its_day" BEFORE UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.stamp_proposal();

CREATE OR REPLACE FUNCTION guyub.stamp_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone  text;
    first date;
    last  date;
    floor date;
BEGIN
    IF NEW.state = OLD.state OR NEW.state <> 'approved' THEN
        NEW.approved_from := CASE NEW.state WHEN 'planned' THEN NULL ELSE OLD.approved_from END;   -- withdrawn
        RETURN NEW;
    END IF;
    SELECT f.zone INTO zone FROM guyub.facility f WHERE f.id = NEW.facility_id;
    SELECT min(j.occurred_on), max(j.occurred_on) INTO first, last
    FROM guyub.journal j WHERE j.holder_id = NEW.id AND j.facility_id = NEW.facility_id AND j.kind = 'reservation'
      AND j.xid = pg_current_xact_id();   -- not those of an approval that was withdrawn
    NEW.approved_from := least(clock_timestamp(), COALESCE(NEW.approved_from,
        CASE WHEN first < (clock_timestamp() AT TIME ZONE zone)::date THEN guyub.start_of(first, zone) END));
    IF first <> last OR first <> (NEW.approved_from AT TIME ZONE zone)::date THEN
        PERFORM guyub.refuse_day('approval_of_another_day', 'reservation', NEW.facility_id, NEW.approved_from);
    END IF;
    floor := guyub.earliest_approval(NEW.id);
    IF (NEW.approved_from AT TIME ZONE zone)::date < floor THEN
        PERFORM guyub.refuse_day('before_proposal', 'reservation', NEW.facility_id, guyub.start_of(floor, zone));
    END IF;
    RETURN NEW;
END $$;
-- After cycle_transition, which says whether the step is taken at all.
CREATE OR REPLACE TRIGGER "60_step_on_its_day" BEFORE UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.stamp_approval();

-- The first moment at which somebody could receive: after the approval, in the month, and when of each kind of goods
-- something has come. Which goods it will be is not known yet, so this is the least of what may be asked.
CREATE OR REPLACE FUNCTION guyub.earliest_hand_over(cycle uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(date_trunc('minute', c.approved_from), guyub.start_of(c.period, f.zone), guyub.start_of((
        SELECT max(item.came) FROM (
            SELECT min(l.received_on) AS came FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id
            JOIN guyub.lot l ON l.id = a.lot_id
            WHERE r.facility_id = c.facility_id AND r.holder_id = c.id AND r.withdrawn_at IS NULL GROUP BY l.item_id) item), f.zone))
    FROM guyub.cycle c JOIN guyub.facility f ON f.id = c.facility_id WHERE c.id = cycle
$$;
-- Which of the three makes a moment the first one.
CREATE OR REPLACE FUNCTION guyub.before_what(cycle uuid, moment timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE moment WHEN guyub.start_of(c.period, f.zone) THEN 'before_the_month'
                       WHEN date_trunc('minute', c.approved_from) THEN 'before_approval' ELSE 'before_the_goods' END
    FROM guyub.cycle c JOIN guyub.facility f ON f.id = c.facility_id WHERE c.id = cycle
$$;
-- And when the goods that are given had come.
CREATE OR REPLACE FUNCTION guyub.earliest_of_journal(journal uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(guyub.earliest_hand_over(j.holder_id), guyub.start_of((
        SELECT max(l.received_on) FROM guyub.transfer t JOIN guyub.lot l ON l.id = t.lot_id WHERE t.journal_id = j.id), f.zone))
    FROM guyub.journal j JOIN guyub.facility f ON f.id = j.facility_id WHERE j.id = journal
$$;

-- --- the books ----------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION guyub.keep_day_of_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c     guyub.cycle;
    first timestamptz;
    zone  text := (SELECT f.zone FROM guyub.facility f WHERE f.id = NEW.facility_id);
    today date := (guyub.latest_moment() AT TIME ZONE zone)::date;
BEGIN
    -- Whoever names one day means both.
    NEW.occurred_on := COALESCE(NEW.occurred_on, NEW.booked_on);
    NEW.booked_on := COALESCE(NEW.booked_on, NEW.occurred_on);
    IF NEW.occurred_on > today OR NEW.booked_on > today THEN
        PERFORM guyub.refuse_day('day_to_come', NEW.kind, NEW.facility_id, NULL);
    END IF;
    IF NEW.holder_id IS NOT NULL THEN
        SELECT * INTO c FROM guyub.cycle WHERE id = NEW.holder_id;
        first := CASE NEW.kind WHEN 'hand_over' THEN guyub.earliest_hand_over(c.id) ELSE c.approved_from END;
        IF NEW.occurred_on < (first AT TIME ZONE zone)::date THEN
            PERFORM guyub.refuse_day(CASE NEW.kind WHEN 'hand_over' THEN guyub.before_what(c.id, first) ELSE 'before_approval' END,
                                     NEW.kind, NEW.facility_id, first);
        END IF;
    END IF;
    RETURN NEW;
END $$;
-- Before stamp_journal, which numbers by the day of the book.
CREATE OR REPLACE TRIGGER "10_keep_day" BEFORE INSERT ON guyub.journal FOR EACH ROW EXECUTE FUNCTION guyub.keep_day_of_journal();

-- Goods came on the day of the act that brought them.
CREATE OR REPLACE FUNCTION guyub.keep_day_of_lot() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.received_on IS DISTINCT FROM (SELECT j.occurred_on FROM guyub.journal j
                                         WHERE j.id = NEW.journal_id AND j.facility_id = NEW.facility_id) THEN
        PERFORM guyub.refuse_day('lot_of_another_day', 'receipt', NEW.facility_id, NULL);
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_day BEFORE INSERT ON guyub.lot FOR EACH ROW EXECUTE FUNCTION guyub.keep_day_of_lot();

-- One rule for goods and for money: on no day is there less than nothing. Each transfer counts on the day of its act, but
-- a hand-over that is undone did not happen: the goods lay there and the money was not paid, so what undoes it counts on the
-- day of the hand-over, whenever somebody noticed. Thus a mistaken hand-over is undone today and made again at its true moment.
-- A receipt or a purchase that is taken back was there until then, and is taken back on its own day, after all that came back
-- into it.
--
-- For goods nothing has to be added up: they come into a lot once, on its first day (post_transfer), leave it on that day or
-- later (keep_days), and at the end it is not below zero; so it is not on any day between. What comes and goes more than once
-- is compared day by day: the cash of a fund, what of it is free, and the free goods of a lot.
--
-- The book has days of its own (booked_on), on which the same holds. They differ from those of the acts where a paper was late.
CREATE OR REPLACE FUNCTION guyub.counts_on(own date, undone uuid) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE((SELECT j.occurred_on FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id
                     WHERE t.id = undone AND j.kind = 'hand_over'), own)
$$;

-- Whether a line of these accounts of a fund (and of one lot) is negative on the day of this journal or on a later one. Balances
-- are known as they are now, so only what moved from that day on is read: a payment of today costs the same in a long book.
CREATE OR REPLACE FUNCTION guyub.is_overdrawn(fund uuid, lot uuid, kinds text[], journal uuid, by_book boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    own guyub.journal := (SELECT j FROM guyub.journal j WHERE j.id = journal);
    since date := CASE WHEN by_book THEN own.booked_on ELSE own.occurred_on END;
BEGIN
    RETURN (
        WITH held AS MATERIALIZED (
            SELECT a.id, CASE WHEN lot IS NULL THEN a.rupiah ELSE a.quantity END AS balance FROM guyub.account a
            WHERE a.facility_id = own.facility_id AND a.fund_id = fund AND a.kind = ANY (kinds) AND a.lot_id IS NOT DISTINCT FROM lot),
        later AS MATERIALIZED (
            SELECT j.id, j.occurred_on, j.booked_on FROM guyub.journal j
            WHERE j.facility_id = own.facility_id AND (by_book AND j.booked_on >= since OR NOT by_book AND j.occurred_on >= since)),
        move AS (
            SELECT later.id, t.seq, CASE WHEN by_book THEN later.booked_on WHEN t.reverses IS NULL THEN later.occurred_on
                                         ELSE guyub.counts_on(later.occurred_on, t.reverses) END AS day,
                   CASE WHEN lot IS NULL THEN t.rupiah ELSE t.quantity END
                   * ((t.debit_account IN (SELECT h.id FROM held h))::integer - (t.credit_account IN (SELECT h.id FROM held h))::integer) AS amount
            FROM later JOIN guyub.transfer t ON t.journal_id = later.id AND t.fund_id = fund),
        line AS MATERIALIZED (
            SELECT m.day, min(m.seq) AS place, sum(m.amount) AS amount FROM move m WHERE m.day >= since
            GROUP BY m.id, m.day HAVING sum(m.amount) <> 0)
        SELECT EXISTS (SELECT FROM (
            SELECT (SELECT COALESCE(sum(h.balance), 0) FROM held h) - (SELECT COALESCE(sum(x.amount), 0) FROM line x)
                   + sum(l.amount) OVER (ORDER BY l.day, l.place) AS balance FROM line l) b WHERE b.balance < 0));
END $$;

-- The first day on which this journal could take what it takes, so that neither its line nor a later one is negative; NULL where
-- there is none. Reads the whole book: asked only where something is refused.
CREATE OR REPLACE FUNCTION guyub.possible_from(fund uuid, lot uuid, kinds text[], journal uuid, by_book boolean) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH held AS MATERIALIZED (
        SELECT a.id FROM guyub.account a JOIN guyub.fund f ON f.facility_id = a.facility_id AND f.id = a.fund_id
        WHERE f.id = fund AND a.kind = ANY (kinds) AND a.lot_id IS NOT DISTINCT FROM lot),
    move AS MATERIALIZED (
        SELECT t.journal_id, t.seq, t.reverses, t.rupiah, t.quantity FROM held JOIN guyub.transfer t ON t.debit_account = held.id
        UNION ALL
        SELECT t.journal_id, t.seq, t.reverses, -t.rupiah, -t.quantity FROM held JOIN guyub.transfer t ON t.credit_account = held.id),
    line AS MATERIALIZED (
        SELECT x.id, x.day, min(x.seq) AS place, sum(x.amount) AS amount
        FROM (SELECT j.id, m.seq, CASE WHEN lot IS NULL THEN m.rupiah ELSE m.quantity END AS amount,
                     CASE WHEN by_book THEN j.booked_on WHEN m.reverses IS NULL THEN j.occurred_on
                          ELSE guyub.counts_on(j.occurred_on, m.reverses) END AS day
              FROM move m JOIN guyub.journal j ON j.id = m.journal_id) x
        GROUP BY x.id, x.day HAVING sum(x.amount) <> 0),
    other AS MATERIALIZED (
        SELECT l.day, l.place, sum(l.amount) OVER (ORDER BY l.day, l.place) AS balance FROM line l WHERE l.id <> journal),
    short AS (
        SELECT o.day, o.place FROM other o WHERE o.balance < -(SELECT sum(l.amount) FROM line l WHERE l.id = journal)
        ORDER BY o.day DESC, o.place DESC LIMIT 1)
    SELECT min(o.day) FROM other o LEFT JOIN short s ON true WHERE s.day IS NULL OR (o.day, o.place) > (s.day, s.place)
$$;

-- The first day, not before "since", from which on this much is free in a fund (of one lot) until now; NULL where it is not now.
-- Reads what moved from "since" on.
CREATE OR REPLACE FUNCTION guyub.free_from(fund uuid, lot uuid, amount numeric, since date) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH held AS MATERIALIZED (
        SELECT a.id, a.facility_id, CASE WHEN lot IS NULL THEN a.rupiah ELSE a.quantity END AS balance FROM guyub.account a
        WHERE a.fund_id = fund AND a.kind = CASE WHEN lot IS NULL THEN 'cash' ELSE 'stock' END AND a.lot_id IS NOT DISTINCT FROM lot),
    move AS (
        SELECT j.id, t.seq, CASE WHEN lot IS NULL THEN t.rupiah ELSE t.quantity END
               * ((t.debit_account = h.id)::integer - (t.credit_account = h.id)::integer) AS amount,
               CASE WHEN k.kind = 'hand_over' THEN k.occurred_on ELSE j.occurred_on END AS day
        FROM held h JOIN guyub.journal j ON j.facility_id = h.facility_id AND j.occurred_on >= since
        JOIN guyub.transfer t ON t.journal_id = j.id AND t.fund_id = fund AND h.id IN (t.debit_account, t.credit_account)
        LEFT JOIN guyub.transfer u ON u.id = t.reverses LEFT JOIN guyub.journal k ON k.id = u.journal_id),
    line AS MATERIALIZED (
        SELECT m.day, min(m.seq) AS place, sum(m.amount) AS amount FROM move m WHERE m.day >= since GROUP BY m.id, m.day),
    before AS (
        SELECT (SELECT COALESCE(sum(h.balance), 0) FROM held h) - (SELECT COALESCE(sum(l.amount), 0) FROM line l) AS balance),
    known AS MATERIALIZED (
        SELECT l.day, l.place, before.balance + sum(l.amount) OVER (ORDER BY l.day, l.place) AS balance FROM line l, before
        UNION ALL SELECT since, 0, before.balance FROM before),
    short AS (SELECT k.day, k.place FROM known k WHERE k.balance < amount ORDER BY k.day DESC, k.place DESC LIMIT 1)
    SELECT min(k.day) FROM known k LEFT JOIN short s ON true WHERE s.day IS NULL OR (k.day, k.place) > (s.day, s.place)
$$;
GRANT EXECUTE ON FUNCTION guyub.free_from TO {{app}};

-- Once for a statement, however many transfers it has: for each fund or lot that it takes from. What pays out of a fund
-- touches the fund's cash account, as what takes free goods touches their account (post_transfer), so that of
-- two who do it at once the second waits for the first, and at a stricter isolation fails: both see what they add up.
CREATE OR REPLACE FUNCTION guyub.keep_days_of_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    early record;
    paid  record;
    by_book boolean;
BEGIN
    SELECT j.facility_id, j.kind, max(earlier.occurred_on) AS day, f.zone INTO early
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility f ON f.id = j.facility_id
    JOIN guyub.transfer o ON o.id = n.reverses JOIN guyub.journal earlier ON earlier.id = o.journal_id
    WHERE j.occurred_on < earlier.occurred_on GROUP BY j.id, f.zone LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_what_it_undoes', early.kind, early.facility_id, guyub.start_of(early.day, early.zone));
    END IF;
    SELECT j.id, j.facility_id, j.kind, max(l.received_on) AS day, min(i.name) AS item, f.zone INTO early
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility f ON f.id = j.facility_id
    JOIN guyub.lot l ON l.id = n.lot_id JOIN guyub.item i ON i.id = l.item_id
    WHERE j.occurred_on < l.received_on GROUP BY j.id, f.zone LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_the_goods', early.kind, early.facility_id,
                                 CASE early.kind WHEN 'hand_over' THEN guyub.earliest_of_journal(early.id)
                                                 ELSE guyub.start_of(early.day, early.zone) END, early.item);
    END IF;
    -- What came is not taken back on a day before something of it had come back.
    SELECT j.facility_id, j.kind, max(later.occurred_on) AS day, f.zone INTO early
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility f ON f.id = j.facility_id
    JOIN guyub.transfer o ON o.id = n.reverses JOIN guyub.journal first ON first.id = o.journal_id AND first.kind <> 'hand_over'
    JOIN guyub.transfer back ON back.reverses IS NOT NULL AND back.fund_id = n.fund_id AND back.lot_id IS NOT DISTINCT FROM n.lot_id
    JOIN guyub.journal later ON later.id = back.journal_id AND later.occurred_on > j.occurred_on
    JOIN guyub.transfer handed ON handed.id = back.reverses
    JOIN guyub.journal k ON k.id = handed.journal_id AND k.kind = 'hand_over'
    GROUP BY j.id, f.zone LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_it_came_back', early.kind, early.facility_id, guyub.start_of(early.day, early.zone));
    END IF;
    -- A fund pays on the days of its terms. What is released, or taken back, goes home on any day.
    SELECT j.facility_id, j.kind, u.name, u.usable_from, u.usable_until, f.zone, j.occurred_on < u.usable_from AS is_early INTO early
    FROM (SELECT DISTINCT n.journal_id, n.fund_id FROM changed n WHERE n.reverses IS NULL) n
    JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility f ON f.id = j.facility_id JOIN guyub.fund u ON u.id = n.fund_id
    WHERE j.kind IN ('reservation', 'purchase', 'hand_over') AND (j.occurred_on < u.usable_from OR j.occurred_on > u.usable_until)
    ORDER BY u.name LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day(CASE WHEN early.is_early THEN 'before_its_terms' ELSE 'after_its_terms' END, early.kind, early.facility_id,
                                 guyub.start_of(CASE WHEN early.is_early THEN early.usable_from ELSE early.usable_until END, early.zone),
                                 early.name);
    END IF;
    FOR paid IN
        SELECT DISTINCT n.fund_id, n.journal_id, x.lot_id, x.kinds FROM changed n
        JOIN guyub.account giver ON giver.id = n.credit_account JOIN guyub.account taker ON taker.id = n.debit_account
        CROSS JOIN LATERAL (VALUES
            (NULL::uuid, '{cash,cash_reserved}'::text[],
             giver.kind IN ('cash', 'cash_reserved') AND taker.kind NOT IN ('cash', 'cash_reserved')),
            (NULL::uuid, '{cash}', giver.kind = 'cash'),
            (n.lot_id, '{stock}', giver.kind = 'stock')) AS x (lot_id, kinds, is_taken)
        WHERE x.is_taken AND (n.rupiah > 0 OR x.lot_id IS NOT NULL) ORDER BY 1, 2, 3, 4
    LOOP
        UPDATE guyub.account SET rupiah = rupiah WHERE fund_id = paid.fund_id AND kind = 'cash' AND paid.lot_id IS NULL
           AND facility_id = (SELECT f.facility_id FROM guyub.fund f WHERE f.id = paid.fund_id);
        FOREACH by_book IN ARRAY '{false,true}'::boolean[] LOOP
            -- Where no paper was late the book has the days of the acts, but for hand-overs that were undone.
            CONTINUE WHEN by_book AND NOT EXISTS (
                SELECT FROM guyub.fund f JOIN guyub.journal j ON j.facility_id = f.facility_id
                WHERE f.id = paid.fund_id AND j.booked_on > j.occurred_on);
            CONTINUE WHEN NOT guyub.is_overdrawn(paid.fund_id, paid.lot_id, paid.kinds, paid.journal_id, by_book);
            SELECT j.kind, j.facility_id, COALESCE(i.name, f.name) AS name, p.zone INTO early FROM guyub.journal j
            JOIN guyub.fund f ON f.id = paid.fund_id JOIN guyub.facility p ON p.id = j.facility_id
            LEFT JOIN guyub.lot l ON l.id = paid.lot_id LEFT JOIN guyub.item i ON i.id = l.item_id WHERE j.id = paid.journal_id;
            PERFORM guyub.refuse_day(
                CASE WHEN paid.lot_id IS NOT NULL THEN 'before_free_goods'
                     WHEN early.kind = 'reservation' OR early.kind = 'purchase' AND paid.kinds = '{cash}' THEN 'before_free_money'
                     ELSE 'before_the_money' END,
                early.kind, early.facility_id,
                guyub.start_of(guyub.possible_from(paid.fund_id, paid.lot_id, paid.kinds, paid.journal_id, by_book), early.zone), early.name);
        END LOOP;
    END LOOP;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER keep_days AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_days_of_transfers();

-- --- the plan -----------------------------------------------------------------------------------------------------

-- A month is not planned for a day on which nothing pays for it: it would be found out on that day. While nothing is reserved, one of
-- its funds must pay on that day, since the others may not be needed; afterwards each fund that still holds something for it.
CREATE OR REPLACE FUNCTION guyub.demand_days_of_plans(cycles uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT c.facility_id, f.name, c.distribution_on < f.usable_from AS is_early, p.zone,
           CASE WHEN c.distribution_on < f.usable_from THEN f.usable_from ELSE f.usable_until END AS bound INTO wrong
    FROM guyub.cycle c JOIN guyub.facility p ON p.id = c.facility_id
    JOIN guyub.cycle_fund cf ON cf.cycle_id = c.id JOIN guyub.fund f ON f.id = cf.fund_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS reservations,
               COALESCE(bool_or(r.fund_id = f.id AND (a.rupiah > 0 OR a.quantity > 0)), false) AS of_fund
        FROM guyub.reservation r LEFT JOIN guyub.account a ON a.reservation_id = r.id
        WHERE r.facility_id = c.facility_id AND r.holder_id = c.id AND r.withdrawn_at IS NULL) held
    WHERE c.id = ANY (cycles) AND (c.distribution_on < f.usable_from OR c.distribution_on > f.usable_until)
      AND (held.of_fund OR held.reservations = 0 AND NOT EXISTS (
          SELECT FROM guyub.cycle_fund other JOIN guyub.fund o ON o.id = other.fund_id
          WHERE other.cycle_id = c.id AND (c.distribution_on < o.usable_from OR c.distribution_on > o.usable_until) IS NOT TRUE))
    ORDER BY f.name LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day(CASE WHEN wrong.is_early THEN 'before_its_terms' ELSE 'after_its_terms' END, 'plan', wrong.facility_id,
                                 guyub.start_of(wrong.bound, wrong.zone), wrong.name);
    END IF;
END $$;
CREATE OR REPLACE FUNCTION guyub.keep_funds_of_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.demand_days_of_plans(ARRAY(SELECT DISTINCT n.cycle_id FROM changed n));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER keep_day_of_plan AFTER INSERT ON guyub.cycle_fund REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_funds_of_plan();
-- Nobody is invited to a day on which the list was not approved yet.
CREATE OR REPLACE FUNCTION guyub.keep_day_of_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    approved date := (SELECT (NEW.approved_from AT TIME ZONE f.zone)::date FROM guyub.facility f WHERE f.id = NEW.facility_id);
BEGIN
    IF NEW.distribution_on < approved THEN
        PERFORM guyub.refuse_day('planned_before_approval', CASE WHEN NEW.state = OLD.state THEN 'plan' ELSE 'reservation' END,
                                 NEW.facility_id, guyub.start_of(approved, (SELECT f.zone FROM guyub.facility f WHERE f.id = NEW.facility_id)));
    END IF;
    PERFORM guyub.demand_days_of_plans(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
-- What an approval reserves pays on the day of the plan as well.
CREATE OR REPLACE TRIGGER keep_day_of_plan AFTER UPDATE OF distribution_on, state ON guyub.cycle FOR EACH ROW
WHEN (NEW.distribution_on IS DISTINCT FROM OLD.distribution_on OR NEW.state = 'approved' AND NEW.state <> OLD.state) EXECUTE FUNCTION guyub.keep_day_of_plan();

-- --- the day itself -----------------------------------------------------------------------------------------------

-- The list of May is not opened in April: who comes then comes to nothing, since nobody may receive before May.
CREATE OR REPLACE FUNCTION guyub.keep_month_of_start() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first timestamptz := (SELECT guyub.start_of(NEW.period, f.zone) FROM guyub.facility f WHERE f.id = NEW.facility_id);
BEGIN
    IF first > guyub.latest_moment() THEN
        PERFORM guyub.refuse_day('before_the_month', 'start', NEW.facility_id, first);
    END IF;
    RETURN NEW;
END $$;
-- After cycle_transition, which says whether the step is taken at all.
CREATE OR REPLACE TRIGGER "40_step_in_its_month" BEFORE UPDATE ON guyub.cycle
FOR EACH ROW WHEN (NEW.state = 'distributing' AND OLD.state <> 'distributing') EXECUTE FUNCTION guyub.keep_month_of_start();

CREATE OR REPLACE FUNCTION guyub.keep_moments_of_handovers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    early record;
BEGIN
    -- One row for each cycle and journal: their limits are looked up once, not for each household.
    FOR early IN
        SELECT x.*, f.zone, j.occurred_on, greatest(guyub.earliest_hand_over(x.cycle_id), guyub.earliest_of_journal(x.journal_id)) AS moment
        FROM (SELECT n.facility_id, e.cycle_id, n.journal_id, min(n.handed_at) AS first, max(n.handed_at) AS last
              FROM changed n JOIN guyub.entitlement e ON e.id = n.entitlement_id GROUP BY 1, 2, 3) x
        JOIN guyub.facility f ON f.id = x.facility_id LEFT JOIN guyub.journal j ON j.id = x.journal_id
    LOOP
        IF early.last > guyub.latest_moment() THEN
            PERFORM guyub.refuse_day('day_to_come', 'hand_over', early.facility_id, NULL);
        ELSIF early.first < early.moment THEN
            PERFORM guyub.refuse_day(guyub.before_what(early.cycle_id, early.moment), 'hand_over', early.facility_id, early.moment,
                                     '', early.first);
        ELSIF (early.first AT TIME ZONE early.zone)::date <> early.occurred_on OR (early.last AT TIME ZONE early.zone)::date <> early.occurred_on THEN
            PERFORM guyub.refuse_day('handed_over_on_another_day', 'hand_over', early.facility_id, NULL);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER keep_moments AFTER INSERT ON guyub.handover REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_moments_of_handovers();

-- Nobody stays away from what has not begun: an absence is of the planned day or a later one, and none of a day to come.
CREATE OR REPLACE FUNCTION guyub.keep_days_of_absences() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    early record;
BEGIN
    SELECT c.facility_id, guyub.start_of(c.period, f.zone) AS moment INTO early
    FROM (SELECT DISTINCT n.cycle_id FROM changed n WHERE n.state = 'absent') x
    JOIN guyub.cycle c ON c.id = x.cycle_id JOIN guyub.facility f ON f.id = c.facility_id
    WHERE guyub.start_of(c.period, f.zone) > guyub.latest_moment() LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_the_month', 'absence', early.facility_id, early.moment);
    END IF;
    SELECT c.facility_id, x.last > (guyub.latest_moment() AT TIME ZONE f.zone)::date AS is_to_come,
           guyub.start_of(c.distribution_on, f.zone) AS moment INTO early
    FROM (SELECT n.cycle_id, min(n.absent_on) AS first, max(n.absent_on) AS last FROM changed n WHERE n.state = 'absent' GROUP BY 1) x
    JOIN guyub.cycle c ON c.id = x.cycle_id JOIN guyub.facility f ON f.id = c.facility_id
    WHERE x.first < c.distribution_on OR x.last > (guyub.latest_moment() AT TIME ZONE f.zone)::date LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day(CASE WHEN early.is_to_come THEN 'day_to_come' ELSE 'before_the_planned_day' END, 'absence',
                                 early.facility_id, CASE WHEN NOT early.is_to_come THEN early.moment END);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER keep_days AFTER UPDATE ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.keep_days_of_absences();
