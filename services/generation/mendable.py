"""What of a finished course is worth asking for again, by what its checks have found. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from services.authors.protocol import QuestionDraft, Wanted
from services.quality.course import CheckedCourse
from services.quality.finding import Finding
from services.quality.options import LONGEST_KEY_SHARE

MOST = 8  # pieces asked for again; a course that is worse is reported as it is
_WHOLE = frozenset({"coverage", "length_tells", "repetition"})  # rules that a piece cannot be held to by itself
_IN_A_SECTION = re.compile(r"lessons\.(\d+)\.sections\.(\d+)(?:\.(\w+))?")
_AN_OBJECTIVE = re.compile(r"objectives\.(\d+)$")

Place = tuple[int, int]  # of a section: its lesson's and its own, both 0-based


def mendable(found: Iterable[Finding], course: CheckedCourse) -> dict[int, Wanted]:
    """What to ask for again, by the place of its lesson: a text with its questions where lessons repeat each other,
    else questions only: where none tests an objective, and where the right option is the longest too often."""
    texts = {(lesson, place): section.body for lesson, place, section in course.written()}
    bodies: dict[Place, list[Finding]] = {}
    quizzes: dict[Place, list[Finding]] = {}
    errors = (finding for finding in found if finding.severity == "error" and finding.rule in _WHOLE)
    for finding in errors:
        for place, broken in _pieces(finding, course):
            kind = bodies if broken.path.endswith(".body") else quizzes
            if place in texts and (place in kind or len(bodies) + len(quizzes) < MOST):
                kind.setdefault(place, []).append(broken)
    lessons = sorted({lesson for lesson, _ in (*bodies, *quizzes)})
    return {lesson: _wanted(lesson, bodies, quizzes, texts) for lesson in lessons}


def _wanted(
    lesson: int, bodies: dict[Place, list[Finding]], quizzes: dict[Place, list[Finding]], texts: dict[Place, str]
) -> Wanted:
    """A text that is asked for again comes with its questions."""
    again = tuple(sorted(at for position, at in bodies if position == lesson))
    asked = {at: texts[position, at] for position, at in sorted(quizzes) if position == lesson and at not in again}
    broken = {at: (*bodies.get((lesson, at), ()), *quizzes.get((lesson, at), ())) for at in (*again, *asked)}
    return Wanted(again, asked, broken)


def _pieces(finding: Finding, course: CheckedCourse) -> Iterator[tuple[Place, Finding]]:
    """The sections that can mend a finding, with what is to be said to whoever writes them."""
    inside, objective = _IN_A_SECTION.match(finding.path), _AN_OBJECTIVE.match(finding.path)
    if inside is not None and finding.rule == "repetition":
        yield (int(inside[1]), int(inside[2])), finding
    elif objective is not None:
        yield from _serving(int(objective[1]), finding, course)
    elif finding.path == "questions" and finding.rule == "length_tells":
        yield from _longest_keys(course)


def _serving(objective: int, finding: Finding, course: CheckedCourse) -> Iterator[tuple[Place, Finding]]:
    """The last section that serves an objective which no question tests: by then it has been taught."""
    serving = [(lesson, place) for lesson, place, section in course.written() if objective in section.objectives]
    if serving:
        lesson, place = serving[-1]
        path = f"lessons.{lesson}.sections.{place}.questions"
        wished = f"a question that tests objective {objective + 1}"
        yield (lesson, place), Finding(path, finding.rule, finding.found, wished)


def _longest_keys(course: CheckedCourse) -> Iterator[tuple[Place, Finding]]:
    """As many questions, of the sections that have most of them, as it takes to come under the limit."""
    telling = {
        (lesson, place): [at for at, question in enumerate(section.questions) if _key_is_longest(question)]
        for lesson, place, section in course.written()
    }
    total = len(course.questions())
    over = sum(map(len, telling.values())) - int(LONGEST_KEY_SHARE * total)
    for (lesson, place), questions in sorted(telling.items(), key=lambda item: -len(item[1])):
        for at in questions[: max(0, over)]:
            path = f"lessons.{lesson}.sections.{place}.questions.{at}.options"
            found = "the right option is the longest of all"
            yield (lesson, place), Finding(path, "length_tells", found, "a wrong option that is as long")
        over -= len(questions)


def _key_is_longest(question: QuestionDraft) -> bool:
    if not 0 <= question.key < len(question.options):
        return False
    size = len(question.options[question.key].text)
    return all(size > len(option.text) for at, option in enumerate(question.options) if at != question.key)
