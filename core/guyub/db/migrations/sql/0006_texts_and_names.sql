-- What people type has a length. Rows of before stay as they are; what is written from now on is checked.
ALTER TABLE guyub.cycle ADD CONSTRAINT text_length CHECK (length(place) <= 120 AND length(closing_note) <= 500) NOT VALID;
ALTER TABLE guyub.proposal ADD CONSTRAINT text_length CHECK (length(place) <= 120) NOT VALID;
ALTER TABLE guyub.handover
    ADD CONSTRAINT text_length CHECK (length(witness) <= 120 AND length(proxy_name) <= 120 AND length(proxy_letter) <= 120) NOT VALID;
ALTER TABLE guyub.fund ADD CONSTRAINT text_length CHECK (length(code) <= 120 AND length(name) <= 1000) NOT VALID;
ALTER TABLE guyub.item ADD CONSTRAINT text_length CHECK (length(name) <= 120) NOT VALID;
ALTER TABLE guyub.journal ADD CONSTRAINT text_length CHECK (length(memo) <= 1000 AND length(evidence) <= 1000) NOT VALID;
ALTER TABLE guyub.document ADD CONSTRAINT text_length CHECK (length(title) <= 300 AND length(number) <= 200) NOT VALID;
ALTER TABLE guyub.household ADD CONSTRAINT text_length
    CHECK (length(village) <= 80 AND length(village_code) <= 13 AND length(district) <= 80 AND length(city) <= 80) NOT VALID;
ALTER TABLE guyub.inmate ADD CONSTRAINT text_length CHECK (length(full_name) <= 80) NOT VALID;
ALTER TABLE guyub.region ADD CONSTRAINT text_length
    CHECK (length(capital) <= 100 AND length(letter_code) <= 100 AND length(array_to_string(provinces, '')) <= 1000) NOT VALID;
ALTER TABLE guyub.letter_default ADD CONSTRAINT text_length
    CHECK (length(array_to_string(letterhead, '')) <= 1000 AND length(letter_template) <= 100) NOT VALID;
ALTER TABLE guyub.facility ADD CONSTRAINT text_length CHECK (length(city_code) <= 13) NOT VALID;
ALTER TABLE guyub.audit_entry ADD CONSTRAINT text_length CHECK (length(subject) <= 1000 AND length(actor_label) <= 300) NOT VALID;

-- Names as they are searched for and compared: guyub.sdk.searching has the same functions.
CREATE FUNCTION guyub.folded(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN casefold(regexp_replace(normalize(guyub.without_unseen(regexp_replace(given COLLATE "C",
    '[\u0027\u0060\u00b4\u02b9-\u02bc\u02be\u02bf\u02c8\u2018-\u201b\u2032\u2035\ua78c\uff07]', '', 'g')), NFKD),
    '[\u0300-\u036f]', '', 'g') COLLATE pg_unicode_fast);
GRANT EXECUTE ON FUNCTION guyub.folded TO {{app}};

-- Its words, with a space between them.
CREATE FUNCTION guyub.folded_words(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(guyub.folded(given) COLLATE "C",
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u303f\ufe10-\ufe6f\ufff0-\uffff'
    '\U0001f000-\U0001faff]+', ' ', 'g'));
GRANT EXECUTE ON FUNCTION guyub.folded_words TO {{app}};

CREATE FUNCTION guyub.search_key(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(guyub.folded_words(given), ' ', '');
GRANT EXECUTE ON FUNCTION guyub.search_key TO {{app}};

CREATE FUNCTION guyub.person_key(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(regexp_replace(guyub.folded_words(split_part(given, ',', 1)),
    '^((h|hj|hjh|k|kh|dr|drg|drs|dra|ir|prof|bpk|bapak|ibu|sdr|sdri|tn|ny) )+', ''), ' ', '');
GRANT EXECUTE ON FUNCTION guyub.person_key TO {{app}};

-- One row for each word of a name, now with the words behind it: "nurainicontoh", "ainicontoh", "contoh".
CREATE FUNCTION guyub.name_beginnings(given text) RETURNS TABLE (word text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT string_agg(w.word, '') OVER (ORDER BY w.place ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
    FROM string_to_table(guyub.folded_words(given), ' ') WITH ORDINALITY AS w (word, place) WHERE w.word <> '';
END;
DELETE FROM guyub.name_word;
INSERT INTO guyub.name_word (facility_id, member_id, word)
SELECT m.facility_id, m.id, b.word FROM guyub.member m, guyub.name_beginnings(m.full_name) b;
DELETE FROM guyub.inmate_name_word;
INSERT INTO guyub.inmate_name_word (facility_id, inmate_id, word)
SELECT i.facility_id, i.id, b.word FROM guyub.inmate i, guyub.name_beginnings(i.full_name) b;
