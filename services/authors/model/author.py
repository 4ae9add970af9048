"""The author that is a language model, whichever provider is on the other end of its wire."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel

from services.authors.model import drafts, material, schemas, sizes
from services.authors.model.incremental import ObjectStream
from services.authors.model.prompting import Filled, Prompts
from services.authors.model.wire import Ask, Effort, Wire
from services.authors.protocol import CoursePlan, Credit, Order, Passage, Proposal, SectionDraft, Wish
from services.authors.retry import BadAnswer, Tries
from services.clock import Clock
from services.errors import AuthorError, DocumentRefused

_Result = TypeVar("_Result")
# Tokens of an answer, thinking included; the second number is for the call after one that was cut off.
_PROPOSAL_ROOM = (4_000, 12_000)
_PLAN_ROOM = (16_000, 32_000)
_LESSON_ROOM = (24_000, 48_000)


@dataclass(frozen=True, slots=True)
class _Job:
    """The lesson at hand: what is ordered and planned, which lesson (0-based), and the passages it may cite."""

    order: Order
    plan: CoursePlan
    lesson: int
    passages: dict[str, Passage] | None


class ModelAuthor:
    """Writes courses by asking a model over `wire`; satisfies `services.authors.protocol.Author` but for its name.

    Keeps nothing between calls. Each piece (proposal, plan, lesson) has at most three calls within `deadline_seconds`.
    """

    def __init__(
        self,
        name: str,
        wire: Wire,
        *,
        plan_model: str,
        lesson_model: str,
        clock: Clock,
        rng: random.Random,
        deadline_seconds: float,
    ) -> None:
        self._name = name
        self._wire = wire
        self._plan_model = plan_model
        self._lesson_model = lesson_model
        self._clock = clock
        self._rng = rng
        self._deadline_seconds = deadline_seconds
        self._prompts = Prompts()

    @property
    def name(self) -> str:
        """Stable, stored with the course."""
        return self._name

    @property
    def needs_source(self) -> bool:
        """A model can write from a topic alone."""
        return False

    def credit(self, order: Order) -> Credit:
        """Who wrote it: the models and the version of the prompts."""
        models = tuple(dict.fromkeys((self._plan_model, self._lesson_model)))
        made_from = order.source.title if order.source else ""
        return Credit(
            ai=True, name=self._name, models=models, prompt_version=self._prompts.version, made_from=made_from
        )

    async def propose(self, wish: Wish) -> Proposal:
        """One small call; raises `DocumentRefused` (``too_thin``) for a source that cannot carry a course."""
        if wish.source and (found := material.source_characters(wish.source)) < material.THINNEST_SOURCE:
            raise DocumentRefused("too_thin", str(found))

        def ask(tries: Tries) -> Ask:
            filled = self._prompts.fill(
                "proposal",
                self._rng,
                language=wish.language,
                material=material.of_wish(wish),
                findings=tries.findings,
                objectives=sizes.objectives_for(wish.minutes),
                minutes=wish.minutes,
                level=wish.level,
            )
            return self._ask(filled, schemas.ProposalShape, self._plan_model, _PROPOSAL_ROOM[tries.roomier])

        answer = await self._whole(ask, lambda text: drafts.proposal_of(drafts.parsed(text, schemas.ProposalShape)))
        return Proposal(
            title=answer.title,
            description=answer.description,
            objectives=tuple(answer.objectives),
            level=wish.level,
            minutes=wish.minutes,
            language=wish.language,
            making_seconds=sizes.making_seconds(wish.minutes),
        )

    async def plan(self, order: Order) -> CoursePlan:
        """The whole outline, in one call."""
        shape: type[schemas.PlanShape | schemas.SourcedPlanShape]
        shape = schemas.SourcedPlanShape if order.source else schemas.PlanShape
        known = {each.id: each for each in material.all_passages(order.source)} if order.source else {}
        lessons, sections = sizes.size_for(order.minutes)

        def ask(tries: Tries) -> Ask:
            filled = self._prompts.fill(
                "plan",
                self._rng,
                language=order.language,
                material=material.of_order(order),
                findings=tries.findings,
                lessons=lessons,
                sections=sections,
                minutes=order.minutes,
                level=order.level,
                sourced=self._prompts.text("plan_sourced") if order.source else "",
            )
            return self._ask(filled, shape, self._plan_model, _PLAN_ROOM[tries.roomier])

        def read(text: str) -> CoursePlan:
            answer = drafts.parsed(text, shape)
            return drafts.plan_of(answer, minutes=order.minutes, language=order.language, known=known)

        return await self._whole(ask, read)

    async def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, missing: Sequence[int]
    ) -> AsyncGenerator[SectionDraft, None]:
        """Each missing section as soon as it has arrived and holds; what was yielded is not asked for again.

        Close the generator (``contextlib.aclosing``) when no more is wanted: that ends the call at the provider.
        """
        sections = range(len(plan.lessons[lesson].sections))
        wanted = [index for index in sections if index in set(missing)]
        tries = self._tries()
        while wanted:
            passages: dict[str, Passage] | None = None
            if order.source:
                chosen = material.passages_for(order.source, plan.lessons[lesson], wanted)
                passages = {each.id: each for each in chosen}
            job = _Job(order, plan, lesson, passages)
            try:
                async with aclosing(self._sections(job, tuple(wanted), tries)) as written:
                    async for draft in written:
                        wanted.remove(draft.index)
                        yield draft
            except AuthorError as error:
                if wanted:
                    await tries.after(error)

    async def _sections(self, job: _Job, wanted: tuple[int, ...], tries: Tries) -> AsyncGenerator[SectionDraft, None]:
        """One call for sections `wanted`. Raises `BadAnswer` at the end if some did not come or did not hold."""
        shape = schemas.SourcedSectionShape if job.passages is not None else schemas.SectionShape
        titles = {index: job.plan.lessons[job.lesson].sections[index].title for index in wanted}
        objects = ObjectStream("sections")
        findings: list[str] = []
        async with aclosing(self._wire.stream(self._lesson_ask(job, wanted, tries), tries.seconds_left())) as pieces:
            async for piece in pieces:
                for value in objects.feed(piece):
                    try:
                        answer = drafts.shaped(value, shape)
                        if answer.number - 1 not in titles:
                            continue  # not asked for, or here already
                        draft = drafts.section_of(
                            answer,
                            titles[answer.number - 1],
                            objectives=len(job.order.objectives),
                            passages=job.passages,
                        )
                    except BadAnswer as bad:
                        findings.extend(bad.findings)
                        continue
                    del titles[draft.index]
                    yield draft
        if titles:
            left = ", ".join(str(index + 1) for index in sorted(titles))
            raise BadAnswer([*findings, f"No usable text came for section {left}; the sections before are kept."])

    def _lesson_ask(self, job: _Job, wanted: tuple[int, ...], tries: Tries) -> Ask:
        sourced = job.passages is not None
        planned = job.plan.lessons[job.lesson].sections
        filled = self._prompts.fill(
            "lesson",
            self._rng,
            language=job.order.language,
            material=material.of_lesson(job.order, job.plan, job.lesson, list((job.passages or {}).values())),
            findings=tries.findings,
            lesson=job.lesson + 1,
            lessons=len(job.plan.lessons),
            wanted=", ".join(str(index + 1) for index in wanted),
            length=sizes.lengths({index + 1: planned[index].minutes for index in wanted}, job.order.language),
            sourced=self._prompts.text("lesson_sourced") if sourced else "",
        )
        shape = schemas.SourcedLessonShape if sourced else schemas.LessonShape
        return self._ask(filled, shape, self._lesson_model, _LESSON_ROOM[tries.roomier])

    def _ask(self, filled: Filled, shape: type[BaseModel], model: str, room: int) -> Ask:
        effort: Effort = "low" if shape is schemas.ProposalShape else "medium"
        return Ask(model, filled.system, filled.user, schemas.wire_schema(shape), room, effort)

    def _tries(self) -> Tries:
        return Tries(self._clock, self._rng, deadline_seconds=self._deadline_seconds)

    async def _whole(self, ask: Callable[[Tries], Ask], read: Callable[[str], _Result]) -> _Result:
        """What `read` makes of the whole answer to `ask`, tried again where that may help."""
        tries = self._tries()
        while True:
            try:
                async with aclosing(self._wire.stream(ask(tries), tries.seconds_left())) as pieces:
                    return read("".join([piece async for piece in pieces]))
            except AuthorError as error:
                await tries.after(error)
