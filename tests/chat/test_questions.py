"""Questions in the chat: in one message, in two tries, and nothing of the key before it is settled."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from bot.logs import CHATTY
from handlers.chat.buttons import decode, encode
from handlers.chat.buttons_questions import Answer, AskLesson, AskSection, Decide, Flag, OpenQuestion, Skip
from storage.models import Attempt
from storage.questions import QuestionRepository
from tests.chat.quiz import KEY, OTHER, STALE, WRONG, labelled, quiz_room, to_question
from tests.handlers.chat.room import Room

WHY = "is what this is about."


async def attempts(room: Room) -> list[tuple[Any, ...]]:
    """All that is recorded: question, try, choice as written, right."""
    from sqlalchemy import select

    async with room.live.house.database.reading() as session:
        rows = await session.scalars(select(Attempt).order_by(Attempt.id))
        return [(row.question_id, row.nth, row.choice, row.correct) for row in rows]


async def test_from_done_through_the_questions_to_the_next_section(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await room.say("/continue")
        assert room.keys[-1] == ["📝 Note", "❓ 2 questions"]
        await room.tap("✅ Done")
        section, count = room.someone.messages()[-2], room.count
        assert [row[0] for row in section.labels][1:] == ["❓ 2 questions", "▶ Next: Section 2.1"]
        await room.press(section.data("❓"), int(section.raw["message_id"]))
        shown = room.someone.messages()[-2]
        assert shown.text == "Section 1.1 · question 1 of 2\nWhat does a starter of 1.0 need?"
        assert {label[:1] for label in shown.buttons[:4]} == set("ABCD")
        assert {label[2:] for label in shown.buttons[:4]} == {"Warmth", "Food", "Salt", "Air"}
        assert shown.labels[2:] == [["Skip", "🚩"], ["⬅ Back to the section"]]
        assert room.count == count, "the question takes the place of the section"


async def test_right_at_once(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        count, label = room.count, labelled(room, KEY)
        assert await room.tap(label) == "Right."
        head = "Section 1.1 · question 1 of 2\nWhat does a starter of 1.0 need?"
        assert room.text == f"{head}\n\n✅ {label}\nFood {WHY}"
        assert room.keys == [["▶ Next question"], ["⬅ Back to the section", "🚩"]]
        await room.tap("▶ Next question")
        assert room.text.startswith("Section 1.1 · question 2 of 2\n")
        await room.tap(labelled(room, KEY))
        assert room.keys == [["⬅ Back to the section", "🚩"]], "the section itself is not done yet"
        await room.tap("⬅ Back to the section")
        await room.tap("✅ Done")
        assert room.count == count + 1, "one message all along, and one for the end of the lesson"


async def test_wrong_first_there_is_a_hint_and_that_option_is_gone(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        before, wrong, right = room.screen, labelled(room, WRONG), labelled(room, KEY)
        assert await room.tap(wrong) == "Not that. One more try."
        assert room.text == f"{before.text}\n\nNot that. Think of flour."
        assert room.screen.buttons == [one for one in before.buttons if one != wrong]
        assert WHY not in room.text
        assert await room.tap(right) == "Right."
        assert room.text == f"{before.text}\n\n✅ {right}\nFood {WHY}"
        assert [one[1:] for one in await attempts(room)] == [(1, 0, False), (2, 1, True)]


async def test_wrong_twice_both_are_explained(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        head, right, other = room.text, labelled(room, KEY), labelled(room, OTHER)
        await room.tap(labelled(room, WRONG))
        assert await room.tap(other) == "Not that."
        assert room.text == f"{head}\n\n✖ {other}\nSalt {WHY}\n✅ {right}\nFood {WHY}"


async def test_skipped_it_is_told(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        head, right = room.text, labelled(room, KEY)
        assert await room.tap("Skip") == "Skipped."
        assert room.text == f"{head}\n\n✅ {right}\nFood {WHY}"
        await room.tap("▶ Next question")
        await room.tap(labelled(room, WRONG))
        assert "Skip" in room.screen.buttons
        await room.tap("Skip")
        assert [one[1:] for one in await attempts(room)] == [(1, None, False), (1, 0, False), (2, None, False)]


async def test_what_is_typed_is_no_answer(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        question = room.screen
        said = "I take answers by the buttons above, so that nothing counts by accident. The question stays open; Skip"
        for typed in ("B", KEY, "what is a starter?"):
            await room.say(typed)
            assert room.text.startswith(said), typed
        await room.stick()
        assert room.text.startswith(said)
        assert question in room.someone.messages(), "its buttons stay"
        assert await attempts(room) == []
        await room.say("teach me chess")
        assert room.text.startswith("Chess\n")


async def test_when_it_is_settled_what_is_typed_is_free_again(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        await room.tap("Skip")
        await room.say("hello")
        assert "buttons above" not in room.text
        await room.say("/continue")
        await room.tap("❓")
        await room.tap("⬅ Back to the section")
        await room.say("hello")
        assert "buttons above" not in room.text


async def test_a_request_under_way_waits_for_the_question(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await room.say("/continue")
        section = room.screen
        await room.say("/learn")
        asked = room.screen
        await room.press(section.data("❓"), int(section.raw["message_id"]))
        await room.say("Sourdough")
        assert room.text.startswith("I take answers by the buttons above")
        question = next(one for one in room.someone.messages() if "question 1 of 2" in one.text)
        await room.press(question.data("Skip"), int(question.raw["message_id"]))
        await room.press(asked.data("Sourdough"), int(asked.raw["message_id"]))
        await room.someone.sees("Made without AI")


async def test_ten_taps_at_once_are_one_attempt(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        options = [room.screen.data(label) for label in room.screen.buttons[:4]]
        presses = [await room.someone.seat.press(room.id, options[turn % 4]) for turn in range(10)]
        toasts = [(await press.toast(20)).text for press in presses]
        await room.quiet()
        assert len(await attempts(room)) == 1
        assert toasts.count(STALE) in {7, 8}, "the same option again is the same attempt, any other is from before"


async def test_an_old_screen_of_a_question_leads_to_where_it_stands(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        old = room.screen
        await room.tap(labelled(room, WRONG))
        assert await room.press(old.data(KEY)) == STALE
        assert room.text.endswith("Not that. Think of flour.")
        await room.tap(labelled(room, KEY))
        settled = room.screen
        for label in (KEY, OTHER, "Skip"):
            assert await room.press(old.data(label)) == STALE
            assert (room.text, room.keys) == (settled.text, settled.labels)
        assert len(await attempts(room)) == 2


async def test_a_question_that_was_voided_meanwhile(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        async with room.live.house.database.transaction() as session:
            await QuestionRepository(session).void(1, room.clock.now())
        await room.tap(labelled(room, KEY))
        assert "was looked at again and taken out: it counts for nobody." in room.text
        assert WHY not in room.text, "who has not answered it learns nothing of it"
        assert room.keys[0] == ["▶ Next question"]
        assert await attempts(room) == []


@pytest.mark.parametrize(
    "data",
    [
        encode(Answer(1, 0, 1)),
        encode(Skip(1, 1)),
        encode(OpenQuestion(1)),
        encode(Flag(1)),
        encode(OpenQuestion(2**62)),
        encode(Answer(2**62, 0, 1)),
    ],
)
async def test_somebody_elses_question_is_none(tmp_path: Path, data: str) -> None:
    async with quiz_room(tmp_path) as room:
        other = room.of(room.live.instructor)
        await other.say("/courses")
        said = "That question is not among yours, or is not there any more. Yours: /courses"
        assert await other.press(data) == said
        assert await attempts(room) == []


@pytest.mark.parametrize("data", [encode(AskSection(1)), encode(AskLesson(1, 1)), encode(Decide(1, 1))])
async def test_nor_is_what_leads_to_one(tmp_path: Path, data: str) -> None:
    async with quiz_room(tmp_path) as room:
        other = room.of(room.live.instructor)
        await other.say("/courses")
        before = [one.text for one in other.someone.messages()]
        assert "not" in await other.press(data)
        assert [one.text for one in other.someone.messages()] == before


async def test_forged_places_and_tries_record_nothing(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        question = room.screen
        for forged in (Answer(1, 4, 1), Answer(1, 2**40, 1), Answer(1, 0, 2), Answer(1, 0, 0), Skip(1, 2), Skip(1, 9)):
            assert await room.press(encode(forged)) == STALE
            assert (room.text, room.keys) == (question.text, question.labels)
        assert await attempts(room) == []


async def test_how_they_went_and_each_again(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await to_question(room)
        await room.tap(labelled(room, KEY))
        await room.tap("▶ Next question")
        await room.tap("Skip")
        await room.tap("⬅ Back to the section")
        await room.tap("❓ Questions")
        assert room.text == (
            "The questions of Section 1.1\n1 ✅ What does a starter of 1.0 need?\n"
            "2 – What does a starter of 1.1 need?\n\n1 of 2 right at the first try."
        )
        await room.tap("1")
        assert room.text.startswith("Section 1.1 · question 1 of 2\n")


async def test_from_a_lessons_card_and_the_score_at_the_end(tmp_path: Path) -> None:
    async with quiz_room(tmp_path, questions=1) as room:
        for lesson in range(3):
            await room.say("/continue")
            await room.tap("✅ Done")
            if lesson < 2:
                assert room.keys == [["❓ 1 question"], [f"▶ Lesson {lesson + 2}: Lesson {lesson + 2}"]]
            if lesson == 0:
                await room.tap("❓ 1 question")
                await room.tap(labelled(room, KEY))
        assert "33 % of its questions right at the first try so far; 2 are still open." in room.text
        await room.tap("❓ 2 questions")
        await room.tap(labelled(room, KEY))
        await room.tap("❓ 1 question")
        await room.tap(labelled(room, WRONG))
        await room.tap(labelled(room, KEY))
        assert room.text.endswith("That was the last question of the course: 67 % right at the first try.")
        assert room.keys[0] == ["☰ All lessons"]


async def test_a_lessons_card_leads_to_its_questions(tmp_path: Path) -> None:
    async with quiz_room(tmp_path) as room:
        await room.say("/continue")
        await room.tap("◀")
        await room.tap("❓ 2 questions")
        assert room.text.startswith("Section 1.1 · question 1 of 2\n")


async def whole_run(folder: Path, key: int, caplog: pytest.LogCaptureFixture) -> tuple[list[Any], list[str]]:
    """Everything that reaches Lena before each question is settled, and the log, of a run that skips all."""
    seen: list[Any] = []
    caplog.clear()
    async with quiz_room(folder, key=key) as room:
        for section in range(1, 4):
            await room.say("/continue")
            await room.press(encode(AskSection(section)))
            for _ in range(2):
                seen.append((room.text, room.keys, [room.screen.data(label) for label in room.screen.buttons]))
                assert WHY not in room.text
                await room.tap("Skip")
                assert WHY in room.text
                if "▶ Next question" in room.screen.buttons:
                    await room.tap("▶ Next question")
    return seen, [record.getMessage() for record in caplog.records]


async def test_nothing_before_the_answer_depends_on_the_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in CHATTY:
        caplog.set_level(logging.WARNING, logger=name)
    runs = [await whole_run(tmp_path / str(key), key, caplog) for key in range(4)]
    assert all(seen == runs[0][0] for seen, _ in runs), "callback data, texts and keys are the same whatever is right"
    assert len(runs[0][0]) == 6
    for _, keys, data in runs[0][0]:
        places = [one.place for one in map(decode, data) if isinstance(one, Answer)]
        assert places == sorted(places), keys
    logged = "\n".join(line for _, lines in runs for line in lines)
    for secret in (WHY, '"key"', "Think of flour", "explanation"):
        assert secret not in logged, secret
