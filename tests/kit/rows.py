"""Rows to begin with, for tests of repositories."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from storage.courses import CourseRepository
from storage.database import Database
from storage.generations import GenerationRepository
from storage.learners import LearnerRepository
from storage.models import Generation
from storage.writing import WritingRepository

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def made(database: Database, **columns: Any) -> Generation:
    """A generation with a learner and a course of its own."""
    async with database.transaction() as session:
        person = {"name": "Ada", "username": None, "language": "en", "time_zone": "UTC", "role": "learner"}
        learner, _ = await LearnerRepository(session).arrive(1, NOW, **person, admitted=True, reachable=True)
        course = await CourseRepository(session).add(
            owner_id=learner.id,
            title="Sourdough",
            description="",
            level="beginner",
            language="en",
            minutes_asked=60,
            state="making",
            objectives=[],
            credit={"ai": True, "name": "x"},
            document_id=None,
            created_at=NOW,
            ready_at=None,
        )
        values: dict[str, Any] = {
            "course_id": course.id,
            "learner_id": learner.id,
            "request_key": "k",
            "order": {"title": "Sourdough"},
            "state": "running",
            "runs": 0,
            "progress": 0,
            "chat_id": -100_123_456_789_012,
            "message_replaced": False,
            "created_at": NOW,
            **columns,
        }
        return await GenerationRepository(session).add(**values)


async def planned(database: Database, course_id: int) -> None:
    """Three planned lessons of three sections."""
    async with database.transaction() as session:
        writing = WritingRepository(session)
        await writing.add_lessons(course_id, [f"l{position}" for position in range(3)])
        for position in range(3):
            sections = [
                {"title": f"s{n}", "focus": "f", "passages": ["p1"], "minutes": 5, "outcome": "can", "objectives": [n]}
                for n in range(3)
            ]
            said = {"title": f"l{position}", "objectives": ["o"], "contract": {"needs": ["n"]}, "made": {"author": "x"}}
            assert await writing.plan_lesson(course_id, position, said, sections)
