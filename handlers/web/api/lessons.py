"""Lessons over REST: read with their questions (never with the keys), put in order, their sections edited."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from handlers.web.api.courses_in import Body, CoursePath, Name, Questions, drafts, what_changes
from handlers.web.api.courses_out import SectionOut, lesson_out, section_out
from handlers.web.api.lessons_out import (
    KnownQuestionOut,
    KnownQuestionsOut,
    NeighbourOut,
    OrderedOut,
    QuestionOut,
    ReadLessonOut,
    ReadOneSectionOut,
    ReadSectionOut,
    VersionOut,
    VersionsOut,
)
from handlers.web.operations import Call, Id, In, Operation, Who
from services.courses_access import find_section
from services.courses_edited import Editing
from services.courses_listed import Catalogue
from services.views import CourseView, LessonView, QuestionView, SectionView


class LessonPath(CoursePath):
    """Which lesson of which course."""

    lesson_id: Id


class SectionPath(LessonPath):
    """Which section of which lesson of which course."""

    section_id: Id


class VersionPath(SectionPath):
    """Which earlier version of which section."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class OrderIn(In):
    """All lessons of the course in their new order."""

    lesson_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50, json_schema_extra={"uniqueItems": True})]


_CONTENTS = ("title", "body", "questions")


def _contents(schema: dict[str, Any]) -> None:
    what_changes(schema)
    schema["anyOf"] = [{"required": [one]} for one in _CONTENTS]


class SectionChangeIn(In):
    """What to change of a section; what is left out stays. `questions` are all that it is to have: one that is there to
    the letter stays that question. `version` is the one that was read: if there is a newer one by now, nothing is
    changed."""

    model_config = ConfigDict(json_schema_extra=_contents)

    title: Name = ""
    body: Body = ""
    questions: Questions = ()
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set & set(_CONTENTS):
            raise ValueError("nothing to change")
        return self


async def read(call: Call) -> ReadLessonOut:
    """A lesson with its sections, where they stand in the source, their questions, and the lessons beside it."""
    course, lesson = await _see(call)
    asked = await _catalogue(call).questions(call.learner, lesson)
    at = lesson.position
    sections = tuple(_read(one, course.language, asked) for one in lesson.sections)
    return ReadLessonOut(
        **{**dict(lesson_out(lesson, course.language)), "sections": sections},
        course_id=course.id,
        previous=_lesson_beside(course, at - 1),
        next=_lesson_beside(course, at + 1),
    )


async def section(call: Call) -> ReadOneSectionOut:
    """A section with its questions, and the sections beside it."""
    course, lesson = await _see(call)
    shown = find_section(lesson, call.path.section_id)
    asked = await _catalogue(call).questions(call.learner, lesson)
    at = course.sections.index(shown)
    return ReadOneSectionOut(
        **dict(_read(shown, course.language, asked)),
        course_id=course.id,
        lesson_id=lesson.id,
        previous=_section_beside(course, at - 1),
        next=_section_beside(course, at + 1),
    )


async def order(call: Call) -> OrderedOut:
    """Put the lessons of one's course into another order."""
    body: OrderIn = call.body
    course = await _editing(call).order_lessons(call.me, call.path.course_id, body.lesson_ids)
    lessons = tuple(NeighbourOut(id=one.id, lesson_id=one.id, title=one.title) for one in course.lessons)
    return OrderedOut(course_id=course.id, lessons=lessons)


async def edit_section(call: Call) -> SectionOut:
    """Give a section of one's course another title, text, or other questions. It becomes a new version; whoever
    completed it stays done with it."""
    body: SectionChangeIn = call.body
    given = {name: getattr(body, name) for name in body.model_fields_set}
    if "questions" in given:
        given["questions"] = drafts(body.questions)
    path: SectionPath = call.path
    edited = await _editing(call).edit_section(call.me, path.course_id, path.lesson_id, path.section_id, **given)
    return section_out(edited, await _language(call))


