"""What is said about a course made from a text: title, description, objectives, outline, and its share of the text."""

from __future__ import annotations

from collections.abc import Sequence

from services.authors.offline.atoms import Material, material
from services.authors.offline.body import first_sentence
from services.authors.offline.course import BY, Lesson, Made, make_course, with_objective
from services.authors.offline.phrases import Phrases, phrases
from services.authors.offline.titles import clean_title, shorten
from services.authors.protocol import (
    Contract,
    LessonPlan,
    Order,
    Outline,
    PlanPart,
    Proposal,
    QuizDraft,
    SectionDraft,
    SectionPlan,
    Source,
    Wish,
)

MAKING_SECONDS = 5
TITLE = (10, 100)
DESCRIPTION = (50, 500)
OBJECTIVE_CHARACTERS = 200
MOST_OBJECTIVES = 10
_TOPICS_CHARACTERS = 250


def propose(wish: Wish, source: Source) -> Proposal:
    """What the text yields, whatever time was wished for. Raises `DocumentRefused` ``too_thin``."""
    made = make_course(source)
    said = phrases(source.language)
    return Proposal(
        title=course_title(source, made, said),
        description=describe(source, made, said),
        objectives=objectives(made.lessons, said),
        level=wish.level,
        minutes=made.minutes,
        language=source.language,
        making_seconds=MAKING_SECONDS,
        lessons=len(made.lessons),
        sections=sum(len(lesson.sections) for lesson in made.lessons),
    )


def plan(order: Order, source: Source) -> tuple[PlanPart, ...]:
    """The outline, then a contract for each lesson with true minutes; each serves one of the order's objectives."""
    lessons = make_course(source).lessons
    outline = Outline(tuple(lesson.title for lesson in lessons), (), source.language, made=BY)
    return (outline, *(Contract(index, _contract(order, lesson, index)) for index, lesson in enumerate(lessons)))


def write(order: Order, source: Source, lesson: int) -> tuple[tuple[SectionDraft, QuizDraft], ...]:
    """All sections of lesson `lesson` (0-based) with their questions. Raises IndexError if there is none such."""
    objective = objective_of(lesson, len(order.objectives))
    made = make_course(source).lessons[lesson]
    return tuple(
        (draft, with_objective(quiz, objective)) for draft, quiz in zip(made.sections, made.quizzes, strict=True)
    )


def extent(source: Source) -> dict[str, str]:
    """For the credit: ``percent`` and ``until`` if the text is longer than a course, ``left_out`` passages if any."""
    found = material(source)
    said: dict[str, str] = {}
    if found.share < 1.0:
        said = {"percent": str(percent(found)), "until": _until(source, found)}
    return {**said, "left_out": str(found.left_out)} if found.left_out else said


def percent(found: Material) -> int:
    """How much of the text the course holds, 1–99 when it is not all of it."""
    return 100 if found.share >= 1.0 else min(99, max(1, int(found.share * 100)))


def objective_of(lesson: int, objectives: int) -> int | None:
    """The index of the objective that a lesson serves: its own, or the last for all that come after."""
    return min(lesson, objectives - 1) if objectives else None


def course_title(source: Source, made: Made, said: Phrases) -> str:
    """The text's title in 10–100 characters; a short one is made longer by what the course is, then by its lessons."""
    title = clean_title(source.title) or made.lessons[0].title
    if len(title) < TITLE[0]:
        title = said.course.format(title=title)
    for lesson in made.lessons:
        if len(title) >= TITLE[0]:
            break
        title = f"{title} · {lesson.title}"
    return shorten(title, TITLE[1])


def describe(source: Source, made: Made, said: Phrases) -> str:
    """50–500 characters of facts about the text: what it is made from, on what, how much of it."""
    title = clean_title(source.title) or made.lessons[0].title
    topics = [shorten(lesson.title, 70) for lesson in made.lessons]
    while len(said.comma.join(topics)) > _TOPICS_CHARACTERS:
        topics = [*topics[: -2 if topics[-1] == "…" else -1], "…"]
    listed = said.comma.join(topics)
    sentences = [
        said.description.format(title=shorten(title, 80), lessons=len(made.lessons), topics=listed).replace("….", "…")
    ]
    if made.material.share < 1.0:
        sentences.append(
            said.partly.format(percent=percent(made.material), until=shorten(_until(source, made.material), 60))
        )
    whole = " ".join([*sentences, said.promise])
    return whole if len(whole) <= DESCRIPTION[1] else shorten(" ".join(sentences), DESCRIPTION[1])


def objectives(lessons: Sequence[Lesson], said: Phrases) -> tuple[str, ...]:
    """One for each lesson, at most ten: the last stands for all that are left."""
    own = [_objective([lesson], said) for lesson in lessons[: MOST_OBJECTIVES - 1]]
    rest = list(lessons[MOST_OBJECTIVES - 1 :])
    return tuple([*own, _objective(rest, said)] if rest else own)


def _objective(lessons: list[Lesson], said: Phrases) -> str:
    topic = shorten(said.comma.join(lesson.title for lesson in lessons), 120)
    return shorten(said.objective.format(topic=topic), OBJECTIVE_CHARACTERS)


def _contract(order: Order, lesson: Lesson, index: int) -> LessonPlan:
    served = objective_of(index, len(order.objectives))
    objectives = () if served is None else (served,)
    sections = tuple(
        SectionPlan(draft.title, shorten(first_sentence(draft), 200), draft.minutes, passages, objectives=objectives)
        for draft, passages in zip(lesson.sections, lesson.passages, strict=True)
    )
    return LessonPlan(lesson.title, tuple(order.objectives[at] for at in objectives), sections, made=BY)


def _until(source: Source, found: Material) -> str:
    return clean_title((found.atoms[-1].path or (source.title,))[-1])
