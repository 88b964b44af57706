"""Papers on their way in: batches, items, submissions, suggestions, checks, imports; completeness; pages that are read."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Table, column, type, the rest: as SQL, since SQLite takes constraints of a new column only in one breath with it.
COLUMNS = (
    (
        "documents",
        "paper_type_id",
        "BIGINT",
        "CONSTRAINT fk_documents_paper_type_id_paper_types REFERENCES paper_types (id)",
    ),
    ("documents", "catalogued_by", "BIGINT", ""),
    ("documents", "catalogued_at", "MOMENT", ""),
    ("documents", "volume_position", "BIGINT", ""),
    ("documents", "first_page", "BIGINT", ""),
    ("documents", "last_page", "BIGINT", ""),
    (
        "pages",
        "restored_digest",
        "VARCHAR(64)",
        "CONSTRAINT fk_pages_restored_digest_blobs REFERENCES blobs (digest)",
    ),
    ("pages", "words", "BYTES", ""),
    ("pages", "reader", "VARCHAR(40)", "NOT NULL DEFAULT ''"),
    ("pages", "score", "DOUBLE PRECISION", "NOT NULL DEFAULT 0"),
    (
        "pages",
        "work_state",
        "VARCHAR(8)",
        "NOT NULL DEFAULT 'waiting' CONSTRAINT ck_pages_work_state CHECK (work_state in ('waiting','done','manual'))",
    ),
    ("pages", "work_note", "VARCHAR(40)", "NOT NULL DEFAULT ''"),
    ("pages", "turned", "BIGINT", "NOT NULL DEFAULT 0"),
    ("pages", "skew", "DOUBLE PRECISION", "NOT NULL DEFAULT 0"),
    ("pages", "blank", "BOOLEAN", "NOT NULL DEFAULT false"),
)

# What a type is called here: SQLite, PostgreSQL.
NAMES = {"DOUBLE PRECISION": ("DOUBLE", "DOUBLE PRECISION"), "BIGINT": ("INTEGER", "BIGINT"), "MOMENT": ("DATETIME", "TIMESTAMP WITH TIME ZONE"), "BYTES": ("BLOB", "BYTEA")}


def spoken(kind: str) -> str:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return NAMES.get(kind, (kind, kind))[0 if is_sqlite else 1]


def upgrade() -> None:
    op.create_table('page_prints',
    sa.Column('holder_kind', sa.String(length=8), nullable=False),
    sa.Column('holder_id', KEY, autoincrement=False, nullable=False),
    sa.Column('page', KEY, autoincrement=False, nullable=False),
    sa.Column('band', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('print', sa.String(length=24), nullable=False),
    sa.PrimaryKeyConstraint('holder_kind', 'holder_id', 'page', 'band', name=op.f('pk_page_prints'))
    )
    op.create_index('ix_page_prints_print', 'page_prints', ['print', 'branch_id'], unique=False)
    op.create_table('intake_batches',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('scanned_by', sa.String(length=60), nullable=False),
    sa.Column('device', sa.String(length=60), nullable=False),
    sa.Column('scanned_on', sa.Date(), nullable=True),
    sa.Column('dpi', KEY, nullable=True),
    sa.Column('colour', sa.String(length=8), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('declared_items', KEY, nullable=True),
    sa.Column('declared_pages', KEY, nullable=True),
    sa.Column('rework_count', KEY, nullable=False),
    sa.Column('remark', sa.String(length=500), nullable=False),
    sa.Column('opened_by', KEY, nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_in_by', KEY, nullable=True),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', KEY, nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("source in ('upload','folder','agent','import')", name=op.f('ck_intake_batches_source')),
    sa.CheckConstraint("state in ('open','checking','rework','accepted')", name=op.f('ck_intake_batches_state')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_intake_batches_branch_id_branches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_batches')),
    sa.UniqueConstraint('number', name=op.f('uq_intake_batches_number'))
    )
    op.create_index('ix_intake_batches_branch', 'intake_batches', ['branch_id', 'state', 'opened_at', 'id'], unique=False)
    op.create_index('ix_intake_batches_opened', 'intake_batches', ['opened_at', 'id'], unique=False)
    op.create_table('paper_types',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('is_main', sa.Boolean(), nullable=False),
    sa.Column('business', sa.String(length=12), nullable=False),
    sa.Column('category_id', KEY, nullable=False),
    sa.Column('title_pattern', sa.String(length=120), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_paper_types_category_id_categories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_types')),
    sa.UniqueConstraint('code', name=op.f('uq_paper_types_code'))
    )
    op.create_table('sorter_models',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', KEY, nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('blob_digest', sa.String(length=64), nullable=False),
    sa.Column('samples', KEY, nullable=False),
    sa.Column('held_out', KEY, nullable=False),
    sa.Column('accuracy', sa.Double(), nullable=False),
    sa.Column('former_accuracy', sa.Double(), nullable=True),
    sa.Column('trained_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('in_force','former','refused')", name=op.f('ck_sorter_models_state')),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_sorter_models_blob_digest_blobs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sorter_models')),
    sa.UniqueConstraint('number', name=op.f('uq_sorter_models_number'))
    )
    op.create_table('batch_checks',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('batch_id', KEY, nullable=False),
    sa.Column('round', KEY, nullable=False),
    sa.Column('rate', KEY, nullable=False),
    sa.Column('population', KEY, nullable=False),
    sa.Column('sample', KEY, nullable=False),
    sa.Column('bad', KEY, nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('checker_id', KEY, nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.CheckConstraint("outcome in ('','passed','failed')", name=op.f('ck_batch_checks_outcome')),
    sa.ForeignKeyConstraint(['batch_id'], ['intake_batches.id'], name=op.f('fk_batch_checks_batch_id_intake_batches')),
    sa.ForeignKeyConstraint(['checker_id'], ['accounts.id'], name=op.f('fk_batch_checks_checker_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_checks')),
    sa.UniqueConstraint('batch_id', 'round', name=op.f('uq_batch_checks_batch_id_round'))
    )
    op.create_table('completeness_rules',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('business', sa.String(length=12), nullable=False),
    sa.Column('line', sa.String(length=40), nullable=False),
    sa.Column('customer_kind', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('claim_kind', sa.String(length=32), nullable=False),
    sa.Column('paper_type_id', KEY, nullable=False),
    sa.Column('need', sa.String(length=12), nullable=False),
    sa.Column('condition', sa.String(length=200), nullable=False),
    sa.Column('condition_words', sa.String(length=120), nullable=False),
    sa.Column('form', sa.String(length=8), nullable=False),
    sa.Column('copies', KEY, nullable=False),
    sa.Column('hint', sa.String(length=120), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('effective_to', sa.Date(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("form in ('original','copy','either')", name=op.f('ck_completeness_rules_form')),
    sa.CheckConstraint("need in ('required','conditional','optional')", name=op.f('ck_completeness_rules_need')),
    sa.CheckConstraint('copies between 1 and 9', name=op.f('ck_completeness_rules_copies')),
    sa.ForeignKeyConstraint(['paper_type_id'], ['paper_types.id'], name=op.f('fk_completeness_rules_paper_type_id_paper_types')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completeness_rules'))
    )
    op.create_index('ix_completeness_rules_business', 'completeness_rules', ['business', 'line', 'position'], unique=False)
    op.create_table('table_imports',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('account_id', KEY, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('file_name', sa.LargeBinary(), nullable=False),
    sa.Column('blob_digest', sa.String(length=64), nullable=False),
    sa.Column('rows', KEY, nullable=False),
    sa.Column('good', KEY, nullable=False),
    sa.Column('faults', sa.JSON(), nullable=False),
    sa.Column('fault_count', KEY, nullable=False),
    sa.Column('job_id', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("kind in ('customers','policies','claims','catalogue')", name=op.f('ck_table_imports_kind')),
    sa.CheckConstraint("state in ('waiting','checked','applying','applied','refused','dropped')", name=op.f('ck_table_imports_state')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_table_imports_account_id_accounts')),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_table_imports_blob_digest_blobs')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_table_imports_branch_id_branches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_table_imports'))
    )
    op.create_index('ix_table_imports_branch', 'table_imports', ['branch_id', 'created_at', 'id'], unique=False)
    op.create_table('condition_answers',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('rule_id', KEY, nullable=False),
    sa.Column('policy_id', KEY, nullable=True),
    sa.Column('claim_id', KEY, nullable=True),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('answered_by', KEY, nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('policy_id is not null or claim_id is not null', name=op.f('ck_condition_answers_thing')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_condition_answers_claim_id_claims')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_condition_answers_policy_id_policies')),
    sa.ForeignKeyConstraint(['rule_id'], ['completeness_rules.id'], name=op.f('fk_condition_answers_rule_id_completeness_rules')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_condition_answers')),
    sa.UniqueConstraint('rule_id', 'policy_id', 'claim_id', name=op.f('uq_condition_answers_rule_id_policy_id_claim_id'))
    )
    op.create_table('submissions',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('agent_id', KEY, nullable=False),
    sa.Column('customer_id', KEY, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('policy_id', KEY, nullable=True),
    sa.Column('claim_id', KEY, nullable=True),
    sa.Column('business', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('batch_id', KEY, nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("state in ('draft','submitted','returned','accepted','withdrawn')", name=op.f('ck_submissions_state')),
    sa.ForeignKeyConstraint(['agent_id'], ['accounts.id'], name=op.f('fk_submissions_agent_id_accounts')),
    sa.ForeignKeyConstraint(['batch_id'], ['intake_batches.id'], name=op.f('fk_submissions_batch_id_intake_batches')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_submissions_branch_id_branches')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_submissions_claim_id_claims')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_submissions_customer_id_customers')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_submissions_policy_id_policies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submissions')),
    sa.UniqueConstraint('number', name=op.f('uq_submissions_number'))
    )
    op.create_index('ix_submissions_agent', 'submissions', ['agent_id', 'state', 'created_at', 'id'], unique=False)
    op.create_index('ix_submissions_branch', 'submissions', ['branch_id', 'state', 'submitted_at', 'id'], unique=False)
    op.create_index(op.f('ix_submissions_customer_id'), 'submissions', ['customer_id'], unique=False)
    op.create_table('supplement_notices',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('customer_id', KEY, nullable=False),
    sa.Column('policy_id', KEY, nullable=True),
    sa.Column('claim_id', KEY, nullable=True),
    sa.Column('business', sa.String(length=12), nullable=False),
    sa.Column('papers', sa.JSON(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('again_reason', sa.String(length=200), nullable=False),
    sa.Column('made_by', KEY, nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.Column('told_how', sa.String(length=20), nullable=False),
    sa.Column('blob_digest', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_supplement_notices_blob_digest_blobs')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_supplement_notices_branch_id_branches')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_supplement_notices_claim_id_claims')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_supplement_notices_customer_id_customers')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_supplement_notices_policy_id_policies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplement_notices')),
    sa.UniqueConstraint('number', name=op.f('uq_supplement_notices_number'))
    )
    op.create_index('ix_supplement_notices_branch', 'supplement_notices', ['branch_id', 'made_at', 'id'], unique=False)
    op.create_index(op.f('ix_supplement_notices_customer_id'), 'supplement_notices', ['customer_id'], unique=False)
    op.create_table('intake_files',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('batch_id', KEY, nullable=True),
    sa.Column('submission_id', KEY, nullable=True),
    sa.Column('parent_id', KEY, nullable=True),
    sa.Column('item_id', KEY, nullable=True),
    sa.Column('blob_digest', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.LargeBinary(), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size', KEY, nullable=False),
    sa.Column('pages', KEY, nullable=False),
    sa.Column('folder_key', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('note', sa.String(length=60), nullable=False),
    sa.Column('received_by', KEY, nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('waiting','done','manual')", name=op.f('ck_intake_files_state')),
    sa.CheckConstraint('batch_id is not null or submission_id is not null', name=op.f('ck_intake_files_holder')),
    sa.ForeignKeyConstraint(['batch_id'], ['intake_batches.id'], name=op.f('fk_intake_files_batch_id_intake_batches')),
    sa.ForeignKeyConstraint(['blob_digest'], ['blobs.digest'], name=op.f('fk_intake_files_blob_digest_blobs')),
    sa.ForeignKeyConstraint(['parent_id'], ['intake_files.id'], name=op.f('fk_intake_files_parent_id_intake_files')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_intake_files_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_files')),
    sa.UniqueConstraint('folder_key', name=op.f('uq_intake_files_folder_key'))
    )
    op.create_index(op.f('ix_intake_files_batch_id'), 'intake_files', ['batch_id'], unique=False)
    op.create_index(op.f('ix_intake_files_blob_digest'), 'intake_files', ['blob_digest'], unique=False)
    op.create_index(op.f('ix_intake_files_item_id'), 'intake_files', ['item_id'], unique=False)
    op.create_index(op.f('ix_intake_files_parent_id'), 'intake_files', ['parent_id'], unique=False)
    op.create_index(op.f('ix_intake_files_submission_id'), 'intake_files', ['submission_id'], unique=False)
    op.create_index('ix_intake_files_waiting', 'intake_files', ['received_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('intake_items',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('batch_id', KEY, nullable=True),
    sa.Column('submission_id', KEY, nullable=True),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('is_suggested', sa.Boolean(), nullable=False),
    sa.Column('level', KEY, nullable=False),
    sa.Column('customer_id', KEY, nullable=True),
    sa.Column('policy_id', KEY, nullable=True),
    sa.Column('claim_id', KEY, nullable=True),
    sa.Column('paper_type_id', KEY, nullable=True),
    sa.Column('category_id', KEY, nullable=True),
    sa.Column('title', sa.LargeBinary(), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('document_number', sa.String(length=60), nullable=False),
    sa.Column('formed_on', sa.Date(), nullable=True),
    sa.Column('keywords', sa.String(length=200), nullable=False),
    sa.Column('period', sa.String(length=6), nullable=False),
    sa.Column('carrier', sa.String(length=12), nullable=False),
    sa.Column('is_original', sa.Boolean(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('touched', sa.JSON(), nullable=False),
    sa.Column('refusal', sa.String(length=200), nullable=False),
    sa.Column('document_id', KEY, nullable=True),
    sa.Column('catalogued_by', KEY, nullable=True),
    sa.Column('catalogued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_by', KEY, nullable=True),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("carrier in ('paper','electronic','dual')", name=op.f('ck_intake_items_carrier')),
    sa.CheckConstraint("state in ('draft','waiting','ready','returned','catalogued','rework','passed','dropped')", name=op.f('ck_intake_items_state')),
    sa.CheckConstraint("state not in ('catalogued','passed') or document_id is not null", name=op.f('ck_intake_items_accepted')),
    sa.CheckConstraint('batch_id is not null or submission_id is not null', name=op.f('ck_intake_items_holder')),
    sa.CheckConstraint('level between 1 and 4', name=op.f('ck_intake_items_level')),
    sa.ForeignKeyConstraint(['batch_id'], ['intake_batches.id'], name=op.f('fk_intake_items_batch_id_intake_batches')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_intake_items_branch_id_branches')),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_intake_items_category_id_categories')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_intake_items_claim_id_claims')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_intake_items_customer_id_customers')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_intake_items_document_id_documents')),
    sa.ForeignKeyConstraint(['held_by'], ['accounts.id'], name=op.f('fk_intake_items_held_by_accounts')),
    sa.ForeignKeyConstraint(['paper_type_id'], ['paper_types.id'], name=op.f('fk_intake_items_paper_type_id_paper_types')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_intake_items_policy_id_policies')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_intake_items_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_items'))
    )
    op.create_index('ix_intake_items_batch', 'intake_items', ['batch_id', 'position'], unique=False)
    op.create_index('ix_intake_items_batch_state', 'intake_items', ['batch_id', 'state'], unique=False)
    op.create_index('ix_intake_items_branch', 'intake_items', ['branch_id', 'state', 'created_at', 'id'], unique=False)
    op.create_index(op.f('ix_intake_items_customer_id'), 'intake_items', ['customer_id'], unique=False)
    op.create_index(op.f('ix_intake_items_document_id'), 'intake_items', ['document_id'], unique=False)
    op.create_index(op.f('ix_intake_items_submission_id'), 'intake_items', ['submission_id'], unique=False)
    op.create_index('ix_intake_items_unsuggested', 'intake_items', ['created_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('missing_papers',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('customer_id', KEY, nullable=False),
    sa.Column('policy_id', KEY, nullable=True),
    sa.Column('claim_id', KEY, nullable=True),
    sa.Column('business', sa.String(length=12), nullable=False),
    sa.Column('rule_id', KEY, nullable=True),
    sa.Column('paper_type_id', KEY, nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('opened_by', KEY, nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.Column('waiver_reason', sa.String(length=200), nullable=False),
    sa.Column('waiver_asked_by', KEY, nullable=True),
    sa.Column('closed_by', KEY, nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('document_id', KEY, nullable=True),
    sa.Column('notice_id', KEY, nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("state in ('open','waiver','received','waived')", name=op.f('ck_missing_papers_state')),
    sa.CheckConstraint('policy_id is not null or claim_id is not null', name=op.f('ck_missing_papers_thing')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_missing_papers_branch_id_branches')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_missing_papers_claim_id_claims')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_missing_papers_customer_id_customers')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_missing_papers_document_id_documents')),
    sa.ForeignKeyConstraint(['notice_id'], ['supplement_notices.id'], name=op.f('fk_missing_papers_notice_id_supplement_notices')),
    sa.ForeignKeyConstraint(['paper_type_id'], ['paper_types.id'], name=op.f('fk_missing_papers_paper_type_id_paper_types')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_missing_papers_policy_id_policies')),
    sa.ForeignKeyConstraint(['rule_id'], ['completeness_rules.id'], name=op.f('fk_missing_papers_rule_id_completeness_rules')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_missing_papers'))
    )
    op.create_index('ix_missing_papers_branch', 'missing_papers', ['branch_id', 'state', 'due_on', 'id'], unique=False)
    op.create_index(op.f('ix_missing_papers_claim_id'), 'missing_papers', ['claim_id'], unique=False)
    op.create_index(op.f('ix_missing_papers_customer_id'), 'missing_papers', ['customer_id'], unique=False)
    op.create_index(op.f('ix_missing_papers_policy_id'), 'missing_papers', ['policy_id'], unique=False)
    op.create_index('uq_missing_papers_claim', 'missing_papers', ['claim_id', 'paper_type_id'], unique=True, sqlite_where=sa.text("state in ('open','waiver') and claim_id is not null"), postgresql_where=sa.text("state in ('open','waiver') and claim_id is not null"))
    op.create_index('uq_missing_papers_policy', 'missing_papers', ['policy_id', 'business', 'paper_type_id'], unique=True, sqlite_where=sa.text("state in ('open','waiver') and claim_id is null"), postgresql_where=sa.text("state in ('open','waiver') and claim_id is null"))
    op.create_table('sorting_confirmations',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('document_id', KEY, nullable=False),
    sa.Column('paper_type_id', KEY, nullable=False),
    sa.Column('suggested_id', KEY, nullable=True),
    sa.Column('is_held_out', sa.Boolean(), nullable=False),
    sa.Column('confirmed_by', KEY, nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_sorting_confirmations_document_id_documents')),
    sa.ForeignKeyConstraint(['paper_type_id'], ['paper_types.id'], name=op.f('fk_sorting_confirmations_paper_type_id_paper_types')),
    sa.ForeignKeyConstraint(['suggested_id'], ['paper_types.id'], name=op.f('fk_sorting_confirmations_suggested_id_paper_types')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sorting_confirmations')),
    sa.UniqueConstraint('document_id', name=op.f('uq_sorting_confirmations_document_id'))
    )
    op.create_table('batch_check_items',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('check_id', KEY, nullable=False),
    sa.Column('item_id', KEY, nullable=False),
    sa.Column('result', sa.String(length=4), nullable=False),
    sa.Column('defects', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('checked_by', KEY, nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("result in ('','good','bad')", name=op.f('ck_batch_check_items_result')),
    sa.ForeignKeyConstraint(['check_id'], ['batch_checks.id'], name=op.f('fk_batch_check_items_check_id_batch_checks')),
    sa.ForeignKeyConstraint(['item_id'], ['intake_items.id'], name=op.f('fk_batch_check_items_item_id_intake_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_check_items')),
    sa.UniqueConstraint('check_id', 'item_id', name=op.f('uq_batch_check_items_check_id_item_id'))
    )
    op.create_index(op.f('ix_batch_check_items_item_id'), 'batch_check_items', ['item_id'], unique=False)
    op.create_table('intake_pages',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('item_id', KEY, nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('file_id', KEY, nullable=False),
    sa.Column('file_page', KEY, nullable=False),
    sa.Column('width', KEY, nullable=False),
    sa.Column('height', KEY, nullable=False),
    sa.Column('image_digest', sa.String(length=64), nullable=False),
    sa.Column('thumbnail_digest', sa.String(length=64), nullable=False),
    sa.Column('restored_digest', sa.String(length=64), nullable=True),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('reader', sa.String(length=40), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('work_state', sa.String(length=8), nullable=False),
    sa.Column('work_note', sa.String(length=40), nullable=False),
    sa.Column('turned', KEY, nullable=False),
    sa.Column('skew', sa.Double(), nullable=False),
    sa.Column('blank', sa.Boolean(), nullable=False),
    sa.Column('flaws', sa.JSON(), nullable=False),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('refusal', sa.String(length=200), nullable=False),
    sa.Column('replaces_id', KEY, nullable=True),
    sa.CheckConstraint("work_state in ('waiting','done','manual')", name=op.f('ck_intake_pages_work_state')),
    sa.ForeignKeyConstraint(['file_id'], ['intake_files.id'], name=op.f('fk_intake_pages_file_id_intake_files')),
    sa.ForeignKeyConstraint(['image_digest'], ['blobs.digest'], name=op.f('fk_intake_pages_image_digest_blobs')),
    sa.ForeignKeyConstraint(['item_id'], ['intake_items.id'], name=op.f('fk_intake_pages_item_id_intake_items')),
    sa.ForeignKeyConstraint(['replaces_id'], ['intake_pages.id'], name=op.f('fk_intake_pages_replaces_id_intake_pages')),
    sa.ForeignKeyConstraint(['restored_digest'], ['blobs.digest'], name=op.f('fk_intake_pages_restored_digest_blobs')),
    sa.ForeignKeyConstraint(['thumbnail_digest'], ['blobs.digest'], name=op.f('fk_intake_pages_thumbnail_digest_blobs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_pages')),
    sa.UniqueConstraint('file_id', 'file_page', name=op.f('uq_intake_pages_file_id_file_page'))
    )
    op.create_index(op.f('ix_intake_pages_file_id'), 'intake_pages', ['file_id'], unique=False)
    op.create_index(op.f('ix_intake_pages_item_id'), 'intake_pages', ['item_id'], unique=False)
    op.create_index('ix_intake_pages_manual', 'intake_pages', ['item_id'], unique=False, sqlite_where=sa.text("work_state = 'manual'"), postgresql_where=sa.text("work_state = 'manual'"))
    op.create_index('ix_intake_pages_waiting', 'intake_pages', ['id'], unique=False, sqlite_where=sa.text("work_state = 'waiting'"), postgresql_where=sa.text("work_state = 'waiting'"))
    op.create_table('intake_suggestions',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('item_id', KEY, nullable=False),
    sa.Column('field', sa.String(length=24), nullable=False),
    sa.Column('rank', KEY, nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('target_id', KEY, nullable=True),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('why', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.CheckConstraint("state in ('offered','taken','refused')", name=op.f('ck_intake_suggestions_state')),
    sa.ForeignKeyConstraint(['item_id'], ['intake_items.id'], name=op.f('fk_intake_suggestions_item_id_intake_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_suggestions'))
    )
    op.create_index('ix_intake_suggestions_item', 'intake_suggestions', ['item_id', 'field', 'rank'], unique=False)
    op.create_table('intake_twins',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('item_id', KEY, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('document_id', KEY, nullable=True),
    sa.Column('other_item_id', KEY, nullable=True),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('numbers_score', sa.Double(), nullable=False),
    sa.Column('decision', sa.String(length=12), nullable=False),
    sa.Column('decided_by', KEY, nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("decision in ('','drop','new_version','keep')", name=op.f('ck_intake_twins_decision')),
    sa.CheckConstraint("kind in ('same_file','same_page','same_form')", name=op.f('ck_intake_twins_kind')),
    sa.CheckConstraint('document_id is not null or other_item_id is not null', name=op.f('ck_intake_twins_other')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_intake_twins_document_id_documents')),
    sa.ForeignKeyConstraint(['item_id'], ['intake_items.id'], name=op.f('fk_intake_twins_item_id_intake_items')),
    sa.ForeignKeyConstraint(['other_item_id'], ['intake_items.id'], name=op.f('fk_intake_twins_other_item_id_intake_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_twins'))
    )
    op.create_index(op.f('ix_intake_twins_item_id'), 'intake_twins', ['item_id'], unique=False)
    for table, column, kind, rest in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {spoken(kind)} {rest}")
    op.create_index('ix_pages_waiting', 'pages', ['id'], unique=False, sqlite_where=sa.text("work_state = 'waiting'"), postgresql_where=sa.text("work_state = 'waiting'"))


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
