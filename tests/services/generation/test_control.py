from __future__ import annotations

import asyncio

import pytest

from services.errors import AuthorBusy, AuthorRefused, Conflict, NotFound
from services.views import GenerationView
from storage.database import Database
from tests.kit.author import ScriptedAuthor, order
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import House, eventually, house

__all__ = ["database", "postgres", "sqlite"]


def holding(last: int) -> ScriptedAuthor:
    """An author of four lessons of two sections that stands still before the second section from lesson `last` on."""
    gate = asyncio.get_running_loop().create_future()
    return ScriptedAuthor(sizes=(2, 2, 2, 2), hold=lambda lesson, at: gate if lesson >= last and at else None)


async def written(made: House, generation_id: int, sections: int, lessons: int = 0) -> GenerationView:
    """Once there are so many sections, and lessons, which are there with the questions of their last section."""
    await eventually(
        lambda: made.generations.events(generation_id, 0),
        lambda events: (
            sum(event.code == "section" for event in events) >= sections
            and sum(event.code == "lesson" for event in events) >= lessons
        ),
    )
    return await made.generations.view(generation_id)


async def test_cancel_stops_spending_at_once(database: Database) -> None:
    author = holding(2)
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await written(made, asked.id, 6, lessons=2)
        view = await made.generations.cancel(learner.id, asked.id)
        assert (view.state, view.lessons_written, view.can_keep) == ("stopped", 2, False)
        assert [step.state for step in view.steps] == ["ready", "ready", "waiting", "waiting"]
        await made.idle()
        last = (await made.generations.events(asked.id, 0))[-1]
        assert (last.code, last.data) == ("stopped", {"lessons_written": 2, "can_keep": False})
        with pytest.raises(Conflict, match="not_running"):
            await made.generations.cancel(learner.id, asked.id)
        with pytest.raises(Conflict, match="too_little"):
            await made.generations.keep(learner.id, asked.id)


async def test_what_was_stopped_is_gone_on_with_and_followed_again(database: Database) -> None:
    author = holding(2)
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1", chat_id=1)
        await written(made, asked.id, 6, lessons=2)
        await made.generations.cancel(learner.id, asked.id)
        assert await made.generations.mark_told(asked.id)
        author.hold = lambda lesson, at: None
        author.asked.clear()
        seen = (await made.generations.events(asked.id, 0))[-1].seq
        await made.generations.go_on(learner.id, asked.id)
        heard = [event.code async for event in made.generations.follow(asked.id, seen)]
        assert (heard[0], heard[-1]) == ("accepted", "ready")
        assert (author.plans, sorted(author.asked)) == (1, [(2, (1,)), (3, (1,))])
        assert await made.generations.mark_told(asked.id)
        assert not await made.generations.mark_told(asked.id)
        await eventually(made.status_count, lambda count: count == 2)
        with pytest.raises(Conflict, match="not_stopped"):
            await made.generations.go_on(learner.id, asked.id)


async def test_three_lessons_are_kept_as_a_short_course(database: Database) -> None:
    gate = asyncio.get_running_loop().create_future()
    author = ScriptedAuthor(sizes=(2, 3, 2, 2), hold=lambda lesson, at: gate if lesson == 0 or at == 2 else None)
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await written(made, asked.id, 6, lessons=2)
        view = await made.generations.cancel(learner.id, asked.id)
        assert view.can_keep
        kept = await made.generations.keep(learner.id, asked.id)
        assert (kept.state, kept.progress, kept.lessons_written, kept.sections_total) == ("ready", 100, 3, 6)
        course = await made.courses.course(learner.id, kept.course_id)
        assert course.state == "ready"
        assert [lesson.title for lesson in course.lessons] == ["Lesson 1", "Lesson 2", "Lesson 3"]
        assert [lesson.position for lesson in course.lessons] == [0, 1, 2]
        assert all(section.written for section in course.sections)
        assert [section.position for section in course.lessons[0].sections] == [0, 1]


async def test_a_failed_lesson_is_tried_again_while_the_course_is_read(database: Database) -> None:
    author = ScriptedAuthor(faults={1: (1, AuthorBusy("overloaded"))})
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        lesson = view.steps[1]
        with pytest.raises(Conflict, match="not_failed"):
            await made.generations.retry_lesson(learner.id, asked.id, view.steps[0].lesson_id)
        with pytest.raises(NotFound, match="lesson"):
            await made.generations.retry_lesson(learner.id, asked.id, 10_000)
        gate = asyncio.get_running_loop().create_future()
        author.faults, author.hold = {}, lambda lesson, at: gate
        author.asked.clear()
        again = await made.generations.retry_lesson(learner.id, asked.id, lesson.lesson_id)
        assert (again.state, again.steps[1].state, again.progress) == ("waiting", "waiting", 100)
        assert (await made.courses.course(learner.id, view.course_id)).state == "ready"
        with pytest.raises(Conflict, match="not_failed"):
            await made.generations.retry_lesson(learner.id, asked.id, lesson.lesson_id)
        gate.set_result(None)
        view = await made.ended(asked.id)
        assert [step.state for step in view.steps] == ["ready"] * 3
        assert author.asked == [(1, (1, 2))]


