"""Volumes that several customers share, with the certificate 备考表 of each volume."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = (
    "id, branch_id, customer_id, policy_id, claim_id, box_id, number, title, series, year, period, level, state, remark, "
    "created_by, created_at, version"
)


UNBOUND = {
    "ix_documents_unbound_claims": (["claim_id"], "volume_id is null and claim_id is not null and state = 'filed'"),
    "ix_documents_unbound_policies": (
        ["branch_id", "policy_id"],
        "volume_id is null and claim_id is null and policy_id is not null and state = 'filed'",
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        anew()
    else:
        in_place()
    for name, (columns, condition) in UNBOUND.items():
        where = sa.text(condition)
        op.create_index(name, "documents", columns, sqlite_where=where, postgresql_where=where)


def added() -> list[sa.Column[Any]]:
    return [
        sa.Column("kind", sa.String(length=8), server_default="customer", nullable=False),
        sa.Column("page_count", KEY, server_default="0", nullable=False),
        sa.Column("thickness_mm", KEY, server_default="0", nullable=False),
        sa.Column("condition_note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("see_also", sa.String(length=120), server_default="", nullable=False),
        sa.Column("closed_by", KEY, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", KEY, nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
    ]


def in_place() -> None:
    for column in added():
        op.add_column("volumes", column)
    op.create_check_constraint(op.f("ck_volumes_kind"), "volumes", "kind in ('claim','policy','customer','series')")
    op.alter_column("volumes", "customer_id", existing_type=sa.BigInteger(), nullable=True)


def anew() -> None:
    """SQLite cannot take NOT NULL off a column: the table is made again; what points at it is judged at the end."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE volumes_kept AS SELECT * FROM volumes")
    op.drop_table("volumes")
    create()
    op.execute(f"INSERT INTO volumes ({KEPT}) SELECT {KEPT} FROM volumes_kept")
    op.execute("DROP TABLE volumes_kept")


def create() -> None:
    op.create_table(
        "volumes",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("policy_id", KEY, nullable=True),
        sa.Column("claim_id", KEY, nullable=True),
        sa.Column("box_id", KEY, nullable=True),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("series", sa.String(length=4), nullable=False),
        sa.Column("year", KEY, nullable=False),
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("level", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        *added(),
        sa.CheckConstraint("kind in ('claim','policy','customer','series')", name=op.f("ck_volumes_kind")),
        sa.CheckConstraint("level between 1 and 4", name=op.f("ck_volumes_level")),
        sa.CheckConstraint("state in ('open','closed')", name=op.f("ck_volumes_state")),
        sa.ForeignKeyConstraint(["box_id"], ["boxes.id"], name=op.f("fk_volumes_box_id_boxes")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_volumes_branch_id_branches")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_volumes_claim_id_claims")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_volumes_customer_id_customers")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_volumes_policy_id_policies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volumes")),
        sa.UniqueConstraint("number", name=op.f("uq_volumes_number")),
    )
    op.create_index("ix_volumes_branch", "volumes", ["branch_id", "number"], unique=False)
    op.create_index(op.f("ix_volumes_box_id"), "volumes", ["box_id"], unique=False)
    op.create_index(op.f("ix_volumes_customer_id"), "volumes", ["customer_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
