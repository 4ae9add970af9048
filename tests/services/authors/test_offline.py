from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.authors.offline import OfflineAuthor
from services.authors.protocol import (
    Author,
    Contract,
    CoursePlan,
    Made,
    Order,
    Proposal,
    QuizDraft,
    Source,
    Wanted,
    Wish,
)
from services.documents.parse import parse
from services.errors import AuthorUnusable, DocumentRefused
from services.rules.reading import reading_minutes
from tests.kit.whole import Whole, unchecked, whole_lesson, whole_plan
from tests.services.authors.course_rules import faults
from tests.services.authors.texts import ARABIC, BREAD, CHINESE, RUSSIAN, long_text


def wish(source: Source | None, topic: str = "bread") -> Wish:
    return Wish(topic=topic, level="beginner", minutes=60, language="en", source=source)


def order(source: Source, proposal: Proposal) -> Order:
    return Order(
        proposal.title,
        proposal.description,
        proposal.objectives,
        proposal.level,
        proposal.minutes,
        proposal.language,
        source,
    )


async def lessons_of(author: Author, wanted: Order, plan: CoursePlan) -> list[tuple[str, list[Whole]]]:
    return [
        (lesson.title, await whole_lesson(author, wanted, plan, index)) for index, lesson in enumerate(plan.lessons)
    ]


async def whole(text: str, name: str = "text.md") -> tuple[Source, Proposal, CoursePlan, list[tuple[str, list[Whole]]]]:
    author = OfflineAuthor()
    source = parse(name, text.encode())
    proposal = await author.propose(wish(source))
    wanted = order(source, proposal)
    plan = await whole_plan(author, wanted)
    return source, proposal, plan, await lessons_of(author, wanted, plan)


async def test_lessons_follow_the_headings() -> None:
    source, proposal, plan, lessons = await whole(BREAD)
    assert faults(source, lessons) == []
    assert [lesson.title for lesson in plan.lessons] == ["The starter", "The dough", "The oven"]
    assert [[section.title for section in lesson.sections] for lesson in plan.lessons] == [
        ["What it is", "Feeding"], ["Mixing", "Folding"], ["Heat", "Cooling"],
    ]  # fmt: skip
    assert (proposal.lessons, proposal.sections, proposal.language) == (3, 6, "en")
    assert proposal.minutes == sum(section.minutes for lesson in plan.lessons for section in lesson.sections)


async def test_the_plan_promises_what_is_written() -> None:
    _, _, plan, lessons = await whole(BREAD)
    for planned, (title, sections) in zip(plan.lessons, lessons, strict=True):
        assert planned.title == title
        for part, draft in zip(planned.sections, sections, strict=True):
            assert (part.title, part.minutes) == (draft.title, draft.minutes)
            assert draft.minutes == reading_minutes(draft.body, len(draft.questions))
            assert {citation.passage for citation in draft.citations} <= set(part.passages)


async def test_every_passage_is_quoted_once_and_in_order() -> None:
    source, _, plan, lessons = await whole(BREAD)
    quoted = [one for lesson in plan.lessons for section in lesson.sections for one in section.passages]
    assert quoted == [passage.id for node in source.nodes for passage in node.passages]
    bodies = "\n\n".join(section.body for _, sections in lessons for section in sections)
    for node in source.nodes:
        for passage in node.passages:
            assert passage.text in bodies


async def test_questions_ask_what_the_text_says() -> None:
    _, proposal, _, lessons = await whole(BREAD)
    questions = [question for _, sections in lessons for section in sections for question in section.questions]
    assert len(questions) >= 10
    prompts = " ".join(question.prompt for question in questions)
    assert "“starter”" in prompts or "a mixture of flour and water" in prompts
    for question in questions:
        assert question.objective is not None
        assert question.objective < len(proposal.objectives)
        right = question.options[question.key]
        assert right.explanation.startswith("The text says")
        assert right.text.strip("`").casefold() not in question.hint.casefold()
    assert sum(bool(question.hint) for question in questions) >= len(questions) * 0.9
    assert {question.objective for question in questions} == set(range(len(proposal.objectives)))


async def test_only_what_is_missing_is_written_and_always_the_same() -> None:
    source, proposal, plan, lessons = await whole(BREAD)
    author, wanted = OfflineAuthor(), order(source, proposal)
    assert await whole_lesson(author, wanted, plan, 1, [1]) == [lessons[1][1][1]]
    assert await whole_lesson(author, wanted, plan, 1, []) == []
    asked = Wanted((), {0: lessons[1][1][0].body})
    assert [piece async for piece in author.write_lesson(wanted, plan, 1, asked, unchecked)] == [
        QuizDraft(0, lessons[1][1][0].questions, Made("offline"))
    ]
    half = replace(plan, lessons=(plan.lessons[0], replace(plan.lessons[1], sections=()), plan.lessons[2]))
    parts = [part async for part in author.plan(wanted, half)]
    assert parts == [Contract(1, plan.lessons[1])]
    again = parse("text.md", BREAD.encode())
    assert await author.propose(wish(again)) == proposal
    assert await lessons_of(author, order(again, proposal), await whole_plan(author, order(again, proposal))) == lessons


