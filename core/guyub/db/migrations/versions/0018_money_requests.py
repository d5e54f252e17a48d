"""Keeps requests for more money, which stand on the home of who may approve them."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
