from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handlers.chat.buttons import encode
from handlers.chat.buttons_asking import Approve, Back, CancelRequest, PickLevel, PickTime
from services.errors import AuthorBusy, AuthorRefused
from services.jobs import NewWork
from tests.handlers.chat.classroom import TITLE, Proposer, classroom, to_card
from tests.handlers.chat.room import Room
from tests.kit.chat import lectern

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with classroom(tmp_path) as opened:
        yield opened


@pytest.fixture
async def offline(tmp_path: Path) -> AsyncIterator[Room]:
    async with classroom(tmp_path, offline=True) as opened:
        yield opened


async def test_a_course_is_asked_for_by_taps_in_one_message(room: Room) -> None:
    await room.say("teach me how sourdough works")
    assert room.text == "How sourdough works · How much do you know already?"
    assert room.keys == [["Nothing yet", "Some", "A lot"], ["⬅ Back", "✖ Cancel"]]
    count = room.count
    await room.tap("Some")
    assert room.text == "How sourdough works · How much time do you have for it?"
    assert room.keys == [["30 min", "1 h", "2 h", "4 h"], ["Other", "⬅ Back", "✖ Cancel"]]
    await room.tap("2 h")
    card = await room.someone.sees("You will be able to")
    assert card.text.splitlines()[:3] == [
        TITLE,
        "Why a mix of flour and water comes alive, and how to steer it from day to day.",
        "intermediate · about 2 h",
    ]
    assert "1 explain what lives in a starter\n2 keep a starter alive" in card.text
    assert card.text.endswith("Making it takes about a minute.")
    assert room.keys == [["✅ Make this course"], ["✏️ Change something"], ["⬅ Back", "✖ Cancel"]]
    assert await room.tap("Make this course") == "On it."
    await room.someone.sees("Your course is ready")
    assert room.count == count, "one message from the first question to the finished course"


async def test_everything_can_be_typed_as_well(room: Room) -> None:
    await room.say("/learn how sourdough works")
    await room.say("I'm new to this")
    await room.say("an hour and a half, no: 1.5 h")
    await room.someone.sees("beginner · about 1 h 30 min")
    await room.say("yes please")
    await room.someone.sees("Your course is ready")


async def test_the_screen_before_loses_its_buttons_when_the_answer_is_typed(room: Room) -> None:
    await room.say("/learn")
    await room.say("Sourdough")
    await room.say("some")
    shown = room.someone.messages()
    assert [one.buttons == [] for one in shown] == [True, True, False]


async def test_back_and_cancel_work_at_every_step(room: Room) -> None:
    await to_card(room)
    for label, words in [("Change something", "What shall I change?"), ("Title", "What shall it be called?")]:
        await room.tap(label)
        assert words in room.text
    for words in ("What shall I change?", "You will be able to", "How much time", "How much do you know", "What would"):
        await room.tap("Back")
        assert words in room.text
    await room.tap("Cancel")
    assert room.text == "Cancelled. Nothing was made, nothing is lost."
    await room.tap("Ask for a course")
    assert room.text.startswith("What would you like to learn?")


@pytest.mark.parametrize("steps", range(7))
async def test_the_cancel_command_works_at_every_step(room: Room, steps: int) -> None:
    moves = ["Nothing yet", "1 h", "Make", "Change something", "Title", "⬅"]
    await room.say("teach me how sourdough works")
    for label in moves[:steps]:
        if label == "Make":
            await room.someone.sees("You will be able to")
        else:
            await room.tap(label)
    await room.say("/cancel")
    assert room.text == "Cancelled. Nothing was made, nothing is lost."
    assert all(not one.buttons for one in room.someone.messages()[:-1])
    await room.say("/cancel")
    assert room.text == "There is nothing to cancel."


async def test_another_time_is_typed_and_the_nearest_is_offered(room: Room) -> None:
    await room.say("teach me how sourdough works")
    await room.tap("Some")
    await room.tap("Other")
    await room.say("soon")
    assert room.text.startswith("I did not find a time in that.")
    await room.say("5 min")
    assert room.text.startswith("A course takes between 30 min and 8 h; 5 min is outside.")
    assert room.keys[0] == ["30 min"]
    await room.say("90")
    await room.someone.sees("about 1 h 30 min")


