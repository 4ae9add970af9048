from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.authors.protocol import Citation, Option, QuestionDraft
from services.errors import AuthorBusy
from services.generation.opinions import MOST, disputed, judged
from services.quality.course import CheckedCourse, CheckedLesson, CheckedSection
from services.quality.judging import Judgements


def question(key: int = 0) -> QuestionDraft:
    return QuestionDraft("Why?", tuple(Option(text, "So.") for text in ("One", "Two", "Three")), key)


def section(name: str, questions: int = 2) -> CheckedSection:
    return CheckedSection(name, f"The text of {name}.", questions=tuple(question() for _ in range(questions)))


def course(lessons: int = 3, sections: int = 2) -> CheckedCourse:
    held = tuple(
        CheckedLesson(f"L{lesson}", (), tuple(section(f"{lesson}.{place}") for place in range(sections)))
        for lesson in range(lessons)
    )
    return CheckedCourse("Bread", "How it rises.", "beginner", "en", 60, ("Bake it",), held)


@dataclass
class ScriptedJudge:
    """Answers every question with `answer`, and fails for texts in which `fails` stands."""

    answer: int | None = 0
    fails: str = "nothing"
    bodies: list[str] = field(default_factory=list)

    async def judge(
        self, body: str, citations: Sequence[Citation], questions: Sequence[QuestionDraft], language: str
    ) -> Judgements:
        self.bodies.append(body)
        if self.fails in body:
            raise AuthorBusy("overloaded")
        return Judgements((), tuple(self.answer for _ in questions), ())


async def test_every_written_section_is_judged_once() -> None:
    judge, whole = ScriptedJudge(), course()
    said = await judged(judge, whole)
    assert set(said) == {(lesson, place) for lesson in range(3) for place in range(2)}
    assert len(judge.bodies) == 6
    assert set(await judged(judge, whole, [(1, 1)])) == {(1, 1)}


async def test_a_section_that_cannot_be_judged_is_left_out_and_the_others_stand() -> None:
    said = await judged(ScriptedJudge(fails="1.0"), course())
    assert (1, 0) not in said
    assert len(said) == 5


async def test_where_all_agree_nothing_is_asked_for_again() -> None:
    whole = course()
    assert disputed(await judged(ScriptedJudge(0), whole), whole) == {}
    assert disputed(await judged(ScriptedJudge(None), whole), whole) == {}, "no answer is no disagreement"
    assert disputed({}, whole) == {}


async def test_a_disagreement_asks_for_the_questions_of_that_section_only() -> None:
    whole = course()
    said = dict(await judged(ScriptedJudge(0), whole))
    said[1, 1] = Judgements((), (0, 2), ())
    asked = disputed(said, whole)
    assert list(asked) == [1]
    assert (asked[1].bodies, dict(asked[1].quizzes)) == ((), {1: "The text of 1.1."})
    (finding,) = asked[1].findings[1]
    assert finding.path == "lessons.1.sections.1.questions.1"
    assert "Two" not in f"{finding.found} {finding.expected}", "a finding tells no key"


async def test_a_course_that_is_worse_is_asked_for_in_part() -> None:
    whole = course(6, 3)
    asked = disputed(await judged(ScriptedJudge(2), whole), whole)
    assert sum(len(wanted.quizzes) for wanted in asked.values()) == MOST
