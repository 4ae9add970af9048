from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from sqlalchemy import select

from services.authors.protocol import Payer
from services.errors import AuthorBusy, AuthorRefused, AuthorUnusable, DocumentRefused, LecternError
from services.pictures.painting import Drawn, Subject
from services.rules.shuffling import shown_slot
from services.views import FeedEvent
from storage.database import Database
from storage.models import Question
from tests.kit.author import ScriptedAuthor, body, order
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import House, eventually, house

__all__ = ["database", "postgres", "sqlite"]


async def events(made: House, generation_id: int) -> list[FeedEvent]:
    return await made.generations.events(generation_id, 0)


async def test_a_course_is_made_with_all_its_pieces(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1", chat_id=5, message_id=9, making_seconds=40)
        assert (asked.state, asked.progress, asked.planned, asked.picture) == ("waiting", 10, False, "waiting")
        assert (asked.chat_id, asked.message_id, asked.remaining_seconds) == (5, 9, 40)
        view = await made.ended(asked.id)
        assert (view.state, view.progress, view.picture, view.failure) == ("ready", 100, "ready", None)
        assert [step.state for step in view.steps] == ["ready"] * 3
        assert (view.sections_total, view.minutes, view.lessons_written) == (7, 42, 3)
        course = await made.courses.course(learner.id, view.course_id)
        assert course.state == "ready"
        assert [len(lesson.sections) for lesson in course.lessons] == [2, 3, 2]
        section = course.lessons[1].sections[2]
        assert section.body == body(1, 2).strip()
        assert (section.title, section.minutes, section.question_count) == ("Section 1.2, written", 6, 2)
        assert section.citations[0].page == 1
        assert course.credit.models == ("script-1",)
        assert view.first_section_id == course.lessons[0].sections[0].id
        picture = await made.courses.picture(view.course_id)
        assert picture is not None
        assert picture.png.startswith(b"\x89PNG")
        assert [item.payload for item in made.statuses] == [{"generation_id": asked.id}]


async def test_the_feed_is_ordered_complete_and_never_falls(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        heard = [event async for event in made.generations.follow(asked.id, 0)]
        assert heard == await events(made, asked.id)
        assert [event.seq for event in heard] == list(range(1, len(heard) + 1))
        shown = [event.progress for event in heard]
        assert shown == sorted(shown)
        codes = [event.code for event in heard]
        assert codes[:2] == ["accepted", "outline"]
        assert codes[-3:] == ["lessons_done", "saved", "ready"]
        assert (codes.count("section"), codes.count("lesson")) == (7, 3)
        assert [codes.count(code) for code in ("planned", "picture_started", "picture_done")] == [1, 1, 1]
        assert codes.index("section") < codes.index("lesson")
        at = {event.code: event.progress for event in heard}
        assert (at["accepted"], at["outline"], at["lessons_done"], at["saved"], at["ready"]) == (10, 10, 85, 95, 100)
        assert at["planned"] >= 25
        assert [event.progress for event in heard if event.code == "lesson"][-1] == 85
        assert heard[-1].last
        assert heard[-1].data["lessons_count"] == 3
        assert made.feed.followers == 0
        later = [event async for event in made.generations.follow(asked.id, heard[-2].seq)]
        assert later == heard[-1:]
        assert [event async for event in made.generations.follow(asked.id, heard[-1].seq)] == []


async def test_lessons_are_written_side_by_side_but_at_most_eight(sqlite: Database) -> None:
    gate = asyncio.get_running_loop().create_future()
    author = ScriptedAuthor(sizes=(2,) * 12, hold=lambda lesson, section: gate)
    async with house(sqlite, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        await made.until(asked.id, lambda view: sum(step.state == "writing" for step in view.steps) == 8)
        assert [lesson for lesson, _ in author.asked] == list(range(8))
        gate.set_result(None)
        await made.ended(asked.id)
    assert author.most_writing == 8


async def test_questions_that_come_at_once_know_of_each_other_s_slots(database: Database) -> None:
    gate = asyncio.get_running_loop().create_future()
    author = ScriptedAuthor(sizes=(2,) * 8, hold=lambda lesson, section: gate)
    async with house(database, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        await made.until(asked.id, lambda view: sum(step.state == "writing" for step in view.steps) == 8)
        gate.set_result(None)
        await made.ended(asked.id)
    async with database.reading() as session:
        asked_for = (await session.scalars(select(Question))).all()
    slots = Counter(shown_slot(one.seed, one.key, len(one.options)) for one in asked_for)
    assert slots.total() == 32
    assert max(slots.values()) - min(slots.values()) <= 1


async def test_the_first_section_can_be_read_before_the_rest(sqlite: Database) -> None:
    gate = asyncio.get_running_loop().create_future()
    author = ScriptedAuthor(hold=lambda lesson, section: gate if lesson or section else None)
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.until(asked.id, lambda view: view.first_section_id is not None)
        assert view.state == "running"
        assert view.first_section_id is not None
        course, lesson, section = await made.courses.section(learner.id, view.first_section_id)
        assert (course.state, lesson.state, section.written) == ("making", "writing", True)
        assert not course.lessons[0].sections[1].written
        gate.set_result(None)
        await made.ended(asked.id)
        assert (await made.courses.course(learner.id, view.course_id)).lessons[1].sections[0].written


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (AuthorBusy("overloaded"), "overloaded"),
        (AuthorRefused("declined"), "refused"),
        (AuthorUnusable("spent"), "spent"),
        (DocumentRefused("too_thin"), "too_thin"),
    ],
)
async def test_a_plan_that_cannot_be_had_ends_in_a_code(sqlite: Database, fault: LecternError, failure: str) -> None:
    author = ScriptedAuthor(plan_fault=fault)
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert (view.state, view.failure, view.planned, author.plans) == ("failed", failure, False, 1)
        assert (await events(made, asked.id))[-1].data == {"failure": failure}
        assert (await made.courses.course(learner.id, view.course_id)).state == "stopped"


@pytest.mark.parametrize("sizes", [(2, 2), (2,) * 13])
async def test_an_outline_of_the_wrong_size_is_unusable(sqlite: Database, sizes: tuple[int, ...]) -> None:
    async with house(sqlite, ScriptedAuthor(sizes=sizes)) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        assert (await made.ended(asked.id)).failure == "invalid_answer"


@pytest.mark.parametrize("size", [1, 5])
async def test_a_contract_of_the_wrong_size_is_as_if_it_had_not_come(sqlite: Database, size: int) -> None:
    async with house(sqlite, ScriptedAuthor(sizes=(2, size, 2, 2))) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        view = await made.ended(asked.id)
        assert [step.state for step in view.steps] == ["ready", "failed", "ready", "ready"]
        assert (view.steps[1].failure, view.planned) == ("invalid_answer", False)


async def test_a_lesson_that_fails_leaves_the_others(database: Database) -> None:
    author = ScriptedAuthor(faults={1: (2, AuthorBusy("overloaded"))}, silent={(2, 1)})
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert view.state == "ready"
        assert [(step.state, step.failure) for step in view.steps] == [
            ("ready", None),
            ("failed", "overloaded"),
            ("failed", "incomplete"),
        ]
        course = await made.courses.course(learner.id, view.course_id)
        assert [section.written for section in course.lessons[1].sections] == [True, True, False]
        assert (await events(made, asked.id))[-1].data["failed"] == [1, 2]
        codes = [event.code for event in await events(made, asked.id)]
        assert codes.count("lesson_failed") == 2


async def test_a_complaint_after_the_last_section_costs_nothing(sqlite: Database) -> None:
    author = ScriptedAuthor(faults={1: (3, AuthorBusy("dropped"))})
    async with house(sqlite, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        assert {step.state for step in (await made.ended(asked.id)).steps} == {"ready"}


async def test_nothing_written_at_all_is_a_failure(sqlite: Database) -> None:
    busy = (0, AuthorBusy("overloaded"))
    async with house(sqlite, ScriptedAuthor(faults={0: busy, 1: busy, 2: busy})) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        view = await made.ended(asked.id)
        assert (view.state, view.failure, view.can_keep) == ("failed", "overloaded", False)


async def test_our_own_fault_is_tried_again_then_told_without_losing_what_is_written(sqlite: Database) -> None:
    author = ScriptedAuthor(faults={2: (1, RuntimeError("a bug"))})
    async with house(sqlite, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        view = await made.ended(asked.id)
        assert (view.state, view.failure) == ("failed", "internal")
        assert author.plans == 1
        again = [missing for lesson, missing in author.asked if lesson == 2]
        assert again[0] == (0, 1)
        assert set(again[1:]) == {(1,)}


async def test_a_picture_that_cannot_be_drawn_does_not_stop_the_course(sqlite: Database) -> None:
    def broken(title: str, line: str, seed: int) -> tuple[bytes, str]:
        raise OSError("no font")

    async with house(sqlite, draw=broken) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        view = await made.ended(asked.id)
        assert (view.state, view.picture) == ("ready", "waiting")
        assert await made.courses.picture(view.course_id) is None


async def test_a_stop_of_the_program_asks_for_nothing_again(sqlite: Database) -> None:
    """Stopped between any two steps and started anew: no plan and no section is asked for twice."""
    gate = asyncio.get_running_loop().create_future()
    author = ScriptedAuthor(hold=lambda lesson, section: gate if section == 1 else None)
    async with house(sqlite, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        await made.until(asked.id, lambda view: view.progress >= 40)
        before = await eventually(
            lambda: events(made, asked.id), lambda found: sum(event.code == "section" for event in found) >= 3
        )
    author.hold = lambda lesson, section: None
    author.asked.clear()
    async with house(sqlite, author) as made:
        view = await made.ended(asked.id)
        assert (view.state, author.plans) == ("ready", 1)
        assert sorted(author.asked) == [(0, (1,)), (1, (1, 2)), (2, (1,))]
        after = await events(made, asked.id)
        assert after[: len(before)] == before
        assert [event.code for event in after].count("section") == 7
        assert [event.seq for event in after] == list(range(1, len(after) + 1))


async def test_what_an_author_writes_is_made_storable(database: Database) -> None:
    bad = "NUL \x00, half a letter \ud83c, turned \u202e round"
    async with house(database, ScriptedAuthor(words=bad)) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert view.state == "ready"
        course = await made.courses.course(learner.id, view.course_id)
        assert course.sections[0].body.endswith("NUL , half a letter , turned  round")
        assert course.lessons[0].title == "Lesson 0 NUL , half a letter , turned round"


async def test_what_the_picture_is_to_show_is_known_in_every_run(sqlite: Database) -> None:
    seen: list[Subject] = []

    async def paint(subject: Subject, payer: Payer | None) -> Drawn:
        seen.append(subject)
        if len(seen) == 1:
            raise OSError("no canvas")
        return Drawn(b"png", subject.cover)

    author = ScriptedAuthor(faults={1: (0, AuthorBusy("overloaded"))})
    async with house(sqlite, author, paint=paint) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(language="es"), key="u1")
        view = await made.ended(asked.id)
        author.faults.clear()
        await made.generations.retry_lesson(learner.id, asked.id, view.steps[1].lesson_id)
        await made.ended(asked.id)
        picture = await made.courses.picture(view.course_id)
    assert [(subject.cover, subject.language) for subject in seen] == [("A loaf on a board", "es")] * 2
    assert picture is not None
    assert picture.alternative_text == "A loaf on a board"
