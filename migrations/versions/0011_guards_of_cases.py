"""Steps of cases only grow, as the trail does."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

GUARDED = ("case_steps",)


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for table in GUARDED:
        for statement in ("UPDATE", "DELETE"):
            name = f"guard_{table}_{statement.lower()}"
            if is_postgres:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {statement} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'only grows: {table}'); END"
                )


def downgrade() -> None:
    raise RuntimeError("the guards stay")
