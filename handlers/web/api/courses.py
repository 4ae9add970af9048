"""Courses over REST: found, read, written by hand, changed, published, put aside, deleted, copied, joined."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from aiohttp import hdrs, web

from handlers.web import answers
from handlers.web.api.courses_in import (
    ArchivedIn,
    CourseChangeIn,
    CourseIn,
    CoursePath,
    CourseQuery,
    CoursesQuery,
    drafts,
)
from handlers.web.api.courses_out import (
    CourseOut,
    CoursesOut,
    CourseSummaryOut,
    EnrolledOut,
    render,
    with_progress,
)
from handlers.web.operations import Call, Handler, Operation, Who
from services.authors.protocol import Level
from services.courses_edited import Editing
from services.courses_listed import Catalogue
from services.errors import NotFound, NotSignedIn
from services.publishing import Publishing
from services.rules.handwritten import LessonText, SectionText
from services.views import CourseView, ProgressView


async def find(call: Call) -> CoursesOut:
    """Courses with filters and words, the newest first. What was published can be found without signing in."""
    query: CoursesQuery = call.query
    scope = query.scope or ("mine" if call.learner else "public")
    if call.learner is None and scope != "public":
        raise NotSignedIn("missing")
    page = await _catalogue(call).find(
        call.learner,
        scope,
        level=query.level,
        language=query.language,
        state=query.state,
        archived=query.archived,
        search=query.search,
        after=int(query.cursor) if query.cursor else None,
        most=query.limit,
    )
    items = tuple(CourseSummaryOut.model_validate(one) for one in page.courses)
    return CoursesOut(items=items, next_cursor=str(page.after) if page.after else None)


async def read(call: Call) -> web.Response:
    """A whole course with its own figures: the same bytes for all who may see it, with a tag to ask by. With
    `include=progress` the caller's own is put in, and nobody keeps the answer."""
    course = await _catalogue(call).access.see(call.learner, call.path.course_id)
    kept = await call.services.rendered.page(course, render)
    if call.query.include is None:
        return answers.page(call.request, kept, _cache(course))
    if call.learner is None:
        raise NotSignedIn("missing")
    body = with_progress(kept.raw, await _progress(call, course.id))
    return answers.as_json(body, {hdrs.CACHE_CONTROL: answers.NEVER_STORED})


async def picture(call: Call) -> web.Response:
    """The course's picture."""
    course = await _catalogue(call).access.see(call.learner, call.path.course_id)
    png = await _catalogue(call).picture(course)
    tag = hashlib.blake2b(png, digest_size=16).hexdigest()
    headers = {hdrs.ETAG: f'"{tag}"', hdrs.CACHE_CONTROL: _cache(course)}
    if answers.has(call.request, tag):
        return web.Response(status=304, headers=headers)
    return web.Response(body=png, content_type="image/png", headers=headers)


async def create(call: Call) -> web.Response:
    """Write a course by hand: complete, private, and ready to be read at once."""
    body: CourseIn = call.body
    course = await _editing(call).create(
        call.me,
        title=body.title,
        description=body.description,
        objectives=body.objectives,
        level=cast(Level, body.level),  # the service says which there are
        language=body.language or call.me.language,
        lessons=tuple(
            LessonText(
                lesson.title,
                lesson.objectives,
                tuple(SectionText(one.title, one.body, drafts(one.questions)) for one in lesson.sections),
            )
            for lesson in body.lessons
        ),
    )
    return answers.made(await _summary(call, course.id), f"/courses/{course.id}")


async def change(call: Call) -> CourseSummaryOut:
    """Change what is said about one's course."""
    body: CourseChangeIn = call.body
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    course = await _editing(call).change(call.me, call.path.course_id, changes)
    return await _summary(call, course.id)


async def publish(call: Call) -> CourseSummaryOut:
    """Let everybody read one's course, signed in or not."""
    course = await _publishing(call).publish(call.me, call.path.course_id)
    await call.services.rendered.page(course, render)  # now, so that none of its readers waits for it
    return await _summary(call, course.id)


