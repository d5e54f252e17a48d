"""Months that are not due have a reason; a cancelled one can be opened again."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
