"""The engine through a real `telegram.Bot`, whose answers python-telegram-bot parses."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    InputPollOption,
    MessageEntity,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

from bot.localchat.engine import Engine
from bot.localchat.flood import Pace
from bot.localchat.people import ADMIN, GROUP_ID, LEARNER, TOKEN
from bot.localchat.request import LocalRequest
from bot.localchat.seats import Seat
from tests.bot.localchat.conftest import png
from tests.bot.localchat.echo import running

ME = LEARNER.id


@pytest.fixture
async def bot(engine: Engine) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, request=LocalRequest(engine), get_updates_request=LocalRequest(engine)) as found:
        yield found


async def test_who_the_bot_is(bot: Bot) -> None:
    assert (bot.username, bot.bot.can_read_all_group_messages) == ("lectern_local_bot", False)


async def test_text_entities_and_keyboards(bot: Bot) -> None:
    keyboard = InlineKeyboardMarkup(
        [[InlineKeyboardButton("Go", callback_data="go"), InlineKeyboardButton("Copy", copy_text=CopyTextButton("x"))]]
    )
    entities = [MessageEntity(MessageEntity.BOLD, 0, 2)]
    sent = await bot.send_message(ME, "👍 x", entities=entities, reply_markup=keyboard)
    assert sent.parse_entities() == {sent.entities[0]: "👍"}
    assert sent.reply_markup == keyboard
    edited = await sent.edit_text("<pre><code class='language-py'>x</code></pre>", parse_mode="HTML")
    assert not isinstance(edited, bool)
    assert (edited.entities[0].language, edited.reply_markup) == ("py", None)


async def test_files_up_and_down(bot: Bot, engine: Engine) -> None:
    sent = await bot.send_document(ME, io.BytesIO(b"abc"), filename="a.txt", caption="c")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("a.txt", "text/plain")
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"abc"
    photo = await bot.send_photo(ME, png(20, 10))
    media = InputMediaPhoto(png(30, 10), caption="<b>x</b>", parse_mode="HTML")
    changed = await bot.edit_message_media(media, chat_id=ME, message_id=photo.message_id)
    assert not isinstance(changed, bool)
    assert (changed.photo[0].width, changed.caption) == (30, "x")
    with pytest.raises(InvalidToken):
        await bot.request.retrieve("https://api.telegram.org/file/bot1:x/documents/none.txt")


async def test_polls(bot: Bot, learner: Seat) -> None:
    options: list[str | InputPollOption] = [InputPollOption("<b>3</b>", text_parse_mode="HTML"), "4"]
    sent = await bot.send_poll(ME, "?", options, type="quiz", correct_option_ids=[1], is_anonymous=False)
    assert sent.poll is not None
    assert [option.text for option in sent.poll.options] == ["3", "4"]
    await learner.answer_poll(sent.poll.id, [1])
    updates = await bot.get_updates()
    assert [u.poll_answer.option_ids for u in updates if u.poll_answer] == [(1,)]
    assert (await bot.stop_poll(ME, sent.message_id)).total_voter_count == 1


async def test_the_rest_of_what_a_bot_calls(bot: Bot, learner: Seat) -> None:
    assert (await bot.get_chat(GROUP_ID)).title == "Study group"
    assert (await bot.get_chat_member(GROUP_ID, ADMIN.id)).status == "member"
    assert await bot.set_my_commands([("start", "Begin")], scope=BotCommandScopeChat(ADMIN.id), language_code="de")
    assert await bot.set_my_description("d")
    assert await bot.set_chat_menu_button()
    assert await bot.send_chat_action(ME, "typing")
    assert await bot.send_message_draft(ME, 1, "half a")
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook()
    assert await bot.log_out()
    assert await bot.close()


async def test_errors_are_telegrams(bot: Bot, learner: Seat) -> None:
    sent = await bot.send_message(ME, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("x")
    await learner.block()
    with pytest.raises(Forbidden):
        await bot.send_message(ME, "x")


async def test_the_flood_limit_reaches_the_caller() -> None:
    engine = Engine(pace=Pace(burst=1, per_second=0.5))
    async with Bot(TOKEN, request=LocalRequest(engine)) as bot:
        await bot.send_message(ME, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(ME, "x")
    engine.close()


async def test_a_whole_bot_in_dialogue() -> None:
    engine = Engine()
    learner = engine.person(ME)
    async with running(engine):
        at = engine.last_change
        await learner.send_text("/start")
        (_, hello) = await _changes(engine, at, 2)
        assert hello["text"] == "Hello. Count: 0"
        for count in (1, 2):
            press = await learner.press(hello["message_id"], "count:1")
            assert (await press.toast()).text == f"Now {count}"
        await learner.press(hello["message_id"], "done")
        found = await _changes(engine, at, 8)
        assert [body.get("text") for body in found[2:]] == [
            "Now 1", "Hello. Count: 1", "Now 2", "Hello. Count: 2", "Done", "Finished.",
        ]  # fmt: skip
        assert learner.messages()[-1]["text"] == "Finished."
    engine.close()


async def _changes(engine: Engine, after: int, count: int) -> list[dict[str, Any]]:
    """What happened after a change, once `count` things have."""
    for _ in range(200):
        found = await engine.wait(after, 0.05)
        if len(found) >= count:
            return [change.body for change in found]
        await engine.wait(engine.last_change, 0.05)
    raise TimeoutError
