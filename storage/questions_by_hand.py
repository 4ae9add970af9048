"""The questions of a section, changed by hand: what somebody may have answered is never removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Question, Section

_COLUMNS = ("prompt", "options", "key", "hint")


def columns_of(question: Question) -> dict[str, Any]:
    """What makes a question: prompt, options, key and hint."""
    return {name: getattr(question, name) for name in _COLUMNS}


async def counting(session: AsyncSession, section_id: int) -> Sequence[Question]:
    """The questions of a section that count, in order."""
    query = select(Question).where(Question.section_id == section_id, Question.voided_at.is_(None))
    return (await session.scalars(query.order_by(Question.position))).all()


async def replace_questions(
    session: AsyncSession, section: Section, wanted: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Let these be the questions of a locked, stored section, in this order. One that is there already, to the letter,
    keeps its id, and what was answered to it; the others do not count any more, and stay for what was answered."""
    query = select(Question).where(Question.section_id == section.id).order_by(Question.position)
    there = list((await session.scalars(query, execution_options={"populate_existing": True})).all())
    for one in there:  # out of the way first: two questions cannot have one place
        one.position = -1 - one.position
    await session.flush()
    left, in_order = [one for one in there if one.voided_at is None], list[Question]()
    for index, columns in enumerate(wanted):
        found = next((one for one in left if columns_of(one) == dict(columns)), None)
        if found is None:
            # Another order of the options for each question, the same for everybody who reads it.
            seed = (section.id * 1009 + section.version * 8 + index) % 2**31
            found = Question(section_id=section.id, seed=seed, voided_at=None, **columns)
            session.add(found)
        else:
            left.remove(found)
        in_order.append(found)
    for one in left:
        one.voided_at = now
    for place, one in enumerate([*in_order, *(one for one in there if one not in in_order)]):
        one.position = place
    if section.body:
        section.quiz, section.failure = "ready", None  # what its owner asks is all that is asked
    await session.flush()
