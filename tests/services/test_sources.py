from __future__ import annotations

import pytest

from services.errors import DocumentRefused, NotFound
from services.samples import SAMPLES
from services.sources import DocumentService
from storage.database import Database
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import HeldClock, house

__all__ = ["database", "postgres", "sqlite"]


async def test_every_sample_can_be_taken_and_comes_back_whole(database: Database) -> None:
    async with house(database) as made:
        learner, other = await made.learner(), await made.learner(2)
    documents = DocumentService(database=database, clock=HeldClock())
    for sample in SAMPLES:
        document = await documents.add_sample(learner.id, sample.key)
        assert document.words >= 2500
        assert document.language == "en"
        source = await documents.source(learner.id, document.id)
        assert (source.title, source.words) == (document.title, document.words)
        assert len(source.nodes) >= 6
        assert len({passage.id for node in source.nodes for passage in node.passages}) >= 20
        assert await documents.view(learner.id, document.id) == document
        with pytest.raises(NotFound, match="document"):
            await documents.source(other.id, document.id)
        with pytest.raises(NotFound, match="document"):
            await documents.view(other.id, document.id)
    with pytest.raises(NotFound, match="sample"):
        await documents.add_sample(learner.id, "astrology")


async def test_what_cannot_be_read_is_refused_and_not_kept(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner = await made.learner()
    documents = DocumentService(database=sqlite, clock=HeldClock())
    with pytest.raises(DocumentRefused, match="empty"):
        await documents.add(learner.id, "x.md", b"")
    with pytest.raises(NotFound):
        await documents.view(learner.id, 1)


async def test_a_name_is_made_storable(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
    documents = DocumentService(database=database, clock=HeldClock())
    text = b"# Bread\n\nFlour and water come alive when they wait for long enough in the warmth.\n" * 5
    document = await documents.add(learner.id, "a\x00\u202eb\n c.md", text)
    assert document.name == "ab c.md"
