"""Keeps stock takes: what was counted, and why goods left the stock or came into it without a paper."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
