"""A first approval waits for a second one: of a proposal, and of a request for more money."""

from alembic import op

from guyub.db.migration_sql import run_files

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_files(op.get_bind(), revision)


def downgrade() -> None:
    raise NotImplementedError("there is no way down: restore a backup instead")
