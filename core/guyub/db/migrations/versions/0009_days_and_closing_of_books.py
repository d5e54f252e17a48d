"""Entries have the day on which they happened and the day of their book; books of a fund are closed month by month."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
