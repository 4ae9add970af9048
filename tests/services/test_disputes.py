from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.authors.protocol import Payer
from services.disputes import ASK_OWNER, SOLVE, TELL, DisputeService
from services.errors import AuthorBusy, Conflict, LimitReached, NotFound
from services.jobs import Jobs, WorkItem
from services.library import Library
from services.question_bank import QuestionBank
from services.views import LearnerView
from storage.attempts import NewAttempt, attempt
from storage.database import Database
from storage.models import Dispute, Enrolment, Generation, Question, Work
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres
from tests.kit.school import START, add_course, add_learner, add_questions

__all__ = ["database", "postgres"]


@dataclass
class Says:
    """Solves with the option of that text each time; None cannot tell."""

    texts: list[str | Exception | None]
    seen: list[tuple[str, ...]] = field(default_factory=list)
    paid: list[Payer] = field(default_factory=list)

    async def solve(self, question_prompt: str, options: Sequence[str], section_text: str, payer: Payer) -> int | None:
        text = self.texts[len(self.seen) % len(self.texts)]
        self.seen.append(tuple(options))
        self.paid.append(payer)
        if isinstance(text, Exception):
            raise text
        return None if text is None else list(options).index(text)


@dataclass
class Court:
    """Ada's course with a question (number 1, Food is right); Bob and Eve learn in it."""

    database: Database
    clock: HeldClock
    disputes: DisputeService
    library: Library
    ada: LearnerView
    bob: LearnerView
    eve: LearnerView
    course: int
    section: int

    async def work(self, kind: str) -> list[WorkItem]:
        """What is to be done of a kind, in order."""
        async with self.database.reading() as session:
            rows = await session.scalars(select(Work).where(Work.kind == kind).order_by(Work.id))
            return [WorkItem(row.id, row.kind, row.lane, row.key, row.payload, row.tries) for row in rows]

    async def states(self) -> list[str]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Dispute.state).order_by(Dispute.id)))

    async def voided(self) -> bool:
        async with self.database.reading() as session:
            return (await session.get_one(Question, 1)).voided_at is not None

    async def solved(self) -> None:
        for item in await self.work(SOLVE):
            await self.disputes.solve(item)


def view(number: int, name: str) -> LearnerView:
    return LearnerView(number, 7_000_000_000 + number, name, "en", "UTC", "learner", True, True)


async def court(database: Database, solver: Says | None, per_day: int = 5) -> Court:
    people = [await add_learner(database, 7_000_000_000 + number, name) for number, name in enumerate("abe", 1)]
    course, sections = await add_course(database, people[0])
    await add_questions(database, sections[0], 1)
    await add_questions(database, sections[1], 3)
    async with database.transaction() as session:
        for one in people[1:]:
            session.add(Enrolment(learner_id=one, course_id=course, enrolled_at=START, last_accessed_at=START))
    clock, library = HeldClock(), Library(database=database)
    disputes = DisputeService(
        database=database,
        clock=clock,
        jobs=Jobs(database, clock, worker="test"),
        library=library,
        bank=QuestionBank(database=database),
        solver=solver,
        per_day=per_day,
    )
    ada, bob, eve = (view(number, name) for number, name in zip(people, ("Ada", "Bob", "Eve"), strict=True))
    return Court(database, clock, disputes, library, ada, bob, eve, course, sections[0])


async def test_once_a_learner_and_question_however_many_ask(database: Database) -> None:
    at = await court(database, Says(["Food"]))
    raised = await asyncio.gather(*(at.disputes.raise_(at.bob, 1) for _ in range(10)))
    assert sorted(raised) == [False] * 9 + [True]
    assert await at.disputes.raise_(at.eve, 1)
    assert len(await at.work(SOLVE)) == 2


async def test_solving_goes_on_the_account_of_who_disputes_and_of_what_made_the_course(database: Database) -> None:
    said = Says(["Food"])
    at = await court(database, said)
    await at.disputes.raise_(at.bob, 1)
    await at.solved()
    assert said.paid == [Payer(at.bob.id)] * 2, "a course by hand was made by nobody"
    made = {"learner_id": at.ada.id, "course_id": at.course, "order": {}, "state": "ready", "runs": 0, "progress": 100}
    made |= {"message_replaced": False, "created_at": START}
    async with database.transaction() as session:
        session.add_all([Generation(**made, request_key="a"), Generation(**made, request_key="b")])
    said.paid.clear()
    await at.disputes.raise_(at.eve, 3)
    await at.solved()
    async with database.reading() as session:
        newest = await session.scalar(select(func.max(Generation.id)))
    assert said.paid[-2:] == [Payer(at.eve.id, newest)] * 2


async def test_the_quota_is_exact_over_any_day(database: Database) -> None:
    at = await court(database, Says(["Food"]), per_day=2)
    results = await asyncio.gather(*(at.disputes.raise_(at.bob, one) for one in (1, 2, 3)), return_exceptions=True)
    limits = [one for one in results if isinstance(one, LimitReached)]
    assert len(limits) == 1
    assert (limits[0].limit, limits[0].allowed) == ("disputes", 2)
    left = next(one for one, result in zip((1, 2, 3), results, strict=True) if isinstance(result, LimitReached))
    at.clock.at = limits[0].retry_at - timedelta(milliseconds=1)
    with pytest.raises(LimitReached):
        await at.disputes.raise_(at.bob, left)
    at.clock.at = limits[0].retry_at
    assert await at.disputes.raise_(at.bob, left)


