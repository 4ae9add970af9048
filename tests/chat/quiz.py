"""Lena in a course with questions, and who solves them again when she flags one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.localchat.people import INSTRUCTOR, LEARNER
from bot.localchat.request import LocalRequest
from services.authors.protocol import Payer
from storage.database import Database
from storage.models import Enrolment
from tests.chat.scene import BriskClock
from tests.handlers.chat.room import Room
from tests.kit.chat import lectern
from tests.kit.school import START, add_course, add_learner, add_questions

KEY, WRONG, OTHER = "Food", "Warmth", "Salt"  # of every question here
STALE = "That screen is from before. Here is where you are:"


@dataclass
class ScriptedSolver:
    """Answers with these options, one a call and then over again; an error is raised, None is "cannot tell". What it
    was shown is in `seen`: the words, the options, the text."""

    answers: Sequence[str | Exception | None]
    seen: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)

    async def solve(self, question_prompt: str, options: Sequence[str], section_text: str, payer: Payer) -> int | None:
        answer = self.answers[len(self.seen) % len(self.answers)]
        self.seen.append((question_prompt, tuple(options), section_text))
        if isinstance(answer, Exception):
            raise answer
        return None if answer is None else list(options).index(answer)


@asynccontextmanager
async def quiz_room(
    folder: Path,
    solver: ScriptedSolver | None = None,
    *,
    somebody_elses: bool = False,
    questions: int = 2,
    key: int = 1,
    **environ: str,
) -> AsyncIterator[Room]:
    """Lena in a course of three lessons of one section with so many questions each; with `somebody_elses` it is the
    instructor's, and she is enrolled in it."""
    clock = BriskClock()
    async with lectern(folder, LocalRequest, solver, author=None, clock=clock, **environ) as live:
        database = live.house.database
        lena = await add_learner(database, LEARNER.id, LEARNER.first_name)
        other = await add_learner(database, INSTRUCTOR.id, INSTRUCTOR.first_name)
        course, sections = await add_course(database, other if somebody_elses else lena, (1, 1, 1))
        if somebody_elses:
            await enrol(database, lena, course)
        for section in sections:
            await add_questions(database, section, questions, key=key)
        yield Room(live, live.learner, clock)


async def enrol(database: Database, learner: int, course: int) -> None:
    """Put somebody into a course."""
    async with database.transaction() as session:
        session.add(Enrolment(learner_id=learner, course_id=course, enrolled_at=START, last_accessed_at=START))


async def to_question(room: Room) -> None:
    """From nothing to the first open question."""
    await room.say("/continue")
    await room.tap("❓")


def labelled(room: Room, text: str) -> str:
    """The label of the key with that option."""
    return next(label for label in room.screen.buttons if label.endswith(text))
