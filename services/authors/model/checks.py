"""What is wrong with an answer, in sentences that the next call can be told; nothing here mends.

The limits are those of the product (sizes of a course, a proposal's fields) and of a chat (a question on buttons).
"""

from __future__ import annotations

from collections.abc import Sequence

from services.authors.model.schemas import ProposalShape, QuestionShape
from services.authors.protocol import LessonPlan
from services.rules.questions import OPTION, PROMPT
from services.rules.questions import alike as alike

LESSONS = (3, 12)
SECTIONS = (2, 4)
BODY = (100, 24_000)  # characters
TITLE = (10, 100)
DESCRIPTION = (50, 500)
OBJECTIVE = (10, 200)
OBJECTIVES = (3, 10)
OPTIONS = (3, 5)
LONGEST_PROMPT = PROMPT[1]
LONGEST_OPTION = OPTION[1]


def proposal_findings(answer: ProposalShape) -> list[str]:
    """Which fields of a proposal are shorter or fewer than allowed (what is longer has been clipped)."""
    found: list[str] = []
    if len(answer.title) < TITLE[0]:
        found.append(f"The title must have at least {TITLE[0]} characters.")
    if len(answer.description) < DESCRIPTION[0]:
        found.append(f"The description must have at least {DESCRIPTION[0]} characters.")
    if len(answer.objectives) < OBJECTIVES[0]:
        found.append(
            f"There must be at least {OBJECTIVES[0]} different objectives of at least {OBJECTIVE[0]} characters each."
        )
    return found


def plan_findings(lessons: Sequence[LessonPlan]) -> list[str]:
    """Where a plan has too many or too few lessons or sections, or something without a name."""
    found: list[str] = []
    if not LESSONS[0] <= len(lessons) <= LESSONS[1]:
        found.append(f"There were {len(lessons)} lessons; there must be {LESSONS[0]} to {LESSONS[1]}.")
    for number, lesson in enumerate(lessons, 1):
        if not SECTIONS[0] <= len(lesson.sections) <= SECTIONS[1]:
            found.append(
                f"Lesson {number} had {len(lesson.sections)} sections; there must be {SECTIONS[0]} to {SECTIONS[1]}."
            )
        if not lesson.title or any(not section.title or not section.focus for section in lesson.sections):
            found.append(f"Lesson {number} and each of its sections must have a title, and each section a focus.")
    return found[:12]


def body_finding(number: int, body: str) -> str | None:
    """What is wrong with the text of section `number` (1-based), if anything."""
    if len(body) < BODY[0]:
        return f"Section {number} had {len(body)} characters of text; it must have at least {BODY[0]}."
    if len(body) > BODY[1]:
        return f"Section {number} had {len(body)} characters of text; it must have at most {BODY[1]}."
    return None


def question_holds(question: QuestionShape) -> bool:
    """Whether a question can be asked on buttons: its limits, distinct options, a key that is one of them, and an
    explanation for each that is not the option again."""
    if not 0 < len(question.prompt) <= LONGEST_PROMPT or not OPTIONS[0] <= len(question.options) <= OPTIONS[1]:
        return False
    if not 0 <= question.key < len(question.options):
        return False
    texts = [alike(option.text) for option in question.options]
    if len(set(texts)) < len(texts) or not all(0 < len(option.text) <= LONGEST_OPTION for option in question.options):
        return False
    return all(
        option.explanation and alike(option.explanation) != text
        for option, text in zip(question.options, texts, strict=True)
    )