async def test_only_who_may_see_it(database: Database) -> None:
    at = await court(database, None)
    stranger = view(await add_learner(database, 7_000_000_009, "Zoe"), "Zoe")
    for who, question in ((stranger, 1), (at.bob, 2**62)):
        with pytest.raises(NotFound, match="question"):
            await at.disputes.raise_(who, question)


async def test_both_disagree_with_the_key_and_everybody_concerned_is_told_once(database: Database) -> None:
    at = await court(database, Says(["Salt"]))
    await at.library.course(at.course)
    await database.writer.do(attempt(at.eve.id, at.section, NewAttempt(1, 1, 1, True, True), START))
    await at.disputes.raise_(at.bob, 1)
    await at.solved()
    await at.solved()
    assert await at.voided()
    assert await at.states() == ["upheld"]
    told = [
        (item.payload["learner_id"], item.payload["outcome"], item.payload["disputed"]) for item in await at.work(TELL)
    ]
    assert told == [(at.bob.id, "upheld", True), (at.eve.id, "upheld", False)]
    assert [item.payload["learner_id"] for item in await at.work(ASK_OWNER)] == [at.ada.id]
    assert (await at.library.course(at.course)).sections[0].question_count == 0
    with pytest.raises(Conflict, match="voided"):
        await at.disputes.raise_(at.eve, 1)


async def test_each_solver_sees_the_options_in_another_order_and_never_the_key(database: Database) -> None:
    says = Says(["Salt"])
    at = await court(database, says)
    await at.disputes.raise_(at.bob, 1)
    await at.solved()
    assert [sorted(one) for one in says.seen] == [["Air", "Food", "Salt", "Warmth"]] * 2


@pytest.mark.parametrize(
    ("texts", "state"),
    [(["Food"], "rejected"), (["Salt", "Food"], "rejected"), (["Salt", None], "unsolved"), ([None], "unsolved")],
)
async def test_else_it_stands_or_the_owner_is_asked(database: Database, texts: list[str | None], state: str) -> None:
    at = await court(database, Says([*texts]))
    await at.disputes.raise_(at.bob, 1)
    await at.solved()
    assert not await at.voided()
    assert await at.states() == [state]
    assert [item.payload["outcome"] for item in await at.work(TELL)] == [state]
    assert len(await at.work(ASK_OWNER)) == 1


async def test_a_solver_that_is_busy_is_asked_again_and_given_up_it_is_the_owners(database: Database) -> None:
    at = await court(database, Says([AuthorBusy("overloaded")]))
    await at.disputes.raise_(at.bob, 1)
    [item] = await at.work(SOLVE)
    with pytest.raises(AuthorBusy):
        await at.disputes.solve(item)
    assert await at.states() == ["open"]
    await at.disputes.gave_up(item, AuthorBusy("overloaded"))
    assert await at.states() == ["unsolved"]
    assert len(await at.work(ASK_OWNER)) == 1


async def test_the_owner_decides_for_everybody(database: Database) -> None:
    at = await court(database, None)
    for who in (at.bob, at.eve):
        await at.disputes.raise_(who, 1)
    await at.solved()
    assert await at.states() == ["unsolved", "unsolved"]
    assert await at.work(TELL) == [], "that the owner decides was said at once"
    shown = await at.disputes.of_owner(at.ada.id, 1)
    assert (shown.state, shown.right, shown.others) == ("unsolved", None, 1)
    decided = await at.disputes.decide(at.ada.id, 1, wrong=False)
    assert (decided.state, decided.by_owner) == ("rejected", True)
    assert await at.states() == ["rejected", "rejected"]
    await at.disputes.decide(at.ada.id, 1, wrong=False)
    assert len(await at.work(TELL)) == 2
    assert (await at.disputes.decide(at.ada.id, 2, wrong=True)).state == "upheld"
    assert await at.states() == ["upheld", "upheld"]
    assert await at.voided()
    assert len(await at.work(TELL)) == 4, "what they were told before is not so any more"
    with pytest.raises(Conflict, match="voided"):
        await at.disputes.decide(at.ada.id, 1, wrong=False)


async def test_the_owner_learns_the_key_once_they_are_through_with_it(database: Database) -> None:
    at = await court(database, None)
    await at.disputes.raise_(at.bob, 1)
    assert (await at.disputes.of_owner(at.ada.id, 1)).right is None
    await database.writer.do(attempt(at.ada.id, at.section, NewAttempt(1, 1, None, False, True), START))
    right = (await at.disputes.of_owner(at.ada.id, 1)).right
    assert right is not None
    assert right.text == "Food"


async def test_nobody_else_decides(database: Database) -> None:
    at = await court(database, None)
    await at.disputes.raise_(at.bob, 1)
    for who, number in ((at.bob.id, 1), (at.eve.id, 1), (at.ada.id, 2**62)):
        with pytest.raises(NotFound, match="dispute"):
            await at.disputes.of_owner(who, number)
        with pytest.raises(NotFound, match="dispute"):
            await at.disputes.decide(who, number, wrong=True)
    assert not await at.voided()
