"""Mailboxes, what a week of learning was, and the letter that a completed course puts into the table of work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Completion, Course, Enrolment, Mailbox, Section
from storage.models.base import to_ms
from storage.upsert import insert_or_ignore
from storage.writer import Ask, Job, Statement

KIND = "mail"
DIGEST = "mail_digest"


@dataclass(frozen=True, slots=True)
class WeekRow:
    """What was done in one course: how many sections, in how many seconds."""

    title: str
    sections: int
    seconds: int


# Wanted, and nothing of the course is left to do. Without a mailbox the first look finds nothing, and that was all.
_COMPLETED = Statement(
    """
    INSERT INTO work (kind, lane, key, payload, state, tries, due, owner, created_at)
    SELECT CAST(:kind AS VARCHAR), CAST(:key AS VARCHAR), CAST(:key AS VARCHAR), CAST(:payload AS TEXT), 'open', 0,
        CAST(:now AS BIGINT), NULL, CAST(:now AS BIGINT)
    FROM mailbox AS m JOIN course AS c ON c.id = CAST(:course AS BIGINT)
    WHERE m.learner_id = CAST(:learner AS BIGINT) AND m.course_completed AND m.address IS NOT NULL
    AND c.state = 'ready' AND NOT EXISTS (
        SELECT 1 FROM section AS s WHERE s.course_id = c.id AND NOT EXISTS (
            SELECT 1 FROM completion AS d WHERE d.learner_id = m.learner_id AND d.section_id = s.id))
    AND NOT EXISTS (
        SELECT 1 FROM lesson AS l WHERE l.course_id = c.id AND NOT EXISTS (
            SELECT 1 FROM section AS p WHERE p.lesson_id = l.id))
    ON CONFLICT (key) DO NOTHING
    """
)


def course_completed(learner: int, course: int, now: datetime) -> Job[None]:
    """Put a letter into the outbox if this course is completed and the learner wants to be told; once, however often
    it is asked. For whoever has just recorded a completion, in the same transaction."""
    payload = {"what": "course_completed", "learner": learner, "course": course, "at": to_ms(now)}
    params = {"kind": KIND, "key": f"mail:course_completed:{learner}:{course}", "payload": json.dumps(payload)}
    yield Ask(_COMPLETED, {**params, "learner": learner, "course": course, "now": to_ms(now)})


class MailRepository:
    """Mailboxes by their owner or by the token that was sent there."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, learner_id: int) -> Mailbox | None:
        """The mailbox of a learner, None if they never said anything about mail."""
        return await self._session.get(Mailbox, learner_id)

    async def lock(self, learner_id: int) -> Mailbox:
        """The mailbox of a learner, made if there is none, locked for this transaction."""
        nothing = {"welcome": False, "course_completed": False, "weekly_digest": False, "asked_at": []}
        await insert_or_ignore(self._session, Mailbox, {"learner_id": learner_id, **nothing})
        query = select(Mailbox).where(Mailbox.learner_id == learner_id).with_for_update()
        return (await self._session.scalars(query)).one()

    async def lock_by_token(self, token: str, now: datetime) -> Mailbox | None:
        """The mailbox that a token (hashed) confirms and that it still may, locked for this transaction."""
        query = select(Mailbox).where(Mailbox.token == token, Mailbox.token_until > now).with_for_update()
        return (await self._session.scalars(query)).one_or_none()

    async def title(self, course_id: int) -> str | None:
        """A course's title, None if it is gone."""
        return await self._session.scalar(select(Course.title).where(Course.id == course_id))

    async def week(self, learner_id: int, since: datetime, until: datetime) -> list[WeekRow]:
        """What a learner completed from `since` to before `until`, by course, the most first."""
        count = func.count()
        query = (
            select(Course.title, count, func.sum(Completion.seconds))
            .join(Course, Course.id == Completion.course_id)
            .where(Completion.learner_id == learner_id)
            .where(Completion.completed_at >= since, Completion.completed_at < until)
            .group_by(Course.id, Course.title)
            .order_by(count.desc(), Course.id)
        )
        return [WeekRow(title, int(done), int(seconds)) for title, done, seconds in await self._session.execute(query)]

    async def unfinished(self, learner_id: int) -> str | None:
        """The title of the course last read that has something left to do, None if there is none."""
        done = exists().where(Completion.learner_id == learner_id, Completion.section_id == Section.id)
        left = exists().where(Section.course_id == Course.id, Section.body != "", ~done)
        query = (
            select(Course.title)
            .join(Enrolment, Enrolment.course_id == Course.id)
            .where(Enrolment.learner_id == learner_id, Enrolment.archived_at.is_(None), left)
            .order_by(Enrolment.last_accessed_at.desc(), Course.id.desc())
            .limit(1)
        )
        return await self._session.scalar(query)
