"""What courses cost, as people meet it: on the card, at a cap, and what admins are told."""

from __future__ import annotations

import re
from pathlib import Path

from services.money.purse import bot_budget
from storage.money import MoneyRepository
from tests.chat.scene import BriskClock, made, model_room, to_card
from tests.kit.model_server import Fault, Pace


async def test_whoever_pays_sees_what_a_course_will_cost(tmp_path: Path) -> None:
    async with model_room(tmp_path, SHOW_COST="everybody", CAP_LEARNER_DAY_USD="20", CAP_DAY_USD="50") as (room, model):
        card = await to_card(room)
        assert "It will cost about $0." in card.text
        assert re.search(r"today’s allowance has \$19\.9\d left", card.text), "the proposal has cost a little"
        await room.tap("Make this course")
        await room.someone.sees("Your course is ready")
        await made(room.live)

        ada = room.of(room.live.admin)
        await ada.say("/cost")
        assert "Today $0." in ada.text
        assert "of $50.00" in ada.text
        assert f"· {len([call for call in model.calls if call.kind != 'models'])} calls ·" in ada.text
        assert "By model, 30 days\nclaude-" in ada.text
        assert "By step, 30 days" in ada.text
        assert "1 course was expected to cost $" in ada.text
        assert "The dearest courses, 30 days\ncourse 1: $" in ada.text
        assert "Caps $20.00 a person and day · $50.00 a day in all" in ada.text
        assert "not settled" not in ada.text

        await ada.say("/status")
        assert re.search(r"Today \$0\.\d\d of \$50\.00 · /cost$", ada.text)

        await room.say("/cost")
        assert room.text.startswith("I do not know that command.")


async def test_nobody_is_bothered_with_money_by_default(tmp_path: Path) -> None:
    async with model_room(tmp_path) as (room, _):
        assert "cost" not in (await to_card(room)).text


async def test_a_course_that_is_too_dear_is_offered_shorter_before_it_is_made(tmp_path: Path) -> None:
    async with model_room(tmp_path, CAP_COURSE_USD="0.9") as (room, model):
        await room.say("teach me how sourdough works")
        await room.tap("Nothing yet")
        await room.tap("4 h")
        card = await room.someone.sees("You will be able to", "and this one would not fit. One of 1 h would.")
        assert card.buttons == ["✂ 1 h instead", "✏️ Change something", "⬅ Back", "✖ Cancel"]
        assert "$" not in card.text, "who sees no money is told no amounts"
        await room.say("yes")
        assert "A course of 240 minutes would cost more than one may here; 30–60 minutes fit." in room.text
        await room.tap("1 h instead")
        card = await room.someone.sees("You will be able to", button="Make this course")
        assert "would not fit" not in card.text
        await room.tap("Make this course")
        ready = await room.someone.sees("Your course is ready")
        assert "could not be written" not in ready.text, "lessons side by side wait for what others hold"
        assert not model.asked("plan")[1:], "it was made once, within its cap"


async def test_what_does_not_fit_today_is_kept_for_tomorrow(tmp_path: Path) -> None:
    clock = BriskClock()
    async with model_room(tmp_path, clock=clock, CAP_LEARNER_DAY_USD="0.50") as (room, model):
        await room.say("teach me how sourdough works")
        await room.tap("Nothing yet")
        await room.tap("1 h")
        card = await room.someone.sees("one person’s courses may cost in a day", "it can be made.")
        assert card.buttons == ["Remind me then", "✏️ Change something", "⬅ Back", "✖ Cancel"]
        assert model.asked("plan") == []
        await room.tap("Remind me then")
        assert room.text.startswith("I will bring your request back at 00:00.")


async def test_a_cap_reached_on_the_way_keeps_what_is_written_and_it_goes_on_the_next_day(tmp_path: Path) -> None:
    clock = BriskClock()
    slow = Pace(first_token_seconds=0.1, tokens_per_second=3_000)
    async with model_room(tmp_path, pace=slow, clock=clock, CAP_DAY_USD="20") as (room, model):
        await to_card(room)
        await room.tap("Make this course")
        await model.until(lambda: bool(model.asked("body")), 10)
        async with room.live.house.database.transaction() as session:  # others have spent all that was left
            assert await MoneyRepository(session).take(bot_budget(clock.now().date()), 40_000_000, None)
        ready = await room.someone.sees("Your course is ready", "could not be written", timeout=20)
        because = "the people who run me have set a limit on what I may spend in a day, and it is reached; tomorrow it"
        assert because in ready.text
        await made(room.live)
        asked = len(model.calls)

        await room.tap("Try lesson 4 again")
        await made(room.live)
        assert because in room.text
        assert len(model.calls) == asked, "nothing is asked for without money"
        clock.ahead += 86_400
        model.pace = Pace()
        await room.tap("Try lesson 4 again")
        await made(room.live)
        assert len(model.calls) > asked
        assert "lesson 4" not in " ".join(room.screen.buttons)


async def test_questions_that_could_not_be_paid_for_are_made_when_they_can_be(tmp_path: Path) -> None:
    async with model_room(tmp_path, Fault("spent", kind="quiz", times=1_000)) as (room, model):
        await to_card(room)
        await room.tap("Make this course")
        missing = "The questions of 8 sections could not be made: the money set aside for the model is used up."
        asked = "Make the missing questions"
        ready = await room.someone.sees("Your course is ready", missing, button=asked, timeout=20)
        await made(room.live)
        texts = len(model.asked("body"))
        await room.tap("Make the missing questions")
        await made(room.live)
        assert missing in room.text, "there is still no money"
        model.forgive()
        await room.say("/courses")
        await room.tap("1 ·")
        assert missing in room.text
        await room.tap("Make the missing questions")
        await made(room.live)
        assert len(model.asked("body")) == texts, "no text was asked for again"
        shown = next(one for one in room.someone.messages() if one.raw["message_id"] == ready.raw["message_id"])
        assert "could not be made" not in shown.text
        assert "Make the missing questions" not in " ".join(shown.buttons)
