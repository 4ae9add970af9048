"""Making courses, as the rest of the house sees it: run, look, follow, decide."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

from services.authors.codec import order_from_json
from services.authors.protocol import Author, Order, Payer
from services.checking import Checking
from services.clock import Clock
from services.errors import Conflict, NotFound
from services.feed import Feed
from services.generation.control import Control
from services.generation.ending import NoLongerWanted
from services.generation.grounding import Grounding
from services.generation.journal import Begun, Journal
from services.generation.making import CourseCheck, Work
from services.generation.opinions import Judges, ReadWhole
from services.generation.run import make_course
from services.generation.view import OPEN_STATES, feed_event, generation_view
from services.jobs import Jobs, WorkItem
from services.library import Library
from services.pictures.painting import Paint, drawn_by
from services.sources import load_source
from services.views import FeedEvent, GenerationView
from storage.database import Database
from storage.generations import GenerationRepository

# How long a follower waits before it looks by itself. With PostgreSQL another process may have written the news; with
# SQLite nobody else can, so looking is for those followers only that are not woken because there are too many.
POLL_SECONDS = {"postgresql": 1.0, "sqlite": 15.0}


def draw_card(title: str, line: str, seed: int) -> tuple[bytes, str]:
    """The locally drawn picture and the words for what it shows. Slow: call it in a thread."""
    from services.pictures import alternative_text, course_card

    return course_card(title, line, seed), alternative_text(title, line)


def plain_line(level: str, lessons: int, minutes: int, language: str) -> str:
    """The line under a picture's title where nobody gave a better one; the same in every language."""
    return f"{minutes} min"


