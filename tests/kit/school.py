"""Rows that many tests start from: a learner, and a course of any shape, written straight into the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.models import Course, Enrolment, Learner, Lesson, Question, Section

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


async def add_learner(
    database: Database, telegram_id: int = 7_000_000_001, name: str = "Ada", *, role: str = "learner"
) -> int:
    """A learner; returns the id."""
    async with database.transaction() as session:
        learner = Learner(
            telegram_id=telegram_id,
            name=name,
            username=None,
            language="en",
            time_zone="UTC",
            role=role,
            admitted=True,
            reachable=True,
            created_at=START,
            seen_at=START,
        )
        session.add(learner)
        await session.flush()
        return learner.id


async def add_course(
    database: Database, owner: int, shape: Sequence[int] = (2, 2, 2), *, minutes: int = 5, enrol: bool = True
) -> tuple[int, list[int]]:
    """A ready course whose lessons have as many written sections as `shape` says; returns its id and its sections'."""
    async with database.transaction() as session:
        course = Course(
            owner_id=owner,
            title="Sourdough for everybody",
            description="A course that a test made, long enough to pass for a description of one.",
            level="beginner",
            language="en",
            minutes_asked=60,
            state="ready",
            objectives=["Explain what lives in a starter"],
            credit={"ai": False, "name": "offline"},
            document_id=None,
            created_at=START,
            ready_at=START,
        )
        session.add(course)
        await session.flush()
        sections = await _add_lessons(session, course.id, shape, minutes)
        if enrol:
            session.add(Enrolment(learner_id=owner, course_id=course.id, enrolled_at=START, last_accessed_at=START))
    return course.id, sections


async def _add_lessons(session: AsyncSession, course: int, shape: Sequence[int], minutes: int) -> list[int]:
    sections: list[int] = []
    for place, count in enumerate(shape):
        lesson = Lesson(
            course_id=course, position=place, title=f"Lesson {place + 1}", objectives=[], state="ready", failure=None
        )
        session.add(lesson)
        await session.flush()
        for index in range(count):
            section = Section(
                course_id=course,
                lesson_id=lesson.id,
                position=index,
                title=f"Section {place + 1}.{index + 1}",
                focus="",
                passages=[],
                minutes=minutes,
                body="Flour and water come alive. " * 8,
                citations=[],
                version=1,
                written_at=START,
            )
            session.add(section)
            await session.flush()
            sections.append(section.id)
    return sections


async def add_questions(
    database: Database, section: int, count: int = 2, *, key: int = 1, options: int = 4, hint: str = "Think of flour."
) -> list[int]:
    """Questions of a section, whose option number `key` (as written) is right; returns their ids."""
    async with database.transaction() as session:
        first = await session.scalar(select(func.count()).where(Question.section_id == section)) or 0
        rows = [
            Question(
                section_id=section,
                position=place,
                prompt=f"What does a starter of {section}.{place} need?",
                options=[option(at) for at in range(options)],
                key=key,
                hint=hint,
                seed=section * 64 + place,
                voided_at=None,
            )
            for place in range(first, first + count)
        ]
        session.add_all(rows)
        await session.flush()
        return [row.id for row in rows]


def option(at: int) -> dict[str, str]:
    """The option that was written at a place."""
    text = ("Warmth", "Food", "Salt", "Air", "Sleep", "Noise")[at]
    return {"text": text, "explanation": f"{text} is what this is about."}