async def test_a_short_title_gets_help_instead_of_a_rule(room: Room) -> None:
    await to_card(room)
    await room.tap("Change something")
    await room.tap("Title")
    await room.say("Bread")
    assert room.text == "“Bread” is a little short for a title.\n\nHow about\nBread: a first course"
    assert room.keys[0] == ["Use this", "I'll write another"]
    await room.tap("write another")
    assert room.text.startswith("What shall it be called?")
    await room.say("Rye")
    await room.tap("Use this")
    assert room.text.startswith("Rye: a first course\n")


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("Title", "C++ & C# in a nutshell", "C++ & C# in a nutshell"),
        ("Title", "خبز العجين المخمر في البيت", "خبز العجين المخمر في البيت"),
        ("Description", "What lives in a starter, what it eats, and how to keep it.", "What lives in a starter, what"),
        ("What I will", "tell rye from wheat\n2. feed a starter\n- bake one loaf", "3 bake one loaf"),
        ("Level", "a lot", "advanced · about 1 h"),
        ("Time", "3 hours", "beginner · about 3 h"),
    ],
)
async def test_each_part_of_the_proposal_can_be_changed(room: Room, key: str, typed: str, shown: str) -> None:
    await to_card(room)
    await room.tap("Change something")
    await room.tap(key)
    await room.say(typed)
    assert shown in room.text
    assert room.keys[0] == ["✅ Make this course"]


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("Title", "Bread <b>and</b> butter", "The title contains <b>, which reads as an HTML tag."),
        ("Title", "x" * 130, "That is a little long for a title."),
        ("Description", "Bread.", "That is a little short for a description.\n\nHow about\nBread. You will be able to"),
        ("What I will", "bake\neat rye bread", "Not all of these would do.\nThe list of objectives has 2 entries"),
    ],
)
async def test_what_breaks_a_rule_is_said_in_a_sentence(room: Room, key: str, typed: str, shown: str) -> None:
    await to_card(room)
    await room.tap("Change something")
    await room.tap(key)
    await room.say(typed)
    assert room.text.startswith(shown)
    await room.tap("Back")
    await room.tap("Back")
    assert room.text.startswith(TITLE), "the proposal stayed what it was"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("🍞🍞🍞", "I see 🍞🍞🍞, but no word. What is it about, in a few words?"),
        ("x " * 2000, "a topic has up to 300"),
        ("learn <script>alert(1)</script>", "The topic contains <script>, which reads as an HTML tag."),
    ],
)
async def test_a_topic_that_is_none_gets_a_sentence(room: Room, typed: str, sentence: str) -> None:
    await room.say(typed)
    assert sentence in room.text
    assert room.text.endswith("a document works as well.")
    await room.say("علم الفلك")
    assert room.text.startswith("\u2068علم الفلك\u2069 · ")


async def test_a_correction_counts_while_the_question_is_open(room: Room) -> None:
    typed = await room.say("teach me how soudrough works")
    await room.correct(typed, "teach me how sourdough works")
    assert room.text.startswith("How sourdough works · ")
    await room.tap("Some")
    level = await room.say("dunno")
    await room.correct(level, "45 min")
    card = await room.someone.sees("intermediate · about 45 min")
    await room.someone.seat.edit_text(typed, "teach me how rye works")
    await room.quiet()
    assert room.screen == card, "the proposal is made; the old answer is let be"


async def test_a_picture_in_the_middle_gets_the_question_again(room: Room) -> None:
    await room.say("teach me how sourdough works")
    await room.tap("Some")
    for send in (room.someone.seat.send_sticker(), room.someone.seat.send_voice(), room.someone.seat.send_photo(PNG)):
        await send
        await room.someone.sees("I can read PDF, Word, Markdown and text. For now:", "How much time", button="1 h")
        await room.quiet()
    await room.someone.seat.send_location(48.2, 16.4)
    await room.quiet()
    assert [bool(one.buttons) for one in room.someone.messages()] == [False] * (room.count - 1) + [True]
    await room.tap("30 min")
    await room.someone.sees("about 30 min", button="Make this course")


async def test_taps_on_an_old_or_forged_button_lead_to_where_one_is(room: Room) -> None:
    await room.say("teach me how sourdough works")
    old, first = room.id, room.screen.data("Some")
    await room.say("/learn chess for children")
    draft = room.screen.data("Some")
    assert await room.press(first, old) == "That screen is from before. Here is where you are:"
    here = room.someone.seat.message(old)
    assert here is not None
    assert here["text"].startswith("Chess for children")
    for forged in ("1rl.zzzz.some", draft.replace("intermediate", "wizard"), encode(PickTime(99, 30)), "1??", "x" * 64):
        await room.press(forged, old)
    assert "Chess for children · How much do you know" in str(room.someone.messages()[0].text)
    await room.press(draft, old)
    assert "How much time" in str(room.someone.messages()[0].text)


