"""A course whose plan streams while its lessons are written, piece by piece, and what becomes of missing pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from services.authors.protocol import Payer, QuizDraft, SectionDraft
from services.checking import Checking
from services.errors import AuthorBusy, AuthorRefused, Conflict, LecternError
from services.generation.making import Arrival
from services.quality.finding import Finding
from services.views import FeedEvent
from storage.database import Database
from storage.outline import read_outline
from tests.kit.author import BY, ScriptedAuthor, order
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import House, eventually, house

__all__ = ["database", "postgres", "sqlite"]


async def codes(made: House, generation_id: int) -> list[str]:
    return [event.code for event in await made.generations.events(generation_id, 0)]


async def heard(made: House, generation_id: int, code: str, times: int = 1) -> Sequence[FeedEvent]:
    """Until it has happened so many times."""
    return await eventually(
        lambda: made.generations.events(generation_id, 0),
        lambda events: sum(event.code == code for event in events) >= times,
    )


def gate() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


async def test_names_are_shown_before_the_plan_is_whole(sqlite: Database) -> None:
    held = gate()
    async with house(sqlite, ScriptedAuthor(hold_part=lambda number: held if number == 1 else None)) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        await heard(made, asked.id, "picture_done")
        view = await made.generations.view(asked.id)
        assert [step.title for step in view.steps] == ["Lesson 0", "Lesson 1", "Lesson 2"]
        assert (view.planned, view.picture, view.sections_total) == (False, "ready", 0)
        held.set_result(None)
        view = await made.ended(asked.id)
        assert (view.planned, view.state) == (True, "ready")


async def test_a_lesson_is_begun_with_its_contract(sqlite: Database) -> None:
    """The first section can be read while the second lesson is not even planned."""
    held = gate()
    async with house(sqlite, ScriptedAuthor(hold_part=lambda number: held if number == 2 else None)) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.until(asked.id, lambda view: view.lessons_written == 1)
        assert "planned" not in await codes(made, asked.id)
        assert view.first_section_id is not None
        course, _, section = await made.courses.section(learner.id, view.first_section_id)
        assert section.written
        assert [len(lesson.sections) for lesson in course.lessons] == [2, 0, 0]
        assert course.sections_total == 2 + 2 + 2
        held.set_result(None)
        await made.ended(asked.id)


async def test_everything_that_was_planned_is_kept(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        async with database.reading() as session:
            outline = await read_outline(session, view.course_id)
        lesson = outline[1]
        assert lesson.contract == {
            "needs": ["flour"],
            "covered": ["before 1"],
            "avoid": ["cakes"],
            "example": "loaf 1",
            "handoff": "on to 2",
        }
        assert lesson.made == {"author": BY.author, "model": BY.model, "prompt_version": BY.prompt_version}
        assert [(section.outcome, section.objectives) for section in lesson.sections] == [
            (f"can do 1.{at}", (1,)) for at in range(3)
        ]
        assert made.author.orders[0].payer == Payer(learner.id, asked.id)
        report = (await Checking(database=database, clock=made.clock).latest(view.course_id)).report
        assert (report.written, report.sections) == (7, 7)


async def test_after_a_stop_only_missing_contracts_are_asked_for(sqlite: Database) -> None:
    author = ScriptedAuthor(hold_part=lambda number: asyncio.Future() if number == 2 else None)
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await made.until(asked.id, lambda view: view.lessons_written == 1)
    assert author.parts == [0, 1]
    author.hold_part = lambda number: None
    async with house(sqlite, author) as made:
        view = await made.ended(asked.id)
    assert view.state == "ready"
    assert author.parts == [0, 1, 2, 3]
    known = author.known[1]
    assert known is not None
    assert [bool(lesson.sections) for lesson in known.lessons] == [True, False, False]
    assert (known.example, [term.term for term in known.glossary]) == ("Ada's first loaf", ["starter"])
    assert known.lessons[0].needs == ("flour",)


async def test_after_a_stop_only_missing_questions_are_asked_for(sqlite: Database) -> None:
    author = ScriptedAuthor(hold_quiz=lambda lesson, section: asyncio.Future() if section else None)
    async with house(sqlite, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        await heard(made, asked.id, "section", 6)
    author.hold_quiz = lambda lesson, section: None
    author.asked.clear()
    author.quizzed.clear()
    async with house(sqlite, author) as made:
        view = await made.ended(asked.id)
        assert view.state == "ready"
        assert sorted(author.asked) == [(0, ()), (1, (2,)), (2, ())]
        assert sorted(author.quizzed) == [(0, (1,)), (1, (1,)), (2, (1,))]
        (wanted,) = [one for one in author.wanted if one.quizzes and not one.bodies][:1]
        assert wanted.quizzes[1].startswith("This is section 1 of lesson")
        course = await made.courses.course(1, view.course_id)
        assert [section.question_count for section in course.sections] == [2] * 7


@pytest.mark.parametrize("parts", [2, 3])
async def test_a_plan_that_breaks_off_leaves_what_it_had_given(sqlite: Database, parts: int) -> None:
    author = ScriptedAuthor(sizes=(2, 2, 2, 2), plan_fault=AuthorBusy("dropped"), plan_breaks=parts)
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        there = parts - 1
        assert view.state == "ready"
        assert [step.state for step in view.steps] == ["ready"] * there + ["failed"] * (4 - there)
        assert {step.failure for step in view.steps} == {None, "dropped"}
        course = await made.courses.course(learner.id, view.course_id)
        assert course.sections_total == 8
        author.plan_fault = None
        author.asked.clear()
        await made.generations.retry_lesson(learner.id, asked.id, view.steps[-1].lesson_id)
        view = await made.ended(asked.id)
        assert [step.state for step in view.steps] == ["ready"] * there + ["failed"] * (3 - there) + ["ready"]
        assert author.asked == [(3, (0, 1))]
        assert author.parts == list(range(5)), "no part of a plan twice"


@pytest.mark.parametrize(
    ("fault", "failure"), [(AuthorBusy("overloaded"), "overloaded"), (AuthorRefused("declined"), "refused")]
)
async def test_an_outline_alone_is_no_course(sqlite: Database, fault: LecternError, failure: str) -> None:
    author = ScriptedAuthor(plan_fault=fault, plan_breaks=1)
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert (view.state, view.failure, view.can_keep) == ("failed", failure, False)
        author.plan_fault = None
        if failure == "refused":
            with pytest.raises(Conflict, match="refused"):
                await made.generations.go_on(learner.id, asked.id)
            return
        await made.generations.go_on(learner.id, asked.id)
        assert (await made.ended(asked.id)).state == "ready"
        assert author.parts == [0, 1, 2, 3]


async def test_a_section_that_is_given_up_leaves_the_rest_of_its_lesson(database: Database) -> None:
    author = ScriptedAuthor(given_up={(1, 1, "body"): "invalid_answer"})
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        step = view.steps[1]
        assert (view.state, step.state, step.failure, step.missing) == ("ready", "failed", "invalid_answer", (1,))
        course = await made.courses.course(learner.id, view.course_id)
        assert [section.written for section in course.lessons[1].sections] == [True, False, True]
        assert [section.given_up for section in course.lessons[1].sections] == [False, True, False]
        author.given_up.clear()
        author.asked.clear()
        await made.generations.retry_lesson(learner.id, asked.id, step.lesson_id)
        view = await made.ended(asked.id)
        assert [step.state for step in view.steps] == ["ready"] * 3
        assert author.asked == [(1, (1,))]


async def test_a_quiz_that_is_given_up_does_not_cost_the_text(database: Database) -> None:
    author = ScriptedAuthor(given_up={(1, 1, "quiz"): "invalid_answer"})
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert [step.state for step in view.steps] == ["ready"] * 3
        course = await made.courses.course(learner.id, view.course_id)
        assert [section.question_count for section in course.lessons[1].sections] == [2, 0, 2]


async def test_questions_that_were_given_up_are_made_later_while_the_course_is_read(database: Database) -> None:
    held = gate()
    author = ScriptedAuthor(given_up={(0, 0, "quiz"): "cap_bot", (2, 1, "quiz"): "cap_bot"})
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert ([step.without_questions for step in view.steps], view.questions_failure) == (
            [(0,), (), (1,)],
            "cap_bot",
        )
        author.given_up.clear()
        author.asked.clear()
        author.quizzed.clear()
        author.hold_quiz = lambda lesson, section: held
        await made.generations.retry_questions(learner.id, asked.id)
        with pytest.raises(Conflict, match="not_ready"):
            await made.generations.retry_questions(learner.id, asked.id)
        assert [step.state for step in (await made.generations.view(asked.id)).steps] == ["ready"] * 3
        course = await made.courses.course(learner.id, view.course_id)
        assert (course.state, [lesson.state for lesson in course.lessons]) == ("ready", ["ready"] * 3)
        held.set_result(None)
        view = await made.ended(asked.id)
        assert (view.state, view.without_questions, view.questions_failure) == ("ready", 0, None)
        assert (sorted(author.quizzed), sorted(author.asked)) == ([(0, (0,)), (2, (1,))], [(0, ()), (2, ())])
        course = await made.courses.course(learner.id, view.course_id)
        assert {section.question_count for section in course.sections} == {2}
        with pytest.raises(Conflict, match="nothing_missing"):
            await made.generations.retry_questions(learner.id, asked.id)


async def test_questions_that_cannot_be_made_again_either_are_missing_still(sqlite: Database) -> None:
    author = ScriptedAuthor(given_up={(0, 0, "quiz"): "cap_bot"})
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        await made.generations.retry_questions(learner.id, asked.id)
        view = await made.ended(asked.id)
        assert (view.state, view.without_questions, view.steps[0].state) == ("ready", 1, "ready")
        author.given_up.clear()
        held = gate()
        author.hold_quiz = lambda lesson, section: held
        await made.generations.retry_questions(learner.id, asked.id)
        await made.until(asked.id, lambda view: view.state == "running")
        view = await made.generations.cancel(learner.id, asked.id)
        assert (view.state, view.without_questions, view.questions_failure) == ("ready", 1, "stopped")
        author.hold_quiz = lambda lesson, section: None
        await made.generations.retry_questions(learner.id, asked.id)
        assert (await made.ended(asked.id)).without_questions == 0


async def test_questions_that_an_author_did_not_get_to_are_not_waited_for(sqlite: Database) -> None:
    author = ScriptedAuthor(sizes=(2, 2, 2), faults={1: (2, AuthorBusy("dropped"))}, silent_quizzes={(1, 0)})
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        assert [step.state for step in view.steps] == ["ready"] * 3
        course = await made.courses.course(learner.id, view.course_id)
        assert [section.question_count for section in course.lessons[1].sections] == [0, 2]


LIKE = "So a starter is fed again and again, each time with as much flour as water. " * 2


def alike(lesson: int, section: int) -> str:
    """The same text in every lesson, and another one in each section of a lesson."""
    words = [f"{word}{section}" for word in (LIKE * 3).split()]
    return " ".join(f"{word} {at}" for at, word in enumerate(words))


async def test_of_lessons_that_say_the_same_one_passes(sqlite: Database) -> None:
    author = ScriptedAuthor(sizes=(2,) * 12, write=alike, checking=True)
    async with house(sqlite, author) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        view = await made.ended(asked.id)
    assert sorted(rules for _, _, rules in author.checked) == [()] * 2 + [("repetition",)] * 22
    assert sum(step.state == "ready" for step in view.steps) <= 2
    assert {step.failure for step in view.steps if not step.missing} <= {None, "invalid_answer"}


async def test_what_repeats_is_written_anew_when_all_is_there(sqlite: Database) -> None:
    """An author who does not ask before: the whole course shows it, and the piece is asked for once more."""
    author = ScriptedAuthor(
        sizes=(2, 2, 2), write=lambda lesson, at: alike(0 if lesson < 2 else lesson, at + 7 * (lesson == 2))
    )
    async with house(sqlite, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        view = await made.ended(asked.id)
        again = author.wanted[3:]
        assert [(one.bodies, dict(one.quizzes)) for one in again] == [((0, 1), {})]
        assert author.asked[3] == (1, (0, 1))
        assert {finding.rule for found in again[0].findings.values() for finding in found} == {"repetition"}
        assert view.state == "ready"
        course = await made.courses.course(learner.id, view.course_id)
        assert [section.version for section in course.sections] == [1, 1, 2, 2, 1, 1]
        assert [section.question_count for section in course.sections] == [2] * 6
        report = (await Checking(database=sqlite, clock=made.clock).latest(view.course_id)).report
        assert any(finding.rule == "repetition" for finding in report.errors), "it was as bad, and is reported"


async def test_others_may_say_no_to_a_piece(sqlite: Database) -> None:
    seen: list[tuple[int, int, str, int]] = []

    async def moderation(arrival: Arrival) -> list[Finding]:
        assert isinstance(arrival.piece, SectionDraft | QuizDraft)
        kind = type(arrival.piece).__name__
        seen.append((arrival.lesson, arrival.piece.index, kind, len(arrival.texts)))
        bad = arrival.lesson == 1 and arrival.piece.index == 0
        return [Finding("lessons.1.sections.0.body", "safety", "violence", "nothing that could harm")] if bad else []

    async with house(sqlite, ScriptedAuthor(checking=True), checks=[moderation]) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        view = await made.ended(asked.id)
    assert [step.missing for step in view.steps] == [(), (0,), ()]
    assert sorted(seen)[0][:3] == (0, 0, "SectionDraft")
    assert max(count for *_, count in seen) >= 3
