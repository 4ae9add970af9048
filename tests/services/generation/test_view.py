from __future__ import annotations

import asyncio

from storage.database import Database
from tests.kit.author import ScriptedAuthor, order
from tests.kit.database import sqlite
from tests.kit.house import eventually, house

__all__ = ["sqlite"]


async def test_remaining_time_comes_from_the_pace_once_a_lesson_is_done(sqlite: Database) -> None:
    loop = asyncio.get_running_loop()
    begin, gate = loop.create_future(), loop.create_future()
    author = ScriptedAuthor(sizes=(2, 2, 2), hold=lambda lesson, at: gate if begin.done() and lesson and at else begin)
    async with house(sqlite, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1", making_seconds=100)
        await made.until(asked.id, lambda view: view.planned)
        made.clock.move(10)
        view = await made.generations.view(asked.id)
        assert (view.elapsed_seconds, view.remaining_seconds) == (10, 90)
        begin.set_result(None)
        await eventually(
            lambda: made.generations.events(asked.id, 0),
            lambda events: sum(event.code in {"section", "lesson"} for event in events) == 5,
        )
        made.clock.move(40)
        view = await made.generations.view(asked.id)
        assert view.remaining_seconds == 25  # four of six sections in the 50 s of writing
        gate.set_result(None)
        done = await made.ended(asked.id)
        assert done.remaining_seconds is None
        made.clock.move(1000)
        assert (await made.generations.view(asked.id)).elapsed_seconds == done.elapsed_seconds


async def test_reading_begins_in_the_first_lesson_that_did_not_fail(sqlite: Database) -> None:
    author = ScriptedAuthor(silent={(0, 0), (0, 1)})
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        course = await made.courses.course(learner.id, view.course_id)
        assert [step.state for step in view.steps] == ["failed", "ready", "ready"]
        assert view.first_section_id == course.lessons[1].sections[0].id
