"""What is made again is told by its revision, the log is closed, versions keep their questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.models.append_only import statements_that_keep

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False))

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False))

    with op.batch_alter_table("section_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("questions", sa.Text(), nullable=True))
    for statement in statements_that_keep("activity_entry", op.get_bind().dialect.name):
        op.execute(statement)