async def test_a_retry_that_is_cancelled_leaves_a_ready_course(sqlite: Database) -> None:
    author = ScriptedAuthor(faults={1: (1, AuthorBusy("overloaded"))})
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        lesson = (await made.ended(asked.id)).steps[1]
        gate = asyncio.get_running_loop().create_future()
        author.faults, author.hold = {}, lambda lesson, at: gate
        await made.generations.retry_lesson(learner.id, asked.id, lesson.lesson_id)
        await made.until(asked.id, lambda view: view.steps[1].state == "writing")
        view = await made.generations.cancel(learner.id, asked.id)
        assert (view.state, view.steps[1].state, view.steps[1].failure) == ("ready", "failed", "stopped")
        assert (await made.courses.course(learner.id, view.course_id)).state == "ready"


async def test_a_refused_subject_is_never_asked_again(sqlite: Database) -> None:
    async with house(sqlite, ScriptedAuthor(plan_fault=AuthorRefused("declined"))) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        with pytest.raises(Conflict, match="refused"):
            await made.generations.go_on(learner.id, asked.id)


async def test_a_refused_lesson_is_never_asked_for_again(sqlite: Database) -> None:
    author = ScriptedAuthor(faults={1: (0, AuthorRefused("declined"))})
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert view.steps[1].failure == "refused"
        with pytest.raises(Conflict, match="refused"):
            await made.generations.retry_lesson(learner.id, asked.id, view.steps[1].lesson_id)


async def test_a_failed_plan_is_asked_for_again_by_going_on(sqlite: Database) -> None:
    author = ScriptedAuthor(plan_fault=AuthorBusy("overloaded"))
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        author.plan_fault = None
        await made.generations.go_on(learner.id, asked.id)
        assert (await made.ended(asked.id)).state == "ready"


async def test_discarding_removes_the_course_but_not_the_count(database: Database) -> None:
    author = holding(0)
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await written(made, asked.id, 4)
        follower = asyncio.create_task(_codes(made, asked.id))
        await made.generations.discard(learner.id, asked.id)
        assert (await asyncio.wait_for(follower, 30))[-1] == "discarded"
        view = await made.generations.view(asked.id)
        assert (view.state, view.course_id, view.title) == ("discarded", 0, order().title)
        assert await made.courses.list_for(learner.id) == ()
        with pytest.raises(NotFound):
            await made.courses.course(learner.id, asked.course_id)
        await made.idle()
        with pytest.raises(NotFound):
            await made.generations.go_on(learner.id, asked.id)


async def _codes(made: House, generation_id: int) -> list[str]:
    return [event.code async for event in made.generations.follow(generation_id, 0)]


async def test_a_ready_course_is_not_discarded(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        with pytest.raises(Conflict, match="already_ready"):
            await made.generations.discard(learner.id, asked.id)


async def test_somebody_elses_generation_is_not_there(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner, other = await made.learner(), await made.learner(2)
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        for decide in (
            made.generations.view_for,
            made.generations.cancel,
            made.generations.keep,
            made.generations.go_on,
            made.generations.discard,
        ):
            with pytest.raises(NotFound, match="generation"):
                await decide(other.id, asked.id)
            with pytest.raises(NotFound, match="generation"):
                await decide(learner.id, asked.id + 1)
        assert (await made.generations.view_for(learner.id, asked.id)).id == asked.id


async def test_a_status_message_is_replaced_once(database: Database) -> None:
    async with house(database) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1", chat_id=1)
        await made.generations.move_status(asked.id, 10)
        view = await made.generations.view(asked.id)
        assert (view.message_id, view.message_replaced) == (10, False)
        await made.generations.move_status(asked.id, 11)
        view = await made.generations.view(asked.id)
        assert (view.message_id, view.message_replaced) == (11, True)
        with pytest.raises(Conflict, match="already_replaced"):
            await made.generations.move_status(asked.id, 12)
        with pytest.raises(NotFound):
            await made.generations.move_status(asked.id + 1, 12)


async def test_a_follower_that_leaves_is_forgotten(sqlite: Database) -> None:
    async with house(sqlite, holding(0)) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        followers = [asyncio.create_task(_codes(made, asked.id)) for _ in range(20)]
        await written(made, asked.id, 4)
        assert made.feed.followers == 20
        for follower in followers:
            follower.cancel()
        await asyncio.gather(*followers, return_exceptions=True)
        assert made.feed.followers == 0
        with pytest.raises(NotFound):
            await _codes(made, asked.id + 1)
