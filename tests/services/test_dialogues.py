from __future__ import annotations

from services.dialogues import DialogueService
from services.views import DialogueView
from storage.database import Database
from tests.kit.database import database, postgres
from tests.kit.house import HeldClock, house

__all__ = ["database", "postgres"]


async def test_a_dialogue_survives_a_restart_at_every_step(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
    dialogues = DialogueService(database=database, clock=HeldClock())
    assert await dialogues.load(learner.id) is None
    first = DialogueView(learner.id, "request", "level", {"topic": "الخبز 🍞", "steps": [1, {"a": None}]}, None, 900)
    second = DialogueView(learner.id, "request", "time", {"topic": "x"}, 7_000_000_000, 901)
    for step in (first, second):
        await dialogues.save(step)
        assert await DialogueService(database=database, clock=HeldClock()).load(learner.id) == step
        assert await dialogues.applied(learner.id, step.update_id)
        assert not await dialogues.applied(learner.id, step.update_id + 1)


async def test_an_ended_dialogue_is_gone_but_its_last_update_is_known(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
    dialogues = DialogueService(database=database, clock=HeldClock())
    await dialogues.end(learner.id, 5)
    assert await dialogues.load(learner.id) is None
    assert await dialogues.applied(learner.id, 5)
    await dialogues.save(DialogueView(learner.id, "note", "text", {}, None, 6))
    await dialogues.end(learner.id, 7)
    assert await dialogues.load(learner.id) is None
    assert await dialogues.applied(learner.id, 7)
    assert not await dialogues.applied(learner.id, 6)
