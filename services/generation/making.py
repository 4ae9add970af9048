"""What one run of a generation works with, and what it knows of the course so far."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from services.authors.codec import glossary_from_json, made_from_json
from services.authors.protocol import Author, CoursePlan, LessonPlan, Order, QuizDraft, SectionDraft, SectionPlan
from services.checking import Checking
from services.errors import AuthorError, AuthorRefused, DocumentRefused
from services.generation.grounding import Grounding
from services.generation.journal import Begun, Journal
from services.generation.opinions import Judges, ReadWhole
from services.generation.repeating import Repeating
from services.pictures.painting import Paint
from services.quality.finding import Finding
from storage.models import Course
from storage.outline import LessonOutline

Place = tuple[int, int]  # of a section: its lesson's and its own, both 0-based


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new piece of a lesson (its place, 0-based) before it is accepted, beside the texts of all other sections by
    their places."""

    order: Order
    lesson: int
    piece: SectionDraft | QuizDraft
    texts: Mapping[Place, str]


CourseCheck = Callable[[Arrival], Awaitable[Sequence[Finding]]]
"""What the whole course, or somebody outside of it (moderation), has to say of a new piece."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a run is made with: the author, the journal, who makes the picture, the line under its title (level,
    lessons, minutes, language), the order, who looks at the whole, what new pieces are checked for besides, who
    else is asked about a finished course, and who looks up what its sections rest on in a document that an author has
    read in part only."""

    author: Author
    journal: Journal
    paint: Paint
    card_line: Callable[[str, int, int, str], str]
    load_order: Callable[[Begun], Awaitable[Order]]
    checking: Checking
    checks: Sequence[CourseCheck] = ()
    judges: Judges | None = None
    read_whole: ReadWhole | None = None
    grounding: Grounding | None = None


@dataclass(slots=True)
class Making:
    """A course being made: who makes it, what was ordered, and what is stored of it; `cover` is what its picture is to
    show."""

    work: Work
    generation_id: int
    course: Course
    order: Order
    outline: tuple[LessonOutline, ...]
    texts: dict[Place, str]
    repeating: Repeating
    cover: str = ""

    @property
    def plan(self) -> CoursePlan:
        """As much of the plan as is stored."""
        return plan_of(self.outline, self.course)

    async def check(self, lesson: int, piece: SectionDraft | QuizDraft) -> Sequence[Finding]:
        """What the course has to say of a new piece of a lesson."""
        others = {place: text for place, text in self.texts.items() if place != (lesson, piece.index)}
        arrival = Arrival(self.order, lesson, piece, others)
        found = [finding for check in self.work.checks for finding in await check(arrival)]
        if isinstance(piece, SectionDraft):
            found += await self.repeating.findings(lesson, piece)
        return found


def failure_code(error: AuthorError | DocumentRefused) -> str:
    """The code that says why something could not be made."""
    return "refused" if isinstance(error, AuthorRefused) else error.why


def plan_of(outline: Sequence[LessonOutline], course: Course) -> CoursePlan:
    """The stored plan as the author had given it; lessons without a contract have no sections."""
    lessons = tuple(map(_lesson_of, outline))
    return CoursePlan(lessons, course.language, glossary_from_json(course.glossary), course.example)


def _lesson_of(lesson: LessonOutline) -> LessonPlan:
    said = lesson.contract
    return LessonPlan(
        title=lesson.title,
        objectives=lesson.objectives,
        sections=tuple(
            SectionPlan(
                title=section.title,
                focus=section.focus,
                minutes=section.minutes,
                passages=section.passages,
                outcome=section.outcome,
                objectives=section.objectives,
            )
            for section in lesson.sections
        ),
        needs=tuple(said.get("needs", ())),
        covered=tuple(said.get("covered", ())),
        avoid=tuple(said.get("avoid", ())),
        example=said.get("example", ""),
        handoff=said.get("handoff", ""),
        made=made_from_json(lesson.made),
    )
