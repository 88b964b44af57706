"""Places, boxes, volumes and movements; photos, signatures and notices; where each paper is."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Column, type, the rest: as SQL, since SQLite takes constraints of a new column only in one breath with it.
DOCUMENT_COLUMNS = (
    ("volume_id", "BIGINT", "CONSTRAINT fk_documents_volume_id_volumes REFERENCES volumes (id)"),
    ("box_id", "BIGINT", "CONSTRAINT fk_documents_box_id_boxes REFERENCES boxes (id)"),
    (
        "whereabouts",
        "VARCHAR(10)",
        "NOT NULL DEFAULT 'shelf' CONSTRAINT ck_documents_whereabouts "
        "CHECK (whereabouts in ('shelf','loan','repair','transfer','missing','none'))",
    ),
)


def is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def upgrade() -> None:
    op.create_table('photos',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('holder_kind', sa.String(length=16), nullable=False),
    sa.Column('holder_id', KEY, nullable=False),
    sa.Column('moment', sa.String(length=8), nullable=False),
    sa.Column('image_digest', sa.String(length=64), nullable=False),
    sa.Column('thumbnail_digest', sa.String(length=64), nullable=False),
    sa.Column('caption', sa.String(length=120), nullable=False),
    sa.Column('taken_by', KEY, nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("moment in ('before','after','damage')", name=op.f('ck_photos_moment')),
    sa.ForeignKeyConstraint(['image_digest'], ['blobs.digest'], name=op.f('fk_photos_image_digest_blobs')),
    sa.ForeignKeyConstraint(['thumbnail_digest'], ['blobs.digest'], name=op.f('fk_photos_thumbnail_digest_blobs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photos'))
    )
    op.create_index('ix_photos_holder', 'photos', ['holder_kind', 'holder_id'], unique=False)
    op.create_table('places',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('parent_id', KEY, nullable=True),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('full_code', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('width_mm', KEY, nullable=False),
    sa.Column('climate_kind', sa.String(length=16), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('remark', sa.String(length=200), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("kind in ('room','zone','row','bay','shelf')", name=op.f('ck_places_kind')),
    sa.CheckConstraint('width_mm >= 0', name=op.f('ck_places_width')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_places_branch_id_branches')),
    sa.ForeignKeyConstraint(['parent_id'], ['places.id'], name=op.f('fk_places_parent_id_places')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_places')),
    sa.UniqueConstraint('branch_id', 'full_code', name=op.f('uq_places_branch_id_full_code'))
    )
    op.create_index(op.f('ix_places_parent_id'), 'places', ['parent_id'], unique=False)
    op.create_index(op.f('ix_places_path'), 'places', ['path'], unique=False)
    op.create_table('signatures',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('holder_kind', sa.String(length=16), nullable=False),
    sa.Column('holder_id', KEY, nullable=False),
    sa.Column('moment', sa.String(length=10), nullable=False),
    sa.Column('signer', sa.String(length=60), nullable=False),
    sa.Column('means', sa.String(length=8), nullable=False),
    sa.Column('image_digest', sa.String(length=64), nullable=True),
    sa.Column('taken_by', KEY, nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("means <> 'drawn' or image_digest is not null", name=op.f('ck_signatures_drawn')),
    sa.CheckConstraint("means in ('drawn','paper')", name=op.f('ck_signatures_means')),
    sa.ForeignKeyConstraint(['image_digest'], ['blobs.digest'], name=op.f('fk_signatures_image_digest_blobs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatures'))
    )
    op.create_index('ix_signatures_holder', 'signatures', ['holder_kind', 'holder_id'], unique=False)
    op.create_table('boxes',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('place_id', KEY, nullable=True),
    sa.Column('position', KEY, nullable=False),
    sa.Column('spine_mm', KEY, nullable=False),
    sa.Column('fonds_code', sa.String(length=4), nullable=False),
    sa.Column('series', sa.String(length=4), nullable=False),
    sa.Column('year', KEY, nullable=True),
    sa.Column('period', sa.String(length=6), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('remark', sa.String(length=200), nullable=False),
    sa.Column('created_by', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint('spine_mm between 10 and 100', name=op.f('ck_boxes_spine')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_boxes_branch_id_branches')),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_boxes_place_id_places')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boxes')),
    sa.UniqueConstraint('number', name=op.f('uq_boxes_number'))
    )
    op.create_index('ix_boxes_branch', 'boxes', ['branch_id', 'number'], unique=False)
    op.create_index(op.f('ix_boxes_place_id'), 'boxes', ['place_id'], unique=False)
    op.create_table('notices',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('account_id', KEY, nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('path', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notices_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices'))
    )
    op.create_index('ix_notices_account', 'notices', ['account_id', 'read_at', 'created_at'], unique=False)
    op.create_table('volumes',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('customer_id', KEY, nullable=False),
    sa.Column('policy_id', KEY, nullable=True),
    sa.Column('claim_id', KEY, nullable=True),
    sa.Column('box_id', KEY, nullable=True),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('series', sa.String(length=4), nullable=False),
    sa.Column('year', KEY, nullable=False),
    sa.Column('period', sa.String(length=6), nullable=False),
    sa.Column('level', KEY, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('created_by', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("state in ('open','closed')", name=op.f('ck_volumes_state')),
    sa.CheckConstraint('level between 1 and 4', name=op.f('ck_volumes_level')),
    sa.ForeignKeyConstraint(['box_id'], ['boxes.id'], name=op.f('fk_volumes_box_id_boxes')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_volumes_branch_id_branches')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_volumes_claim_id_claims')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_volumes_customer_id_customers')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_volumes_policy_id_policies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_volumes')),
    sa.UniqueConstraint('number', name=op.f('uq_volumes_number'))
    )
    op.create_index(op.f('ix_volumes_box_id'), 'volumes', ['box_id'], unique=False)
    op.create_index('ix_volumes_branch', 'volumes', ['branch_id', 'number'], unique=False)
    op.create_index(op.f('ix_volumes_customer_id'), 'volumes', ['customer_id'], unique=False)
    op.create_table('movements',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('direction', sa.String(length=4), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('document_id', KEY, nullable=True),
    sa.Column('box_id', KEY, nullable=True),
    sa.Column('from_place', sa.String(length=120), nullable=False),
    sa.Column('to_place', sa.String(length=120), nullable=False),
    sa.Column('holder_kind', sa.String(length=16), nullable=False),
    sa.Column('holder_id', KEY, nullable=True),
    sa.Column('counterpart', sa.String(length=60), nullable=False),
    sa.Column('account_id', KEY, nullable=True),
    sa.Column('remark', sa.String(length=200), nullable=False),
    sa.CheckConstraint("direction in ('in','out','move')", name=op.f('ck_movements_direction')),
    sa.CheckConstraint('document_id is not null or box_id is not null', name=op.f('ck_movements_thing')),
    sa.ForeignKeyConstraint(['box_id'], ['boxes.id'], name=op.f('fk_movements_box_id_boxes')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_movements_branch_id_branches')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_movements_document_id_documents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movements'))
    )
    op.create_index('ix_movements_at', 'movements', ['at', 'id'], unique=False)
    op.create_index('ix_movements_box', 'movements', ['box_id', 'at'], unique=False)
    op.create_index('ix_movements_branch', 'movements', ['branch_id', 'at', 'id'], unique=False)
    op.create_index('ix_movements_document', 'movements', ['document_id', 'at'], unique=False)
    for column, kind, rest in DOCUMENT_COLUMNS:
        op.execute(f"ALTER TABLE documents ADD COLUMN {column} {kind if not is_sqlite() else kind.replace('BIGINT', 'INTEGER')} {rest}")
    op.execute("UPDATE documents SET whereabouts = 'none' WHERE carrier = 'electronic'")
    op.create_index('ix_documents_away', 'documents', ['branch_id', 'whereabouts'], unique=False, sqlite_where=sa.text("whereabouts not in ('shelf','none')"), postgresql_where=sa.text("whereabouts not in ('shelf','none')"))
    op.create_index(op.f('ix_documents_box_id'), 'documents', ['box_id'], unique=False)
    op.create_index(op.f('ix_documents_volume_id'), 'documents', ['volume_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
