-- Books that close. The book of a fund is closed month by month, in order, once a month has ended; what was closed takes no entry
-- any more, and nobody opens it again: a correction is a new entry, and a paper that comes late is booked on the day on which it
-- is entered, with the day and the number of the paper.
--
-- The fund keeps until when it is closed. Who books and who closes hold that row against each other, so that the second of the two
-- waits, sees what the first did, and at a stricter isolation fails.

-- The book of a fund as a cash book reads it: what each entry brought or took, on the day of its line. Promises move nothing.
CREATE OR REPLACE FUNCTION guyub.cash_lines(fund uuid, since date, until date) RETURNS TABLE (journal_id uuid, booked_on date, rupiah numeric)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH held AS MATERIALIZED (
        SELECT a.id FROM guyub.account a JOIN guyub.fund f ON f.facility_id = a.facility_id AND f.id = a.fund_id
        WHERE f.id = fund AND a.kind IN ('cash', 'cash_reserved'))
    SELECT m.journal_id, j.booked_on, sum(m.rupiah)
    FROM (SELECT t.journal_id, t.rupiah FROM held JOIN guyub.transfer t ON t.debit_account = held.id
          UNION ALL SELECT t.journal_id, -t.rupiah FROM held JOIN guyub.transfer t ON t.credit_account = held.id) m
    JOIN guyub.journal j ON j.id = m.journal_id AND j.booked_on BETWEEN since AND until
    GROUP BY m.journal_id, j.booked_on HAVING sum(m.rupiah) <> 0
$$;
GRANT EXECUTE ON FUNCTION guyub.cash_lines TO {{app}};

-- The month that is closed next: the first of the book, or the one after the last that was closed. NULL for an empty book.
CREATE OR REPLACE FUNCTION guyub.month_to_close(book_from date, closed_until date) RETURNS date
LANGUAGE sql IMMUTABLE RETURN COALESCE(closed_until + 1, date_trunc('month', book_from)::date);
GRANT EXECUTE ON FUNCTION guyub.month_to_close TO {{app}};

