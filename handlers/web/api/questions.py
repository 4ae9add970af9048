"""Questions over REST: read, answered, skipped, disputed. What is right is told once a question is settled."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from handlers.web.api.lessons import SectionPath
from handlers.web.operations import Call, Handler, Id, In, Limit, Operation, Out
from services.disputes import DisputeService
from services.errors import NotFound
from services.questions import QuestionService, required
from services.views.questions import AskedView, Outcome, QuestionsView

MOST_OPTIONS = 26
_SECTION = "/courses/{course_id}/lessons/{lesson_id}/sections/{section_id}"
_QUESTION = _SECTION + "/questions/{question_id}"


class QuestionPath(SectionPath):
    """Which question of a section."""

    question_id: Id


Attempt = Annotated[int, Field(ge=1, le=2, description="`attempt` of the question as it was read")]


class AnswerIn(In):
    """The option chosen, by its place among `options` as they were read (from 0)."""

    option: Annotated[int, Field(ge=0, lt=MOST_OPTIONS)]
    attempt: Attempt


class SkipIn(In):
    """Leave the question instead of trying it."""

    attempt: Attempt


class ReasonOut(Out):
    """An option (its place among `options`) and why it is right or is not."""

    place: int
    text: str
    explanation: str


class AskedOut(Out):
    """A question as it stands for the caller. `options` are in the caller's own order, `tried` are those chosen before;
    `attempt` is the try that comes next, null once it is settled. `hint` comes after a wrong first try; `chosen` and
    `right` once it is settled, not before. `number` of `of` counts the section's questions; 0 for one that counts no
    more."""

    id: int
    number: int
    of: int
    prompt: str
    options: tuple[str, ...]
    tried: tuple[int, ...]
    attempt: int | None
    hint: str | None
    outcome: Outcome
    chosen: ReasonOut | None
    right: ReasonOut | None
    disputed: bool


class QuestionsOut(Out):
    """The questions of a section, and how many of them are open."""

    section_id: int
    items: tuple[AskedOut, ...]
    open: int


async def of_section(call: Call) -> QuestionsOut:
    """The questions of a section as they stand for the caller. Whoever may see the course is enrolled by it."""
    view = await _view(call)
    items = tuple(AskedOut.model_validate(one) for one in view.questions)
    return QuestionsOut(section_id=view.section.id, items=items, open=sum(one.open for one in view.questions))


async def answer(call: Call) -> AskedOut:
    """Choose an option. After a wrong first try there is a hint and a second one. The same answer to the same try is
    answered alike however often it comes; any other try than the next is a 409, and nothing changes."""
    body: AnswerIn = call.body
    asked, now = await _asked(call), call.services.clock.now()
    view = await _questions(call).answer(call.me.id, asked.id, body.option, body.attempt, now)
    return AskedOut.model_validate(required(view))


async def skip(call: Call) -> AskedOut:
    """Leave a question: it counts as not answered right, and is explained."""
    body: SkipIn = call.body
    asked, now = await _asked(call), call.services.clock.now()
    view = await _questions(call).skip(call.me.id, asked.id, body.attempt, now)
    return AskedOut.model_validate(required(view))


async def dispute(call: Call) -> AskedOut:
    """Say that something is wrong with a question, once. It is solved again without its key, or its owner decides; a
    wrong one counts for nobody any more."""
    asked = await _asked(call)
    disputes: DisputeService = call.services.disputes
    await disputes.raise_(call.me, asked.id)
    return AskedOut.model_validate(await _asked(call))


async def _view(call: Call) -> QuestionsView:
    path: SectionPath = call.path
    where = (path.course_id, path.lesson_id, path.section_id)
    return await _questions(call).at_place(call.me, *where, call.services.clock.now())


async def _asked(call: Call) -> AskedView:
    found = (await _view(call)).find(call.path.question_id)
    if found is None:
        raise NotFound("question")
    return found


def _questions(call: Call) -> QuestionService:
    questions: QuestionService = call.services.questions
    return questions


def _post(name: str, summary: str, handler: Handler, body_in: type[BaseModel] | None) -> Operation:
    return Operation(
        method="POST",
        path=f"{_QUESTION}/{name}",
        summary=summary,
        handler=handler,
        limit=Limit.PROGRESS,
        path_in=QuestionPath,
        body_in=body_in,
        answers=AskedOut,
        errors=(409,),
        tag="questions",
    )


OPERATIONS = [
    Operation(
        method="GET",
        path=_SECTION + "/questions",
        summary="The questions of a section",
        handler=of_section,
        path_in=SectionPath,
        answers=QuestionsOut,
        tag="questions",
    ),
    _post("answer", "Answer a question", answer, AnswerIn),
    _post("skip", "Skip a question", skip, SkipIn),
    _post("dispute", "Dispute a question", dispute, None),
]
