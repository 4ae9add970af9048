"""Courses that are checked, paid for, and asked about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_budget")),
    )
    op.create_table(
        "quality_report",
        sa.Column(
            "course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_quality_report_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_quality_report")),
    )
    op.create_table(
        "spending",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("generation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("budgets", sa.Text(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=True),
        sa.Column("fresh", sa.BigInteger(), nullable=False),
        sa.Column("cached", sa.BigInteger(), nullable=False),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.Column("output", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["generation_id"], ["generation.id"], name=op.f("fk_spending_generation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_spending_learner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending")),
    )
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.create_index("ix_spending_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_spending_generation_id"), ["generation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_spending_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(
            "ix_spending_open",
            ["at"],
            unique=False,
            postgresql_where=sa.text("spent IS NULL"),
            sqlite_where=sa.text("spent IS NULL"),
        )

    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_attempt_learner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_attempt_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("learner_id", "question_id", "nth", name=op.f("uq_attempt_learner_id")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_course", ["course_id"], unique=False)
        batch_op.create_index("ix_attempt_learner_course", ["learner_id", "course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_question_id"), ["question_id"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["learner.id"], name=op.f("fk_dispute_decided_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_dispute_learner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_dispute_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("learner_id", "question_id", name=op.f("uq_dispute_learner_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_question_id"), ["question_id"], unique=False)
        batch_op.create_index("ix_dispute_quota", ["learner_id", "at"], unique=False)

    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("glossary", sa.Text(), server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("example", sa.Text(), server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("generation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("estimate", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contract", sa.Text(), server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column("made", sa.Text(), nullable=True))

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("objective", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("bloom", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("made", sa.Text(), nullable=True))

    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outcome", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("objectives", sa.Text(), server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("made", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("failure", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("quiz", sa.Text(), server_default=sa.text("'ready'"), nullable=False))
        batch_op.add_column(sa.Column("findings", sa.Text(), server_default=sa.text("'[]'"), nullable=False))
