"""A lesson as it is being written: texts in one stream, each section's questions as soon as its text stands."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from services.authors.model.answers import shaped
from services.authors.model.asks import Job
from services.authors.model.bench import Bench, Judging
from services.authors.model.bodies import BodyMaking
from services.authors.model.incremental import ObjectStream
from services.authors.model.ladder import Ladder
from services.authors.model.provider import Provider
from services.authors.model.quizzes import QuizMaking
from services.authors.model.schemas import SectionShape
from services.authors.protocol import Check, GivenUp, Piece, SectionDraft, Wanted
from services.authors.retry import BadAnswer
from services.errors import AuthorError
from services.quality.finding import Finding

_QUESTIONS = re.compile(r"\bquestions\b")
_TEXT = re.compile(r"\b(?:body|citations)\b")
_OF_CONTENT = frozenset({"invalid_answer", "truncated"})


class LessonWriting:
    """One lesson at work. Its calls go on side by side; what they bring is given out in order of its arrival."""

    def __init__(self, bench: Bench, job: Job, wanted: Wanted, check: Check) -> None:
        judging = Judging(job, check)
        self._bench = bench
        self._job = job
        self._wanted = wanted
        self._bodies = BodyMaking(bench, job, judging)
        self._quizzes = QuizMaking(bench, job, judging)
        self._out: asyncio.Queue[Piece | None] = asyncio.Queue()
        self._stopped: AuthorError | None = None

    async def pieces(self) -> AsyncGenerator[Piece, None]:
        """Every piece that is wanted, made or given up. Raises `AuthorError` at the end if the texts were declined or
        could not be asked for, and whatever the check raised at once."""
        work = asyncio.create_task(self._work())
        try:
            while (piece := await self._out.get()) is not None:
                yield piece
            await work
        finally:
            work.cancel()
            await asyncio.wait([work])
            if not work.cancelled():
                work.exception()
        if self._stopped is not None:
            raise self._stopped

    async def _work(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for index, body in self._wanted.quizzes.items():
                    group.create_task(self._quiz(index, body))
                if self._wanted.bodies:
                    group.create_task(self._texts(group))
        except BaseExceptionGroup as several:
            raise _first(several) from None
        finally:
            self._out.put_nowait(None)

    async def _texts(self, group: asyncio.TaskGroup) -> None:
        """The wanted texts, by one call, and by more for those that did not come."""
        missing = sorted(self._wanted.bodies)
        ladder = Ladder(self._bench.providers)
        try:
            while missing:
                try:
                    await self._call(missing, ladder, group)
                except AuthorError as error:
                    if missing:
                        ladder.after(error)
        except AuthorError as error:
            if error.why not in _OF_CONTENT:
                self._stopped = error
                return
            for index in missing:
                self._out.put_nowait(GivenUp(index, "body", error.why))

    async def _call(self, missing: list[int], ladder: Ladder, group: asyncio.TaskGroup) -> None:
        """One call for `missing` texts, from which each that comes is taken; its first one alone once answers keep
        breaking off. Raises `BadAnswer` if one did not come."""
        asked = missing[:1] if ladder.cut > 1 else list(missing)
        findings = [each for index in asked for each in self._said(index) if not _QUESTIONS.search(each.path)]
        ask = self._bench.asks.bodies(self._job, asked, findings, ladder)
        provider, objects, complaints = ladder.provider, ObjectStream("sections"), list[str]()
        async with aclosing(
            self._bench.calls.stream(provider.name, ask, self._job.order.payer, ladder.receipt)
        ) as texts:
            async for text in texts:
                for value in objects.feed(text):
                    try:
                        answer = shaped(value, SectionShape)
                    except BadAnswer as bad:
                        complaints.extend(bad.findings)
                        continue
                    if answer.number - 1 in missing and answer.number - 1 in asked:
                        missing.remove(answer.number - 1)
                        group.create_task(self._settle(answer, provider))
        if left := [str(index + 1) for index in asked if index in missing]:
            raise BadAnswer([*complaints, f"No usable text came for section {', '.join(left)}."])

    async def _settle(self, answer: SectionShape, provider: Provider) -> None:
        """A text that came, brought to where it holds, and then its questions."""
        piece = await self._bodies.settled(answer, provider)
        self._out.put_nowait(piece)
        if isinstance(piece, SectionDraft):
            await self._quiz(piece.index, piece.body)

    async def _quiz(self, index: int, body: str) -> None:
        findings = [each for each in self._said(index) if not _TEXT.search(each.path)]
        self._out.put_nowait(await self._quizzes.made(index, body, findings))

    def _said(self, index: int) -> Sequence[Finding]:
        """What earlier pieces of a section broke."""
        return self._wanted.findings.get(index, ())


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first of the exceptions that ended the work side by side."""
    inner = several.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
