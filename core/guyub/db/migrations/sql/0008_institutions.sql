-- An institution has a name of its own and serves a number of people, who are counted and not named; its recipient is the person
-- responsible. What 0.1.0 called an institution was known by that person, and its people by their ages.
ALTER TABLE guyub.household
    ADD COLUMN institution_name text NOT NULL DEFAULT ''
        CONSTRAINT institution_name_length CHECK (char_length(institution_name) <= 120),
    ADD COLUMN people_served integer NOT NULL DEFAULT 0
        CONSTRAINT people_served_most CHECK (people_served BETWEEN 0 AND 30000);

UPDATE guyub.household h
SET institution_name = COALESCE((SELECT m.full_name FROM guyub.member m WHERE m.household_id = h.id AND m.is_recipient LIMIT 1), 'Lembaga'),
    people_served = greatest(1, h.children_under_5 + h.children_of_school_age + h.adults + h.elderly)
WHERE h.category = 'institution';

ALTER TABLE guyub.household
    ADD CONSTRAINT institution_has_name_and_people
        CHECK ((category = 'institution') = (NOT guyub.is_blank(institution_name)) AND (category = 'institution') = (people_served > 0));
GRANT UPDATE (institution_name, people_served) ON guyub.household TO {{app}};
CREATE INDEX household_institution ON guyub.household (facility_id) WHERE category = 'institution';
