"""Learners' documents: read once, kept as sources for courses."""

from __future__ import annotations

import asyncio
import json

from services.authors.protocol import Source
from services.clock import Clock
from services.documents import parse_document, source_from_data, source_to_data
from services.errors import NotFound
from services.samples import sample_text
from services.validation import clean_text, storable
from services.views import DocumentView
from storage.database import Database
from storage.documents import DocumentRepository

_NAME_LENGTH = 200


class DocumentService:
    """Documents of learners, each seen by whoever sent it only."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, learner_id: int, name: str, data: bytes, *, language_hint: str | None = None) -> DocumentView:
        """Read a file and keep what it says. `language_hint` decides where its script does not. Raises
        DocumentRefused."""
        name = storable(clean_text(name))[:_NAME_LENGTH]
        source = await parse_document(name, data, language_hint)
        text = await asyncio.to_thread(_encode, source)
        title = storable(clean_text(source.title))[:_NAME_LENGTH] or name
        async with self._database.transaction() as session:
            row = await DocumentRepository(session).add(
                learner_id,
                name=name,
                title=title,
                language=source.language,
                words=source.words,
                source=text,
                now=self._clock.now(),
            )
        return DocumentView(id=row.id, name=name, title=title, language=source.language, words=source.words)

    async def add_sample(self, learner_id: int, key: str) -> DocumentView:
        """Take one of the bundled texts as if the learner had sent it. Raises NotFound("sample")."""
        name, data = await asyncio.to_thread(sample_text, key)
        return await self.add(learner_id, name, data, language_hint="en")

    async def view(self, learner_id: int, document_id: int) -> DocumentView:
        """The learner's document. Raises NotFound("document")."""
        async with self._database.reading() as session:
            row = await DocumentRepository(session).get(learner_id, document_id)
        if row is None:
            raise NotFound("document")
        return DocumentView(id=row.id, name=row.name, title=row.title, language=row.language, words=row.words)

    async def source(self, learner_id: int, document_id: int) -> Source:
        """The text of the learner's document. Raises NotFound("document")."""
        source = await load_source(self._database, learner_id, document_id)
        if source is None:
            raise NotFound("document")
        return source


async def load_source(database: Database, learner_id: int, document_id: int) -> Source | None:
    """The text of a learner's document, None if they have no such document."""
    async with database.reading() as session:
        text = await DocumentRepository(session).source(learner_id, document_id)
    return None if text is None else await asyncio.to_thread(_decode, text)


def _encode(source: Source) -> str:
    return json.dumps(source_to_data(source), ensure_ascii=False, separators=(",", ":"))


def _decode(text: str) -> Source:
    return source_from_data(json.loads(text))
