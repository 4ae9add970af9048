"""One run of a generation: plan, picture and lessons, going on from whatever is stored. No transaction is open while
the author works."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing

from services.authors.protocol import Contract, Order, Outline
from services.errors import AuthorError, AuthorUnusable, DocumentRefused
from services.generation import rules
from services.generation.ending import NoLongerWanted
from services.generation.healing import heal
from services.generation.journal import Begun
from services.generation.lesson import write_lesson
from services.generation.making import Making, Work, failure_code
from services.generation.repeating import Repeating
from services.pictures.painting import Subject
from services.quality import language
from storage.outline import LessonOutline

log = logging.getLogger(__name__)

LESSONS_AT_ONCE = 8


class _Planless(Exception):
    """There is no plan, and nothing to write; `failure` is the code."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


async def make_course(work: Work, generation_id: int) -> None:
    """Bring a generation to its end: ready, or failed with a code. Returns quietly if it is not wanted (any more).

    Raises only what is our own fault (a database that is away…); then it can be called again."""
    try:
        begun = await work.journal.begin(generation_id)
        try:
            order = await work.load_order(begun)
            making = _making(work, begun, order)
            await _Run(making, picture=begun.picture).all()
        except _Planless as planless:
            await work.journal.failed(generation_id, planless.failure)
            return
        await heal(making)
        await work.journal.finished(generation_id)
    except NoLongerWanted:
        log.info("generation %d is not wanted any more", generation_id)


def _making(work: Work, begun: Begun, order: Order) -> Making:
    texts = dict(begun.bodies)
    cover = begun.generation.order.get("cover", "")
    return Making(work, begun.generation.id, begun.course, order, begun.outline, texts, Repeating(texts), cover)


class _Run:
    """The parts of a run that go on side by side: the plan streams, and what it is known of is begun at once."""

    def __init__(self, making: Making, *, picture: bool) -> None:
        self._making = making
        self._work = making.work
        self._picture = picture
        self._places = asyncio.Semaphore(LESSONS_AT_ONCE)
        self._begun: set[int] = set()

    async def all(self) -> None:
        """Until everything is written that can be. Raises NoLongerWanted, _Planless, and what is our own fault."""
        stopped: list[NoLongerWanted | _Planless] = []
        try:
            async with asyncio.TaskGroup() as group:
                self._begin(group)
                if not self._making.outline or any(not lesson.planned for lesson in self._open()):
                    await self._plan(group)
        except* (NoLongerWanted, _Planless) as ends:
            stopped = [end for end in _leaves(ends) if isinstance(end, NoLongerWanted | _Planless)]
        if stopped:
            raise next((end for end in stopped if isinstance(end, NoLongerWanted)), stopped[0])

    def _open(self) -> list[LessonOutline]:
        """Lessons to be written, and those that are and whose questions are asked for again."""
        lessons = self._making.outline
        return [one for one in lessons if one.state in rules.OPEN_LESSON or (one.state == "ready" and one.quizzes)]

    def _begin(self, group: asyncio.TaskGroup) -> None:
        """Begin all that can be begun by now and is not: the picture, lessons that have their contract. The first
        lesson comes first, so it has the first place."""
        if self._making.outline and not self._picture:
            self._picture = True
            group.create_task(self._draw())
        for lesson in self._open():
            if lesson.planned and lesson.position not in self._begun:
                self._begun.add(lesson.position)
                group.create_task(self._write_in_turn(lesson))

    async def _plan(self, group: asyncio.TaskGroup) -> None:
        """Have made what is missing of the plan, storing each part and beginning what it allows as it comes."""
        failure = "invalid_answer"  # if the author ends without having given everything
        # Checks of a plan are made on the loop: what they need is loaded while the first words are waited for.
        group.create_task(asyncio.to_thread(language.prepare))
        try:
            await self._stream_plan(group)
        except (AuthorError, DocumentRefused) as error:
            log.warning("generation %d: the plan broke off: %r", self._making.generation_id, error)
            failure = failure_code(error)
        if not any(lesson.planned for lesson in self._making.outline):
            raise _Planless(failure)
        if any(not lesson.planned for lesson in self._open()):
            await self._work.journal.plan_broke_off(self._making.generation_id, failure)

    async def _stream_plan(self, group: asyncio.TaskGroup) -> None:
        making = self._making
        known = making.plan if making.outline else None
        async with aclosing(self._work.author.plan(making.order, known)) as parts:
            async for part in parts:
                if isinstance(part, Outline):
                    await self._outlined(part)
                elif self._fits(part):
                    contract = await self._grounded(part)
                    making.outline = await self._work.journal.contracted(making.generation_id, contract)
                self._begin(group)

    async def _grounded(self, contract: Contract) -> Contract:
        grounding = self._work.grounding
        return contract if grounding is None else await grounding.grounded(self._making.order, contract)

    async def _outlined(self, outline: Outline) -> None:
        making = self._making
        if not rules.right_size(len(outline.titles)):
            raise AuthorUnusable("invalid_answer")
        making.course, making.outline = await self._work.journal.outlined(making.generation_id, outline)
        making.cover = outline.cover

    def _fits(self, contract: Contract) -> bool:
        """Whether a contract is of a lesson; what is not is as if it had not come."""
        fits = contract.position < len(self._making.outline) and rules.right_sections(len(contract.lesson.sections))
        if not fits:
            log.warning("generation %d: contract %d does not fit", self._making.generation_id, contract.position)
        return fits

    async def _draw(self) -> None:
        """The course's picture; a course without one is still a course."""
        making, work = self._making, self._work
        await work.journal.picture_started(making.generation_id)
        course = making.course
        line = work.card_line(course.level, len(making.outline), making.order.minutes, course.language)
        told = (course.title, course.description, course.example, line, course.id)
        subject = Subject(*told, making.cover, course.language)
        try:
            drawn = await work.paint(subject, making.order.payer)
        except (OSError, ValueError) as error:
            log.error("generation %d: the picture could not be drawn: %r", making.generation_id, error)
            return
        await work.journal.picture_done(making.generation_id, drawn.png, drawn.words)

    async def _write_in_turn(self, lesson: LessonOutline) -> None:
        async with self._places:
            await write_lesson(self._making, lesson)


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
