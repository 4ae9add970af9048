"""kill -9 at every step of asking for a course: the conversation goes on as if nothing had been."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.localchat.seats import Press
from tests.faults.remains import Remains, look
from tests.faults.rig import PATIENCE, SEED, Rig, rig
from tests.kit.chat import Someone
from tests.kit.model_server import Pace

PACE = Pace(first_token_seconds=0.1, tokens_per_second=3_000)
TOPIC = "how kites fly"
TITLE = "Kites: why they fly and how to build one"
SOON = 0.15  # seconds in which the bot answers a message
WAYS = ("asleep", "unanswered", "written", "answered", "soon")
# Numbers that differ between two conversations that go the same way.
_OWN = {"draft", "proposal", "topic_message"}


@dataclass(frozen=True)
class Step:
    """What somebody does (types, or taps a label) and what they see then."""

    what: str
    sees: str
    button: str
    taps: bool = False

    async def act(self, someone: Someone) -> Press | None:
        """Do it, without waiting for anything."""
        if not self.taps:
            await someone.say(self.what)
            return None
        shown = next(one for one in reversed(someone.messages()) if any(self.what in label for label in one.buttons))
        return await someone.seat.press(shown.raw["message_id"], shown.data(self.what))


STEPS = (
    Step("/start", "Hello", "What can I ask for?"),
    Step(f"teach me {TOPIC}", "How much do you know already?", "Nothing yet"),
    Step("Nothing yet", "How much time do you have", "Other", taps=True),
    Step("Other", "Write it as you would say it", "Back", taps=True),
    Step("1.5 h", "You will be able to", "Change something"),
    Step("Change something", "What shall I change?", "Title", taps=True),
    Step("Title", "What shall it be called?", "Back", taps=True),
    Step(TITLE, TITLE, "Make this course"),
    Step("Make this course", "Your course is ready", "▶ Start", taps=True),
)
Standing = tuple[str, str, dict[str, Any]]


async def test_a_kill_at_each_step(tmp_path: Path) -> None:
    await talk_and_check(tmp_path, SEED, times=1)


@pytest.mark.soak
async def test_many_kills_at_each_step(tmp_path: Path) -> None:
    await talk_and_check(tmp_path, SEED + 1, times=2 * len(WAYS))


async def talk_and_check(folder: Path, seed: int, times: int) -> None:
    async with rig(folder, seed, pace=PACE) as made:
        somebody = made.newcomer()
        expected = [await _calmly(made, somebody, step) for step in STEPS]
        for number in range(times):
            await _talk(made, expected, [WAYS[(number + at) % len(WAYS)] for at in range(len(STEPS))])
        assert await made.bot.stop() == 0


async def _calmly(made: Rig, someone: Someone, step: Step) -> Standing:
    await step.act(someone)
    await someone.sees(step.sees, button=step.button, timeout=PATIENCE)
    return _standing(someone, await made.idle())


async def _talk(made: Rig, expected: list[Standing], ways: list[str]) -> None:
    """One conversation with a kill at each step, each in another way."""
    assert made.model is not None
    someone = made.newcomer()
    proposals = -1
    for step, way, standing in zip(STEPS, ways, expected, strict=True):
        made.how.append(f"{step.what}: {way}")
        before = len(someone.messages())
        press = await _act_and_kill(made, someone, step, way)
        await made.bot.start()
        await someone.sees(step.sees, button=step.button, timeout=PATIENCE)
        assert _standing(someone, await made.idle()) == standing
        assert step.sees in someone.screen.text
        # What was sent and could not be noted is sent again; nothing else is.
        most = 1 + (way in ("soon", "written", "unanswered"))
        assert len(someone.messages()) - before in ([0] if step.taps else range(1, most + 1))
        assert press is None or press.answer.done(), f"the tap on {step.what} was never answered"
        if proposals >= 0 or standing[1] == "card":
            asked, proposals = proposals, len(made.model.asked("proposal"))
            assert asked in {-1, proposals}, "a proposal that was stored was asked for again"
    _check_course(made, someone)


async def _act_and_kill(made: Rig, someone: Someone, step: Step, way: str) -> Press | None:
    """Let them do the step and the bot die of it; returns their tap, if it is one."""
    if way == "asleep":
        await made.kill()
        return await step.act(someone)
    waiting = asyncio.create_task(_instant(made, step, way))
    await asyncio.sleep(0)
    press = await step.act(someone)
    await waiting
    if way == "answered":
        await someone.sees(step.sees, button=step.button, timeout=PATIENCE)
        await made.idle()
    await made.kill()
    return press


async def _instant(made: Rig, step: Step, way: str) -> None:
    if way == "soon":
        await asyncio.sleep(made.rng.uniform(0, SOON))
    elif way == "written":
        await made.in_a_write(made.rng.randrange(3), 2.0)
    elif way == "unanswered":
        await made.in_a_call(made.rng.randrange(2) if step.taps else 0, 2.0)


def _standing(someone: Someone, stored: Remains) -> Standing:
    """Where the dialogue is, without the numbers that are only its own."""
    kind, step, data = stored.dialogue(someone.seat.person.id)
    return kind, step, {name: value for name, value in data.items() if name not in _OWN}


def _check_course(made: Rig, someone: Someone) -> None:
    """What was asked for was made, once, and its message is the one in which it was asked for."""
    ((title, level, minutes, state, message),) = look(made.bot.database).rows(
        """SELECT c.title, c.level, c.minutes_asked, c.state, g.message_id
        FROM generation AS g JOIN course AS c ON c.id = g.course_id
        JOIN learner AS l ON l.id = g.learner_id WHERE l.telegram_id = ?""",
        someone.seat.person.id,
    )
    assert (title, level, minutes, state) == (TITLE, "beginner", 90, "ready")
    assert [one.raw["message_id"] for one in someone.messages() if "photo" in one.raw] == [message]
