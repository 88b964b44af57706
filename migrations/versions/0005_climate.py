"""Climate of rooms with limits and alarms, safety checks."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('climate_limits',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('label', sa.String(length=30), nullable=False),
    sa.Column('temperature_low', KEY, nullable=False),
    sa.Column('temperature_high', KEY, nullable=False),
    sa.Column('humidity_low', KEY, nullable=False),
    sa.Column('humidity_high', KEY, nullable=False),
    sa.Column('temperature_swing', KEY, nullable=False),
    sa.Column('humidity_swing', KEY, nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_climate_limits'))
    )
    op.create_table('safety_points',
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('label', sa.String(length=30), nullable=False),
    sa.Column('hint', sa.String(length=120), nullable=False),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('position', KEY, nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_safety_points'))
    )
    op.create_table('climate_alarms',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('place_id', KEY, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('worst', KEY, nullable=False),
    sa.Column('bound', KEY, nullable=False),
    sa.Column('seen_by', KEY, nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_climate_alarms_place_id_places')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_climate_alarms'))
    )
    op.create_index('ix_climate_alarms_place', 'climate_alarms', ['place_id', 'began_at'], unique=False)
    op.create_index('uq_climate_alarms_open', 'climate_alarms', ['place_id', 'kind'], unique=True, sqlite_where=sa.text('ended_at is null'), postgresql_where=sa.text('ended_at is null'))
    op.create_table('climate_readings',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('place_id', KEY, nullable=False),
    sa.Column('measured_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('half', sa.String(length=2), nullable=False),
    sa.Column('source', sa.String(length=6), nullable=False),
    sa.Column('temperature', KEY, nullable=False),
    sa.Column('humidity', KEY, nullable=False),
    sa.Column('weather', sa.String(length=10), nullable=False),
    sa.Column('outside_temperature', KEY, nullable=True),
    sa.Column('outside_humidity', KEY, nullable=True),
    sa.Column('measures', sa.String(length=120), nullable=False),
    sa.Column('temperature_after', KEY, nullable=True),
    sa.Column('humidity_after', KEY, nullable=True),
    sa.Column('exceeds', sa.String(length=80), nullable=False),
    sa.Column('remark', sa.String(length=200), nullable=False),
    sa.Column('recorded_by', KEY, nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("half in ('am','pm')", name=op.f('ck_climate_readings_half')),
    sa.CheckConstraint("source in ('hand','logger')", name=op.f('ck_climate_readings_source')),
    sa.CheckConstraint('humidity between 0 and 1000', name=op.f('ck_climate_readings_humidity')),
    sa.CheckConstraint('temperature between -500 and 800', name=op.f('ck_climate_readings_temperature')),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_climate_readings_place_id_places')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_climate_readings')),
    sa.UniqueConstraint('place_id', 'measured_at', 'source', name=op.f('uq_climate_readings_place_id_measured_at_source'))
    )
    op.create_index('ix_climate_readings_day', 'climate_readings', ['place_id', 'day'], unique=False)
    op.create_index('uq_climate_readings_hand', 'climate_readings', ['place_id', 'day', 'half'], unique=True, sqlite_where=sa.text("source = 'hand'"), postgresql_where=sa.text("source = 'hand'"))
    op.create_table('safety_checks',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('place_id', KEY, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('results', sa.JSON(), nullable=False),
    sa.Column('found', sa.String(length=300), nullable=False),
    sa.Column('handled', sa.String(length=300), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_by', KEY, nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['places.id'], name=op.f('fk_safety_checks_place_id_places')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_safety_checks')),
    sa.UniqueConstraint('place_id', 'day', name=op.f('uq_safety_checks_place_id_day'))
    )


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
