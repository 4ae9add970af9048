"""What is answered about lessons and sections. Which option is right is told to the course's owner only."""

from __future__ import annotations

from datetime import datetime

from handlers.web.api.courses_out import LessonOut, SectionOut
from handlers.web.operations import Out


class QuestionOut(Out):
    """A question: which option is right is told after an answer only."""

    id: int
    prompt: str
    options: tuple[str, ...]


class ReadSectionOut(SectionOut):
    """A section with its questions."""

    questions: tuple[QuestionOut, ...]


class NeighbourOut(Out):
    """The lesson or section before or after."""

    id: int
    lesson_id: int
    title: str


class ReadLessonOut(LessonOut):
    """A lesson with everything to be read in it, and the lessons beside it."""

    course_id: int
    sections: tuple[ReadSectionOut, ...]
    previous: NeighbourOut | None
    next: NeighbourOut | None


class ReadOneSectionOut(ReadSectionOut):
    """A section with where it stands, and the sections beside it, in the next lesson, too."""

    course_id: int
    lesson_id: int
    previous: NeighbourOut | None
    next: NeighbourOut | None


class OrderedOut(Out):
    """The lessons in order, without their texts."""

    course_id: int
    lessons: tuple[NeighbourOut, ...]


class OptionOut(Out):
    """An answer, and why it is right or not."""

    text: str
    explanation: str


class KeyedQuestionOut(Out):
    """A question as its author sees it: `key` is the index of the right option."""

    prompt: str
    options: tuple[OptionOut, ...]
    key: int
    hint: str


class KnownQuestionOut(KeyedQuestionOut):
    """The same, as it stands in the section."""

    id: int


class KnownQuestionsOut(Out):
    """A section's questions in order."""

    items: tuple[KnownQuestionOut, ...]


class VersionOut(Out):
    """A section as it was before an edit; `questions` are null where they were not kept."""

    section_id: int
    version: int
    title: str
    body: str
    minutes: int
    questions: tuple[KeyedQuestionOut, ...] | None
    replaced_at: datetime


class VersionsOut(Out):
    """What a section was, the newest first."""

    items: tuple[VersionOut, ...]
