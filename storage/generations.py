"""Generations and the ordered feed of what happened in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Course, Generation, GenerationEvent
from storage.outline import LessonOutline
from storage.writing import WritingRepository


@dataclass(frozen=True, slots=True)
class StoredGeneration:
    """A generation with its course's title (None when that is gone), outline, whether there is a picture, and since
    when lessons can be written: the outline was there then."""

    generation: Generation
    title: str | None
    outline: tuple[LessonOutline, ...]
    picture: bool
    planned_at: datetime | None


class GenerationRepository:
    """Generation rows and their events. Whoever changes one holds its row by `lock` until the commit, so that
    events get their numbers one after another."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, **columns: Any) -> Generation:
        """Store a new generation (columns of `Generation`)."""
        row = Generation(**columns)
        self._session.add(row)
        await self._session.flush()
        return row

    async def get(self, generation_id: int) -> Generation | None:
        """The generation with that id."""
        return await self._session.get(Generation, generation_id)

    async def whole(self, generation_id: int) -> StoredGeneration | None:
        """The generation with what is there of its course, without texts."""
        row = await self.get(generation_id)
        if row is None:
            return None
        if row.course_id is None:
            return StoredGeneration(row, None, (), False, None)
        writing = WritingRepository(self._session)
        return StoredGeneration(
            generation=row,
            title=await self._session.scalar(select(Course.title).where(Course.id == row.course_id)),
            outline=await writing.outline(row.course_id),
            picture=await writing.has_picture(row.course_id),
            planned_at=await self.last_at(row.id, "outline"),
        )

    async def lock(self, generation_id: int) -> Generation | None:
        """The generation as it is now, and nobody else's to change before this transaction ends."""
        query = select(Generation).where(Generation.id == generation_id).with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def lock_of_course(self, course_id: int) -> Sequence[Generation]:
        """All generations of a course, locked, the first one first."""
        query = select(Generation).where(Generation.course_id == course_id).order_by(Generation.id).with_for_update()
        return (await self._session.scalars(query)).all()

    async def newest_of(self, course_id: int) -> int | None:
        """The last generation of a course, None if it was written by hand."""
        return await self._session.scalar(select(func.max(Generation.id)).where(Generation.course_id == course_id))

    async def by_key(self, request_key: str) -> Generation | None:
        """The generation that this request made."""
        return (
            await self._session.scalars(select(Generation).where(Generation.request_key == request_key))
        ).one_or_none()

    async def started_since(self, learner_id: int, since: datetime, most: int) -> list[datetime]:
        """When the learner's newest generations after `since` were asked for, at most `most`, newest first."""
        query = (
            select(Generation.created_at)
            .where(Generation.learner_id == learner_id, Generation.created_at > since)
            .order_by(Generation.created_at.desc())
            .limit(most)
        )
        return list(await self._session.scalars(query))

    async def append(
        self, generation: Generation, code: str, milestone: int, data: dict[str, Any], now: datetime
    ) -> None:
        """Add an event to a locked generation and raise its progress to `milestone`; progress never falls."""
        generation.progress = max(generation.progress, milestone)
        last = await self._session.scalar(
            select(func.max(GenerationEvent.seq)).where(GenerationEvent.generation_id == generation.id)
        )
        event = GenerationEvent(
            generation_id=generation.id,
            seq=(last or 0) + 1,
            progress=generation.progress,
            code=code,
            data=data,
            at=now,
        )
        self._session.add(event)
        await self._session.flush()

    async def events(self, generation_id: int, after: int) -> Sequence[GenerationEvent]:
        """The events with a number above `after`, in order."""
        query = select(GenerationEvent).where(
            GenerationEvent.generation_id == generation_id, GenerationEvent.seq > after
        )
        return (await self._session.scalars(query.order_by(GenerationEvent.seq))).all()

    async def last_at(self, generation_id: int, code: str) -> datetime | None:
        """When something last happened in a generation."""
        query = select(func.max(GenerationEvent.at)).where(
            GenerationEvent.generation_id == generation_id, GenerationEvent.code == code
        )
        return await self._session.scalar(query)

    async def replace_message(self, generation_id: int, message_id: int) -> bool:
        """Move the status to another message: freely if it had none, else once; False if it was moved before."""
        query = (
            update(Generation)
            .where(Generation.id == generation_id)
            .where(Generation.message_id.is_(None) | Generation.message_replaced.is_(False))
            .values(message_id=message_id, message_replaced=Generation.message_id.is_not(None))
        )
        return (await self._session.scalar(query.returning(Generation.id))) is not None

    async def tell(self, generation_id: int, now: datetime) -> bool:
        """Note that the learner was told that it is ready; False if that had been noted before."""
        query = update(Generation).where(Generation.id == generation_id, Generation.told_at.is_(None))
        return (await self._session.scalar(query.values(told_at=now).returning(Generation.id))) is not None