async def test_proposal_keeps_the_limits() -> None:
    for text in (BREAD, BREAD.replace("# Bread", "# uv"), RUSSIAN, ARABIC, CHINESE, long_text(30, 4, 120)):
        _, proposal, plan, _ = await whole(text)
        assert 10 <= len(proposal.title) <= 100
        assert 50 <= len(proposal.description) <= 500
        assert 3 <= len(proposal.objectives) <= 10
        assert all(10 <= len(objective) <= 200 for objective in proposal.objectives)
        assert len(set(proposal.objectives)) == len(proposal.objectives)
        assert {objective for lesson in plan.lessons for objective in lesson.objectives} == set(proposal.objectives)


async def test_credit_says_without_ai_and_from_what() -> None:
    source, proposal, _, _ = await whole(BREAD)
    credit = OfflineAuthor().credit(order(source, proposal))
    assert (credit.ai, credit.name, credit.made_from, credit.models) == (False, "offline", "Bread", ())
    assert credit.extra == {}


async def test_a_text_longer_than_a_course_says_what_is_covered() -> None:
    source, proposal, _, lessons = await whole(long_text(80, 8, 90))
    assert faults(source, lessons) == []
    assert len(lessons) == 12
    credit = OfflineAuthor().credit(order(source, proposal))
    assert 1 <= int(credit.extra["percent"]) <= 99
    assert credit.extra["percent"] in proposal.description
    assert credit.extra["until"] in proposal.description


async def test_unfinished_places_are_left_out_and_counted() -> None:
    text = BREAD.replace("## The oven", "TODO: write about lorem ipsum here, [insert more].\n\n## The oven")
    source, proposal, _, lessons = await whole(text)
    assert faults(source, lessons) == []
    assert OfflineAuthor().credit(order(source, proposal)).extra == {"left_out": "1"}


@pytest.mark.parametrize(
    "text", ["A short note.", "# T\n\n" + "Word after word. " * 20, "# A\n\n## B\n\nText.\n\n## C\n\nMore."]
)
async def test_too_thin(text: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        await OfflineAuthor().propose(wish(parse("a.md", text.encode())))
    assert caught.value.why == "too_thin"


async def test_it_says_when_the_text_yields_less_than_was_wished_for() -> None:
    source, proposal, _, _ = await whole(BREAD)
    exact = order(source, proposal)
    for asked, enough in ((proposal.minutes, 0), (proposal.minutes + 1, proposal.minutes), (5, 0)):
        assert await OfflineAuthor().enough_for(replace(exact, minutes=asked)) == enough
    with pytest.raises(DocumentRefused):
        await OfflineAuthor().enough_for(replace(exact, source=parse("a.md", b"A short note.")))


async def test_without_a_source_it_says_what_it_needs() -> None:
    author = OfflineAuthor()
    assert author.needs_source
    with pytest.raises(AuthorUnusable) as caught:
        await author.propose(wish(None))
    assert caught.value.why == "needs_source"
    with pytest.raises(AuthorUnusable):
        author.credit(Order("t", "d", (), "beginner", 30, "en"))


async def test_a_text_without_headings_is_cut_by_length() -> None:
    text = "\n\n".join(line for line in BREAD.splitlines() if line and not line.startswith("#"))
    source, _, plan, lessons = await whole(text, "bread.txt")
    assert faults(source, lessons) == []
    assert all(len(lesson.title) >= 4 for lesson in plan.lessons)


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [(RUSSIAN, "ru", "Из текста"), (ARABIC, "ar", "من *"), (CHINESE, "zh", "摘自")],
    ids=["ru", "ar", "zh"],
)
async def test_other_scripts(text: str, language: str, word: str) -> None:
    source, proposal, plan, lessons = await whole(text)
    assert (proposal.language, plan.language) == (language, language)
    assert faults(source, lessons) == []
    assert all(section.body.startswith(word) for _, sections in lessons for section in sections)
    assert any(section.questions for _, sections in lessons for section in sections)


async def test_an_edited_order_is_obeyed() -> None:
    source, proposal, plan, _ = await whole(BREAD)
    wanted = replace(order(source, proposal), objectives=("Know what a starter is",) * 2)
    lessons = await lessons_of(OfflineAuthor(), wanted, await whole_plan(OfflineAuthor(), wanted))
    used = {question.objective for _, sections in lessons for section in sections for question in section.questions}
    assert used == {0, 1}
    assert len(plan.lessons) == len(lessons)


async def test_the_loop_stays_free() -> None:
    source = parse("long.md", long_text(40, 8, 90).encode())
    late = 0.0

    async def watch() -> None:
        nonlocal late
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.005)
            late = max(late, loop.time() - before)

    watching = asyncio.create_task(watch())
    await OfflineAuthor().propose(wish(source))
    watching.cancel()
    assert late < 1.0
