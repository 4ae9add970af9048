"""Questions as their author wrote them, disputes about them, and whom it concerns that one counts no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Attempt, Course, Dispute, Question, Section

OPEN = ("open", "unsolved")  # states in which nobody has decided


class QuestionRepository:
    """Questions and disputes inside somebody's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def home(self, question_id: int) -> int | None:
        """The section that a question is in."""
        return await self._session.scalar(select(Question.section_id).where(Question.id == question_id))

    async def of_section(self, section_id: int) -> Sequence[Question]:
        """All questions of a section in order, those that count no more among them."""
        query = select(Question).where(Question.section_id == section_id).order_by(Question.position)
        return (await self._session.scalars(query)).all()

    async def void(self, question_id: int, at: datetime) -> bool:
        """Let a question count no more; False if it did not count before."""
        query = update(Question).where(Question.id == question_id, Question.voided_at.is_(None))
        return (await self._session.scalar(query.values(voided_at=at).returning(Question.id))) is not None

    async def lock(self, question_id: int) -> tuple[Question, Section, Course] | None:
        """A question with where it is, locked until this transaction ends: it is decided once."""
        query = (
            select(Question, Section, Course)
            .join(Section, Section.id == Question.section_id)
            .join(Course, Course.id == Section.course_id)
            .where(Question.id == question_id)
            .with_for_update(of=Question)
        )
        row = (await self._session.execute(query, execution_options={"populate_existing": True})).one_or_none()
        return None if row is None else (row[0], row[1], row[2])

    async def dispute(self, dispute_id: int) -> Dispute | None:
        """A dispute as it is now."""
        query = select(Dispute).where(Dispute.id == dispute_id)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def dispute_of(self, learner_id: int, question_id: int) -> Dispute | None:
        """A learner's dispute about a question."""
        query = select(Dispute).where(Dispute.learner_id == learner_id, Dispute.question_id == question_id)
        return (await self._session.scalars(query)).one_or_none()

    async def add_dispute(self, learner_id: int, question_id: int, at: datetime) -> int:
        """Store a new dispute; its id."""
        row = Dispute(
            learner_id=learner_id, question_id=question_id, state="open", at=at, decided_at=None, decided_by=None
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def disputes_since(self, learner_id: int, since: datetime) -> tuple[int, datetime | None]:
        """How many disputes a learner has made after then, and when the oldest of them was."""
        query = select(func.count(), func.min(Dispute.at)).where(Dispute.learner_id == learner_id, Dispute.at > since)
        count, oldest = (await self._session.execute(query)).one()
        return count, oldest

    async def disputes(self, question_id: int) -> Sequence[Dispute]:
        """All disputes about a question, the first first."""
        query = select(Dispute).where(Dispute.question_id == question_id).order_by(Dispute.id)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).all()

    async def concerned(self, question_id: int) -> list[int]:
        """Everybody who tried or disputed a question, by id."""
        people = union(
            select(Attempt.learner_id).where(Attempt.question_id == question_id),
            select(Dispute.learner_id).where(Dispute.question_id == question_id),
        ).subquery()
        return list(await self._session.scalars(select(people.c.learner_id).order_by(people.c.learner_id)))

    async def settled(self, learner_id: int, question_id: int) -> bool:
        """Whether a learner is through with a question, so that its key is no secret to them."""
        query = select(Attempt.id).where(
            Attempt.learner_id == learner_id, Attempt.question_id == question_id, Attempt.settled
        )
        return (await self._session.scalar(query.limit(1))) is not None