async def test_a_hundred_taps_are_one(room: Room) -> None:
    await to_card(room)
    data, at = room.screen.data("Make this course"), room.id
    presses = [await room.someone.seat.press(at, data) for _ in range(30)]
    toasts = {(await press.toast(20)).text for press in presses}
    assert toasts == {"On it.", "That request is under way already, or was dropped."}
    await room.someone.sees("Your course is ready")
    await room.say("/courses")
    assert room.text.count(TITLE) <= 2
    assert sum(TITLE in one.text for one in room.someone.messages()[:-1]) == 1


async def test_buttons_of_a_request_that_is_over_say_so(room: Room) -> None:
    await room.say("hello")
    for button in (Approve(1), Back(1), CancelRequest(1), PickLevel(1, "beginner")):
        assert await room.press(encode(button)) == "That request is under way already, or was dropped."


async def test_an_author_who_fails_is_explained_and_asked_again(tmp_path: Path) -> None:
    author = Proposer(proposal_faults=(AuthorBusy("overloaded"),))
    async with classroom(tmp_path, author) as room:
        await room.say("teach me how sourdough works")
        await room.tap("Some")
        await room.tap("1 h")
        await room.someone.sees("overloaded", button="Try again")
        await room.tap("Try again")
        await room.someone.sees("You will be able to")
        assert len(author.wishes) == 2


async def test_a_subject_that_is_refused_is_never_asked_again_verbatim(tmp_path: Path) -> None:
    async with classroom(tmp_path, Proposer(proposal_faults=(AuthorRefused("declined"),))) as room:
        await room.say("teach me how to do harm")
        await room.tap("Some")
        await room.tap("1 h")
        refused = await room.someone.sees("The model declined this subject.")
        assert refused.buttons == ["⬅ Back", "✖ Cancel"]


async def test_the_dialogue_survives_a_restart_between_any_two_messages(tmp_path: Path) -> None:
    author = Proposer()
    async with classroom(tmp_path, author) as room:
        await room.say("teach me how sourdough works")
    for label in ("Some", "1 h"):
        async with lectern(tmp_path, author=author) as live:
            await live.learner.tap(label)
    async with lectern(tmp_path, author=author) as live:
        await live.learner.sees("You will be able to")
        await live.learner.tap("Make this course")
    async with lectern(tmp_path, author=author) as live:
        await live.learner.sees("Your course is ready", timeout=20)


async def deliver_again(room: Room, update: dict[str, Any]) -> None:
    """The last update that moved the request is delivered once more, as after a crash before it was marked as done."""
    desk = room.live.house.application.desk
    lane = f"u:{room.someone.seat.person.id}"
    await desk.jobs.put(NewWork("update", lane, f"again:{update['update_id']}", update))
    await room.quiet()


async def test_an_update_that_is_delivered_again_counts_once(room: Room) -> None:
    await room.say("teach me how sourdough works")
    tapped, at = room.screen.data("Some"), room.id
    seat = room.someone.seat
    await room.tap("Some")
    dialogue = await room.live.house.application.desk.dialogues.load(1)
    assert dialogue is not None
    query = {"id": "1", "from": seat.person.user(), "message": seat.message(at), "data": tapped, "chat_instance": "1"}
    await deliver_again(room, {"update_id": dialogue.update_id, "callback_query": query})
    assert "How much time" in room.text
    await room.tap("Other")
    sent = await seat.send_text("2 hours")
    await room.someone.sees("about 2 h", button="Make this course")
    dialogue = await room.live.house.application.desk.dialogues.load(1)
    assert dialogue is not None
    await deliver_again(room, {"update_id": dialogue.update_id, "message": sent})
    assert "You will be able to" in room.text
    assert [bool(one.buttons) for one in room.someone.messages()].count(True) == 1


async def test_a_request_that_was_cancelled_while_the_author_thinks_stays_so(tmp_path: Path) -> None:
    author = Proposer(thinking=asyncio.Event())
    async with classroom(tmp_path, author) as room:
        await room.say("teach me how sourdough works")
        await room.tap("Some")
        await room.tap("1 h")
        assert room.text == "How sourdough works · Thinking about it…"
        await room.say("hurry up")
        assert room.text.startswith("One moment, I am still at it.")
        await room.tap("Cancel")
        assert author.thinking is not None
        author.thinking.set()
        await asyncio.sleep(0.2)
        await room.quiet()
        assert room.text == "Cancelled. Nothing was made, nothing is lost."


