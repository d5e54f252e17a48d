"""Runs the core's migrations on the connection that ``guyub.db.installation`` opened as the schema's owner."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="guyub",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
