"""Texts that people type have a length; names are searched for and compared in one form."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
