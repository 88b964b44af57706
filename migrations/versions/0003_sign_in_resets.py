"""Resets of a sign-in by four eyes"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OPEN = sa.text("state = 'asked'")


def upgrade() -> None:
    op.create_table('sign_in_resets',
    sa.Column('id', NUMBER, autoincrement=False, nullable=False),
    sa.Column('account_id', NUMBER, nullable=False),
    sa.Column('asked_by', NUMBER, nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decided_by', NUMBER, nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('asked','confirmed','refused','withdrawn','expired')", name=op.f('ck_sign_in_resets_state')),
    sa.CheckConstraint("asked_by <> account_id", name=op.f('ck_sign_in_resets_not_for_oneself')),
    sa.CheckConstraint("state <> 'confirmed' or (decided_by is not null and decided_by <> asked_by and decided_by <> account_id)", name=op.f('ck_sign_in_resets_four_eyes')),
    sa.CheckConstraint("(state = 'asked') = (decided_at is null)", name=op.f('ck_sign_in_resets_decided')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sign_in_resets_account_id_accounts')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_sign_in_resets_asked_by_accounts')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_sign_in_resets_decided_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_resets'))
    )
    op.create_index('ix_sign_in_resets_asked_at', 'sign_in_resets', ['asked_at', 'id'], unique=False)
    op.create_index('uq_sign_in_resets_open', 'sign_in_resets', ['account_id'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_table('sign_in_resets')
