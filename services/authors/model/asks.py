"""The calls of a course, put together: what all share goes first, byte for byte the same, the task last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.authors.model import material, schemas, sizes
from services.authors.model.ladder import Ladder
from services.authors.model.prompting import Prompts, data_key
from services.authors.model.wire import Ask, Block
from services.authors.protocol import CoursePlan, LessonPlan, Order, Passage, SectionDraft, Wish
from services.quality.finding import Finding

_CITATIONS = " Citations that do not hold: answer in sections, one entry with an empty body and all its citations anew."


@dataclass(frozen=True, slots=True)
class Job:
    """The lesson at hand: what is ordered and planned, which lesson (0-based), and the passages it may cite."""

    order: Order
    plan: CoursePlan
    lesson: int
    passages: Mapping[str, Passage] | None

    @property
    def contract(self) -> LessonPlan:
        """The lesson's contract."""
        return self.plan.lessons[self.lesson]


class Asks:
    """Makes each call from the prompts, for the provider and after the complaints that a `Ladder` says."""

    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts

    def proposal(self, wish: Wish, key: str, ladder: Ladder) -> Ask:
        """The call that judges a wish and makes an offer."""
        user = self._prompts.fill(
            "proposal",
            key=key,
            material=material.of_wish(wish),
            complaints=ladder.complaints,
            language=wish.language,
            objectives=sizes.objectives_for(wish.minutes),
            minutes=wish.minutes,
            level=wish.level,
            ask=""
            if wish.may_ask
            else ' "vague" is not to be used: the learner has been asked; choose what is likeliest.',
        )
        room, schema = sizes.proposal_room(ladder.cut), schemas.wire_schema(schemas.ProposalShape)
        blocks = (Block(self._prompts.text("rules")),)
        return Ask(ladder.provider.plan_model, blocks, user, schema, room, "low", "proposal")

    def plan(self, order: Order, known: CoursePlan | None, wanted: Sequence[int], ladder: Ladder) -> Ask:
        """The call for a plan: all of it, or, once its outline is `known`, the contracts `wanted` (0-based)."""
        minutes = material.minutes_of(order)
        lessons, sections = _size(order, minutes)
        blocks = self._blocks(order)
        told: material.Material = {"ordered": order.title}
        if order.source and not material.is_short(order.source):
            told["passage"] = material.as_data(material.sample(order.source, material.PLAN_BUDGET))
        only = ""
        if known is not None:
            blocks = (*blocks, self._outline(order, known))
            told |= material.of_known_plan(known)
            numbers = ", ".join(str(each + 1) for each in wanted)
            only = (
                "titles, glossary and example are there already: leave them empty. Answer with the contracts of these "
                f"lessons and no others: {numbers}."
            )
        user = self._prompts.fill(
            "plan",
            key=data_key(order),
            material=told,
            complaints=ladder.complaints,
            lessons=lessons,
            sections=sections,
            minutes=minutes,
            level=order.level,
            known=only,
            passages=" passages: the ids of those that it rests on, at least one." if order.source else "",
        )
        schema = schemas.wire_schema(schemas.PlanShape, sourced=order.source is not None)
        room = sizes.plan_room(len(wanted) or lessons, ladder.cut)
        return Ask(ladder.provider.plan_model, blocks, user, schema, room, "medium", "plan")

    def bodies(self, job: Job, wanted: Sequence[int], findings: Sequence[Finding], ladder: Ladder) -> Ask:
        """The call for the texts of sections `wanted` (0-based); `findings` are what earlier texts of them broke."""
        planned = job.contract.sections
        minutes = {index + 1: planned[index].minutes for index in wanted}
        user = self._task(
            "body",
            job,
            material.of_contract(job.contract, wanted),
            (*sentences(findings), *ladder.complaints),
            wanted=_numbers(wanted),
            length=sizes.lengths(minutes, job.order.language),
        )
        room = sizes.bodies_room(sum(minutes.values()), ladder.cut)
        return self._writing(job, user, room, ladder, "body")

    def quiz(
        self, job: Job, index: int, body: str, wanted: Mapping[int, str], complaints: Sequence[str], ladder: Ladder
    ) -> Ask:
        """The call for questions on section `index` (0-based): those `wanted` by number (0-based), with what is to be
        said of each that others are there already (their prompts)."""
        section = job.contract.sections[index]
        told: material.Material = {"title": section.title, "outcome": section.outcome, "text": body}
        told["asked already"] = [prompt for prompt in wanted.values() if prompt]
        numbers = [number for number, prompt in wanted.items() if not prompt]
        served = section.objectives or tuple(range(len(job.order.objectives)))
        user = self._task(
            "quiz",
            job,
            told,
            (*complaints, *ladder.complaints),
            section=index + 1,
            wanted=_numbers(numbers),
            objectives=_numbers(served),
        )
        return self._writing(job, user, sizes.quiz_room(len(numbers), ladder.cut), ladder, "quiz")

    def repair(
        self, job: Job, draft: SectionDraft, parts: Sequence[str], findings: Sequence[Finding], ladder: Ladder
    ) -> Ask:
        """The call that mends what `findings` say of a section's text, which is given in `parts`."""
        told: material.Material = {"part": [{"path": f"body.{at}", "text": part} for at, part in enumerate(parts)]}
        cited = any(".citations" in each.path for each in findings) or not draft.body
        user = self._task(
            "repair",
            job,
            told,
            (*sentences(findings), *ladder.complaints),
            section=draft.index + 1,
            end=len(parts),
            citations=_CITATIONS if cited and job.passages is not None else "",
        )
        minutes = job.contract.sections[draft.index].minutes
        return self._writing(job, user, sizes.bodies_room(minutes, ladder.cut), ladder, "repair")

    def _task(self, name: str, job: Job, told: material.Material, complaints: Sequence[str], **fields: object) -> str:
        return self._prompts.fill(
            name,
            key=data_key(job.order),
            material=told,
            complaints=complaints,
            lesson=job.lesson + 1,
            lessons=len(job.plan.lessons),
            sections=len(job.contract.sections),
            **fields,
        )

    def _writing(self, job: Job, user: str, room: int, ladder: Ladder, step: str) -> Ask:
        blocks = (*self._blocks(job.order), self._outline(job.order, job.plan))
        if job.order.source and not material.is_short(job.order.source):
            own = {"passage": material.as_data(list((job.passages or {}).values()))}
            blocks = (
                *blocks,
                Block(self._prompts.fill("passages", key=data_key(job.order), material=own), cached=True),
            )
        schema = schemas.wire_schema(schemas.WritingShape, sourced=job.passages is not None)
        return Ask(ladder.provider.lesson_model, blocks, user, schema, room, "medium", step)

    def _blocks(self, order: Order) -> tuple[Block, ...]:
        """What does not change over a course's calls: the rules, which all courses share, and what was ordered."""
        course = self._prompts.fill(
            "course",
            key=data_key(order),
            material=material.of_order(order),
            language=order.language,
            level=order.level,
            sourced="\n" + self._prompts.text("sourced") if order.source else "",
        )
        rules = f"{self._prompts.text('rules')}\n\n{self._prompts.text('teaching')}"
        return Block(rules, cached=True), Block(course, cached=order.source is not None)

    def _outline(self, order: Order, plan: CoursePlan) -> Block:
        told = material.of_outline(plan)
        return Block(self._prompts.fill("outline", key=data_key(order), material=told), cached=True)


def _size(order: Order, minutes: int) -> tuple[int, int]:
    if order.source is None:
        return sizes.size_for(minutes)
    return sizes.size_from(material.source_characters(order.source), order.source.language, minutes)


def sentences(findings: Sequence[Finding]) -> tuple[str, ...]:
    """`findings` as a model is told them: where, what was found, what is expected. At most twelve."""
    return tuple(f"{each.path}: found {each.found}; expected {each.expected}" for each in findings[:12])


def _numbers(places: Sequence[int]) -> str:
    return ", ".join(str(each + 1) for each in places)
