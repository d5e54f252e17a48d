"""Keeps what of a receipt of goods was promised, arrived and was damaged."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0028"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
