"""Borrowing: the rule matrix, requests, items with their history, decisions, carts, blocks, certified copies."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('loan_rules',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('category', sa.String(length=12), nullable=False),
    sa.Column('level', KEY, nullable=True),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('allowed', sa.Boolean(), nullable=False),
    sa.Column('approvers', sa.String(length=40), nullable=False),
    sa.Column('days', KEY, nullable=False),
    sa.Column('renewals', KEY, nullable=False),
    sa.Column('on_site_only', sa.Boolean(), nullable=False),
    sa.Column('most_at_once', KEY, nullable=False),
    sa.Column('block_overdue_days', KEY, nullable=False),
    sa.Column('may_print', sa.Boolean(), nullable=False),
    sa.Column('may_copy', sa.Boolean(), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint('days between 0 and 3650', name=op.f('ck_loan_rules_days')),
    sa.CheckConstraint('renewals between 0 and 99', name=op.f('ck_loan_rules_renewals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan_rules'))
    )
    op.create_table('borrower_blocks',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('account_id', KEY, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('blocked_by', KEY, nullable=False),
    sa.Column('blocked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_by', KEY, nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_borrower_blocks_account_id_accounts')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_borrower_blocks_branch_id_branches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_borrower_blocks'))
    )
    op.create_index(op.f('ix_borrower_blocks_account_id'), 'borrower_blocks', ['account_id'], unique=False)
    op.create_table('loan_requests',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('borrower_id', KEY, nullable=False),
    sa.Column('borrower_branch_id', KEY, nullable=False),
    sa.Column('rule_id', KEY, nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('level', KEY, nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('purpose_note', sa.String(length=300), nullable=False),
    sa.Column('days', KEY, nullable=False),
    sa.Column('wanted_from', sa.Date(), nullable=True),
    sa.Column('approvers', sa.String(length=40), nullable=False),
    sa.Column('steps_done', KEY, nullable=False),
    sa.Column('renewals_left', KEY, nullable=False),
    sa.Column('on_site_only', sa.Boolean(), nullable=False),
    sa.Column('may_print', sa.Boolean(), nullable=False),
    sa.Column('may_copy', sa.Boolean(), nullable=False),
    sa.Column('external_kind', sa.String(length=16), nullable=False),
    sa.Column('external_name', sa.LargeBinary(), nullable=False),
    sa.Column('external_unit', sa.String(length=120), nullable=False),
    sa.Column('external_phone', sa.LargeBinary(), nullable=False),
    sa.Column('external_papers', sa.LargeBinary(), nullable=False),
    sa.Column('effect', sa.String(length=20), nullable=False),
    sa.Column('effect_note', sa.Text(), nullable=False),
    sa.Column('effect_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("state in ('asked','open','refused','withdrawn','closed')", name=op.f('ck_loan_requests_state')),
    sa.CheckConstraint("way in ('read','lend','copy','excerpt','electronic')", name=op.f('ck_loan_requests_way')),
    sa.CheckConstraint('level between 1 and 4', name=op.f('ck_loan_requests_level')),
    sa.ForeignKeyConstraint(['borrower_branch_id'], ['branches.id'], name=op.f('fk_loan_requests_borrower_branch_id_branches')),
    sa.ForeignKeyConstraint(['borrower_id'], ['accounts.id'], name=op.f('fk_loan_requests_borrower_id_accounts')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_loan_requests_branch_id_branches')),
    sa.ForeignKeyConstraint(['rule_id'], ['loan_rules.id'], name=op.f('fk_loan_requests_rule_id_loan_rules')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan_requests')),
    sa.UniqueConstraint('number', name=op.f('uq_loan_requests_number'))
    )
    op.create_index('ix_loan_requests_asked', 'loan_requests', ['asked_at', 'id'], unique=False)
    op.create_index('ix_loan_requests_borrower', 'loan_requests', ['borrower_id', 'asked_at', 'id'], unique=False)
    op.create_index('ix_loan_requests_branch', 'loan_requests', ['branch_id', 'state', 'asked_at', 'id'], unique=False)
    op.create_table('loan_decisions',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('request_id', KEY, nullable=False),
    sa.Column('step', KEY, nullable=False),
    sa.Column('approver', sa.String(length=12), nullable=False),
    sa.Column('account_id', KEY, nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_loan_decisions_account_id_accounts')),
    sa.ForeignKeyConstraint(['request_id'], ['loan_requests.id'], name=op.f('fk_loan_decisions_request_id_loan_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan_decisions')),
    sa.UniqueConstraint('request_id', 'step', name=op.f('uq_loan_decisions_request_id_step'))
    )
    op.create_table('cart_items',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('account_id', KEY, nullable=False),
    sa.Column('document_id', KEY, nullable=False),
    sa.Column('asked_as', sa.String(length=10), nullable=False),
    sa.Column('asked_as_id', KEY, nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_cart_items_account_id_accounts')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_cart_items_document_id_documents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cart_items')),
    sa.UniqueConstraint('account_id', 'document_id', name=op.f('uq_cart_items_account_id_document_id'))
    )
    op.create_table('loan_items',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('request_id', KEY, nullable=False),
    sa.Column('document_id', KEY, nullable=False),
    sa.Column('asked_as', sa.String(length=10), nullable=False),
    sa.Column('asked_as_id', KEY, nullable=True),
    sa.Column('takes_paper', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ready_until', sa.Date(), nullable=True),
    sa.Column('out_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('out_by', KEY, nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('renewals', KEY, nullable=False),
    sa.Column('recalled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminders', KEY, nullable=False),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.Column('back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('back_by', KEY, nullable=True),
    sa.Column('pages_out', KEY, nullable=True),
    sa.Column('pages_back', KEY, nullable=True),
    sa.Column('condition', sa.String(length=10), nullable=False),
    sa.Column('damage_note', sa.String(length=300), nullable=False),
    sa.Column('views', KEY, nullable=False),
    sa.Column('prints', KEY, nullable=False),
    sa.CheckConstraint("state in ('asked','waiting','ready','out','returned','refused','withdrawn','expired','lost')", name=op.f('ck_loan_items_state')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_loan_items_document_id_documents')),
    sa.ForeignKeyConstraint(['request_id'], ['loan_requests.id'], name=op.f('fk_loan_items_request_id_loan_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan_items'))
    )
    op.create_index('ix_loan_items_document', 'loan_items', ['document_id', 'state', 'queued_at'], unique=False)
    op.create_index('ix_loan_items_due', 'loan_items', ['state', 'due_on', 'id'], unique=False)
    op.create_index(op.f('ix_loan_items_request_id'), 'loan_items', ['request_id'], unique=False)
    op.create_index('uq_loan_items_promised', 'loan_items', ['document_id'], unique=True, sqlite_where=sa.text("takes_paper and state in ('ready','out')"), postgresql_where=sa.text("takes_paper and state in ('ready','out')"))
    op.create_table('certified_copies',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('item_id', KEY, nullable=False),
    sa.Column('document_id', KEY, nullable=False),
    sa.Column('version_ordinal', KEY, nullable=False),
    sa.Column('pages', sa.String(length=120), nullable=False),
    sa.Column('page_count', KEY, nullable=False),
    sa.Column('purpose', sa.String(length=120), nullable=False),
    sa.Column('blob_digest', sa.String(length=64), nullable=True),
    sa.Column('made_by', KEY, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by', KEY, nullable=True),
    sa.Column('revoke_reason', sa.String(length=200), nullable=False),
    sa.Column('checks', KEY, nullable=False),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_certified_copies_blob_digest_blobs')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_certified_copies_document_id_documents')),
    sa.ForeignKeyConstraint(['item_id'], ['loan_items.id'], name=op.f('fk_certified_copies_item_id_loan_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certified_copies')),
    sa.UniqueConstraint('number', name=op.f('uq_certified_copies_number')),
    sa.UniqueConstraint('token', name=op.f('uq_certified_copies_token'))
    )
    op.create_index(op.f('ix_certified_copies_document_id'), 'certified_copies', ['document_id'], unique=False)
    op.create_index(op.f('ix_certified_copies_item_id'), 'certified_copies', ['item_id'], unique=False)
    op.create_table('loan_events',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('item_id', KEY, nullable=False),
    sa.Column('ordinal', KEY, nullable=False),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('state_before', sa.String(length=10), nullable=False),
    sa.Column('state_after', sa.String(length=10), nullable=False),
    sa.Column('account_id', KEY, nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['loan_items.id'], name=op.f('fk_loan_events_item_id_loan_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan_events')),
    sa.UniqueConstraint('item_id', 'ordinal', name=op.f('uq_loan_events_item_id_ordinal'))
    )


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
