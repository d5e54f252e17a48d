"""The house: scope, facilities, access, audit, configuration, registry, funds, programmes, documents. Frozen as of 0.1.0."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("a first migration has nothing below it: restore a backup instead")
