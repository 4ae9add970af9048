from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.localchat.engine import Engine
from bot.localchat.people import ADMIN, GROUP_ID, INSTRUCTOR, LEARNER, Person
from bot.localchat.seats import NotPossible, Seat
from tests.bot.localchat.conftest import Api, HeldClock, buttons, png

ME = LEARNER.id


async def one(api: Api) -> Any:
    (update,) = await api.ok("getUpdates")
    await api.ok("getUpdates", offset=update["update_id"] + 1)
    return update


async def test_a_command_is_marked_as_one(api: Api, learner: Seat) -> None:
    await learner.send_text("/learn sourdough ")
    message = (await one(api))["message"]
    assert message["text"] == "/learn sourdough"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["id"] == message["chat"]["id"] == ME


async def test_a_long_text_arrives_in_pieces(api: Api, learner: Seat) -> None:
    await learner.send_text("x" * 5000)
    assert [len(u["message"]["text"]) for u in await api.ok("getUpdates")] == [4096, 904]


@pytest.mark.parametrize("text", ["", "  \n", "\u202e"])
async def test_nothing_cannot_be_sent(learner: Seat, text: str) -> None:
    with pytest.raises(NotPossible):
        await learner.send_text(text)


async def test_a_lone_surrogate_does_not_get_through(learner: Seat) -> None:
    assert (await learner.send_text("a\ud83db"))["text"] == "a\ufffdb"


async def test_correcting_a_message(api: Api, learner: Seat) -> None:
    sent = await learner.send_text("bred")
    await one(api)
    await learner.edit_text(sent["message_id"], "bread")
    edited = (await one(api))["edited_message"]
    assert (edited["message_id"], edited["text"]) == (sent["message_id"], "bread")
    assert "edit_date" in edited
    await learner.edit_text(sent["message_id"], "bread")
    assert await api.ok("getUpdates") == []


async def test_only_ones_own_messages_can_be_corrected(engine: Engine, api: Api, learner: Seat) -> None:
    with pytest.raises(NotPossible):
        await learner.edit_text((await api.say())["message_id"], "x")
    theirs = await engine.person(ADMIN.id).send_text("/x", chat=GROUP_ID)
    with pytest.raises(NotPossible):
        await learner.edit_text(theirs["message_id"], "x")


async def test_a_press_and_its_answer(api: Api, learner: Seat) -> None:
    sent = await api.say(reply_markup=buttons(["go"]))
    press = await learner.press(sent["message_id"], "go")
    query = (await one(api))["callback_query"]
    assert (query["id"], query["data"], query["message"], query["from"]["id"]) == (press.query_id, "go", sent, ME)
    assert await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert="true") is True
    toast = await press.toast()
    assert (toast.text, toast.alert) == ("Done", True)


async def test_the_first_answer_counts(api: Api, learner: Seat) -> None:
    press = await learner.press((await api.say())["message_id"], "go")
    await api.ok("answerCallbackQuery", callback_query_id=press.query_id)
    await api.ok("answerCallbackQuery", callback_query_id=press.query_id, text="late")
    assert (await press.toast()).text == ""


async def test_answers_that_come_to_nothing(api: Api, learner: Seat, clock: HeldClock) -> None:
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await api.error("answerCallbackQuery", callback_query_id="1") == old
    press = await learner.press((await api.say())["message_id"], "go")
    too_long = {"callback_query_id": press.query_id, "text": "x" * 201}
    assert await api.error("answerCallbackQuery", **too_long) == "Bad Request: MESSAGE_TOO_LONG"
    clock.passed += 151
    assert await api.error("answerCallbackQuery", callback_query_id=press.query_id) == old
    with pytest.raises(TimeoutError):
        await press.toast(0.01)


async def test_a_modified_client_can_press_anything(api: Api, learner: Seat) -> None:
    await learner.press(12345, "forged:data")
    query = (await one(api))["callback_query"]
    assert query["message"] == {"chat": LEARNER.chat(), "message_id": 12345, "date": 0}


async def test_blocking_and_coming_back(api: Api, learner: Seat) -> None:
    sent = await api.say()
    await learner.block()
    change = (await one(api))["my_chat_member"]
    assert [change[key]["status"] for key in ("old_chat_member", "new_chat_member")] == ["member", "kicked"]
    words = "Forbidden: bot was blocked by the user"
    assert await api.error("sendMessage", chat_id=ME, text="x") == words
    assert await api.error("editMessageText", chat_id=ME, message_id=sent["message_id"], text="x") == words
    with pytest.raises(NotPossible):
        await learner.send_text("hello?")
    await learner.block()
    assert await api.ok("getUpdates") == []
    await learner.unblock()
    assert (await one(api))["my_chat_member"]["new_chat_member"]["status"] == "member"
    await api.say("back")


