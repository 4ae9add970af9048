"""Alembic's entry: runs on the connection that `storage.migrate` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=False,  # the transaction around us is storage.migrate's, one for all steps
    render_as_batch=True,
)
context.run_migrations()