class GenerationService:
    """Generations from request to end. Register `run` (with `gave_up`) for work of kind ``generation``.

    `paint` makes the pictures; without it they are what `draw` (title, line, seed; called in a thread) draws. `checks`
    are asked about every new piece before it is accepted, `judges` and `read_whole` about every finished course."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        author: Author,
        library: Library,
        feed: Feed | None = None,
        draw: Callable[[str, str, int], tuple[bytes, str]] = draw_card,
        paint: Paint | None = None,
        card_line: Callable[[str, int, int, str], str] = plain_line,
        checks: Sequence[CourseCheck] = (),
        judges: Judges | None = None,
        read_whole: ReadWhole | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed or Feed()
        self._journal = Journal(database=database, clock=clock, library=library, feed=self._feed)
        checking = Checking(database=database, clock=clock)
        self._work = Work(
            author=author,
            journal=self._journal,
            paint=paint or drawn_by(draw),
            card_line=card_line,
            load_order=self._load_order,
            checking=checking,
            checks=checks,
            judges=judges,
            read_whole=read_whole,
            grounding=None if author.needs_source else Grounding(database),
        )
        self._control = Control(database=database, clock=clock, jobs=jobs, library=library, feed=self._feed)

    async def run(self, item: WorkItem) -> None:
        """Make the course, going on from what is stored. Raises only what is our own fault, to be tried again."""
        await make_course(self._work, int(item.payload["generation_id"]))

    async def gave_up(self, item: WorkItem, error: BaseException) -> None:
        """The work was set aside after its tries: the learner is not left waiting (failure ``internal``)."""
        with suppress(NoLongerWanted):
            await self._journal.failed(int(item.payload["generation_id"]), "internal")

    async def view(self, generation_id: int) -> GenerationView:
        """The generation as of now. Raises NotFound("generation")."""
        async with self._database.reading() as session:
            stored = await GenerationRepository(session).whole(generation_id)
        if stored is None:
            raise NotFound("generation")
        return generation_view(stored, self._clock.now())

    async def view_for(self, learner_id: int, generation_id: int) -> GenerationView:
        """The learner's own generation. Raises NotFound("generation") if it is somebody else's."""
        view = await self.view(generation_id)
        if view.learner_id != learner_id:
            raise NotFound("generation")
        return view

    async def cancel(self, learner_id: int, generation_id: int) -> GenerationView:
        """Stop spending now. Raises NotFound, Conflict("not_running"). See `Control.cancel`."""
        await self._control.cancel(learner_id, generation_id)
        return await self.view(generation_id)

    async def keep(self, learner_id: int, generation_id: int) -> GenerationView:
        """Keep what is written as a short course. Raises NotFound, Conflict: ``not_stopped``, ``too_little``."""
        await self._control.keep(learner_id, generation_id)
        return await self.view(generation_id)

    async def go_on(self, learner_id: int, generation_id: int) -> GenerationView:
        """Go on after a stop or a failure. Raises NotFound, Conflict: ``not_stopped``, ``refused``."""
        await self._control.go_on(learner_id, generation_id)
        return await self.view(generation_id)

    async def retry_lesson(self, learner_id: int, generation_id: int, lesson_id: int) -> GenerationView:
        """Write a failed lesson again. Raises NotFound, Conflict: ``still_running``, ``not_failed``, ``not_ready``,
        ``refused``."""
        await self._control.retry_lesson(learner_id, generation_id, lesson_id)
        return await self.view(generation_id)

    async def retry_questions(self, learner_id: int, generation_id: int) -> GenerationView:
        """Ask once more for questions that could not be made. Raises NotFound, Conflict: ``not_ready``,
        ``nothing_missing``."""
        await self._control.retry_questions(learner_id, generation_id)
        return await self.view(generation_id)

    async def discard(self, learner_id: int, generation_id: int) -> None:
        """Give up an unfinished course. Raises NotFound, Conflict("already_ready")."""
        await self._control.discard(learner_id, generation_id)

    async def remove_course(self, course_id: int, *, by: int) -> None:
        """Delete a course and stop what still works on it; that the learner `by` may was checked by the caller."""
        await self._control.remove_course(course_id, by=by)

    async def events(self, generation_id: int, after: int) -> list[FeedEvent]:
        """The events with a number above `after`, in order. Raises NotFound("generation")."""
        return list((await self._news(generation_id, after))[1])

    async def follow(self, generation_id: int, after: int) -> AsyncIterator[FeedEvent]:
        """The events above `after` as they happen, each after its commit; ends with the generation's end.

        Raises NotFound("generation"). Nothing is left behind when the follower goes away."""
        with self._feed.following(generation_id) as follower:
            while True:
                is_open, events = await self._news(generation_id, after)
                for event in events:
                    after = event.seq
                    yield event
                if not is_open:
                    return
                await follower.wait(POLL_SECONDS[self._database.dialect])

    async def move_status(self, generation_id: int, message_id: int) -> None:
        """Remember which message shows the status: the first one, and once another when that was deleted.

        Raises Conflict("already_replaced") the second time, NotFound("generation")."""
        async with self._database.transaction() as session:
            generations = GenerationRepository(session)
            if await generations.get(generation_id) is None:
                raise NotFound("generation")
            if not await generations.replace_message(generation_id, message_id):
                raise Conflict("already_replaced")

    async def mark_told(self, generation_id: int) -> bool:
        """Note that the learner was told of the end; True only the first time in a run, so that it rings once."""
        async with self._database.transaction() as session:
            return await GenerationRepository(session).tell(generation_id, self._clock.now())

    async def _news(self, generation_id: int, after: int) -> tuple[bool, Sequence[FeedEvent]]:
        """Whether it is open, and what happened: asked in this order, so that the end is never missed."""
        async with self._database.reading() as session:
            generations = GenerationRepository(session)
            row = await generations.get(generation_id)
            if row is None:
                raise NotFound("generation")
            events = await generations.events(generation_id, after)
        return row.state in OPEN_STATES, [feed_event(event) for event in events]

    async def _load_order(self, begun: Begun) -> Order:
        document_id = begun.course.document_id
        source = None
        if document_id is not None:
            source = await load_source(self._database, begun.generation.learner_id, document_id)
        payer = Payer(begun.generation.learner_id, begun.generation.id)
        return order_from_json(begun.generation.order, source, payer)
