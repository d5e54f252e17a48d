-- As long as the name of an official in a letter; longer ones are no names.
UPDATE guyub.person SET full_name = left(full_name, 120), nip = left(nip, 30)
WHERE char_length(full_name) > 120 OR char_length(nip) > 30;

ALTER TABLE guyub.person
    ADD CONSTRAINT person_name_length CHECK (char_length(full_name) <= 120),
    ADD CONSTRAINT person_nip_length CHECK (char_length(nip) <= 30);
