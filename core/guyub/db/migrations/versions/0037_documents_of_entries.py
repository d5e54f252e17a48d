"""Minutes of entries of the books are kept as documents."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0037"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
