"""Handing over of papers between branches and posts."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('transfers',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('from_branch_id', KEY, nullable=False),
    sa.Column('to_branch_id', KEY, nullable=False),
    sa.Column('from_account_id', KEY, nullable=False),
    sa.Column('to_account_id', KEY, nullable=True),
    sa.Column('witness', sa.String(length=60), nullable=False),
    sa.Column('nature', sa.String(length=40), nullable=False),
    sa.Column('years', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('equipment', sa.Text(), nullable=False),
    sa.Column('package', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("kind in ('branch','post')", name=op.f('ck_transfers_kind')),
    sa.CheckConstraint("state in ('draft','sent','counted','done','cancelled')", name=op.f('ck_transfers_state')),
    sa.ForeignKeyConstraint(['from_account_id'], ['accounts.id'], name=op.f('fk_transfers_from_account_id_accounts')),
    sa.ForeignKeyConstraint(['from_branch_id'], ['branches.id'], name=op.f('fk_transfers_from_branch_id_branches')),
    sa.ForeignKeyConstraint(['to_account_id'], ['accounts.id'], name=op.f('fk_transfers_to_account_id_accounts')),
    sa.ForeignKeyConstraint(['to_branch_id'], ['branches.id'], name=op.f('fk_transfers_to_branch_id_branches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfers')),
    sa.UniqueConstraint('number', name=op.f('uq_transfers_number'))
    )
    op.create_index('ix_transfers_from', 'transfers', ['from_branch_id', 'state', 'created_at', 'id'], unique=False)
    op.create_index('ix_transfers_to', 'transfers', ['to_branch_id', 'state', 'created_at', 'id'], unique=False)
    op.create_table('transfer_lines',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('transfer_id', KEY, nullable=False),
    sa.Column('document_id', KEY, nullable=False),
    sa.Column('ordinal', KEY, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('pages_sent', KEY, nullable=False),
    sa.Column('pages_received', KEY, nullable=True),
    sa.Column('remark', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state in ('listed','moving','received','absent','dropped')", name=op.f('ck_transfer_lines_state')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_transfer_lines_document_id_documents')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfers.id'], name=op.f('fk_transfer_lines_transfer_id_transfers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer_lines')),
    sa.UniqueConstraint('transfer_id', 'document_id', name=op.f('uq_transfer_lines_transfer_id_document_id'))
    )
    op.create_index('uq_transfer_lines_open', 'transfer_lines', ['document_id'], unique=True, sqlite_where=sa.text("state in ('listed','moving')"), postgresql_where=sa.text("state in ('listed','moving')"))


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
