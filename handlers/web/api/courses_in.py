"""What comes in about courses. Lengths are said here for whoever reads the description; they are checked by the
services, which report every fault at once and count after trimming, so nothing is refused here for its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from handlers.web.operations import Id, In
from services import validation
from services.authors.protocol import Level, Option, QuestionDraft
from services.rules import handwritten, preferences, questions

Cursor = Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", description="`next_cursor` of the page before")]
Language = Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z]{2,4})?$", description="As in BCP 47: en, de, pt-BR")]


def _said(limits: tuple[int, int], what: str) -> dict[str, Any]:
    low, high = limits
    return {f"min{what}": low, f"max{what}": high}


def _text(limits: tuple[int, int]) -> Any:
    return Field(json_schema_extra=_said(limits, "Length"))


Title = Annotated[str, _text(validation.TITLE)]
Description = Annotated[str, _text(validation.DESCRIPTION)]
Objective = Annotated[str, _text(validation.OBJECTIVE)]
Objectives = Annotated[tuple[Objective, ...], Field(json_schema_extra=_said(validation.OBJECTIVES, "Items"))]
LevelWord = Annotated[str, Field(json_schema_extra={"enum": list(validation.LEVELS)})]
_SHORTEST, _LONGEST = validation.MINUTES
Minutes = Annotated[int, Field(ge=1, le=100_000, json_schema_extra={"minimum": _SHORTEST, "maximum": _LONGEST})]
Name = Annotated[str, _text(handwritten.NAME)]
Body = Annotated[str, Field(description="Markdown", json_schema_extra=_said(handwritten.BODY, "Length"))]
Interests = Annotated[
    tuple[Annotated[str, _text(preferences.INTEREST)], ...],
    Field(max_length=preferences.INTERESTS),
]


def what_changes(schema: dict[str, Any]) -> None:
    """For the description of a PATCH: what is left out has no default, it stays as it is."""
    schema["minProperties"] = 1
    for one in schema["properties"].values():
        one.pop("default", None)


class CoursePath(In):
    """Which course."""

    course_id: Id


class CourseQuery(In):
    """What of a course."""

    include: Literal["progress"] | None = None


class CoursesQuery(In):
    """Which courses: `mine` (made by me), `enrolled` (in my list), `public` (for everybody); mine if nothing is said,
    public for who is not signed in."""

    scope: Literal["mine", "enrolled", "public"] | None = None
    level: Level | None = None
    language: Language | None = None
    state: Literal["making", "ready", "stopped"] | None = None
    archived: Annotated[bool, Field(description="What was put aside, in place of what was not")] = False
    search: Annotated[str, Field(max_length=200, description="Words that are all in title or description")] = ""
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class OptionIn(In):
    """An answer to choose, and why it is right or not."""

    text: Annotated[str, _text(questions.OPTION)]
    explanation: Annotated[str, _text(questions.EXPLANATION)]


class QuestionIn(In):
    """A question with 2–4 options by hand. They are shown in another order; `key` is the index of the right one here,
    from 0. The `hint` is for whoever chose a wrong one first."""

    prompt: Annotated[str, _text(questions.PROMPT)]
    options: Annotated[tuple[OptionIn, ...], Field(json_schema_extra=_said(questions.OPTIONS, "Items"))]
    key: Annotated[int, Field(ge=0, le=questions.OPTIONS[1] - 1)]
    hint: Annotated[str, _text(questions.HINT)] = ""


Questions = Annotated[tuple[QuestionIn, ...], Field(json_schema_extra=_said(questions.QUESTIONS, "Items"))]


class SectionIn(In):
    """A section by hand, with up to three questions."""

    title: Name
    body: Body
    questions: Questions = ()


class LessonIn(In):
    """A lesson by hand, with 2–4 sections."""

    title: Name
    objectives: Annotated[tuple[Objective, ...], Field(json_schema_extra=_said(handwritten.OBJECTIVES, "Items"))] = ()
    sections: Annotated[tuple[SectionIn, ...], Field(json_schema_extra=_said(handwritten.SECTIONS, "Items"))]


class CourseIn(In):
    """A course by hand, with 3–12 lessons. Minutes are counted from the texts."""

    title: Title
    description: Description
    objectives: Objectives
    level: LevelWord
    language: Language | None = None
    lessons: Annotated[tuple[LessonIn, ...], Field(json_schema_extra=_said(handwritten.LESSONS, "Items"))]


class CourseChangeIn(In):
    """What to change; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=what_changes)

    title: Title = ""
    description: Description = ""
    objectives: Objectives = ()
    level: Level = "beginner"
    language: Language = "en"

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self


class ArchivedIn(In):
    """Whether the course is put aside in one's own list."""

    archived: bool


class GenerateIn(In):
    """An approved request for a course. `document_id` is what it is to be made from; `interests` are what examples are
    drawn from (the profile's, if none are named)."""

    title: Title
    description: Description
    objectives: Objectives
    level: LevelWord
    minutes: Minutes = 60
    language: Language | None = None
    document_id: Id | None = None
    interests: Interests = ()


def drafts(given: Sequence[QuestionIn]) -> tuple[QuestionDraft, ...]:
    """Questions by hand as the services take them."""
    return tuple(
        QuestionDraft(
            one.prompt, tuple(Option(option.text, option.explanation) for option in one.options), one.key, one.hint
        )
        for one in given
    )
