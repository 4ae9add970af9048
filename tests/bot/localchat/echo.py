"""A small bot behind the engine, through python-telegram-bot's own dispatch, and the page that shows it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.localchat.engine import Engine
from bot.localchat.people import TOKEN
from bot.localchat.request import LocalRequest
from bot.localchat.web import routes

Context = ContextTypes.DEFAULT_TYPE


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data) for text, data in r] for r in rows])


COUNTER = keyboard([("−", "count:-1"), ("+", "count:1")], [("An alert", "alert"), ("Done", "done")])


async def _start(update: Update, context: Context) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_html("<b>Hello.</b> Count: 0", reply_markup=COUNTER)


async def _quiz(update: Update, context: Context) -> None:
    assert update.effective_chat is not None
    await context.bot.send_poll(
        update.effective_chat.id,
        "What lives in a starter?",
        ["Yeast and bacteria", "Only yeast", "Only flour"],
        type="quiz",
        correct_option_ids=[0],
        explanation="Wild yeast and lactic acid bacteria live together.",
        is_anonymous=False,
    )


async def _tap(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    if query.data == "alert":
        await query.answer("This is an alert.", show_alert=True)
    elif query.data == "done":
        await query.answer("Done")
        await query.edit_message_text("Finished.")
    else:
        assert context.user_data is not None
        count = context.user_data["count"] = context.user_data.get("count", 0) + int(query.data.split(":")[1])
        await query.answer(f"Now {count}")
        await query.edit_message_text(f"<b>Hello.</b> Count: {count}", parse_mode="HTML", reply_markup=COUNTER)


async def _echo(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message is not None
    if update.edited_message is not None:
        await message.reply_text(f"You corrected that to: {message.text}")
    elif message.document is not None:
        body = await (await message.document.get_file()).download_as_bytearray()
        await message.reply_document(bytes(body), filename=f"copy of {message.document.file_name}")
    elif message.photo:
        await message.reply_photo(message.photo[-1].file_id, caption="Your photo")
    else:
        await message.reply_text(f"You said: {message.text}")


def application(engine: Engine) -> Application[Any, Any, Any, Any, Any, Any]:
    """The bot, not yet running."""
    builder = ApplicationBuilder().token(TOKEN).request(LocalRequest(engine)).get_updates_request(LocalRequest(engine))
    app = builder.build()
    app.add_handler(CommandHandler("start", _start))
    app.add_handler(CommandHandler("quiz", _quiz))
    app.add_handler(CallbackQueryHandler(_tap))
    app.add_handler(MessageHandler(filters.ALL, _echo))
    return app


@asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    """The bot, polling."""
    app = application(engine)
    async with app:
        assert app.updater is not None
        await app.bot.set_my_commands([("start", "Say hello"), ("quiz", "Ask me something")])
        await app.bot.set_my_description("I count and I echo.")
        await app.start()
        await app.updater.start_polling(poll_interval=0.0)
        try:
            yield app
        finally:
            await app.updater.stop()
            await app.stop()


@asynccontextmanager
async def served(engine: Engine, port: int = 0, address: str = "127.0.0.1") -> AsyncIterator[str]:
    """The page on `port` of this machine (0: a free one); gives the address of the page."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        host = f"{address}:{listener.getsockname()[1]}"
        top = web.Application()
        top.add_subapp("/chat/", routes(engine, allowed_hosts=frozenset({host})))
        runner = web.AppRunner(top, shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        try:
            yield f"http://{host}/chat/"
        finally:
            await asyncio.wait_for(runner.cleanup(), 5)
