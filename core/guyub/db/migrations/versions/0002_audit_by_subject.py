"""The page of a cycle reads its own entries of the audit log, and no longer the whole chain of the facility."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