async def test_privacy_in_the_group(engine: Engine, api: Api, learner: Seat) -> None:
    greeting = await api.ok("sendMessage", chat_id=GROUP_ID, text="Hello, all")
    await learner.send_text("lunch?", chat=GROUP_ID)
    assert await api.ok("getUpdates") == []
    assert [m["text"] for m in engine.person(INSTRUCTOR.id).messages(GROUP_ID)] == ["Hello, all", "lunch?"]
    await learner.send_text("/learn@some_other_bot", chat=GROUP_ID)
    assert await api.ok("getUpdates") == []
    for text in ("/learn bread", "/learn@lectern_local_bot", "hey @lectern_local_bot"):
        await learner.send_text(text, chat=GROUP_ID)
        assert (await one(api))["message"]["chat"] == {"id": GROUP_ID, "type": "supergroup", "title": "Study group"}
    await learner.send_text("thanks", chat=GROUP_ID, reply_to=greeting["message_id"])
    assert (await one(api))["message"]["reply_to_message"]["text"] == "Hello, all"


async def test_everything_else_that_people_send(api: Api, learner: Seat) -> None:
    await learner.send_document("empty.txt", b"", "text/plain")
    await learner.send_photo(png(10, 20), caption="look")
    await learner.send_sticker("🎉")
    await learner.send_voice()
    await learner.send_location(52.5, 13.4)
    kinds = [next(k for k in u["message"] if k in {"document", "photo", "sticker", "voice", "location"})
             for u in await api.ok("getUpdates")]  # fmt: skip
    assert kinds == ["document", "photo", "sticker", "voice", "location"]
    with pytest.raises(NotPossible):
        await learner.send_photo(b"no picture")
    with pytest.raises(NotPossible):
        await learner.send_document("big", bytes(50 * 2**20 + 1))


async def test_nobody_reads_other_peoples_chats(engine: Engine, api: Api, learner: Seat) -> None:
    sent = await api.say("for Lena")
    other = engine.person(ADMIN.id)
    assert other.messages() == []
    assert other.message(sent["message_id"]) is None
    assert learner.message(sent["message_id"]) == sent
    with pytest.raises(NotPossible):
        other.messages(ME)
    with pytest.raises(NotPossible):
        engine.person(4)


async def test_somebody_new(engine: Engine, api: Api) -> None:
    seat = engine.add_person(Person(9_000_000_001, "Noor", "noor_new"))
    await seat.send_text("/start")
    assert (await one(api))["message"]["from"]["first_name"] == "Noor"
    assert (await api.ok("getChatMember", chat_id=GROUP_ID, user_id=9_000_000_001))["status"] == "member"


async def test_the_stream_of_changes(engine: Engine, api: Api, learner: Seat) -> None:
    start = engine.last_change
    sent = await api.say("a")
    where = {"chat_id": ME, "message_id": sent["message_id"]}
    await api.ok("editMessageText", **where, text="b")
    await api.ok("sendChatAction", chat_id=ME, action="typing")
    await api.ok("sendMessageDraft", chat_id=ME, draft_id=1, text="<b>dra", parse_mode="")
    press = await learner.press(sent["message_id"], "x")
    await api.ok("answerCallbackQuery", callback_query_id=press.query_id, text="t")
    await api.ok("deleteMessage", **where)
    await learner.block()
    found = await engine.wait(start, 1)
    assert [c.kind for c in found] == ["message", "edited", "typing", "draft", "toast", "deleted", "person"]
    assert all(learner.sees(change) for change in found)
    assert not any(engine.person(ADMIN.id).sees(change) for change in found)
    assert await engine.wait(found[-1].id, 0.01) == []
    assert [c.kind for c in await engine.wait(start - 5, 1)] == ["reset"]
    assert [c.kind for c in await engine.wait(found[-1].id + 5, 1)] == ["reset"]


async def test_following_changes(engine: Engine, api: Api) -> None:
    stream = engine.changes()
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    await api.say("news")
    change = await asyncio.wait_for(waiting, 1)
    assert (change.kind, change.body["text"]) == ("message", "news")


async def test_commands_and_what_the_bot_says_about_itself(engine: Engine, api: Api, learner: Seat) -> None:
    def named(*names: str) -> list[dict[str, str]]:
        return [{"command": name, "description": f"Does {name}"} for name in names]

    await api.ok("setMyCommands", commands=named("start", "help"))
    await api.ok("setMyCommands", commands=named("group"), scope={"type": "all_group_chats"})
    await api.ok("setMyCommands", commands=named("status"), scope={"type": "chat", "chat_id": ADMIN.id})
    assert learner.commands() == named("start", "help") == await api.ok("getMyCommands")
    assert learner.commands(GROUP_ID) == named("group")
    assert engine.person(ADMIN.id).commands() == named("status")
    await api.ok("deleteMyCommands")
    assert learner.commands() == []
    assert await api.error("setMyCommands", commands=named("Start")) == "Bad Request: BOT_COMMAND_INVALID"
    assert await api.error("setMyCommands", commands=named("x" * 33)) == "Bad Request: BOT_COMMAND_INVALID"
    await api.ok("setMyDescription", description="I teach.")
    assert engine.description == (await api.ok("getMyDescription"))["description"] == "I teach."
