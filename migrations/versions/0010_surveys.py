"""Surveys: questionnaires, invitations, answers, call-backs, follow-ups; figures of the business."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('business_figures',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('value', KEY, nullable=False),
    sa.Column('entered_by', KEY, nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint('value >= 0', name=op.f('ck_business_figures_value')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_business_figures_branch_id_branches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_business_figures')),
    sa.UniqueConstraint('branch_id', 'month', 'name', name=op.f('uq_business_figures_branch_id_month_name'))
    )
    op.create_table('surveys',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_by', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', KEY, nullable=False),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_surveys_branch_id_branches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_surveys')),
    sa.UniqueConstraint('code', name=op.f('uq_surveys_code'))
    )
    op.create_index('ix_surveys_branch', 'surveys', ['branch_id', 'active'], unique=False)
    op.create_table('survey_kiosks',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('survey_id', KEY, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_by', KEY, nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_survey_kiosks_branch_id_branches')),
    sa.ForeignKeyConstraint(['survey_id'], ['surveys.id'], name=op.f('fk_survey_kiosks_survey_id_surveys')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_kiosks')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_survey_kiosks_token_hash'))
    )
    op.create_table('survey_versions',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('survey_id', KEY, nullable=False),
    sa.Column('ordinal', KEY, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('greeting', sa.String(length=500), nullable=False),
    sa.Column('thanks', sa.String(length=500), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('low_score', KEY, nullable=False),
    sa.Column('low_nps', KEY, nullable=False),
    sa.Column('valid_days', KEY, nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', KEY, nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("state in ('draft','published','retired')", name=op.f('ck_survey_versions_state')),
    sa.ForeignKeyConstraint(['survey_id'], ['surveys.id'], name=op.f('fk_survey_versions_survey_id_surveys')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_versions')),
    sa.UniqueConstraint('survey_id', 'ordinal', name=op.f('uq_survey_versions_survey_id_ordinal'))
    )
    op.create_table('survey_invitations',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('survey_id', KEY, nullable=False),
    sa.Column('version_id', KEY, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('customer_id', KEY, nullable=True),
    sa.Column('policy_id', KEY, nullable=True),
    sa.Column('claim_id', KEY, nullable=True),
    sa.Column('case_id', KEY, nullable=True),
    sa.Column('agent_id', KEY, nullable=True),
    sa.Column('means', sa.String(length=8), nullable=False),
    sa.Column('kiosk_id', KEY, nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('made_by', KEY, nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("means in ('link','slip','tablet','sms','paper','phone')", name=op.f('ck_survey_invitations_means')),
    sa.CheckConstraint("state in ('open','answered','expired','revoked','failed')", name=op.f('ck_survey_invitations_state')),
    sa.ForeignKeyConstraint(['agent_id'], ['accounts.id'], name=op.f('fk_survey_invitations_agent_id_accounts')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_survey_invitations_branch_id_branches')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_survey_invitations_case_id_cases')),
    sa.ForeignKeyConstraint(['claim_id'], ['claims.id'], name=op.f('fk_survey_invitations_claim_id_claims')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_survey_invitations_customer_id_customers')),
    sa.ForeignKeyConstraint(['kiosk_id'], ['survey_kiosks.id'], name=op.f('fk_survey_invitations_kiosk_id_survey_kiosks')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_survey_invitations_policy_id_policies')),
    sa.ForeignKeyConstraint(['survey_id'], ['surveys.id'], name=op.f('fk_survey_invitations_survey_id_surveys')),
    sa.ForeignKeyConstraint(['version_id'], ['survey_versions.id'], name=op.f('fk_survey_invitations_version_id_survey_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_invitations')),
    sa.UniqueConstraint('number', name=op.f('uq_survey_invitations_number')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_survey_invitations_token_hash'))
    )
    op.create_index('ix_survey_invitations_branch', 'survey_invitations', ['branch_id', 'made_at', 'id'], unique=False)
    op.create_index(op.f('ix_survey_invitations_case_id'), 'survey_invitations', ['case_id'], unique=False)
    op.create_index(op.f('ix_survey_invitations_claim_id'), 'survey_invitations', ['claim_id'], unique=False)
    op.create_index('ix_survey_invitations_customer', 'survey_invitations', ['customer_id', 'purpose', 'made_at'], unique=False)
    op.create_index('ix_survey_invitations_made', 'survey_invitations', ['made_at', 'id'], unique=False)
    op.create_index('ix_survey_invitations_open', 'survey_invitations', ['state', 'expires_at'], unique=False)
    op.create_index(op.f('ix_survey_invitations_policy_id'), 'survey_invitations', ['policy_id'], unique=False)
    op.create_index('ix_survey_invitations_survey', 'survey_invitations', ['survey_id', 'branch_id', 'made_at'], unique=False)
    op.create_table('call_backs',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('invitation_id', KEY, nullable=False),
    sa.Column('result', sa.String(length=12), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('within_cooling_off', sa.Boolean(), nullable=True),
    sa.Column('recording', sa.String(length=60), nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=False),
    sa.Column('called_by', KEY, nullable=True),
    sa.ForeignKeyConstraint(['invitation_id'], ['survey_invitations.id'], name=op.f('fk_call_backs_invitation_id_survey_invitations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_backs'))
    )
    op.create_index('ix_call_backs_called', 'call_backs', ['called_at', 'id'], unique=False)
    op.create_index(op.f('ix_call_backs_invitation_id'), 'call_backs', ['invitation_id'], unique=False)
    op.create_table('survey_answers',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('invitation_id', KEY, nullable=False),
    sa.Column('survey_id', KEY, nullable=False),
    sa.Column('version_id', KEY, nullable=False),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('agent_id', KEY, nullable=True),
    sa.Column('line', sa.String(length=32), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seconds', KEY, nullable=True),
    sa.Column('is_valid', sa.Boolean(), nullable=False),
    sa.Column('invalid_reason', sa.String(length=12), nullable=False),
    sa.Column('score', KEY, nullable=True),
    sa.Column('overall', KEY, nullable=True),
    sa.Column('nps', KEY, nullable=True),
    sa.Column('entered_by', KEY, nullable=True),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_survey_answers_branch_id_branches')),
    sa.ForeignKeyConstraint(['invitation_id'], ['survey_invitations.id'], name=op.f('fk_survey_answers_invitation_id_survey_invitations')),
    sa.ForeignKeyConstraint(['survey_id'], ['surveys.id'], name=op.f('fk_survey_answers_survey_id_surveys')),
    sa.ForeignKeyConstraint(['version_id'], ['survey_versions.id'], name=op.f('fk_survey_answers_version_id_survey_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_answers')),
    sa.UniqueConstraint('invitation_id', name=op.f('uq_survey_answers_invitation_id'))
    )
    op.create_index('ix_survey_answers_answered', 'survey_answers', ['answered_at', 'id'], unique=False)
    op.create_index('ix_survey_answers_survey', 'survey_answers', ['survey_id', 'branch_id', 'answered_at'], unique=False)
    op.create_table('follow_ups',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('invitation_id', KEY, nullable=False),
    sa.Column('answer_id', KEY, nullable=True),
    sa.Column('branch_id', KEY, nullable=False),
    sa.Column('customer_id', KEY, nullable=True),
    sa.Column('case_id', KEY, nullable=True),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('owner_id', KEY, nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('result', sa.LargeBinary(), nullable=False),
    sa.Column('became_case_id', KEY, nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', KEY, nullable=True),
    sa.Column('version', KEY, nullable=False),
    sa.CheckConstraint("state in ('open','done','void')", name=op.f('ck_follow_ups_state')),
    sa.ForeignKeyConstraint(['answer_id'], ['survey_answers.id'], name=op.f('fk_follow_ups_answer_id_survey_answers')),
    sa.ForeignKeyConstraint(['became_case_id'], ['cases.id'], name=op.f('fk_follow_ups_became_case_id_cases')),
    sa.ForeignKeyConstraint(['branch_id'], ['branches.id'], name=op.f('fk_follow_ups_branch_id_branches')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_follow_ups_case_id_cases')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_follow_ups_customer_id_customers')),
    sa.ForeignKeyConstraint(['invitation_id'], ['survey_invitations.id'], name=op.f('fk_follow_ups_invitation_id_survey_invitations')),
    sa.ForeignKeyConstraint(['owner_id'], ['accounts.id'], name=op.f('fk_follow_ups_owner_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_ups'))
    )
    op.create_index('ix_follow_ups_branch', 'follow_ups', ['branch_id', 'state', 'due_on', 'id'], unique=False)
    op.create_index(op.f('ix_follow_ups_invitation_id'), 'follow_ups', ['invitation_id'], unique=False)
    op.create_index('ix_follow_ups_owner', 'follow_ups', ['owner_id', 'state', 'due_on', 'id'], unique=False)
    op.create_table('survey_values',
    sa.Column('id', KEY, autoincrement=False, nullable=False),
    sa.Column('answer_id', KEY, nullable=False),
    sa.Column('version_id', KEY, nullable=False),
    sa.Column('question', sa.String(length=24), nullable=False),
    sa.Column('number', KEY, nullable=True),
    sa.Column('choice', sa.String(length=24), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['survey_answers.id'], name=op.f('fk_survey_values_answer_id_survey_answers')),
    sa.ForeignKeyConstraint(['version_id'], ['survey_versions.id'], name=op.f('fk_survey_values_version_id_survey_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_values'))
    )
    op.create_index('ix_survey_values_answer', 'survey_values', ['answer_id', 'question', 'number', 'choice'], unique=False)
    op.create_index('ix_survey_values_question', 'survey_values', ['version_id', 'question', 'number', 'choice', 'answer_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
