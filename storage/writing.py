"""What a generation writes into its course: the plan, part by part, the sections, their questions, the picture.

Everything here is called with the generation's row locked (`GenerationRepository.lock`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Lesson, Picture, Question, Section, SectionVersion
from storage.outline import LessonOutline, read_outline
from storage.upsert import insert_or_ignore

Findings = Sequence[dict[str, str]]  # what checks found, as JSON values


class WritingRepository:
    """The unfinished course, step by step."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def outline(self, course_id: int) -> tuple[LessonOutline, ...]:
        """All lessons in order with their sections; empty before there is a plan."""
        return await read_outline(self._session, course_id)

    async def add_lessons(self, course_id: int, titles: Sequence[str]) -> None:
        """Add the lessons of an outline, which have no sections yet."""
        for position, title in enumerate(titles):
            fixed = {"course_id": course_id, "position": position, "title": title}
            self._session.add(Lesson(**fixed, objectives=[], state="waiting", failure=None, contract={}, made=None))
        await self._session.flush()

    async def plan_lesson(
        self, course_id: int, position: int, lesson: Mapping[str, Any], sections: Sequence[Mapping[str, Any]]
    ) -> bool:
        """Give a lesson its contract (title, objectives, contract, made) and its planned sections (title, focus,
        minutes, passages, outcome, objectives). False (and nothing changes) if there is no such lesson or it has them.
        """
        query = select(Lesson).where(Lesson.course_id == course_id, Lesson.position == position).with_for_update()
        row = (await self._session.scalars(query)).one_or_none()
        if row is None or await self._session.scalar(select(Section.id).where(Section.lesson_id == row.id).limit(1)):
            return False
        for name, value in lesson.items():
            setattr(row, name, value)
        for index, section in enumerate(sections):
            fixed = {"course_id": course_id, "lesson_id": row.id, "position": index}
            self._session.add(Section(**fixed, **section, body="", citations=[], version=0, written_at=None))
        await self._session.flush()
        return True

    async def titles_when_planned(self, course_id: int) -> list[str]:
        """The titles of all lessons in order, if every one has its sections; else nothing."""
        planned = select(Section.id).where(Section.lesson_id == Lesson.id).exists()
        query = select(Lesson.title, planned).where(Lesson.course_id == course_id).order_by(Lesson.position)
        rows = (await self._session.execute(query)).all()
        return [title for title, _ in rows] if all(there for _, there in rows) else []

    async def save_body(self, lesson_id: int, position: int, written: Mapping[str, Any]) -> int | None:
        """Fill a section that has no text yet (title, body, minutes, citations, written_at, made, findings); its
        questions are awaited from now on. Returns its id; None (and nothing changes) if it had been written before."""
        query = (
            update(Section)
            .where(Section.lesson_id == lesson_id, Section.position == position, Section.body == "")
            .values(**written, version=1, quiz="missing", failure=None)
            .returning(Section.id)
        )
        return await self._session.scalar(query)

    async def replace_body(self, lesson_id: int, position: int, written: Mapping[str, Any]) -> bool:
        """Give a written section its next version; what was there is kept, its questions do not count any more and
        others are awaited. False if it is not written."""
        section = await self._section(lesson_id, position)
        if section is None or not section.body:
            return False
        before = {"section_id": section.id, "version": section.version, "title": section.title, "body": section.body}
        before |= {"minutes": section.minutes, "citations": section.citations, "replaced_by": None}
        self._session.add(SectionVersion(**before, replaced_at=written["written_at"]))
        for name, value in written.items():
            setattr(section, name, value)
        section.version, section.quiz, section.failure = section.version + 1, "missing", None
        await self._void(section.id, written["written_at"])
        await self._session.flush()
        return True

    async def save_quiz(
        self,
        lesson_id: int,
        position: int,
        questions: Sequence[Mapping[str, Any]],
        findings: Findings,
    ) -> bool:
        """Give a written section the questions that it waits for. False (and nothing changes) if it waits for none."""
        section = await self._section(lesson_id, position)
        if section is None or not section.body or section.quiz != "missing":
            return False
        await self._add_questions(section, questions, findings)
        return True

    async def replace_quiz(
        self,
        lesson_id: int,
        position: int,
        questions: Sequence[Mapping[str, Any]],
        findings: Findings,
        now: datetime,
    ) -> bool:
        """Give a written section other questions; those it had do not count any more. False if it is not written."""
        section = await self._section(lesson_id, position)
        if section is None or not section.body:
            return False
        await self._void(section.id, now)
        await self._add_questions(section, questions, findings)
        return True

    async def give_up(self, lesson_id: int, position: int, piece: str, failure: str, findings: Findings) -> None:
        """Note that the ``body`` of a section could not be written, or its ``quiz``; `failure` says why."""
        section = await self._section(lesson_id, position)
        if section is None:
            return
        if piece == "body" and not section.body:
            section.failure, section.findings = failure, list(findings)
        elif section.body and section.quiz == "missing":
            section.quiz, section.failure = "unavailable", failure
            section.findings = [*section.findings, *findings]
        await self._session.flush()

    async def finish_lesson(self, lesson_id: int) -> bool:
        """Call a lesson ready if nothing of it is awaited any more and all its texts are there; False if that is not
        so, or if it was ready before."""
        mine = Section.lesson_id == lesson_id
        awaited = select(Section.id).where(mine, (Section.body == "") | (Section.quiz == "missing")).exists()
        query = update(Lesson).where(Lesson.id == lesson_id, Lesson.state != "ready", ~awaited)
        query = query.where(select(Section.id).where(mine).exists()).values(state="ready", failure=None)
        return (await self._session.scalar(query.returning(Lesson.id))) is not None

    async def give_up_quizzes(self, lesson_id: int, failure: str) -> None:
        """No questions are awaited any more for the sections of a lesson; `failure` says why."""
        await self._give_up_quizzes(Section.lesson_id == lesson_id, failure)

    async def give_up_all_quizzes(self, course_id: int, failure: str) -> None:
        """No questions are awaited any more for the sections of a course; `failure` says why."""
        await self._give_up_quizzes(Section.course_id == course_id, failure)

    async def keys(self, course_id: int, *, but: int) -> list[tuple[int, int, int]]:
        """Seed, key and number of options of all questions of a course that count, those of section `but` left out."""
        query = select(Question.seed, Question.key, Question.options).join(Section, Section.id == Question.section_id)
        query = query.where(Section.course_id == course_id, Section.id != but, Question.voided_at.is_(None))
        return [(seed, key, len(options)) for seed, key, options in await self._session.execute(query)]

    async def bodies(self, course_id: int) -> dict[tuple[int, int], str]:
        """The texts that are written, by the places of lesson and section."""
        query = select(Lesson.position, Section.position, Section.body).join(Lesson, Lesson.id == Section.lesson_id)
        rows = await self._session.execute(query.where(Section.course_id == course_id, Section.body != ""))
        return {(lesson, section): body for lesson, section, body in rows}

    async def lesson(self, course_id: int, position: int) -> LessonOutline | None:
        """One lesson of the outline as it is now."""
        lessons = await read_outline(self._session, course_id)
        return next((lesson for lesson in lessons if lesson.position == position), None)

    async def set_lesson(self, lesson_id: int, state: str, failure: str | None = None) -> None:
        """Give a lesson another state."""
        await self._session.execute(update(Lesson).where(Lesson.id == lesson_id).values(state=state, failure=failure))

    async def reset_lessons(self, course_id: int, states: Sequence[str]) -> None:
        """Let all lessons in one of these states wait to be written."""
        query = update(Lesson).where(Lesson.course_id == course_id, Lesson.state.in_(states))
        ids = await self._session.scalars(query.values(state="waiting", failure=None).returning(Lesson.id))
        await self._reopen(Section.lesson_id.in_(ids.all()))

    async def reopen_lesson(self, lesson_id: int) -> None:
        """Let a lesson that failed wait to be written: what was given up in it is asked for again."""
        await self.set_lesson(lesson_id, "waiting")
        await self._reopen(Section.lesson_id == lesson_id)

    async def reopen_questions(self, course_id: int) -> bool:
        """Let the questions that were given up in lessons that are ready be awaited again, which stay ready meanwhile;
        whether there are any."""
        ready = select(Lesson.id).where(Lesson.course_id == course_id, Lesson.state == "ready")
        which = (Section.lesson_id.in_(ready), Section.body != "", Section.quiz == "unavailable")
        found = await self._session.scalar(select(Section.id).where(*which).limit(1))
        await self._reopen(Section.lesson_id.in_(ready))
        return found is not None

    async def fail_open_lessons(self, course_id: int, failure: str) -> None:
        """Let all lessons that are not finished count as failed."""
        query = update(Lesson).where(Lesson.course_id == course_id, Lesson.state.in_(["waiting", "writing"]))
        await self._session.execute(query.values(state="failed", failure=failure))

    async def count_lessons(self, course_id: int) -> tuple[int, int]:
        """How many lessons are ready, and how many there are."""
        ready = func.count().filter(Lesson.state == "ready")
        row = (await self._session.execute(select(ready, func.count()).where(Lesson.course_id == course_id))).one()
        return row[0], row[1]

    async def add_picture(self, course_id: int, png: bytes, alternative_text: str) -> bool:
        """Store the course's picture; False if it has one."""
        values = {"course_id": course_id, "png": png, "alternative_text": alternative_text, "file_id": None}
        return await insert_or_ignore(self._session, Picture, values)

    async def has_picture(self, course_id: int) -> bool:
        """Whether the course has its picture."""
        return (await self._session.scalar(select(Picture.course_id).where(Picture.course_id == course_id))) is not None

    async def keep(self, course_id: int, lesson_ids: Sequence[int]) -> None:
        """Reduce the course to these lessons and in them to what is written; places are counted anew from 0."""
        kept = Lesson.id.in_(lesson_ids)
        await self._session.execute(delete(Lesson).where(Lesson.course_id == course_id, ~kept))
        await self._session.execute(delete(Section).where(Section.course_id == course_id, Section.body == ""))
        await self.give_up_all_quizzes(course_id, "stopped")
        # Ascending, so that a place is free before somebody moves into it.
        for index, lesson_id in enumerate(lesson_ids):
            query = update(Lesson).where(Lesson.id == lesson_id)
            await self._session.execute(query.values(position=index, state="ready", failure=None))
            sections = await self._session.scalars(
                select(Section.id).where(Section.lesson_id == lesson_id).order_by(Section.position)
            )
            for place, section_id in enumerate(sections.all()):
                await self._session.execute(update(Section).where(Section.id == section_id).values(position=place))

    async def _section(self, lesson_id: int, position: int) -> Section | None:
        query = select(Section).where(Section.lesson_id == lesson_id, Section.position == position).with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def _add_questions(
        self, section: Section, questions: Sequence[Mapping[str, Any]], findings: Findings
    ) -> None:
        """After those that are there, which may have been answered."""
        last = await self._session.scalar(select(func.max(Question.position)).where(Question.section_id == section.id))
        for place, question in enumerate(questions, 0 if last is None else last + 1):
            self._session.add(Question(section_id=section.id, position=place, voided_at=None, **question))
        section.quiz, section.failure, section.findings = "ready", None, [*section.findings, *findings]
        await self._session.flush()

    async def _void(self, section_id: int, now: datetime) -> None:
        query = update(Question).where(Question.section_id == section_id, Question.voided_at.is_(None))
        await self._session.execute(query.values(voided_at=now))

    async def _reopen(self, which: ColumnElement[bool]) -> None:
        """What was given up in these sections is awaited again."""
        await self._session.execute(update(Section).where(which, Section.body == "").values(failure=None))
        given_up = update(Section).where(which, Section.body != "", Section.quiz == "unavailable")
        await self._session.execute(given_up.values(quiz="missing", failure=None))

    async def _give_up_quizzes(self, which: ColumnElement[bool], failure: str) -> None:
        query = update(Section).where(which, Section.body != "", Section.quiz == "missing")
        await self._session.execute(query.values(quiz="unavailable", failure=failure))
