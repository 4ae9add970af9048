"""The declarative base and the column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

# 64 bits everywhere; SQLite only counts up by itself in a column that is called INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 of an aware time: how times are stored."""
    return int(at.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC time that `to_ms` stored."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class Instant(TypeDecorator[datetime]):
    """An aware time, stored as milliseconds since 1970: compares and subtracts alike in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware time → milliseconds."""
        return None if value is None else to_ms(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Milliseconds → aware time."""
        return None if value is None else from_ms(value)


class Json(TypeDecorator[Any]):
    """JSON as text: small structures that are read and written whole."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Value → compact JSON text; letters of every script stay letters."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """JSON text → value."""
        return None if value is None else json.loads(value)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
