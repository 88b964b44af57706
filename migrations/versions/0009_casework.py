"""Clocks, complaints, consultations: rules, calendar, cases and what is said in them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "case_causes",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["case_causes.id"], name=op.f("fk_case_causes_parent_id_case_causes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_causes")),
        sa.UniqueConstraint("code", name=op.f("uq_case_causes_code")),
    )
    op.create_index(op.f("ix_case_causes_parent_id"), "case_causes", ["parent_id"], unique=False)
    op.create_table(
        "clock_events",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("holder_kind", sa.String(length=10), nullable=False),
        sa.Column("holder_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.String(length=120), nullable=False),
        sa.Column("notice", sa.String(length=120), nullable=False),
        sa.Column("authority", sa.String(length=16), nullable=False),
        sa.Column("exception", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("other_received", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("account_id", KEY, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", KEY, nullable=True),
        sa.Column("struck_reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_events")),
    )
    op.create_index("ix_clock_events_holder", "clock_events", ["holder_kind", "holder_id", "moment"], unique=False)
    op.create_table(
        "clock_rules",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("length", KEY, nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("pauses", sa.String(length=120), nullable=False),
        sa.Column("complex_length", KEY, nullable=True),
        sa.Column("complex_unit", sa.String(length=16), nullable=False),
        sa.Column("complex_pauses", sa.String(length=120), nullable=False),
        sa.Column("extension", KEY, nullable=False),
        sa.Column("extension_times", KEY, nullable=False),
        sa.Column("once", sa.String(length=120), nullable=False),
        sa.Column("restarts", sa.Boolean(), nullable=False),
        sa.Column("first_day_counted", sa.Boolean(), nullable=False),
        sa.Column("reminders", sa.String(length=40), nullable=False),
        sa.Column("starts_by", sa.String(length=200), nullable=False),
        sa.Column("ends_by", sa.String(length=200), nullable=False),
        sa.Column("from_text", sa.String(length=80), nullable=False),
        sa.Column("until_text", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("version", KEY, nullable=False),
        sa.CheckConstraint("length between 1 and 366", name=op.f("ck_clock_rules_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_rules")),
        sa.UniqueConstraint("code", "effective_from", name=op.f("uq_clock_rules_code_effective_from")),
    )
    op.create_table(
        "clocks",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("holder_kind", sa.String(length=10), nullable=False),
        sa.Column("holder_id", KEY, nullable=False),
        sa.Column("rule_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("days_over", KEY, nullable=False),
        sa.Column("days_taken", KEY, nullable=True),
        sa.Column("reminded", sa.String(length=8), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("holder_kind in ('case','claim','duty')", name=op.f("ck_clocks_holder_kind")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_clocks_branch_id_branches")),
        sa.ForeignKeyConstraint(["rule_id"], ["clock_rules.id"], name=op.f("fk_clocks_rule_id_clock_rules")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint("holder_kind", "holder_id", "code", name=op.f("uq_clocks_holder_kind_holder_id_code")),
    )
    op.create_index("ix_clocks_board", "clocks", ["code", "branch_id", "state", "due_on"], unique=False)
    op.create_index(
        "ix_clocks_running",
        "clocks",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("state in ('running','paused','overdue') and ended_on is null"),
        postgresql_where=sa.text("state in ('running','paused','overdue') and ended_on is null"),
    )
    op.create_table(
        "ready_answers",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("keywords", sa.String(length=200), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("uses", KEY, nullable=False),
        sa.Column("written_by", KEY, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_ready_answers_branch_id_branches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_answers")),
    )
    op.create_index("ix_ready_answers_topic", "ready_answers", ["active", "topic", "uses"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("deputy_id", KEY, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("account_id <> deputy_id", name=op.f("ck_absences_deputy")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_absences_days")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_absences_account_id_accounts")),
        sa.ForeignKeyConstraint(["deputy_id"], ["accounts.id"], name=op.f("fk_absences_deputy_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_account_id"), "absences", ["account_id"], unique=False)
    op.create_index("ix_absences_deputy", "absences", ["deputy_id", "last_on"], unique=False)
    op.create_table(
        "service_duties",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("policy_id", KEY, nullable=True),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.CheckConstraint("state in ('open','done','void')", name=op.f("ck_service_duties_state")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_service_duties_branch_id_branches")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_service_duties_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_service_duties_owner_id_accounts")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_service_duties_policy_id_policies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_duties")),
    )
    op.create_index("ix_service_duties_branch", "service_duties", ["branch_id", "state", "due_on", "id"], unique=False)
    op.create_index("ix_service_duties_customer", "service_duties", ["customer_id", "created_at"], unique=False)
    op.create_index(op.f("ix_service_duties_policy_id"), "service_duties", ["policy_id"], unique=False)
    op.create_table(
        "consultations",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("level", KEY, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("policy_id", KEY, nullable=True),
        sa.Column("claim_id", KEY, nullable=True),
        sa.Column("asker", sa.LargeBinary(), nullable=False),
        sa.Column("asker_blind", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_blind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("product", sa.String(length=120), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answer_id", KEY, nullable=True),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("follow_up_by", KEY, nullable=True),
        sa.Column("follow_up_note", sa.LargeBinary(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("logged_by", KEY, nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.CheckConstraint(
            "result <> 'follow_up' or follow_up_on is not null", name=op.f("ck_consultations_follow_up")
        ),
        sa.CheckConstraint(
            "result in ('answered','follow_up','passed_on','complaint')", name=op.f("ck_consultations_result")
        ),
        sa.CheckConstraint("level between 1 and 4", name=op.f("ck_consultations_level")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["ready_answers.id"], name=op.f("fk_consultations_answer_id_ready_answers")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_consultations_branch_id_branches")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_consultations_claim_id_claims")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_consultations_customer_id_customers")),
        sa.ForeignKeyConstraint(["follow_up_by"], ["accounts.id"], name=op.f("fk_consultations_follow_up_by_accounts")),
        sa.ForeignKeyConstraint(["logged_by"], ["accounts.id"], name=op.f("fk_consultations_logged_by_accounts")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_consultations_policy_id_policies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
        sa.UniqueConstraint("number", name=op.f("uq_consultations_number")),
    )
    op.create_index("ix_consultations_asked", "consultations", ["asked_at", "id"], unique=False)
    op.create_index("ix_consultations_asker", "consultations", ["asker_blind"], unique=False)
    op.create_index("ix_consultations_branch_asked", "consultations", ["branch_id", "asked_at", "id"], unique=False)
    op.create_index("ix_consultations_customer", "consultations", ["customer_id", "asked_at"], unique=False)
    op.create_index(
        "ix_consultations_follow_up",
        "consultations",
        ["branch_id", "result", "closed_at", "follow_up_on"],
        unique=False,
    )
    op.create_index("ix_consultations_phone", "consultations", ["phone_blind"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("merged_into_id", KEY, nullable=True),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("level", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("policy_id", KEY, nullable=True),
        sa.Column("claim_id", KEY, nullable=True),
        sa.Column("consultation_id", KEY, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("forward_number", sa.String(length=60), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("accused_branch_id", KEY, nullable=True),
        sa.Column("accused_name", sa.String(length=60), nullable=False),
        sa.Column("accused_number", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=120), nullable=False),
        sa.Column("line", sa.String(length=32), nullable=False),
        sa.Column("sales_channel", sa.String(length=16), nullable=False),
        sa.Column("amount", KEY, nullable=True),
        sa.Column("dispute", sa.String(length=16), nullable=False),
        sa.Column("stage_id", KEY, nullable=True),
        sa.Column("cause_id", KEY, nullable=True),
        sa.Column("persons", KEY, nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("is_violation", sa.Boolean(), nullable=False),
        sa.Column("handler_id", KEY, nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_by", KEY, nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_complex", sa.Boolean(), nullable=False),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("is_mediated", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_state", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_taken", KEY, nullable=True),
        sa.Column("days_over", KEY, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.CheckConstraint("(state = 'merged') = (merged_into_id is not null)", name=op.f("ck_cases_merged_into")),
        sa.CheckConstraint("kind <> 'review' or parent_id is not null", name=op.f("ck_cases_review_has_parent")),
        sa.CheckConstraint("kind in ('complaint','review')", name=op.f("ck_cases_kind")),
        sa.CheckConstraint(
            "state in ('registered','accepted','declined','proposed','decided','notified','closed','filed','withdrawn','merged')",
            name=op.f("ck_cases_state"),
        ),
        sa.CheckConstraint("level between 1 and 4", name=op.f("ck_cases_level")),
        sa.CheckConstraint("persons >= 1", name=op.f("ck_cases_persons")),
        sa.ForeignKeyConstraint(
            ["accused_branch_id"], ["branches.id"], name=op.f("fk_cases_accused_branch_id_branches")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_cases_branch_id_branches")),
        sa.ForeignKeyConstraint(["cause_id"], ["case_causes.id"], name=op.f("fk_cases_cause_id_case_causes")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_cases_claim_id_claims")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_cases_consultation_id_consultations")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_cases_customer_id_customers")),
        sa.ForeignKeyConstraint(["handler_id"], ["accounts.id"], name=op.f("fk_cases_handler_id_accounts")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["cases.id"], name=op.f("fk_cases_merged_into_id_cases")),
        sa.ForeignKeyConstraint(["parent_id"], ["cases.id"], name=op.f("fk_cases_parent_id_cases")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_cases_policy_id_policies")),
        sa.ForeignKeyConstraint(["stage_id"], ["case_causes.id"], name=op.f("fk_cases_stage_id_case_causes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index("ix_cases_branch_due", "cases", ["branch_id", "state", "due_on", "id"], unique=False)
    op.create_index("ix_cases_branch_received", "cases", ["branch_id", "received_at", "id"], unique=False)
    op.create_index(op.f("ix_cases_claim_id"), "cases", ["claim_id"], unique=False)
    op.create_index(op.f("ix_cases_consultation_id"), "cases", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_cases_customer_id"), "cases", ["customer_id"], unique=False)
    op.create_index("ix_cases_due", "cases", ["due_on", "id"], unique=False)
    op.create_index("ix_cases_handler_due", "cases", ["handler_id", "state", "due_on", "id"], unique=False)
    op.create_index(op.f("ix_cases_merged_into_id"), "cases", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_cases_parent_id"), "cases", ["parent_id"], unique=False)
    op.create_index(op.f("ix_cases_policy_id"), "cases", ["policy_id"], unique=False)
    op.create_index("ix_cases_received", "cases", ["received_at", "id"], unique=False)
    op.create_index("ix_cases_registered_by", "cases", ["registered_by", "registered_at", "id"], unique=False)
    op.create_table(
        "case_approvals",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("asked_by", KEY, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("about in ('extension','decision')", name=op.f("ck_case_approvals_about")),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_case_approvals_asked_by_accounts")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_case_approvals_branch_id_branches")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_approvals_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_case_approvals_decided_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_approvals")),
    )
    op.create_index(op.f("ix_case_approvals_case_id"), "case_approvals", ["case_id"], unique=False)
    op.create_index("ix_case_approvals_open", "case_approvals", ["branch_id", "approved", "asked_at"], unique=False)
    op.create_table(
        "case_bars",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("barred_by", KEY, nullable=True),
        sa.Column("barred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "relation in ('accused','relative','interest','declared')", name=op.f("ck_case_bars_relation")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_case_bars_account_id_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_bars_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_bars")),
    )
    op.create_index("ix_case_bars_account", "case_bars", ["account_id", "case_id"], unique=False)
    op.create_table(
        "case_files",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("blob_digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("pages", KEY, nullable=False),
        sa.Column("added_by", KEY, nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["blob_digest"], ["blobs.digest"], name=op.f("fk_case_files_blob_digest_blobs")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_files_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
    )
    op.create_index(op.f("ix_case_files_case_id"), "case_files", ["case_id"], unique=False)
    op.create_table(
        "case_notes",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_case_notes_account_id_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"], unique=False)
    op.create_table(
        "case_remedies",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("measure", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("branch_id", KEY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.Column("checked_by", KEY, nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_case_remedies_branch_id_branches")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_remedies_case_id_cases")),
        sa.ForeignKeyConstraint(["owner_id"], ["accounts.id"], name=op.f("fk_case_remedies_owner_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_remedies")),
    )
    op.create_index(op.f("ix_case_remedies_case_id"), "case_remedies", ["case_id"], unique=False)
    op.create_index("ix_case_remedies_due", "case_remedies", ["branch_id", "done_on", "due_on"], unique=False)
    op.create_table(
        "case_statements",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("complainant_kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_blind", sa.String(length=40), nullable=False),
        sa.Column("id_kind", sa.String(length=24), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_blind", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_blind", sa.String(length=40), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("legal_representative", sa.LargeBinary(), nullable=False),
        sa.Column("agent_name", sa.LargeBinary(), nullable=False),
        sa.Column("agent_id_number", sa.LargeBinary(), nullable=False),
        sa.Column("agent_phone", sa.LargeBinary(), nullable=False),
        sa.Column("papers", sa.LargeBinary(), nullable=False),
        sa.Column("representatives", sa.LargeBinary(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("grounds", sa.LargeBinary(), nullable=False),
        sa.Column("finding", sa.LargeBinary(), nullable=False),
        sa.Column("opinion", sa.LargeBinary(), nullable=False),
        sa.Column("mediation", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.Column("decision_basis", sa.LargeBinary(), nullable=False),
        sa.Column("remedies", sa.LargeBinary(), nullable=False),
        sa.Column("root_cause", sa.LargeBinary(), nullable=False),
        sa.Column("accountability", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_statements_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_statements")),
    )
    op.create_index(op.f("ix_case_statements_id_number_blind"), "case_statements", ["id_number_blind"], unique=False)
    op.create_index(op.f("ix_case_statements_name_blind"), "case_statements", ["name_blind"], unique=False)
    op.create_index(op.f("ix_case_statements_phone_blind"), "case_statements", ["phone_blind"], unique=False)
    op.create_table(
        "case_steps",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("ordinal", KEY, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("state_before", sa.String(length=10), nullable=False),
        sa.Column("state_after", sa.String(length=10), nullable=False),
        sa.Column("event_id", KEY, nullable=True),
        sa.Column("account_id", KEY, nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_steps_case_id_cases")),
        sa.ForeignKeyConstraint(["event_id"], ["clock_events.id"], name=op.f("fk_case_steps_event_id_clock_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_steps")),
        sa.UniqueConstraint("case_id", "ordinal", name=op.f("uq_case_steps_case_id_ordinal")),
    )
    op.create_table(
        "case_visits",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_case_visits_account_id_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_visits_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_case_visits")),
    )
    op.create_table(
        "case_notifications",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("about", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receiver", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.String(length=120), nullable=False),
        sa.Column("file_id", KEY, nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("told_by", KEY, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notifications_case_id_cases")),
        sa.ForeignKeyConstraint(["file_id"], ["case_files.id"], name=op.f("fk_case_notifications_file_id_case_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notifications")),
    )
    op.create_index(op.f("ix_case_notifications_case_id"), "case_notifications", ["case_id"], unique=False)
    column = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    # As SQL, since SQLite takes a constraint of a new column only in one breath with it.
    op.execute(
        f"ALTER TABLE documents ADD COLUMN case_id {column} CONSTRAINT fk_documents_case_id_cases REFERENCES cases (id)"
    )
    op.create_index(op.f("ix_documents_case_id"), "documents", ["case_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("steps go forward only; go back by a backup")
