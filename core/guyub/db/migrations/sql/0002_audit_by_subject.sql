-- The history of a cycle, of a household and of a fund asks the log of a facility for one subject, newest first.
CREATE INDEX audit_entry_subject ON guyub.audit_entry (chain, subject, seq DESC);
