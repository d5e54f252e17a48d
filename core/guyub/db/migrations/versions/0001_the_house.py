"""The house: scope, facilities, access, audit, configuration, registry, funds, programmes, documents."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    database = connection.exec_driver_sql("SELECT current_database()").scalar_one()
    for part in sorted((Path(__file__).parents[1] / "sql").glob(f"{revision}_*.sql")):
        sql = (
            part.read_text(encoding="utf-8")
            .replace("{{owner}}", f"{database}_owner")
            .replace("{{app}}", f"{database}_app")
        )
        connection.execution_options(no_parameters=True).exec_driver_sql(sql)


def downgrade() -> None:
    raise NotImplementedError("a first migration has nothing below it: restore a backup instead")
