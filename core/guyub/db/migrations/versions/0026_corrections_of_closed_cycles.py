"""A closed cycle is corrected by entries that name it."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0026"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
