"""Asking for a course: checked, counted against the allowance, and stored as work in one commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.authors.codec import credit_to_json, order_to_json
from services.authors.model.material import source_characters
from services.authors.protocol import Author, Credit, Order
from services.clock import Clock
from services.errors import AuthorUnusable, Conflict, Invalid, LimitReached, NotFound
from services.generation.control import work_of
from services.generation.rules import ACCEPTED
from services.money.estimate import Size
from services.money.quotes import Quote, Quotes, refuse_if_over
from services.rules.preferences import checked_interests
from services.sources import load_source
from services.validation import check_order
from services.views import LearnerView
from storage.courses import CourseRepository
from storage.database import Database
from storage.documents import DocumentRepository
from storage.generations import GenerationRepository
from storage.learners import LearnerRepository
from storage.models import Generation
from storage.work import WorkRepository

GENERATIONS = 5
WINDOW_SECONDS = 900


class Requests:
    """Takes approved orders: at most `allowed` per learner in any window of `window_seconds`."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        author: Author,
        allowed: int = GENERATIONS,
        window_seconds: int = WINDOW_SECONDS,
        quotes: Quotes | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._author = author
        self._allowed = allowed
        self._window = window_seconds
        self._quotes = quotes

    async def accept(
        self,
        learner: LearnerView,
        order: Order,
        *,
        key: str,
        document_id: int | None,
        chat_id: int | None,
        message_id: int | None,
        making_seconds: int | None,
        exact: bool = False,
    ) -> int:
        """Store the order with everything that makes it happen; the id of its generation, the same for the same `key`.
        Examples are drawn from the learner's interests, unless the order names others.

        Raises Invalid (every fault; ``too_dear`` for more minutes than a cap allows), LimitReached,
        NotFound("document"), DocumentRefused ("too_thin"), AuthorUnusable ("needs_source", "cap_course"), and with
        `exact` Conflict("other_request") if the key was used for another order."""
        order = await self._complete(learner.id, self._checked(order), document_id)
        enough = await self._author.enough_for(order)
        quote = await self._quote(learner.id, order, enough or order.minutes)
        columns: dict[str, Any] = {
            "request_key": f"{learner.id}:{key}",
            "chat_id": chat_id,
            "message_id": message_id,
            "order": {"making_seconds": making_seconds, "document_id": document_id, "enough_for": enough},
            "estimate": quote.amount if quote else None,
        }
        return await self._place(learner.id, order, document_id, columns, quote, exact=exact)

    async def _place(
        self,
        learner_id: int,
        order: Order,
        document_id: int | None,
        columns: dict[str, Any],
        quote: Quote | None,
        *,
        exact: bool,
    ) -> int:
        """One transaction: the row of the generation, its course, its work; or what was stored under its key before."""
        async with self._database.transaction() as session:
            generations = GenerationRepository(session)
            # Two requests of one learner come one after another, so that the count is exact.
            person = await LearnerRepository(session).lock(learner_id)
            if person is None:
                raise NotFound("learner")
            known = await generations.by_key(columns["request_key"])
            if known is not None:
                if exact and not _same(known.order, order, document_id):
                    raise Conflict("other_request", known.created_at)
                return known.id
            await self._count(generations, learner_id)
            refuse_if_over(quote, order.minutes)
            if document_id is not None and await DocumentRepository(session).get(learner_id, document_id) is None:
                raise NotFound("document")
            order = replace(order, interests=order.interests or tuple(person.interests or ()))
            enough = columns["order"]["enough_for"]
            credit = self._author.credit(order)
            credit = replace(credit, extra={**credit.extra, "enough_for": str(enough)}) if enough else credit
            columns["course_id"] = await self._add_course(
                CourseRepository(session), learner_id, order, document_id, credit
            )
            columns["order"] |= order_to_json(order)
            row = await self._add_generation(generations, learner_id=learner_id, **columns)
            await WorkRepository(session).put(work_of(row), self._clock.now())
            return row.id

    def _checked(self, order: Order) -> Order:
        interests, faults = checked_interests(order.interests)
        try:
            fields = check_order(
                order.title,
                order.description,
                order.objectives,
                order.level,
                order.minutes,
                minutes_asked=not self._author.needs_source,
            )
        except Invalid as error:
            raise Invalid(*error.faults, *faults) from None
        if faults:
            raise Invalid(*faults)
        return replace(
            order,
            title=fields.title,
            description=fields.description,
            objectives=fields.objectives,
            level=fields.level,
            minutes=fields.minutes,
            interests=interests,
        )

    async def _complete(self, learner_id: int, order: Order, document_id: int | None) -> Order:
        """The order with its document, which the credit names."""
        if document_id is None:
            if self._author.needs_source:
                raise AuthorUnusable("needs_source")
            return replace(order, source=None)
        if order.source is None:
            return replace(order, source=await load_source(self._database, learner_id, document_id))
        return order

    async def _quote(self, learner_id: int, order: Order, minutes: int) -> Quote | None:
        if self._quotes is None:
            return None
        source = source_characters(order.source) if order.source else 0
        return await self._quotes.quote(learner_id, Size(minutes, source))

    async def _count(self, generations: GenerationRepository, learner_id: int) -> None:
        window = timedelta(seconds=self._window)
        started = await generations.started_since(learner_id, self._clock.now() - window, self._allowed)
        if len(started) >= self._allowed:
            # There is room again when the oldest of the last `allowed` leaves the window.
            raise LimitReached("generations", self._allowed, self._window, started[-1] + window)

    async def _add_course(
        self, courses: CourseRepository, learner_id: int, order: Order, document_id: int | None, credit: Credit
    ) -> int:
        now = self._clock.now()
        course = await courses.add(
            owner_id=learner_id,
            title=order.title,
            description=order.description,
            level=order.level,
            language=order.language,
            minutes_asked=order.minutes,
            state="making",
            objectives=list(order.objectives),
            credit=credit_to_json(credit),
            document_id=document_id,
            created_at=now,
            ready_at=None,
        )
        await courses.enrol(learner_id, course.id, now)
        return course.id

    async def _add_generation(self, generations: GenerationRepository, **columns: Any) -> Generation:
        now = self._clock.now()
        row = await generations.add(
            **columns,
            state="waiting",
            runs=0,
            progress=0,
            failure=None,
            message_replaced=False,
            created_at=now,
            started_at=None,
            finished_at=None,
            told_at=None,
        )
        enough = row.order["enough_for"]
        await generations.append(row, "accepted", ACCEPTED, {"enough_for": enough} if enough else {}, now)
        return row


def _same(stored: dict[str, Any], order: Order, document_id: int | None) -> bool:
    """Whether an order is the stored one again; interests may come from the profile, which may have changed."""
    wanted = {**order_to_json(order), "document_id": document_id}
    return all(stored.get(name) == value for name, value in wanted.items() if name != "interests" or order.interests)
