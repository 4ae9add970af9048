from __future__ import annotations

from services.authors.protocol import Option, QuestionDraft
from services.generation.mendable import MOST, mendable
from services.quality.course import CheckedCourse, CheckedLesson, CheckedSection, course_findings
from services.quality.finding import Finding


def question(objective: int = 0, *, longest: bool = False) -> QuestionDraft:
    texts = ["a right answer" + " that goes on" * longest, "a wrong answer", "another answer"]
    return QuestionDraft("Which?", tuple(Option(text, "because") for text in texts), 0, objective=objective)


def course(*objectives: int, questions: int = 2, longest: int = 0, named: int = 3) -> CheckedCourse:
    """Lessons of two sections that serve these objectives each; the first `longest` questions tell by their length."""
    asked = iter(range(1000))
    lessons = []
    for at, objective in enumerate(objectives):
        sections = tuple(
            CheckedSection(
                f"Section {at}.{place}",
                f"Text {at}.{place}",
                5,
                objectives=(objective, 2) if at == 1 else (objective,),
                questions=tuple(question(objective, longest=next(asked) < longest) for _ in range(questions)),
            )
            for place in range(2)
        )
        lessons.append(CheckedLesson(f"Lesson {at}", (), sections))
    wishes = tuple(f"objective {number}" for number in range(named))
    return CheckedCourse("A course", "About it.", "beginner", "en", 60, wishes, tuple(lessons))


def found(path: str, rule: str = "repetition", severity: str = "error") -> Finding:
    return Finding(path, rule, "found", "expected", "error" if severity == "error" else "warning")


def test_an_objective_that_no_question_tests_is_asked_about_where_it_was_taught_last() -> None:
    shape = course(0, 1, 1)
    (finding,) = [one for one in course_findings(shape) if one.rule == "coverage"]
    assert finding.path == "objectives.2"
    asked = mendable([finding], shape)
    assert list(asked) == [1]
    wanted = asked[1]
    assert (wanted.bodies, dict(wanted.quizzes)) == ((), {1: "Text 1.1"})
    (said,) = wanted.findings[1]
    assert said.path == "lessons.1.sections.1.questions"
    assert "objective 3" in said.expected


def test_an_objective_that_no_section_serves_is_nobodys() -> None:
    assert mendable([found("objectives.7", "coverage")], course(0, 1)) == {}


def test_what_repeats_is_asked_for_with_its_questions() -> None:
    asked = mendable([found("lessons.1.sections.0.body"), found("lessons.0.sections.1.body")], course(0, 1))
    assert {at: wanted.bodies for at, wanted in asked.items()} == {0: (1,), 1: (0,)}
    assert not any(wanted.quizzes for wanted in asked.values())


def test_as_many_questions_as_it_takes_are_asked_for_again() -> None:
    shape = course(0, 1, 1, longest=7)  # of 12: four may be
    (finding,) = [one for one in course_findings(shape) if one.rule == "length_tells"]
    asked = mendable([finding], shape)
    told = [one for wanted in asked.values() for group in wanted.findings.values() for one in group]
    assert len(told) == 3
    assert all(one.path.endswith(".options") and one.rule == "length_tells" for one in told)
    assert not any(wanted.bodies for wanted in asked.values())


def test_what_a_piece_is_held_to_by_itself_is_not_asked_for_again() -> None:
    shape = course(0, 1)
    others = [
        found("lessons.0.sections.0.body", "shape"),
        found("lessons.0.sections.0.body", severity="warning"),
        found("questions", "key_position"),
        found("lessons.9.sections.0.body"),
        found("description", "leftovers"),
    ]
    assert mendable(others, shape) == {}


def test_a_course_that_is_bad_all_over_costs_no_more_than_some_pieces() -> None:
    shape = course(*[0] * 12)
    everything = [found(f"lessons.{lesson}.sections.{place}.body") for lesson in range(12) for place in range(2)]
    assert sum(len(wanted.bodies) for wanted in mendable(everything, shape).values()) == MOST


def test_a_text_that_is_asked_for_again_brings_new_questions_anyway() -> None:
    shape = course(0, 1)
    asked = mendable([found("lessons.1.sections.1.body"), found("objectives.2", "coverage")], shape)
    assert (asked[1].bodies, dict(asked[1].quizzes)) == ((1,), {})
    assert len(asked[1].findings[1]) == 2