async def test_a_proposal_for_somebody_who_blocked_the_bot_is_no_fault(tmp_path: Path) -> None:
    author = Proposer(thinking=asyncio.Event())
    async with classroom(tmp_path, author) as room:
        await room.say("teach me how sourdough works")
        await room.tap("Some")
        await room.tap("1 h")
        desk = room.live.house.application.desk
        learner = await desk.learners.get(1)
        await room.someone.seat.block()
        for _ in range(500):
            if not (await desk.learners.get(1)).reachable:
                break
            await asyncio.sleep(0.01)
        await desk.learners.set_reachable(learner.telegram_id, True)  # as if the block had not been heard of yet
        assert author.thinking is not None
        author.thinking.set()
        for _ in range(500):
            work = await desk.health.workload()
            if not sum(work.open.values()):
                break
            await asyncio.sleep(0.01)
        assert work.aside == 0
        assert not (await desk.learners.get(1)).reachable


async def test_a_note_beside_the_way_does_not_lose_the_request(tmp_path: Path) -> None:
    author = Proposer()
    async with classroom(tmp_path, author) as room:
        await to_card(room)
        await room.tap("Make this course")
        await room.someone.sees("Your course is ready", button="Start")
        await room.tap("Start")
        while "Note" not in str(room.keys):
            await room.tap("▶")
        section = room.screen
        author.thinking = asyncio.Event()
        await room.say("teach me how rye works")
        await room.tap("Some")
        await room.tap("1 h")
        request = room.id
        await room.someone.tap("Note", on=section)
        author.thinking.set()
        card = await room.someone.sees("How rye works: a first course", button="Make this course")
        assert card.raw["message_id"] == request
        await room.say("Remember the salt.")
        await room.tap("Make this course")
        await room.someone.sees("Your course is ready", "How rye works: a first course")


async def test_the_limit_keeps_the_request_and_brings_it_back(tmp_path: Path) -> None:
    async with classroom(tmp_path, GENERATIONS_PER_WINDOW="1") as room:
        await to_card(room)
        await room.tap("Make this course")
        await room.someone.sees("Your course is ready")
        await to_card(room)
        await room.tap("Make this course")
        limited = await room.someone.sees("You have made a course in a quarter of an hour, which is the limit.")
        assert limited.text.endswith("I kept your request.")
        await room.tap("Remind me then")
        assert room.text.startswith("I will bring your request back at ")
        room.clock.ahead += 901
        await room.someone.sees("The next course can be made now.", button="Make this course")
        await room.tap("Make this course")
        ready = [await room.someone.sees("Your course is ready")]
        await room.someone.until(
            lambda: next((one for one in room.someone.messages()[-1:] if "is ready" in one.text), None), "the second"
        )
        assert ready


async def test_without_a_model_a_topic_leads_to_the_samples(offline: Room) -> None:
    await offline.say("teach me how bread works")
    assert offline.text.startswith("How bread works\nI need a text for that")
    assert len(offline.keys) == 4
    await offline.tap("Sourdough")
    card = await offline.someone.sees("Made without AI from", button="Make this course")
    assert "lessons · " in card.text
    assert offline.keys == [["✅ Make this course"], ["✏️ Title"], ["⬅ Back", "✖ Cancel"]]
    await offline.tap("Title")
    await offline.say("Baking")
    await offline.tap("Use this")
    assert offline.text.startswith("Baking: From Flour to a Risen Loaf\n")
    assert offline.count == 2


async def test_a_document_becomes_the_source(offline: Room) -> None:
    text = "# Bees\n\n" + "\n\n".join(
        f"## Part {part}\n\n" + "\n\n".join(f"### Piece {part}.{n}\n\n" + "Bees dance. " * 90 for n in range(2))
        for part in range(3)
    )
    await offline.someone.seat.send_document("bees.md", text.encode(), "text/markdown")
    await offline.someone.sees("Bees", "Made without AI from Bees", button="Make this course")


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("empty.md", b"", "This file is empty."),
        ("scan.pdf", b"%PDF-1.4\nnot really", "This file is damaged"),
        ("tool.pdf", b"MZ\x90\0" + b"\0" * 200, "This file is not what its name says"),
        ("thin.txt", b"Too little to teach anything from it.", "This text is too short for a course"),
    ],
)
async def test_a_document_that_will_not_do_gets_its_sentence(
    offline: Room, name: str, body: bytes, sentence: str
) -> None:
    await offline.someone.seat.send_document(name, body)
    await offline.someone.sees(sentence, timeout=25)


async def test_a_document_refused_in_the_middle_leaves_the_question_open(room: Room) -> None:
    await room.say("teach me how sourdough works")
    await room.tap("Some")
    await room.someone.seat.send_document("empty.md", b"")
    await room.someone.sees("This file is empty.", "How much time do you have", button="1 h")
    await asyncio.sleep(0)
