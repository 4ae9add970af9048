"""Inserts that meet an existing row, said once for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.base import Base


def _insert(session: AsyncSession, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)


async def insert_or_ignore(session: AsyncSession, model: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row unless a unique one like it is there; whether it was inserted."""
    key = inspect(model).primary_key[0]
    query = _insert(session, model).values(**values).on_conflict_do_nothing().returning(key)
    return (await session.scalar(query)) is not None


async def insert_or_update(
    session: AsyncSession, model: type[Base], values: dict[str, Any], *, unique: Sequence[str]
) -> None:
    """Insert a row, or give the one with the same `unique` columns all other values."""
    query = _insert(session, model).values(**values)
    rest = {name: query.excluded[name] for name in values if name not in unique}
    await session.execute(query.on_conflict_do_update(index_elements=list(unique), set_=rest))
