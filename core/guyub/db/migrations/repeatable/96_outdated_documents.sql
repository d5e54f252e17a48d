-- How many kept documents no longer say what is, for homes: of the months since a day, those about people apart from the others.
-- Only figures leave it. What a cycle, a day or a book says now is asked once, whatever the number of documents that rest on it.
CREATE OR REPLACE FUNCTION guyub.outdated_documents(places uuid[], since date)
RETURNS TABLE (facility_id uuid, cycle_id uuid, code text, period date, personal boolean, documents integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH kept AS MATERIALIZED (
        SELECT DISTINCT ON (d.cycle_id, d.file_name) d.facility_id, d.cycle_id, c.code, c.period, d.personal, d.basis, d.stated_on,
               d.book_fund_id, d.book_until
        FROM guyub.cycle c JOIN guyub.document d ON d.cycle_id = c.id
        WHERE c.facility_id = ANY (places) AND c.facility_id = ANY ((SELECT guyub.scope())::uuid[]) AND c.period >= since
        ORDER BY d.cycle_id, d.file_name, d.seq DESC),
    cycles AS MATERIALIZED (
        SELECT k.cycle_id, guyub.cycle_basis(k.cycle_id) AS basis FROM (SELECT DISTINCT k.cycle_id FROM kept k) k),
    days AS MATERIALIZED (
        SELECT k.facility_id, k.stated_on, guyub.day_basis(k.facility_id, k.stated_on) AS basis
        FROM (SELECT DISTINCT k.facility_id, k.stated_on FROM kept k) k),
    books AS MATERIALIZED (
        SELECT k.fund, k.until, jsonb_build_object('book', guyub.book_basis(k.fund, k.until)) AS basis
        FROM (SELECT DISTINCT k.book_fund_id AS fund, k.book_until AS until FROM kept k WHERE k.book_fund_id IS NOT NULL) k)
    SELECT k.facility_id, k.cycle_id, k.code, k.period, k.personal, count(*)::integer
    FROM kept k
    JOIN cycles c ON c.cycle_id = k.cycle_id
    LEFT JOIN days d ON d.facility_id = k.facility_id AND d.stated_on = k.stated_on
    LEFT JOIN books b ON b.fund = k.book_fund_id AND b.until = k.book_until
    WHERE k.basis IS NOT NULL
      AND EXISTS (SELECT FROM jsonb_each_text(k.basis) said
                  WHERE said.value IS DISTINCT FROM
                        COALESCE(b.basis ->> said.key, d.basis ->> said.key, c.basis ->> said.key))
    GROUP BY k.facility_id, k.cycle_id, k.code, k.period, k.personal
$$;
GRANT EXECUTE ON FUNCTION guyub.outdated_documents TO {{app}};
