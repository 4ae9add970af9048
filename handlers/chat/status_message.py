"""The one message that shows a generation: what it says now, whether it is a picture yet, whether it exists."""

from __future__ import annotations

from typing import Any

from telegram import InputFile, InputMediaPhoto
from telegram.error import BadRequest
from telegram.ext import ExtBot

from handlers.chat import reply
from handlers.chat.context import Desk
from handlers.chat.screen import Screen
from handlers.chat.screens import status as screens
from services.errors import Conflict
from services.views import GenerationView, LearnerView, PictureView

_NO_TEXT = "no text in the message"


class Gone(Exception):
    """The message was deleted twice: whoever does not want to see it is left in peace."""


class StatusMessage:
    """Edits one message, never into what it says already. Errors of Telegram that are not about the message pass."""

    def __init__(self, desk: Desk, bot: ExtBot[None], view: GenerationView, learner: LearnerView) -> None:
        self._desk = desk
        self._bot = bot
        self._language = learner.language
        self._generation_id = view.id
        self._chat_id = view.chat_id or 0
        self._message_id = view.message_id
        self._replaced = view.message_replaced
        self._is_picture = False  # found out by the first edit, where it was one before
        self._said: Screen | None = None
        self._gone = False

    async def show(self, view: GenerationView) -> None:
        """Show this view: in place, or in another message if it was deleted. Raises Gone after the second time."""
        screen = screens.generation(view, self._language)
        if self._gone or screen == self._said:
            return
        try:
            await self._edit(view, screen)
        except BadRequest as error:
            if not reply.is_gone(error):
                raise
            await self._send_anew(screen)
            if view.state == "ready":
                await self._edit(view, screen)
        self._said = screen

    async def _edit(self, view: GenerationView, screen: Screen) -> None:
        if self._message_id is None:
            await self._send_anew(screen)
            return
        if view.state == "ready" and not self._is_picture and await self._bring_picture(view):
            return
        if not self._is_picture:
            try:
                await reply.edit(self._bot, self._chat_id, self._message_id, screen)
            except BadRequest as error:
                if _NO_TEXT not in error.message.lower():
                    raise
                self._is_picture = True
            else:
                return
        await self._edit_caption(view)

    async def _edit_caption(self, view: GenerationView) -> None:
        caption = screens.generation(view, self._language, screens.CAPTION_LIMIT)
        fields = {"chat_id": self._chat_id, "message_id": self._message_id, **caption.to_api("caption")}
        await _unless_same(self._bot, "editMessageCaption", fields)

    async def _bring_picture(self, view: GenerationView) -> bool:
        """Let the picture take the place of the text; False if there is none or it is not accepted."""
        picture = await self._desk.courses.picture(view.course_id)
        if picture is None:
            return False
        if picture.file_id is not None and await self._edit_media(view, picture.file_id):
            self._is_picture = True
        elif sent := await self._edit_media(view, InputFile(picture.png, filename="course.png", attach=True)):
            self._is_picture = True
            await self._remember(view, picture, sent)
        return self._is_picture

    async def _edit_media(self, view: GenerationView, media: str | InputFile) -> Any:
        """The edited message; None if Telegram does not take the media. Raises BadRequest if the message is gone."""
        caption = screens.generation(view, self._language, screens.CAPTION_LIMIT)
        photo = InputMediaPhoto(media, caption=caption.text, parse_mode="HTML")
        fields = {"chat_id": self._chat_id, "message_id": self._message_id}
        try:
            return await reply.call(
                self._bot, "editMessageMedia", {**fields, "media": photo, "reply_markup": caption.keyboard()}
            )
        except BadRequest as error:
            if "message is not modified" in error.message.lower():
                return True
            if reply.is_gone(error):
                raise
            return None

    async def _remember(self, view: GenerationView, picture: PictureView, sent: Any) -> None:
        sizes = sent.get("photo") if isinstance(sent, dict) else None
        if sizes:
            await self._desk.courses.remember_picture(view.course_id, str(sizes[-1]["file_id"]))

    async def _send_anew(self, screen: Screen) -> None:
        """Another message in the place of a deleted one, once; it does not ring."""
        if self._replaced:
            self._gone = True
            raise Gone
        first = self._message_id is None
        message_id = await reply.send(self._bot, self._chat_id, screen, disable_notification=True)
        try:
            await self._desk.generations.move_status(self._generation_id, message_id)
        except Conflict as moved:
            self._gone = True
            raise Gone from moved
        self._message_id, self._replaced, self._is_picture = message_id, not first, False


async def _unless_same(bot: ExtBot[None], method: str, fields: dict[str, Any]) -> None:
    try:
        await reply.call(bot, method, fields)
    except BadRequest as same:
        if "message is not modified" not in same.message.lower():
            raise
