"""Stock-taking, inspection of condition, repair orders."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('inspection_plans',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('years', KEY, nullable=False),
    sa.Column('sample_percent', KEY, nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_by', KEY, nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_inspection_plans_branch_id_branches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_plans'))
    )
    op.create_index(op.f('ix_inspection_plans_branch_id'), 'inspection_plans', ['branch_id'], unique=False)
    op.create_table('stocktakes',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('place_id', KEY, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('expected', KEY, nullable=False),
    sa.Column('started_by', KEY, nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', KEY, nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.String(length=300), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("state in ('counting','review','closed','cancelled')", name=op.f('ck_stocktakes_state')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_stocktakes_branch_id_branches')),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_stocktakes_place_id_places')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stocktakes')),
    sa.UniqueConstraint('number', name=op.f('uq_stocktakes_number'))
    )
    op.create_index('ix_stocktakes_branch', 'stocktakes', ['branch_id', 'started_at', 'id'], unique=False)
    op.create_index('uq_stocktakes_open', 'stocktakes', ['place_id'], unique=True, sqlite_where=sa.text("state in ('counting','review')"), postgresql_where=sa.text("state in ('counting','review')"))
    op.create_table('inspections',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('plan_id', KEY, nullable=True),
    sa.Column('document_id', KEY, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', KEY, nullable=True),
    sa.Column('grade', sa.String(length=10), nullable=False),
    sa.Column('damages', sa.JSON(), nullable=False),
    sa.Column('pages', KEY, nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.CheckConstraint("grade in ('','sound','slight','medium','severe','extreme')", name=op.f('ck_inspections_grade')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_inspections_branch_id_branches')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_inspections_document_id_documents')),
    sa.ForeignKeyConstraint(['plan_id'], ['inspection_plans.id'], name=op.f('fk_inspections_plan_id_inspection_plans')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspections'))
    )
    op.create_index(op.f('ix_inspections_document_id'), 'inspections', ['document_id'], unique=False)
    op.create_index('ix_inspections_plan', 'inspections', ['plan_id', 'done_at', 'due_on', 'id'], unique=False)
    op.create_table('repair_orders',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('document_id', KEY, nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('source_id', KEY, nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('damages', sa.JSON(), nullable=False),
    sa.Column('grade', sa.String(length=10), nullable=False),
    sa.Column('affects_content', sa.Boolean(), nullable=False),
    sa.Column('method', sa.String(length=300), nullable=False),
    sa.Column('materials', sa.String(length=300), nullable=False),
    sa.Column('cost_cents', KEY, nullable=False),
    sa.Column('repairer', sa.String(length=60), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('finished_by', KEY, nullable=True),
    sa.Column('accepted_by', KEY, nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('ordered_by', KEY, nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("grade in ('slight','medium','severe','extreme')", name=op.f('ck_repair_orders_grade')),
    sa.CheckConstraint("state in ('ordered','working','finished','accepted','cancelled')", name=op.f('ck_repair_orders_state')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_repair_orders_branch_id_branches')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_repair_orders_document_id_documents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_repair_orders')),
    sa.UniqueConstraint('number', name=op.f('uq_repair_orders_number'))
    )
    op.create_index('ix_repair_orders_branch', 'repair_orders', ['branch_id', 'state', 'ordered_at', 'id'], unique=False)
    op.create_index('uq_repair_orders_open', 'repair_orders', ['document_id'], unique=True, sqlite_where=sa.text("state in ('ordered','working','finished')"), postgresql_where=sa.text("state in ('ordered','working','finished')"))
    op.create_table('stocktake_lines',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('stocktake_id', KEY, nullable=False),
    sa.Column('document_id', KEY, nullable=True),
    sa.Column('expected', sa.Boolean(), nullable=False),
    sa.Column('scanned', sa.String(length=120), nullable=False),
    sa.Column('book_box_id', KEY, nullable=True),
    sa.Column('book_place', sa.String(length=120), nullable=False),
    sa.Column('book_whereabouts', sa.String(length=10), nullable=False),
    sa.Column('book_pages', KEY, nullable=True),
    sa.Column('found_box_id', KEY, nullable=True),
    sa.Column('found_place_id', KEY, nullable=True),
    sa.Column('found_place', sa.String(length=120), nullable=False),
    sa.Column('found_pages', KEY, nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('found_by', KEY, nullable=True),
    sa.Column('result', sa.String(length=16), nullable=False),
    sa.Column('correction', sa.String(length=10), nullable=False),
    sa.Column('remark', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_stocktake_lines_document_id_documents')),
    sa.ForeignKeyConstraint(['stocktake_id'], ['stocktakes.id'], name=op.f('fk_stocktake_lines_stocktake_id_stocktakes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stocktake_lines')),
    sa.UniqueConstraint('stocktake_id', 'document_id', name=op.f('uq_stocktake_lines_stocktake_id_document_id'))
    )
    op.create_index('ix_stocktake_lines_result', 'stocktake_lines', ['stocktake_id', 'result', 'id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