-- The books of every facility in scope that wait to be closed on a day: a month of theirs is over, and something was in it.
CREATE OR REPLACE FUNCTION guyub.books_to_close(today date)
RETURNS TABLE (facility_id uuid, fund_id uuid, code text, name text, month date, months integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.facility_id, f.id, f.code, f.name, m.first,
           ((extract(year FROM today) - extract(year FROM m.first)) * 12 + extract(month FROM today) - extract(month FROM m.first))::integer
    FROM guyub.fund f CROSS JOIN LATERAL (SELECT guyub.month_to_close(f.book_from, f.books_closed_until)) m (first)
    WHERE m.first < date_trunc('month', today)::date
      AND (f.books_closed_until IS NULL OR f.book_until > f.books_closed_until OR EXISTS (
          SELECT FROM guyub.book_closing b WHERE b.facility_id = f.facility_id AND b.fund_id = f.id AND b.balance > 0
             AND b.month = date_trunc('month', f.books_closed_until)::date))
$$;
GRANT EXECUTE ON FUNCTION guyub.books_to_close TO {{app}};

CREATE OR REPLACE FUNCTION guyub.refuse_closing(message text, f guyub.fund, month date, possible date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM guyub.refuse('GU023', message, jsonb_build_object('fund', f.name, 'month', month, 'possible', possible)::text);
END $$;

CREATE OR REPLACE FUNCTION guyub.close_book() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f     guyub.fund;
    wanted date;
    last  date := (NEW.month + interval '1 month')::date - 1;
    before guyub.book_closing;
    zone  text := (SELECT p.zone FROM guyub.facility p WHERE p.id = NEW.facility_id);
BEGIN
    IF (NEW.facility_id = ANY (guyub.scope())) IS NOT TRUE THEN PERFORM guyub.refuse('GU001', 'a book outside the scope'); END IF;
    IF NOT guyub.scope_is_system() AND NOT guyub.permitted('funds.close', NEW.facility_id) THEN
        PERFORM guyub.refuse('GU004', 'closing a book needs a person who may do it');
    END IF;
    SELECT * INTO f FROM guyub.fund u WHERE u.facility_id = NEW.facility_id AND u.id = NEW.fund_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN PERFORM guyub.refuse('GU001', 'a fund outside the scope'); END IF;
    wanted := guyub.month_to_close(f.book_from, f.books_closed_until);
    IF wanted IS NULL THEN
        PERFORM guyub.refuse_closing('nothing_booked', f, NEW.month, NULL);
    ELSIF NEW.month < wanted THEN
        PERFORM guyub.refuse_closing('closed_before', f, NEW.month, wanted);
    ELSIF NEW.month > wanted THEN
        PERFORM guyub.refuse_closing('out_of_order', f, NEW.month, wanted);
    ELSIF NEW.closed_on <= last THEN
        PERFORM guyub.refuse_closing('not_over', f, NEW.month, last + 1);
    ELSIF NEW.closed_on > (guyub.latest_moment() AT TIME ZONE zone)::date THEN
        PERFORM guyub.refuse_closing('day_to_come', f, NEW.month, (guyub.latest_moment() AT TIME ZONE zone)::date);
    END IF;
    SELECT * INTO before FROM guyub.book_closing b WHERE b.facility_id = f.facility_id AND b.fund_id = f.id ORDER BY b.month DESC LIMIT 1;
    IF NEW.closed_on < before.closed_on THEN
        PERFORM guyub.refuse_closing('before_the_last', f, NEW.month, before.closed_on);
    END IF;
    PERFORM guyub.demand_signatories(NEW.facility_id, NEW.closed_on, NEW.signatories);
    NEW.opening := COALESCE(before.balance, 0);
    SELECT COALESCE(sum(l.rupiah) FILTER (WHERE l.rupiah > 0), 0), COALESCE(-sum(l.rupiah) FILTER (WHERE l.rupiah < 0), 0), count(*)
    INTO NEW.received, NEW.paid, NEW.lines FROM guyub.cash_lines(f.id, NEW.month, last) l;
    NEW.balance := NEW.opening + NEW.received - NEW.paid;
    IF NEW.cash_in_hand + NEW.bank <> NEW.balance AND guyub.is_blank(NEW.explanation) THEN
        PERFORM guyub.refuse('GU023', 'count_differs', jsonb_build_object(
            'fund', f.name, 'month', NEW.month, 'counted', NEW.cash_in_hand + NEW.bank, 'balance', NEW.balance)::text);
    END IF;
    NEW.closed_at := clock_timestamp();
    NEW.closed_by := guyub.actor();
    NEW.closed_label := guyub.actor_label();
    UPDATE guyub.fund SET books_closed_until = last WHERE id = f.id;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER close_book BEFORE INSERT ON guyub.book_closing FOR EACH ROW EXECUTE FUNCTION guyub.close_book();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guyub.book_closing
FOR EACH STATEMENT EXECUTE FUNCTION guyub.append_only();

-- Who signs holds that post on the day of the closing. A line without a name is signed by hand.
CREATE OR REPLACE FUNCTION guyub.demand_signatories(facility uuid, day date, signatories jsonb) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM jsonb_each(signatories) s
        WHERE s.value ->> 'name' <> '' AND NOT EXISTS (
            SELECT FROM guyub.official o
            WHERE o.facility_id = facility AND o.role_code = s.value ->> 'role' AND o.name = s.value ->> 'name'
              AND o.nip = s.value ->> 'nip' AND day BETWEEN o.valid_from AND COALESCE(o.valid_until, 'infinity'))) THEN
        PERFORM guyub.refuse('GU023', 'not_in_office', jsonb_build_object('fund', '', 'month', day, 'possible', NULL)::text);
    END IF;
END $$;

-- Nothing is booked into a month that is closed; what is booked on another day than its own is late for a closed month, or
-- follows an entry that was.
CREATE OR REPLACE FUNCTION guyub.keep_closed_books() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    PERFORM FROM guyub.fund f WHERE f.id IN (SELECT n.fund_id FROM changed n) ORDER BY f.id FOR NO KEY UPDATE;
    SELECT j.facility_id, j.kind, f.name, f.books_closed_until + 1 AS day, p.zone INTO wrong
    FROM (SELECT DISTINCT n.journal_id, n.fund_id FROM changed n) n JOIN guyub.journal j ON j.id = n.journal_id
    JOIN guyub.fund f ON f.id = n.fund_id JOIN guyub.facility p ON p.id = j.facility_id
    WHERE j.booked_on <= f.books_closed_until ORDER BY f.books_closed_until DESC, f.name LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('book_closed', wrong.kind, wrong.facility_id, guyub.start_of(wrong.day, wrong.zone), wrong.name);
    END IF;
    SELECT j.facility_id, j.kind, j.occurred_on AS day, p.zone INTO wrong
    FROM (SELECT n.journal_id, max(f.books_closed_until) AS closed FROM changed n JOIN guyub.fund f ON f.id = n.fund_id GROUP BY 1) n
    JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility p ON p.id = j.facility_id
    WHERE j.booked_on > j.occurred_on AND (n.closed >= j.occurred_on) IS NOT TRUE AND NOT EXISTS (
        SELECT FROM guyub.journal late WHERE late.facility_id = j.facility_id AND late.id <> j.id AND late.booked_on > late.occurred_on
           AND j.occurred_on >= late.occurred_on AND j.occurred_on < late.booked_on)
      -- That it comes before what it undoes is what keep_days_of_transfers says.
      AND NOT EXISTS (SELECT FROM changed c JOIN guyub.transfer o ON o.id = c.reverses
                      JOIN guyub.journal earlier ON earlier.id = o.journal_id
                      WHERE c.journal_id = j.id AND j.occurred_on < earlier.occurred_on)
    LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('not_late', wrong.kind, wrong.facility_id, guyub.start_of(wrong.day, wrong.zone));
    END IF;
    -- What undoes a hand-over stands in the book on its own day, or on that of the hand-over, which was not made.
    SELECT j.facility_id, j.kind, first.booked_on AS day, p.zone INTO wrong
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility p ON p.id = j.facility_id
    JOIN guyub.transfer o ON o.id = n.reverses JOIN guyub.journal first ON first.id = o.journal_id
    WHERE j.booked_on < j.occurred_on AND (first.kind <> 'hand_over' OR j.booked_on <> first.booked_on) LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('book_of_another_day', wrong.kind, wrong.facility_id, guyub.start_of(wrong.day, wrong.zone));
    END IF;
    -- In the book goods come before they go, too.
    SELECT j.facility_id, j.kind, max(b.booked_on) AS day, p.zone, min(i.name) AS item INTO wrong
    FROM changed n JOIN guyub.journal j ON j.id = n.journal_id JOIN guyub.facility p ON p.id = j.facility_id
    JOIN guyub.lot l ON l.id = n.lot_id JOIN guyub.item i ON i.id = l.item_id JOIN guyub.journal b ON b.id = l.journal_id
    WHERE j.booked_on < b.booked_on GROUP BY j.id, p.zone LIMIT 1;
    IF FOUND THEN
        PERFORM guyub.refuse_day('before_the_entry', wrong.kind, wrong.facility_id, guyub.start_of(wrong.day, wrong.zone), wrong.item);
    END IF;
    UPDATE guyub.fund f SET book_from = least(f.book_from, n.first), book_until = greatest(f.book_until, n.last)
    FROM (SELECT c.fund_id, min(j.booked_on) AS first, max(j.booked_on) AS last FROM changed c JOIN guyub.journal j ON j.id = c.journal_id
          GROUP BY c.fund_id) n
    WHERE f.id = n.fund_id AND (f.book_from IS NULL OR n.first < f.book_from OR n.last > f.book_until);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER "10_closed_books" AFTER INSERT ON guyub.transfer REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION guyub.keep_closed_books();
