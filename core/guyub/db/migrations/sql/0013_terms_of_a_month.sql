-- The quota of a month that is planned follows what came since: repeatable/83_corrections.sql says within which locks.
GRANT UPDATE (quota) ON guyub.cycle TO {{app}};
