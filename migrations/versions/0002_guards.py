"""What only grows: the trail, the ledger of numbers and the versions of documents refuse change and removal."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table → which statements are refused. Versions are updated when their pages have been made.
GUARDED = {
    "trail": ("UPDATE", "DELETE"),
    "number_ledger": ("UPDATE", "DELETE"),
    "document_versions": ("DELETE",),
}


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'only grows: %', TG_TABLE_NAME; END $$"
        )
    for table, statements in GUARDED.items():
        for statement in statements:
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
