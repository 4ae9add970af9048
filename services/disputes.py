"""🚩: a question is solved again by who does not know its key, or its owner says; if it is wrong, it counts for nobody.

What is decided is stored together with the work of telling it, so that everybody whom it concerns hears of it once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, cast

from services.authors.protocol import Payer
from services.clock import Clock
from services.courses_access import Access
from services.errors import AuthorBusy, AuthorError, Conflict, LimitReached, NotFound
from services.jobs import Jobs, NewWork, WorkItem
from services.library import Library
from services.question_bank import QuestionBank
from services.rules.questions import Kept, shown_order, voted_down
from services.views import CourseView, LearnerView, SectionView
from services.views.questions import DisputeState, DisputeView, Reason
from storage.activity import ActivityRepository, NewEntry
from storage.database import Database
from storage.generations import GenerationRepository
from storage.learners import LearnerRepository
from storage.models import Dispute
from storage.questions import OPEN, QuestionRepository
from storage.revisions import course_changes
from storage.work import WorkRepository

PER_DAY = 5
DAY_SECONDS = 86_400
SOLVE, ASK_OWNER, TELL = "dispute", "dispute_owner", "dispute_told"  # kinds of work
Decision = Literal["upheld", "rejected", "unsolved"]


class Solver(Protocol):
    """Whoever can answer a single-choice question from the text that it is about, without being told the key."""

    async def solve(self, question_prompt: str, options: Sequence[str], section_text: str, payer: Payer) -> int | None:
        """The place of the right one among `options`, None if that cannot be told. Raises AuthorError."""
        ...


@dataclass(frozen=True, slots=True)
class _Case:
    """A question under dispute, where it is, and the dispute that brought it up."""

    dispute: Dispute
    kept: Kept
    course: CourseView
    section: SectionView


class DisputeService:
    """Takes disputes and decides them. Without a `solver` the course's owner decides."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        library: Library,
        bank: QuestionBank,
        solver: Solver | None = None,
        per_day: int = PER_DAY,
    ) -> None:
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._library = library
        self._bank = bank
        self._solver = solver
        self._per_day = per_day
        self._access = Access(database=database, library=library)

    @property
    def solves(self) -> bool:
        """Whether somebody else than the owner looks at a dispute first."""
        return self._solver is not None

    async def raise_(self, learner: LearnerView, question_id: int) -> bool:
        """Dispute a question; True if it was disputed by this learner just now, False if it had been before.

        Raises NotFound("question"), Conflict("voided") if it counts no more, LimitReached("disputes")."""
        course, _ = await self._home(question_id)
        if not await self._access.may_see(learner.id, course):
            raise NotFound("question")
        now = self._clock.now()
        async with self._database.transaction() as session:
            # One learner's disputes come one after another, so that the count is exact.
            await LearnerRepository(session).lock(learner.id)
            questions = QuestionRepository(session)
            found = await questions.lock(question_id)
            if found is None:
                raise NotFound("question")
            if await questions.dispute_of(learner.id, question_id) is not None:
                return False
            if found[0].voided_at is not None:
                raise Conflict("voided", found[0].voided_at)
            await self._count(questions, learner.id, now)
            dispute_id = await questions.add_dispute(learner.id, question_id, now)
            work = NewWork(SOLVE, f"dispute:{question_id}", f"dispute:{dispute_id}", {"dispute_id": dispute_id})
            await WorkRepository(session).put([work], now)
        self._jobs.wake()
        return True

    async def solve(self, item: WorkItem) -> None:
        """Work of kind ``dispute``: have the question solved twice, and decide. Raises AuthorBusy to be tried again."""
        try:
            case = await self._case(int(item.payload["dispute_id"]))
        except NotFound:
            return  # its course was deleted meanwhile
        if case.dispute.state != "open":
            return
        wrong = await self._solved(case)
        decision: Decision = "unsolved" if wrong is None else "upheld" if wrong else "rejected"
        await self._decide(case, decision, by=None)

    async def gave_up(self, item: WorkItem, error: BaseException) -> None:
        """It could not be solved in all tries: its owner has to say."""
        try:
            case = await self._case(int(item.payload["dispute_id"]))
        except NotFound:
            return
        if case.dispute.state == "open":
            await self._decide(case, "unsolved", by=None)

    async def of_owner(self, owner_id: int, dispute_id: int) -> DisputeView:
        """A dispute for the owner of its course. Raises NotFound("dispute")."""
        case = await self._owned(owner_id, dispute_id)
        async with self._database.reading() as session:
            questions = QuestionRepository(session)
            known = await questions.settled(owner_id, case.kept.id)
            disputes = await questions.disputes(case.kept.id)
        order = shown_order(case.kept.seed, owner_id, len(case.kept.options))
        right = case.kept.options[case.kept.key]
        return DisputeView(
            id=dispute_id,
            state=next(cast(DisputeState, row.state) for row in disputes if row.id == dispute_id),
            course=case.course.title,
            section=case.section.title,
            prompt=case.kept.prompt,
            options=tuple(case.kept.options[place].text for place in order),
            right=Reason(order.index(case.kept.key), right.text, right.explanation) if known else None,
            own=case.dispute.learner_id == owner_id,
            by_owner=any(row.id == dispute_id and row.decided_by is not None for row in disputes),
            others=sum(row.learner_id != case.dispute.learner_id for row in disputes),
        )

    async def decide(self, owner_id: int, dispute_id: int, *, wrong: bool) -> DisputeView:
        """What the owner of the course says: the question is wrong, or it is right. Nothing changes if that is how it
        stands. Raises NotFound("dispute"), Conflict("voided") for a question that counts no more and is to be right."""
        case = await self._owned(owner_id, dispute_id)
        if case.dispute.state == "upheld" and not wrong:
            raise Conflict("voided", case.dispute.decided_at)
        await self._decide(case, "upheld" if wrong else "rejected", by=owner_id)
        return await self.of_owner(owner_id, dispute_id)

    async def subject(self, question_id: int) -> tuple[CourseView, SectionView, str]:
        """What a question is about: its course, its section, its words. Raises NotFound("question")."""
        course, section = await self._home(question_id)
        return course, section, (await self._bank.find(question_id)).prompt

    async def _count(self, questions: QuestionRepository, learner_id: int, now: datetime) -> None:
        day = timedelta(seconds=DAY_SECONDS)
        count, oldest = await questions.disputes_since(learner_id, now - day)
        if count >= self._per_day:
            raise LimitReached("disputes", self._per_day, DAY_SECONDS, (oldest or now) + day)

    async def _solved(self, case: _Case) -> bool | None:
        """Whether the key is wrong by two who solve the question without it, each seeing the options in an order of
        their own; None if they cannot tell. Raises AuthorBusy."""
        if self._solver is None:
            return None
        payer = await self._payer(case)
        try:
            answers = await asyncio.gather(*(self._solve(self._solver, case, turn, payer) for turn in (1, 2)))
        except AuthorBusy:
            raise
        except AuthorError:
            return None
        return voted_down(case.kept.key, answers)

    async def _payer(self, case: _Case) -> Payer:
        """It goes on the account of whoever raised the dispute, and of what made the course, if that was a model."""
        async with self._database.reading() as session:
            made_by = await GenerationRepository(session).newest_of(case.course.id)
        return Payer(case.dispute.learner_id, made_by)

    async def _solve(self, solver: Solver, case: _Case, turn: int, payer: Payer) -> int | None:
        kept = case.kept
        order = shown_order(kept.seed, -turn, len(kept.options))
        options = [kept.options[place].text for place in order]
        answer = await solver.solve(kept.prompt, options, case.section.body, payer)
        return order[answer] if answer is not None and 0 <= answer < len(order) else None

    async def _decide(self, case: _Case, decision: Decision, *, by: int | None) -> None:
        question_id, now = case.kept.id, self._clock.now()
        async with self._database.transaction() as session:
            questions = QuestionRepository(session)
            if decision == "upheld":
                await course_changes(session, case.course.id)  # it has one question less that counts
            if await questions.lock(question_id) is None:
                raise NotFound("dispute")
            disputes = await questions.disputes(question_id)
            moved = [row for row in disputes if _moves(row.state, decision, by)]
            for row in moved:
                row.state, row.decided_at, row.decided_by = decision, now, by
            people = {row.learner_id for row in moved}
            concerned: Iterable[int] = people
            if decision == "upheld" and await questions.void(question_id, now):
                concerned = await questions.concerned(question_id)
            await WorkRepository(session).put(self._news(case, decision, by, people, concerned), now)
            if moved:
                what = f"question:{question_id}"
                detail: dict[str, str | int | bool | None] = {"dispute": case.dispute.id, "outcome": decision}
                entry = NewEntry("question.decided", by, case.course.owner_id, what, detail)
                await ActivityRepository(session).append(entry, now)
        self._library.forget(case.course.id)
        self._jobs.wake()

    def _news(
        self, case: _Case, decision: Decision, by: int | None, people: set[int], concerned: Iterable[int]
    ) -> list[NewWork]:
        """Who is told what, one message each: `people` disputed it, `concerned` may only have answered it. The owner is
        told as the owner, unless they have just said it or have asked themselves and somebody else could tell."""
        owner = case.course.owner_id
        ask_owner = by is None and people and (decision == "unsolved" or owner not in people)
        silent = {by, owner if ask_owner else None}
        payload = {"question_id": case.kept.id, "outcome": decision, "by_owner": by is not None}
        news = [
            _told(one, case.dispute.id, {**payload, "learner_id": one, "disputed": one in people})
            for one in sorted(concerned)
            # That the owner decides is said to those who flag it, where nobody else does.
            if one not in silent and (decision != "unsolved" or self._solver is not None)
        ]
        return [*news, _owners(case.dispute.id, owner)] if ask_owner else news

    async def _owned(self, owner_id: int, dispute_id: int) -> _Case:
        case = await self._case(dispute_id)
        if case.course.owner_id != owner_id:
            raise NotFound("dispute")
        return case

    async def _case(self, dispute_id: int) -> _Case:
        async with self._database.reading() as session:
            dispute = await QuestionRepository(session).dispute(dispute_id)
        if dispute is None:
            raise NotFound("dispute")
        course, section = await self._home(dispute.question_id)
        return _Case(dispute, await self._bank.find(dispute.question_id), course, section)

    async def _home(self, question_id: int) -> tuple[CourseView, SectionView]:
        kept = await self._bank.find(question_id)
        try:
            course, _, section = await self._library.section(kept.section_id)
        except NotFound:
            raise NotFound("question") from None
        return course, section


def _moves(state: str, decision: Decision, by: int | None) -> bool:
    """Whether a dispute in `state` is moved by a decision: a wrong question is wrong for everybody, at any time; else
    the owner has the last word on what nobody has decided, and who solves it the first."""
    if decision == "upheld":
        return state != "upheld"
    return state in OPEN if by is not None else state == "open"


def _owners(dispute_id: int, owner_id: int) -> NewWork:
    payload = {"dispute_id": dispute_id, "learner_id": owner_id}
    return NewWork(ASK_OWNER, f"told:{owner_id}", f"dispute:{dispute_id}:owner", payload)


def _told(learner_id: int, dispute_id: int, payload: dict[str, object]) -> NewWork:
    key = f"dispute:{dispute_id}:{payload['outcome']}:{learner_id}"
    return NewWork(TELL, f"told:{learner_id}", key, payload)