async def unpublish(call: Call) -> CourseSummaryOut:
    """Take a course back. Whoever is enrolled keeps it. Admins may do this, too."""
    course = await _publishing(call).unpublish(call.me, call.path.course_id)
    return await _summary(call, course.id)


async def archive(call: Call) -> CourseSummaryOut:
    """Put a course aside in one's own list, or bring it back."""
    body: ArchivedIn = call.body
    await _publishing(call).archive(call.me, call.path.course_id, body.archived)
    return await _summary(call, call.path.course_id)


async def delete(call: Call) -> None:
    """Delete one's course with everything in it, everybody's progress included. Admins may do this, too."""
    await _publishing(call).delete(call.me, call.path.course_id)


async def duplicate(call: Call) -> web.Response:
    """Make a private copy of a course that one may see."""
    course = await _publishing(call).duplicate(call.me, call.path.course_id)
    return answers.made(await _summary(call, course.id), f"/courses/{course.id}")


async def enrol(call: Call) -> EnrolledOut:
    """Put a course into one's list; once more changes nothing."""
    since = await _publishing(call).enrol(call.me, call.path.course_id)
    return EnrolledOut(course_id=call.path.course_id, enrolled_at=since)


def _cache(course: CourseView) -> str:
    return answers.PUBLIC if course.published else answers.PRIVATE


async def _progress(call: Call, course_id: int) -> ProgressView | None:
    try:
        found: ProgressView = await call.services.progress.progress(call.me.id, course_id)
    except NotFound:
        return None
    return found


async def _summary(call: Call, course_id: int) -> CourseSummaryOut:
    return CourseSummaryOut.model_validate(await _catalogue(call).summary(call.me, course_id))


def _catalogue(call: Call) -> Catalogue:
    found: Catalogue = call.services.catalogue
    return found


def _editing(call: Call) -> Editing:
    found: Editing = call.services.editing
    return found


def _publishing(call: Call) -> Publishing:
    found: Publishing = call.services.publishing
    return found


_ONE = "/courses/{course_id}"
_TAG = {"ETag": "Changes whenever the answer does; send it back as If-None-Match"}
_WHERE = {"Location": "Where the new course is"}


def _on_one(method: str, path: str, summary: str, handler: Handler, **more: Any) -> Operation:
    """Something done to one course, answered by how it stands in the caller's lists then."""
    given: dict[str, Any] = {"answers": CourseSummaryOut, "tag": "courses", "path_in": CoursePath, **more}
    return Operation(method=method, path=_ONE + path, summary=summary, handler=handler, **given)


OPERATIONS = [
    Operation(
        method="GET",
        path="/courses",
        summary="Find courses",
        handler=find,
        who=Who.ANYBODY,
        query_in=CoursesQuery,
        answers=CoursesOut,
        tag="courses",
    ),
    Operation(
        method="POST",
        path="/courses",
        summary="Write a course by hand",
        handler=create,
        body_in=CourseIn,
        answers=CourseSummaryOut,
        status=201,
        tag="courses",
        headers=_WHERE,
    ),
    _on_one(
        "GET",
        "",
        "Read a course",
        read,
        who=Who.ANYBODY,
        query_in=CourseQuery,
        answers=CourseOut,
        errors=(304,),
        headers=_TAG,
    ),
    _on_one("PATCH", "", "Change what is said about a course", change, body_in=CourseChangeIn),
    _on_one("DELETE", "", "Delete a course", delete, answers=None, status=204),
    _on_one(
        "GET",
        "/picture",
        "The picture of a course",
        picture,
        who=Who.ANYBODY,
        answers=None,
        content="image/png",
        errors=(304,),
        headers=_TAG,
    ),
    _on_one("POST", "/publish", "Publish a course", publish, errors=(409,)),
    _on_one("POST", "/unpublish", "Take a published course back", unpublish),
    _on_one("PUT", "/archived", "Put a course aside, or bring it back", archive, body_in=ArchivedIn, errors=(409,)),
    _on_one("POST", "/duplicate", "Copy a course", duplicate, status=201, errors=(409,), headers=_WHERE),
    _on_one("POST", "/enrol", "Join a course", enrol, answers=EnrolledOut),
]
