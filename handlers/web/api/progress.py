"""A learner's own progress over REST: complete, and read back."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from handlers.web import problems
from handlers.web.api import progress_batch
from handlers.web.api import progress_out as out
from handlers.web.operations import Call, Handler, Id, In, Limit, Operation
from services.studies import Place, StudyService
from services.views import CompletionView

MOST_SECONDS = 86_400
MOST_INTERACTIONS = 100_000
_COURSE = "/courses/{course_id}"
_LESSON = _COURSE + "/lessons/{lesson_id}"


class CoursePath(In):
    """Which course."""

    course_id: Id


class LessonPath(CoursePath):
    """Which lesson of it."""

    lesson_id: Id


class SectionPath(LessonPath):
    """Which section of that."""

    section_id: Id


class CompleteIn(In):
    """What a client says about a completion. Without `time_spent` the time since the section was opened counts."""

    time_spent: Annotated[int, Field(ge=0, le=MOST_SECONDS, description="Seconds")] | None = None
    interactions: Annotated[int, Field(ge=0, le=MOST_INTERACTIONS)] = 0
    notes: Annotated[str, Field(max_length=4000)] | None = None


class PageQuery(In):
    """Which page of courses."""

    cursor: (
        Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", description="`next_cursor` of the page before")] | None
    ) = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class PathQuery(In):
    """Which page of the learning path."""

    cursor: (
        Annotated[
            str,
            Field(pattern=r"^[0-9]{1,14}\.[0-9]\.[0-9]{1,18}$", description="`next_cursor` of the page before"),
        ]
        | None
    ) = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


async def complete(call: Call) -> out.CompletionOut | web.Response:
    """Record that a section is done, once. Whoever may see the course is enrolled by it. What had been completed before
    is a 409 that carries the earlier record (`completed_at`, `seconds`), and nothing changes."""
    path: SectionPath = call.path
    body: CompleteIn = call.body
    view = await _studies(call).complete(
        call.me,
        path.course_id,
        path.lesson_id,
        path.section_id,
        call.services.clock.now(),
        seconds=body.time_spent,
        interactions=body.interactions,
        note=body.notes or "",
    )
    return out.completion(view) if view.first else _earlier(view)


def _earlier(view: CompletionView) -> web.Response:
    at = view.done.completed_at.isoformat()
    found = problems.problem(409, "conflict.completed", at=at, completed_at=at, seconds=view.done.seconds)
    return problems.response(found)


async def everything(call: Call) -> out.ProgressPageOut:
    """The courses that the caller is enrolled in and has not put aside."""
    query: PageQuery = call.query
    found = await _studies(call).all(call.me.id, after=int(query.cursor or 0), limit=query.limit + 1)
    page = found[: query.limit]
    cursor = str(page[-1].course.id) if len(found) > query.limit else None
    return out.ProgressPageOut(items=tuple(out.progress(one) for one in page), next_cursor=cursor)


async def course(call: Call) -> out.ProgressOut:
    """Where the caller is in a course; 404 (`not_found.enrolment`) in one that they see but have not begun."""
    return out.progress(await _studies(call).progress(call.me, call.path.course_id))


async def lesson(call: Call) -> out.LessonProgressOut:
    """Where the caller is in a lesson, section by section."""
    return out.lesson(await _studies(call).lesson(call.me, call.path.course_id, call.path.lesson_id))


async def time(call: Call) -> out.TimeOut:
    """Time spent and interactions, by lesson and section. Time of a completed section is the completion's."""
    return out.time(await _studies(call).time(call.me, call.path.course_id))


async def path(call: Call) -> out.PathOut:
    """What happened in the course, oldest first, with the velocity (sections per hour) of that moment."""
    query: PathQuery = call.query
    after: Place | None = None
    if query.cursor is not None:
        at, rank, ref = map(int, query.cursor.split("."))
        after = (at, rank, ref)
    page = await _studies(call).path(call.me, call.path.course_id, after=after, limit=query.limit)
    cursor = ".".join(map(str, page.steps[-1].place)) if page.more else None
    return out.PathOut(items=tuple(out.StepOut.model_validate(step) for step in page.steps), next_cursor=cursor)


async def achievements(call: Call) -> out.AchievementsOut:
    """What the caller achieved in a course, and when; derived from the completions that there are."""
    found = await _studies(call).achievements(call.me, call.path.course_id)
    items = tuple(
        out.ReachedOut(**out.AchievementOut.model_validate(one.achievement).model_dump(), at=one.at) for one in found
    )
    return out.AchievementsOut(items=items)


async def recommendation(call: Call) -> out.RecommendationOut:
    """The first uncompleted section of the course last used, else of the one used before it."""
    return out.recommendation(await _studies(call).next(call.me.id))


def _studies(call: Call) -> StudyService:
    studies: StudyService = call.services.studies
    return studies


def _read(
    path: str,
    summary: str,
    handler: Handler,
    answers: type[BaseModel],
    path_in: type[In] | None = None,
    query_in: type[In] | None = None,
) -> Operation:
    return Operation(
        method="GET",
        path=path,
        summary=summary,
        handler=handler,
        path_in=path_in,
        query_in=query_in,
        answers=answers,
        tag="progress",
    )


OPERATIONS = [
    Operation(
        method="POST",
        path=_LESSON + "/sections/{section_id}/complete",
        summary="Complete a section, once",
        handler=complete,
        limit=Limit.PROGRESS,
        path_in=SectionPath,
        body_in=CompleteIn,
        answers=out.CompletionOut,
        errors=(409,),
        tag="progress",
    ),
    progress_batch.OPERATION,
    _read("/progress", "Progress in all of one's courses", everything, out.ProgressPageOut, query_in=PageQuery),
    _read("/progress/next", "What to read next", recommendation, out.RecommendationOut),
    _read(_COURSE + "/progress", "Progress in a course", course, out.ProgressOut, CoursePath),
    _read(_LESSON + "/progress", "Progress in a lesson", lesson, out.LessonProgressOut, LessonPath),
    _read(_COURSE + "/progress/time", "Time and interactions in a course", time, out.TimeOut, CoursePath),
    _read(_COURSE + "/progress/path", "The learning path in a course", path, out.PathOut, CoursePath, PathQuery),
    _read(
        _COURSE + "/progress/achievements", "Achievements in a course", achievements, out.AchievementsOut, CoursePath
    ),
]
