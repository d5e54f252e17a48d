"""Keeps surplus goods of a note in stock, and costs beside goods where the terms of a fund allow them."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0021"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