async def versions(call: Call) -> VersionsOut:
    """What a section of one's course was before its edits."""
    path: SectionPath = call.path
    found = await _editing(call).versions(call.me, path.course_id, path.lesson_id, path.section_id)
    return VersionsOut(items=tuple(map(VersionOut.model_validate, found)))


async def restore(call: Call) -> SectionOut:
    """Give a section of one's course the contents of an earlier version anew, its questions included. It becomes a new
    version; whoever completed it stays done with it."""
    path: VersionPath = call.path
    found = await _editing(call).restore(call.me, path.course_id, path.lesson_id, path.section_id, path.version)
    return section_out(found, await _language(call))


async def questions(call: Call) -> KnownQuestionsOut:
    """The questions of a section with their keys. For the owner of the course; admins may look, and it is noted."""
    path: SectionPath = call.path
    found = await _editing(call).questions(call.me, path.course_id, path.lesson_id, path.section_id)
    return KnownQuestionsOut(items=tuple(map(KnownQuestionOut.model_validate, found)))


async def _see(call: Call) -> tuple[CourseView, LessonView]:
    return await _catalogue(call).access.see_lesson(call.learner, call.path.course_id, call.path.lesson_id)


async def _language(call: Call) -> str:
    return (await _see(call))[0].language


def _read(one: SectionView, language: str, questions: dict[int, tuple[QuestionView, ...]]) -> ReadSectionOut:
    asked = tuple(QuestionOut.model_validate(question) for question in questions.get(one.id, ()))
    return ReadSectionOut(**dict(section_out(one, language)), questions=asked)


def _lesson_beside(course: CourseView, at: int) -> NeighbourOut | None:
    if not 0 <= at < len(course.lessons):
        return None
    lesson = course.lessons[at]
    return NeighbourOut(id=lesson.id, lesson_id=lesson.id, title=lesson.title)


def _section_beside(course: CourseView, at: int) -> NeighbourOut | None:
    if not 0 <= at < len(course.sections):
        return None
    one = course.sections[at]
    return NeighbourOut(id=one.id, lesson_id=one.lesson_id, title=one.title)


def _catalogue(call: Call) -> Catalogue:
    found: Catalogue = call.services.catalogue
    return found


def _editing(call: Call) -> Editing:
    found: Editing = call.services.editing
    return found


_LESSON = "/courses/{course_id}/lessons/{lesson_id}"
_SECTION = _LESSON + "/sections/{section_id}"

OPERATIONS = [
    Operation(
        method="GET",
        path=_LESSON,
        summary="Read a lesson",
        handler=read,
        who=Who.ANYBODY,
        path_in=LessonPath,
        answers=ReadLessonOut,
        tag="lessons",
    ),
    Operation(
        method="PUT",
        path="/courses/{course_id}/lessons/order",
        summary="Put the lessons of a course in order",
        handler=order,
        path_in=CoursePath,
        body_in=OrderIn,
        answers=OrderedOut,
        errors=(409,),
        tag="lessons",
    ),
    Operation(
        method="GET",
        path=_SECTION,
        summary="Read a section",
        handler=section,
        who=Who.ANYBODY,
        path_in=SectionPath,
        answers=ReadOneSectionOut,
        tag="lessons",
    ),
    Operation(
        method="PATCH",
        path=_SECTION,
        summary="Edit a section",
        handler=edit_section,
        path_in=SectionPath,
        body_in=SectionChangeIn,
        answers=SectionOut,
        errors=(409,),
        tag="lessons",
    ),
    Operation(
        method="GET",
        path=_SECTION + "/questions/keys",
        summary="The questions of a section, with their keys",
        handler=questions,
        path_in=SectionPath,
        answers=KnownQuestionsOut,
        tag="lessons",
    ),
    Operation(
        method="POST",
        path=_SECTION + "/versions/{version}/restore",
        summary="Bring an earlier version of a section back",
        handler=restore,
        path_in=VersionPath,
        answers=SectionOut,
        errors=(409,),
        tag="lessons",
    ),
    Operation(
        method="GET",
        path=_SECTION + "/versions",
        summary="What a section was before",
        handler=versions,
        path_in=SectionPath,
        answers=VersionsOut,
        tag="lessons",
    ),
]
