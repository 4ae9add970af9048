"""Learners' documents after parsing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Document


class DocumentRepository:
    """Documents, each seen by its owner only."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self, learner_id: int, *, name: str, title: str, language: str, words: int, source: str, now: datetime
    ) -> Document:
        """Store a parsed document; `source` is JSON text."""
        row = Document(
            learner_id=learner_id,
            name=name,
            title=title,
            language=language,
            words=words,
            source=source,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def get(self, learner_id: int, document_id: int) -> Document | None:
        """The learner's document, without its text."""
        query = select(Document).where(Document.id == document_id, Document.learner_id == learner_id)
        return (await self._session.scalars(query)).one_or_none()

    async def source(self, learner_id: int, document_id: int) -> str | None:
        """The document's parsed text as JSON text."""
        query = select(Document.source).where(Document.id == document_id, Document.learner_id == learner_id)
        return await self._session.scalar(query)
