-- How numbers of documents are compared: by their words and numbers alone. "BAST-07 / 2024", "bast 07/2024" and "No. BAST-7/2024"
-- are one document; of several that stand on one line the first names it. '' where it has no number.
CREATE FUNCTION guyub.document_key(evidence text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(btrim(regexp_replace(regexp_replace(regexp_replace(
           casefold(normalize(guyub.without_unseen(split_part(evidence, ';', 1)), NFKC) COLLATE pg_unicode_fast),
           '([0-9]+)', ' \1 ', 'g'), '[^[:alnum:]]+', ' ', 'g'), '\m0+(?=[0-9])', '', 'g')),
       '^((no|nr|nomor|nota|number|note|invoice|bukti|kuitansi|kwitansi|faktur) )+(?=.)|^((tanpa|tidak) (no|nomor|nota|ada|bernomor)|tn|none|nihil)$', '');
GRANT EXECUTE ON FUNCTION guyub.document_key TO {{app}};
CREATE INDEX journal_document ON guyub.journal (facility_id, kind, guyub.document_key(evidence))
    WHERE kind IN ('receipt', 'purchase');

-- What is recorded a second time on purpose names the entry that has the same document, or is of the same occasion.
ALTER TABLE guyub.journal
    ADD COLUMN repeats uuid,
    ADD FOREIGN KEY (facility_id, repeats) REFERENCES guyub.journal (facility_id, id);
GRANT INSERT (repeats) ON guyub.journal TO {{app}};
-- What there is once, such as the statement of a month.
ALTER TABLE guyub.fund_receipt ADD COLUMN occasion text NOT NULL DEFAULT '' CONSTRAINT occasion_length CHECK (length(occasion) <= 120);
GRANT INSERT (occasion) ON guyub.fund_receipt TO {{app}};
