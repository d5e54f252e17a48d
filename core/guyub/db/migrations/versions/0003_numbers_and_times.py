"""Quantities are numbers, amounts are what the books can add, and a distribution begins within its day."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
