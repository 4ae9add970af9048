"""The questions of a section: asked for once its text stands, those that fail asked for again, and only those."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from services.authors.model import drafts, sizes
from services.authors.model.answers import shaped
from services.authors.model.asks import Job, sentences
from services.authors.model.bench import Bench, Judging, errors
from services.authors.model.history import History
from services.authors.model.incremental import ObjectStream
from services.authors.model.ladder import Ladder
from services.authors.model.schemas import QuestionShape
from services.authors.protocol import GivenUp, Made, QuestionDraft, QuizDraft
from services.authors.retry import BadAnswer
from services.errors import AuthorError, AuthorUnusable
from services.quality.finding import Finding

_QUESTION = re.compile(r"\.questions\.(\d+)")
_Slots = dict[int, QuestionDraft]


class QuizMaking:
    """The questions of the sections of one lesson."""

    def __init__(self, bench: Bench, job: Job, judging: Judging) -> None:
        self._bench = bench
        self._job = job
        self._judging = judging

    async def made(self, index: int, body: str, findings: Sequence[Finding] = ()) -> QuizDraft | GivenUp:
        """The questions on `body`, the text of the section at `index`; `findings` are what earlier ones broke.

        A question that fails is asked for again, twice at most from each provider, and then left out. Given up only
        if there is none that holds."""
        work = _Quiz(self._bench, self._job, index, body, sentences(findings))
        history = History()
        try:
            await work.fill()
            while bad := errors(found := await self._judged(work, history)):
                history.note(found)
                work.drop(bad)
                await work.fill(bad)
        except AuthorError as error:
            return await self._rest(work, history, error)
        return await self._polished(work, found, history)

    async def _judged(self, work: _Quiz, history: History) -> tuple[Finding, ...]:
        """What is found in the questions that are there, after code has mended them."""
        mended, found = await self._judging.quiz(work.draft(), history)
        work.take_mended(mended)
        return found

    async def _rest(self, work: _Quiz, history: History, error: AuthorError) -> QuizDraft | GivenUp:
        """What holds of questions that nobody is left to be asked for."""
        while work.questions:
            found = await self._judged(work, history)
            if not errors(found):
                return replace(work.draft(), findings=history.told(found))
            history.note(found)
            if not work.drop(errors(found)):
                break
        return GivenUp(work.index, "quiz", error.why, history.told(()))

    async def _polished(self, work: _Quiz, found: Sequence[Finding], history: History) -> QuizDraft:
        """The questions, which hold, after one repair of their warnings, unless they have had one."""
        draft = work.draft()
        if found and not work.ladder.repairs:
            work.drop(found)
            try:
                await work.fill(found)
                after = await self._judged(work, history)
            except AuthorError:
                after = tuple(found)
            else:
                if not errors(after) and len(after) < len(found):
                    history.note(found)
                    draft, found = work.draft(), after
        return replace(draft, findings=history.told(found))


class _Quiz:
    """The questions of one section as far as they are there, by their number (0-based)."""

    def __init__(self, bench: Bench, job: Job, index: int, body: str, complaints: tuple[str, ...]) -> None:
        self._bench = bench
        self._job = job
        self._body = body
        self._complaints = complaints
        self._section = job.contract.sections[index]
        self._wanted = set(range(sizes.questions_for(self._section)))
        self._made: Made | None = None
        self.index = index
        self.ladder = Ladder(bench.providers)
        self.questions: _Slots = {}

    def draft(self) -> QuizDraft:
        """The questions that are there, in order."""
        ordered = tuple(self.questions[number] for number in sorted(self.questions))
        return QuizDraft(self.index, ordered, self._made)

    def drop(self, findings: Sequence[Finding]) -> bool:
        """Forget the questions that `findings` are about, all of them where a finding names none; whether there were
        any."""
        order = sorted(self.questions)
        for finding in findings:
            named = _QUESTION.search(finding.path)
            places = [int(named[1])] if named else range(len(order))
            for place in places:
                if place < len(order):
                    self.questions.pop(order[place], None)
        return len(self.questions) < len(order)

    def take_mended(self, draft: QuizDraft) -> None:
        """Put in place what code has made of the questions; one that it left out is not asked for again."""
        left = list(draft.questions)
        for number in sorted(self.questions):
            if left and left[0].prompt == self.questions[number].prompt:
                self.questions[number] = left.pop(0)
            else:
                del self.questions[number]
                self._wanted.discard(number)

    async def fill(self, findings: Sequence[Finding] = ()) -> None:
        """Ask for the questions that are not there; `findings` are what those dropped before had broken. Raises
        `AuthorError` when nobody is left to ask."""
        if findings:
            self.ladder.again(sentences(findings), AuthorUnusable("invalid_answer"))
        while self._open():
            try:
                await self._call()
            except AuthorError as error:
                if self._open():
                    self.ladder.after(error)

    def _open(self) -> list[int]:
        """The numbers of the questions that are still to come."""
        return sorted(self._wanted - set(self.questions))

    async def _call(self) -> None:
        """One call. Raises `BadAnswer` if a question did not come or has not its shape."""
        wanted: Mapping[int, str] = {
            number: self.questions[number].prompt if number in self.questions else "" for number in sorted(self._wanted)
        }
        ask = self._bench.asks.quiz(self._job, self.index, self._body, wanted, self._complaints, self.ladder)
        objects, complaints = ObjectStream("questions"), list[str]()
        texts = self._bench.calls.stream(self.ladder.provider.name, ask, self._job.order.payer, self.ladder.receipt)
        async with aclosing(texts):
            async for text in texts:
                for value in objects.feed(text):
                    try:
                        self._take(shaped(value, QuestionShape))
                    except BadAnswer as bad:
                        complaints.extend(bad.findings)
        if self._open():
            raise BadAnswer([*complaints, "Not every question that was asked for came in a shape that can be used."])

    def _take(self, answer: QuestionShape) -> None:
        """Put a question in its place, if that is open; one with another number goes into the first open place."""
        places = self._open()
        if not places:
            return
        place = answer.number - 1 if answer.number - 1 in places else places[0]
        question = drafts.question_of(answer, self._section.objectives, len(self._job.order.objectives))
        self.questions[place] = question
        self._made = self._bench.made(self.ladder)
