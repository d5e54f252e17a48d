"""Families live on: acts of households and inmates, each with its day."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
