from __future__ import annotations

from datetime import UTC, datetime

from storage.database import Database
from storage.documents import DocumentRepository
from storage.learners import LearnerRepository
from tests.kit.database import database, postgres

__all__ = ["database", "postgres"]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_document_is_its_owners_and_comes_without_its_text(database: Database) -> None:
    text = '{"a": "' + "текст 🍞 " * 50_000 + '"}'
    async with database.transaction() as session:
        person = {"name": "Ada", "username": None, "language": "en", "time_zone": "UTC", "role": "learner"}
        learner, _ = await LearnerRepository(session).arrive(1, NOW, **person, admitted=True, reachable=True)
        row = await DocumentRepository(session).add(
            learner.id, name="bread.md", title="Bread", language="en", words=9, source=text, now=NOW
        )
    async with database.reading() as session:
        documents = DocumentRepository(session)
        found = await documents.get(learner.id, row.id)
        assert found is not None
        assert (found.name, found.title, found.words) == ("bread.md", "Bread", 9)
        assert "source" not in vars(found)
        assert await documents.source(learner.id, row.id) == text
        assert await documents.get(learner.id + 1, row.id) is None
        assert await documents.source(learner.id + 1, row.id) is None
