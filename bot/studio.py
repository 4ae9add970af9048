"""Pictures and moderation: OpenAI's where there is a key for it, else what this house can do by itself."""

from __future__ import annotations

from typing import Any

from bot.settings import Settings
from services.authors.model.calling import Purse
from services.authors.moderator import Moderator
from services.authors.openai_images import OpenAIImages
from services.authors.openai_moderation import OpenAIModerator
from services.clock import Clock
from services.generation.service import draw_card
from services.pictures.painting import Paint, Painter, drawn_by
from services.safety import FirstOf, LocalScreen, Safety


def make_safety(settings: Settings, clock: Clock) -> Safety:
    """Who looks at topics, and at what is written."""
    reader = _moderator(settings, clock)
    judge: Moderator = FirstOf(reader, LocalScreen()) if reader else LocalScreen()
    return Safety(judge, reader)


def make_paint(settings: Settings, purse: Purse, clock: Clock) -> Paint:
    """Who makes the pictures of courses."""
    drawn, model = drawn_by(draw_card), settings.image_model
    if model is None:
        return drawn
    images = OpenAIImages(**_account(settings, clock), model=model)
    reader = _moderator(settings, clock)
    moderator: Moderator = FirstOf(reader, LocalScreen()) if reader else LocalScreen()
    return Painter(images=images, moderator=moderator, purse=purse, clock=clock, otherwise=drawn).picture


def _moderator(settings: Settings, clock: Clock) -> OpenAIModerator | None:
    model = settings.moderation_model
    return OpenAIModerator(**_account(settings, clock), model=model) if model else None


def _account(settings: Settings, clock: Clock) -> dict[str, Any]:
    key = settings.openai_api_key
    return {"api_key": key.get_secret_value() if key else "", "base_url": settings.openai_base_url, "clock": clock}
