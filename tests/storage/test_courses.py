from __future__ import annotations

from datetime import timedelta

from storage.courses import CourseRepository
from storage.database import Database
from tests.kit.database import database, postgres
from tests.kit.rows import NOW, made, planned
from tests.kit.school import add_course, add_learner

__all__ = ["database", "postgres"]


async def test_a_course_is_listed_for_whoever_is_enrolled_until_it_is_put_aside(database: Database) -> None:
    generation = await made(database)
    learner_id, course_id = generation.learner_id, generation.course_id
    assert course_id is not None
    await planned(database, course_id)
    async with database.transaction() as session:
        courses = CourseRepository(session)
        assert await courses.entries(learner_id, archived=False) == []
        assert not await courses.archive(learner_id, course_id, NOW)
        assert await courses.enrol(learner_id, course_id, NOW)
        assert not await courses.enrol(learner_id, course_id, NOW + timedelta(days=1))
        (entry,) = await courses.entries(learner_id, archived=False)
        assert (entry.sections, entry.done, entry.generation_id) == (9, 0, generation.id)
        assert entry.last_accessed_at == NOW
        assert await courses.archive(learner_id, course_id, NOW)
        assert await courses.entries(learner_id, archived=False) == []
        assert [entry.id for entry in await courses.entries(learner_id, archived=True)] == [course_id]


async def test_only_the_owner_renames(database: Database) -> None:
    generation = await made(database)
    assert generation.course_id is not None
    async with database.transaction() as session:
        courses = CourseRepository(session)
        assert await courses.rename(generation.course_id, generation.learner_id, "Хлеб")
        assert not await courses.rename(generation.course_id, generation.learner_id + 1, "Brot")
    async with database.reading() as session:
        course = await CourseRepository(session).get(generation.course_id)
        assert course is not None
        assert course.title == "Хлеб"


async def test_the_shape_is_in_reading_order(database: Database) -> None:
    course_id = (await made(database)).course_id
    assert course_id is not None
    await planned(database, course_id)
    async with database.reading() as session:
        shape = await CourseRepository(session).shape(course_id)
        assert shape is not None
        assert [lesson.position for lesson in shape.lessons] == [0, 1, 2]
        assert [section.position for section in shape.sections] == [0, 1, 2] * 3
        assert await CourseRepository(session).shape(course_id + 1) is None
        assert await CourseRepository(session).home(10_000) is None


async def test_what_is_read_in_one_session_is_of_one_moment(database: Database) -> None:
    learner = await add_learner(database)
    course_id, sections = await add_course(database, learner)
    async with database.reading() as session:
        courses = CourseRepository(session)
        assert await courses.get(course_id) is not None
        async with database.transaction() as other:
            await CourseRepository(other).delete(course_id)
        shape = await courses.shape(course_id)
        assert shape is not None
        assert [section.id for section in shape.sections] == sections
    async with database.reading() as session:
        assert await CourseRepository(session).shape(course_id) is None
