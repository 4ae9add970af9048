"""What can go wrong at a model, through real HTTP: each fault ends in a sentence and a way on, and loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.scene import made, model_room, to_card
from tests.kit.model_faults import Kind
from tests.kit.model_server import Fault

AGAIN = ["↻ Try again", "⬅ Back", "✖ Cancel"]
NO_MORE = ["⬅ Back", "✖ Cancel"]
# Fault, how often it happens, what is said where the proposal fails, and whether asking again is offered.
PROPOSALS = [
    ("garbage", 4, "The connection to the model broke each time that I asked.", True),
    ("garbage_stream", 3, "The model's answers could not be used. Asking once more often helps.", True),
    ("invalid_json", 3, "The model's answers could not be used. Asking once more often helps.", True),
    ("truncated", 3, "The model's answer broke off. Asking once more often helps.", True),
    ("nothing", 3, "The model's answers could not be used. Asking once more often helps.", True),
    ("not_events", 4, "The connection to the model broke each time that I asked.", True),
    ("dropped", 4, "The connection to the model broke each time that I asked. It may hold in a minute.", True),
    ("rate_limit", 4, "The model is asked for too much at the moment. It may have room in a minute.", True),
    ("overloaded", 4, "The model was overloaded each time that I asked. It may have room in a minute.", True),
    ("overloaded_stream", 4, "The model was overloaded each time that I asked. It may have room in a minute.", True),
    ("server_error", 4, "The model's service has a fault. It may be over in a minute.", True),
    ("refusal", 1, "The model declined this subject. Another way of asking may work.", False),
    ("spent", 1, "The money set aside for the model is used up. Ada can change that.", False),
    ("key_refused", 1, "The model's service does not accept our key. Ada can change that.", False),
]


@pytest.mark.parametrize(("name", "times", "said", "again"), PROPOSALS, ids=[one[0] for one in PROPOSALS])
async def test_a_proposal_that_fails(tmp_path: Path, name: str, times: int, said: str, again: bool) -> None:
    async with model_room(tmp_path, Fault(name, kind="proposal", times=times), OPERATOR_NAME="Ada") as (room, model):
        await room.say("teach me how sourdough works")
        await room.tap("Some")
        await room.tap("1 h")
        failed = await room.someone.sees("How sourdough works · The", said)
        assert failed.buttons == (AGAIN if again else NO_MORE)
        assert len(model.asked("proposal")) == times, "no more tries than it makes sense to pay for"
        assert room.count == 1
        if again:
            await room.tap("Try again")
            await room.someone.sees("You will be able to", button="Make this course")
        else:
            await room.tap("Back")
            assert room.text.endswith("How much time do you have for it?")


COURSES: list[tuple[Kind, str, int, str, list[str]]] = [
    ("plan", "garbage_stream", 3, "the model's answers could not be used", ["↻ Try again", "Discard"]),
    ("plan", "truncated", 3, "the model's answers broke off", ["↻ Try again", "Discard"]),
    ("plan", "overloaded", 4, "the model was overloaded each time", ["↻ Try again", "Discard"]),
    ("plan", "rate_limit", 4, "the model was asked for too much at the time", ["↻ Try again", "Discard"]),
    ("plan", "refusal", 1, "the model declined the subject", ["Ask for a course", "Discard"]),
]


@pytest.mark.parametrize(("kind", "name", "times", "because", "buttons"), COURSES, ids=[one[1] for one in COURSES])
async def test_a_plan_that_fails(
    tmp_path: Path, kind: Kind, name: str, times: int, because: str, buttons: list[str]
) -> None:
    async with model_room(tmp_path, Fault(name, 0.05, kind=kind, times=times)) as (room, model):
        await to_card(room)
        await room.tap("Make this course")
        failed = await room.someone.sees(f"This course could not be made: {because}.")
        assert failed.buttons == buttons
        assert room.count == 1
        await made(room.live)
        if "Discard" in buttons and "↻ Try again" in buttons:
            assert await room.tap("Try again") == "Going on."
            await room.someone.sees("Your course is ready")
            assert len(model.asked("plan")) == times + 1


LESSONS = [
    ("invalid_json", 0, "the model's answers could not be used"),
    ("truncated", 0, "the model's answers broke off"),
    ("nothing", 0, "the model's answers could not be used"),
    ("rate_limit", 0, "the model was asked for too much at the time"),
    ("overloaded", 0, "the model was overloaded each time"),
    ("refusal", 0, "the model declined the subject"),
]


@pytest.mark.parametrize(("name", "share", "because"), LESSONS, ids=[one[0] for one in LESSONS])
async def test_a_lesson_that_fails_costs_that_lesson_only(
    tmp_path: Path, name: str, share: float, because: str
) -> None:
    async with model_room(tmp_path, Fault(name, share, kind="body", lesson=2, times=9)) as (room, _):
        await to_card(room)
        await room.tap("Make this course")
        ready = await room.someone.sees("Your course is ready", f"Lesson 3 could not be written: {because}.")
        assert ready.text.endswith("The others are ready.")
        assert ready.buttons == ["▶ Start", "↻ Try lesson 3 again"]
        await room.tap("▶ Start")
        assert " · 1 of " in room.text


async def test_one_bad_moment_is_not_worth_a_word(tmp_path: Path) -> None:
    faults = (
        Fault("overloaded", kind="proposal"),
        Fault("dropped", kind="plan"),
        Fault("invalid_json", kind="lesson", lesson=0),
        Fault("rate_limit", kind="lesson", lesson=1, times=2),
        Fault("bad_questions", kind="lesson", lesson=2),
    )
    async with model_room(tmp_path, *faults) as (room, _):
        await to_card(room)
        await room.tap("Make this course")
        ready = await room.someone.sees("Your course is ready")
        assert "could not" not in ready.text
        assert room.count == 1
