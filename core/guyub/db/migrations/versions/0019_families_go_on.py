"""Probation clients are a category; a link to an inmate can end; households have the day of their registration."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
