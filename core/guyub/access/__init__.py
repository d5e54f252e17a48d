"""People, roles, sessions, the audit log, and what every page needs to know of its reader."""
