from __future__ import annotations

from typing import Any

import pytest

from bot.localchat.engine import Engine
from bot.localchat.people import GROUP_ID, LEARNER
from bot.localchat.seats import Seat
from tests.bot.localchat.conftest import Api, HeldClock, buttons

ME = LEARNER.id


async def test_a_message_as_it_is_kept(api: Api, learner: Seat) -> None:
    sent = await api.say("<b>Hi</b>", parse_mode="HTML", reply_markup=buttons(["a", "b"]))
    assert sent["chat"]["id"] == ME > 2**32
    assert sent["text"] == "Hi"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert sent["reply_markup"] == buttons(["a", "b"])
    assert learner.messages() == [sent]


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"chat_id": ME, "text": ""}, "Bad Request: message text is empty"),
        ("sendMessage", {"chat_id": ME}, "Bad Request: message text is empty"),
        ("sendMessage", {"chat_id": ME, "text": " \n "}, "Bad Request: text must be non-empty"),
        ("sendMessage", {"chat_id": ME, "text": "x" * 4097}, "Bad Request: message is too long"),
        ("sendMessage", {"text": "x"}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": 5, "text": "x"}, "Bad Request: chat not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        ("editMessageText", {"chat_id": ME, "message_id": 99, "text": "x"}, "Bad Request: message to edit not found"),
        ("editMessageText", {"chat_id": ME, "text": "x"}, "Bad Request: message identifier is not specified"),
        ("deleteMessage", {"chat_id": ME, "message_id": 99}, "Bad Request: message to delete not found"),
        ("sendChatAction", {"chat_id": ME, "action": "dance"}, "Bad Request: wrong parameter action in request"),
        (
            "sendMessageDraft",
            {"chat_id": GROUP_ID, "draft_id": 1},
            "Bad Request: method is available only for private chats",
        ),
        ("sendTelepathy", {"chat_id": ME}, "Not Found"),
    ],
)
async def test_refusals_in_telegrams_words(api: Api, method: str, params: dict[str, Any], words: str) -> None:
    assert await api.error(method, **params) == words


async def test_an_edit_replaces_text_entities_and_keyboard(api: Api, learner: Seat) -> None:
    sent = await api.say("<b>a</b>", parse_mode="HTML", reply_markup=buttons(["x"]))
    where = {"chat_id": ME, "message_id": sent["message_id"]}
    edited = await api.ok("editMessageText", **where, text="b", reply_markup=buttons(["y"]))
    assert (edited["text"], edited["reply_markup"]) == ("b", buttons(["y"]))
    assert "entities" not in edited
    assert learner.messages() == [edited]


async def test_an_edit_without_a_keyboard_removes_it(api: Api) -> None:
    sent = await api.say(reply_markup=buttons(["x"]))
    edited = await api.ok("editMessageText", chat_id=ME, message_id=sent["message_id"], text="other")
    assert "reply_markup" not in edited


async def test_an_edit_that_changes_nothing_is_refused(api: Api) -> None:
    sent = await api.say("<b>a</b>", parse_mode="HTML", reply_markup=buttons(["x"]))
    same = {"chat_id": ME, "message_id": sent["message_id"], "reply_markup": buttons(["x"])}
    words = "message is not modified: specified new message content and reply markup are exactly the same as a current"
    assert words in await api.error("editMessageText", **same, text="<b>a</b>", parse_mode="HTML")
    assert words in await api.error("editMessageReplyMarkup", **same)
    assert (await api.ok("editMessageText", **same, text="a"))["text"] == "a"


async def test_the_keyboard_alone(api: Api) -> None:
    sent = await api.say(reply_markup=buttons(["x"]))
    where = {"chat_id": ME, "message_id": sent["message_id"]}
    assert (await api.ok("editMessageReplyMarkup", **where, reply_markup=buttons(["y"])))["text"] == "Hello"
    assert "reply_markup" not in await api.ok("editMessageReplyMarkup", **where)


async def test_somebody_elses_message_cannot_be_edited(api: Api, learner: Seat) -> None:
    theirs = await learner.send_text("mine")
    where = {"chat_id": ME, "message_id": theirs["message_id"]}
    assert await api.error("editMessageText", **where, text="x") == "Bad Request: message can't be edited"


async def test_a_message_is_only_found_in_its_own_chat(api: Api) -> None:
    sent = await api.say()
    other = {"chat_id": 1002, "message_id": sent["message_id"]}
    assert await api.error("editMessageText", **other, text="x") == "Bad Request: message to edit not found"


async def test_deleting(api: Api, learner: Seat) -> None:
    sent = [await api.say(str(number)) for number in range(3)]
    assert await api.ok("deleteMessage", chat_id=ME, message_id=sent[0]["message_id"]) is True
    ids = [sent[1]["message_id"], 999]
    assert await api.ok("deleteMessages", chat_id=ME, message_ids=ids) is True
    assert [message["text"] for message in learner.messages()] == ["2"]
    assert (await api.say())["message_id"] > sent[2]["message_id"]


async def test_answers_to_a_message(api: Api, learner: Seat) -> None:
    asked = await learner.send_text("why?")
    sent = await api.say("because", reply_parameters={"message_id": asked["message_id"]})
    assert sent["reply_to_message"]["text"] == "why?"
    gone = {"message_id": 999}
    assert await api.error("sendMessage", chat_id=ME, text="x", reply_parameters=gone) == (
        "Bad Request: message to be replied not found"
    )
    assert "reply_to_message" not in await api.say(reply_parameters=gone | {"allow_sending_without_reply": True})


async def test_the_flood_limit(clock: HeldClock) -> None:
    engine = Engine(clock=clock)
    api = Api(engine)
    sent = [await api.say(str(number)) for number in range(19)][-1]
    await api.ok("editMessageText", chat_id=ME, message_id=sent["message_id"], text="edits count too")
    status, body = await engine.call("sendMessage", {"chat_id": ME, "text": "one too many"})
    assert status == 429
    assert body["parameters"] == {"retry_after": 1}
    assert body["description"] == "Too Many Requests: retry after 1"
    await api.ok("sendMessage", chat_id=1002, text="other chats are not held up")
    clock.passed += 1
    await api.say("later")
    assert "retry after" in await api.error("sendMessage", chat_id=ME, text="again")
    engine.close()


async def test_a_refused_edit_costs_nothing(clock: HeldClock) -> None:
    engine = Engine(clock=clock)
    api = Api(engine)
    sent = await api.say("a")
    for _ in range(50):
        await api.error("editMessageText", chat_id=ME, message_id=sent["message_id"], text="a")
    await api.ok("editMessageText", chat_id=ME, message_id=sent["message_id"], text="b")
    engine.close()
