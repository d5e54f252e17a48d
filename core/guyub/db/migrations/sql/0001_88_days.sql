-- Every act has its day, and is compared with that day: money leaves a fund that has it on that day, goods leave after they
-- came, and what a list brings about lies after its approval.
--
-- The day of an act is given by whoever does it, since papers say when something happened and a month may be entered
-- afterwards; the database's clock says when it was recorded (recorded_at, approved_at) and is the latest that a day may be.
-- An approval is both: a person approves at a moment of the application's clock, a month that is entered afterwards on the
-- day of its promises. So approved_from is the moment from which an approval holds: the one that is given, or else the
-- beginning of the day on which its promises are booked; never later than the clock, and always on that day.

CREATE FUNCTION guyub.start_of(day date, zone text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT day::timestamp AT TIME ZONE zone $$;

-- The application and its database may run on two machines, whose clocks differ a little.
CREATE FUNCTION guyub.latest_moment() RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$ SELECT clock_timestamp() + interval '5 minutes' $$;

-- earliest: the first moment at which the act would be accepted, NULL where there is none.
CREATE FUNCTION guyub.refuse_day(message text, kind text, facility uuid, earliest timestamptz, named text DEFAULT '', given timestamptz DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone text := (SELECT f.zone FROM guyub.facility f WHERE f.id = facility);
BEGIN
    PERFORM guyub.refuse('GU021', message, jsonb_build_object(
        'kind', kind, 'named', named, 'zone', zone, 'earliest', to_char(earliest AT TIME ZONE zone, 'YYYY-MM-DD"T"HH24:MI'),
        'same_day', (earliest AT TIME ZONE zone)::date IS NOT DISTINCT FROM (given AT TIME ZONE zone)::date)::text);
END $$;

-- --- the approval -------------------------------------------------------------------------------------------------

CREATE FUNCTION guyub.stamp_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    zone  text;
    first date;
    last  date;
BEGIN
    IF NEW.state = OLD.state OR NEW.state <> 'approved' THEN
        NEW.approved_from := OLD.approved_from;
        RETURN NEW;
    END IF;
    SELECT f.zone INTO zone FROM guyub.facility f WHERE f.id = NEW.facility_id;
    SELECT min(j.on_date), max(j.on_date) INTO first, last
    FROM guyub.journal j WHERE j.holder_id = NEW.id AND j.facility_id = NEW.facility_id AND j.kind = 'reservation';
    NEW.approved_from := least(clock_timestamp(), COALESCE(NEW.approved_from,
        CASE WHEN first < (clock_timestamp() AT TIME ZONE zone)::date THEN guyub.start_of(first, zone) END));
    IF first <> last OR first <> (NEW.approved_from AT TIME ZONE zone)::date THEN
        PERFORM guyub.refuse_day('approval_of_another_day', 'reservation', NEW.facility_id, NEW.approved_from);
    END IF;
    RETURN NEW;
END $$;
-- After step_cycle, which says whether the step is taken at all.
CREATE TRIGGER step_on_its_day BEFORE UPDATE ON guyub.cycle FOR EACH ROW EXECUTE FUNCTION guyub.stamp_approval();

-- The first moment at which somebody could receive: after the approval, in the month, and when of each kind of goods
-- something has come. Which goods it will be is not known yet, so this is the least of what may be asked.
CREATE FUNCTION guyub.earliest_hand_over(cycle uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(date_trunc('minute', c.approved_from), guyub.start_of(c.period, f.zone), guyub.start_of((
        SELECT max(item.came) FROM (
            SELECT min(l.received_on) AS came FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id
            JOIN guyub.lot l ON l.id = a.lot_id
            WHERE r.facility_id = c.facility_id AND r.holder_id = c.id GROUP BY l.item_id) item), f.zone))
    FROM guyub.cycle c JOIN guyub.facility f ON f.id = c.facility_id WHERE c.id = cycle
$$;
-- And when the goods that are given had come.
CREATE FUNCTION guyub.earliest_of_journal(journal uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(guyub.earliest_hand_over(j.holder_id), guyub.start_of((
        SELECT max(l.received_on) FROM guyub.transfer t JOIN guyub.lot l ON l.id = t.lot_id WHERE t.journal_id = j.id), f.zone))
    FROM guyub.journal j JOIN guyub.facility f ON f.id = j.facility_id WHERE j.id = journal
$$;

-- --- the books ----------------------------------------------------------------------------------------------------

CREATE FUNCTION guyub.keep_day_of_journal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    c    guyub.cycle;
    zone text := (SELECT f.zone FROM guyub.facility f WHERE f.id = NEW.facility_id);
BEGIN
    IF NEW.on_date > (guyub.latest_moment() AT TIME ZONE zone)::date THEN
        PERFORM guyub.refuse_day('day_to_come', NEW.kind, NEW.facility_id, NULL);
    END IF;
    IF NEW.holder_id IS NOT NULL THEN
        SELECT * INTO c FROM guyub.cycle WHERE id = NEW.holder_id;
        IF NEW.on_date < (c.approved_from AT TIME ZONE zone)::date
           OR (NEW.kind = 'hand_over' AND NEW.on_date < (guyub.earliest_hand_over(c.id) AT TIME ZONE zone)::date) THEN
            PERFORM guyub.refuse_day('before_approval', NEW.kind, NEW.facility_id,
                                     CASE NEW.kind WHEN 'hand_over' THEN guyub.earliest_hand_over(c.id) ELSE c.approved_from END);
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_day BEFORE INSERT ON guyub.journal FOR EACH ROW EXECUTE FUNCTION guyub.keep_day_of_journal();

-- Goods came on the day of the paper that brought them.
CREATE FUNCTION guyub.keep_day_of_lot() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.received_on IS DISTINCT FROM (SELECT j.on_date FROM guyub.journal j
                                         WHERE j.id = NEW.journal_id AND j.facility_id = NEW.facility_id) THEN
        PERFORM guyub.refuse_day('lot_of_another_day', 'receipt', NEW.facility_id, NULL);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_day BEFORE INSERT ON guyub.lot FOR EACH ROW EXECUTE FUNCTION guyub.keep_day_of_lot();

-- Whether a line of the cash book of a fund would be negative, and the first day on which this journal could pay what it
-- pays, so that neither that line nor a later one is; NULL where there is none.
CREATE FUNCTION guyub.overdrawn(fund uuid, journal uuid, OUT is_overdrawn boolean, OUT possible_from date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH cash AS MATERIALIZED (
        SELECT a.id FROM guyub.account a JOIN guyub.fund f ON f.facility_id = a.facility_id AND f.id = a.fund_id
        WHERE f.id = fund AND a.kind IN ('cash', 'cash_reserved')),
    line AS MATERIALIZED (
        SELECT j.id, j.on_date, min(m.seq) AS place, sum(m.rupiah) AS rupiah
        FROM (SELECT t.journal_id, t.seq, t.rupiah FROM cash JOIN guyub.transfer t ON t.debit_account = cash.id
              UNION ALL
              SELECT t.journal_id, t.seq, -t.rupiah FROM cash JOIN guyub.transfer t ON t.credit_account = cash.id) m
        JOIN guyub.journal j ON j.id = m.journal_id GROUP BY j.id HAVING sum(m.rupiah) <> 0),
    other AS MATERIALIZED (
        SELECT l.on_date, l.place, sum(l.rupiah) OVER (ORDER BY l.on_date, l.place) AS balance FROM line l WHERE l.id <> journal),
    short AS (
        SELECT o.on_date, o.place FROM other o WHERE o.balance < -(SELECT l.rupiah FROM line l WHERE l.id = journal)
        ORDER BY o.on_date DESC, o.place DESC LIMIT 1)
    SELECT EXISTS (SELECT FROM (SELECT sum(l.rupiah) OVER (ORDER BY l.on_date, l.place) AS balance FROM line l) b WHERE b.balance < 0),
           (SELECT min(o.on_date) FROM other o LEFT JOIN short s ON true
            WHERE s.on_date IS NULL OR (o.on_date, o.place) > (s.on_date, s.place))
$$;

-- Once for a statement, however many transfers it has. What pays out of a fund touches the fund's cash account, so that of
-- two who do it at once the second waits for the first, and at a stricter isolation fails: both see what they add up.
CREATE FUNCTION guyub.keep_days_of_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    early record;
    paid  record;
    found record;
BEGIN
    SELECT j.facility_id, j.kind, max(earlier.on_date) AS day, f.zone INTO early
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility f ON f.id = j.facility_id
    JOIN guyub.transfer o ON o.id = n.reverses JOIN guyub.journal earlier ON earlier.id = o.journal_id
    WHERE j.on_date < earlier.on_date GROUP BY j.id, f.zone LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_what_it_undoes', early.kind, early.facility_id, guyub.start_of(early.day, early.zone));
    END IF;
    SELECT j.id, j.facility_id, j.kind, max(l.received_on) AS day, min(i.name) AS item, f.zone INTO early
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility f ON f.id = j.facility_id
    JOIN guyub.lot l ON l.id = n.lot_id JOIN guyub.item i ON i.id = l.item_id
    WHERE j.on_date < l.received_on GROUP BY j.id, f.zone LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_the_goods', early.kind, early.facility_id,
                                 CASE early.kind WHEN 'hand_over' THEN guyub.earliest_of_journal(early.id)
                                                 ELSE guyub.start_of(early.day, early.zone) END, early.item);
    END IF;
    FOR paid IN
        SELECT n.fund_id, n.journal_id FROM changed n
        JOIN guyub.account giver ON giver.id = n.credit_account AND giver.kind IN ('cash', 'cash_reserved')
        JOIN guyub.account taker ON taker.id = n.debit_account AND taker.kind NOT IN ('cash', 'cash_reserved')
        WHERE n.rupiah > 0 GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        UPDATE guyub.account SET rupiah = rupiah WHERE fund_id = paid.fund_id AND kind = 'cash'
           AND facility_id = (SELECT f.facility_id FROM guyub.fund f WHERE f.id = paid.fund_id);
        SELECT * INTO found FROM guyub.overdrawn(paid.fund_id, paid.journal_id);
        IF found.is_overdrawn THEN
            SELECT j.kind, j.facility_id, f.name, p.zone INTO early FROM guyub.journal j
            JOIN guyub.fund f ON f.id = paid.fund_id JOIN guyub.facility p ON p.id = j.facility_id WHERE j.id = paid.journal_id;
            PERFORM guyub.refuse_day('before_the_money', early.kind, early.facility_id,
                                     guyub.start_of(found.possible_from, early.zone), early.name);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_days AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_days_of_transfers();

-- --- the day itself -----------------------------------------------------------------------------------------------

CREATE FUNCTION guyub.keep_moments_of_handovers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    early record;
BEGIN
    -- One row for each cycle and journal: their limits are looked up once, not for each household.
    FOR early IN
        SELECT x.*, f.zone, j.on_date, greatest(guyub.earliest_hand_over(x.cycle_id), guyub.earliest_of_journal(x.journal_id)) AS moment
        FROM (SELECT n.facility_id, e.cycle_id, n.journal_id, min(n.handed_at) AS first, max(n.handed_at) AS last
              FROM changed n JOIN guyub.entitlement e ON e.id = n.entitlement_id GROUP BY 1, 2, 3) x
        JOIN guyub.facility f ON f.id = x.facility_id LEFT JOIN guyub.journal j ON j.id = x.journal_id
    LOOP
        IF early.last > guyub.latest_moment() THEN
            PERFORM guyub.refuse_day('day_to_come', 'hand_over', early.facility_id, NULL);
        ELSIF early.first < early.moment THEN
            PERFORM guyub.refuse_day('before_approval', 'hand_over', early.facility_id, early.moment, '', early.first);
        ELSIF (early.first AT TIME ZONE early.zone)::date <> early.on_date OR (early.last AT TIME ZONE early.zone)::date <> early.on_date THEN
            PERFORM guyub.refuse_day('handed_over_on_another_day', 'hand_over', early.facility_id, NULL);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_moments AFTER INSERT ON guyub.handover REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_moments_of_handovers();

-- Nobody stays away from what has not begun.
CREATE FUNCTION guyub.keep_days_of_absences() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    early record;
BEGIN
    SELECT c.facility_id, guyub.start_of(c.period, f.zone) AS moment INTO early
    FROM (SELECT DISTINCT n.cycle_id FROM changed n WHERE n.state = 'absent') x
    JOIN guyub.cycle c ON c.id = x.cycle_id JOIN guyub.facility f ON f.id = c.facility_id
    WHERE guyub.start_of(c.period, f.zone) > guyub.latest_moment() LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_approval', 'absence', early.facility_id, early.moment);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_days AFTER UPDATE ON guyub.entitlement REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT WHEN (current_user <> '{{owner}}') EXECUTE FUNCTION guyub.keep_days_of_absences();
