"""Asking for a course with a model: every step by a tap, by typing, back, cancelled, corrected, and talked past."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.chat.scene import TITLE, model_room, to_card
from tests.handlers.chat.room import Room
from tests.kit.chat import Shown
from tests.kit.model_server import ModelServer

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
CHANGE = "Change something"
# The steps of the dialogue and the taps from the card (or, before it, from the topic) that lead to each.
BEFORE_CARD: dict[str, list[str]] = {
    "How much do you know already?": [],
    "How much time do you have for it?": ["Some"],
    "Write it as you would say it": ["Some", "Other"],
}
AFTER_CARD: dict[str, list[str]] = {
    "You will be able to": [],
    "What shall I change?": [CHANGE],
    "What shall it be called?": [CHANGE, "Title"],
    "in a sentence or two?": [CHANGE, "Description"],
    "one on each line": [CHANGE, "What I will"],
    "How much do you know already?": [CHANGE, "Level"],
    "How much time do you have for it?": [CHANGE, "Time"],
}
WALKS = [(words, taps, False) for words, taps in BEFORE_CARD.items()]
WALKS += [(words, taps, True) for words, taps in AFTER_CARD.items()]
NAMES = [f"{'card, then ' if card else ''}{', '.join(taps) or 'at once'}" for _, taps, card in WALKS]


@pytest.fixture
async def taught(tmp_path: Path) -> AsyncIterator[tuple[Room, ModelServer]]:
    async with model_room(tmp_path) as opened:
        yield opened


@pytest.fixture
async def room(taught: tuple[Room, ModelServer]) -> Room:
    return taught[0]


async def walk(room: Room, words: str, taps: list[str], card: bool) -> Shown:
    """To one step of the dialogue."""
    if card:
        await to_card(room)
    else:
        await room.say("/learn how sourdough works")
    for label in taps:
        await room.tap(label)
    assert words in room.text
    return room.screen


async def test_from_hello_to_a_course_by_taps_and_one_topic(taught: tuple[Room, ModelServer]) -> None:
    room, model = taught
    await room.say("/start")
    await room.tap("What can I ask for?")
    await room.tap("Ask for a course")
    assert room.text.startswith("What would you like to learn?")
    await room.say("how sourdough works")
    await room.tap("Nothing yet")
    await room.tap("30 min")
    card = await room.someone.sees("You will be able to", button="Make this course")
    assert card.text.startswith(TITLE)
    assert "beginner · about 30 min" in card.text
    assert [call.kind for call in model.calls] == ["proposal"], "nothing large is asked for before it is approved"
    await room.tap("Make this course")
    ready = await room.someone.sees("Your course is ready")
    assert ready.raw["message_id"] == card.raw["message_id"]
    assert len(model.asked("plan")) == 1


async def test_all_by_typing(room: Room) -> None:
    await room.say("I'd like to learn how sourdough works")
    await room.say("a bit")
    await room.say("an hour")
    await room.someone.sees("intermediate · about 1 h")
    await room.say("edit")
    assert "What shall I change?" in room.text
    await room.say("back")
    await room.say("go ahead")
    await room.someone.sees("Your course is ready")


@pytest.mark.parametrize(("words", "taps", "card"), WALKS, ids=NAMES)
async def test_cancel_at_every_step(room: Room, words: str, taps: list[str], card: bool) -> None:
    await walk(room, words, taps, card)
    await room.say("/cancel")
    assert room.text == "Cancelled. Nothing was made, nothing is lost."
    assert not any(one.buttons for one in room.someone.messages()[:-1])
    await room.say("chess for children")
    assert room.text.startswith("Chess for children · How much do you know")


@pytest.mark.parametrize(("words", "taps", "card"), WALKS, ids=NAMES)
async def test_back_from_every_step_leads_to_the_one_before(
    room: Room, words: str, taps: list[str], card: bool
) -> None:
    here = await walk(room, words, taps, card)
    steps = list(AFTER_CARD) if card else ["What would you like to learn?", *BEFORE_CARD]
    before = steps[steps.index(words) - 1] if words in steps[1:] else "How much time do you have for it?"
    if len(taps) == 2 and card:
        before = "What shall I change?"
    await room.tap("Back")
    assert before in room.text
    assert room.screen.raw["message_id"] == here.raw["message_id"], "in the same message"


Send = Callable[[Room], Awaitable[object]]
THINGS: dict[str, Send] = {
    "a photo": lambda room: room.someone.seat.send_photo(PNG),
    "a sticker": lambda room: room.someone.seat.send_sticker(),
    "a voice": lambda room: room.someone.seat.send_voice(),
    "a place": lambda room: room.someone.seat.send_location(48.2, 16.4),
}


@pytest.mark.parametrize(("words", "taps", "card"), WALKS, ids=NAMES)
async def test_what_is_no_text_gets_the_same_question_again_until_it_is_cancelled(
    room: Room, words: str, taps: list[str], card: bool
) -> None:
    asked = await walk(room, words, taps, card)
    for name, send in THINGS.items():
        await send(room)
        await room.quiet()
        assert room.text == f"I can read PDF, Word, Markdown and text. For now:\n\n{asked.text}", name
        assert room.keys == asked.labels, name
    assert sum(bool(one.buttons) for one in room.someone.messages()) == 1, "one screen has buttons, the last"
    count = room.count
    await room.tap("Cancel")
    assert (room.count, room.text) == (count, "Cancelled. Nothing was made, nothing is lost.")


@pytest.mark.parametrize(
    ("words", "taps", "card", "said"),
    [
        ("How much do you know already?", [], False, "One of these three tells me where to begin."),
        ("How much time do you have for it?", ["Some"], False, "I did not find a time in that."),
        ("You will be able to", [], True, "One of the buttons decides."),
        ("What shall I change?", [CHANGE], True, "One of the buttons decides."),
        ("How much do you know already?", [CHANGE, "Level"], True, "One of these three tells me where to begin."),
        ("How much time do you have for it?", [CHANGE, "Time"], True, "I did not find a time in that."),
    ],
)
async def test_words_where_a_button_is_meant(room: Room, words: str, taps: list[str], card: bool, said: str) -> None:
    asked = await walk(room, words, taps, card)
    for nonsense in ("purple monkey dishwasher", "🤷", "?"):
        await room.say(nonsense)
        assert room.text == f"{said}\n\n{asked.text}"
        assert room.keys == asked.labels


@pytest.mark.parametrize(
    ("taps", "typed", "corrected", "shown"),
    [
        ([CHANGE, "Title"], "Rye", "Rye: the other flour", "Rye: the other flour\n"),
        ([CHANGE, "Description"], "Bread.", "What lives in a starter, what it eats, how to keep it.", "what it eats"),
        ([CHANGE, "What I will"], "bake", "bake a loaf\nfeed a starter\njudge a dough", "2 feed a starter"),
        ([CHANGE, "Time"], "5 minutes", "3 hours", "about 3 h"),
        ([CHANGE, "Level"], "wizard", "expert", "advanced · "),
    ],
)
async def test_a_corrected_message_is_the_answer(
    room: Room, taps: list[str], typed: str, corrected: str, shown: str
) -> None:
    await walk(room, "", taps, True)
    answer = await room.say(typed)
    assert room.keys[0] != ["✅ Make this course"]
    await room.correct(answer, corrected)
    assert shown in room.text
    assert room.keys[0] == ["✅ Make this course"]
    card = room.screen
    await room.correct(answer, "too late to count for anything now")
    assert room.screen == card, "its question is not open any more"


async def test_everything_on_the_card_can_be_changed_before_it_is_made(taught: tuple[Room, ModelServer]) -> None:
    room, model = taught
    await to_card(room)
    changes = {
        "Title": "C++ & C#: more than bread?",
        "Description": "What lives in a starter, what it eats, and how to keep it.",
        "What I will": "tell rye from wheat\nfeed a starter\nbake one loaf",
        "Level": "a lot",
        "Time": "45",
    }
    for field, typed in changes.items():
        await room.tap(CHANGE)
        await room.tap(field)
        if field == "Title":
            await room.say("C++ & C#: <more> than bread?")
            assert room.text.startswith("The title contains <more>, which reads as an HTML tag.")
        await room.say(typed)
    assert room.text.startswith("C++ & C#: more than bread?\nWhat lives in a starter")
    assert "advanced · about 45 min" in room.text
    assert "1 tell rye from wheat\n2 feed a starter\n3 bake one loaf" in room.text
    card = room.id
    await room.tap("Make this course")
    ready = await room.someone.sees("Your course is ready", "C++ & C#: more than bread?")
    assert ready.raw["message_id"] == card, "the last card becomes the status message"
    assert "tell rye from wheat" in str(model.calls[-1].body)


async def test_a_title_too_short_gets_one_that_fits(room: Room) -> None:
    await walk(room, "", [CHANGE, "Title"], True)
    await room.say("Bread")
    assert room.text.startswith("“Bread” is a little short for a title.\n\nHow about\nBread")
    assert room.keys[0] == ["Use this", "I'll write another"]
    offered = room.text.rpartition("\n")[2]
    await room.tap("Use this")
    assert room.text.startswith(offered)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("🍞🍞🍞", "I see 🍞🍞🍞, but no word. What is it about, in a few words?"),
        ("bread and butter " * 300, "a topic has up to 300. What is it about, in one sentence?"),
        ("teach me <b>bread</b>", "The topic contains <b>, which reads as an HTML tag."),
        ("bread\u2067daerb", "hidden sign that turns the writing round"),
    ],
)
async def test_a_topic_that_will_not_do_is_asked_for_again(room: Room, typed: str, sentence: str) -> None:
    await room.say(typed)
    assert sentence in room.text
    assert room.keys == [["✖ Cancel"]]
    await room.say("bread & butter, 2 < 3?")
    assert room.text.startswith("Bread & butter, 2 < 3? · How much do you know already?")


@pytest.mark.parametrize(
    ("topic", "language"),
    [("علم الفلك للمبتدئين", "ar"), ("как печь хлеб", "ru"), ("面包怎么做", "zh"), ("how to bake", "en")],
)
async def test_a_course_comes_in_the_language_of_its_topic(
    taught: tuple[Room, ModelServer], topic: str, language: str
) -> None:
    room, model = taught
    await room.say(topic)
    await room.tap("Some")
    await room.tap("30 min")
    await room.someone.sees("You will be able to")
    await room.tap("Make this course")
    await room.someone.sees("Your course is ready")
    writing = [call for call in model.calls if call.kind != "proposal"]
    assert len(writing) > 3
    assert all(f'ISO 639-1 code "{language}"' in str(call.body["system"]) for call in writing)
    proposing = [call for call in model.calls if call.kind == "proposal"]
    assert all(f'"{language}" where that cannot be told' in str(call.body) for call in proposing)


async def test_a_second_request_takes_the_place_of_the_first(room: Room) -> None:
    first = await to_card(room)
    await room.say("/learn chess for children")
    assert room.text.startswith("Chess for children · ")
    assert room.someone.messages()[0].buttons == []
    assert await room.press(first.data("Make this course"), first.raw["message_id"]) == (
        "That screen is from before. Here is where you are:"
    )
    await room.say("/courses")
    assert room.text.startswith("You have no courses yet")


async def test_two_courses_are_made_at_once_each_in_its_message(room: Room) -> None:
    await to_card(room, "how sourdough works")
    await room.tap("Make this course")
    await to_card(room, "chess for children")
    await room.tap("Make this course")
    one = await room.someone.sees("Your course is ready", "sourdough")
    other = await room.someone.sees("Your course is ready", "Chess")
    assert one.raw["message_id"] != other.raw["message_id"]


async def test_back_typed_forgets_what_back_tapped_forgets(taught: tuple[Room, ModelServer]) -> None:
    room, model = taught
    await to_card(room)
    await room.say("back")
    assert room.text.endswith("How much time do you have for it?")
    await room.say("go back")
    assert room.text.endswith("How much do you know already?")
    await room.tap("A lot")
    await room.tap("4 h")
    await room.someone.sees("You will be able to", "advanced · about 4 h")
    assert len(model.asked("proposal")) == 2, "what was proposed for a beginner is no proposal for an expert"
