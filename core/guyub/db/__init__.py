"""The embedded or external PostgreSQL, keys, migrations, and one unit of work."""
