from __future__ import annotations

import asyncio

from storage.database import Database
from storage.dialogues import DialogueRepository
from tests.kit.database import database, postgres
from tests.kit.rows import NOW, made

__all__ = ["database", "postgres"]


async def test_the_last_one_put_is_the_one_that_stands(database: Database) -> None:
    learner_id = (await made(database)).learner_id

    async def put(update_id: int) -> None:
        async with database.transaction() as session:
            await DialogueRepository(session).put(
                learner_id,
                kind="request",
                step=f"step {update_id}",
                data={"n": update_id},
                message_id=None,
                update_id=update_id,
                now=NOW,
            )

    await asyncio.gather(*(put(update_id) for update_id in range(8)))
    await put(2**40)
    async with database.reading() as session:
        row = await DialogueRepository(session).get(learner_id)
        assert row is not None
        assert (row.step, row.data, row.update_id, row.updated_at) == (f"step {2**40}", {"n": 2**40}, 2**40, NOW)
        assert await DialogueRepository(session).get(learner_id + 1) is None
