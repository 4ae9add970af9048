"""The plan as it is being made: one streamed call, and further ones for what is missing after it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from services.authors.model import material, plan_drafts
from services.authors.model.answers import PlanStream, shaped
from services.authors.model.asks import Asks
from services.authors.model.calling import Calls
from services.authors.model.ladder import Ladder
from services.authors.model.schemas import ContractShape, OutlineShape
from services.authors.protocol import Contract, CoursePlan, LessonPlan, Made, Order, Outline, PlanPart
from services.authors.retry import BadAnswer
from services.errors import AuthorError


class Planning:
    """One plan in the making; knows what is there already, and gives the rest part by part."""

    def __init__(self, calls: Calls, asks: Asks, order: Order, known: CoursePlan | None, version: str) -> None:
        self._calls = calls
        self._asks = asks
        self._order = order
        self._version = version
        self._outline: Outline | None = None
        self._contracts: dict[int, LessonPlan] = {}
        self._passages = material.by_id(list(material.all_passages(order.source))) if order.source else {}
        if known is not None and known.lessons:
            titles = tuple(lesson.title for lesson in known.lessons)
            self._outline = Outline(titles, known.glossary, known.language, known.example)
            self._contracts = {at: lesson for at, lesson in enumerate(known.lessons) if lesson.sections}

    async def parts(self, ladder: Ladder) -> AsyncGenerator[PlanPart, None]:
        """The outline and each contract in order of their arrival, as soon as it is complete and holds. Raises what the
        last call failed with, if something is missing then; what was given stands."""
        while self._outline is None or self._missing():
            try:
                async with aclosing(self._call(ladder)) as parts:
                    async for part in parts:
                        yield part
            except AuthorError as error:
                if self._outline is None or self._missing():
                    ladder.after(error)

    async def _call(self, ladder: Ladder) -> AsyncGenerator[PlanPart, None]:
        """One call for what is missing. Raises `BadAnswer` at the end if something still is."""
        provider, complaints = ladder.provider, list[str]()
        wanted = self._wanted(ladder)
        ask = self._asks.plan(self._order, self._known(), wanted, ladder)
        made = Made(provider.name, ask.model, self._version)
        stream = PlanStream()
        texts = self._calls.stream(provider.name, ask, self._order.payer, ladder.receipt)
        async with aclosing(texts):
            async for text in texts:
                for value in stream.feed(text):
                    try:
                        part = self._taken(value, made)
                    except BadAnswer as bad:
                        complaints.extend(bad.findings)
                        if self._outline is None:
                            raise  # nothing that follows can be used
                        continue
                    if part is not None:
                        yield part
        if self._outline is None:
            raise BadAnswer(["There was no outline: titles, glossary, example and cover come first, then the lessons."])
        if missing := [each for each in self._missing() if not wanted or each in wanted]:
            numbers = ", ".join(str(each + 1) for each in missing)
            raise BadAnswer([*complaints, f"No usable contract came for lesson {numbers}."])

    def _taken(self, value: OutlineShape | object, made: Made) -> PlanPart | None:
        """What arrived as a part of the plan, remembered; None if it was not asked for or is here already."""
        if isinstance(value, OutlineShape):
            if self._outline is not None:
                return None
            self._outline = replace(plan_drafts.outline_of(value, self._order), made=made)
            return self._outline
        answer = shaped(value, ContractShape)
        missing = self._missing()
        if self._outline is None or answer.lesson - 1 not in missing:
            return None
        unserved = self._unserved() if len(missing) == 1 else ()
        contract = plan_drafts.contract_of(answer, self._outline, self._order, self._passages, unserved)
        lesson = replace(contract.lesson, made=made)
        self._contracts[contract.position] = lesson
        return Contract(contract.position, lesson)

    def _missing(self) -> list[int]:
        titles = self._outline.titles if self._outline else ()
        return [at for at in range(len(titles)) if at not in self._contracts]

    def _wanted(self, ladder: Ladder) -> list[int]:
        """Which contracts the next call is for: all that are missing, or fewer once answers keep breaking off."""
        missing = self._missing()
        return missing[: (len(missing) + 1) // 2] if ladder.cut > 1 else missing

    def _unserved(self) -> tuple[int, ...]:
        served = {
            each for lesson in self._contracts.values() for section in lesson.sections for each in section.objectives
        }
        return tuple(at for at in range(len(self._order.objectives)) if at not in served)

    def _known(self) -> CoursePlan | None:
        if self._outline is None:
            return None
        lessons = tuple(
            self._contracts.get(at, LessonPlan(title, (), ())) for at, title in enumerate(self._outline.titles)
        )
        return CoursePlan(lessons, self._order.language, self._outline.glossary, self._outline.example)
