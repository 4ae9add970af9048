from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from storage.database import Database
from storage.learners import LearnerRepository
from tests.kit.database import database, postgres

__all__ = ["database", "postgres"]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = {
    "name": "Ada",
    "username": None,
    "language": "en",
    "time_zone": "UTC",
    "role": "learner",
    "admitted": False,
    "reachable": True,
}


async def test_simultaneous_first_arrivals_make_one_row(database: Database) -> None:
    async def arrive() -> tuple[int, bool]:
        async with database.transaction() as session:
            row, new = await LearnerRepository(session).arrive(7_000_000_001, NOW, **FIRST)
            return row.id, new

    arrivals = await asyncio.gather(*(arrive() for _ in range(12)))
    assert len({learner_id for learner_id, _ in arrivals}) == 1
    assert sum(new for _, new in arrivals) == 1
    async with database.reading() as session:
        assert await LearnerRepository(session).count() == 1


async def test_a_learner_is_found_by_both_ids_and_can_be_changed(database: Database) -> None:
    async with database.transaction() as session:
        row, _ = await LearnerRepository(session).arrive(-100_000_000_001, NOW, **FIRST)
    async with database.transaction() as session:
        changed = await LearnerRepository(session).change(row.id, language="de", name="Zoë 🦊")
        assert changed is not None
        assert (changed.language, changed.name) == ("de", "Zoë 🦊")
        assert await LearnerRepository(session).change(row.id + 1, language="de") is None
    async with database.reading() as session:
        repository = LearnerRepository(session)
        found = await repository.by_telegram(-100_000_000_001)
        assert found is not None
        assert (found.id, found.language, found.created_at) == (row.id, "de", NOW)
        assert await repository.by_telegram(5) is None
        assert (await repository.get(row.id)) is found


async def test_an_invitation_is_used_as_often_as_it_says_even_at_once(database: Database) -> None:
    async with database.transaction() as session:
        repository = LearnerRepository(session)
        row, _ = await repository.arrive(1, NOW, **FIRST)
        await repository.add_invite("abc", row.id, 2, NOW)

    async def use(code: str) -> bool:
        async with database.transaction() as session:
            return await LearnerRepository(session).use_invite(code)

    assert sum(await asyncio.gather(*(use("abc") for _ in range(6)))) == 2
    assert not await use("other")
